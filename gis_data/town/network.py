"""Ways along a town's roads: the drill's workers walk them, and a desk ranks its candidates by them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from gis_data.town.town import Coords, Offsets, Roads, Town
from governance.places import EARTH_RADIUS_M, LonLat

_SAMPLE_M = 25.0
_NEAREST_SAMPLES = 12


@dataclass(frozen=True, slots=True, eq=False)
class _Foothold:
    """Where a place meets the network: on an edge, so far from the edge's first node."""

    edge: npt.NDArray[np.int64]
    from_first_m: npt.NDArray[np.float64]
    away_m: npt.NDArray[np.float64]


class RoadNetwork:
    """Junctions joined by stretches of road, in both directions and for every class: workers walk and ride e-bikes.

    Distances are metres on the sphere in a local frame (within 0.6 % of the geodesic across a district). Only the
    largest connected part of the roads is used, so that there is a way from everywhere to everywhere. Immutable; may
    be asked by several threads.
    """

    def __init__(self, coords: Coords, offsets: Offsets) -> None:
        """Build from the flat arrays of a roads pack; raises ValueError where there is no road."""
        if len(offsets) < 2 or not len(coords):
            raise ValueError("a network without roads")
        middle = np.radians((coords[:, 1].min() + coords[:, 1].max()) / 2)
        self._degree_m = np.array([np.cos(middle), 1.0]) * (np.pi / 180 * EARTH_RADIUS_M)
        self._corner = coords.min(axis=0)
        stretches = _cut_at_junctions(coords, offsets)
        self._adopt(stretches)

    @classmethod
    def of(cls, source: Town | Roads | object) -> RoadNetwork:
        """The network of a town, of its roads, or of a roads pack (anything with coords and offsets)."""
        roads = source.roads if isinstance(source, Town) else source
        return cls(roads.coords, roads.offsets)  # type: ignore[attr-defined]

    @property
    def length_m(self) -> float:
        """Length of all roads of the network together."""
        return float(self._edge_length.sum())

    def route(self, start: LonLat, end: LonLat) -> Coords:
        """The shortest way along roads as float64[n, 2] of longitude and latitude, from start to end, both included."""
        foot = self._footholds(np.array([(start.lon, start.lat), (end.lon, end.lat)]))
        edge_a, edge_b = int(foot.edge[0]), int(foot.edge[1])
        first, last = float(foot.from_first_m[0]), float(foot.from_first_m[1])
        way = self._stretch(edge_a, first, last) if edge_a == edge_b else self._way(edge_a, first, edge_b, last)
        ends = np.array([[(start.lon, start.lat)], [(end.lon, end.lat)]])
        whole = np.concatenate([ends[0], way / self._degree_m + self._corner, ends[1]])
        moved = np.append(True, (np.abs(np.diff(whole, axis=0)) > 1e-9).any(axis=1))
        moved[-1] |= not moved[1:].any()
        return np.asarray(whole[moved])

    def distance_m(self, start: LonLat, ends: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Metres along roads from one place to many (float64[k, 2] of longitude and latitude), as float64[k].

        The way from each place to its nearest road counts as well. About 2 ms for a district.
        """
        targets = np.asarray(ends, float).reshape(-1, 2)
        if not len(targets):
            return np.zeros(0)
        here = self._footholds(np.array([(start.lon, start.lat)]))
        there = self._footholds(targets)
        edge = int(here.edge[0])
        reach = self._reach(edge, float(here.from_first_m[0]))
        nodes = self._edge_nodes[there.edge]
        rest = self._edge_length[there.edge] - there.from_first_m
        along = np.minimum(reach[nodes[:, 0]] + there.from_first_m, reach[nodes[:, 1]] + rest)
        same = there.edge == edge
        along[same] = np.minimum(along[same], np.abs(there.from_first_m[same] - here.from_first_m[0]))
        return np.asarray(along + there.away_m + here.away_m[0])

    def _adopt(self, stretches: list[Coords]) -> None:
        """Keep the largest connected part of the stretches and make the tables."""
        ends = np.array([(line[0], line[-1]) for line in stretches]).reshape(-1, 2)
        _, ids = np.unique(ends, axis=0, return_inverse=True)
        nodes = ids.reshape(-1, 2)
        count = int(nodes.max()) + 1
        _, part = connected_components(csr_array((np.ones(len(nodes)), (nodes[:, 0], nodes[:, 1])), (count, count)))
        lines = [(line - self._corner) * self._degree_m for line in stretches]
        lengths = np.array([np.hypot(*np.diff(line, axis=0).T).sum() for line in lines])
        kept = np.flatnonzero(part[nodes[:, 0]] == np.bincount(part[nodes[:, 0]], weights=lengths).argmax())
        self._lines = [lines[k] for k in kept]
        self._edge_length = lengths[kept]
        _, renumbered = np.unique(nodes[kept], return_inverse=True)
        self._edge_nodes = renumbered.reshape(-1, 2)
        self._nodes = int(self._edge_nodes.max()) + 1
        a, b = self._edge_nodes.min(axis=1), self._edge_nodes.max(axis=1)
        order = np.lexsort((self._edge_length, b, a))
        best = np.append(True, (a[order][1:] != a[order][:-1]) | (b[order][1:] != b[order][:-1]))
        chosen = order[best]
        self._edge_of = {(int(a[k]), int(b[k])): int(k) for k in chosen}
        weights = np.maximum(self._edge_length[chosen], 1e-6)
        rows, columns = np.concatenate([a[chosen], b[chosen]]), np.concatenate([b[chosen], a[chosen]])
        self._graph = csr_array((np.concatenate([weights, weights]), (rows, columns)), (self._nodes, self._nodes))
        self._lay_samples()

    def _lay_samples(self) -> None:
        """Points every 25 m along the roads, through which the segments near a place are found."""
        xy = np.concatenate(self._lines)
        edge = np.repeat(np.arange(len(self._lines)), [len(line) for line in self._lines])
        inner = np.flatnonzero(edge[1:] == edge[:-1])
        start, end = xy[inner], xy[inner + 1]
        length = np.hypot(*(end - start).T)
        before = np.concatenate([np.append(0.0, np.cumsum(np.hypot(*np.diff(line, axis=0).T))[:-1]) for line in self._lines])
        steps = np.maximum(1, np.ceil(length / _SAMPLE_M).astype(int))
        segment = np.repeat(np.arange(len(inner)), steps)
        number = np.arange(len(segment)) - np.repeat(np.cumsum(steps) - steps, steps)
        samples = start[segment] + (end - start)[segment] * ((number + 0.5) / steps[segment])[:, None]
        self._segment_start, self._segment_step, self._segment_length = start, end - start, np.maximum(length, 1e-9)
        self._segment_edge, self._segment_before = edge[inner], before
        self._sample_segment, self._samples = segment, cKDTree(samples)

    def _footholds(self, places: Coords) -> _Foothold:
        """The nearest point of the network to each place."""
        xy = (places - self._corner) * self._degree_m
        count = min(_NEAREST_SAMPLES, len(self._sample_segment))
        near = self._samples.query(xy, k=count)[1].reshape(len(xy), count)
        segment = self._sample_segment[near]
        start, step, length = self._segment_start[segment], self._segment_step[segment], self._segment_length[segment]
        share = np.clip(((xy[:, None] - start) * step).sum(axis=2) / length**2, 0.0, 1.0)
        away = np.hypot(*np.moveaxis(start + step * share[..., None] - xy[:, None], 2, 0))
        best = away.argmin(axis=1)
        rows = np.arange(len(xy))
        chosen = segment[rows, best]
        from_first = self._segment_before[chosen] + share[rows, best] * self._segment_length[chosen]
        return _Foothold(self._segment_edge[chosen].astype(np.int64), from_first, away[rows, best])

    def _reach(self, edge: int, from_first: float) -> npt.NDArray[np.float64]:
        """Metres from a point on an edge to every node."""
        first, last = self._edge_nodes[edge]
        both = dijkstra(self._graph, indices=[first, last])
        return np.asarray(np.minimum(both[0] + from_first, both[1] + self._edge_length[edge] - from_first))

    def _way(self, edge_a: int, first: float, edge_b: int, last: float) -> Coords:
        """Vertices of the shortest way between points on two edges, in local metres."""
        starts, ends = self._edge_nodes[edge_a], self._edge_nodes[edge_b]
        reach, before = dijkstra(self._graph, indices=starts, return_predecessors=True)
        lead = (first, self._edge_length[edge_a] - first)
        tail = (last, self._edge_length[edge_b] - last)
        total = [(lead[i] + reach[i, ends[j]] + tail[j], i, j) for i in (0, 1) for j in (0, 1)]
        _, i, j = min(total)
        nodes = [int(ends[j])]
        while nodes[-1] != starts[i]:
            nodes.append(int(before[i, nodes[-1]]))
        nodes.reverse()
        way = [self._stretch(edge_a, first, 0.0 if i == 0 else float(self._edge_length[edge_a]))]
        way += [self._between(a, b) for a, b in itertools.pairwise(nodes)]
        way.append(self._stretch(edge_b, 0.0 if j == 0 else float(self._edge_length[edge_b]), last))
        return np.concatenate(way)

    def _between(self, start: int, end: int) -> Coords:
        """The vertices of the shortest stretch from one node to its neighbour."""
        edge = self._edge_of[min(start, end), max(start, end)]
        line = self._lines[edge]
        return np.asarray(line if self._edge_nodes[edge, 0] == start else line[::-1])

    def _stretch(self, edge: int, start_m: float, end_m: float) -> Coords:
        """The part of an edge between two distances from its first node, in the order asked."""
        line = self._lines[edge]
        along = np.append(0.0, np.cumsum(np.hypot(*np.diff(line, axis=0).T)))
        low, high = min(start_m, end_m), max(start_m, end_m)
        inner = line[(along > low) & (along < high)]
        cut = np.column_stack([np.interp([low, high], along, line[:, axis]) for axis in (0, 1)])
        part = np.concatenate([cut[:1], inner, cut[1:]])
        return part if start_m <= end_m else part[::-1]


def _cut_at_junctions(coords: Coords, offsets: Offsets) -> list[Coords]:
    """The lines cut wherever another line (or the same one again) has a vertex, in longitude and latitude."""
    line_of = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    _, ids, uses = np.unique(coords, axis=0, return_inverse=True, return_counts=True)
    is_node = uses[ids.ravel()] > 1
    is_node[offsets[:-1][np.diff(offsets) > 0]] = True
    is_node[offsets[1:][np.diff(offsets) > 0] - 1] = True
    nodes = np.flatnonzero(is_node)
    same = line_of[nodes[1:]] == line_of[nodes[:-1]]
    stretches = [coords[a : b + 1] for a, b in zip(nodes[:-1][same].tolist(), nodes[1:][same].tolist(), strict=True)]
    return [line for line in stretches if (line[0] != line[-1]).any() or len(line) > 2]
