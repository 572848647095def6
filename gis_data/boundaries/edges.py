"""Edges of polygons on whole millimetres, and which of them no neighbour and no parent runs against.

Valid polygons whose oriented boundaries sum to the parent's oriented boundary have indicator functions that sum to the
parent's: every point of the parent lies in exactly one of them. So each edge of a child counts +1 or -1 by its direction, the
parent's count the other way round, and every edge must come to zero. No tolerance is involved.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from gis_data.boundaries.lattice import Lattice

Whole = npt.NDArray[np.int64]
_AXIS_BITS = 31


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Every edge of every ring, in the order of the polygons, parts and rings."""

    points: Whole
    """int64[p, 2]: all vertices in lattice millimetres, each ring closed by its first."""
    first: Whole
    """int64[m]: where an edge begins as it is written, an index into points; it ends at the next."""
    owner: Whole
    """int64[m]: which polygon it belongs to."""
    ring: Whole
    """int64[m]: which ring, counted through."""
    turned: npt.NDArray[np.bool_]
    """bool[m]: whether the ring is written the other way round: shells are to run left, holes right."""
    shells: npt.NDArray[np.bool_]
    """bool[rings]: whether a ring is the outer one of its part."""

    @property
    def start(self) -> Whole:
        """Where an edge begins once shells run left and holes right, an index into points."""
        return np.where(self.turned, self.first + 1, self.first)

    @property
    def end(self) -> Whole:
        """Where it ends then."""
        return np.where(self.turned, self.first, self.first + 1)

    def segments(self, which: Whole) -> Whole:
        """Some edges as int64[k, 2, 2], as they are written."""
        return np.stack([self.points[self.first[which]], self.points[self.first[which] + 1]], axis=1)


def edges_of(polygons: npt.NDArray[np.object_], lattice: Lattice) -> Edges:
    """The edges of Polygons and MultiPolygons, none of them empty."""
    parts, owner_of_part = shapely.get_parts(polygons, return_index=True)
    _, xy, (ring_at, part_at) = shapely.to_ragged_array(parts, include_z=False)
    ring_at, part_at = ring_at.astype(np.int64), part_at.astype(np.int64)
    points = lattice.whole(xy)
    has_next = np.ones(len(points), bool)
    has_next[ring_at[1:] - 1] = False
    first = np.flatnonzero(has_next)
    counts = np.diff(ring_at) - 1
    ring = np.repeat(np.arange(len(counts)), counts)
    owner = owner_of_part[np.repeat(np.arange(len(parts)), np.diff(part_at))].astype(np.int64)
    shells = np.zeros(len(counts), bool)
    shells[part_at[:-1]] = True
    runs_left = _twice_area(points, first, np.concatenate([[0], np.cumsum(counts)[:-1]])) > 0
    return Edges(points, first, owner[ring], ring, (runs_left != shells)[ring], shells)


def _twice_area(points: Whole, first: Whole, begins: Whole) -> npt.NDArray[np.float64]:
    """float64[rings]: positive where a ring runs left; `begins` are the first edges of the rings."""
    origin = np.repeat(points[first[begins]], np.diff(np.append(begins, len(first))), axis=0)
    a, b = (points[first] - origin).astype(float), (points[first + 1] - origin).astype(float)
    sums: npt.NDArray[np.float64] = np.add.reduceat(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0], begins)
    return sums


def keys_of(points: Whole) -> Whole:
    """int64[p]: one number for each lattice point, the same for the same point."""
    keys: Whole = (points[:, 0] << _AXIS_BITS) | points[:, 1]
    return keys


def mixed(numbers: npt.NDArray[np.integer]) -> npt.NDArray[np.uint64]:
    """uint64: the numbers scattered over all 64 bits (the finaliser of splitmix64)."""
    scattered = numbers.astype(np.uint64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        scattered ^= scattered >> np.uint64(shift)
        scattered *= np.uint64(factor)
    scattered ^= scattered >> np.uint64(31)
    return scattered


def hashes_of(edges: Edges) -> npt.NDArray[np.uint64]:
    """uint64[m]: one number for each edge, the same for both directions."""
    scattered = mixed(keys_of(edges.points))
    a, b = scattered[edges.first], scattered[edges.first + 1]
    return (a + b) * np.uint64(0x9E3779B97F4A7C15) ^ (a ^ b)


def unmatched(
    edges: Edges,
    group_of: Whole,
    parents: Edges | None = None,
    parent_group_of: Whole | None = None,
    hashes: npt.NDArray[np.uint64] | None = None,
) -> tuple[Whole, Whole]:
    """Which edges of areas, and which of their parents, do not cancel: indices into each.

    Only edges of one group cancel: `group_of` is int64[areas], `parent_group_of` int64[parents], each parent's own position
    where it is not given. `hashes` are those of the edges, computed where they are not given.
    """
    keys, both = keys_of(edges.points), hashes_of(edges) if hashes is None else hashes
    low, high, sign = _directed(keys, edges)
    group = group_of[edges.owner]
    if parents is not None:
        above = np.arange(parents.owner.max() + 1) if parent_group_of is None else parent_group_of
        parent_low, parent_high, parent_sign = _directed(keys_of(parents.points), parents)
        both = np.concatenate([both, hashes_of(parents)])
        low, high = np.concatenate([low, parent_low]), np.concatenate([high, parent_high])
        sign, group = np.concatenate([sign, -parent_sign]), np.concatenate([group, above[parents.owner]])
    if group.any():
        both = both ^ mixed(group)
    order = np.argsort(both)
    runs = both[order]
    new = np.ones(len(order), bool)
    new[1:] = runs[1:] != runs[:-1]
    same = ~new[1:]
    before, after = order[:-1][same], order[1:][same]
    if ((low[before] != low[after]) | (high[before] != high[after]) | (group[before] != group[after])).any():
        order = np.lexsort((group, high, low))  # two edges share a number: compare the edges themselves
        a, b = order[:-1], order[1:]
        new[1:] = (low[a] != low[b]) | (high[a] != high[b]) | (group[a] != group[b])
    begins = np.flatnonzero(new)
    net = np.add.reduceat(sign[order], begins, dtype=np.int64) if len(begins) else begins
    open_runs = np.repeat(net != 0, np.diff(np.append(begins, len(order))))
    left = np.sort(order[open_runs])
    left = left[sign[left] != 0]
    return left[left < len(edges.first)], left[left >= len(edges.first)] - len(edges.first)


def _directed(keys: Whole, edges: Edges) -> tuple[Whole, Whole, npt.NDArray[np.int8]]:
    """Both ends of each edge by their numbers, and +1 or -1 by its direction; 0 where it has no length."""
    a, b = keys[edges.first], keys[edges.first + 1]
    sign = np.where((a < b) != edges.turned, np.int8(1), np.int8(-1))
    sign[a == b] = 0
    return np.minimum(a, b), np.maximum(a, b), sign
