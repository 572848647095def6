"""What is under the pointer: the nearest mark, else what the id buffer holds; no Qt."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

REACH_PX = 11.0
KIND_BITS = 28
GRID_BITS, BUILDING_BITS = 1, 2


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


def unpacked_id(value: int) -> tuple[int, int] | None:
    """Kind and number behind a value of the id buffer; None where it is empty ground."""
    kind = value >> KIND_BITS
    return (kind, value & ((1 << KIND_BITS) - 1)) if kind else None
