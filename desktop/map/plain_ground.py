"""The town as Qt paths in tiles, for the map that is painted without OpenGL."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyqtgraph.functions as pg_functions
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from desktop.map.colours import MapColours, rgb
from desktop.map.layers.ground import BUILT_KINDS, land_tint_number
from desktop.map.layers.roads import widths_px
from desktop.map.oblique import Oblique
from desktop.map.scene import Areas, Geometry, Rings
from desktop.map.shown import Shown
from desktop.map.tiles import Box

TILE_M = 2000.0
BUILDINGS_BELOW_M_PER_PX = 5.5


def polygon(xy: NDArray[np.float64]) -> QPolygonF:
    """A Qt polygon of points float64[n, 2]."""
    made: QPolygonF = pg_functions.create_qpolygonf(len(xy))
    pg_functions.ndarray_from_qpolygonf(made)[:] = xy
    return made


@dataclass(slots=True)
class Piece:
    """Part of a layer: a path in plane metres, the box around it, and its kind."""

    path: QPainterPath
    box: Box
    kind: int

    def touches(self, box: Box) -> bool:
        """Whether the piece may show in a box."""
        return self.box[0] < box[2] and self.box[2] > box[0] and self.box[1] < box[3] and self.box[3] > box[1]


def _pieces(parts: list[NDArray[np.float64]], kinds: list[int], *, closed: bool) -> list[Piece]:
    """Parts gathered by kind and tile into one path each."""
    gathered: dict[tuple[int, int, int], tuple[QPainterPath, list[NDArray[np.float64]]]] = {}
    for xy, kind in zip(parts, kinds, strict=True):
        column, row = np.floor(xy[0] / TILE_M).astype(int).tolist()
        path, points = gathered.setdefault((kind, column, row), (QPainterPath(), []))
        path.addPolygon(polygon(xy))
        if closed:
            path.closeSubpath()
        points.append(xy)
    pieces = []
    for (kind, _, _), (path, points) in gathered.items():
        path.setFillRule(Qt.FillRule.WindingFill)
        every = np.concatenate(points)
        low, high = every.min(axis=0).tolist(), every.max(axis=0).tolist()
        pieces.append(Piece(path, (low[0], low[1], high[0], high[1]), kind))
    return pieces


def _parts(xy: NDArray[np.float64], offsets: NDArray[np.int64]) -> list[NDArray[np.float64]]:
    return [xy[first:end] for first, end in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)]


class PlainGround:
    """Everything that stands still, ready to be painted by QPainter."""

    def __init__(self, geometry: Geometry) -> None:
        """Paths of a geometry."""
        self.grids = self._areas(geometry.grids)
        self._communities, self._streets = self._areas(geometry.communities), self._areas(geometry.streets)
        self._water = self._surfaces(geometry.water, [0] * len(geometry.water))
        kinds = geometry.land_kind.tolist()
        land = [
            part
            for part, kind in zip(_parts(geometry.land.xy, geometry.land.offsets), kinds, strict=True)
            if kind not in BUILT_KINDS
        ]
        self._land = _pieces(land, [land_tint_number(kind) for kind in kinds if kind not in BUILT_KINDS], closed=True)
        self._buildings = self._surfaces(geometry.buildings, [0] * len(geometry.buildings))
        self._roads = _pieces(_parts(geometry.roads.xy, geometry.roads.offsets), geometry.roads.kinds.tolist(), closed=False)

    @staticmethod
    def _areas(areas: Areas) -> list[Piece]:
        """One piece for each area, in the order of the areas; holes are left out by the odd-even rule."""
        made = [Piece(QPainterPath(), (np.inf, np.inf, -np.inf, -np.inf), number) for number in range(len(areas.codes))]
        for part, owner in zip(_parts(areas.rings.xy, areas.rings.offsets), areas.rings.owner.tolist(), strict=True):
            piece = made[owner]
            piece.path.addPolygon(polygon(part))
            (west, south), (east, north) = part.min(axis=0).tolist(), part.max(axis=0).tolist()
            box = piece.box
            piece.box = (min(box[0], west), min(box[1], south), max(box[2], east), max(box[3], north))
        return made

    @staticmethod
    def _surfaces(rings: Rings, kinds: list[int]) -> list[Piece]:
        return _pieces(_parts(rings.xy, rings.offsets), kinds, closed=True)

    def paint(self, painter: QPainter, shown: Shown, box: Box, metres_per_pixel: float) -> None:
        """Paint what lies in a box; the painter's transform takes plane metres to pixels."""
        colours, visible = shown.colours, shown.layer_visible
        painter.setPen(Qt.PenStyle.NoPen)
        if visible["grids"]:
            self._paint_grids(painter, shown, box, metres_per_pixel)
        if visible["land"]:
            for piece in self._in(self._land, box):
                painter.fillPath(piece.path, _faint(colours.land[piece.kind], 160))
        if visible["water"]:
            for piece in self._in(self._water, box):
                painter.fillPath(piece.path, QColor(colours.water))
        if visible["boundaries"]:
            self._paint_boundaries(painter, shown, box, metres_per_pixel)
        if visible["roads"]:
            self._paint_roads(painter, colours, box, metres_per_pixel)
        if visible["buildings"] and metres_per_pixel < BUILDINGS_BELOW_M_PER_PX:
            painter.setPen(_pen(colours.tall_roof, 0.8, 150) if metres_per_pixel < 2 else Qt.PenStyle.NoPen)
            painter.setBrush(QBrush(QColor(colours.roof)))
            for piece in self._in(self._buildings, box):
                painter.drawPath(piece.path)

    @staticmethod
    def _in(pieces: list[Piece], box: Box) -> list[Piece]:
        return [piece for piece in pieces if piece.touches(box)]

    def _paint_grids(self, painter: QPainter, shown: Shown, box: Box, metres_per_pixel: float) -> None:
        strength, unloaded = shown.load_strength(metres_per_pixel), np.array(rgb(shown.colours.load[0]))
        mixed = unloaded * (1 - strength) + shown.grid_values()[:, :3] * strength
        tints = np.rint(mixed * 255).astype(int).tolist()
        for piece in self._in(self.grids, box):
            painter.fillPath(piece.path, QColor(*tints[piece.kind]))

    def _paint_boundaries(self, painter: QPainter, shown: Shown, box: Box, metres_per_pixel: float) -> None:
        colours = shown.colours
        close = metres_per_pixel < 9
        painter.setBrush(Qt.BrushStyle.NoBrush)
        levels = (
            (self.grids, _pen(colours.grid_line, 1.0, 190 if metres_per_pixel < 6 else 105)),
            (self._communities, _pen(colours.community_line, 1.5 if close else 1.1, 150)),
            (self._streets, _pen(colours.street_line, 2.4 if close else 2.0, 150)),
        )
        for pieces, pen in levels:
            painter.setPen(pen)
            for piece in self._in(pieces, box):
                painter.drawPath(piece.path)
        painter.setPen(_pen(colours.overdue_line, 1.8, 190))
        for number in np.nonzero(shown.overdue > 0)[0].tolist():
            painter.drawPath(self.grids[number].path)

    def _paint_roads(self, painter: QPainter, colours: MapColours, box: Box, metres_per_pixel: float) -> None:
        widths = widths_px(metres_per_pixel)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        seen = sorted(self._in(self._roads, box), key=lambda piece: -piece.kind)
        for casing in (2.0, 0.0) if metres_per_pixel < 5 else (0.0,):
            for piece in seen:
                kind = min(piece.kind, len(widths) - 1)
                if widths[kind] > (2.0 if casing else 0.0):
                    painter.setPen(_pen(colours.road_casing if casing else colours.road[kind], widths[kind] + casing, 255))
                    painter.drawPath(piece.path)


def _faint(colour: str, alpha: int) -> QColor:
    ink = QColor(colour)
    ink.setAlpha(alpha)
    return ink


def _pen(colour: str, width: float, alpha: int) -> QPen:
    """A pen as wide as so many pixels at any scale."""
    pen = QPen(_faint(colour, alpha), width)
    pen.setCosmetic(True)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def transform(oblique: Oblique) -> QTransform:
    """Plane metres to pixels as Qt writes it."""
    origin, east, north = oblique.screen([0.0, 1.0, 0.0], [0.0, 0.0, 1.0]).tolist()
    return QTransform(
        east[0] - origin[0], east[1] - origin[1], north[0] - origin[0], north[1] - origin[1], origin[0], origin[1]
    )
