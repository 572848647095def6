"""What a desk is started with."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.style.palette import THEMES
from desktop.words import LANGUAGES


class BadArguments(ValueError):
    """One clear line about what is wrong with how the desk was started."""


MAPS = ("auto", "plain")


@dataclass(frozen=True, slots=True)
class DeskArguments:
    """The server and how to prove it is the right one; who signs on; how it looks."""

    endpoint: str
    server_key: bytes
    login: str = ""
    password: str = ""
    home: Path | None = None
    language: str = ""
    theme: str = ""
    size: tuple[int, int] | None = None
    measure: Path | None = None
    reads: bool = False
    """Whether what the window says in words is measured too."""
    map: str = ""
    """`plain`: the map without OpenGL, from now on; `auto`: with it where it works; as kept where empty."""


def read_arguments(words: Sequence[str]) -> DeskArguments:
    """The arguments of a command line; BadArguments where a file or value is wrong, SystemExit for --help."""
    parser = argparse.ArgumentParser(prog="gridwarden desk", description="值班工作台 / the duty officer's desk")
    parser.add_argument("--server-file", type=Path, required=True, help="JSON: desk_endpoint, server_key")
    parser.add_argument("--login", default="")
    parser.add_argument("--password-file", type=Path)
    parser.add_argument("--home", type=Path, help="folder for layouts, drafts, map cache, log")
    parser.add_argument("--language", choices=sorted(LANGUAGES), default="")
    parser.add_argument("--theme", choices=sorted(THEMES), default="")
    parser.add_argument("--map", choices=MAPS, default="", help="plain: never OpenGL, remembered; auto: where it works")
    parser.add_argument("--size", default="", help="WxH in pixels; all of the screen where not given")
    parser.add_argument("--measure", type=Path, help="write what became visible when, JSON lines")
    parser.add_argument("--measure-words", action="store_true", help="and what the window says in words; costs time")
    given = parser.parse_args(words)
    endpoint, key = _server(given.server_file)
    password = ""
    if given.password_file is not None:
        try:
            password = given.password_file.read_text(encoding="utf-8").strip()
        except OSError as problem:
            raise BadArguments(f"{given.password_file}: {problem.strerror}") from problem
    look = (given.language, given.theme, _size(given.size))
    return DeskArguments(endpoint, key, given.login, password, given.home, *look, given.measure, given.measure_words, given.map)


def _server(path: Path) -> tuple[str, bytes]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        endpoint, key = told["desk_endpoint"], told["server_key"].encode("ascii")
    except OSError as problem:
        raise BadArguments(f"{path}: {problem.strerror}") from problem
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise BadArguments(f"{path}: desk_endpoint, server_key?") from problem
    if not str(endpoint).startswith("tcp://") or len(key) != 40:
        raise BadArguments(f"{path}: desk_endpoint tcp://..., server_key of 40 characters")
    return str(endpoint), key


def _size(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    found = re.fullmatch(r"(\d{3,5})x(\d{3,5})", text)
    if found is None:
        raise BadArguments(f"--size {text}: WxH, 1366x768")
    return int(found[1]), int(found[2])
