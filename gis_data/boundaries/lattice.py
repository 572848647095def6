"""Coordinates of a source on whole millimetres, and back to places on earth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Geod

from gis_data.boundaries.crs import SourceCrs

SPAN_MM = 2**31
_STEP = 0.001
"""Share of the extent over which the length of a unit is measured."""
_TRUE_WITHIN = 0.002
"""A projection whose metres differ less from those on the ground is taken at its word: its millimetres stay whole."""
_EARTH = Geod(ellps="WGS84")

Numbers = npt.NDArray[np.float64]


class TooWide(ValueError):
    """Areas that span more than 2,147 km: no lattice of whole millimetres holds them."""


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """An affine way from a source's coordinates to millimetres: what is straight there is straight here."""

    crs: SourceCrs
    corner: Numbers
    """float64[2]: the lower left corner in the source's units."""
    mm_per_unit: Numbers
    """float64[2]: millimetres on the ground for one unit of each axis, in the middle of the areas."""

    @classmethod
    def around(cls, bounds: npt.ArrayLike, crs: SourceCrs) -> Lattice:
        """For areas within left, low, right, high of a source; raises TooWide."""
        left, low, right, high = np.asarray(bounds, float).tolist()
        middle = np.array([(left + right) / 2, (low + high) / 2])
        reach = np.maximum(np.array([right - left, high - low]), 1e-9) * _STEP
        mm_per_unit = 1000.0 * np.array([_metres(crs, middle, axis, reach[axis]) / reach[axis] for axis in (0, 1)])
        if not crs.is_degrees and (np.abs(mm_per_unit / 1000.0 - 1.0) < _TRUE_WITHIN).all():
            mm_per_unit = np.array([1000.0, 1000.0])
        corner = np.floor(np.array([left, low]) * mm_per_unit / 1e4) * 1e4 / mm_per_unit  # whole ten metres: see `whole`
        if ((np.array([right, high]) - corner) * mm_per_unit >= SPAN_MM - 2).any():
            raise TooWide
        return cls(crs, corner, mm_per_unit)

    def whole(self, xy: Numbers) -> npt.NDArray[np.int64]:
        """The nearest lattice points of float64[n, 2] in the source's units."""
        return np.rint((xy - self.corner) * self.mm_per_unit).astype(np.int64)

    def rounded(self, shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
        """The shapes with whole millimetres as coordinates."""
        return np.asarray(shapely.transform(shapes, lambda xy: np.rint((xy - self.corner) * self.mm_per_unit)))

    def source(self, mm: npt.ArrayLike) -> Numbers:
        """float64[n, 2] in the source's units of lattice points."""
        return np.asarray(mm, float).reshape(-1, 2) / self.mm_per_unit + self.corner

    def lonlat(self, mm: npt.ArrayLike) -> Numbers:
        """float64[n, 2]: WGS 84 longitude and latitude of lattice points."""
        return self.crs.to_wgs84(self.source(mm))

    def place(self, point: shapely.Point) -> tuple[float, float]:
        """Longitude and latitude of one."""
        lon, lat = self.lonlat([[point.x, point.y]])[0].tolist()
        return lon, lat

    def area_m2(self, shape: shapely.Geometry) -> float:
        """The area of a shape on the lattice, on the ellipsoid."""
        on_earth = shapely.transform(shape, self.lonlat)
        area, _ = _EARTH.geometry_area_perimeter(shapely.orient_polygons(on_earth))
        return abs(float(area))


def _metres(crs: SourceCrs, middle: Numbers, axis: int, reach: float) -> float:
    """How far it is on the ground over so many units of an axis around the middle."""
    step = np.zeros(2)
    step[axis] = reach / 2
    (lon_a, lat_a), (lon_b, lat_b) = crs.to_wgs84(np.array([middle - step, middle + step])).tolist()
    _, _, metres = _EARTH.inv(lon_a, lat_a, lon_b, lat_b)
    return float(metres)
