"""The ground in squares of 50 m: in which of them a worker's phone was lately, and which of them lie in which grid."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
import shapely

from server.ledger.grids import Grids
from server.ledger.ledger import Connection

SQUARE_M = 50.0
LATELY = timedelta(hours=24)
NEAR_ENOUGH_M = 50.0
"""A position that may be farther off shows nobody in a square."""
ARRIVES_WITHIN = timedelta(minutes=15)
"""Later fixes are found when everything is read anew."""
ANEW_EVERY = timedelta(hours=1)
METRES_A_DEGREE = 111_320.0
_SEEN = (
    "SELECT floor(ST_X(place) / %s)::bigint, floor(ST_Y(place) / %s)::bigint, extract(epoch FROM max(at))::float8 "
    "FROM worker_position WHERE at > %s AND at <= %s AND accuracy_m <= %s GROUP BY 1, 2"
)
Keys = npt.NDArray[np.int64]


class Squares:
    """The squares whose middle lies in a grid."""

    def __init__(self, grids: Grids) -> None:
        """Of one set of boundaries. A grid that holds no middle counts the square that one of its points lies in."""
        self.grids = grids
        bounds = shapely.bounds(grids.polygons) if len(grids.codes) else np.zeros((0, 4))
        middle = math.radians(float(bounds[:, [1, 3]].mean())) if len(bounds) else 0.0
        self.lat_step = SQUARE_M / METRES_A_DEGREE
        self.lon_step = self.lat_step / math.cos(middle)
        steps = np.array([self.lon_step, self.lat_step, self.lon_step, self.lat_step])
        low, high = np.floor(bounds / steps)[:, :2].astype(np.int64), np.floor(bounds / steps)[:, 2:].astype(np.int64)
        keys = [self._within(polygon, *box) for polygon, *box in zip(grids.polygons, low, high, strict=True)]
        self.count = np.array([len(each) for each in keys], np.int64)
        every = np.concatenate(keys) if keys else np.zeros(0, np.int64)
        order = np.argsort(every, kind="stable")
        self._keys, self._grid = every[order], np.repeat(np.arange(len(keys)), self.count)[order]

    def _within(self, polygon: shapely.Polygon, low: Keys, high: Keys) -> Keys:
        across, up = (axis.ravel() for axis in np.meshgrid(*(np.arange(a, b + 1) for a, b in zip(low, high, strict=True))))
        inside = shapely.contains_xy(polygon, (across + 0.5) * self.lon_step, (up + 0.5) * self.lat_step)
        if inside.any():
            return key_of(across[inside], up[inside])
        point = shapely.point_on_surface(polygon)
        return key_of(np.array([math.floor(point.x / self.lon_step)]), np.array([math.floor(point.y / self.lat_step)]))

    def percent(self, seen: Keys) -> npt.NDArray[np.int64]:
        """How many percent of the squares of each grid were seen, int64[grids]; 0 only where none was, 100 only where all."""
        kept = np.isin(self._keys, seen)
        held = np.bincount(self._grid[kept], minlength=len(self.count))
        part = np.minimum(-(-held * 100 // np.maximum(self.count, 1)), 99)
        return np.where(held < self.count, part, 100).astype(np.int64)


class GroundSeen:
    """When each square was last seen; read on from where it was read before. One thread."""

    def __init__(self) -> None:
        """Nothing is read."""
        self._squares: Squares | None = None
        self._keys, self._at_s = np.zeros(0, np.int64), np.zeros(0)
        self._read_at: datetime | None = None
        self._anew_at: datetime | None = None

    def percent(self, connection: Connection, grids: Grids, now: datetime) -> npt.NDArray[np.int64]:
        """Percent of the squares of each grid, in the order of its codes, in which somebody was within 24 hours."""
        if self._squares is None or self._squares.grids is not grids:
            self._squares, self._read_at = Squares(grids), None
        self._read_on(connection, self._squares, now)
        lately = self._at_s > (now - LATELY).timestamp()
        return self._squares.percent(self._keys[lately])

    def _read_on(self, connection: Connection, squares: Squares, now: datetime) -> None:
        if self._read_at is None or self._anew_at is None or now - self._anew_at > ANEW_EVERY:
            since, self._anew_at = now - LATELY, now
            self._keys, self._at_s = np.zeros(0, np.int64), np.zeros(0)
        else:
            since = self._read_at - ARRIVES_WITHIN
        rows = connection.execute(_SEEN, (squares.lon_step, squares.lat_step, since, now, NEAR_ENOUGH_M)).fetchall()
        self._read_at = now
        if not rows:
            return
        fresh = np.array(rows, np.float64)
        keys = np.concatenate([self._keys, key_of(fresh[:, 0].astype(np.int64), fresh[:, 1].astype(np.int64))])
        at_s = np.concatenate([self._at_s, fresh[:, 2]])
        order = np.lexsort((at_s, keys))
        newest = np.append(keys[order][1:] != keys[order][:-1], True)
        self._keys, self._at_s = keys[order][newest], at_s[order][newest]


def key_of(across: Keys, up: Keys) -> Keys:
    """One number for each square."""
    return np.asarray((across << 32) + up, np.int64)
