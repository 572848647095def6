"""`./gridwarden walls list | add | bind | close`: walls and the machines bound to them, at the server's machine.

Exit status: 0 done, 1 something is wrong and nothing was changed, 3 no ledger.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from governance.refusal import Refused
from server.home import default_home
from server.keys import ensure_keys
from server.ledger import walls
from server.ledger.ledger import Connection, Ledger
from server.secret_file import SecretExposed
from server.settings import Settings
from server.walls import enrolling

DONE, WRONG, NO_LEDGER = 0, 1, 3
SAID: dict[str, tuple[str, str]] = {
    "line": (
        "{wall}  {title}  区域 {area}  第 {rev} 版  控制：{by}  机器：{machines}",
        "{wall}  {title}  area {area}  revision {rev}  controlled by {by}  machines: {machines}",
    ),
    "nobody": ("无", "none"),
    "no_walls": ("还没有大屏：walls add --wall CODE --title NAME", "no walls yet: walls add --wall CODE --title NAME"),
    "added": ("大屏 {wall} 已建立，区域 {area}", "wall {wall} is there, of area {area}"),
    "bound": ("{name} 可以显示大屏 {wall} 了", "{name} may show wall {wall} now"),
    "closed": ("{name} 不能再显示大屏 {wall}", "{name} may show wall {wall} no more"),
    "wall_code": (
        "--wall {wall}：小写字母、数字、- 和 _，至多 32 个",
        "--wall {wall}: small letters, digits, - and _, 32 at most",
    ),
    "wall_title": ("--title：1 至 {most} 个字", "--title: 1 to {most} letters"),
    "machine_name": ("--name：1 至 {most} 个字", "--name: 1 to {most} letters"),
    "wall_exists": ("已有大屏 {wall}", "there is a wall {wall} already"),
    "no_such_wall": ("没有大屏 {wall}", "there is no wall {wall}"),
    "no_such_area": ("没有区域 {area}", "there is no area {area}"),
    "machine_key": (
        "--key：应为显示机上 ./gridwarden wall --enrol 给出的 40 个字符",
        "--key: the 40 characters that ./gridwarden wall --enrol says on the display machine",
    ),
    "machine_taken": ("这台机器已绑定到大屏 {wall}", "this machine is bound to wall {wall} already"),
    "no_such_machine": ("没有名为 {name} 的机器", "there is no machine called {name}"),
    "home_wrong": ("{home} 不是数据文件夹", "{home} is no data folder"),
    "unreachable": ("数据库没有应答", "the database does not answer"),
}


def run(words: Sequence[str]) -> int:
    """The exit status of the command."""
    given = _parser().parse_args(_with_keys_joined(words))
    try:
        with _reached(given.home) as ledger, ledger.transaction() as connection:
            said = given.does(connection, given, datetime.now(UTC))
    except Refused as no:
        _say(given, sys.stderr.write, no.code, **no.details)
        return NO_LEDGER if no.code in ("home_wrong", "unreachable") else WRONG
    for key, details in said:
        _say(given, sys.stdout.write, key, **details)
    return DONE


def _with_keys_joined(words: Sequence[str]) -> list[str]:
    """The words with a key said as `--key=KEY`: one in forty-odd begins with `-`, and would be read as the next option."""
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] == "--key":
            joined[-1] = f"--key={word}"
        else:
            joined.append(word)
    return joined


Said = list[tuple[str, dict[str, object]]]


def _parser() -> argparse.ArgumentParser:
    """What may be said."""
    parser = argparse.ArgumentParser(
        "./gridwarden walls", description="大屏：建立、绑定显示机 / display walls and their machines"
    )
    commands = parser.add_subparsers(required=True, metavar="list | add | bind | close")
    _command(commands, "list", "有哪些大屏 / which walls there are", _list)
    add = _command(commands, "add", "建立大屏 / make a wall", _add)
    add.add_argument("--wall", required=True, help="代号，如 main / a code")
    add.add_argument("--title", required=True, help="名称，如 主屏 / a name")
    add.add_argument("--area", default="", help="区域编码（全区）/ code of its area (the district)")
    bind = _command(commands, "bind", "绑定一台显示机 / bind a display machine", _bind)
    bind.add_argument("--wall", required=True)
    bind.add_argument("--key", required=True, help="显示机的公钥 / the machine's public key (./gridwarden wall --enrol)")
    bind.add_argument("--name", default="display", help="机器名称 / what the machine is called")
    close = _command(commands, "close", "解除绑定 / a machine shows it no more", _close)
    close.add_argument("--wall", required=True)
    close.add_argument("--name", required=True)
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    purpose: str,
    does: Callable[[Connection, argparse.Namespace, datetime], Said],
) -> argparse.ArgumentParser:
    """One of the commands, with what all of them take."""
    command = commands.add_parser(name, help=purpose, description=purpose)
    command.set_defaults(does=does)
    command.add_argument("--home", type=Path, default=default_home(), help="数据文件夹（GRIDWARDEN_HOME）/ the data folder")
    command.add_argument("--language", choices=("zh", "en"), default=_language())
    return command


def _list(connection: Connection, given: argparse.Namespace, _now: datetime) -> Said:
    """Every wall in a line."""
    said: Said = []
    nobody = SAID["nobody"][given.language != "zh"]
    for place in walls.places(connection):
        standing = walls.find(connection, place.wall.code)
        rows = connection.execute("SELECT name FROM wall_machine WHERE wall = %s AND is_open ORDER BY name", (place.wall.code,))
        machines = ", ".join(name for (name,) in rows) or nobody
        by = standing.lease.title if standing.lease else nobody
        about = {"wall": place.wall.code, "title": place.wall.title, "area": place.wall.area}
        said.append(("line", {**about, "rev": standing.layout.rev, "by": by, "machines": machines}))
    return said or [("no_walls", {})]


def _add(connection: Connection, given: argparse.Namespace, now: datetime) -> Said:
    """A new wall."""
    row = connection.execute("SELECT code FROM town_edition ORDER BY number DESC LIMIT 1").fetchone()
    area = given.area or (row[0] if row else "")
    enrolling.add(connection, given.wall, given.title, area, now)
    return [("added", {"wall": given.wall, "area": area})]


def _bind(connection: Connection, given: argparse.Namespace, now: datetime) -> Said:
    """A machine may show a wall."""
    enrolling.bind(connection, given.wall, given.key, given.name, now)
    return [("bound", {"wall": given.wall, "name": given.name})]


def _close(connection: Connection, given: argparse.Namespace, now: datetime) -> Said:
    """Machines may show it no more."""
    enrolling.close(connection, given.wall, given.name, now)
    return [("closed", {"wall": given.wall, "name": given.name})]


@contextmanager
def _reached(home: Path) -> Iterator[Ledger]:
    """The ledger of a home as its owner; Refused where it is none, or the database does not answer."""
    try:
        settings = Settings.read(home)
        ledger = Ledger(settings.owner_url, ensure_keys(settings.keys).data_key, pool_size=1)
    except (OSError, ValueError, SecretExposed) as problem:
        raise Refused("home_wrong", "home", home=str(home)) from problem
    try:
        yield ledger
    except psycopg.OperationalError as problem:
        raise Refused("unreachable") from problem
    finally:
        ledger.close()


def _say(given: argparse.Namespace, write: Callable[[str], object], key: str, **details: object) -> None:
    write(SAID[key][given.language != "zh"].format(**details) + "\n")


def _language() -> str:
    """zh or en, by the environment."""
    said = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or "zh"
    return "en" if said.lower().startswith("en") else "zh"
