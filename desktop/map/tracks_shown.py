"""The tracks on the map: which part of them at which level of detail, and what marks stand on them; no Qt. Main thread only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from desktop.map.oblique import Oblique
from desktop.map.picking import Found
from desktop.map.tiles import Box
from desktop.map.tracks import TOLERANCES_M, Colouring, Spot, Stretch, Way, level_at, speed_class
from desktop.map.viewpoint import Viewpoint

if TYPE_CHECKING:
    from desktop.map.shown import Shown

STROKE = np.dtype([("ends", "<f4", (2, 2)), ("grids", "<i4", 2), ("times", "<u4", 2), ("look", "u1", 4)])
"""What the shader reads for one piece of line, 36 bytes: look[0] is its tint, look[1] its Stretch."""

TINTS = 6
TICKS_A_SECOND = 10.0
MARGIN = 0.15
"""How far beyond the picture pieces are gathered, as a share of its width and height."""

COARSER = 2.0
"""How many times the tolerance holds while the view turns or zooms."""

MOST_WHILE_MOVING = 6_000
"""More pieces than that are thinned out further for as long as the view turns or zooms."""

REACH_PX = 7.0
ARROW_CELL_PX, SHORTEST_WITH_ARROW_PX = 110.0, 13.0


@dataclass(frozen=True, slots=True, eq=False)
class Strokes:
    """Pieces of line gathered for some ground at one level of detail."""

    records: NDArray[np.void]
    """STROKE[k], way after way, each in the order of time."""
    way: NDArray[np.int32]
    """int32[k], number of the way each belongs to."""
    rows: NDArray[np.int32]
    """int32[k, 2], the fixes at its ends."""

    def __len__(self) -> int:
        """How many there are."""
        return len(self.way)

    def runs(self, since: int, until: int, after: int = -1) -> list[tuple[int, int]]:
        """First and end of the rows of each way that lie within a period, in ticks, and were not finished by another."""
        found = []
        ends = np.searchsorted(self.way, np.arange(1, int(self.way.max(initial=-1)) + 2)).tolist()
        for first, end in pairwise([0, *ends]):
            begin_at, end_at = self.records["times"][first:end].T
            low = max(int(np.searchsorted(begin_at, since)), int(np.searchsorted(end_at, after, "right")) if after >= 0 else 0)
            high = int(np.searchsorted(end_at, max(until, 0), "right")) if until >= 0 else 0
            if low < high:
                found.append((first + low, first + high))
        return found

    @classmethod
    def none(cls) -> Strokes:
        """No piece at all."""
        return cls(np.zeros(0, STROKE), np.zeros(0, np.int32), np.zeros((0, 2), np.int32))


@dataclass(frozen=True, slots=True, eq=False)
class Arrows:
    """Where arrows stand and which way they point, sparsely."""

    xy: NDArray[np.float64]
    along: NDArray[np.float64]
    grid: NDArray[np.int32]
    times: NDArray[np.uint32]
    tint: NDArray[np.uint8]

    def within(self, since: int, until: int, after: int = -1) -> NDArray[np.int64]:
        """Rows of the arrows on what was walked within a period, in ticks, and not finished by another."""
        end = self.times[:, 1].astype(np.int64)
        return np.nonzero((self.times[:, 0] >= since) & (end <= until) & (end > after))[0]


class TracksShown:
    """Ways, the period of them that is shown, and what is gathered of them for the view."""

    def __init__(self) -> None:
        """No track."""
        self.ways: tuple[Way, ...] = ()
        self.colouring = Colouring.TIME
        self.since_s, self.until_s = -np.inf, np.inf
        self.begin_s = 0.0
        self.gathered = 0
        """How often pieces were gathered; who draws uploads them when it changed."""
        self.strokes, self.arrows = Strokes.none(), _no_arrows()
        self.level = 0
        """The level of detail of what is gathered."""
        self._for: tuple[tuple[int, bool], Box] | None = None
        self._arrows_for: tuple[object, ...] = ()

    def show(self, ways: Sequence[Way], colouring: Colouring, since_s: float, until_s: float) -> None:
        """These ways and no others, in this period."""
        if len(ways) != len(self.ways) or any(new is not old for new, old in zip(ways, self.ways, strict=True)):
            self.ways = tuple(way for way in ways if len(way.at_s))
            self.begin_s = min((float(way.at_s[0]) for way in self.ways), default=0.0)
            self._for = None
        if colouring != self.colouring:
            self.colouring, self._for = colouring, None
        self.since_s, self.until_s = since_s, until_s

    def ticks(self) -> tuple[int, int]:
        """First and last tick of the period that is shown, as in the times of strokes."""
        low, high = ((moment - self.begin_s) * TICKS_A_SECOND for moment in (self.since_s, self.until_s))
        return int(np.clip(np.ceil(low), 0, 2**32 - 1)), int(np.clip(np.floor(high), -1, 2**32 - 1))

    def gather(self, oblique: Oblique, metres_per_pixel: float, raise_m: float, *, moving: bool = False) -> Strokes:
        """The pieces of line around a view, gathered anew where those of before no longer serve; fewer while it moves."""
        level = level_at(metres_per_pixel * (COARSER if moving else 1.0))
        west, south, east, north = oblique.ground_box(8.0, raise_m)
        is_there = self._for is not None and self._for[0] == (level, moving)
        if is_there and self._for is not None:
            low_x, low_y, high_x, high_y = self._for[1]
            is_there = low_x <= west and low_y <= south and high_x >= east and high_y >= north
        if not is_there:
            wide, deep = (east - west) * MARGIN, (north - south) * MARGIN
            box = (west - wide, south - deep, east + wide, north + deep)
            self._for, self._arrows_for, self.level = ((level, moving), box), (), level
            self.strokes = self._within(level, box)
            while moving and len(self.strokes) > MOST_WHILE_MOVING and self.level < len(TOLERANCES_M) - 1:
                self.level += 1
                self.strokes = self._within(self.level, box)
            self.gathered += 1
        return self.strokes

    def _within(self, level: int, box: Box) -> Strokes:
        parts = [self._of(way, number, level, box) for number, way in enumerate(self.ways)]
        return _joined(parts) if parts else Strokes.none()

    def point(self, oblique: Oblique) -> Arrows:
        """Arrows for the pieces gathered last."""
        key = (self.gathered, oblique.viewpoint.shape)
        if key != self._arrows_for:
            self._arrows_for, self.arrows = key, _arrows(self.strokes, oblique.viewpoint)
        return self.arrows

    def spots(self) -> list[tuple[int, tuple[Way, Spot]]]:
        """Number, way and place of everybody at the last moment that is shown; nobody where the tracks are shown whole."""
        if not np.isfinite(self.until_s):
            return []
        found = ((number, way, way.spot(self.until_s)) for number, way in enumerate(self.ways))
        return [(number, (way, spot)) for number, way, spot in found if spot is not None and way.at_s[-1] >= self.since_s]

    def tint_of(self, number: int, row: int) -> int:
        """The tint of a way at one of its fixes."""
        way = self.ways[number]
        first = np.array([max(min(row, len(way.at_s) - 2), 0)], np.int32)
        last = np.minimum(first + 1, len(way.at_s) - 1).astype(np.int32)
        return int(self._tints(way, number, first, last)[0])

    def heads(self) -> Strokes:
        """The piece of each way from its last fix drawn to where its mark stands."""
        parts = []
        for number, way in enumerate(self.ways):
            spot = way.spot(self.until_s) if np.isfinite(self.until_s) else None
            if spot is None or spot.row >= len(way.at_s) - 1:
                continue
            kept = way.levels[self.level]
            row = int(kept[np.searchsorted(kept, spot.row, "right") - 1])
            if way.at_s[row] < self.since_s or (spot.row == row and not spot.is_seen):
                continue
            head = self._records(way, number, np.array([row], np.int32), np.array([spot.row + 1], np.int32))
            head.records["ends"][0, 1] = (spot.x, spot.y)
            head.records["times"] = self.ticks()[1]
            parts.append(head)
        return _joined(parts) if parts else Strokes.none()

    def fix_at(self, shown: Shown, oblique: Oblique, px: float, py: float) -> Found | None:
        """The fix whose part of the line a pixel shows, id TRACK#ROW; None where no line is near."""
        strokes = self.strokes
        if len(strokes) == 0:
            return None
        since, until = self.ticks()
        times = strokes.records["times"].astype(np.int64)
        drawn = (times[:, 0] >= since) & (times[:, 1] <= until) & (strokes.records["look"][:, 1] == Stretch.SEEN)
        ends = screen_of(shown, oblique, strokes.records, oblique.viewpoint.metres_per_pixel)
        near = (ends.min(axis=1) <= (px + REACH_PX, py + REACH_PX)).all(axis=1) & drawn
        near &= (ends.max(axis=1) >= (px - REACH_PX, py - REACH_PX)).all(axis=1)
        rows = np.nonzero(near)[0]
        if len(rows) == 0:
            return None
        away = _away_px(ends[rows], np.array([px, py]))
        best = int(rows[away.argmin()])
        if away.min() > REACH_PX:
            return None
        way = self.ways[int(strokes.way[best])]
        first, last = strokes.rows[best].tolist()
        z = shown.height_at(way.grid[first : last + 1], oblique.viewpoint.metres_per_pixel)
        fixes = oblique.screen(way.xy[first : last + 1, 0], way.xy[first : last + 1, 1], z)
        row = first + int(np.hypot(*(fixes - (px, py)).T).argmin())
        return Found("fix", f"{way.track.id}#{row}")

    def fix(self, id_: str) -> tuple[Way, int] | None:
        """The way and row of a fix by its id; None where it is shown no more."""
        name, _, row = id_.rpartition("#")
        for way in self.ways:
            if way.track.id == name and row.isdecimal() and int(row) < len(way.at_s):
                return way, int(row)
        return None

    def _of(self, way: Way, number: int, level: int, box: Box) -> Strokes:
        first, last = way.pieces(level, box)
        known = way.known(first, last) != Stretch.IMPOSSIBLE
        return self._records(way, number, first[known], last[known])

    def _records(self, way: Way, number: int, first: NDArray[np.int32], last: NDArray[np.int32]) -> Strokes:
        records = np.zeros(len(first), STROKE)
        records["ends"][:, 0], records["ends"][:, 1] = way.xy[first], way.xy[last]
        records["grids"][:, 0], records["grids"][:, 1] = way.grid[first], way.grid[last]
        for end, rows in enumerate((first, last)):
            records["times"][:, end] = np.round((way.at_s[rows] - self.begin_s) * TICKS_A_SECOND)
        records["look"][:, 0] = self._tints(way, number, first, last)
        records["look"][:, 1] = way.known(first, last)
        return Strokes(records, np.full(len(first), number, np.int32), np.stack([first, last], axis=1))

    def _tints(self, way: Way, number: int, first: NDArray[np.int32], last: NDArray[np.int32]) -> NDArray[np.uint8]:
        if self.colouring == Colouring.OWN:
            return np.full(len(first), number % TINTS, np.uint8)
        if self.colouring == Colouring.TIME:
            begin_s, end_s = float(way.at_s[0]), float(way.at_s[-1])
            share = (way.at_s[first] - begin_s) / max(end_s - begin_s, 1e-9)
            return np.minimum(share * TINTS, TINTS - 1).astype(np.uint8)
        went_m = np.hypot(*(way.xy[last] - way.xy[first]).T)
        took_s = np.maximum(way.at_s[last] - way.at_s[first], 1e-9)
        return speed_class((went_m / took_s).astype(np.float32))


