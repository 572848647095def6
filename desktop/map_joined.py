"""What is about to be merged, on the map: a line from each incident to the master, and how far its kind reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from desktop.map_sheet import MapSheet
from desktop.seat import Seat
from desktop.selection import Joined

if TYPE_CHECKING:
    from desktop.map_panel import MapPanel

RING_POINTS = 72
MOST_LINES = 300
LEAST_REACH_M, LEAST_PX = 30.0, 16.0
"""Nearer than this many pixels nobody tells the incidents of one matter apart."""
MASTER_PX, SOURCE_PX = 9.0, 4.5


class JoinedLines(MapSheet):
    """Hidden while nothing is to be merged. Main thread only."""

    on_paper = "paper.mark.joined"
    tells_of_secrets = True

    def __init__(self, seat: Seat, panel: MapPanel) -> None:
        """Nothing yet."""
        self._joined: Joined | None = None
        super().__init__(seat, panel)
        seat.selection.joined_changed.connect(self.show_joined)

    def has_something(self) -> bool:
        """Whether anything is to become one."""
        return self._joined is not None

    def show_joined(self, joined: Joined | None) -> None:
        """Show what would become one, or nothing."""
        was_shown, self._joined = self._joined is not None, joined
        self.refresh()
        if self.isVisible() and joined is not None and not was_shown:
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
        master, *others = self.screen_of((joined.master, *joined.sources[:MOST_LINES]))
        return master, others, self._ring(joined)

    def draw_marks(self, painter: QPainter) -> None:
        """Draw the reach, the lines and a mark on each end."""
        shown = self.points()
        if shown is None:
            return
        master, others, ring = shown
        focus, halo = QColor(self.ink.focus), QColor(self.ink.ground)
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

    def _ring(self, joined: Joined) -> QPolygonF:
        """The edge of the reach on the ground; none where the kind asks for the same house."""
        geometry = self._panel.geometry_shown
        assert geometry is not None
        if joined.radius_m <= 0:
            return QPolygonF()
        middle = geometry.plane.to_plane(joined.master.lon, joined.master.lat)[0]
        turns = np.linspace(0.0, 2 * np.pi, RING_POINTS, endpoint=False)
        edge = middle + joined.radius_m * np.column_stack([np.cos(turns), np.sin(turns)])
        return QPolygonF(self.screen_xy(edge))
