"""How far each point of a line matters: found once, so that every scale is a threshold; no Qt.

Douglas and Peucker's way (The Canadian Cartographer 10, 1973), all stretches of one depth at a time. A point matters as far
as it lies from the chord that would leave it out, and no farther than the points that had to be kept before it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DEEPEST_BY_DISTANCE = 48
"""From this depth on a stretch is halved instead, so that no line, a spiral neither, takes longer than a few passes more."""


def importance_m(xy: Floats, apart_m: Floats) -> NDArray[np.float32]:
    """Metres float32[n] up to which each point of a line float64[n, 2] is kept; its two ends always are (inf).

    `apart_m` float64[n - 1] is how long the piece after each point is where nobody was seen on it, else 0: both its ends are
    kept wherever it is longer than the tolerance, so that no such piece is ever drawn as a way. What is kept at a tolerance
    leaves no point farther than that from the line through the rest.
    """
    count = len(xy)
    kept = np.full(count, np.inf)
    if count < 3:
        return kept.astype(np.float32)
    first, last = np.array([0], np.int64), np.array([count - 1], np.int64)
    limit = np.array([np.inf])
    depth = 0
    while len(first):
        matter, split = _farthest(xy, apart_m, first, last)
        if depth >= DEEPEST_BY_DISTANCE:
            split = (first + last) // 2
        limit = np.minimum(limit, matter)
        kept[split] = limit
        first, last = np.concatenate([first, split]), np.concatenate([split, last])
        limit = np.concatenate([limit, limit])
        longer = last - first >= 2
        first, last, limit = first[longer], last[longer], limit[longer]
        depth += 1
    return kept.astype(np.float32)


def _farthest(xy: Floats, apart_m: Floats, first: Ints, last: Ints) -> tuple[Floats, Ints]:
    """For each stretch first..last the most that a point between matters, and which point that is."""
    inner = last - first - 1
    starts = np.cumsum(inner) - inner
    stretch = np.repeat(np.arange(len(first)), inner)
    point = np.arange(len(stretch)) - starts[stretch] + first[stretch] + 1
    matters = from_chord(xy[point], xy[first][stretch], xy[last][stretch])
    np.maximum(matters, apart_m[point], out=matters)
    np.maximum(matters, apart_m[point - 1], out=matters)
    most = np.maximum.reduceat(matters, starts)
    at = np.nonzero(matters == most[stretch])[0]
    which = at[np.searchsorted(stretch[at], np.arange(len(first)))]
    return most, point[which]


def from_chord(points: Floats, starts: Floats, ends: Floats) -> Floats:
    """Metres float64[n] between points and the pieces of line start..end, each with its own."""
    along, away = ends - starts, points - starts
    length2 = np.einsum("ij,ij->i", along, along)
    share = np.einsum("ij,ij->i", away, along) / np.where(length2 > 0.0, length2, 1.0)
    np.clip(share, 0.0, 1.0, out=share)
    away -= along * share[:, None]
    return np.asarray(np.hypot(away[:, 0], away[:, 1]))
