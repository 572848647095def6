"""Where in a TOML text each field stands: tomllib says what is written, not where."""

from __future__ import annotations

import re
from dataclasses import dataclass

from governance.mistakes import Path

_QUOTED = re.compile(r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'', re.DOTALL)
_SYNTAX = re.compile(r"\(at line (\d+), column (\d+)\)")
_HEADER = re.compile(r"(\[\[?)([^\]\n]*)\]\]?")
_KEY = re.compile(r"""(?:[^=\n"'#\[\]]|"[^"\n]*"|'[^'\n]*')+""")


@dataclass(frozen=True, slots=True)
class Place:
    """Line and column, both counted from 1; 0 where nobody can say."""

    line: int = 0
    column: int = 0


def places_of(text: str) -> dict[Path, Place]:
    """The place of every table, field and inline table of a text that tomllib has accepted."""
    return _Scan(text).found


def place_of(places: dict[Path, Place], path: Path) -> Place:
    """The place of a path, or of what is around it."""
    while path and path not in places:
        path = path[:-1]
    return places.get(path, Place())


def place_of_syntax(problem: str) -> Place:
    """Where tomllib stopped, from its message; nowhere at the end of the text."""
    found = _SYNTAX.search(problem)
    return Place(int(found[1]), int(found[2])) if found else Place()


class _Scan:
    """One walk over a text, statement by statement."""

    def __init__(self, text: str) -> None:
        self.found: dict[Path, Place] = {}
        self._text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._line = 0
        self._table: Path = ()
        self._counts: dict[Path, int] = {}
        at = 0
        while at < len(text):
            at = self._statement(at)

    def _statement(self, at: int) -> int:
        """Read a blank, a comment, a header, or a field with its value; where the next begins."""
        if self._text[at].isspace():
            return at + 1
        if self._text[at] == "#":
            return self._line_end(at)
        header = _HEADER.match(self._text, at)
        if header:
            self._table = self._opened(_parts(header[2]), header[1] == "[[")
            self.found[self._table] = self._place(at)
            return self._line_end(header.end())
        key = _KEY.match(self._text, at)
        if key is None:
            return at + 1
        path = (*self._table, *_parts(key[0]))
        self.found[path] = self._place(at)
        return self._value(key.end() + 1, path)

    def _opened(self, names: tuple[str, ...], is_one_of_many: bool) -> Path:
        """The path of a table, with the numbers of the tables around it."""
        path: Path = ()
        for depth, name in enumerate(names):
            path = (*path, name)
            if depth == len(names) - 1 and is_one_of_many:
                self._counts[path] = self._counts.get(path, -1) + 1
            if path in self._counts:
                path = (*path, self._counts[path])
        return path

    def _value(self, at: int, path: Path) -> int:
        """Pass over a value, noting the inline tables of a list; where the line after it begins."""
        depth, item = 0, 0
        while at < len(self._text):
            quoted = _QUOTED.match(self._text, at)
            if quoted:
                at = quoted.end()
                continue
            letter = self._text[at]
            if letter == "#":
                at = self._line_end(at)
                continue
            if letter == "\n" and depth == 0:
                return at
            if letter == "{" and depth == 1:
                self.found[*path, item] = self._place(at)
                item += 1
            depth += (letter in "[{") - (letter in "]}")
            at += 1
        return at

    def _place(self, at: int) -> Place:
        """Line and column of an offset; offsets come in order."""
        while self._line + 1 < len(self._starts) and self._starts[self._line + 1] <= at:
            self._line += 1
        return Place(self._line + 1, at - self._starts[self._line] + 1)

    def _line_end(self, at: int) -> int:
        end = self._text.find("\n", at)
        return len(self._text) if end < 0 else end


def _parts(dotted: str) -> tuple[str, ...]:
    """The names of a dotted key, without their quotes."""
    names = re.findall(r'"[^"\n]*"|\'[^\'\n]*\'|[^.\s]+', dotted)
    return tuple(name[1:-1] if name[0] in "\"'" else name for name in names)
