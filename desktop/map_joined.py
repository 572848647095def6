"""What is about to be merged, on the map: a line from each incident to the master, and how far its kind reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from desktop.map.oblique import Oblique
from desktop.seat import Seat
from desktop.selection import Joined
from governance.places import LonLat

if TYPE_CHECKING:
    from desktop.map_panel import MapPanel

RING_POINTS = 72
MOST_LINES = 300
LEAST_REACH_M, LEAST_PX = 30.0, 16.0
"""Nearer than this many pixels nobody tells the incidents of one matter apart."""
MASTER_PX, SOURCE_PX = 9.0, 4.5


class JoinedLines(QWidget):
    """A sheet over the canvas that takes no clicks; hidden while nothing is to be merged. Main thread only."""

    def __init__(self, seat: Seat, panel: MapPanel) -> None:
        """Nothing yet; it follows the canvas of the panel, whichever that is."""
        super().__init__(panel)
        self._seat, self._panel = seat, panel
        self._joined: Joined | None = None
        self._drawn: Oblique | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.hide()
        panel.installEventFilter(self)
        panel.canvas_changed.connect(self._follow_canvas)
        seat.selection.joined_changed.connect(self.show_joined)
        self._follow_canvas()

    def show_joined(self, joined: Joined | None) -> None:
        """Show what would become one, or nothing."""
        was_shown, self._joined = self._joined is not None, joined
        self.setVisible(joined is not None and self._panel.geometry_shown is not None)
        if self.isVisible():
            self.setGeometry(self._panel.canvas.geometry())
            self.raise_()
            self._panel.strip.raise_()
            self.update()
            if joined is not None and not was_shown:
                self._come_close(joined)

    def _come_close(self, joined: Joined) -> None:
        """From afar all of it would be one dot: look at the master from near, once, when the form opens."""
        reach_px = max(joined.radius_m, LEAST_REACH_M) / self._panel.canvas.destination.metres_per_pixel
        if joined.sources and reach_px < LEAST_PX:
            self._panel.canvas.glide_to(joined.master)

    def points(self) -> tuple[QPointF, list[QPointF], QPolygonF] | None:
        """The master, the others and the edge of its reach, in pixels; None while there is nothing to show."""
        if self._joined is None or self._panel.geometry_shown is None:
            return None
        joined = self._joined
        master, *others = self._of((joined.master, *joined.sources[:MOST_LINES]))
        return master, others, self._ring(joined)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the canvas."""
        if watched is self._panel and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._panel.canvas.geometry())
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the reach, the lines and a mark on each end."""
        shown = self.points()
        if shown is None:
            return
        master, others, ring = shown
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focus, halo = QColor(self._seat.palette.focus), QColor(self._seat.palette.ground)
        reach = QPen(focus, 1.4, Qt.PenStyle.DashLine)
        painter.setPen(reach)
        wash = QColor(focus)
        wash.setAlpha(24)
        painter.setBrush(wash)
        painter.drawPolygon(ring)
        for pen in (QPen(halo, 4.0), QPen(focus, 1.8)):
            painter.setPen(pen)
            for other in others:
                painter.drawLine(other, master)
        painter.setPen(QPen(halo, 1.5))
        painter.setBrush(focus)
        for other in others:
            painter.drawEllipse(other, SOURCE_PX, SOURCE_PX)
        painter.setPen(QPen(focus, 2.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(master, MASTER_PX, MASTER_PX)
        painter.drawEllipse(master, MASTER_PX + 5, MASTER_PX + 5)

    def _follow_canvas(self) -> None:
        canvas = self._panel.canvas
        canvas.viewpoint_changed.connect(self.update)
        canvas.painted.connect(self._catch_up)
        self.show_joined(self._joined)

    def _catch_up(self, *_counts: int) -> None:
        """The canvas painted: where it looks from elsewhere than these lines do, draw them again."""
        if self.isVisible() and (self._drawn is None or self._panel.canvas.drawn_oblique().viewpoint != self._drawn.viewpoint):
            self.update()

    def _ring(self, joined: Joined) -> QPolygonF:
        """The edge of the reach on the ground; none where the kind asks for the same house."""
        geometry = self._panel.geometry_shown
        assert geometry is not None
        if joined.radius_m <= 0:
            return QPolygonF()
        middle = geometry.plane.to_plane(joined.master.lon, joined.master.lat)[0]
        turns = np.linspace(0.0, 2 * np.pi, RING_POINTS, endpoint=False)
        edge = middle + joined.radius_m * np.column_stack([np.cos(turns), np.sin(turns)])
        return QPolygonF(self._screen(edge))

    def _of(self, places: tuple[LonLat, ...]) -> list[QPointF]:
        geometry = self._panel.geometry_shown
        assert geometry is not None
        return self._screen(geometry.plane.to_plane([p.lon for p in places], [p.lat for p in places]))

    def _screen(self, xy: NDArray[np.float64]) -> list[QPointF]:
        self._drawn = self._panel.canvas.drawn_oblique()
        return [QPointF(x, y) for x, y in self._drawn.screen(xy[:, 0], xy[:, 1]).tolist()]
