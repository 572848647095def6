"""What is under the pointer: the nearest mark, else what the id buffer holds; no Qt."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from desktop.map.oblique import Oblique

REACH_PX = 11.0
KIND_BITS = 28
GRID_BITS, BUILDING_BITS = 1, 2
HEIGHTS_TRIED = 65


class Found(NamedTuple):
    """A thing on the map: its kind (incident, cluster, worker, camera, grid) and its id."""

    kind: str
    id: str


def nearest(px: NDArray[np.float64], x: float, y: float, reach_px: float = REACH_PX) -> int | None:
    """The row of the closest mark within reach of a pixel; px is float64[n, 2], NaN where nothing is drawn."""
    if len(px) == 0:
        return None
    away = np.abs(px - (x, y))
    close = np.nonzero((away <= reach_px).all(axis=1))[0]
    if len(close) == 0:
        return None
    distance = np.hypot(away[close, 0], away[close, 1])
    best = int(distance.argmin())
    return int(close[best]) if distance[best] <= reach_px else None


def topmost(boxes: NDArray[np.float64], x: float, y: float) -> int | None:
    """The row of the last drawn box [left, top, right, bottom] that holds a pixel."""
    if len(boxes) == 0:
        return None
    holds = (boxes[:, 0] <= x) & (x < boxes[:, 2]) & (boxes[:, 1] <= y) & (y < boxes[:, 3])
    rows = np.nonzero(holds)[0]
    return int(rows[-1]) if len(rows) else None


def struck(
    oblique: Oblique, px: float, py: float, top_m: float, is_in: Callable[[NDArray[np.float64]], NDArray[np.bool_]]
) -> tuple[float, float]:
    """Plane metres of the point on a thing `top_m` high that a pixel shows: on its roof, else on the wall that faces us.

    `is_in` says which places float64[n, 2] lie in the thing's outline; the height is exact to a 64th of `top_m`.
    """
    heights = np.linspace(top_m, 0.0, HEIGHTS_TRIED)
    places = np.array([oblique.ground(px, py, z) for z in heights.tolist()])
    inside = np.nonzero(is_in(places))[0]
    x, y = places[inside[0] if len(inside) else 0].tolist()
    return x, y


def within(ring: NDArray[np.float64], places: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which places float64[n, 2] lie in a closed ring float64[m, 2], by the even-odd rule."""
    (x1, y1), (x2, y2) = ring[:-1].T, ring[1:].T
    x, y = places[:, :1], places[:, 1:]
    spans = (y1 > y) != (y2 > y)
    rise = np.where(y2 == y1, 1.0, y2 - y1)
    left_of = x < x1 + (y - y1) / rise * (x2 - x1)
    return np.asarray((spans & left_of).sum(axis=1) % 2 == 1)


def unpacked_id(value: int) -> tuple[int, int] | None:
    """Kind and number behind a value of the id buffer; None where it is empty ground."""
    kind = value >> KIND_BITS
    return (kind, value & ((1 << KIND_BITS) - 1)) if kind else None
