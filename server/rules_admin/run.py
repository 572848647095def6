"""`./gridwarden rules check | show | diff | load | export`: the rules for an administrator, by files and by date.

Exit status: 0 done, 1 something is wrong and nothing was changed, 2 not confirmed, 3 no ledger.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg

from governance.refusal import Refused
from server.home import default_home
from server.keys import ensure_keys
from server.ledger.ledger import Connection, Ledger
from server.rules_admin import asking, changing, recording
from server.rules_admin.commands import add_command
from server.rules_admin.telling import Telling
from server.settings import FILE_NAME, Settings

DONE, WRONG, NOT_CONFIRMED, NO_LEDGER = 0, 1, 2, 3


def run(words: Sequence[str]) -> int:
    """The exit status of the command."""
    given = _parser().parse_args(words)
    telling = Telling(given.language, sys.stdout)
    try:
        given.now = datetime.now(UTC)
        status: int = given.does(given, telling)
    except Refused as no:
        telling.say(no.code, no.details)
        return NO_LEDGER if no.code in ("home_wrong", "unreachable", "busy") else WRONG
    return status


def _parser() -> argparse.ArgumentParser:
    """What may be said."""
    parser = argparse.ArgumentParser(
        "./gridwarden rules", description="规则：检查、比较、载入、导出 / the rules, by files and by date"
    )
    commands = parser.add_subparsers(required=True, metavar="check | show | diff | load | export")
    check = add_command(commands, "check", "检查文件 / what is wrong in files", _check)
    check.add_argument("files", nargs="+", type=Path)
    _day(check, "--from", "start", "核对哪一天的规则（今天）/ against the rules of which day (today)")
    show = add_command(commands, "show", "各版规则 / the versions, and what one holds", _show)
    _day(show, "--at", "at", "哪一天的规则（今天）/ of which day (today)")
    show.add_argument("--version", default="", help="某一版：谁、何时、改了什么 / one version: by whom, when, what differed")
    diff = add_command(commands, "diff", "比较两版 / what differs between two versions", _diff)
    for name in ("old", "new"):
        diff.add_argument(name, help="版本号或日期 / a version or a day")
    load = add_command(commands, "load", "从某日起施行 / in force from a day", _load)
    load.add_argument("files", nargs="+", type=Path)
    _day(load, "--from", "start", "施行日期 / the day", required=True)
    load.add_argument("--as", dest="login", default="", help="管理员账号 / an administrator's login")
    load.add_argument("--yes", action="store_true", help="不再询问 / without asking")
    export = add_command(commands, "export", "写成文件 / written out as files", _export)
    export.add_argument("folder", type=Path)
    _day(export, "--at", "at", "哪一天的规则（今天）/ of which day (today)")
    export.add_argument("--force", action="store_true", help="覆盖已有文件 / replace what is there")
    return parser


def _day(command: argparse.ArgumentParser, flag: str, name: str, purpose: str, required: bool = False) -> None:
    """An argument that is a day; what is none is said in the officer's words, later."""
    command.add_argument(flag, dest=name, metavar="DATE", default="", required=required, help=purpose)


def _check(given: argparse.Namespace, telling: Telling) -> int:
    """What is wrong in files; without a ledger what can be seen without one."""
    day = day_of(given.start)
    if given.home is None and not (default_home() / FILE_NAME).exists():
        return asking.check_alone(given.files, telling)
    with _ledger(given) as connection:
        return asking.check(connection, given.files, day, given.now, telling)


def _show(given: argparse.Namespace, telling: Telling) -> int:
    """The versions, and what the one of a day holds; or who made one of them what it is."""
    day = day_of(given.at)
    with _ledger(given) as connection:
        if given.version:
            return recording.show(connection, given.version, telling)
        return asking.show(connection, day, given.now, telling)


def _diff(given: argparse.Namespace, telling: Telling) -> int:
    """What differs between two versions."""
    with _ledger(given) as connection:
        return asking.diff(connection, given.old, given.new, given.now, telling)


def _load(given: argparse.Namespace, telling: Telling) -> int:
    """Files become a version."""
    day = day_of(given.start)
    assert day is not None
    wish = changing.Wish(tuple(given.files), day, given.login, given.yes)
    settings = _settings(given)
    with _reached(settings) as ledger:
        return changing.load(ledger, wish, given.now, telling)


def _export(given: argparse.Namespace, telling: Telling) -> int:
    """The rules of a day as files."""
    day = day_of(given.at)
    with _ledger(given) as connection:
        return asking.export(connection, given.folder, day, given.now, given.force, telling)


def day_of(text: str) -> date | None:
    """The day a text says, none where it is empty; Refused('day_wrong')."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused("day_wrong", "day", day=text[:40]) from None


def _settings(given: argparse.Namespace) -> Settings:
    """The settings of the home that was named, or of the usual one; Refused where it is none."""
    home: Path = given.home or default_home()
    try:
        return Settings.read(home)
    except (OSError, ValueError) as problem:
        raise Refused("home_wrong", "home", home=str(home), why=type(problem).__name__) from problem


@contextmanager
def _ledger(given: argparse.Namespace) -> Iterator[Connection]:
    """One consistent read of the ledger of the home that was named."""
    with _reached(_settings(given)) as ledger, ledger.transaction(snapshot=True) as connection:
        yield connection


@contextmanager
def _reached(settings: Settings) -> Iterator[Ledger]:
    """The ledger as its owner; Refused('unreachable') where the database does not answer."""
    try:
        ledger = Ledger(settings.owner_url, ensure_keys(settings.keys).data_key, pool_size=1)
    except OSError as problem:
        raise Refused("home_wrong", "home", home=str(settings.home), why=type(problem).__name__) from problem
    try:
        yield ledger
    except psycopg.errors.LockNotAvailable as problem:
        raise Refused("busy") from problem
    except psycopg.OperationalError as problem:
        raise Refused("unreachable") from problem
    finally:
        ledger.close()
