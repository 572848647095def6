"""The place somebody went to by its coordinates or its name, marked on the map until Esc."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from desktop.map_sheet import MapSheet
from desktop.seat import Seat
from desktop.style.type_face import BASE_PX, face
from governance.places import LonLat

if TYPE_CHECKING:
    from desktop.map_panel import MapPanel

ARM_PX, GAP_PX, RING_PX = 15.0, 4.0, 9.0
PAD_PX, APART_PX = 6.0, 12.0


class MarkedPlace(MapSheet):
    """One place with what it is called; none to begin with. Main thread only."""

    on_paper = "paper.mark.place"

    def __init__(self, seat: Seat, panel: MapPanel) -> None:
        """Nothing is marked."""
        self.place: LonLat | None = None
        self.name = ""
        super().__init__(seat, panel)

    def has_something(self) -> bool:
        """Whether a place is marked."""
        return self.place is not None

    def mark(self, place: LonLat | None, name: str = "") -> None:
        """Mark a place, or none."""
        self.place, self.name = place, name
        self.refresh()

    def at(self) -> QPointF | None:
        """Where the mark is drawn; None where none is."""
        return self.screen_of([self.place])[0] if self.place is not None and self._panel.geometry_shown is not None else None

    def draw_marks(self, painter: QPainter) -> None:
        """A ring with four arms that leaves the place itself free, and its name beside it."""
        at, palette = self.at(), self.ink
        if at is None:
            return
        for pen in (QPen(QColor(palette.ground), 5.0), QPen(QColor(palette.urgent), 2.2)):
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(at, RING_PX, RING_PX)
            for right, down in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                arm = QPointF(right, down)
                painter.drawLine(at + arm * GAP_PX, at + arm * ARM_PX)
        if self.name:
            self._draw_name(painter, at)

    def _draw_name(self, painter: QPainter, at: QPointF) -> None:
        palette, font = self.ink, face(BASE_PX)
        metrics = QFontMetricsF(font)
        shown = metrics.elidedText(self.name, Qt.TextElideMode.ElideRight, 320.0)
        width, height = metrics.horizontalAdvance(shown) + 2 * PAD_PX, metrics.height() + 6.0
        left = at.x() + ARM_PX + APART_PX
        if left + width > self.room.right() - 8:
            left = at.x() - ARM_PX - APART_PX - width
        box = QRectF(left, at.y() - height / 2, width, height)
        painter.setPen(QPen(QColor(palette.urgent), 1.0))
        painter.setBrush(QColor(palette.panel))
        painter.drawRoundedRect(box, 4.0, 4.0)
        painter.setFont(font)
        painter.setPen(QColor(palette.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)
