"""Raised grids and buildings as polygons, for the map that is painted without OpenGL; what hides what is settled by order.

Seen at a tilt, a point above the ground is drawn on the spot of a place farther away. So every wall and every roof is
a polygon in plane metres, and one transform takes it to the picture, as it does the ground.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainterPath, QPolygonF

from desktop.map.plain_paths import many, polygon
from desktop.map.scene import Geometry
from desktop.map.tiles import NOBODY, PEN_UP, SECOND, Box, TiledRings
from desktop.map.viewpoint import Viewpoint

SUNS = 8
"""Steps between a wall in the shade and one in the light."""

STOREYS_M, BRIGHTEST = 5.0, 14
"""Buildings are told apart by steps of their height; from that many steps on they are as bright as they can be."""

OVERLAP_M = 0.1
"""How far walls reach under their roof, so that no ground shines through where they meet."""

MOST_TILES_OF_BLOCKS = 120
Floats = NDArray[np.float64]
Shape = QPolygonF | QPainterPath


@dataclass(frozen=True)
class Lean:
    """How a view is turned and tilted: all that decides where heights are drawn."""

    turn_deg: float
    tilt_deg: float

    @classmethod
    def of(cls, viewpoint: Viewpoint) -> Lean:
        """That of a viewpoint."""
        return cls(viewpoint.turn_deg, viewpoint.tilt_deg)

    @cached_property
    def away(self) -> Floats:
        """A metre on the ground away from who looks, float64[2]."""
        turn = math.radians(self.turn_deg)
        return np.array([math.sin(turn), math.cos(turn)])

    @cached_property
    def rise(self) -> Floats:
        """Plane metres float64[2] from a place to the one that is drawn where a metre above it is."""
        return self.away * math.tan(math.radians(self.tilt_deg))

    def lift(self, height_m: float) -> tuple[float, float]:
        """The same for so many metres."""
        return float(self.rise[0]) * height_m, float(self.rise[1]) * height_m


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Edges of rings that face who looks; row i runs from start[i] to end[i], plane metres float64[n, 2]."""

    owner: NDArray[np.int64]
    start: Floats
    end: Floats
    outward: Floats
    """Of length one."""
    other: NDArray[np.int64]
    """Who owns the near side of each; -1 where that is nobody."""

    def walls(self, top_m: Floats, lean: Lean, foot_m: Floats | None = None) -> Floats:
        """float64[n, 4, 2], as each wall is drawn from one height, the ground when not given, to another."""
        top = top_m[:, None] * lean.rise
        foot = foot_m[:, None] * lean.rise if foot_m is not None else np.zeros_like(top)
        return np.stack([self.start + foot, self.end + foot, self.end + top, self.start + top], axis=1)


def facing(rings: TiledRings, tile: int, lean: Lean) -> Edges:
    """The edges of a tile that face who looks, rings being wound counter-clockwise around what they bound."""
    part = rings.tiles.part(tile)
    corners = rings.corners[part]
    xy = rings.tiles.metres(tile, corners["place"])
    along = xy[1:] - xy[:-1]
    outward = np.stack([along[:, 1], -along[:, 0]], axis=1)
    ends = (corners["owner"][:-1] & PEN_UP) != 0
    rows = np.nonzero(~ends & (outward @ lean.away < 0.0))[0]
    length = np.hypot(*outward[rows].T)[:, None]
    owner = (corners["owner"][rows] & ~PEN_UP).astype(np.int64)
    other = (corners["other"][rows] & ~SECOND).astype(np.int64)
    other[other == int(NOBODY)] = -1
    return Edges(owner, xy[rows], xy[rows + 1], outward[rows] / length, other)


@dataclass(frozen=True, slots=True)
class WallInk:
    """How a wall of a building is lit: steps of its height and of the light on it."""

    tall: int
    sun: int


@dataclass(frozen=True, slots=True)
class RoofInk:
    """How bright a roof is, by the height of its building."""

    tall: int


Ink = WallInk | RoofInk


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """The buildings of a tile for one lean; row i is number[i] with faces[i], walls first, the roof last."""

    number: NDArray[np.int64]
    farness_m: Floats
    """float64[n], how far away the middle of each is."""
    boxes: Floats
    """float64[n, 4], around all its faces, plane metres."""
    faces: tuple[tuple[tuple[Ink, QPolygonF], ...], ...]

    def near(self, box: Box) -> NDArray[np.int64]:
        """Rows of those that touch a box."""
        west, south, east, north = box
        across = (self.boxes[:, 0] < east) & (self.boxes[:, 2] > west)
        return np.nonzero(across & (self.boxes[:, 1] < north) & (self.boxes[:, 3] > south))[0]


def tall_step(height_m: Floats) -> NDArray[np.int64]:
    """The step of buildings so high."""
    return np.asarray(np.rint(height_m / STOREYS_M), np.int64)


def sun_step(outward: Floats) -> NDArray[np.int64]:
    """The step of light on walls that look that way: lit from the north-west."""
    return np.asarray(np.rint((outward @ np.array([-0.8, 0.6]) * 0.5 + 0.5) * SUNS), np.int64)


