"""The sign over the map that this is the past: a frame, and a word with the time nobody can overlook. Main thread only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from desktop.map_sheet import MapSheet
from desktop.seat import Seat
from desktop.style.type_face import TITLE_PX, face

if TYPE_CHECKING:
    from desktop.map_panel import MapPanel

FRAME_PX, DASH_PX = 6.0, 3.0
SIGN_PX, SIDE_PX = 34.0, 16.0


class PastSign(MapSheet):
    """Hidden while the map shows the present."""

    def __init__(self, seat: Seat, panel: MapPanel) -> None:
        """The present."""
        self.text = ""
        super().__init__(seat, panel)

    def has_something(self) -> bool:
        """Whether the past is shown."""
        return bool(self.text)

    def say(self, text: str) -> None:
        """Say which moment is shown; nothing where it is the present."""
        was, self.text = bool(self.text), text
        if was != bool(text):
            self.refresh()
        else:
            self.update()

    def box(self) -> QRectF:
        """Where the word stands: below the buttons, in the middle."""
        wide = QFontMetrics(face(TITLE_PX, bold=True)).horizontalAdvance(self.text) + 2 * SIDE_PX
        top = self._panel.strip.geometry().bottom() + 10.0
        return QRectF((self.width() - wide) / 2, top, wide, SIGN_PX)

    def draw(self, painter: QPainter) -> None:
        """A broken frame, so that it is no matter of colour alone, and the word."""
        palette = self._seat.palette
        edge = FRAME_PX / 2
        whole = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(palette.past), FRAME_PX))
        painter.drawRect(whole)
        dashes = QPen(QColor(palette.on_past), DASH_PX)
        dashes.setDashPattern([3.0, 5.0])
        painter.setPen(dashes)
        painter.drawRect(whole)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.past))
        painter.drawRoundedRect(self.box(), 4.0, 4.0)
        painter.setPen(QColor(palette.on_past))
        painter.setFont(face(TITLE_PX, bold=True))
        painter.drawText(self.box(), Qt.AlignmentFlag.AlignCenter, self.text)
