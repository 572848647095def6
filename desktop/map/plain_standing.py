"""What stands up on the map that is painted without OpenGL: raised grids and buildings, painted far to near."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPolygonF

from desktop.map.colours import MapColours, rgb
from desktop.map.layers.buildings import FADED, SHOWN_BELOW_M_PER_PX, WALLS_BELOW_M_PER_PX, WALLS_WHILE_MOVING_BELOW_M_PER_PX
from desktop.map.picking import BUILDING_BITS, GRID_BITS
from desktop.map.plain_frame import PlainFrame
from desktop.map.plain_order import far_to_near
from desktop.map.plain_paths import PathShelf, ring_paths
from desktop.map.plain_solids import (
    BRIGHTEST,
    STOREYS_M,
    SUNS,
    Blocks,
    BlockShelf,
    Edges,
    GridWalls,
    Ink,
    Lean,
    RoofInk,
    Shape,
    WallInk,
    facing,
    feet_of,
    grid_walls,
)
from desktop.map.scene import Geometry
from desktop.map.shown import Shown
from desktop.map.tiles import TiledRings

FOOT_LIGHT = 0.89
"""A wall is darker at its foot (0.78) than at its top (1); here all of it is what lies between."""

LIGHTS, LIGHTS_WHILE_MOVING = 4, 1
"""Steps between a wall of a grid that looks north or south and one that looks east or west."""

EACH_BELOW_M_PER_PX = 4.0
"""From afar buildings are painted by the tile: walls, then roofs, the lower first."""

STOREYS_FROM_AFAR = 3
MOST_TILES_OF_EDGES = 200
ANYWHERE = -1
Face = tuple[float, Ink, Shape, bool]
"""Metres by which a shape in plane metres is lifted, what it is painted with, and whether it fades."""


@contextmanager
def lifted(painter: QPainter, lean: Lean, height_m: float) -> Iterator[None]:
    """While it lasts everything is painted that much above the ground."""
    before = painter.worldTransform()
    painter.translate(*lean.lift(height_m))
    yield
    painter.setWorldTransform(before)


@dataclass(frozen=True, slots=True, eq=False)
class Prism:
    """A raised grid."""

    walls: GridWalls
    roofs: tuple[QPainterPath, ...]
    """On the ground: to be lifted."""


class Standing:
    """Raised grids and buildings of a town."""

    def __init__(self, geometry: Geometry, paths: PathShelf) -> None:
        """Nothing is made before it is in the picture."""
        self._geometry, self._paths = geometry, paths
        self._blocks = BlockShelf(geometry)
        self._brushes: dict[Ink, QBrush] = {}
        self._brushes_of: MapColours | None = None
        self._made: dict[tuple[int, int], tuple[tuple[float, float], GridWalls]] = {}
        self._edges: dict[int, Edges] = {}
        self._made_for: tuple[Lean, int] | None = None

    def paint(self, painter: QPainter, frame: PlainFrame, on_roof: Callable[[QPainter, int], None]) -> None:
        """Paint all of it; `on_roof` paints what lies on a raised grid, the painter being lifted to it."""
        if self._brushes_of is not frame.shown.colours:
            self._brushes_of = frame.shown.colours
            self._brushes.clear()
        lots = self._lots(frame)
        self._paint_faces(painter, frame, lots.get(ANYWHERE, []))
        if frame.raise_m <= 0.0:
            return
        walls, roofs = grid_tints(frame.shown, frame.metres_per_pixel)
        prisms = self._prisms(frame) if frame.shown.layer_visible["grids"] else {}
        for number in self._order(frame):
            prism, height = prisms.get(number), float(frame.height_m[number])
            for share, path in prism.walls if prism is not None else ():
                painter.fillPath(path, _colour(walls[number] * share))
            if height > 0.0:
                with lifted(painter, frame.lean, height):
                    for path in prism.roofs if prism is not None else ():
                        painter.fillPath(path, _colour(roofs[number]))
                    on_roof(painter, number)
                    self._paint_faces(painter, frame, lots.get(number, []))
            else:
                self._paint_faces(painter, frame, lots.get(number, []))

    def at(self, frame: PlainFrame, px: float, py: float) -> tuple[int, int] | None:
        """Kind and number, as in the ids of `picking`, of what stands at a pixel; None where nothing does.

        The frame is that of the pixel; what is painted last there is what is seen.
        """
        foot, found = np.array(frame.oblique.ground(px, py)), None
        lots = self._block_lots(frame)
        prisms = self._prisms(frame) if frame.raise_m > 0.0 and frame.shown.layer_visible["grids"] else {}
        for number in [ANYWHERE, *(self._order(frame) if frame.raise_m > 0.0 else ())]:
            height = float(frame.height_m[number]) if number != ANYWHERE else 0.0
            spot, top = QPointF(*foot.tolist()), QPointF(*(foot - frame.lean.rise * height).tolist())
            prism = prisms.get(number)
            if prism is not None and (
                any(path.contains(spot) for _, path in prism.walls) or any(path.contains(top) for path in prism.roofs)
            ):
                found = (GRID_BITS, number)
            for blocks, row in lots.get(number, ()):
                if any(shape.containsPoint(top, Qt.FillRule.OddEvenFill) for _, shape in _faces(blocks, row, frame)):
                    found = (BUILDING_BITS, int(blocks.number[row]))
        return found

    # Grids

    def _order(self, frame: PlainFrame) -> list[int]:
        """Numbers of the grids in the picture, far to near."""
        boxes, lean = self._geometry.grids.fine.owner_box, frame.lean
        west, south, east, north = frame.tall_box
        inside = (boxes[:, 0] < east) & (boxes[:, 2] > west) & (boxes[:, 1] < north) & (boxes[:, 3] > south)
        middles = (boxes[:, :2].astype(np.float64) + boxes[:, 2:]) / 2
        rings = self._geometry.grids.at(frame.metres_per_pixel)
        edges = [self._facing(frame, rings, tile) for tile in rings.tiles.near(frame.tall_box).tolist()]
        return far_to_near(np.nonzero(inside)[0], middles @ lean.away, edges, frame.height_m, lean)

    def _facing(self, frame: PlainFrame, rings: TiledRings, tile: int) -> Edges:
        """The edges of grids of a tile that face who looks; kept while the view leans as it does."""
        if (frame.lean, id(rings)) != self._made_for or len(self._edges) > MOST_TILES_OF_EDGES:
            self._made_for = (frame.lean, id(rings))
            self._made.clear()
            self._edges.clear()
        edges = self._edges.get(tile)
        if edges is None:
            edges = self._edges[tile] = facing(rings, tile, frame.lean)
        return edges

    def _prisms(self, frame: PlainFrame) -> dict[int, Prism]:
        """The grids that stand out in the picture."""
        rings = self._geometry.grids.at(frame.metres_per_pixel)
        boxes = rings.owner_box
        west, south, east, north = frame.box
        inside = (boxes[:, 0] < east) & (boxes[:, 2] > west) & (boxes[:, 1] < north) & (boxes[:, 3] > south)
        height_m = np.where(inside, frame.height_m, 0.0)
        walls: dict[int, GridWalls] = {}
        roofs: dict[int, list[QPainterPath]] = {}
        tiles = rings.tiles.near(frame.box).tolist()
        for tile, paths in zip(tiles, self._paths.near(rings, ring_paths, frame.box), strict=True):
            raised = [number for number in paths if height_m[number] > 0.0]
            for number, parts in self._walls(frame, rings, tile, height_m, raised).items():
                walls[number] = (*walls.get(number, ()), *parts)
            for number in raised:
                roofs.setdefault(number, []).append(paths[number])
        return {number: Prism(walls.get(number, ()), tuple(tops)) for number, tops in roofs.items()}

    def _walls(
        self, frame: PlainFrame, rings: TiledRings, tile: int, height_m: NDArray[np.float64], numbers: list[int]
    ) -> dict[int, GridWalls]:
        """The walls of some grids of a tile; those that stand as they stood before are not made anew."""
        edges, wanted = self._facing(frame, rings, tile), np.zeros(len(height_m), bool)
        wanted[numbers] = True
        if frame.moving:
            return grid_walls(edges, frame.height_m, wanted, frame.lean, LIGHTS_WHILE_MOVING)
        around = np.bincount(
            edges.owner, (feet_of(edges, frame.height_m) + 1.0) * (1 + np.arange(len(edges.owner))), len(wanted)
        )
        for number in numbers:
            stands = (float(height_m[number]), float(around[number]))
            known = self._made.get((tile, number))
            wanted[number] = known is None or known[0] != stands
            if wanted[number]:
                self._made[tile, number] = (stands, ())
        fresh = grid_walls(edges, frame.height_m, wanted, frame.lean, LIGHTS) if wanted.any() else {}
        for number, walls in fresh.items():
            self._made[tile, number] = (self._made[tile, number][0], walls)
        return {number: self._made[tile, number][1] for number in numbers}

    # Buildings

    def _shows_buildings(self, frame: PlainFrame) -> bool:
        return frame.shown.layer_visible["buildings"] and frame.metres_per_pixel < SHOWN_BELOW_M_PER_PX

    def _lots(self, frame: PlainFrame) -> dict[int, list[Face]]:
        """What is painted of the buildings on each grid, in order; on the ground all of them are one lot."""
        if not self._shows_buildings(frame):
            return {}
        faded = frame.shown.faded
        if (frame.moving and not faded) or frame.metres_per_pixel >= EACH_BELOW_M_PER_PX:
            return self._coarse_lots(frame)
        lots: dict[int, list[Face]] = {}
        for grid, rows in self._block_lots(frame).items():
            lots[grid] = [
                (0.0, ink, shape, bool(faded) and int(blocks.number[row]) in faded)
                for blocks, row in rows
                for ink, shape in blocks.faces[row]
            ]
        return lots

    def _block_lots(self, frame: PlainFrame) -> dict[int, list[tuple[Blocks, int]]]:
        """The buildings on each grid, far to near."""
        if not self._shows_buildings(frame):
            return {}
        near = [(blocks, blocks.near(frame.tall_box)) for blocks in self._blocks.near(frame.lean, frame.tall_box)]
        if not near:
            return {}
        farness = np.concatenate([blocks.farness_m[rows] for blocks, rows in near])
        number = np.concatenate([blocks.number[rows] for blocks, rows in near])
        every = [(blocks, row) for blocks, rows in near for row in rows.tolist()]
        grids = self._geometry.building_grid[number].tolist() if frame.raise_m > 0.0 else [ANYWHERE] * len(every)
        lots: dict[int, list[tuple[Blocks, int]]] = {}
        for at in np.argsort(-farness, kind="stable").tolist():
            lots.setdefault(grids[at], []).append(every[at])
        return lots

    def _coarse_lots(self, frame: PlainFrame) -> dict[int, list[Face]]:
        """Many buildings as one shape: from afar their roofs, while the view moves close up their walls too."""
        geometry, lots = self._geometry, dict[int, list[Face]]()
        by_grid = frame.raise_m > 0.0
        below = WALLS_WHILE_MOVING_BELOW_M_PER_PX if frame.moving else WALLS_BELOW_M_PER_PX
        storeys = 1 if frame.metres_per_pixel < EACH_BELOW_M_PER_PX else STOREYS_FROM_AFAR
        tiles = geometry.buildings.tiles.near(frame.tall_box)
        boxes = geometry.buildings.tiles.boxes[tiles]
        for tile in tiles[np.argsort(-(boxes[:, :2] + boxes[:, 2:]) @ frame.lean.away)].tolist():
            if frame.metres_per_pixel < below:
                for (grid, sun), path in self._blocks.walls(frame.lean, tile, by_grid=by_grid).items():
                    lots.setdefault(grid, []).append((0.0, WallInk(4, sun), path, False))
            for (grid, tall), path in self._blocks.roofs(tile, by_grid=by_grid, storeys=storeys).items():
                lots.setdefault(grid, []).append((tall * STOREYS_M, RoofInk(tall), path, False))
        return lots

    def _paint_faces(self, painter: QPainter, frame: PlainFrame, faces: list[Face]) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        ink, lifted_m, before = None, 0.0, painter.worldTransform()
        for height_m, wanted, shape, is_faded in faces:
            painter.setOpacity(FADED if is_faded else 1.0)
            if wanted != ink:
                ink = wanted
                painter.setBrush(self._brush(ink))
            if height_m != lifted_m:
                painter.translate(*frame.lean.lift(height_m - lifted_m))
                lifted_m = height_m
            if isinstance(shape, QPolygonF):
                painter.drawPolygon(shape)
            else:
                painter.drawPath(shape)
        painter.setOpacity(1.0)
        painter.setWorldTransform(before)

    def _brush(self, ink: Ink) -> QBrush:
        brush = self._brushes.get(ink)
        if brush is None and self._brushes_of is not None:
            brush = self._brushes[ink] = QBrush(_colour(lit(self._brushes_of, ink)))
        return brush or QBrush()


def lit(colours: MapColours, ink: Ink) -> NDArray[np.float64]:
    """The colour of a roof or a wall, float64[3], as the shaders of the buildings mix it."""
    low, tall, wall = (np.array(rgb(colour)) for colour in (colours.roof, colours.tall_roof, colours.wall))
    part = min(ink.tall / BRIGHTEST, 1.0)
    tint = low * (1.0 - part) + tall * part
    if isinstance(ink, RoofInk):
        return np.asarray(tint)
    sun = ink.sun / SUNS
    return np.asarray((wall * 0.86 * (1.0 - sun) + (wall * 0.25 + tint * 0.75) * sun) * FOOT_LIGHT)


def grid_tints(shown: Shown, metres_per_pixel: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Colours float64[grids, 3] of what is loaded, whole as walls show it, and as much of it as the surface shows."""
    whole = shown.grid_values()[:, :3].astype(np.float64)
    strength = shown.load_strength(metres_per_pixel)
    return whole, np.array(rgb(shown.colours.load[0])) * (1.0 - strength) + whole * strength


def _faces(blocks: Blocks, row: int, frame: PlainFrame) -> tuple[tuple[Ink, QPolygonF], ...]:
    """What is painted of a building: from afar its roof alone."""
    return blocks.faces[row] if frame.metres_per_pixel < WALLS_BELOW_M_PER_PX else blocks.faces[row][-1:]


def _colour(tint: NDArray[np.float64]) -> QColor:
    return QColor.fromRgbF(*np.clip(tint, 0.0, 1.0).tolist())
