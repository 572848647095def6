"""The waters of a generated district: a great river, canals beside its arterials, lakes in its parks, and their banks."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from gis_data.town import terrain
from gis_data.town.street_plan import Lattice
from gis_data.town.terrain import Use

RIVER_NAME = "钱塘江"
_CANALS_ACROSS = (("新塘河", 0.24), ("机场港", 0.47), ("和睦港", 0.68), ("九沙河", 0.88))
_CANALS_ALONG = (("备塘河", 2), ("上塘河", 5))
_BESIDE_ROAD_M = 48.0
_CANAL_HALF_M = 12.0
_BANK_M = 14.0

Carrier = Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Waters:
    """Surfaces in metres on the plane, the river first."""

    shapes: tuple[shapely.Polygon, ...]
    names: tuple[str, ...]
    banks: tuple[shapely.Polygon, ...]


def water_of(
    lattice: Lattice, blocks: npt.NDArray[np.object_], uses: tuple[Use, ...], carry: Carrier, rng: random.Random
) -> Waters:
    """All waters of the district and the green strips beside them."""
    shore, far_shore = _shores(rng)
    river = shapely.Polygon(carry(np.concatenate([shore, far_shore[::-1]])))
    bank_road = np.column_stack([shore[:, 0], np.zeros(len(shore))])
    inside = (shore[:, 0] > 0) & (shore[:, 0] < lattice.corners[-1, 0, 0])
    belt = shapely.Polygon(carry(np.concatenate([shore[inside], bank_road[inside][::-1]])))
    shapes, names, banks = [river], [RIVER_NAME], [belt]
    for name, course in _courses(lattice, rng):
        line = shapely.LineString(carry(shapely.get_coordinates(shapely.segmentize(shapely.LineString(course), 40.0))))
        shapes.append(_rounded(line.buffer(_CANAL_HALF_M, quad_segs=2, cap_style="flat")))
        banks.append(_rounded(line.buffer(_CANAL_HALF_M + _BANK_M, quad_segs=2, cap_style="flat")))
        names.append(name)
    for block, use in zip(blocks, uses, strict=True):
        if use is terrain.PARK and rng.random() < 0.5:
            lake = _rounded(block.buffer(-85.0).buffer(38.0, quad_segs=4))
            if lake.area > 2_500 and lake.geom_type == "Polygon":
                shapes.append(lake)
                names.append("")
    return Waters(tuple(shapes), tuple(names), tuple(banks))


def _shores(rng: random.Random) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The water's edge on both banks in the river frame; each wanders a little."""
    along = np.arange(-1_500.0, terrain.LENGTH_M + 1_500.0, 80.0)
    a, b = rng.uniform(0, 6), rng.uniform(0, 6)
    near = -terrain.GREEN_BELT_M + 18 * np.sin(along / 700 + a) + 9 * np.sin(along / 230 + b)
    far = -terrain.GREEN_BELT_M - terrain.RIVER_WIDTH_M + 60 * np.sin(along / 1_900 + b)
    return np.column_stack([along, near]), np.column_stack([along, far])


def _courses(lattice: Lattice, rng: random.Random) -> list[tuple[str, npt.NDArray[np.float64]]]:
    """The canals' middle lines in the river frame, beside an arterial, through cells of the district only."""
    courses = []
    columns, rows = lattice.corners.shape[:2]
    for name, share in _CANALS_ACROSS:
        i = min(int(np.abs(lattice.corners[:, 0, 0] - share * terrain.LENGTH_M).argmin()), columns - 2)
        top = max((j for j in range(rows - 1) if (i, j) in lattice.uses), default=0)
        points = lattice.corners[i, : max(2, top)] + (_BESIDE_ROAD_M, 0)
        points[0, 1] = -terrain.GREEN_BELT_M - 40
        courses.append((name, _wander(points, 0, rng)))
    for name, j in _CANALS_ALONG:
        run = [i for i in range(columns - 1) if (i, j) in lattice.uses]
        if len(run) > 2:
            courses.append((name, _wander(lattice.corners[run[0] : run[-1] + 1, j] + (0, _BESIDE_ROAD_M), 1, rng)))
    return courses


def _wander(points: npt.NDArray[np.float64], axis: int, rng: random.Random) -> npt.NDArray[np.float64]:
    """The course with a slight swing to either side of its road's parallel."""
    dense = shapely.get_coordinates(shapely.segmentize(shapely.LineString(points), 90.0))
    phase = rng.uniform(0, 6)
    dense[:, axis] += 9 * np.sin(np.arange(len(dense)) * 0.55 + phase)
    return np.asarray(dense)


def _rounded(shape: shapely.Polygon) -> shapely.Polygon:
    """The shape with coordinates to the centimetre."""
    return shapely.transform(shape, lambda xy: np.round(xy, 2))
