"""The parts of rules as tables of cells: what stands in each, what may be written there, and which field a cell is; plain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from enum import Enum
from typing import Any

from desktop.rules.parts import COLUMNS, REMARK, is_blank
from governance.categories import Category, CheckMode, Stage, TimeUnit
from governance.category_text import PLATFORMS
from governance.incident import Magnitude, Nature, Urgency
from governance.places import Level

Path = tuple[str | int, ...]
PARTS = ("limits", "duties", "calendar", "root", "settings")
"""The tabs; reasons stand among the settings."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `choices`: the only words it takes, said in words under `said`; `leaf`: it is none of a root's."""

    key: str
    choices: tuple[str, ...] = ()
    said: str = ""
    leaf: bool = False


_YES = ("true", "false")
_LEVELS = tuple(level.name.lower() for level in Level)

TABLES: dict[str, tuple[Column, ...]] = {
    "limits": (
        Column("category"),
        Column("area"),
        Column("stage", tuple(each.value for each in Stage), "rules.stage"),
        Column("urgency", tuple(each.name.lower() for each in Urgency), "rules.urgency"),
        Column("amount"),
        Column("unit", tuple(each.value for each in TimeUnit), "rules.time_unit"),
    ),
    "duties": (
        Column("category"),
        Column("area"),
        Column("unit"),
        Column("duty", ("lead", "assist", "check"), "rules.duty"),
        Column("priority"),
    ),
    "calendar": (
        Column("day"),
        Column("kind", ("rest", "makeup_work", "work"), "rules.day"),
        *(Column(name) for name in COLUMNS["calendar"][2:]),
    ),
    "root": (
        Column("code"),
        Column("name_zh"),
        Column("name_en"),
        Column("nature", tuple(each.value for each in Nature), "rules.nature"),
        Column("platform", tuple(sorted(PLATFORMS)), "rules.platform"),
        Column("magnitude", tuple(each.value for each in Magnitude), "rules.magnitude", leaf=True),
        Column("first_level", _LEVELS, "rules.level", leaf=True),
        Column("check_mode", tuple(each.value for each in CheckMode), "rules.check_mode", leaf=True),
        Column("merge_radius_m", leaf=True),
        Column("merge_window_h", leaf=True),
        Column("merge_group", leaf=True),
        *(Column(name, _YES, "rules.yes", leaf=True) for name in ("evidence", "verify", "auto_dispatch", "sensitive")),
        *(Column(name, leaf=True) for name in ("skills", "outside", "tell", "icon")),
    ),
    "settings": (Column("value"),),
}
_USUAL = {item.name: item.default for item in fields(Category) if item.default is not MISSING}
"""What a leaf has that says nothing of it."""
_OF_ROOT = frozenset({"nature", "platform"})
"""A leaf has its root's unless it says otherwise."""
_LISTS = frozenset({"skills", "outside", "tell"})
_NUMBERS = frozenset({"merge_radius_m", "merge_window_h"})


def rows_of(part: str, parts: Mapping[str, Any]) -> list[Path]:
    """The rows of a tab, each as the path of what it says."""
    if part in COLUMNS:
        return [(part, number) for number in range(len(parts.get(part, ())))]
    return list(_categories(parts) if part == "root" else _settings(parts))


def _categories(parts: Mapping[str, Any]) -> Iterator[Path]:
    for number, root in enumerate(parts.get("root", ())):
        yield ("root", number)
        for leaf in range(len(root.get("leaf", ()))):
            yield ("root", number, "leaf", leaf)


def _settings(parts: Mapping[str, Any]) -> Iterator[Path]:
    """One row for each setting, for each of several under one name, and for the reasons of each action."""
    for name, value in parts.get("settings", {}).items():
        if isinstance(value, dict):
            yield from (("settings", name, each) for each in value)
        else:
            yield ("settings", name)
    for action in parts.get("reasons", {}):
        yield ("reasons", action)


def at(parts: Mapping[str, Any], path: Path) -> Any:
    """What stands at a path."""
    found: Any = parts
    for step in path:
        found = found[step]
    return found


def takes(path: Path, column: Column) -> bool:
    """Whether a cell can be written: a root has few fields, and what a row is of is nobody's to change."""
    return not (column.leaf and path[0] == "root" and len(path) == 2)


def text_at(parts: Mapping[str, Any], path: Path, column: Column) -> str:
    """What stands in a cell, as it is written."""
    value = at(parts, path)
    if path[0] in ("settings", "reasons"):
        return written(value)
    if path[0] != "root":
        return str(value.get(column.key, ""))
    if not takes(path, column):
        return ""
    usual: Any = ""
    if len(path) == 4:
        usual = at(parts, path[:2]).get(column.key, "") if column.key in _OF_ROOT else _USUAL.get(column.key, "")
    return written(value.get(column.key, usual))


def written(value: Any) -> str:
    """A value as it is written into a cell: spans 08:30-12:00, lists with commas, yes and no as true and false."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        spans = [each for each in value if isinstance(each, list | tuple) and len(each) == 2]
        return ", ".join(f"{each[0]}-{each[1]}" for each in spans) if spans else ", ".join(str(each) for each in value)
    if isinstance(value, Enum):
        return value.name.lower() if isinstance(value.value, int) else str(value.value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def write(parts: Mapping[str, Any], path: Path, column: Column, text: str) -> None:
    """Let a cell say something else. What is no value of its kind is kept as it was typed: the check says what is wrong."""
    text = text.strip()
    if path[0] in ("settings", "reasons"):
        at(parts, path[:-1])[path[-1]] = _read(text, at(parts, path), path[1] == "hours")
    elif path[0] == "root":
        at(parts, path)[column.key] = _category_value(column.key, text)
    else:
        row = at(parts, path)
        row[column.key] = text
        row[REMARK] = ""


def _category_value(name: str, text: str) -> Any:
    if name in _LISTS:
        return _list(text)
    if text in _YES and isinstance(_USUAL.get(name), bool):
        return text == "true"
    return _number(text) if name in _NUMBERS else text


def _read(text: str, before: Any, is_spans: bool) -> Any:
    """A setting out of its text: a list where it was one before, else a number; none is a text."""
    if is_spans:
        return [[half.strip() for half in span.split("-")] for span in _list(text)]
    return _list(text) if isinstance(before, list) else _number(text)


def _number(text: str) -> Any:
    try:
        return int(text) if text.lstrip("-").isdigit() else float(text)
    except ValueError:
        return text


def _list(text: str) -> list[str]:
    return [each for part in text.replace("，", ",").split(",") if (each := part.strip())]


def row_of_mistake(part: str, parts: Mapping[str, Any], path: Path) -> tuple[int, str]:
    """The row of a tab and the column a mistake stands in; -1 for none, and then the column is empty.

    The server counts no line that says nothing.
    """
    rows = rows_of(part, parts)
    if part in COLUMNS:
        counted = [number for number, row in enumerate(parts.get(part, ())) if not is_blank(row)]
        if len(path) < 2 or not isinstance(path[1], int) or path[1] >= len(counted):
            return -1, ""
        return counted[path[1]], str(path[2]) if len(path) > 2 else ""
    for length in (4, 3, 2):
        if len(path) >= length and path[:length] in rows:
            rest = path[length:]
            return rows.index(path[:length]), "value" if part == "settings" else str(rest[0]) if rest else ""
    return -1, ""
