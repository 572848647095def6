"""Which grid a place lies in, exactly: the borders in degrees as the town's pack has them, asked as the server asks; no Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_data.town.pack import AreasPack
from governance.places import Level

OUTSIDE = -1


@dataclass(frozen=True, slots=True, eq=False)
class Borders:
    """The polygons of the grids, numbered as the scene numbers them; nothing is rounded."""

    lonlat: NDArray[np.float64]
    """float64[n, 2], degrees; closed rings one after the other."""
    rings: NDArray[np.int64]
    """Where each ring begins in `lonlat`, and its end."""
    polygons: NDArray[np.int64]
    """The first ring of each polygon, its shell; then its holes."""
    grids: NDArray[np.int64]
    """The first polygon of each grid."""
    boxes: NDArray[np.float64]
    """float64[grids, 4], west, south, east, north of each grid."""
    rank: NDArray[np.int64]
    """int64[grids], where each grid stands among all by its code."""

    @classmethod
    def none(cls) -> Borders:
        """No grid at all."""
        one, nothing = np.zeros(1, np.int64), np.zeros(0, np.int64)
        return cls(np.zeros((0, 2)), one, one, one, np.zeros((0, 4)), nothing)

    @classmethod
    def of(cls, areas: AreasPack) -> Borders:
        """The borders of the grids of a pack."""
        chosen = np.flatnonzero(areas.levels == int(Level.GRID))
        if not len(chosen):
            return cls.none()
        polygon, grids = _taken(areas.area_offsets, chosen)
        ring, polygons = _taken(areas.polygon_offsets, polygon)
        corner, rings = _taken(areas.ring_offsets, ring)
        lonlat = areas.coords[corner]
        first = rings[polygons[grids[:-1]]]
        boxes = np.hstack([np.minimum.reduceat(lonlat, first), np.maximum.reduceat(lonlat, first)])
        rank = np.argsort(np.argsort(areas.codes[chosen], kind="stable"), kind="stable").astype(np.int64)
        return cls(lonlat, rings, polygons, grids, boxes, rank)

    def grid_at(self, lon: float, lat: float) -> int:
        """The number of the grid a place lies in; on a border that with the lowest code, as on the server; OUTSIDE of all."""
        west, south, east, north = self.boxes.T
        near = (west <= lon) & (lon <= east) & (south <= lat) & (lat <= north)
        rows, point = np.flatnonzero(near), shapely.Point(lon, lat)
        hits = [row for row in rows.tolist() if shapely.intersects(self.polygon(row), point)]
        return min(hits, key=lambda row: int(self.rank[row]), default=OUTSIDE)

    def polygon(self, grid: int) -> shapely.MultiPolygon:
        """The shape of a grid in degrees, with its holes."""
        found = []
        for polygon in range(int(self.grids[grid]), int(self.grids[grid + 1])):
            first, end = self.polygons[polygon : polygon + 2].tolist()
            shell, *holes = [self.lonlat[self.rings[ring] : self.rings[ring + 1]] for ring in range(first, end)]
            found.append(shapely.Polygon(shell, holes))
        return shapely.MultiPolygon(found)


def _taken(offsets: NDArray[np.int64], rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The parts of some rows, one after the other, and where those of each row begin among them."""
    sizes = offsets[rows + 1] - offsets[rows]
    begins = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return np.repeat(offsets[rows] - begins[:-1], sizes) + np.arange(begins[-1]), begins
