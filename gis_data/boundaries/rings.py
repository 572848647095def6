"""What each ring tells by itself: spikes, vertices written twice, rings that run the other way, areas that are the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gis_data.boundaries.defect import Tolerances
from gis_data.boundaries.edges import Edges, Whole, keys_of, mixed


@dataclass(frozen=True, slots=True)
class Spike:
    """A boundary that runs out and back: whose, where its tip is, how long it is and how wide where it begins."""

    owner: int
    tip: tuple[int, int]
    """In lattice millimetres."""
    vertex: int
    """Index of the tip into the edges' points."""
    long_m: float
    wide_m: float


def spikes(edges: Edges, tolerances: Tolerances) -> list[Spike]:
    """All of them, in the order of the rings."""
    step = (edges.points[edges.first + 1] - edges.points[edges.first]).astype(float)
    moves = np.flatnonzero((step[:, 0] != 0) | (step[:, 1] != 0))
    if not len(moves):
        return []
    ring, step = edges.ring[moves], step[moves]
    follower = np.arange(1, len(moves) + 1)
    last = np.append(np.flatnonzero(ring[1:] != ring[:-1]), len(moves) - 1)
    follower[last] = np.append(0, last[:-1] + 1)
    after = step[follower]
    turns_back = np.flatnonzero(step[:, 0] * after[:, 0] + step[:, 1] * after[:, 1] < 0)
    step, after = step[turns_back], after[turns_back]
    long_mm, next_mm = np.hypot(*step.T), np.hypot(*after.T)
    along = (step * after).sum(axis=1)
    across = np.abs(step[:, 0] * after[:, 1] - step[:, 1] * after[:, 0])
    back = along < -np.cos(np.radians(tolerances.spike_deg)) * long_mm * next_mm
    wide_m = across / np.maximum(np.maximum(long_mm, next_mm), 1.0) / 1e3
    found = []
    for k in np.flatnonzero(back & (wide_m < tolerances.sliver_m)).tolist():
        edge = int(moves[turns_back[k]])
        vertex = int(edges.first[edge]) + 1
        tip = (int(edges.points[vertex, 0]), int(edges.points[vertex, 1]))
        long_m = float(min(long_mm[k], next_mm[k])) / 1e3
        found.append(Spike(int(edges.owner[edge]), tip, vertex, long_m, float(wide_m[k])))
    return found


def repeated(edges: Edges) -> dict[int, tuple[int, tuple[int, int]]]:
    """By polygon: how many of its vertices stand where the one before stands, and where the first of them is."""
    keys = keys_of(edges.points)
    same = keys[edges.first] == keys[edges.first + 1]
    found: dict[int, tuple[int, tuple[int, int]]] = {}
    for k in np.flatnonzero(same).tolist():
        x, y = edges.points[edges.first[k]].tolist()
        count, at = found.get(int(edges.owner[k]), (0, (x, y)))
        found[int(edges.owner[k])] = (count + 1, at)
    return found


def turned_unlike_most(edges: Edges) -> Whole:
    """Polygons with an outer ring that runs the other way than those of most; none where as many run either way."""
    begins = np.append(True, edges.ring[1:] != edges.ring[:-1])
    outer = edges.shells[edges.ring[begins]]
    turned, owner = edges.turned[begins][outer], edges.owner[begins][outer]
    if 2 * turned.sum() == len(turned):
        return np.zeros(0, np.int64)
    return np.unique(owner[turned != (2 * turned.sum() > len(turned))])


def sames(edges: Edges, hashes: npt.NDArray[np.uint64]) -> list[tuple[int, ...]]:
    """Groups of polygons with exactly the same edges."""
    if not len(edges.owner):
        return []
    begins = np.flatnonzero(np.append(True, edges.owner[1:] != edges.owner[:-1]))
    sums = np.add.reduceat(mixed(hashes), begins)
    order = np.argsort(sums, kind="stable")
    runs = np.flatnonzero(sums[order][1:] == sums[order][:-1])
    groups: dict[int, list[int]] = {}
    for k in runs.tolist():
        groups.setdefault(int(sums[order[k]]), [int(edges.owner[begins[order[k]]])]).append(
            int(edges.owner[begins[order[k + 1]]])
        )
    return [tuple(sorted(group)) for group in groups.values()]
