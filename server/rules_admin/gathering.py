"""Makes rules out of files and of the rules they are to follow; everything wrong in them, each with file, line and column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid5

from governance.category_text import read_categories
from governance.mistakes import Mistake, Path, Row
from governance.rules import Rules
from governance.rules_text import read_days, read_duties, read_limits, read_reasons, read_settings
from governance.rules_whole import mistakes_of
from server.rules_admin.sources import Source
from server.rules_admin.toml_places import Place

NOWHERE = UUID("0b7f3f0a-6d1e-5d0a-9a51-0d9a8f2b4c6e")
TARGETS = {"root": "root", "limit": "limit", "limits": "limit", "reasons": "reasons", "settings": "settings"}
"""What a part of a file is about; the others are about themselves."""
ABOUT = {
    **dict.fromkeys(("limit_missing", "limit_of_unknown"), ("limit", "root")),
    **dict.fromkeys(("no_lead", "duty_of_unknown"), ("duties", "root", "settings")),
    "no_queue": ("settings",),
    **dict.fromkeys(("category_in_use", "roots_missing"), ("root",)),
}
"""Which part is to blame for what no line shows, the first that was handed in."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the ledger knows beside the rules, on the day they are to take force."""

    units: Mapping[str, UUID]
    """Ids by code."""
    areas: frozenset[str]
    grids: tuple[str, ...]
    queue_units: Mapping[str, UUID]
    backstop_units: Mapping[str, UUID]
    in_use: Mapping[str, tuple[str, ...]]
    """Numbers of open incidents by category."""


@dataclass(frozen=True, slots=True)
class Found:
    """A mistake, and where: file, line, column; `first`: the line of what it clashes with, 0 where it clashes with nothing."""

    file: str
    place: Place
    mistake: Mistake
    first: int = 0


def gather(base: Rules, sources: Sequence[Source], known: Known | None) -> tuple[Rules, tuple[Found, ...]]:
    """The rules as they would be, and everything wrong; rules with mistakes are good for nothing.

    Without `known`, units and areas are believed and leads are not looked for.
    """
    gathering = _Gathering(base, sources, known)
    gathering.read()
    return gathering.rules, tuple(gathering.found())


class _Gathering:
    """One reading of several files."""

    def __init__(self, base: Rules, sources: Sequence[Source], known: Known | None) -> None:
        self.rules = base
        self._base = base
        self._sources = sources
        self._known = known
        self._of: dict[str, Source] = {}
        self._noted: list[tuple[Source, list[Mistake]]] = [(source, list(source.mistakes)) for source in sources]

    def read(self) -> None:
        """Every part in the order in which they lean on one another; then the whole, where each part is right."""
        for source, mistakes in self._noted:
            for part in source.parts:
                about = TARGETS.get(part, part)
                if about in self._of:
                    mistakes.append(Mistake((part,), "part_twice", {"part": about, "file": self._of[about].name}))
                else:
                    self._of[about] = source
        if self._known is not None:
            known = self._known
            self.rules = replace(self.rules, queue_units=dict(known.queue_units), backstop_units=dict(known.backstop_units))
        for about, read in (
            ("root", self._read_categories),
            ("reasons", self._read_reasons),
            ("settings", self._read_settings),
            ("limit", self._read_limits),
            ("duties", self._read_duties),
            ("calendar", self._read_days),
        ):
            if about in self._of:
                read(self._of[about])
        if not any(mistakes for _, mistakes in self._noted):
            self._read_whole()

    def found(self) -> Iterable[Found]:
        """What is wrong, file by file, from the top of each."""
        for source, mistakes in self._noted:
            each = [Found(source.name, source.place(m.path), m, source.place(m.first).line if m.first else 0) for m in mistakes]
            yield from sorted(each, key=lambda one: (one.place.line, one.place.column))

    def _mistakes(self, source: Source) -> list[Mistake]:
        """Where the mistakes of a file are noted."""
        return next(mistakes for each, mistakes in self._noted if each is source)

    def _top(self, source: Source) -> Row:
        """The whole of a file as a row."""
        return Row(source.parts, (), self._mistakes(source))

    def _read_categories(self, source: Source) -> None:
        categories = read_categories(self._top(source).rows("root"))
        icons = {category.icon for category in self._base.categories.values()}
        for path, row in _tables(source.parts["root"], ("root",)):
            icon = row.get("icon")
            if isinstance(icon, str) and icon and icon not in icons:
                self._mistakes(source).append(Mistake((*path, "icon"), "icon_unknown", {"icon": icon[:80]}))
        self.rules = replace(self.rules, categories=categories)

    def _read_reasons(self, source: Source) -> None:
        row = self._top(source).row("reasons")
        if row is not None:
            self.rules = replace(self.rules, reason_codes=read_reasons(row))

    def _read_settings(self, source: Source) -> None:
        row = self._top(source).row("settings")
        if row is not None:
            self.rules = read_settings(row, self.rules)

    def _read_limits(self, source: Source) -> None:
        part = "limit" if "limit" in source.parts else "limits"
        self.rules = replace(self.rules, limits=read_limits(self._top(source).rows(part), self._codes()))

    def _read_duties(self, source: Source) -> None:
        rows = self._top(source).rows("duties")
        units = (
            self._known.units if self._known else {code: uuid5(NOWHERE, code) for row in rows if (code := row.raw.get("unit"))}
        )
        areas = self._known.areas if self._known else None
        self.rules = replace(self.rules, duty_matrix=read_duties(rows, self._codes(), units, areas))

    def _read_days(self, source: Source) -> None:
        days = read_days(self._top(source).rows("calendar"), self.rules.calendar)
        self.rules = replace(self.rules, calendar=days)

    def _codes(self) -> frozenset[str]:
        """Codes a line may name."""
        return frozenset(self.rules.categories)

    def _read_whole(self) -> None:
        """What no line shows is laid to the first part that could be to blame."""
        wrong = mistakes_of(self.rules, self._known.grids if self._known else ())
        for code, numbers in sorted((self._known.in_use if self._known else {}).items()):
            if code in self._base.categories and code not in self.rules.categories:
                said = ", ".join(numbers[:3]) + (" …" if len(numbers) > 3 else "")
                wrong.append(Mistake((), "category_in_use", {"category": code, "count": str(len(numbers)), "numbers": said}))
        for mistake in wrong:
            to_blame = [self._of[part] for part in ABOUT.get(mistake.code, ()) if part in self._of]
            if to_blame or self._sources:
                self._mistakes((to_blame or list(self._sources))[0]).append(mistake)


def _tables(value: Any, path: Path) -> Iterable[tuple[Path, dict[str, Any]]]:
    """Roots and leaves with their paths, whatever else there is."""
    for ordinal, row in enumerate(value if isinstance(value, list) else ()):
        if isinstance(row, dict):
            yield (*path, ordinal), row
            yield from _tables(row.get("leaf"), (*path, ordinal, "leaf"))
