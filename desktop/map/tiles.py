"""Rings and roads cut into square tiles of small whole numbers, so that only what is in the picture need be in memory; no Qt.

Every tile has an origin and a step; a corner is two numbers 0..65,535 of steps from the origin. Origins lie on one lattice,
so what two tiles share falls on the same spot. A thing too large for its tile is put into one twice as wide, or wider,
with steps as much larger.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from desktop.map.scene import Lines, Rings

CORNER = np.dtype([("place", "<u2", 2), ("owner", "<u4"), ("other", "<u4")])
"""12 bytes. The top bit of owner says that the pen goes up after this corner; other is who owns the far side of the edge that
begins here, its top bit that the edge stands in the other's ring too, and earlier."""

PEN_UP = SECOND = np.uint32(1 << 31)
NOBODY = np.uint32((1 << 31) - 1)
"""On the far side of an edge that is shared with no other ring."""

PIECE = np.dtype([("start", "<u2", 2), ("end", "<u2", 2), ("grid", "<u4")])
"""One straight piece of a road, 12 bytes; grid is 1 + the number of the grid it stands on."""

LARGEST = 65_535
CORNERS_A_TILE = 49_152
"""A tile that holds more is made two, so that its triangles can name their corners by two bytes."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Cut:
    """How wide tiles are and how fine their steps, both in metres."""

    tile_m: float
    step_m: float

    @property
    def room_m(self) -> float:
        """The widest thing that surely fits."""
        return LARGEST * self.step_m - self.tile_m


@dataclass(frozen=True, slots=True, eq=False)
class Tiles:
    """Where tiles lie; record n of tile i is places[first[i] + n]."""

    boxes: NDArray[np.float64]
    """float64[k, 4], west, south, east, north of what each holds, plane metres."""
    origins: NDArray[np.float64]
    """float64[k, 2]."""
    steps_m: NDArray[np.float64]
    first: NDArray[np.int64]
    """int64[k + 1]."""

    def __len__(self) -> int:
        """How many there are."""
        return len(self.boxes)

    def near(self, box: Box) -> NDArray[np.int64]:
        """Numbers of those that touch a box."""
        west, south, east, north = box
        touched = (self.boxes[:, 0] < east) & (self.boxes[:, 2] > west)
        touched &= (self.boxes[:, 1] < north) & (self.boxes[:, 3] > south)
        return np.nonzero(touched)[0]

    def part(self, number: int) -> slice:
        """The records of one."""
        return slice(int(self.first[number]), int(self.first[number + 1]))

    def metres(self, number: int, places: NDArray[np.uint16]) -> NDArray[np.float64]:
        """Plane metres float64[n, 2] of places uint16[n, 2] in one of them."""
        return np.asarray(self.origins[number] + places * self.steps_m[number])


@dataclass(frozen=True, slots=True, eq=False)
class TiledRings:
    """Rings in the order of their tiles: corners for edges, triangles for the fill."""

    tiles: Tiles
    corners: NDArray[np.void]
    """CORNER[n]."""
    triangles: NDArray[np.unsignedinteger]
    """uint16[t, 3], or uint32 where a single ring needs it: corners counted from the first of the tile."""
    triangle_first: NDArray[np.int64]
    """int64[k + 1], first triangle of each tile."""
    ring_first: NDArray[np.int64]
    """int64[rings + 1], first corner of each ring."""
    ring_owner: NDArray[np.int32]
    owner_box: NDArray[np.float32]
    """float32[owners, 4], around all rings of an owner; none of them where it has none."""

    def __len__(self) -> int:
        """How many rings there are."""
        return len(self.ring_owner)

    def ring_tile(self) -> NDArray[np.int64]:
        """The tile of each ring, int64[rings]."""
        return np.searchsorted(self.tiles.first, self.ring_first[:-1], side="right") - 1

    def tiles_of(self, owners: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Numbers of the tiles that hold a ring whose owner is wanted, bool[owners]."""
        return np.unique(self.ring_tile()[owners[self.ring_owner]])

    def ring(self, number: int) -> NDArray[np.float64]:
        """One closed ring float64[n, 2], plane metres."""
        part = slice(int(self.ring_first[number]), int(self.ring_first[number + 1]))
        tile = int(np.searchsorted(self.tiles.first, part.start, side="right")) - 1
        return self.tiles.metres(tile, self.corners["place"][part])

    def rings_of(self, owner: int) -> list[NDArray[np.float64]]:
        """Every closed ring of an owner."""
        return [self.ring(number) for number in np.nonzero(self.ring_owner == owner)[0].tolist()]

    def borders_in(self, tile: int, above: NDArray[np.int64]) -> NDArray[np.int64]:
        """Corners of a tile, counted from its first, where an edge begins whose two sides lie in different things above.

        `above` int64[owners] is the number of what each owner lies in; an edge that is shared with nobody is one of them.
        """
        corners = self.corners[self.tiles.part(tile)]
        owner, other = (corners["owner"] & NOBODY).astype(np.int64), (corners["other"] & NOBODY).astype(np.int64)
        far_side = np.where(other == NOBODY, -1, above[np.minimum(other, len(above) - 1)])
        return np.nonzero(((corners["owner"] & PEN_UP) == 0) & (above[owner] != far_side))[0]

    def rings_in(self, tile: int) -> list[tuple[int, NDArray[np.float64]]]:
        """Owner and corners float64[n, 2] of every ring of a tile."""
        part = self.tiles.part(tile)
        xy = self.tiles.metres(tile, self.corners["place"][part])
        low, high = np.searchsorted(self.ring_first, (part.start, part.stop)).tolist()
        edges = (self.ring_first[low : high + 1] - part.start).tolist()
        parts = (xy[first:end] for first, end in pairwise(edges))
        return list(zip(self.ring_owner[low:high].tolist(), parts, strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class TiledPieces:
    """Straight pieces of roads in the order of their tiles."""

    tiles: Tiles
    pieces: NDArray[np.void]
    """PIECE[n]."""

    def __len__(self) -> int:
        """How many pieces there are."""
        return len(self.pieces)


@dataclass(frozen=True, slots=True, eq=False)
class _Order:
    """Things sorted into tiles."""

    order: NDArray[np.int64]
    tile: NDArray[np.int64]
    """The tile of each thing in that order."""
    tiles: Tiles


def _sorted(low: NDArray[np.float64], high: NDArray[np.float64], sizes: NDArray[np.int64], cut: Cut) -> _Order:
    """Put things with boxes low..high float64[n, 2] and so many records each into tiles, keeping their order within one."""
    wide = np.ceil(np.log2(np.maximum((high - low).max(axis=1) / cut.room_m, 1.0))).astype(np.int64)
    side = cut.tile_m * 2.0**wide
    column, row = np.floor((low + high) / 2 / side[:, None]).astype(np.int64).T
    order = np.lexsort((column, row, wide))
    keys = np.column_stack([wide, row, column])[order]
    is_new = np.r_[True, (keys[1:] != keys[:-1]).any(axis=1)]
    ends = np.cumsum(sizes[order])
    begins = ends - sizes[order]
    chunk = (ends - np.repeat(begins[is_new], np.diff(np.r_[np.nonzero(is_new)[0], len(order)])) - 1) // CORNERS_A_TILE
    is_new[1:] |= chunk[1:] != chunk[:-1]
    starts = np.nonzero(is_new)[0]
    lowest = np.minimum.reduceat(low[order], starts)
    steps = cut.step_m * 2.0 ** wide[order][starts]
    tiles = Tiles(
        np.hstack([lowest, np.maximum.reduceat(high[order], starts)]),
        np.floor(lowest / steps[:, None]) * steps[:, None],
        steps,
        np.r_[begins[starts], ends[-1]],
    )
    return _Order(order, np.cumsum(is_new) - 1, tiles)


def _counted(xy: NDArray[np.float64], tile: NDArray[np.int64], tiles: Tiles) -> NDArray[np.float64]:
    """Plane metres float64[n, 2] in steps from the origin of each one's tile."""
    return np.asarray(np.rint((xy - tiles.origins[tile]) / tiles.steps_m[tile, None]).clip(0, LARGEST))


def _no_tiles() -> Tiles:
    return Tiles(np.zeros((0, 4)), np.zeros((0, 2)), np.zeros(0), np.zeros(1, np.int64))


def tiled_rings(rings: Rings, cut: Cut, owners: int, *, shared: bool = False) -> TiledRings:
    """Sort rings into tiles by their middles, keeping each ring whole; `owners` is how many things may own one.

    With `shared` every edge knows who lies on its far side.
    """
    box = np.full((owners, 4), np.nan, np.float32)
    sizes = np.diff(rings.offsets)
    if len(sizes) == 0:
        corners, triangles = np.zeros(0, CORNER), np.zeros((0, 3), np.uint16)
        first = np.zeros(1, np.int64)
        return TiledRings(_no_tiles(), corners, triangles, first, first, np.zeros(0, np.int32), box)
    starts = rings.offsets[:-1]
    low, high = np.minimum.reduceat(rings.xy, starts), np.maximum.reduceat(rings.xy, starts)
    ring_order, ring_tile, tiles = _whole_things(rings, low, high, cut)
    sizes = sizes[ring_order]
    first = np.concatenate([[0], np.cumsum(sizes)])
    source = np.repeat(starts[ring_order] - first[:-1], sizes) + np.arange(first[-1])
    corners = np.empty(len(source), CORNER)
    corners["place"] = _counted(rings.xy[source], np.repeat(ring_tile, sizes), tiles)
    corners["owner"] = np.repeat(rings.owner[ring_order].astype(np.uint32), sizes)
    corners["other"] = NOBODY
    if shared:
        _tell_far_sides(corners, np.rint(rings.xy[source] / cut.step_m).astype(np.int64), first[1:] - 1)
    corners["owner"][first[1:] - 1] |= PEN_UP
    triangles, triangle_first = _moved_triangles(rings, ring_order, ring_tile, tiles, first)
    for axis, best, ends in ((0, np.fmin, low), (2, np.fmax, high)):
        for side in (0, 1):
            best.at(box[:, axis + side], rings.owner, ends[:, side].astype(np.float32))
    return TiledRings(tiles, corners, triangles, triangle_first, first, rings.owner[ring_order], box)


def _tell_far_sides(corners: NDArray[np.void], steps: NDArray[np.int64], lasts: NDArray[np.int64]) -> None:
    """Find the edges that lie in two rings, by their ends in whole steps int64[n, 2]; `lasts` are corners without an edge."""
    begin = np.delete(np.arange(len(corners)), lasts)
    name = (steps[:, 0] << 32) + steps[:, 1]
    low, high = np.minimum(name[begin], name[begin + 1]), np.maximum(name[begin], name[begin + 1])
    with np.errstate(over="ignore"):
        key = low.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + high.view(np.uint64)
    order = np.argsort(key, kind="stable")
    same = key[order[1:]] == key[order[:-1]]
    same[1:] &= ~same[:-1]
    one, two = begin[order[:-1][same]], begin[order[1:][same]]
    corners["other"][one] = corners["owner"][two]
    corners["other"][two] = corners["owner"][one] | SECOND


def _whole_things(
    rings: Rings, low: NDArray[np.float64], high: NDArray[np.float64], cut: Cut
) -> tuple[NDArray[np.int64], NDArray[np.int64], Tiles]:
    """Order of the rings, tile of each in that order, and the tiles; a ring and its holes stay together."""
    thing = _things(rings)
    count = int(thing.max()) + 1
    lowest, highest = np.full((count, 2), np.inf), np.full((count, 2), -np.inf)
    np.minimum.at(lowest, thing, low)
    np.maximum.at(highest, thing, high)
    put = _sorted(lowest, highest, np.bincount(thing, np.diff(rings.offsets), count).astype(np.int64), cut)
    rank = np.empty(count, np.int64)
    rank[put.order] = np.arange(count)
    order = np.argsort(rank[thing], kind="stable")
    return order, put.tile[rank[thing[order]]], put.tiles


def _things(rings: Rings) -> NDArray[np.int64]:
    """Number of the thing each ring belongs to: rings that a triangle joins are one."""
    thing = np.arange(len(rings))
    ring_of = np.searchsorted(rings.offsets, rings.triangles, side="right") - 1
    joined = np.unique(ring_of[(ring_of != ring_of[:, :1]).any(axis=1)], axis=0) if len(ring_of) else ring_of
    while len(joined):
        least = thing[joined].min(axis=1)
        if (thing[joined] == least[:, None]).all():
            break
        for side in range(3):
            np.minimum.at(thing, joined[:, side], least)
    return np.unique(thing, return_inverse=True)[1].astype(np.int64)


def _moved_triangles(
    rings: Rings, order: NDArray[np.int64], ring_tile: NDArray[np.int64], tiles: Tiles, first: NDArray[np.int64]
) -> tuple[NDArray[np.unsignedinteger], NDArray[np.int64]]:
    """Triangles in tile order, their corners counted from the first of the tile, and the first triangle of each tile."""
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    ring_of = np.searchsorted(rings.offsets, rings.triangles, side="right") - 1
    place = rank[ring_of]
    by_ring = np.argsort(place[:, 0], kind="stable")
    place = place[by_ring]
    tile = ring_tile[place[:, 0]]
    shift = first[:-1][place] - rings.offsets[order[place]] - tiles.first[tile][:, None]
    moved = rings.triangles[by_ring].astype(np.int64) + shift
    kind = np.uint16 if np.diff(tiles.first).max() <= LARGEST else np.uint32
    return moved.astype(kind), np.searchsorted(tile, np.arange(len(tiles) + 1)).astype(np.int64)


def chosen_rings(rings: Rings, rows: NDArray[np.int64]) -> Rings:
    """Some of the rings, with their owners and triangles."""
    sizes = np.diff(rings.offsets)[rows]
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    source = np.repeat(rings.offsets[rows] - offsets[:-1], sizes) + np.arange(offsets[-1])
    moved = np.full(len(rings.xy), -1, np.int64)
    moved[source] = np.arange(len(source))
    corners = moved[rings.triangles]
    triangles = corners[(corners >= 0).all(axis=1)].astype(np.uint32).reshape(-1, 3)
    return Rings(rings.xy[source].reshape(-1, 2), offsets, rings.owner[rows], triangles)


def tiled_roads(roads: Lines, grid_of: NDArray[np.int32], kind: int, cut: Cut) -> TiledPieces:
    """Straight pieces of the roads of a class; grid_of int32[pieces] is the grid under each, in the order of `pieces_of`."""
    start, line = pieces_of(roads)
    mine = roads.kinds[line] == kind
    start, grid = start[mine], grid_of[mine]
    if len(start) == 0:
        return TiledPieces(_no_tiles(), np.zeros(0, PIECE))
    low, high = np.minimum(roads.xy[start], roads.xy[start + 1]), np.maximum(roads.xy[start], roads.xy[start + 1])
    put = _sorted(low, high, np.ones(len(start), np.int64), cut)
    start = start[put.order]
    pieces = np.empty(len(start), PIECE)
    pieces["start"] = _counted(roads.xy[start], put.tile, put.tiles)
    pieces["end"] = _counted(roads.xy[start + 1], put.tile, put.tiles)
    pieces["grid"] = (grid[put.order] + 1).astype(np.uint32)
    return TiledPieces(put.tiles, pieces)


def pieces_of(roads: Lines) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Position of the first point of every straight piece, and the line it belongs to."""
    start = np.delete(np.arange(len(roads.xy)), roads.offsets[1:] - 1)
    return start, np.searchsorted(roads.offsets, start, side="right") - 1
