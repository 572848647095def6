"""`./gridwarden indicators show | freeze | publish | verify`: months for an administrator of the machine and an auditor.

Exit status: 0 done, 1 something is wrong, 2 a frozen month does not come to the same again, 3 no ledger.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg

from governance.indicator_csv import table
from governance.indicators import Boundaries, Figure, Indicator, Month
from governance.people import Officer, Role
from governance.refusal import Refused
from server import sessions
from server.duty_roster import posts_of
from server.home import default_home
from server.indicators import areas, exports, machine, periods
from server.indicators.computing import Value, compute, definitions, shown
from server.indicators.words import say
from server.keys import ensure_keys
from server.ledger.ledger import Connection, Ledger
from server.login_locks import LoginLocks
from server.sessions import WrongPassword
from server.settings import Settings

DONE, WRONG, NOT_SAME, NO_LEDGER = 0, 1, 2, 3
LISTED = 40
"""So many differences are told one by one."""


def run(words: Sequence[str]) -> int:
    """The exit status of the command."""
    given = _parser().parse_args(words)
    try:
        with _reached(given.home) as ledger:
            status: int = given.does(ledger, given, Month.of(given.month), datetime.now(UTC))
            return status
    except Refused as no:
        _line(given, no.code, **no.details)
        return NO_LEDGER if no.code in ("home_wrong", "unreachable") else WRONG


def _parser() -> argparse.ArgumentParser:
    """What may be said."""
    parser = argparse.ArgumentParser("./gridwarden indicators", description="指标：月测月评 / the indicators of a month")
    commands = parser.add_subparsers(required=True, metavar="show | freeze | publish | verify")
    for name, purpose, does in (
        ("show", "看一个月的指标 / the figures of a month", _show),
        ("freeze", "冻结一个月 / a month stands for good", _freeze),
        ("publish", "公布一个月 / a frozen month is published", _publish),
        ("verify", "重算已冻结的月份 / compute a frozen month again", _verify),
    ):
        command = commands.add_parser(name, help=purpose, description=purpose)
        command.set_defaults(does=does)
        command.add_argument("--month", required=True, metavar="YYYY-MM", help="月份 / the month")
        command.add_argument("--home", type=Path, default=default_home(), help="数据文件夹（GRIDWARDEN_HOME）/ the data folder")
        command.add_argument("--language", choices=("zh", "en"), default=machine.language())
        if name in ("freeze", "publish"):
            command.add_argument("--as", dest="login", required=True, help="督考员账号 / an auditor's login")
        if name == "show":
            command.add_argument("--area", default="", help="区域编码（全区）/ code of an area (the district)")
            command.add_argument("--boundaries", choices=[each.value for each in Boundaries], default="filing")
            command.add_argument("--csv", type=Path, help="写成文件 / written to a file")
    return parser


@contextmanager
def _reached(home: Path) -> Iterator[Ledger]:
    """The ledger of a home, as the application; Refused where it is none, or the database does not answer."""
    try:
        settings = Settings.read(home)
        ledger = Ledger(settings.database_url(), ensure_keys(settings.keys).data_key, pool_size=1)
    except (OSError, ValueError) as problem:
        raise Refused("home_wrong", "home", home=str(home)) from problem
    try:
        yield ledger
    except psycopg.OperationalError as problem:
        raise Refused("unreachable") from problem
    finally:
        ledger.close()


def _show(ledger: Ledger, given: argparse.Namespace, month: Month, now: datetime) -> int:
    """The figures of an area and those inside it; of a frozen month those that stand."""
    boundaries = Boundaries(given.boundaries)
    with ledger.transaction(snapshot=True) as connection:
        area = given.area or areas.district_of(connection, now)
        names = areas.names(connection, month, now)
        if area not in names or not area.isdigit():
            raise Refused("no_such_area", "area", area=area[:20])
        wanted = definitions(connection, month)
        period = periods.find(connection, month)
        found = _figures(connection, month, now, boundaries, area, wanted, period is not None)
    state = period.state if period else "open"
    told = {"month": str(month), "area": area, "boundaries": boundaries.value}
    if given.csv:
        return _write(ledger, given, month, now, state, wanted, found, names, told)
    with ledger.transaction() as connection:
        periods.log_act(connection, "show", month, None, machine.user(), now, told)
    for subject in dict.fromkeys(each.subject for each in found):
        words = (say(given.language, f"boundaries.{boundaries.value}"), say(given.language, f"state.{state}"))
        _line(given, "head", month=month, name=names.get(subject, subject), boundaries=words[0], state=words[1])
        for each, what in zip((f for f in found if f.subject == subject), wanted, strict=True):
            sys.stdout.write(_figure(given.language, each, what) + "\n")
    return DONE


def _figures(
    connection: Connection,
    month: Month,
    now: datetime,
    boundaries: Boundaries,
    area: str,
    wanted: Sequence[Indicator],
    is_frozen: bool,
) -> list[Figure]:
    """The area first, then those one level below it that have a name."""
    digits = len(area), len(area) + 3
    if is_frozen and len(area) in periods.LEVELS:
        found = periods.frozen_values(connection, month, boundaries)
    else:
        found = compute(connection, month, now, boundaries, area, digits)
    below = sorted(
        {v.subject for v in found if v.subject.isdigit() and v.subject.startswith(area) and len(v.subject) == digits[1]}
    )
    return [figure for subject in (area, *below) for figure in shown(found, wanted, subject)]


def _figure(language: str, figure: Figure, what: Indicator) -> str:
    """One line: code, name, value with its unit, target, why there is none."""
    name = what.name_zh if language == "zh" else what.name_en
    value = f"{figure.value} {say(language, f'unit.{what.unit}')}" if figure.value is not None else "–"
    parts = [f"  {what.code:5}{name}", value]
    if figure.den is not None:
        parts.append(f"{figure.num}/{figure.den}")
    if what.target is not None:
        parts.append(f"{say(language, 'column.target')} {what.target}，{say(language, f'direction.{what.direction.value}')}")
    if figure.missing:
        parts.append(say(language, f"missing.{figure.missing.value}"))
    return "  ".join(parts)


def _write(
    ledger: Ledger,
    given: argparse.Namespace,
    month: Month,
    now: datetime,
    state: str,
    wanted: Sequence[Indicator],
    found: Sequence[Figure],
    names: dict[str, str],
    told: dict[str, str],
) -> int:
    """The figures as a file; on record before it is written."""
    file: Path = given.csv
    number = uuid4()
    who = machine.user()
    words = lambda code: say(given.language, code)  # noqa: E731
    text = table(month, Boundaries(given.boundaries), state, wanted, found, names, words, given.language, f"{number} {who}")
    with ledger.transaction() as connection:
        exports.record(connection, number, now, None, who, len(found), told)
    try:
        file.write_text(text, encoding="utf-8", newline="")
    except OSError as problem:
        raise Refused("cannot_write", "csv", file=str(file), why=problem.strerror or type(problem).__name__) from problem
    _line(given, "written", file=file, rows=len(found), id=number)
    return DONE


def _freeze(ledger: Ledger, given: argparse.Namespace, month: Month, now: datetime) -> int:
    """The month stands for good."""
    period = periods.freeze(ledger, month, _auditor(ledger, given, now), machine.user(), now)
    _line(given, "frozen", month=month, digest=period.digest.hex()[:16])
    return DONE


def _publish(ledger: Ledger, given: argparse.Namespace, month: Month, now: datetime) -> int:
    """The frozen month is published."""
    periods.publish(ledger, month, _auditor(ledger, given, now), machine.user(), now)
    _line(given, "published", month=month)
    return DONE


def _verify(ledger: Ledger, given: argparse.Namespace, month: Month, now: datetime) -> int:
    """The frozen month comes to the same again, or what does not."""
    found = periods.verify(ledger, month, now)
    with ledger.transaction() as connection:
        names = areas.names(connection, month, now)
        told = {"same": str(found.is_same), "later": str(len(found.later))}
        periods.log_act(connection, "verify", month, None, machine.user(), now, told)
    if found.is_same:
        _line(given, "same", month=month, digest=found.period.digest.hex()[:16])
    else:
        _line(given, "not_same", month=month, count=len(found.broken))
        _tell(given, found.broken, names)
    _line(given, "later" if found.later else "nothing_later", count=len(found.later))
    _tell(given, found.later, names)
    return DONE if found.is_same else NOT_SAME


def _tell(given: argparse.Namespace, found: Sequence[periods.Difference], names: dict[str, str]) -> None:
    """Differences one by one, as far as they can be read."""
    for each in found[:LISTED]:
        value = each.frozen or each.now
        assert value is not None, "one of the two is there"
        what = say(given.language, f"boundaries.{each.boundaries.value}")
        was, now = (_numbers(one) for one in (each.frozen, each.now))
        _line(
            given,
            "broken",
            name=names.get(value.subject, value.subject),
            indicator=value.code,
            boundaries=what,
            frozen=was,
            now=now,
        )
    if len(found) > LISTED:
        sys.stdout.write(f"  … +{len(found) - LISTED}\n")


def _numbers(value: Value | None) -> str:
    """A figure as one can compare it: value, numerator and denominator."""
    if value is None:
        return "–"
    shown_value = "–" if value.value is None else f"{value.value:f}"
    return shown_value if value.den is None else f"{shown_value} ({value.num:f}/{value.den:f})"


def _auditor(ledger: Ledger, given: argparse.Namespace, now: datetime) -> Officer:
    """Who signs: an auditor by his login and password."""
    secret = machine.password(say(given.language, "password", login=given.login))
    try:
        account, staff = sessions.authenticated(ledger, given.login, secret, now, "command line", LoginLocks())
    except WrongPassword:
        raise Refused("login_wrong", "login") from None
    with ledger.transaction() as connection:
        row = connection.execute("SELECT name FROM staff WHERE id = %s", (staff,)).fetchone()
        assert row is not None, "an account is somebody's"
        for post in posts_of(connection, staff, now):
            if post.role is Role.AUDITOR:
                return Officer(staff, row[0], post.id, post.role, post.scope, post.clearance, None, post.unit, account)
    raise Refused("not_auditor", "login", login=given.login)


def _line(given: argparse.Namespace, code: str, /, **params: object) -> None:
    """One sentence on the output."""
    sys.stdout.write(say(given.language, code, **params) + "\n")
    sys.stdout.flush()
