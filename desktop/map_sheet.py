"""A sheet over the canvas of the map that something is drawn on: as large as the canvas, following its view."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QFrame, QWidget

from desktop.map.oblique import Oblique
from desktop.seat import Seat
from desktop.style.palette import Palette
from desktop.style.type_face import BASE_PX, face
from governance.places import LonLat

if TYPE_CHECKING:
    from desktop.map_panel import MapPanel


PLATE_PAD_PX, WIDEST_PLATE_PX = 6.0, 320.0
TRIES = 3
"""The height of the grid under a pixel is found from the place, and the place from the height."""


class MapSheet(QWidget):
    """Takes no clicks; hidden while it has nothing to show. Main thread only."""

    on_paper = ""
    """What the legend of a map on paper calls it: the key of a text; empty where it is not printed."""
    tells_of_secrets = False
    """Whether it is left off unless confidential incidents were asked for: it may lead to one."""
    tells_of_people = False
    """Whether it is left off the paper unless where people stand was asked for."""

    def __init__(self, seat: Seat, panel: MapPanel) -> None:
        """Nothing yet; it follows the canvas of the panel, whichever that is."""
        super().__init__(panel)
        self._seat, self._panel = seat, panel
        self._drawn: Oblique | None = None
        self._paper: tuple[Oblique, Palette] | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.hide()
        panel.installEventFilter(self)
        panel.canvas_changed.connect(self.follow_canvas)
        self.follow_canvas()

    def has_something(self) -> bool:
        """Whether there is anything to draw."""
        return False

    def draw(self, painter: QPainter) -> None:
        """Draw it, in pixels of the sheet, with whatever is for the officer alone."""
        self.draw_marks(painter)

    def draw_marks(self, painter: QPainter) -> None:
        """Draw what is on the map, in pixels of the sheet or of a picture on paper."""

    def paint_on(self, painter: QPainter, view: Oblique, palette: Palette) -> None:
        """Draw what is on the map into a picture that looks from elsewhere, in its colours."""
        self._paper = (view, palette)
        try:
            self.draw_marks(painter)
        finally:
            self._paper = None

    @property
    def view(self) -> Oblique:
        """Where what is drawn is looked at from."""
        return self._paper[0] if self._paper is not None else self._panel.canvas.drawn_oblique()

    @property
    def ink(self) -> Palette:
        """The colours to draw with."""
        return self._paper[1] if self._paper is not None else self._seat.palette

    @property
    def room(self) -> QRectF:
        """What is drawn on, in its pixels."""
        return QRectF(0.0, 0.0, self.view.width_px, self.view.height_px)

    def refresh(self) -> None:
        """Show what there is now, or nothing."""
        self.setVisible(self.has_something() and self._panel.geometry_shown is not None)
        if self.isVisible():
            self.setGeometry(self._panel.canvas.geometry())
            self.raise_()
            lists = self._panel.findChildren(QFrame, options=Qt.FindChildOption.FindDirectChildrenOnly)
            for part in (self._panel.strip, *(each for each in lists if each.property("look") == "overlay")):
                part.raise_()
            self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the canvas."""
        if watched in (self._panel, self._panel.canvas) and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._panel.canvas.geometry())
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw what there is over the view of now."""
        if self._panel.geometry_shown is None:
            return
        self._drawn = self._panel.canvas.drawn_oblique()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRegion(self._free())
        self.draw(painter)

    def _free(self) -> QRegion:
        """All of the sheet but what stands on the edge of the map: lists, legend, overview stay readable."""
        free = QRegion(self.rect())
        for left, top, right, bottom in self._panel.canvas.furniture.standing().tolist():
            free -= QRegion(QRectF(left, top, right - left, bottom - top).toAlignedRect())
        return free

    def follow_canvas(self) -> None:
        """Follow the canvas there is now."""
        canvas = self._panel.canvas
        canvas.viewpoint_changed.connect(self.update)
        canvas.painted.connect(self._catch_up)
        canvas.installEventFilter(self)
        self.refresh()

    def screen_xy(self, xy: NDArray[np.float64]) -> list[QPointF]:
        """Pixels of places in plane metres, as the canvas draws them: on their grids, where these are raised."""
        view = self.view
        return [QPointF(x, y) for x, y in view.screen(xy[:, 0], xy[:, 1], self._tops_m(xy)).tolist()]

    def screen_of(self, places: Iterable[LonLat]) -> list[QPointF]:
        """Pixels of places."""
        return self.screen_xy(self.plane_of(places))

    def plane_of(self, places: Iterable[LonLat]) -> NDArray[np.float64]:
        """Plane metres float64[n, 2] of places."""
        geometry, each = self._panel.geometry_shown, list(places)
        if geometry is None or not each:
            return np.zeros((0, 2))
        return geometry.plane.to_plane([place.lon for place in each], [place.lat for place in each])

    def place_at(self, px: float, py: float) -> LonLat:
        """The place a pixel shows on the ground or on its raised grid, through whatever is built there."""
        geometry, view = self._panel.geometry_shown, self.view
        assert geometry is not None
        place = view.ground(px, py)
        for _ in range(TRIES):
            place = view.ground(px, py, float(self._tops_m(np.array([place]))[0]))
        return LonLat(*geometry.plane.to_lonlat(*place)[0].tolist())

    def draw_plate(self, painter: QPainter, at: QPointF, apart_px: float, text: str, edge: str) -> None:
        """A name in a box of its own to the right of a pixel, to the left where the right has no room."""
        metrics = QFontMetricsF(font := face(BASE_PX))
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, WIDEST_PLATE_PX)
        width, height = metrics.horizontalAdvance(shown) + 2 * PLATE_PAD_PX, metrics.height() + 6.0
        left = at.x() + apart_px
        if left + width > self.room.right() - 8:
            left = at.x() - apart_px - width
        box = QRectF(left, at.y() - height / 2, width, height)
        painter.setPen(QPen(QColor(edge), 1.0))
        painter.setBrush(QColor(self.ink.panel))
        painter.drawRoundedRect(box, 4.0, 4.0)
        painter.setFont(font)
        painter.setPen(QColor(self.ink.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)

    def _tops_m(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """How high above the ground the grids at some places are drawn."""
        geometry, shown = self._panel.geometry_shown, self._panel.canvas.shown
        scale = self.view.viewpoint.metres_per_pixel
        if geometry is None or not len(xy):
            return np.zeros(len(xy))
        return np.asarray(shown.height_at(geometry.grid_raster.at(xy[:, 0], xy[:, 1]), scale), np.float64)

    def _catch_up(self, *_counts: int) -> None:
        """The canvas painted: where it looks from elsewhere than this sheet was drawn, draw it again."""
        if self.isVisible() and (self._drawn is None or self._panel.canvas.drawn_oblique().viewpoint != self._drawn.viewpoint):
            self.update()
