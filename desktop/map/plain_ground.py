"""The town painted without OpenGL: everything that stands still, layer for layer as the other map has it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath

from desktop.map.picking import GRID_BITS, within
from desktop.map.plain_frame import PlainFrame
from desktop.map.plain_lines import PlainLines
from desktop.map.plain_paths import PathShelf, faint, polygon, ring_paths, transform, whole_path
from desktop.map.plain_pictures import paint_pictures
from desktop.map.plain_standing import Standing, grid_tints
from desktop.map.scene import FAR_FROM_M_PER_PX, Geometry


class PlainGround:
    """Everything that stands still, ready to be painted by QPainter."""

    def __init__(self, geometry: Geometry) -> None:
        """Nothing is made before it is in the picture."""
        self._geometry = geometry
        self._paths = PathShelf()
        self._standing = Standing(geometry, self._paths)

    def outline(self, number: int, metres_per_pixel: float) -> QPainterPath:
        """Around a grid as it is drawn at a scale, plane metres."""
        path = QPainterPath()
        for ring in self._geometry.grids.at(metres_per_pixel).rings_of(number):
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

    def at(self, frame: PlainFrame, px: float, py: float) -> tuple[int, int] | None:
        """Kind and number, as in the ids of `picking`, of what a pixel shows; the frame is that of the pixel."""
        standing = self._standing.at(frame, px, py)
        if standing is not None or not frame.shown.layer_visible["grids"]:
            return standing
        number = self.grid_at(*frame.oblique.ground(px, py))
        return (GRID_BITS, number) if number is not None else None

    def paint(self, painter: QPainter, frame: PlainFrame) -> None:
        """Paint what lies in a frame."""
        colours, visible, geometry = frame.shown.colours, frame.shown.layer_visible, self._geometry
        painter.setTransform(transform(frame.oblique), True)
        painter.setPen(Qt.PenStyle.NoPen)
        if visible["grids"]:
            self._paint_grids(painter, frame)
        if visible["basemap"] and frame.shown.basemap is not None:
            self._paint_basemap(painter, frame)
        if visible["land"]:
            for paths in self._paths.near(geometry.land.at(frame.metres_per_pixel), ring_paths, frame.box):
                for tint, path in paths.items():
                    painter.fillPath(path, faint(colours.land[tint], 160))
        if visible["water"]:
            for paths in self._paths.near(geometry.water.at(frame.metres_per_pixel), whole_path, frame.box):
                painter.fillPath(paths[0], QColor(colours.water))
        lines = PlainLines(geometry, self._paths, frame)
        lines.paint_ground(painter)
        self._standing.paint(painter, frame, lines.paint_on)
        self._paths.forget()

    @staticmethod
    def _paint_basemap(painter: QPainter, frame: PlainFrame) -> None:
        assert frame.shown.basemap is not None
        painter.save()
        painter.setTransform(transform(frame.oblique).inverted()[0], True)
        paint_pictures(painter, frame.shown.basemap, frame.oblique, moving=frame.moving)
        painter.restore()

    def _paint_grids(self, painter: QPainter, frame: PlainFrame) -> None:
        tints = np.rint(grid_tints(frame.shown, frame.metres_per_pixel)[1] * 255).astype(np.uint8)
        if frame.metres_per_pixel > FAR_FROM_M_PER_PX:
            self._paint_from_afar(painter, tints)
            return
        level = self._geometry.grids.at(frame.metres_per_pixel)
        for paths in self._paths.near(level, ring_paths, frame.box):
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
