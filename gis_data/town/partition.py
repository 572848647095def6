"""Divides a map of blocks into connected parts of balanced weight, along the edges the blocks already have."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Neighbours: TypeAlias = list[dict[int, float]]

_PASSES = 4
_MOST_OVERSHOOT = 1.35


class TooFewBlocks(Exception):
    """More parts were asked for than a connected set of blocks can give."""


@dataclass(frozen=True, slots=True, eq=False)
class BlockGraph:
    """Blocks that touch one another along edges."""

    centres: npt.NDArray[np.float64]
    """float64[n, 2] in metres."""
    weights: npt.NDArray[np.float64]
    """float64[n], how much of a part each block fills; not negative."""
    neighbours: Neighbours
    """For each block, the blocks beside it and what it costs to part them (metres of shared edge, less along big roads)."""


def divide(graph: BlockGraph, members: Sequence[int], targets: Sequence[float]) -> list[list[int]]:
    """One connected list of blocks per target, in the order of the targets, each near its share of the weight.

    Halves the blocks again and again, each time with the cut that costs least for its balance. Every part has at
    least one block. Raises TooFewBlocks where the members are too few or do not hang together well enough.
    """
    if len(members) < len(targets):
        raise TooFewBlocks(f"{len(members)} blocks for {len(targets)} parts")
    if len(targets) == 1:
        return [list(members)]
    middle = len(targets) // 2
    first, second = halve(graph, members, targets[:middle], targets[middle:])
    return divide(graph, first, targets[:middle]) + divide(graph, second, targets[middle:])


def divide_at(
    graph: BlockGraph, members: Sequence[int], targets: Sequence[float], places: npt.NDArray[np.float64]
) -> list[list[int]]:
    """As divide, with each part near its own place (float64[k, 2], the coordinates of the blocks' centres).

    Always cuts where the places stand farthest apart, along one axis or the other.
    """
    if len(targets) == 1:
        return [list(members)]
    axis, order, middle = _widest_gap(places)
    direction = np.eye(2)[axis]
    sides = order[:middle], order[middle:]
    wanted = [[targets[k] for k in side] for side in sides]
    halves = halve(graph, members, wanted[0], wanted[1], [direction], (1.0,))
    parts: list[list[int]] = [[] for _ in targets]
    for side, half, goal in zip(sides, halves, wanted, strict=True):
        for k, part in zip(side, divide_at(graph, half, goal, places[side]), strict=True):
            parts[k] = part
    return parts


def _widest_gap(places: npt.NDArray[np.float64]) -> tuple[int, list[int], int]:
    """The axis along which two neighbouring places stand farthest apart, the order along it and where to cut it."""
    best = (-1.0, 0, [0], 1)
    for axis in (0, 1):
        order = np.argsort(places[:, axis], kind="stable")
        gaps = np.diff(places[order, axis])
        if gaps.max() > best[0]:
            best = (float(gaps.max()), axis, order.tolist(), int(gaps.argmax()) + 1)
    return best[1:]


def contract(graph: BlockGraph, group: npt.NDArray[np.int64]) -> BlockGraph:
    """The graph of groups of blocks (numbered from 0 without holes), each group one block."""
    count = int(group.max()) + 1
    weights = np.bincount(group, weights=graph.weights, minlength=count).astype(np.float64)
    sizes = np.maximum(np.bincount(group, minlength=count), 1)
    centres = np.column_stack([np.bincount(group, weights=graph.centres[:, k], minlength=count) / sizes for k in (0, 1)])
    neighbours: Neighbours = [{} for _ in range(count)]
    for block, beside in enumerate(graph.neighbours):
        mine = int(group[block])
        for other, cost in beside.items():
            if (theirs := int(group[other])) != mine:
                neighbours[mine][theirs] = neighbours[mine].get(theirs, 0.0) + cost
    return BlockGraph(centres, weights, neighbours)


def halve(
    graph: BlockGraph,
    members: Sequence[int],
    first: Sequence[float],
    second: Sequence[float],
    directions: Sequence[npt.NDArray[np.float64]] | None = None,
    signs: tuple[float, ...] = (1.0, -1.0),
) -> tuple[list[int], list[int]]:
    """Two connected halves whose weights stand as the sums of the targets; the best cut of the directions tried."""
    share = sum(first) / (sum(first) + sum(second))
    rows = np.asarray(members)
    best: tuple[float, list[int], list[int]] | None = None
    for direction in directions or _axes(graph.centres[rows], graph.weights[rows]):
        for sign in signs:
            halves = _grow(graph, members, direction * sign, share, (len(first), len(second)))
            if halves is None:
                continue
            cost = _cost(graph, halves, share)
            if best is None or cost < best[0] - 1e-9:
                best = (cost, *halves)
    if best is None:
        raise TooFewBlocks(f"{len(members)} blocks cannot be halved into {len(first)} and {len(second)} parts")
    return _straighten(graph, (best[1], best[2]), share, (len(first), len(second)))


def _axes(centres: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]) -> list[npt.NDArray[np.float64]]:
    """Unit vectors along the longer and the shorter axis of the blocks and the two diagonals between them."""
    mass = weights + weights.mean() * 0.1 + 1e-9
    away = centres - np.average(centres, axis=0, weights=mass)
    _, vectors = np.linalg.eigh((away * mass[:, None]).T @ away)
    long, short = vectors[:, 1], vectors[:, 0]
    long = long if long[np.abs(long).argmax()] > 0 else -long
    short = short if short[np.abs(short).argmax()] > 0 else -short
    return [long, short, (long + short) / 2**0.5, (long - short) / 2**0.5]


def _grow(
    graph: BlockGraph, members: Sequence[int], direction: npt.NDArray[np.float64], share: float, least: tuple[int, int]
) -> tuple[list[int], list[int]] | None:
    """A connected first half grown from one end to about its share, stopped where the cut is cheapest.

    None where this end cannot give it.
    """
    inside = set(members)
    rows = np.asarray(members)
    along = dict(zip(members, (graph.centres[rows] @ direction).tolist(), strict=True))
    total = float(graph.weights[rows].sum())
    size = float(np.hypot(*np.ptp(graph.centres[rows], axis=0))) + 1.0
    start = min(members, key=lambda block: (along[block], block))
    grown: set[int] = set()
    order: list[int] = []
    weight = cut = 0.0
    stop: tuple[float, int] | None = None
    queue, queued = [(along[start], start)], {start}
    while queue and len(inside) - len(grown) > least[1]:
        _, block = heapq.heappop(queue)
        for other, cost in graph.neighbours[block].items():
            if other in inside:
                cut += -cost if other in grown else cost
                if other not in queued:
                    queued.add(other)
                    heapq.heappush(queue, (along[other], other))
        grown.add(block)
        order.append(block)
        weight += float(graph.weights[block])
        if len(order) >= least[0]:
            price = cut / size + _unfairness(weight, total, share)
            if stop is None or price < stop[0] - 1e-9:
                stop = (price, len(order))
            if weight > total * share * _MOST_OVERSHOOT:
                break
    return _mend(graph, set(order[: stop[1]]), inside - set(order[: stop[1]]), least) if stop else None


def _unfairness(weight: float, total: float, share: float) -> float:
    """What it costs that a half is not as heavy as its share; grows with the square of what is too much or too little."""
    off = abs(weight / max(total, 1e-9) - share) / min(share, 1 - share)
    return 2.0 * off + 8.0 * off * off


def _mend(graph: BlockGraph, grown: set[int], rest: set[int], least: tuple[int, int]) -> tuple[list[int], list[int]] | None:
    """The halves with what fell off the second given to the first; None where one half comes out too small."""
    pieces = components(graph.neighbours, rest)
    if not pieces:
        return None
    keep = max(pieces, key=lambda piece: (float(graph.weights[piece].sum()), len(piece), -piece[0]))
    first = sorted(grown.union(*(piece for piece in pieces if piece is not keep)))
    if len(first) < least[0] or len(keep) < least[1] or len(components(graph.neighbours, set(first))) != 1:
        return None
    return first, keep


def components(neighbours: Neighbours, blocks: set[int]) -> list[list[int]]:
    """The connected pieces of a set of blocks, each sorted, in the order of their first block."""
    left = set(blocks)
    pieces = []
    for start in sorted(blocks):
        if start not in left:
            continue
        left.discard(start)
        piece, queue = [start], [start]
        while queue:
            for other in neighbours[queue.pop()]:
                if other in left:
                    left.discard(other)
                    piece.append(other)
                    queue.append(other)
        pieces.append(sorted(piece))
    return pieces


def _cost(graph: BlockGraph, halves: tuple[list[int], list[int]], share: float) -> float:
    """How bad a cut is: its length against the size of the whole, and how far the halves are from their share."""
    first = set(halves[0])
    cut = _cut_length(graph, first, set(halves[1]))
    weight_first, weight_second = (float(graph.weights[half].sum()) for half in halves)
    everything = graph.centres[halves[0] + halves[1]]
    size = float(np.hypot(*np.ptp(everything, axis=0))) + 1.0
    return cut / size + _unfairness(weight_first, weight_first + weight_second, share)


def _cut_length(graph: BlockGraph, first: set[int], second: set[int]) -> float:
    return sum(cost for block in first for other, cost in graph.neighbours[block].items() if other in second)


def _straighten(
    graph: BlockGraph, halves: tuple[list[int], list[int]], share: float, least: tuple[int, int]
) -> tuple[list[int], list[int]]:
    """The halves after single blocks changed sides wherever that shortens the cut without upsetting the balance."""
    sides = [set(halves[0]), set(halves[1])]
    cost = _cost(graph, halves, share)
    for _ in range(_PASSES):
        moved = False
        for home in (0, 1):
            for block in sorted(b for b in sides[home] if any(o in sides[1 - home] for o in graph.neighbours[b])):
                if len(sides[home]) <= least[home] or _gain(graph, block, sides[home], sides[1 - home]) <= 0:
                    continue
                sides[home].discard(block)
                sides[1 - home].add(block)
                changed = _cost(graph, (sorted(sides[0]), sorted(sides[1])), share)
                if changed < cost - 1e-9 and len(components(graph.neighbours, sides[home])) == 1:
                    cost, moved = changed, True
                else:
                    sides[1 - home].discard(block)
                    sides[home].add(block)
        if not moved:
            break
    return sorted(sides[0]), sorted(sides[1])


def _gain(graph: BlockGraph, block: int, home: set[int], other: set[int]) -> float:
    """How much shorter the cut gets when a block changes sides; the block may not be its neighbours' only link."""
    beside = graph.neighbours[block].items()
    return sum(cost for b, cost in beside if b in other) - sum(cost for b, cost in beside if b in home)
