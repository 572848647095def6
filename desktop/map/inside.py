"""Which of many places lie inside a shape drawn on the map; numpy, no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """Rings of places in plane metres, each float64[n, 2]; or a circle, where `radius_m` is not 0.

    Inside is what an odd number of rings surrounds: of a lasso that crosses itself the loops, of a grid not its holes.
    """

    rings: tuple[Floats, ...] = ()
    middle: tuple[float, float] = (0.0, 0.0)
    radius_m: float = 0.0

    def contains(self, xy: Floats) -> NDArray[np.bool_]:
        """Which places float64[n, 2] lie inside, bool[n]; a place that is not known (nan) lies nowhere."""
        if self.radius_m > 0:
            return np.hypot(xy[:, 0] - self.middle[0], xy[:, 1] - self.middle[1]) <= self.radius_m
        found = np.zeros(len(xy), np.bool_)
        for ring in self.rings:
            rows = _in_box(ring, xy)
            found[rows] ^= in_ring(ring, xy[rows])
        return found


def in_ring(ring: Floats, xy: Floats) -> NDArray[np.bool_]:
    """Which places a ring surrounds by the even-odd rule: a ray to the east crosses it an odd number of times."""
    inside = np.zeros(len(xy), np.bool_)
    x, y = xy[:, 0], xy[:, 1]
    for (x_1, y_1), (x_2, y_2) in zip(ring.tolist(), np.roll(ring, -1, axis=0).tolist(), strict=True):
        if y_1 == y_2:
            continue
        spans = (y_1 > y) != (y_2 > y)
        inside ^= spans & (x < x_1 + (y - y_1) / (y_2 - y_1) * (x_2 - x_1))
    return inside


def outline(shape: Shape, points: int = 72) -> list[Floats]:
    """The rings a shape is drawn with, in plane metres."""
    if shape.radius_m <= 0:
        return list(shape.rings)
    turns = np.linspace(0.0, 2 * np.pi, points, endpoint=False)
    return [np.array(shape.middle) + shape.radius_m * np.column_stack([np.cos(turns), np.sin(turns)])]


def is_something(rings: Sequence[Floats]) -> bool:
    """Whether rings surround anything at all."""
    return any(len(ring) >= 3 and float(np.ptp(ring, axis=0).min()) > 0.0 for ring in rings)


def _in_box(ring: Floats, xy: Floats) -> NDArray[np.intp]:
    """Rows of the places that may lie inside: those in the box around the ring."""
    if not len(ring):
        return np.zeros(0, np.intp)
    (west, south), (east, north) = ring.min(axis=0), ring.max(axis=0)
    return np.flatnonzero((xy[:, 0] >= west) & (xy[:, 0] <= east) & (xy[:, 1] >= south) & (xy[:, 1] <= north))
