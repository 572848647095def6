"""Pins that would cover one another stand together as one with a count; no Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CELL_PX = 44.0
MERGE_PX = 34.0
WIDE_CELL_PX, WIDE_MERGE_PX = 88.0, 68.0
"""In views wider than FROM_AFAR_M_PER_PX, where clusters side by side would hide the map."""

FROM_AFAR_M_PER_PX = 14.0


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """Which pins stand alone and which stand together."""

    alone: NDArray[np.int32]
    """Rows of pins drawn on their own."""
    middle_px: NDArray[np.float64]
    """float64[c, 2], where each cluster stands, in the pixels that were given."""
    count: NDArray[np.int32]
    """int32[c], pins in each cluster."""
    member: NDArray[np.int32]
    """int32[pins], the cluster of each pin, -1 for those alone."""


def clustered(
    px: NDArray[np.float64], alone: NDArray[np.bool_], cell_px: float = CELL_PX, merge_px: float = MERGE_PX
) -> Clusters:
    """Group pins whose places lie in one cell of the screen, then groups whose middles nearly touch.

    px is float64[n, 2]; pins named in `alone` are never grouped. A group of one is drawn as a pin.
    """
    total = len(px)
    member = np.full(total, -1, np.int32)
    free = np.nonzero(~alone)[0]
    if len(free) == 0:
        return Clusters(np.nonzero(alone)[0].astype(np.int32), np.zeros((0, 2)), np.zeros(0, np.int32), member)
    column, row = np.floor(px[free] / cell_px).astype(np.int64).T
    _, group = np.unique(row * (1 << 31) + column, return_inverse=True)
    group = _merged(px[free], group.ravel(), merge_px)
    count = np.bincount(group)
    middle = np.stack([np.bincount(group, px[free, axis]) / count for axis in (0, 1)], axis=1)
    together = count > 1
    number = np.where(together, np.cumsum(together) - 1, -1).astype(np.int32)
    member[free] = number[group]
    return Clusters(np.nonzero(member < 0)[0].astype(np.int32), middle[together], count[together].astype(np.int32), member)


def _merged(px: NDArray[np.float64], group: NDArray[np.int64], merge_px: float) -> NDArray[np.int64]:
    """Groups after those whose middles lie closer than `merge_px` became one, the larger taking the smaller."""
    count = np.bincount(group)
    middle = np.stack([np.bincount(group, px[:, axis]) / count for axis in (0, 1)], axis=1)
    places, cell_of = middle.tolist(), np.floor(middle / merge_px).astype(int).tolist()
    cells: dict[tuple[int, int], list[int]] = {}
    into = np.arange(len(count))
    for number in np.argsort(-count, kind="stable").tolist():
        column, row = cell_of[number]
        near = [
            other
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for other in cells.get((column + dx, row + dy), ())
            if math.dist(places[other], places[number]) < merge_px
        ]
        if near:
            into[number] = near[0]
        else:
            cells.setdefault((column, row), []).append(number)
    _, packed = np.unique(into[group], return_inverse=True)
    return packed.ravel()
