"""`./gridwarden cameras check | load | export | groups | watched | discover | trust`: the registry of cameras.

Exit status: 0 done, 1 something is wrong and nothing was changed, 2 not confirmed, 3 no ledger.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from governance.camera import GroupKind
from governance.deadline import CHINA
from governance.people import Role
from governance.refusal import Refused
from server.camera_devices import onvif
from server.camera_devices.certificates import in_pairs, uses_tls
from server.cameras_admin import exporting, loading, sheet, trusting
from server.cameras_admin.planning import Plan, plan
from server.cameras_admin.watched import MOST, Asked, sentence, watched
from server.cameras_admin.words import SAID, WRONG
from server.home import default_home
from server.keys import ensure_keys
from server.ledger import camera_groups
from server.ledger.ledger import Ledger
from server.rules_admin import officer
from server.rules_admin.commands import add_command
from server.rules_admin.loading import Who
from server.rules_admin.telling import Telling
from server.settings import Settings

DONE, WRONG_, NOT_CONFIRMED, NO_LEDGER = 0, 1, 2, 3
KEEPERS = frozenset({Role.GIS_STAFF, Role.ADMINISTRATOR})
CHECKERS = frozenset({Role.AUDITOR})
MOST_LINES = 400
"""So many differences or mistakes are told one by one."""
LOOKED_BACK = timedelta(days=730)
"""How long openings are kept (domain model D.2, rule 10)."""


def run(words: Sequence[str]) -> int:
    """The exit status of the command."""
    given = _parser().parse_args(words)
    telling = Telling(given.language, sys.stdout)
    given.now = datetime.now(UTC)
    try:
        status: int = given.does(given, telling)
    except Refused as no:
        _say(telling, no.code, no.details)
        return NO_LEDGER if no.code in ("home_wrong", "unreachable", "busy") else WRONG_
    return status


def _parser() -> argparse.ArgumentParser:
    """What may be said."""
    parser = argparse.ArgumentParser("./gridwarden cameras", description="摄像机台账 / the registry of cameras")
    commands = parser.add_subparsers(required=True, metavar="check | load | export | groups | watched | discover | trust")
    check = add_command(commands, "check", "检查表格，列出差异 / what is wrong in a table, or what it would change", _check)
    check.add_argument("file", type=Path)
    load = add_command(commands, "load", "载入表格 / the cameras are what a table says", _load)
    load.add_argument("file", type=Path)
    load.add_argument("--dry-run", action="store_true", help="只列差异 / only tell what would change")
    load.add_argument("--yes", action="store_true", help="不再询问 / without asking")
    load.add_argument("--retire", action="store_true", help="撤除表中没有的 / retire what is not in the table")
    load.add_argument("--as", dest="login", default="", help="GIS 或管理员账号 / a login of GIS staff or an administrator")
    export = add_command(commands, "export", "写成表格（不含密码）/ written out as a table, without passwords", _export)
    export.add_argument("file", type=Path, help="- 为标准输出 / - is standard output")
    export.add_argument("--force", action="store_true", help="覆盖已有文件 / replace what is there")
    groups = add_command(commands, "groups", "分组与在线数 / the groups, and how many are online", _groups)
    groups.add_argument("--kind", choices=[kind.value for kind in GroupKind], default="")
    seen = add_command(commands, "watched", "谁看过哪台摄像机 / who watched which camera, when and why", _watched)
    seen.add_argument("--camera", default="", help="国标编码 / a GB code")
    seen.add_argument("--staff", default="", help="姓名或账号 / a name or a login")
    seen.add_argument("--since", default="", metavar="DATE", help="从哪天起 / since which day")
    seen.add_argument("--until", default="", metavar="DATE", help="到哪天为止（含）/ up to which day, that day included")
    seen.add_argument("--as", dest="login", default="", help="督考账号 / an auditor's login")
    add_command(commands, "discover", "查找网络上的 ONVIF 设备 / ONVIF devices that answer on the network", _discover)
    trust = add_command(commands, "trust", "核对并登记设备的证书 / show and accept the certificates of devices", _trust)
    trust.add_argument("--camera", default="", help="只这一台，国标编码 / this one only, a GB code")
    trust.add_argument("--yes", action="store_true", help="不再询问 / without asking")
    trust.add_argument("--as", dest="login", default="", help="GIS 或管理员账号 / a login of GIS staff or an administrator")
    return parser


def _check(given: argparse.Namespace, telling: Telling) -> int:
    """What is wrong in a table, or what loading it would change; nothing is."""
    with _reached(given) as ledger:
        return _tell(_planned(ledger, given), given.file, telling)


def _load(given: argparse.Namespace, telling: Telling) -> int:
    """What would change is told first, and asked about; then it is done, or nothing is."""
    with _reached(given) as ledger:
        planned = _planned(ledger, given)
        status = _tell(planned, given.file, telling)
        if status or given.dry_run:
            return status
        retire = bool(planned.gone) and (given.retire or _is(telling, "confirm_retire", "retire", count=len(planned.gone)))
        if planned.is_nothing and not retire:
            return DONE
        if not (given.yes or _is(telling, "confirm", "yes")):
            _say(telling, "not_loaded")
            return NOT_CONFIRMED
        who = _who(ledger, given, KEEPERS, telling)
        with ledger.transaction() as connection:
            done = loading.load(ledger, connection, sheet.read(given.file), retire, who, given.now)
        if done.found:
            return _tell(done, given.file, telling)
    _say(telling, "loaded", {"who": who.name})
    if planned.gone:
        _say(telling, "retired" if retire else "kept", {"count": len(done.gone)})
    return DONE


def _planned(ledger: Ledger, given: argparse.Namespace) -> Plan:
    """What loading the file would do."""
    with ledger.transaction(snapshot=True) as connection:
        return plan(sheet.read(given.file), loading.known(ledger, connection, given.now))


def _tell(planned: Plan, file: Path, telling: Telling) -> int:
    """Every mistake with its line, or every difference; 1 where something is wrong."""
    if planned.found:
        for each in planned.found[:MOST_LINES]:
            place = ":".join(filter(None, (str(file), str(each.line) if each.line else "", each.column)))
            telling.line(f"{place}: {telling.words(WRONG, each.code, each.params)}")
        _more(len(planned.found), telling)
        _say(telling, "wrong", {"count": len(planned.found)})
        return WRONG_
    for line in planned.lines[:MOST_LINES]:
        telling.line(f"  {telling.words(SAID, line.code, line.params)}")
    _more(len(planned.lines), telling)
    for source in planned.sources[:MOST_LINES]:
        if uses_tls(source) and not source.fingerprint:
            _say(telling, "untrusted", {"camera": source.camera})
    if planned.is_nothing:
        _say(telling, "same")
    if planned.is_nothing and not planned.gone:
        return DONE
    counts = ("new", "changed", "sources", "groups", "gone")
    _say(telling, "counts", {name: len(getattr(planned, name)) for name in counts})
    return DONE


def _more(count: int, telling: Telling) -> None:
    """How many lines were not told."""
    if count > MOST_LINES:
        _say(telling, "more", {"count": count - MOST_LINES})


def _export(given: argparse.Namespace, telling: Telling) -> int:
    """The cameras as a table."""
    with _reached(given) as ledger, ledger.transaction(snapshot=True) as connection:
        known = loading.known(ledger, connection, given.now)
    written = exporting.table(known, given.language)
    if str(given.file) == "-":
        sys.stdout.write(written)
        return DONE
    if given.file.exists() and not given.force:
        _say(telling, "exists", {"file": given.file})
        return WRONG_
    try:
        given.file.write_text(written, encoding="utf-8", newline="")
    except OSError as problem:
        _say(telling, "not_written", {"file": given.file, "why": problem.strerror or type(problem).__name__})
        return WRONG_
    _say(telling, "exported", {"file": given.file, "count": len(known.cameras)})
    return DONE


def _groups(given: argparse.Namespace, telling: Telling) -> int:
    """Every group, down its tree."""
    with _reached(given) as ledger, ledger.transaction(snapshot=True) as connection:
        lines = camera_groups.tree(connection, GroupKind(given.kind) if given.kind else None)
    shown: GroupKind | None = None
    for each in lines:
        if each.kind is not shown:
            shown = each.kind
            _say(telling, f"kind.{shown.value}")
        name = "  " * len(each.path) + each.path[-1]
        _say(telling, "group", {"name": name, "online": each.online, "cameras": each.cameras})
    if not lines:
        _say(telling, "no_groups")
    return DONE


def _watched(given: argparse.Namespace, telling: Telling) -> int:
    """Who watched; that this was asked is committed before a line is told."""
    since = _day(given.since) if given.since else given.now - LOOKED_BACK
    until = _day(given.until) + timedelta(days=1) if given.until else given.now + timedelta(days=1)
    asked = Asked(given.camera, given.staff, since, until)
    with _reached(given) as ledger:
        who = _who(ledger, given, CHECKERS, telling)
        said = {"camera": asked.camera, "staff": asked.staff, "since": since.isoformat(), "until": until.isoformat()}
        with ledger.transaction() as connection:
            loading.record(connection, "watched", who, dict(said), given.now)
        with ledger.transaction(snapshot=True) as connection:
            found = watched(connection, asked)
    for each in found:
        telling.line(sentence(each, telling.words(SAID, f"action.{each.action}")))
    _say(telling, "found_most" if len(found) == MOST else "found", {"count": len(found)})
    return DONE


def _discover(_given: argparse.Namespace, telling: Telling) -> int:
    """The devices that answer a probe."""
    found = onvif.discover()
    for each in found:
        _say(telling, "device", {"address": each.address, "name": each.name, "hardware": each.hardware})
    if not found:
        _say(telling, "no_devices")
    return DONE


def _trust(given: argparse.Namespace, telling: Telling) -> int:
    """What the devices show, told and asked about; then each is known by it."""
    with _reached(given) as ledger:
        with ledger.transaction(snapshot=True) as connection:
            asked = trusting.over_tls(ledger, connection, given.camera)
        met = trusting.meet(asked)
        wanted = [each for each in met if each.shown is not None and each.shown.fingerprint != each.source.fingerprint]
        for each in met:
            _tell_certificate(each, telling)
        failed = any(each.code for each in met)
        if not wanted:
            _say(telling, "all_trusted")
            return WRONG_ if failed else DONE
        if not (given.yes or _is(telling, "confirm_trust", "yes", count=len(wanted))):
            _say(telling, "not_trusted")
            return NOT_CONFIRMED
        who = _who(ledger, given, KEEPERS, telling)
        with ledger.transaction() as connection:
            trusting.accept(ledger, connection, wanted, who, given.now)
    _say(telling, "trusted", {"count": len(wanted), "who": who.name})
    return WRONG_ if failed else DONE


def _tell_certificate(met: trusting.Met, telling: Telling) -> None:
    """What a device showed, where that is news; or why it showed nothing."""
    about = {"camera": met.source.camera, "name": met.name, "address": met.source.address}
    if met.shown is None:
        _say(telling, f"device_failed.{met.code}", about)
    elif met.shown.fingerprint != met.source.fingerprint:
        shown = {"fingerprint": in_pairs(met.shown.fingerprint), "subject": met.shown.subject}
        _say(telling, "certificate", about | shown | {"until": f"{met.shown.until:%Y-%m-%d}"})
        if met.source.fingerprint:
            _say(telling, "certificate_other", {"known": in_pairs(met.source.fingerprint)})


def _day(text: str) -> datetime:
    """The beginning of a local day; Refused('day_wrong')."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=CHINA)
    except ValueError:
        raise Refused("day_wrong", "day", day=text[:40]) from None


