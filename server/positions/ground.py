"""The ground of the district: which grid a fix lies in, and how far outside the district is too far."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely

Degrees = npt.NDArray[np.float64]
GridRows = npt.NDArray[np.int32]

NOWHERE = -1
METRES_A_DEGREE = 111_195.0


class Ground:
    """The grids of one boundary edition, indexed once; asked by arrays of longitude and latitude.

    A grid is named by its row in `codes`. Not thread-safe: the positions loop owns it.
    """

    def __init__(self, codes: Sequence[str], polygons: Sequence[shapely.Geometry], margin_m: float = 500.0) -> None:
        """Index the grids; fixes up to `margin_m` outside all of them still belong to the district."""
        self.codes = tuple(codes)
        self._polygons = np.array(polygons, dtype=object)
        shapely.prepare(self._polygons)
        self._tree = shapely.STRtree(self._polygons)
        self._row_of = {code: row for row, code in enumerate(self.codes)}
        self._outline = _widened(self._polygons, margin_m)
        shapely.prepare(self._outline)
        self.streets, self.street_of = np.unique([code[:9] for code in self.codes] or ["none"], return_inverse=True)

    def row_of(self, code: str) -> int:
        """The row of a grid code, or NOWHERE."""
        return self._row_of.get(code, NOWHERE)

    def located(self, lon: Degrees, lat: Degrees, before: GridRows) -> GridRows:
        """The grid of each point, int32[k], NOWHERE outside all: the previous grid is tried first, then the tree.

        `before` is the grid each point's worker was in (NOWHERE where unknown). A point on a boundary belongs to the
        first grid of those that touch it, whatever it was before.
        """
        found = np.full(len(lon), NOWHERE, np.int32)
        known = np.flatnonzero(before >= 0)
        if len(known):
            inside = shapely.contains_xy(self._polygons[before[known]], lon[known], lat[known])
            found[known[inside]] = before[known[inside]]
        rest = np.flatnonzero(found < 0)
        if len(rest):
            found[rest] = self._asked_of_tree(lon[rest], lat[rest])
        return found

    def is_near(self, lon: Degrees, lat: Degrees) -> npt.NDArray[np.bool_]:
        """Whether each point lies in the district or within the margin around it."""
        near: npt.NDArray[np.bool_] = shapely.contains_xy(self._outline, lon, lat)
        return near

    def covered_by(self, scope: str) -> npt.NDArray[np.bool_]:
        """Which grids lie in an area, bool[grids]."""
        return np.array([code.startswith(scope) for code in self.codes], np.bool_)

    def _asked_of_tree(self, lon: Degrees, lat: Degrees) -> GridRows:
        """The lowest row among the grids that hold or touch each point."""
        found = np.full(len(lon), np.iinfo(np.int32).max, np.int32)
        points, grids = self._tree.query(shapely.points(lon, lat), predicate="intersects")
        np.minimum.at(found, points, grids.astype(np.int32))
        found[found == np.iinfo(np.int32).max] = NOWHERE
        return found


def _widened(polygons: npt.NDArray[np.object_], margin_m: float) -> shapely.Geometry:
    """The union of the grids, `margin_m` wider on every side (equirectangular about its own latitude)."""
    if not len(polygons):
        return shapely.Polygon()
    union = shapely.union_all(polygons)
    squeeze = math.cos(math.radians((union.bounds[1] + union.bounds[3]) / 2))
    scale = np.array([squeeze, 1.0])
    flat = shapely.transform(union, lambda points: points * scale)
    wide = shapely.simplify(shapely.buffer(flat, margin_m / METRES_A_DEGREE), 5.0 / METRES_A_DEGREE)
    return shapely.transform(wide, lambda points: points / scale)
