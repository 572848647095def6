"""Whether a building stands between two places: by footprint and height, on flat ground. No Qt.

A town knows how high most buildings are but not what else grows and stands there: a free line says that no building is known
to hide the place, never that the place is seen.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from desktop.map.scene import Geometry

Floats = NDArray[np.float64]

AT_THE_WALL_M = 4.0
"""A camera hangs on a wall, a place is at a door: nothing so near to an end of the line hides anything."""


def what_hides(geometry: Geometry, start: Floats, start_m: float, end: Floats, end_m: float) -> int | None:
    """Number of the building that hides one place from another most, None where none does.

    Places float64[2] in plane metres, heights in metres above the ground. The building either place lies in hides nothing.
    """
    way = end - start
    length_m = float(np.hypot(*way))
    if length_m <= 2 * AT_THE_WALL_M:
        return None
    worst, found = 0.0, None
    for number in _near(geometry, start, end, min(start_m, end_m)):
        shares = [share for ring in geometry.buildings.rings_of(number) for share in crossings(ring, start, way)]
        if not shares or len(shares) % 2:  # an odd number: one of the places lies inside
            continue
        between = [share for share in shares if AT_THE_WALL_M <= share * length_m <= length_m - AT_THE_WALL_M]
        if not between:
            continue
        over_m = float(geometry.building_height_m[number]) - min(start_m + (end_m - start_m) * share for share in between)
        if over_m > worst:
            worst, found = over_m, number
    return found


def first_wall_m(geometry: Geometry, start: Floats, end: Floats) -> float | None:
    """Metres from one place towards another, float64[2] in plane metres, to the first building; None where there is none.

    What begins at the wall a camera hangs on does not count.
    """
    way = end - start
    length_m = float(np.hypot(*way))
    met = [
        share * length_m
        for number in _near(geometry, start, end, 0.0)
        for ring in geometry.buildings.rings_of(number)
        for share in crossings(ring, start, way)
    ]
    return min((metres for metres in met if metres > AT_THE_WALL_M), default=None)


def _near(geometry: Geometry, start: Floats, end: Floats, above_m: float) -> list[int]:
    """Numbers of the buildings higher than that which lie about a line."""
    boxes = geometry.buildings.owner_box
    (west, south), (east, north) = np.minimum(start, end).tolist(), np.maximum(start, end).tolist()
    near = (boxes[:, 0] <= east) & (boxes[:, 2] >= west) & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)
    near &= geometry.building_height_m > above_m
    found: list[int] = np.nonzero(near)[0].tolist()
    return found


def crossings(ring: Floats, start: Floats, way: Floats) -> list[float]:
    """Shares of a way at which it crosses a closed ring float64[n, 2]."""
    first, edge = ring[:-1], np.diff(ring, axis=0)
    across = way[0] * edge[:, 1] - way[1] * edge[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        away = first - start
        along = (away[:, 0] * edge[:, 1] - away[:, 1] * edge[:, 0]) / across
        on_edge = (away[:, 0] * way[1] - away[:, 1] * way[0]) / across
    met = (across != 0.0) & (along > 0.0) & (along < 1.0) & (on_edge >= 0.0) & (on_edge < 1.0)
    return [float(share) for share in along[met]]
