"""The parts of rules out of files and back: TOML for categories, settings, reasons, CSV for limits, duties, days; plain."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

import tomli_w

Cells = dict[str, str]
"""One line of a table, by column."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "limits": ("category", "area", "stage", "urgency", "amount", "unit"),
    "duties": ("category", "area", "unit", "duty", "priority"),
    "calendar": ("day", "kind", "am_start", "am_end", "pm_start", "pm_end"),
}
"""The tables among the parts, and their columns; the others are trees."""
REMARK = "remark"
"""A column for people, written and never read."""
FILES = {"root": "categories.toml", "settings": "settings.toml", "reasons": "settings.toml"}
FILES |= {name: f"{name}.csv" for name in COLUMNS}
"""Part -> the file it travels in."""
MOST_BYTES = 900_000
"""What one request can carry, with room for the rest of it."""


class Unreadable(ValueError):
    """A file that says no parts: which they would be only the server can tell."""


def parts_of(name: str, content: bytes) -> dict[str, Any]:
    """The parts a file says; raises Unreadable where it is none, of a kind nobody knows, or of a table with no such columns."""
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        if PurePath(name).suffix.lower() == ".toml":
            return _of_toml(tomllib.loads(text))
        return _of_csv(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError, csv.Error) as problem:
        raise Unreadable(str(problem)) from problem


def files_of(parts: Mapping[str, Any], all_parts: Mapping[str, Any]) -> dict[str, bytes]:
    """The files that say these parts; settings and reasons are one file, so each brings the other out of `all_parts`."""
    names = {FILES[part] for part in parts}
    told = {part: parts.get(part, all_parts.get(part)) for part in FILES if FILES[part] in names}
    found: dict[str, bytes] = {}
    for name in sorted(names):
        own = {part: value for part, value in told.items() if FILES[part] == name and value is not None}
        table = next((part for part in own if part in COLUMNS), None)
        found[name] = _csv(COLUMNS[table], own[table]) if table else _toml(own)
    return found


def is_blank(row: Mapping[str, str]) -> bool:
    """Whether a line says nothing: the server passes it over, so it counts for no place."""
    return not any(value.strip() for value in row.values())


def _of_toml(parsed: dict[str, Any]) -> dict[str, Any]:
    """Parts of a TOML file; a list of limits becomes the table it would be."""
    found: dict[str, Any] = {part: parsed[part] for part in ("root", "settings", "reasons") if part in parsed}
    if not all(isinstance(found.get(part, {}), dict) for part in ("settings", "reasons")) or not _is_tree(
        found.get("root", [])
    ):
        raise Unreadable("not tables")
    if "limit" in parsed:
        rows = parsed["limit"]
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Unreadable("not tables")
        found["limits"] = [{name: _plain(row.get(name, "")) for name in COLUMNS["limits"]} for row in rows]
    if not found:
        raise Unreadable("no parts")
    return found


def _is_tree(roots: object) -> bool:
    """Whether categories are roots with leaves."""
    if not isinstance(roots, list) or not all(isinstance(root, dict) for root in roots):
        return False
    leaves = [root.get("leaf", []) for root in roots]
    return all(isinstance(each, list) and all(isinstance(leaf, dict) for leaf in each) for each in leaves)


def _of_csv(text: str) -> dict[str, Any]:
    """The one table of a CSV file."""
    lines = [next(csv.reader([line]), []) for line in text.split("\n")]
    header = [cell.strip().lower() for cell in lines[0]]
    table = max(COLUMNS, key=lambda each: len(set(COLUMNS[each]) & set(header)))
    known = {*COLUMNS[table], REMARK}
    if len(set(header) & known) < 2 or set(header) - known or len(set(header)) < len(header):
        raise Unreadable("no such columns")
    rows = [_row(header, line) for line in lines[1:] if any(cell.strip() for cell in line)]
    return {table: [{name: row.get(name, "") for name in (*COLUMNS[table], REMARK)} for row in rows]}


def _row(header: list[str], line: list[str]) -> Cells:
    """One line by its columns; one with more or fewer cells than the header is no line of this table."""
    if len(line) != len(header):
        raise Unreadable("another number of cells")
    return {name: cell.strip() for name, cell in zip(header, line, strict=True)}


def _csv(columns: Iterable[str], rows: Iterable[Cells]) -> bytes:
    """A table with a mark at its start, so that a spreadsheet takes it for UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    wanted = (*columns, REMARK)
    writer.writerow(wanted)
    writer.writerows([row.get(name, "").replace("\n", " ") for name in wanted] for row in rows if not is_blank(row))
    return text.getvalue().encode("utf-8-sig")


def _toml(content: dict[str, Any]) -> bytes:
    return tomli_w.dumps(content).encode("utf-8")


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
