"""A table of cameras as a spreadsheet wrote it: UTF-8 or GB18030, its lines by column, every mistake with its place."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass, field
from pathlib import Path

from governance.camera import GroupKind
from server.cameras_admin.columns import ABOUT_CAMERA, GROUP_COLUMNS, SHORTENED, SOURCE_COLUMNS, CellWrong, column_of, read_cell

MOST_BYTES, MOST_LINES = 16 * 1024 * 1024, 50_000
UNARMED = ("'=", "'+", "'@")
"""How a cell begins that a spreadsheet was kept from taking for a formula."""
_TYPES = ("111", "118", "131", "132")
_CLOSED = {IsADirectoryError: "file_is_folder", FileNotFoundError: "file_missing", PermissionError: "file_forbidden"}


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that is wrong, and where; line 0 is the file as a whole."""

    line: int
    code: str
    params: dict[str, str] = field(default_factory=dict)
    column: str = ""
    """The heading as it was written."""


@dataclass(frozen=True, slots=True)
class Row:
    """What a line says of a camera; only the columns the table has are there."""

    line: int
    camera: str
    about: dict[str, object]
    source: dict[str, object]
    groups: dict[GroupKind, tuple[tuple[str, ...], ...]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its rows where nothing is wrong with it, else what is."""

    name: str
    sha256: str = ""
    columns: frozenset[str] = frozenset()
    rows: tuple[Row, ...] = ()
    found: tuple[Found, ...] = ()


def read(file: Path) -> Sheet:
    """What a file says."""
    name = str(file)
    try:
        if file.stat().st_size > MOST_BYTES:
            return Sheet(name, found=(Found(0, "file_too_large", {"most": f"{MOST_BYTES:,}"}),))
        content = file.read_bytes()
    except (IsADirectoryError, FileNotFoundError, PermissionError) as problem:
        return Sheet(name, found=(Found(0, _CLOSED[type(problem)]),))
    except OSError as problem:
        return Sheet(name, found=(Found(0, "file_unreadable", {"why": problem.strerror or type(problem).__name__}),))
    return of_bytes(name, content)


def of_bytes(name: str, content: bytes) -> Sheet:
    """What the bytes of a file say."""
    digest = hashlib.sha256(content).hexdigest()
    text = _decoded(content)
    if text is None or "\0" in text:
        return Sheet(name, digest, found=(Found(0, "file_not_text"),))
    if not text.strip():
        return Sheet(name, digest, found=(Found(0, "file_empty"),))
    try:
        lines = _lines(text)
    except csv.Error as problem:
        return Sheet(name, digest, found=(Found(0, "file_no_table", {"why": str(problem)[:100]}),))
    if not lines:
        return Sheet(name, digest, found=(Found(0, "file_empty"),))
    if len(lines) > MOST_LINES:
        return Sheet(name, digest, found=(Found(0, "too_many_lines", {"most": f"{MOST_LINES:,}"}),))
    header_line, headings = lines[0]
    columns, wrong = _columns(header_line, headings)
    if wrong:
        return Sheet(name, digest, found=tuple(wrong))
    rows, found = _rows(lines[1:], headings, columns)
    if not rows and not found:
        found = [Found(0, "no_lines")]
    return Sheet(name, digest, frozenset(each for each in columns if each), () if found else tuple(rows), tuple(found))


def _decoded(content: bytes) -> str | None:
    """The text of a file, of one of the two encodings spreadsheets write here; None where it is neither."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """The lines that are not empty, each with the number it begins at; what parts cells is taken from the first."""
    first = text.lstrip().split("\n", 1)[0]
    apart = max(",;\t", key=lambda each: sum(column_of(cell.strip('" \r')) is not None for cell in first.split(each)))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=apart, strict=True)
    lines, begins = [], 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            lines.append((begins, [cell.strip() for cell in cells]))
        begins = reader.line_num + 1
    return lines


def _columns(line: int, headings: list[str]) -> tuple[list[str | None], list[Found]]:
    """The column of each heading, and what is wrong with them; a heading that is empty has none."""
    columns = [column_of(heading) if heading else None for heading in headings]
    unknown = [h for h, column in zip(headings, columns, strict=True) if h and column is None and h not in ("备注", "remark")]
    wrong = [Found(line, "column_unknown", {"heading": heading[:40]}) for heading in unknown]
    named = [column for column in columns if column]
    wrong += [Found(line, "column_twice", {"name": name}) for name in sorted(set(named)) if named.count(name) > 1]
    if "id" not in named:
        wrong.append(Found(line, "column_missing", {"name": "id"}))
    places = {"lon", "lat", "datum"} & set(named)
    if places and len(places) < 3:
        missing = min({"lon", "lat", "datum"} - places)
        wrong.append(Found(line, "column_missing", {"name": missing}))
    if set(SOURCE_COLUMNS) & set(named) and "stream_kind" not in named:
        wrong.append(Found(line, "column_missing", {"name": "stream_kind"}))
    return columns, wrong


def _rows(lines: list[tuple[int, list[str]]], headings: list[str], columns: list[str | None]) -> tuple[list[Row], list[Found]]:
    """What every line says, and everything wrong in them."""
    rows: list[Row] = []
    found: list[Found] = []
    first: dict[str, int] = {}
    for line, cells in lines:
        if len(cells) != len(columns):
            found.append(Found(line, "cells_wrong", {"found": str(len(cells)), "wanted": str(len(columns))}))
            continue
        said: dict[str, object] = {}
        for heading, column, cell in zip(headings, columns, cells, strict=True):
            if column is None:
                continue
            cell = cell[1:] if cell[:2] in UNARMED else cell
            try:
                said[column] = _code(cell) if column == "id" else read_cell(column, cell)
            except CellWrong as no:
                found.append(Found(line, no.code, no.params, heading))
        code = said.pop("id", None)
        if not isinstance(code, str):
            continue
        if code in first:
            found.append(Found(line, "camera_twice", {"camera": code, "first": str(first[code])}))
        first.setdefault(code, line)
        rows.append(_row(line, code, said))
    return rows, found


def _row(line: int, code: str, said: dict[str, object]) -> Row:
    """The parts of a line."""
    groups = {kind: said[column] for column, kind in GROUP_COLUMNS.items() if column in said}
    return Row(
        line,
        code,
        {name: said[name] for name in ABOUT_CAMERA if name in said},
        {name: said[name] for name in SOURCE_COLUMNS if name in said},
        groups,  # type: ignore[arg-type]
    )


def _code(text: str) -> str:
    """The GB/T 28181 code of a camera; raises CellWrong."""
    if SHORTENED.fullmatch(text):
        raise CellWrong("code_shortened", value=text[:40])
    if len(text) != 20 or not (text.isascii() and text.isdigit()):
        raise CellWrong("code_wrong", value=text[:40])
    if text[10:13] not in _TYPES:
        raise CellWrong("code_no_camera", value=text, known=", ".join(_TYPES))
    return text
