"""Which blocks lie beside which, and how good a border the edge between them would make."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from gis_data.town.partition import BlockGraph, Neighbours
from gis_data.town.town import RoadClass

# Metres of border along a road of a class count as so many: a border along a big road is the best.
_COST = {
    RoadClass.EXPRESSWAY: 0.35,
    RoadClass.ARTERIAL: 0.4,
    RoadClass.STREET: 0.75,
    RoadClass.LANE: 1.0,
    RoadClass.PATH: 1.3,
}
_COST_WITHOUT_ROAD = 3.0
_ON_ROAD_M = 0.5


def graph_of(
    blocks: npt.NDArray[np.object_],
    weights: npt.NDArray[np.float64],
    roads: npt.NDArray[np.object_],
    road_class: npt.NDArray[np.uint8],
) -> BlockGraph:
    """The blocks as a graph; they must meet vertex to vertex, in metres on the plane."""
    start, end, left, right = shared_edges(blocks)
    length = np.hypot(*(end - start).T)
    factor = np.full(len(length), _COST_WITHOUT_ROAD)
    middles = shapely.points((start + end) / 2)
    pieces, road = short_pieces(roads)
    hit, piece = shapely.STRtree(pieces).query_nearest(middles, max_distance=_ON_ROAD_M, all_matches=True)
    price = np.array([_COST[RoadClass(k)] for k in road_class])
    np.minimum.at(factor, hit, price[road[piece]])
    neighbours: Neighbours = [{} for _ in blocks]
    for a, b, cost in zip(left.tolist(), right.tolist(), (length * factor).tolist(), strict=True):
        neighbours[a][b] = neighbours[a].get(b, 0.0) + cost
        neighbours[b][a] = neighbours[b].get(a, 0.0) + cost
    centres = shapely.get_coordinates(shapely.centroid(blocks))
    return BlockGraph(centres, weights, neighbours)


def short_pieces(lines: npt.NDArray[np.object_]) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.int64]]:
    """Lines and outlines as single segments, with the line each came from: a tree of these answers much faster."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    same = np.flatnonzero(line[1:] == line[:-1])
    return shapely.linestrings(np.stack([xy[same], xy[same + 1]], axis=1)), line[same]


def shared_edges(
    polygons: npt.NDArray[np.object_],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Start, end (float64[n, 2]), and the two owners of every edge that two polygons have in common, in edge order."""
    rings, owner_of_ring = _rings(polygons)
    xy, ring_of = shapely.get_coordinates(rings, return_index=True)
    same = ring_of[1:] == ring_of[:-1]
    start, end, owner = xy[:-1][same], xy[1:][same], owner_of_ring[ring_of[:-1][same]]
    points, ids = np.unique(np.concatenate([start, end]), axis=0, return_inverse=True)
    ids = ids.ravel()
    a, b = ids[: len(start)], ids[len(start) :]
    key = np.minimum(a, b).astype(np.int64) * len(points) + np.maximum(a, b)
    order = np.argsort(key, kind="stable")
    twice = np.flatnonzero(key[order][1:] == key[order][:-1])
    first, second = order[twice], order[twice + 1]
    apart = owner[first] != owner[second]
    first, second = first[apart], second[apart]
    return start[first], end[first], owner[first].astype(np.int64), owner[second].astype(np.int64)


def _rings(polygons: npt.NDArray[np.object_]) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.int64]]:
    """All rings of polygons and multipolygons, with the index of the polygon each belongs to."""
    parts, owner = shapely.get_parts(polygons, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    return rings, owner[part]


def boundary_fit(
    grids: npt.NDArray[np.object_],
    roads: npt.NDArray[np.object_],
    water: npt.NDArray[np.object_],
    within_m: float = 5.0,
) -> float:
    """Share of the length of the grids' inner boundaries that lies within 5 m of a road or water, 0 to 1.

    Measured, not assumed: the boundary is walked in steps of at most 5 m, and each step counts by the distance of its
    middle to the nearest road or water. One grid alone has no inner boundary; its fit is 1.
    """
    start, end, _, _ = shared_edges(grids)
    length = np.hypot(*(end - start).T)
    if not length.sum():
        return 1.0
    steps = np.maximum(1, np.ceil(length / 5.0).astype(int))
    edge = np.repeat(np.arange(len(length)), steps)
    number = np.arange(len(edge)) - np.repeat(np.cumsum(steps) - steps, steps)
    middles = start[edge] + (end - start)[edge] * ((number + 0.5) / steps[edge])[:, None]
    points = shapely.points(middles)
    pieces, _ = short_pieces(roads)
    close = np.zeros(len(edge), bool)
    close[shapely.STRtree(pieces).query(points, predicate="dwithin", distance=within_m)[0]] = True
    far = np.flatnonzero(~close)
    shapely.prepare(water)
    close[far[shapely.STRtree(water).query(points[far], predicate="dwithin", distance=within_m)[0]]] = True
    step_length = (length / steps)[edge]
    return float(step_length[close].sum() / step_length.sum())
