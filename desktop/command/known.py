"""What words of a line may stand for in the situation: incidents, workers, units, grids, categories; plain, main thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar
from uuid import UUID

from desktop.dispatch.initials import spellings
from desktop.seat import Seat
from governance.categories import Category
from governance.incident import Case
from governance.people import Unit, Worker

GRID_DIGITS = 15
T = TypeVar("T")


class Known:
    """Finds what a word names. Every answer is a list: one is meant, none is unknown, more are to be chosen from."""

    def __init__(self, seat: Seat) -> None:
        """Over the situation as it is whenever it is asked."""
        self._seat = seat

    def selected(self) -> UUID | None:
        """The selected incident, if it is still here."""
        chosen = self._seat.selection.incident
        return chosen if chosen in self._seat.situation.cases else None

    def incidents(self, word: str) -> list[Case]:
        """The incidents a number or its tail names; `.` is the selected one."""
        cases = self._seat.situation.cases
        if word == ".":
            chosen = self.selected()
            return [cases[chosen]] if chosen else []
        tail = word.upper().removeprefix("#")
        if not any(letter.isdigit() for letter in tail):
            return []
        if "-" in tail:
            return [case for case in cases.values() if case.incident.number.upper().endswith(tail)]
        return [case for case in cases.values() if case.incident.number.rpartition("-")[2].endswith(tail)]

    def workers(self, word: str) -> list[Worker]:
        """The workers a name, the initials of one, the beginning of either, or a number names; the nearest kind of match."""
        people, low = self._seat.situation.workers.people(), word.lower()
        digits = low.removeprefix("#").removesuffix("号").removesuffix("號")
        if digits.isdecimal():
            return [worker for worker in people if worker.number == int(digits)]
        return _best(people, low, lambda worker: (worker.name,))

    def units(self, word: str) -> list[Unit]:
        """The units a name, its initials, a part of it or a code names."""
        return _best(self._seat.situation.units.values(), word.lower(), lambda unit: (unit.code, unit.name))

    def grids(self, word: str) -> list[str]:
        """The codes of the grids a code, its tail, or a name with a number names: 景芳07."""
        names, low = self._seat.area_names, word.lower().removesuffix("网格")
        grids = {case.incident.grid for case in self._seat.situation.cases.values()}
        grids |= {worker.grid for worker in self._seat.situation.workers.people()} | set(names)
        codes = sorted(code for code in grids if len(code) == GRID_DIGITS)
        if low.replace("-", "").isdecimal():
            return [code for code in codes if code.endswith(low.replace("-", ""))]
        name = low.rstrip("0123456789")
        number = low[len(name) :]

        def told(code: str) -> tuple[str, ...]:
            return (names.get(code, ""), names.get(code[:12], ""))

        return [code for code in _best(codes, name.strip(), told) if not number or int(code[-3:]) == int(number)]

    def categories(self, word: str) -> list[Category]:
        """The leaves a code, a name in either language or its initials names."""
        leaves = [each for each in self._seat.situation.rules.categories.values() if each.is_leaf]
        return _best(leaves, word.lower(), lambda leaf: (leaf.code, leaf.name_zh, leaf.name_en.lower()))


def _best(things: Iterable[T], low: str, names: Callable[[T], Sequence[str]]) -> list[T]:
    """The things that fit best: by the whole name, by its beginning or whole initials, by a part or beginning of initials."""
    if not low:
        return []
    tiers: tuple[list[T], list[T], list[T]] = ([], [], [])
    for thing in things:
        tier = min(_tier(low, name) for name in names(thing))
        if tier < len(tiers):
            tiers[tier].append(thing)
    return next((found for found in tiers if found), [])


def _tier(low: str, name: str) -> int:
    """How well a word fits a name: 0 it is the name, 1 its beginning or its initials, 2 a part of it, 3 not at all."""
    named = name.lower()
    if low == named:
        return 0
    if not named:
        return 3
    if named.startswith(low):
        return 1
    if low.isascii() and not named.isascii():
        read = spellings(name)
        if low in read.split("\n"):
            return 1
        return 2 if any(way.startswith(low) for way in read.split("\n")) else 3
    return 2 if low in named else 3
