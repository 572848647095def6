"""Where somebody has been: a track of any length, made once into lines of fewer and fewer fixes; no Qt, no clock.

track = Track.of("W17", lon, lat, at_s, name="李建国")       # WGS 84, seconds UTC; in any order, NaN left out
canvas.show_tracks([track], until=moment)                   # again with another moment while it plays: nothing is sent
canvas.show_tracks([])                                      # none any more
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from desktop.map.grid_raster import GridRaster
from desktop.map.simplify import importance_m
from desktop.map.tiles import Box
from gis_data.town.plane import Plane

Floats = NDArray[np.float64]
Rows = NDArray[np.int32]

GAP_S = 300.0
"""Between two fixes farther apart in time nobody knows the way: it is drawn dashed."""

FASTEST_M_S, SLACK_M = 60.0, 150.0
"""A way that is longer than this much and this fast is impossible, as for a fix that arrives; it is not drawn."""

TOLERANCES_M = (0.0, *(0.5 * 2.0**step for step in range(12)))
"""How far a fix may lie from the line that leaves it out, for each level of detail."""

TOLERANCE_PX = 0.5
SPEEDS_M_S = (0.5, 2.0, 5.0, 10.0, 20.0)
"""Where one class of speed ends: standing, walking, cycling, in traffic, driving, faster."""


class Stretch(IntEnum):
    """What is known of the way from one fix to the next."""

    SEEN = 0
    UNSEEN = 1
    IMPOSSIBLE = 2


class Colouring(IntEnum):
    """What the colour of a line tells: whose it is, when it was, or how fast."""

    OWN = 0
    TIME = 1
    SPEED = 2


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """Fixes of one worker in the order of their times; make it with `of`, and only once for the same fixes."""

    id: str
    name: str
    lon: Floats
    """float64[n], degrees WGS 84."""
    lat: Floats
    at_s: Floats
    """float64[n], seconds UTC, ascending, no two equal."""
    left_out: int = 0
    """How many fixes had no place or time, or the time of another."""

    def __len__(self) -> int:
        """How many fixes there are."""
        return len(self.at_s)

    @classmethod
    def of(cls, id_: str, lon: Floats, lat: Floats, at_s: Floats, name: str = "") -> Track:
        """A track of fixes in any order; the first of several at one time stays, fixes without a place are left out."""
        lon, lat, at_s = (np.asarray(each, np.float64).ravel() for each in (lon, lat, at_s))
        if not len(lon) == len(lat) == len(at_s):
            raise ValueError("a track needs as many longitudes as latitudes and times")
        good = np.isfinite(lon) & np.isfinite(lat) & np.isfinite(at_s) & (np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0)
        rows = np.nonzero(good)[0]
        rows = rows[np.argsort(at_s[rows], kind="stable")]
        rows = rows[np.diff(at_s[rows], prepend=-np.inf) > 0.0]
        return cls(id_, name or id_, lon[rows], lat[rows], at_s[rows], len(lon) - len(rows))


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody was at a moment, plane metres."""

    x: float
    y: float
    row: int
    """The fix at or before the moment."""
    is_seen: bool
    """Whether somebody saw it: not amid an unseen stretch, nor past the last fix."""


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """A track in the drawing plane, at every level of detail."""

    track: Track
    xy: Floats
    """float64[n, 2], plane metres."""
    stretch: NDArray[np.uint8]
    """uint8[n - 1], Stretch after each fix."""
    speed_m_s: NDArray[np.float32]
    """float32[n - 1], after each fix."""
    grid: Rows
    """int32[n], number of the grid each fix lies in; -1 outside all of them."""
    levels: tuple[Rows, ...]
    """For each tolerance the fixes that are kept, int32[k] ascending."""

    @classmethod
    def of(cls, track: Track, plane: Plane, raster: GridRaster) -> Way:
        """The way of a track, fixes far off the plane left out; 0.6 s for 200,000, so long ones are made on another thread."""
        xy = plane.to_plane(track.lon, track.lat) if len(track) else np.zeros((0, 2))
        on_plane = np.isfinite(xy).all(axis=1)
        if not on_plane.all():
            parts = (track.lon[on_plane], track.lat[on_plane], track.at_s[on_plane])
            track = Track(track.id, track.name, *parts, track.left_out + int((~on_plane).sum()))
            xy = xy[on_plane]
        took_s, went_m = np.diff(track.at_s), np.hypot(*np.diff(xy, axis=0).T)
        stretch = np.where(took_s > GAP_S, Stretch.UNSEEN, Stretch.SEEN).astype(np.uint8)
        stretch[went_m > SLACK_M + FASTEST_M_S * took_s] = Stretch.IMPOSSIBLE
        matters = importance_m(xy, np.where(stretch == Stretch.SEEN, 0.0, went_m))
        levels = tuple(np.nonzero(matters >= tolerance)[0].astype(np.int32) for tolerance in TOLERANCES_M)
        return cls(track, xy, stretch, (went_m / took_s).astype(np.float32), raster.at(*xy.T), levels)

    @property
    def at_s(self) -> Floats:
        """Seconds UTC of the fixes, ascending."""
        return self.track.at_s

    def pieces(self, level: int, box: Box) -> tuple[Rows, Rows]:
        """First and last fix of the pieces of line at a level that may lie in a box, int32[k] each."""
        kept = self.levels[level]
        first, last = kept[:-1], kept[1:]
        west, south, east, north = box
        x, y = self.xy[kept, 0], self.xy[kept, 1]
        inside = (np.minimum(x[:-1], x[1:]) <= east) & (np.maximum(x[:-1], x[1:]) >= west)
        inside &= (np.minimum(y[:-1], y[1:]) <= north) & (np.maximum(y[:-1], y[1:]) >= south)
        return first[inside], last[inside]

    def known(self, first: Rows, last: Rows) -> NDArray[np.uint8]:
        """What is known of pieces of line, Stretch each; a longer piece holds no gap that could be seen."""
        return np.where(last - first == 1, self.stretch[first], Stretch.SEEN).astype(np.uint8)

    def spot(self, moment_s: float) -> Spot | None:
        """Where somebody was at a moment: on the way between two fixes, or where an unseen stretch began; None before all."""
        row = int(np.searchsorted(self.at_s, moment_s, "right")) - 1
        if row < 0:
            return None
        x, y = self.xy[row].tolist()
        if row == len(self.at_s) - 1:
            return Spot(x, y, row, moment_s <= self.at_s[row])
        if self.stretch[row] != Stretch.SEEN:
            return Spot(x, y, row, moment_s == self.at_s[row])
        share = (moment_s - self.at_s[row]) / (self.at_s[row + 1] - self.at_s[row])
        x, y = (self.xy[row] + (self.xy[row + 1] - self.xy[row]) * share).tolist()
        return Spot(x, y, row, True)


def level_at(metres_per_pixel: float) -> int:
    """The level of detail of a scale: no fix that is left out lies half a pixel from the line."""
    return max(int(np.searchsorted(TOLERANCES_M, TOLERANCE_PX * metres_per_pixel, "right")) - 1, 0)


def speed_class(speed_m_s: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The class of each speed, 0 (standing) to 5."""
    return np.searchsorted(SPEEDS_M_S, speed_m_s, "right").astype(np.uint8)