def blocks_of(rings: TiledRings, tile: int, height_m: NDArray[np.float32], lean: Lean) -> Blocks:
    """The buildings of a tile."""
    edges = facing(rings, tile, lean)
    up = height_m[edges.owner].astype(np.float64)
    quads = edges.walls(up + OVERLAP_M, lean)
    steps = zip(edges.owner.tolist(), tall_step(up).tolist(), sun_step(edges.outward).tolist(), quads, strict=True)
    walls: dict[int, list[tuple[Ink, QPolygonF]]] = {}
    for owner, tall, sun, quad in steps:
        walls.setdefault(owner, []).append((WallInk(tall, sun), polygon(quad)))
    number, farness, boxes, faces = [], [], [], []
    for owner, ring in rings.rings_in(tile):
        height = float(height_m[owner])
        roof = ring + height * lean.rise
        far = ring @ lean.away
        number.append(owner)
        farness.append((far.min() + far.max()) / 2)
        boxes.append((*np.minimum(ring.min(axis=0), roof.min(axis=0)), *np.maximum(ring.max(axis=0), roof.max(axis=0))))
        faces.append((*walls.get(owner, ()), (RoofInk(round(height / STOREYS_M)), polygon(roof))))
    return Blocks(np.array(number, np.int64), np.array(farness), np.array(boxes).reshape(-1, 4), tuple(faces))


class BlockShelf:
    """Buildings as polygons, made for a tile when it is first in the picture, and kept until the view leans otherwise."""

    def __init__(self, geometry: Geometry) -> None:
        """Nothing is made yet."""
        self._geometry = geometry
        self._made: OrderedDict[int, Blocks] = OrderedDict()
        self._roofs: OrderedDict[tuple[int, bool, int], dict[tuple[int, int], QPainterPath]] = OrderedDict()
        self._walls: dict[tuple[int, bool], dict[tuple[int, int], QPainterPath]] = {}
        self._lean: Lean | None = None

    def _lean_to(self, lean: Lean) -> None:
        if lean != self._lean:
            self._lean = lean
            self._made.clear()
            self._walls.clear()

    def near(self, lean: Lean, box: Box) -> list[Blocks]:
        """The buildings of the tiles that touch a box."""
        self._lean_to(lean)
        found = []
        for tile in self._geometry.buildings.tiles.near(box).tolist():
            blocks = self._made.get(tile)
            if blocks is None:
                blocks = self._made[tile] = blocks_of(self._geometry.buildings, tile, self._geometry.building_height_m, lean)
            self._made.move_to_end(tile)
            found.append(blocks)
        while len(self._made) > MOST_TILES_OF_BLOCKS:
            self._made.popitem(last=False)
        return found

    def roofs(self, tile: int, *, by_grid: bool, storeys: int) -> dict[tuple[int, int], QPainterPath]:
        """Outlines of the buildings of a tile by their grid (-1 where not asked for) and the steps of their height.

        Those of up to `storeys` steps between them are one path; lower ones come first.
        """
        made = self._roofs.get((tile, by_grid, storeys))
        if made is None:
            made, geometry = {}, self._geometry
            for owner, ring in geometry.buildings.rings_in(tile):
                tall = round(float(geometry.building_height_m[owner]) / STOREYS_M / storeys) * storeys
                key = (int(geometry.building_grid[owner]) if by_grid else -1, tall)
                made.setdefault(key, QPainterPath()).addPolygon(polygon(ring))
            for path in made.values():
                path.setFillRule(Qt.FillRule.WindingFill)
            made = self._roofs[tile, by_grid, storeys] = {key: made[key] for key in sorted(made)}
        self._roofs.move_to_end((tile, by_grid, storeys))
        while len(self._roofs) > 2 * MOST_TILES_OF_BLOCKS:
            self._roofs.popitem(last=False)
        return made

    def walls(self, lean: Lean, tile: int, *, by_grid: bool) -> dict[tuple[int, int], QPainterPath]:
        """Walls of all buildings of a tile by their grid (-1 where not asked for) and by the light on them, dark or bright."""
        self._lean_to(lean)
        made = self._walls.get((tile, by_grid))
        if made is None:
            geometry = self._geometry
            edges = facing(geometry.buildings, tile, lean)
            quads = edges.walls(geometry.building_height_m[edges.owner].astype(np.float64), lean)
            sun = np.where(sun_step(edges.outward) * 2 < SUNS, SUNS // 4, SUNS - SUNS // 4)
            grid = geometry.building_grid[edges.owner].astype(np.int64) if by_grid else np.full(len(sun), -1)
            keys, row = np.unique(np.stack([grid, sun], axis=1), axis=0, return_inverse=True)
            made = {(int(key[0]), int(key[1])): many(quads[row.ravel() == at]) for at, key in enumerate(keys)}
            self._walls[tile, by_grid] = made
        return made


GridWalls = tuple[tuple[float, QPainterPath], ...]
"""Walls of a grid by the share of the grid's colour that they show."""


def grid_walls(edges: Edges, height_m: Floats, wanted: NDArray[np.bool_], lean: Lean, lights: int) -> dict[int, GridWalls]:
    """What shows of the walls of wanted grids, bool[grids]; `lights` steps from the darkest to the brightest.

    A wall begins at the roof of the grid before it, so that it hides nothing of that one, whichever is painted first.
    """
    up, foot = height_m[edges.owner], feet_of(edges, height_m)
    light = np.rint(np.abs(edges.outward[:, 0]) * lights).astype(np.int64)
    quads = edges.walls(up, lean, foot)
    order = np.lexsort((light, edges.owner))
    order = order[wanted[edges.owner[order]] & (up > foot)[order]]
    key = edges.owner[order] * (lights + 1) + light[order]
    walls: dict[int, GridWalls] = {}
    for rows in np.split(order, np.nonzero(np.diff(key))[0] + 1) if len(order) else ():
        number, share = int(edges.owner[rows[0]]), 0.42 + 0.22 * int(light[rows[0]]) / lights
        walls[number] = (*walls.get(number, ()), (share, many(quads[rows])))
    return walls


def feet_of(edges: Edges, height_m: Floats) -> Floats:
    """Metres above the ground at which a wall on each edge begins to show."""
    return np.where(edges.other >= 0, height_m[edges.other], 0.0)