def _is(telling: Telling, question: str, answer: str, **params: object) -> bool:
    """Whether whoever sits there says so; nobody sits at the end of a pipe."""
    if not sys.stdin.isatty():
        return False
    return input(telling.words(SAID, question, params)).strip().lower() == answer


def _say(telling: Telling, code: str, params: Mapping[str, object] | None = None) -> None:
    telling.line(telling.words(SAID, code, params))


def _who(ledger: Ledger, given: argparse.Namespace, roles: frozenset[Role], telling: Telling) -> Who:
    """Who acts: whoever may read the machine's secrets, or a login with a post that allows it."""
    login = given.login
    if not login:
        return Who(officer.user_of_machine())
    password = officer.asked_password(telling.words(SAID, "password", {"login": login}))
    try:
        with ledger.transaction() as connection:
            return officer.signed_in(connection, login, password, given.now, roles)
    except Refused as no:
        if no.code == "login_wrong":
            with ledger.transaction() as connection:
                officer.record_failure(connection, login, given.now)
            raise
        raise Refused("not_allowed", "login", login=login) from None


@contextmanager
def _reached(given: argparse.Namespace) -> Iterator[Ledger]:
    """The ledger of the home that was named, as its owner; Refused where it is none, or the database does not answer."""
    home: Path = given.home or default_home()
    try:
        settings = Settings.read(home)
        ledger = Ledger(settings.owner_url, ensure_keys(settings.keys).data_key, pool_size=1)
    except (OSError, ValueError) as problem:
        raise Refused("home_wrong", "home", home=str(home), why=type(problem).__name__) from problem
    try:
        yield ledger
    except psycopg.errors.LockNotAvailable as problem:
        raise Refused("busy") from problem
    except psycopg.OperationalError as problem:
        raise Refused("unreachable") from problem
    finally:
        ledger.close()
