"""In which order raised grids are painted, so that the nearer hide what is behind them; no Qt."""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

from desktop.map.plain_solids import Edges, Lean

MOST_SORTED_BY_NEIGHBOURS = 3_000
HIDING = 3.0
"""How much more a border counts where the grid before it is the higher one."""

Floats = NDArray[np.float64]


def far_to_near(numbers: NDArray[np.int64], farness_m: Floats, edges: list[Edges], height_m: Floats, lean: Lean) -> list[int]:
    """Numbers of grids in an order in which none hides one that follows.

    `farness_m` float64[grids] is how far away the middle of each is: it decides where neighbours do not. Two that reach
    round each other follow as most of their border asks; there what the higher one hides counts for more.
    """
    by_middle: list[int] = numbers[np.argsort(-farness_m[numbers], kind="stable")].tolist()
    if len(numbers) > MOST_SORTED_BY_NEIGHBOURS or not edges:
        return by_middle
    owner, other = np.concatenate([each.owner for each in edges]), np.concatenate([each.other for each in edges])
    along = np.concatenate([each.end - each.start for each in edges])
    wide_m = np.abs(along @ np.array([lean.away[1], -lean.away[0]]))
    inside = np.zeros(len(farness_m), bool)
    inside[numbers] = True
    met = (other >= 0) & (other != owner) & inside[owner] & inside[other]
    hides = height_m[other] > height_m[owner]
    return sorted_by_pairs(by_middle, owner[met], other[met], np.where(hides, HIDING, 1.0)[met] * wide_m[met])


def sorted_by_pairs(by_middle: list[int], behind: NDArray[np.int64], before: NDArray[np.int64], wide_m: Floats) -> list[int]:
    """The order that borders ask for; where they go round in a circle the narrowest of them is overruled."""
    low, high = np.minimum(behind, before), np.maximum(behind, before)
    pairs, row = np.unique(np.stack([low, high], axis=1), axis=0, return_inverse=True)
    says = np.bincount(row.ravel(), np.where(behind == low, wide_m, -wide_m), len(pairs))
    rank = {number: place for place, number in enumerate(by_middle)}
    farther: dict[int, dict[int, float]] = {number: {} for number in by_middle}
    nearer: dict[int, list[int]] = {number: [] for number in by_middle}
    for (one, two), metres in zip(pairs.tolist(), says.tolist(), strict=True):
        if one in rank and two in rank:
            first, then = (one, two) if metres > 0.0 else (two, one)
            farther[then][first] = abs(metres)
            nearer[first].append(then)
    free, order, left = [rank[number] for number in by_middle if not farther[number]], list[int](), dict.fromkeys(by_middle)
    while left:
        if not free:
            free.append(rank[_freed(next(iter(left)), farther)])
            continue
        number = by_middle[heapq.heappop(free)]
        if number not in left:
            continue
        del left[number]
        order.append(number)
        for then in nearer[number]:
            if farther[then].pop(number, None) is not None and not farther[then]:
                heapq.heappush(free, rank[then])
    return order


def _freed(number: int, farther: dict[int, dict[int, float]]) -> int:
    """A grid that waits for none any more, once circles are cut at their narrowest border; back from `number`."""
    while farther[number]:
        way, seen = [number], {number}
        while (number := next(iter(farther[number]))) not in seen:
            if not farther[number]:
                return number
            way.append(number)
            seen.add(number)
        circle = way[way.index(number) :]
        borders = list(zip([*circle[1:], circle[0]], circle, strict=True))
        far, near = min(borders, key=lambda border: farther[border[1]][border[0]])
        del farther[near][far]
        number = near
    return number
