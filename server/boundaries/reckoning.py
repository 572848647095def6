"""What a change of boundaries would move: told before it is approved, and carried out by the same reckoning on its day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import shapely

from governance.incident import TERMINAL
from governance.places import CODE_DIGITS, Level
from governance.redivision import Ancestry, Descent, Moved, Outcome, ancestry, heir_of, homes_of_workers
from server.boundaries.checking import descents, descents_above
from server.boundaries.standing import Standing, differing
from server.ledger.ledger import Connection
from server.ledger.redivisions import AreaStands

_ENDED = [state.value for state in TERMINAL]
_INCIDENTS = (
    "SELECT id::text, number, grid, ST_X(place), ST_Y(place) FROM incident WHERE state <> ALL(%s) AND grid = ANY(%s) "
    "ORDER BY id"
)
_CAMERAS = (
    "SELECT id, name, grid_code, ST_X(place), ST_Y(place) FROM camera WHERE retired_at IS NULL AND grid_code = ANY(%s) "
    "ORDER BY id"
)
_WORKERS = (
    "SELECT w.staff, s.name || ' #' || w.number, w.grid_code FROM worker w JOIN staff s ON s.id = w.staff "
    "WHERE w.grid_code = ANY(%s) ORDER BY w.number"
)
_HELD = {
    "post": "SELECT id::text, title, scope FROM post ORDER BY id",
    "unit": "SELECT id::text, name, area_code FROM unit ORDER BY code",
    "wall": "SELECT code, title, area FROM wall ORDER BY code",
}


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a change does to everything that hangs on areas."""

    outcome: Outcome
    ended: tuple[str, ...]
    """Codes of areas that end as they were."""
    begun: tuple[str, ...]
    """Codes of areas that begin as they are."""
    heirs: tuple[Descent, ...]
    """Of every grid, those that stay what they were included."""


def reckon(
    connection: Connection, before: Mapping[str, AreaStands], now: Standing, chosen: Mapping[UUID, str], moment: datetime,
    back: Mapping[tuple[str, str], str] | None = None,
) -> Reckoned:  # fmt: skip
    """What moves where, by the ledger as this transaction sees it; Refused('no_heir') where something would hang on nothing.

    `back`: the area that a post, unit or wall (kind, id) goes back to, whatever the shares say.
    """
    ended, begun = differing(before, now)
    old = [before[code] for code in ended if before[code].level is Level.GRID]
    new = [now[code] for code in begun if now[code].level is Level.GRID]
    touched = descents(old, new) if old and new else []
    stay = [Descent(code, code, 1.0, 1.0) for code, each in before.items() if each.level is Level.GRID and code not in ended]
    heirs = (*touched, *stay)
    moved = [*_by_place(connection, old, new, touched), *_workers(connection, old, touched, chosen)]
    moved += _held(connection, heirs, frozenset(now), back or {})
    staffed = _staffed(connection, moved)
    empty = tuple(sorted(code for code, each in now.items() if each.level is Level.GRID and code not in staffed))
    outcome = Outcome(_ancestry(before, now, ended, begun, touched, heirs), tuple(moved), empty, moment)
    return Reckoned(outcome, ended, begun, heirs)


def _by_place(
    connection: Connection, old: Sequence[AreaStands], new: Sequence[AreaStands], touched: Sequence[Descent]
) -> list[Moved]:
    """Open incidents and cameras go to the grid they lie in now; one that lies in none follows its grid."""
    codes = [each.code for each in old]
    tree = shapely.STRtree([each.shape for each in new])
    moved = []
    incidents = connection.execute(_INCIDENTS, (_ENDED, codes)).fetchall()
    cameras = connection.execute(_CAMERAS, (codes,)).fetchall()
    for kind, rows in (("incident", incidents), ("camera", cameras)):
        for key, name, grid, lon, lat in rows:
            hits = tree.query(shapely.Point(lon, lat), predicate="intersects")
            home = min(new[hit].code for hit in hits) if len(hits) else heir_of(grid, touched, frozenset())
            if home != grid:
                moved.append(Moved(kind, key, name, grid, home))
    return moved


def _workers(
    connection: Connection, old: Sequence[AreaStands], touched: Sequence[Descent], chosen: Mapping[UUID, str]
) -> list[Moved]:
    """Workers of grids that are others now."""
    rows = connection.execute(_WORKERS, ([each.code for each in old],)).fetchall()
    homes = homes_of_workers([(staff, grid) for staff, _, grid in rows], touched, chosen)
    return [
        Moved("worker", str(staff), name, grid, homes[staff]) for staff, name, grid in rows if homes.get(staff, grid) != grid
    ]


def _held(
    connection: Connection, heirs: Sequence[Descent], codes: frozenset[str], back: Mapping[tuple[str, str], str]
) -> list[Moved]:
    """Posts, units and walls whose area has another code now, or whose area is gone."""
    moved = []
    for kind, asked in _HELD.items():
        for key, name, area in connection.execute(asked):
            home = back.get((kind, key)) or heir_of(area, heirs, codes)
            if home != area:
                moved.append(Moved(kind, key, name, area, home))
    return moved


def _staffed(connection: Connection, moved: Sequence[Moved]) -> frozenset[str]:
    """Grids that have a worker afterwards."""
    homes = {each.id: each.new for each in moved if each.kind == "worker"}
    rows = connection.execute("SELECT staff::text, grid_code FROM worker")
    return frozenset(str(homes.get(staff, grid)) for staff, grid in rows)


def _ancestry(
    before: Mapping[str, AreaStands], now: Standing, ended: Sequence[str], begun: Sequence[str],
    touched: Sequence[Descent], heirs: Sequence[Descent],
) -> tuple[Ancestry, ...]:  # fmt: skip
    """What became of every area that changed, the highest first."""
    sizes = {code: float(shapely.area(each.shape)) for code, each in before.items() if each.level is Level.GRID}
    sizes_now = {code: float(shapely.area(each.shape)) for code, each in now.items() if each.level is Level.GRID}
    found: list[Ancestry] = []
    for level in sorted(Level, reverse=True):
        digits = CODE_DIGITS[level]
        each_way = touched if level is Level.GRID else descents_above(heirs, sizes, sizes_now, digits)
        changed = {code for code in ended if len(code) == digits}
        fresh = {code for code in begun if len(code) == digits}
        mine = [each for each in each_way if each.old in changed or each.new in fresh]
        named = {code: (before[code].name, before[code].parent) for code in {each.old for each in mine} | changed}
        now_named = {code: (now[code].name, now[code].parent) for code in {each.new for each in mine}}
        found += ancestry(mine, named, now_named)
    return tuple(found)
