"""Grids without a worker or leader: who is warned, and whom to call so that somebody is assigned; plain."""

from __future__ import annotations

from datetime import datetime

from desktop.alarms.kinds import AlarmFact, AlarmKind, Priority
from desktop.seat import Seat
from governance.people import Role
from governance.places import CODE_DIGITS, Level
from governance.staffing import unstaffed

WARNED = frozenset({Role.GIS_STAFF, Role.SHIFT_LEAD})
MOST_NAMED = 3
OFFICES = ("community_office", "street_centre")
"""Who assigns somebody to a grid, the nearest first."""


def bare_grids(seat: Seat) -> tuple[str, ...]:
    """The grids within the scope of the post that have nobody; none where the desk knows no town or no workers."""
    people = seat.situation.workers.people()
    grids = [code for code in seat.area_names if len(code) == CODE_DIGITS[Level.GRID] and code.startswith(seat.officer.scope)]
    return unstaffed(grids, people) if people else ()


def whom_to_call(seat: Seat, grids: tuple[str, ...]) -> str:
    """The offices that assign somebody to these grids, the first few by name."""
    at = {(unit.area, unit.kind): unit.name for unit in seat.situation.units.values()}
    names = []
    for grid in grids:
        areas = (grid[: CODE_DIGITS[Level.COMMUNITY]], grid[: CODE_DIGITS[Level.STREET]])
        office = next((at[where] for where in zip(areas, OFFICES, strict=True) if where in at), "")
        names.append(office or seat.area_names.get(areas[0], areas[0]))
    return _few(seat, names)


def where_nobody_is(seat: Seat, grids: tuple[str, ...]) -> str:
    """The grids by name, the first few."""
    return _few(seat, [seat.place_short(grid, "") for grid in grids])


def _few(seat: Seat, names: list[str]) -> str:
    different = list(dict.fromkeys(names))
    said = seat.words("list").join(different[:MOST_NAMED])
    return f"{said}…" if len(different) > MOST_NAMED else said


class StaffWatch:
    """Since when which grids have had nobody, as far as this desk has seen."""

    def __init__(self, seat: Seat) -> None:
        """Nothing was looked at."""
        self._seat = seat
        self._seen: dict[str, datetime] = {}

    def facts(self) -> tuple[AlarmFact, ...]:
        """One alarm for all of them, at the posts that see to it; another grid is another turn."""
        if self._seat.officer.role not in WARNED:
            return ()
        grids, now = bare_grids(self._seat), self._seat.now()
        self._seen = {grid: self._seen.get(grid, now) for grid in grids}
        if not grids:
            return ()
        since = max(self._seen.values())
        return (AlarmFact(AlarmKind.UNSTAFFED, None, "", "", since, Priority.LOW, 2, ",".join(grids)),)
