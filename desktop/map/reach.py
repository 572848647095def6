"""How far from the middle of a scene a thing may lie: one wrong coordinate must not shrink a whole town to a dot; no Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.map.scene import Lines, Rings
from desktop.map.tiles import chosen_rings

TIMES, LEAST_M = 20.0, 50_000.0
"""A corner may lie so many times farther out than three of four others, or at least so far."""


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """Where a scene is."""

    middle: NDArray[np.float64]
    limit_m: float

    @classmethod
    def of(cls, xy: NDArray[np.float64]) -> Reach:
        """The reach of a scene whose corners are float64[n, 2], most of them right; those that are infinite do not count."""
        known = xy[np.isfinite(xy).all(axis=1)]
        if len(known) == 0:
            return cls(np.zeros(2), LEAST_M)
        middle = np.median(known, axis=0)
        away_m = np.abs(known - middle).max(axis=1)
        return cls(middle, max(float(np.percentile(away_m, 75)) * TIMES, LEAST_M))

    def holds(self, xy: NDArray[np.float64], offsets: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of the parts xy[offsets[i]:offsets[i + 1]] lie wholly within it."""
        if len(offsets) < 2:
            return np.zeros(0, bool)
        inside = (np.abs(xy - self.middle) <= self.limit_m).all(axis=1)
        return np.asarray(np.logical_and.reduceat(inside, offsets[:-1]))

    def rings(self, rings: Rings) -> tuple[Rings, NDArray[np.int64]]:
        """The rings of all owners that lie within it, and the numbers of the other owners."""
        lost = np.unique(rings.owner[~self.holds(rings.xy, rings.offsets)]).astype(np.int64)
        return (chosen_rings(rings, np.nonzero(~np.isin(rings.owner, lost))[0]) if len(lost) else rings), lost

    def lines(self, lines: Lines) -> tuple[Lines, NDArray[np.int64]]:
        """The roads that lie within it, and the numbers of the others."""
        kept = self.holds(lines.xy, lines.offsets)
        if kept.all():
            return lines, np.zeros(0, np.int64)
        sizes = np.diff(lines.offsets)
        rows = np.nonzero(kept)[0]
        offsets = np.concatenate([[0], np.cumsum(sizes[rows])]).astype(np.int64)
        xy = lines.xy[np.repeat(kept, sizes)]
        return Lines(xy, offsets, lines.kinds[rows], tuple(lines.names[row] for row in rows.tolist())), np.nonzero(~kept)[0]
