"""The town as Qt paths in tiles, made when they are first in the picture, for the map that is painted without OpenGL."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator

import numpy as np
import pyqtgraph.functions as pg_functions
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from desktop.map.colours import MapColours, rgb
from desktop.map.layers.boundaries import COMMUNITIES_BELOW_M_PER_PX
from desktop.map.layers.roads import widths_px
from desktop.map.oblique import Oblique
from desktop.map.picking import within
from desktop.map.scene import FAR_FROM_M_PER_PX, FINE_BELOW_M_PER_PX, Areas, Geometry
from desktop.map.shown import Shown
from desktop.map.tiles import Box, TiledPieces, TiledRings

BUILDINGS_BELOW_M_PER_PX = 5.5
GRID_LINES_BELOW_M_PER_PX = 40.0
MOST_TILES = 600
Paths = dict[int, QPainterPath]


def polygon(xy: NDArray[np.float64]) -> QPolygonF:
    """A Qt polygon of points float64[n, 2]."""
    made: QPolygonF = pg_functions.create_qpolygonf(len(xy))
    pg_functions.ndarray_from_qpolygonf(made)[:] = xy
    return made


def _ring_paths(rings: TiledRings, tile: int) -> Paths:
    """One path for each owner of a tile, in plane metres; holes are left out by the odd-even rule."""
    paths: Paths = {}
    for owner, ring in rings.rings_in(tile):
        paths.setdefault(owner, QPainterPath()).addPolygon(polygon(ring))
    return paths


def _whole_path(rings: TiledRings, tile: int) -> Paths:
    """One path of all rings of a tile."""
    path = QPainterPath()
    for _, ring in rings.rings_in(tile):
        path.addPolygon(polygon(ring))
    path.setFillRule(Qt.FillRule.WindingFill)
    return {0: path}


def _road_paths(pieces: TiledPieces, tile: int) -> Paths:
    """One path of all pieces of a tile."""
    part = pieces.pieces[pieces.tiles.part(tile)]
    xy = np.stack([pieces.tiles.metres(tile, part[end]) for end in ("start", "end")], axis=1).reshape(-1, 2)
    return {0: pg_functions.arrayToQPath(xy[:, 0], xy[:, 1], connect="pairs")}


class PlainGround:
    """Everything that stands still, ready to be painted by QPainter."""

    def __init__(self, geometry: Geometry) -> None:
        """Nothing is made before it is in the picture."""
        self._geometry = geometry
        self._made: OrderedDict[tuple[int, str, int], Paths] = OrderedDict()

    def _near(self, rings: TiledRings | TiledPieces, make: Callable[..., Paths], box: Box) -> Iterator[Paths]:
        """The paths of the tiles that touch a box."""
        for tile in rings.tiles.near(box).tolist():
            key = (id(rings), make.__name__, tile)
            paths = self._made.get(key)
            if paths is None:
                paths = self._made[key] = make(rings, tile)
            self._made.move_to_end(key)
            yield paths

    def _forget(self) -> None:
        while len(self._made) > MOST_TILES:
            self._made.popitem(last=False)

    def outline(self, number: int) -> QPainterPath:
        """Around a grid, plane metres."""
        path = QPainterPath()
        for ring in self._geometry.grids.fine.rings_of(number):
            path.addPolygon(polygon(ring))
        return path

    def grid_at(self, x: float, y: float) -> int | None:
        """Number of the grid that holds a place in plane metres; None where none does."""
        near = int(self._geometry.grid_raster.at(x, y)[0])
        boxes = self._geometry.grids.fine.owner_box
        around = (boxes[:, 0] <= x) & (boxes[:, 2] >= x) & (boxes[:, 1] <= y) & (boxes[:, 3] >= y)
        order = [near] if near >= 0 else []
        order += [number for number in np.nonzero(around)[0].tolist() if number != near]
        place = np.array([(x, y)])
        for number in order:
            if sum(bool(within(ring, place)[0]) for ring in self._geometry.grids.fine.rings_of(number)) % 2:
                return number
        return None

    def paint(self, painter: QPainter, shown: Shown, box: Box, metres_per_pixel: float) -> None:
        """Paint what lies in a box; the painter's transform takes plane metres to pixels."""
        colours, visible, geometry = shown.colours, shown.layer_visible, self._geometry
        painter.setPen(Qt.PenStyle.NoPen)
        if visible["grids"]:
            self._paint_grids(painter, shown, box, metres_per_pixel)
        if visible["land"]:
            for paths in self._near(geometry.land.at(metres_per_pixel), _ring_paths, box):
                for tint, path in paths.items():
                    painter.fillPath(path, _faint(colours.land[tint], 160))
        if visible["water"]:
            for paths in self._near(geometry.water.at(metres_per_pixel), _whole_path, box):
                painter.fillPath(paths[0], QColor(colours.water))
        if visible["boundaries"]:
            self._paint_boundaries(painter, shown, box, metres_per_pixel)
        if visible["roads"]:
            self._paint_roads(painter, colours, box, metres_per_pixel)
        if visible["buildings"] and metres_per_pixel < BUILDINGS_BELOW_M_PER_PX:
            painter.setPen(_pen(colours.tall_roof, 0.8, 150) if metres_per_pixel < 2 else Qt.PenStyle.NoPen)
            painter.setBrush(QBrush(QColor(colours.roof)))
            for paths in self._near(geometry.buildings, _whole_path, box):
                painter.drawPath(paths[0])
        self._forget()

    def _paint_grids(self, painter: QPainter, shown: Shown, box: Box, metres_per_pixel: float) -> None:
        strength, unloaded = shown.load_strength(metres_per_pixel), np.array(rgb(shown.colours.load[0]))
        mixed = unloaded * (1 - strength) + shown.grid_values()[:, :3] * strength
        tints = np.rint(mixed * 255).astype(np.uint8)
        if metres_per_pixel > FAR_FROM_M_PER_PX:
            self._paint_from_afar(painter, tints)
            return
        level = _level(self._geometry.grids, metres_per_pixel)
        for paths in self._near(level, _ring_paths, box):
            for owner, path in paths.items():
                painter.fillPath(path, QColor(*tints[owner].tolist()))

    def _paint_from_afar(self, painter: QPainter, tints: NDArray[np.uint8]) -> None:
        """Where a grid is a few pixels wide: one picture with a pixel for every cell of the raster."""
        raster = self._geometry.grid_raster
        rows, columns = raster.cells.shape
        pixels = np.zeros((rows, columns, 4), np.uint8)
        known = raster.cells >= 0
        pixels[known, :3] = tints[raster.cells[known]][:, ::-1]
        pixels[known, 3] = 255
        picture = QImage(pixels.data, columns, rows, columns * 4, QImage.Format.Format_ARGB32)
        painter.drawImage(QRectF(raster.west, raster.south, columns * raster.cell_m, rows * raster.cell_m), picture)

    def _paint_boundaries(self, painter: QPainter, shown: Shown, box: Box, metres_per_pixel: float) -> None:
        colours, geometry = shown.colours, self._geometry
        close = metres_per_pixel < 9
        painter.setBrush(Qt.BrushStyle.NoBrush)
        levels = (
            (geometry.grids, GRID_LINES_BELOW_M_PER_PX, _pen(colours.grid_line, 1.0, 190 if metres_per_pixel < 6 else 105)),
            (geometry.communities, COMMUNITIES_BELOW_M_PER_PX, _pen(colours.community_line, 1.5 if close else 1.1, 150)),
            (geometry.streets, np.inf, _pen(colours.street_line, 2.4 if close else 2.0, 150)),
        )
        for areas, below, pen in levels:
            if metres_per_pixel < below:
                painter.setPen(pen)
                for paths in self._near(_level(areas, metres_per_pixel), _whole_path, box):
                    painter.drawPath(paths[0])
        painter.setPen(_pen(colours.overdue_line, 1.8, 190))
        level = _level(geometry.grids, metres_per_pixel)
        for paths in self._near(level, _ring_paths, box) if shown.overdue.any() else ():
            for owner, path in paths.items():
                if shown.overdue[owner] > 0:
                    painter.drawPath(path)

    def _paint_roads(self, painter: QPainter, colours: MapColours, box: Box, metres_per_pixel: float) -> None:
        widths = widths_px(metres_per_pixel)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        seen = [
            list(self._near(pieces, _road_paths, box)) if width > 0.0 else []
            for pieces, width in zip(self._geometry.road_pieces, widths, strict=True)
        ]
        for casing in (2.0, 0.0) if metres_per_pixel < 5 else (0.0,):
            for kind in reversed(range(len(widths))):
                if widths[kind] <= (2.0 if casing else 0.0):
                    continue
                painter.setPen(_pen(colours.road_casing if casing else colours.road[kind], widths[kind] + casing, 255))
                for paths in seen[kind]:
                    painter.drawPath(paths[0])


def _level(areas: Areas, metres_per_pixel: float) -> TiledRings:
    if metres_per_pixel < FINE_BELOW_M_PER_PX:
        return areas.fine
    return areas.middle if metres_per_pixel < FAR_FROM_M_PER_PX else areas.far


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
