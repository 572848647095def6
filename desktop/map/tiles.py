"""Rings and roads sorted into square tiles, so that only what is in the picture is sent to be drawn; no Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.map.scene import Indices, Lines, Rings

CORNER = np.dtype([("place", "<f4", 2), ("owner", "<u4")])
"""12 bytes; the top bit of owner says that the pen goes up after this corner."""

PEN_UP = np.uint32(1 << 31)
STRETCH = np.dtype([("start", "<f4", 2), ("end", "<f4", 2), ("grid", "<i4"), ("kind", "<u4")])
"""One straight piece of a road, 24 bytes."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Tiles:
    """Boxes [west, south, east, north] of tiles and what each holds: first and count in one sorted array."""

    boxes: NDArray[np.float64]
    first: NDArray[np.int64]
    count: NDArray[np.int64]

    def runs(self, box: Box) -> list[tuple[int, int]]:
        """First and count of the parts of the array that the tiles touching a box hold, neighbours joined."""
        west, south, east, north = box
        near = (self.boxes[:, 0] < east) & (self.boxes[:, 2] > west)
        near &= (self.boxes[:, 1] < north) & (self.boxes[:, 3] > south)
        rows = np.nonzero(near)[0]
        if len(rows) == 0:
            return []
        breaks = np.nonzero(np.diff(rows) > 1)[0]
        starts, ends = rows[np.r_[0, breaks + 1]], rows[np.r_[breaks, len(rows) - 1]]
        counts = self.first[ends] + self.count[ends] - self.first[starts]
        return list(zip(self.first[starts].tolist(), counts.tolist(), strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class TiledRings:
    """Rings in the order of their tiles: corners for edges, triangle corners for the fill."""

    corners: NDArray[np.void]
    triangles: Indices
    edge_tiles: Tiles
    triangle_tiles: Tiles
    """First and count in triangles, times three they are positions in the index buffer."""
    ring_first: NDArray[np.int64]
    ring_count: NDArray[np.int64]
    ring_owner: NDArray[np.int32]
    ring_triangle: NDArray[np.int64]
    """int64[rings + 1], first triangle of each ring."""

    def edges_where(self, owners: NDArray[np.bool_]) -> list[tuple[int, int]]:
        """First corner and edge count of every ring whose owner is wanted."""
        rows = np.nonzero(owners[self.ring_owner])[0]
        return _joined(self.ring_first[rows], self.ring_first[rows] + self.ring_count[rows], last=-1)

    def triangles_where(self, owners: NDArray[np.bool_]) -> list[tuple[int, int]]:
        """First triangle and count of every ring whose owner is wanted."""
        rows = np.nonzero(owners[self.ring_owner])[0]
        return _joined(self.ring_triangle[rows], self.ring_triangle[rows + 1])


def _joined(first: NDArray[np.int64], end: NDArray[np.int64], last: int = 0) -> list[tuple[int, int]]:
    """Runs (first, count) of neighbouring parts in one; `last` is added to every run's count."""
    if len(first) == 0:
        return []
    breaks = np.nonzero(first[1:] != end[:-1])[0]
    starts, ends = first[np.r_[0, breaks + 1]], end[np.r_[breaks, len(end) - 1]]
    return list(zip(starts.tolist(), (ends - starts + last).tolist(), strict=True))


def _tile_order(x: NDArray[np.float64], y: NDArray[np.float64], tile_m: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Stable order of things by the tile that holds them, and the tile number of each in that order."""
    tile = np.floor(y / tile_m).astype(np.int64) * (1 << 20) + np.floor(x / tile_m).astype(np.int64)
    order = np.argsort(tile, kind="stable")
    return order, tile[order]


def _grouped(tile: NDArray[np.int64], first: NDArray[np.int64], boxes: NDArray[np.float64]) -> Tiles:
    """Tiles from things already in tile order; `first` has one entry more than there are things."""
    if len(tile) == 0:
        return Tiles(np.zeros((0, 4)), np.zeros(0, np.int64), np.zeros(0, np.int64))
    starts = np.nonzero(np.r_[True, tile[1:] != tile[:-1]])[0]
    ends = np.r_[starts[1:], len(tile)]
    low = np.minimum.reduceat(boxes[:, :2], starts)
    high = np.maximum.reduceat(boxes[:, 2:], starts)
    return Tiles(np.hstack([low, high]), first[starts], first[ends] - first[starts])


def tiled_rings(rings: Rings, tile_m: float) -> TiledRings:
    """Sort rings by the tile of their first point's neighbourhood, keeping each ring whole."""
    size = np.diff(rings.offsets)
    if len(size) == 0:
        none, owners = np.zeros(0, np.int64), np.zeros(0, np.int32)
        empty = _grouped(none, np.zeros(1, np.int64), np.zeros((0, 4)))
        corners, triangles = np.zeros(0, CORNER), np.zeros((0, 3), np.uint32)
        return TiledRings(corners, triangles, empty, empty, none, none, owners, np.zeros(1, np.int64))
    starts = rings.offsets[:-1]
    low, high = np.minimum.reduceat(rings.xy, starts), np.maximum.reduceat(rings.xy, starts)
    middle = (low + high) / 2
    order, tile = _tile_order(middle[:, 0], middle[:, 1], tile_m)
    boxes = np.hstack([low, high])[order]
    sizes = size[order]
    first = np.concatenate([[0], np.cumsum(sizes)])
    source = np.repeat(starts[order] - first[:-1], sizes) + np.arange(first[-1])
    corners = np.empty(len(source), CORNER)
    corners["place"] = rings.xy[source]
    corners["owner"] = np.repeat(rings.owner[order].astype(np.uint32), sizes)
    corners["owner"][first[1:] - 1] |= PEN_UP
    triangles, triangle_first = _moved_triangles(rings, order, source)
    return TiledRings(
        corners,
        triangles,
        _grouped(tile, first, boxes),
        _grouped(tile, triangle_first, boxes),
        first[:-1],
        sizes,
        rings.owner[order],
        triangle_first,
    )


def _moved_triangles(rings: Rings, order: NDArray[np.int64], source: NDArray[np.int64]) -> tuple[Indices, NDArray[np.int64]]:
    """Triangles in ring order with corner numbers of the sorted array, and the first triangle of each ring."""
    ring_of = np.searchsorted(rings.offsets, rings.triangles[:, 0], side="right") - 1
    counts = np.bincount(ring_of, minlength=len(rings))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    by_ring = np.argsort(rank[ring_of], kind="stable")
    moved = np.empty(len(source), np.int64)
    moved[source] = np.arange(len(source))
    first = np.concatenate([[0], np.cumsum(counts[order])])
    return moved[rings.triangles[by_ring]].astype(np.uint32), first


def tiled_roads(roads: Lines, grid_of: NDArray[np.int32], tile_m: float) -> tuple[NDArray[np.void], Tiles]:
    """Straight pieces of all roads in tile order, paths first and expressways last within a tile.

    grid_of int32[pieces] is the grid under the middle of each piece, in the order of `pieces_of`.
    """
    start, line = pieces_of(roads)
    pieces = np.empty(len(start), STRETCH)
    pieces["start"], pieces["end"] = roads.xy[start], roads.xy[start + 1]
    pieces["kind"], pieces["grid"] = roads.kinds[line], grid_of
    middle = (roads.xy[start] + roads.xy[start + 1]) / 2
    by_class = np.argsort(-roads.kinds[line].astype(int), kind="stable")
    order, tile = _tile_order(middle[by_class, 0], middle[by_class, 1], tile_m)
    pieces = pieces[by_class][order]
    ends = np.hstack([pieces["start"], pieces["end"]]).astype(np.float64)
    boxes = np.hstack([np.minimum(ends[:, :2], ends[:, 2:]), np.maximum(ends[:, :2], ends[:, 2:])])
    return pieces, _grouped(tile, np.arange(len(pieces) + 1), boxes)


def pieces_of(roads: Lines) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Position of the first point of every straight piece, and the line it belongs to."""
    start = np.delete(np.arange(len(roads.xy)), roads.offsets[1:] - 1)
    return start, np.searchsorted(roads.offsets, start, side="right") - 1