def screen_of(shown: Shown, oblique: Oblique, records: NDArray[np.void], metres_per_pixel: float) -> NDArray[np.float64]:
    """Pixels float64[k, 2, 2] of both ends of strokes; the scale, of logical pixels, says how high their grids stand."""
    z = shown.height_at(records["grids"].ravel(), metres_per_pixel).reshape(-1, 2)
    return oblique.screen(records["ends"][..., 0], records["ends"][..., 1], z)


def _joined(parts: Sequence[Strokes]) -> Strokes:
    records, way, rows = (np.concatenate([getattr(part, name) for part in parts]) for name in ("records", "way", "rows"))
    return Strokes(records, way, rows)


def _away_px(ends: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pixels float64[k] from a pixel to pieces of line."""
    along, away = ends[:, 1] - ends[:, 0], at - ends[:, 0]
    length2 = np.maximum((along**2).sum(axis=1), 1e-9)
    share = np.clip((along * away).sum(axis=1) / length2, 0.0, 1.0)
    return np.asarray(np.hypot(*(away - along * share[:, None]).T))


def _no_arrows() -> Arrows:
    places = np.zeros((0, 2))
    return Arrows(places, places, np.zeros(0, np.int32), np.zeros((0, 2), np.uint32), np.zeros(0, np.uint8))


def _arrows(strokes: Strokes, viewpoint: Viewpoint) -> Arrows:
    """One arrow on each way in each cell of the picture, on the piece long enough that is nearest to its middle."""
    records = strokes.records
    ends = Oblique(viewpoint, 0.0, 0.0).screen(records["ends"][..., 0], records["ends"][..., 1])
    length = np.hypot(*(ends[:, 1] - ends[:, 0]).T)
    rows = np.nonzero((length >= SHORTEST_WITH_ARROW_PX) & (records["look"][:, 1] == Stretch.SEEN))[0]
    middle = ends[rows].mean(axis=1) / ARROW_CELL_PX
    rows, middle = (each[np.abs(middle % 1.0 - 0.5).max(axis=1).argsort(kind="stable")] for each in (rows, middle))
    cell = np.column_stack([strokes.way[rows], np.floor(middle)])
    _, first = np.unique(cell, axis=0, return_index=True)
    chosen = records[rows[np.sort(first)]]
    xy = chosen["ends"].astype(np.float64)
    return Arrows(xy.mean(axis=1), xy[:, 1] - xy[:, 0], chosen["grids"][:, 0], chosen["times"], chosen["look"][:, 0])
