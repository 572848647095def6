"""Files an administrator hands in: read whole, told apart by what is in them, each field with its place.

UTF-8, with or without a mark at its start. What comes from a spreadsheet in another encoding is refused by name.
"""

from __future__ import annotations

import csv
import hashlib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path as File
from typing import Any

from governance.mistakes import Mistake, Path
from governance.rules_text import DAY_FIELDS, DUTY_FIELDS, LIMIT_FIELDS
from server.rules_admin.toml_places import Place, place_of, place_of_syntax, places_of

MOST_BYTES = 2 * 1024 * 1024
MOST_LINES = 20_000
LONGEST_LINE = 4_000
REMARK = "remark"
"""A column for people: it is written for them and never read."""
CSV_KINDS = {"limits": LIMIT_FIELDS, "duties": DUTY_FIELDS, "calendar": DAY_FIELDS}
LEAST_COLUMNS = {
    "limits": ("stage", "urgency", "amount", "unit"),
    "duties": ("category", "area", "unit", "duty"),
    "calendar": ("day", "kind"),
}
_CLOSED = {IsADirectoryError: "file_is_folder", FileNotFoundError: "file_missing", PermissionError: "file_forbidden"}
TOML_PARTS = ("root", "limit", "reasons", "settings")
TOO_DEEP = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){12}""")
"""A key of so many names: of a file of a megabyte tomllib would build trees for hours. Ours have three at most."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file: what it says, by part (root, limit, reasons, settings, limits, duties, calendar), and where."""

    name: str
    sha256: str
    parts: dict[str, Any] = field(default_factory=dict)
    places: dict[Path, Place] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()

    def place(self, path: Path) -> Place:
        """Where a path stands."""
        return place_of(self.places, path)


def read(file: File) -> Source:
    """What a file says; its mistakes where it cannot be read."""
    name = str(file)
    try:
        if file.stat().st_size > MOST_BYTES:
            return _refused(name, "", "file_too_large", size=f"{file.stat().st_size:,}", most=f"{MOST_BYTES:,}")
        content = file.read_bytes()
    except (IsADirectoryError, FileNotFoundError, PermissionError) as problem:
        return _refused(name, "", _CLOSED[type(problem)])
    except OSError as problem:
        return _refused(name, "", "file_unreadable", why=problem.strerror or type(problem).__name__)
    return of_bytes(name, content)


def of_bytes(name: str, content: bytes) -> Source:
    """What the bytes of a file say; `name` tells TOML from CSV by its ending."""
    digest = hashlib.sha256(content).hexdigest()
    if len(content) > MOST_BYTES:
        return _refused(name, digest, "file_too_large", size=f"{len(content):,}", most=f"{MOST_BYTES:,}")
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as problem:
        code = "file_is_gbk" if _is_gbk(content) else "file_not_utf8"
        return _refused(name, digest, code, at=Place(content.count(b"\n", 0, problem.start) + 1, 1))
    if not text.strip():
        return _refused(name, digest, "file_empty")
    if "\0" in text:
        return _refused(name, digest, "file_not_utf8")
    kinds = {".toml": _toml, ".csv": _csv}
    ending = File(name).suffix.lower()
    if ending not in kinds:
        return _refused(name, digest, "file_kind_unknown", known=" ".join(kinds))
    return kinds[ending](name, digest, text)


def _toml(name: str, digest: str, text: str) -> Source:
    """A TOML file."""
    deep = TOO_DEEP.search(text)
    if deep:
        at = Place(text.count("\n", 0, deep.start()) + 1, deep.start() - text.rfind("\n", 0, deep.start()))
        return _refused(name, digest, "toml_wrong", at=at, why="Key is nested too deep")
    try:
        parsed = tomllib.loads(text)
    except (ValueError, RecursionError) as problem:  # ValueError: also a number of thousands of digits
        why = str(problem).split(" (at")[0][:200]
        return _refused(name, digest, "toml_wrong", at=place_of_syntax(str(problem)), why=why)
    places = places_of(text)
    unknown = [Mistake((each,), "field_unknown", {"field": each}) for each in parsed if each not in TOML_PARTS]
    if not set(parsed) & set(TOML_PARTS):
        unknown.append(Mistake((), "nothing_known", {"known": ", ".join(TOML_PARTS)}))
    return Source(name, digest, {part: parsed[part] for part in TOML_PARTS if part in parsed}, places, tuple(unknown))


