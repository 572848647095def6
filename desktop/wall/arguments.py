"""What the display of a wall is started with."""

from __future__ import annotations

import argparse
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from desktop.style.palette import THEMES
from desktop.words import LANGUAGES
from governance.wall import CODE

MAPS = ("auto", "plain")


class BadArguments(ValueError):
    """One clear line about what is wrong with how it was started."""


@dataclass(frozen=True, slots=True)
class WallArguments:
    """Which wall, the server and how to prove it is the right one, the folder of this display, how it looks."""

    wall: str
    home: Path
    endpoint: str = ""
    server_key: bytes = b""
    enrol: bool = False
    """Only say by which key this machine is known."""
    screens: tuple[int, ...] = ()
    """Numbers of the screens it covers, from 1 on; all of them where empty."""
    size: tuple[int, int] | None = None
    """A window of that size instead."""
    language: str = "zh"
    theme: str = "night"
    map: str = "auto"


def demonstration() -> Path:
    """The folder of the demonstration that runs on this machine, as ./gridwarden demo chooses it (server/home.py)."""
    chosen = os.environ.get("GRIDWARDEN_HOME")
    if chosen:
        return Path(chosen)
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return (Path("/var/lib/gridwarden-demo") if is_root else user_data_path("gridwarden") / "demo") / "district"


def read_arguments(words: Sequence[str]) -> WallArguments:
    """The arguments of a command line; BadArguments where a file or value is wrong, SystemExit for --help."""
    given = _parser().parse_args(words)
    if not CODE.fullmatch(given.wall):
        raise BadArguments(f"--wall {given.wall[:40]}：小写字母、数字、- 和 _ / small letters, digits, - and _")
    is_data_folder = given.home is not None and (given.home / "desk.json").is_file()
    served = given.home if is_data_folder else demonstration()
    beside = served / "walls" / given.wall
    own = given.home if given.home is not None and not is_data_folder else user_data_path("gridwarden-wall") / given.wall
    home = beside if beside.is_dir() and (is_data_folder or given.home is None) else own
    look = (_screens(given.screens), _size(given.size), given.language, given.theme, given.map)
    if given.enrol:
        return WallArguments(given.wall, home.absolute(), "", b"", True, *look)
    endpoint, key = _server(given.server or served / "desk.json")
    return WallArguments(given.wall, home.absolute(), endpoint, key, False, *look)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gridwarden wall", description="大屏显示 / the display of a wall")
    parser.add_argument("--wall", required=True, help="大屏代号，如 main / the code of the wall")
    parser.add_argument("--server", type=Path, help="JSON: desk_endpoint, server_key（演示的 / the demonstration's）")
    parser.add_argument(
        "--home", type=Path, help="本机密钥与末次版面的文件夹，或演示的数据文件夹 / folder of this machine's key, or of a demo"
    )
    parser.add_argument("--enrol", action="store_true", help="给出本机公钥，交管理员绑定 / say this machine's key, to be bound")
    parser.add_argument("--screens", default="", help="1,2 使用哪些屏幕（全部）/ which screens it covers (all)")
    parser.add_argument("--size", default="", help="WxH 窗口显示 / in a window")
    parser.add_argument("--language", choices=sorted(LANGUAGES), default="zh")
    parser.add_argument("--theme", choices=sorted(THEMES), default="night")
    parser.add_argument("--map", choices=MAPS, default="auto", help="plain: 不用 OpenGL / never OpenGL")
    return parser


def _server(path: Path) -> tuple[str, bytes]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        endpoint, key = str(told["desk_endpoint"]), told["server_key"].encode("ascii")
    except OSError as problem:
        raise BadArguments(f"--server {path}: {problem.strerror}") from problem
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise BadArguments(f"--server {path}: desk_endpoint, server_key?") from problem
    if not endpoint.startswith("tcp://") or len(key) != 40:
        raise BadArguments(f"--server {path}: desk_endpoint tcp://..., server_key of 40 characters")
    return endpoint, key


def _screens(text: str) -> tuple[int, ...]:
    if not text:
        return ()
    if not re.fullmatch(r"[1-9]\d?(,[1-9]\d?)*", text):
        raise BadArguments(f"--screens {text[:40]}: 1,2")
    return tuple(int(number) for number in text.split(","))


def _size(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    found = re.fullmatch(r"(\d{3,5})x(\d{3,5})", text)
    if found is None:
        raise BadArguments(f"--size {text[:40]}: WxH, 1920x1080")
    return int(found[1]), int(found[2])
