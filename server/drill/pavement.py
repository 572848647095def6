"""Where one can walk: the vertices of the roads as nodes, and which of them lie in (or beside) which grid."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from gis_data.town.pack import RoadsPack
from gis_data.town.town import RoadClass

METRES_A_DEGREE = 111_195.0
BESIDE_M = 25.0
"""Grids end in the middle of their roads: a node this close to a grid belongs to it as well."""

Nodes = npt.NDArray[np.int64]


class Pavement:
    """Nodes in metres of a local plane, the neighbours of each in one flat table. Never changes."""

    def __init__(self, roads: RoadsPack, grids: npt.NDArray[np.object_]) -> None:
        """Expressways are not for walking; of the rest the largest connected part is kept. ValueError without any."""
        walkable = np.flatnonzero(roads.road_class != RoadClass.EXPRESSWAY)
        walkable = walkable if len(walkable) else np.arange(len(roads.road_class))
        places, starts, ends = _segments(roads, walkable)
        self.origin = places.mean(axis=0)
        self.scale = np.array([math.cos(math.radians(float(self.origin[1]))), 1.0]) * METRES_A_DEGREE
        places, starts, ends = _largest_part(places, starts, ends)
        self.xy = (places - self.origin) * self.scale
        """float64[n, 2], metres east and north of the origin."""
        heads = np.concatenate([ends, starts])
        tails = np.concatenate([starts, ends])
        order = np.argsort(tails, kind="stable")
        self.heads: Nodes = heads[order]
        self.first: Nodes = np.searchsorted(tails[order], np.arange(len(places) + 1))
        """Neighbours of node i are heads[first[i]:first[i + 1]]."""
        self._keys, self._nodes_of = self._settle(grids)
        self._count = len(places)

    def lonlat(self, xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Metres as longitude and latitude."""
        return np.asarray(xy / self.scale + self.origin)

    def metres(self, lonlat: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Longitude and latitude as metres."""
        return np.asarray((lonlat - self.origin) * self.scale)

    def nodes_of(self, grid: int) -> Nodes:
        """The nodes in or beside a grid; never empty: where no road touches it, the nearest node."""
        return self._nodes_of[grid]

    def belongs(self, nodes: Nodes, grids: Nodes) -> npt.NDArray[np.bool_]:
        """Whether each node lies in or beside the grid given for it."""
        keys = grids * self._count + nodes
        at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return np.asarray(self._keys[at] == keys)

    def next_nodes(self, here: Nodes, came_from: Nodes, grids: Nodes, dice: npt.NDArray[np.float64]) -> Nodes:
        """Where each walker turns: a neighbour inside his grid if there is one, not back where he came from if possible.

        `dice`: float64[m], m the number of neighbours of all walkers together (see `choices`), each in [0, 1).
        """
        count = self.first[here + 1] - self.first[here]
        owner = np.repeat(np.arange(len(here)), count)
        begin = np.cumsum(count) - count
        heads = self.heads[np.arange(len(owner)) - begin[owner] + self.first[here][owner]]
        liking = dice + 2.0 * self.belongs(heads, grids[owner]) - 1.5 * (heads == came_from[owner])
        best = np.maximum.reduceat(liking, begin)
        chosen = np.flatnonzero(liking == best[owner])
        return np.asarray(heads[chosen[np.searchsorted(owner[chosen], np.arange(len(here)))]])

    def choices(self, here: Nodes) -> int:
        """How many neighbours these nodes have together."""
        return int((self.first[here + 1] - self.first[here]).sum())

    def _settle(self, grids: npt.NDArray[np.object_]) -> tuple[Nodes, list[Nodes]]:
        """Sorted keys grid * count + node, and the nodes of each grid."""
        flat = shapely.transform(grids, self.metres)
        tree = shapely.STRtree(shapely.points(self.xy))
        rows, nodes = tree.query(flat, predicate="dwithin", distance=BESIDE_M)
        lonely = np.setdiff1d(np.arange(len(flat)), rows)
        if len(lonely):
            rows = np.concatenate([rows, lonely])
            nodes = np.concatenate([nodes, tree.nearest(flat[lonely])])
        order = np.lexsort((nodes, rows))
        rows, nodes = rows[order], nodes[order]
        edges = np.searchsorted(rows, np.arange(len(flat) + 1))
        return rows * len(self.xy) + nodes, [nodes[edges[i] : edges[i + 1]] for i in range(len(flat))]


def _segments(roads: RoadsPack, walkable: Nodes) -> tuple[npt.NDArray[np.float64], Nodes, Nodes]:
    """Distinct vertices, and the nodes at both ends of every stretch between two of them."""
    parts = [np.arange(roads.offsets[line], roads.offsets[line + 1]) for line in walkable]
    points = np.concatenate(parts)
    line_of = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    places, node = np.unique(roads.coords[points], axis=0, return_inverse=True)
    node = node.ravel()
    inner = np.flatnonzero((line_of[1:] == line_of[:-1]) & (node[1:] != node[:-1]))
    if not len(inner):
        raise ValueError("no road to walk on")
    return places, node[inner], node[inner + 1]


def _largest_part(places: npt.NDArray[np.float64], starts: Nodes, ends: Nodes) -> tuple[npt.NDArray[np.float64], Nodes, Nodes]:
    """The largest connected part, renumbered."""
    graph = csr_array((np.ones(len(starts)), (starts, ends)), (len(places), len(places)))
    _, part = connected_components(graph, directed=False)
    largest = np.bincount(part).argmax()
    kept = np.flatnonzero(part == largest)
    number = np.full(len(places), -1)
    number[kept] = np.arange(len(kept))
    inside = part[starts] == largest
    return places[kept], number[starts[inside]], number[ends[inside]]