def _csv(name: str, digest: str, text: str) -> Source:
    """A CSV file; which kind it is its header says."""
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        return _refused(name, digest, "too_many_lines", most=f"{MOST_LINES:,}")
    long = next((number for number, line in enumerate(lines, 1) if len(line) > LONGEST_LINE), 0)
    if long:
        return _refused(name, digest, "line_too_long", at=Place(long, 1), most=f"{LONGEST_LINE:,}")
    header, columns = _cells(lines[0])
    header = [cell.strip().lower() for cell in header]
    kind = max(CSV_KINDS, key=lambda each: len(set(CSV_KINDS[each]) & set(header)))
    wrong = _header_mistakes(kind, header)
    if wrong:
        places: dict[Path, Place] = {("row", 0, str(n)): Place(1, column) for n, column in enumerate(columns)} | {
            (): Place(1, 1)
        }
        return Source(name, digest, {}, places, tuple(wrong))
    return _lines(name, digest, kind, header, lines)


def _header_mistakes(kind: str, header: list[str]) -> list[Mistake]:
    """What is wrong with the first line of a table of a kind."""
    wanted = ",".join(CSV_KINDS[kind])
    known = (*CSV_KINDS[kind], REMARK)
    if len(set(header) & set(known)) < 2:
        return [Mistake((), "header_wrong", {"wanted": "; ".join(",".join(each) for each in CSV_KINDS.values())})]
    found = [
        Mistake(("row", 0, str(n)), "column_unknown", {"column": cell, "wanted": wanted})
        for n, cell in enumerate(header)
        if cell not in known
    ]
    found += [Mistake((), "column_twice", {"column": cell}) for cell in sorted(set(header)) if header.count(cell) > 1]
    found += [
        Mistake((), "column_missing", {"column": each, "wanted": wanted}) for each in LEAST_COLUMNS[kind] if each not in header
    ]
    return found


def _lines(name: str, digest: str, kind: str, header: list[str], lines: list[str]) -> Source:
    """The lines under a header that is right; an empty one is passed over."""
    rows: list[dict[str, str]] = []
    places: dict[Path, Place] = {}
    mistakes: list[Mistake] = []
    for number, line in enumerate(lines[1:], 2):
        cells, columns = _cells(line)
        if not any(cell.strip() for cell in cells):
            continue
        path: Path = (kind, len(rows))
        places[path] = Place(number, 1)
        places |= {(*path, each): Place(number, column) for each, column in zip(header, columns, strict=False)}
        if len(cells) != len(header):
            mistakes.append(Mistake(path, "cells_wrong", {"found": str(len(cells)), "wanted": str(len(header))}))
        rows.append({each: cell.strip() for each, cell in zip(header, cells, strict=False) if each != REMARK})
    if not rows and kind != "calendar":  # a calendar may have nothing but ordinary days
        mistakes.append(Mistake((), "no_lines", {}))
    return Source(name, digest, {kind: rows}, places, tuple(mistakes))


def _cells(line: str) -> tuple[list[str], list[int]]:
    """The cells of a line and the columns they start in, counted from 1; a quoted cell ends on its line."""
    (cells,) = list(csv.reader([line])) or [[]]
    return cells, list(_starts(line))


def _starts(line: str) -> Iterable[int]:
    """Where each cell of a line starts."""
    yield 1
    is_quoted = False
    for position, letter in enumerate(line):
        if letter == '"':
            is_quoted = not is_quoted
        elif letter == "," and not is_quoted:
            yield position + 2


def _is_gbk(content: bytes) -> bool:
    """Whether bytes that are no UTF-8 make Chinese in the encoding of older spreadsheets."""
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return text.replace("\r", "").replace("\n", "").replace("\t", "").isprintable() and any(
        "\u4e00" <= letter <= "\u9fff" for letter in text
    )


def _refused(name: str, digest: str, code: str, at: Place | None = None, **params: str) -> Source:
    """A file of which nothing is used."""
    return Source(name, digest, {}, {(): at or Place()}, (Mistake((), code, params),))
