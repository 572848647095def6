"""A draft of the rules: the parts that were changed, on top of a version; what is new in it, cell by cell; plain."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from desktop.rules.parts import COLUMNS, REMARK, files_of
from desktop.rules.tables import Column, Path, at, rows_of, text_at, write

KEYS = {
    "limits": ("category", "area", "stage", "urgency"),
    "duties": ("category", "area", "unit", "duty"),
    "calendar": ("day",),
}
"""What a line of a table is known by."""


@dataclass
class Draft:
    """What an administrator wants to be otherwise than in the version it was begun from."""

    base: int
    """Number of that version."""
    original: dict[str, Any]
    """Its parts; nobody changes them."""
    changed: dict[str, Any] = field(default_factory=dict)
    """The parts that are otherwise, whole."""
    day: str = ""
    """The day it is to take force; empty: not chosen yet."""
    _lines: dict[str, dict[tuple[str, ...], Path]] = field(default_factory=dict, repr=False)
    """The lines of the original parts, by what they are known by."""

    @property
    def parts(self) -> dict[str, Any]:
        """All parts as the draft has them."""
        return self.original | self.changed

    def files(self) -> dict[str, bytes]:
        """The files of what was changed."""
        return files_of(self.changed, self.parts)

    def write(self, path: Path, column: Column, text: str) -> None:
        """A cell says something else; a part that is as it was before is no part of the draft any more."""
        self._open(path[0])
        write(self.changed, path, column, text)
        self._settle(path[0])

    def add(self, path: Path) -> Path:
        """A line more, like the one at a path (or empty where there is none), right after it; its own path."""
        part = str(path[0])
        self._open(part)
        if part == "root":
            leaves = self.changed["root"][path[1]].setdefault("leaf", [])
            here = int(path[3]) if len(path) == 4 else -1
            leaves.insert(here + 1, (deepcopy(leaves[here]) if here >= 0 else {"name_zh": "", "name_en": ""}) | {"code": ""})
            return (*path[:2], "leaf", here + 1)
        rows = self.changed[part]
        here = int(path[1]) if len(path) > 1 else -1
        rows.insert(here + 1, dict(rows[here]) if here >= 0 else dict.fromkeys((*COLUMNS[part], REMARK), ""))
        return (part, here + 1)

    def drop(self, path: Path) -> None:
        """A line goes; a root takes its leaves along."""
        self._open(path[0])
        del at(self.changed, path[:-1])[path[-1]]
        self._settle(path[0])

    def take(self, parts: Mapping[str, Any]) -> None:
        """Parts out of files instead of those of the draft."""
        self.changed |= deepcopy(dict(parts))
        for part in tuple(parts):
            self._settle(part)

    def before(self, path: Path, column: Column) -> str | None:
        """What stood in a cell before; None where its line is new."""
        row = at(self.parts, path)
        part = str(path[0])
        if part in ("settings", "reasons"):
            try:
                return text_at(self.original, path, column)
            except (KeyError, IndexError, TypeError):
                return None
        known = self._known("root" if part == "root" else part)
        old = known.get(_key(part, row))
        return None if old is None else text_at(self.original, old, column)

    def kept(self) -> dict[str, Any]:
        """The draft as it goes to disk."""
        return {"base": self.base, "changed": self.changed, "day": self.day}

    def _known(self, part: str) -> dict[tuple[str, ...], Path]:
        """The lines of a part as they were, by what they are known by."""
        if part not in self._lines:
            self._lines[part] = {_key(part, at(self.original, path)): path for path in rows_of(part, self.original)}
        return self._lines[part]

    def _open(self, part: str | int) -> None:
        name = str(part)
        if name not in self.changed:
            self.changed[name] = deepcopy(self.original.get(name, {} if name in ("settings", "reasons") else []))

    def _settle(self, part: str | int) -> None:
        name = str(part)
        if _meant(self.changed[name]) == _meant(self.original.get(name)):
            del self.changed[name]


def _key(part: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    """What a line is known by."""
    return tuple(str(row.get(name, "")) for name in KEYS.get(part, ("code",)))


def _meant(value: Any) -> Any:
    """A part without the remarks that say nothing to the server."""
    if isinstance(value, list) and all(isinstance(row, dict) and REMARK in row for row in value):
        return [{name: cell for name, cell in row.items() if name != REMARK} for row in value]
    return value


def kept_draft(kept: Mapping[str, Any]) -> tuple[int, dict[str, Any], str] | None:
    """Base, changed parts and day of a draft that was kept on disk; None where none was, or it is damaged."""
    base, changed, day = kept.get("base"), kept.get("changed"), kept.get("day", "")
    if not isinstance(base, int) or not isinstance(changed, dict) or not changed or not isinstance(day, str):
        return None
    try:
        for part in changed:
            if part in COLUMNS and not all(isinstance(cell, str) for row in changed[part] for cell in row.values()):
                return None
            for path in rows_of("settings" if part == "reasons" else part, changed):
                at(changed, path)
    except (AttributeError, KeyError, IndexError, TypeError):
        return None
    return base, changed, day
