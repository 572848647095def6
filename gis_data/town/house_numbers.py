"""Gives the houses of a drawn district their numbers, as a Chinese street has them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from gis_data.town.flat import Carrier
from gis_data.town.town import Addresses, RoadClass

MOST_M = 300.0
"""A house farther from every named road has no number."""
_STEP_M = 1.0


def number_houses(
    houses: npt.NDArray[np.object_],
    roads: npt.NDArray[np.object_],
    road_class: npt.NDArray[np.uint8],
    road_names: tuple[str, ...],
    carry: Carrier,
) -> Addresses:
    """The number of each house along the nearest named road: from the road's beginning odd on the left, even on the right.

    Houses and roads in metres on the plane; expressways have no houses. Each number is given once a road name, in the
    order of the places along it, so the same town always has the same numbers.
    """
    rows = [k for k, name in enumerate(road_names) if name and road_class[k] != RoadClass.EXPRESSWAY]
    if not rows or not len(houses):
        return Addresses.none()
    lines, names = roads[rows], np.array([road_names[k] for k in rows])
    spots = shapely.point_on_surface(houses)
    house, line = shapely.STRtree(lines).query_nearest(spots, max_distance=MOST_M, all_matches=False)
    along = shapely.line_locate_point(lines[line], spots[house])
    is_right = _is_right(lines[line], along, shapely.get_coordinates(spots[house]))
    along = along + _before(lines, names)[line]
    order = np.lexsort((house, along, is_right, names[line]))
    street, side = names[line][order], is_right[order]
    begins = np.flatnonzero(np.r_[True, (street[1:] != street[:-1]) | (side[1:] != side[:-1])])
    rank = np.arange(len(order)) - np.repeat(begins, np.diff(np.r_[begins, len(order)]))
    numbers = 2 * rank + 1 + side
    back = np.argsort(house[order])
    return Addresses(
        places=carry(shapely.get_coordinates(spots[house[order]][back])),
        building=house[order][back].astype(np.int64),
        streets=tuple(street[back].tolist()),
        numbers=tuple(str(number) for number in numbers[back].tolist()),
    )


def _is_right(
    lines: npt.NDArray[np.object_], along: npt.NDArray[np.float64], spots: npt.NDArray[np.float64]
) -> npt.NDArray[np.bool_]:
    """Whether each place lies on the right of its line, as one goes from its beginning."""
    behind = shapely.get_coordinates(shapely.line_interpolate_point(lines, np.maximum(along - _STEP_M, 0.0)))
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(lines, along + _STEP_M))
    way, off = ahead - behind, spots - behind
    return np.asarray(way[:, 0] * off[:, 1] - way[:, 1] * off[:, 0] < 0)


def _before(lines: npt.NDArray[np.object_], names: npt.NDArray[np.str_]) -> npt.NDArray[np.float64]:
    """Metres of a road of that name that lie before each of its pieces, in the order of the pieces."""
    length = shapely.length(lines)
    before = np.zeros(len(lines))
    for name in np.unique(names):
        mine = np.flatnonzero(names == name)
        before[mine[1:]] = np.cumsum(length[mine])[:-1]
    return before
