"""The whole district in small, with the outline of what the map shows; a press goes there."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from desktop.map.colours import MapColours
from desktop.map.oblique import Oblique, fitted
from desktop.map.scene import Geometry
from desktop.map.tiles import TiledRings
from desktop.map.viewpoint import Viewpoint

SIDE_PX, RIM_PX = 160, 4


class Minimap(QWidget):
    """A picture of the district, north up, drawn once for a town and a theme. Main thread only."""

    pressed_at = Signal(float, float)
    """Plane metres of a place that was pressed or dragged to."""

    def __init__(self, parent: QWidget, colours: MapColours) -> None:
        """An empty picture, 160 pixels wide."""
        super().__init__(parent)
        self.colours = colours
        self._geometry: Geometry | None = None
        self._flat = Oblique(Viewpoint(0.0, 0.0, 1.0), SIDE_PX, SIDE_PX)
        self._picture: QPixmap | None = None
        self._outline = QPolygonF()
        self.setFixedSize(SIDE_PX, SIDE_PX)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_geometry(self, geometry: Geometry) -> None:
        """Show another town, in a picture as high as the town needs."""
        self._geometry, self._picture = geometry, None
        low, high = geometry.outline.min(axis=0), geometry.outline.max(axis=0)
        wide, high_m = (high - low).tolist()
        height = round(min(max(SIDE_PX * high_m / max(wide, 1.0), 90), SIDE_PX))
        self.setFixedSize(SIDE_PX, height)
        scale = max(wide / (SIDE_PX - 4 * RIM_PX), high_m / (height - 4 * RIM_PX))
        middle = fitted(geometry.outline, SIDE_PX, height, 0.0, 0.0)
        self._flat = Oblique(Viewpoint(middle.x, middle.y, scale), SIDE_PX, height)
        self.update()

    def set_colours(self, colours: MapColours) -> None:
        """Draw in the colours of a theme."""
        self.colours, self._picture = colours, None
        self.update()

    def follow(self, oblique: Oblique) -> bool:
        """Outline what the map shows now; whether that lies elsewhere than before, and is to be painted."""
        wide, high = oblique.width_px, oblique.height_px
        ground = np.array([oblique.ground(x, y) for x, y in ((0, 0), (wide, 0), (wide, high), (0, high))])
        corners = np.round(self._flat.screen(ground[:, 0], ground[:, 1]) * 2) / 2
        outline = QPolygonF([QPointF(*corner) for corner in corners.tolist()])
        is_other = outline != self._outline
        self._outline = outline
        return bool(is_other)

    def paintEvent(self, _paint: QPaintEvent) -> None:
        """Copy the picture, then the outline; where all is in view the outline lies beyond the edge."""
        ratio = self.devicePixelRatioF()
        if self._picture is None or self._picture.devicePixelRatioF() != ratio:
            self._picture = self._drawn(ratio)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shade = QColor(self.colours.focus)
        shade.setAlpha(36)
        painter.setBrush(shade)
        painter.setPen(QPen(QColor(self.colours.focus), 1.4))
        painter.drawPolygon(self._outline)
        if self._outline.boundingRect().width() < 2 * RIM_PX:
            painter.drawEllipse(self._outline.boundingRect().center(), RIM_PX, RIM_PX)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self.colours.line), 1.0))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()

    def _drawn(self, ratio: float) -> QPixmap:
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor(self.colours.panel))
        if self._geometry is None:
            return picture
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = QPen(QColor(self.colours.street_line), 1.0)
        whole = self._path(self._geometry.streets_from_afar)
        painter.fillPath(whole, QColor(self.colours.load[2]))
        painter.fillPath(self._path(self._geometry.water.far), QColor(self.colours.water))
        painter.strokePath(whole, edge)
        painter.end()
        return picture

    def _path(self, rings: TiledRings) -> QPainterPath:
        path = QPainterPath()
        for tile in range(len(rings.tiles)):
            for _, ring in rings.rings_in(tile):
                px = self._flat.screen(ring[:, 0], ring[:, 1])
                path.addPolygon(QPolygonF([QPointF(x, y) for x, y in px.tolist()]))
        return path

    def mousePressEvent(self, press: QMouseEvent) -> None:
        """Go to the place."""
        self._go(press)

    def mouseMoveEvent(self, move: QMouseEvent) -> None:
        """Go along with the pointer while it is pressed."""
        if move.buttons() & Qt.MouseButton.LeftButton:
            self._go(move)

    def mouseReleaseEvent(self, release: QMouseEvent) -> None:
        """Leave nothing to the map below."""
        release.accept()

    def _go(self, at: QMouseEvent) -> None:
        inside = QRectF(self.rect())
        x = min(max(at.position().x(), inside.left()), inside.right())
        y = min(max(at.position().y(), inside.top()), inside.bottom())
        self.pressed_at.emit(*self._flat.ground(x, y))
        at.accept()
