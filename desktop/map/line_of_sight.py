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
RAY_DEG, FEWEST_RAYS, MOST_RAYS = 2.0, 8, 180
"""How far apart rays of a sector stand, and how many there are."""
FARTHER_M = 500.0
"""Rays go on so far behind a sector that twice as far as it reaches they have left every building they met."""
MOST_CROSSINGS = 2_000_000
"""So many pairs of a ray and a wall are looked at: some ten milliseconds."""


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


def hidden_parts(
    geometry: Geometry, camera: Floats, up_m: float, eyes_m: float, heading_deg: float, view_deg: float, reach_m: float
) -> list[Floats]:
    """What of a camera's sector buildings hide: corners float64[4, 2] of wedges of shadow, plane metres.

    `up_m` is how high the camera hangs, `eyes_m` how high stands what it is to see. A building it hangs on the wall of, or in,
    hides nothing, as in `what_hides`. Rays stand about two degrees apart, wider where very many walls are about.
    """
    numbers = _near(geometry, camera - reach_m, camera + reach_m, eyes_m)
    rings = [(number, ring) for number in numbers for ring in geometry.buildings.rings_of(number)]
    if not rings:
        return []
    first = np.concatenate([ring[:-1] for _, ring in rings]) - camera
    edge = np.concatenate([np.diff(ring, axis=0) for _, ring in rings])
    owner = np.concatenate([np.full(len(ring) - 1, number) for number, ring in rings])
    rays = int(np.clip(min(np.ceil(view_deg / RAY_DEG), MOST_CROSSINGS / len(owner)), FEWEST_RAYS, MOST_RAYS))
    bounds = np.radians(heading_deg + view_deg * (np.arange(rays + 1) / rays - 0.5))
    middle = (bounds[:-1] + bounds[1:]) / 2
    sides = np.column_stack([np.sin(bounds), np.cos(bounds)])
    far_m = 2.0 * reach_m + FARTHER_M
    met = _walls_met(np.column_stack([np.sin(middle), np.cos(middle)]) * far_m, first, edge, owner)
    shadows: dict[int, list[tuple[float, float]]] = {}
    for (ray, number), shares in met.items():
        walls = sorted(share * far_m for share in shares)
        walls = [] if len(walls) % 2 else [metres for metres in walls if metres > AT_THE_WALL_M]
        if walls and walls[0] < reach_m:
            over_m = up_m - float(geometry.building_height_m[number])
            ends = walls[-1] * (up_m - eyes_m) / over_m if over_m > 0.0 else reach_m
            shadows.setdefault(ray, []).append((walls[0], min(max(ends, walls[-1]), reach_m)))
    wedges: list[Floats] = []
    for ray, spans in shadows.items():
        left, right = sides[ray], sides[ray + 1]
        wedges += [camera + np.array([left * a, right * a, right * b, left * b]) for a, b in _joined(spans)]
    return wedges


def _walls_met(ways: Floats, first: Floats, edge: Floats, owner: NDArray[np.int64]) -> dict[tuple[int, int], list[float]]:
    """Row of a way from nought and number of a building -> shares of the way at which it crosses the building's walls."""
    across = ways[:, :1] * edge[:, 1] - ways[:, 1:] * edge[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        along = (first[:, 0] * edge[:, 1] - first[:, 1] * edge[:, 0]) / across
        on_edge = (first[:, 0] * ways[:, 1:] - first[:, 1] * ways[:, :1]) / across
    met = (across != 0.0) & (along > 0.0) & (along < 1.0) & (on_edge >= 0.0) & (on_edge < 1.0)
    found: dict[tuple[int, int], list[float]] = {}
    for way, wall in np.argwhere(met).tolist():
        found.setdefault((way, int(owner[wall])), []).append(float(along[way, wall]))
    return found


def _joined(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The same stretches, those that touch made one."""
    joined: list[tuple[float, float]] = []
    for begins, ends in sorted(spans):
        if joined and begins <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], ends)
        else:
            joined.append((begins, ends))
    return joined


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
