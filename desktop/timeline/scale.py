"""The line of time under the map: where the replay stands, and a tick where each incident began. One signal: `moved`."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QToolTip, QWidget

from desktop.phrases import SHANGHAI, UTC
from desktop.seat import Seat
from desktop.style.type_face import SMALL_PX, face

SIDE_PX, HIGH_PX, LINE_PX, TICK_PX, KNOB_PX, REACH_PX = 14, 46, 24, 9, 7, 4
STEPS_S = (60, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400)
"""Between two times that are written; the first that leaves room for them."""
DAY_S = 86_400


class Scale(QWidget):
    """A line with ticks, times and a knob; a click or a drag goes there. Main thread only."""

    moved = Signal(float)
    """Seconds since 1970 UTC of the moment pointed at."""

    def __init__(self, seat: Seat) -> None:
        """No period yet."""
        super().__init__()
        self._seat = seat
        self.since_s, self.until_s, self.at_s = 0.0, 1.0, 0.0
        self._begins_s: npt.NDArray[np.float64] = np.zeros(0)
        self._urgency: npt.NDArray[np.uint8] = np.zeros(0, np.uint8)
        self.reaches: tuple[tuple[float, float], ...] = ()
        """From when to when tracks reach that are shown."""
        self.setFixedHeight(HIGH_PX)
        self.setMinimumWidth(160)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_period(
        self, since_s: float, until_s: float, begins_s: npt.NDArray[np.float64], urgency: npt.NDArray[np.uint8]
    ) -> None:
        """Another period, with when incidents began in it and how urgent each was."""
        self.since_s, self.until_s = since_s, max(until_s, since_s + 1.0)
        self._begins_s, self._urgency = begins_s, urgency
        self.stand_at(since_s)

    def stand_at(self, moment_s: float) -> None:
        """Put the knob there."""
        self.at_s = moment_s
        self.update()

    def show_reaches(self, reaches: tuple[tuple[float, float], ...]) -> None:
        """Mark along the line from when to when tracks reach."""
        self.reaches = reaches
        self.update()

    def ticks_px(self) -> dict[int, int]:
        """Pixel -> the greatest urgency of the incidents that began there."""
        found: dict[int, int] = {}
        for px, urgency in zip(self._px(self._begins_s).astype(int).tolist(), self._urgency.tolist(), strict=True):
            found[px] = max(urgency, found.get(px, 0))
        return found

    def reaches_px(self) -> list[tuple[int, int]]:
        """First and last pixel of each track that is shown."""
        ends = self._px(np.array(self.reaches).reshape(-1, 2)).astype(int).tolist()
        return [(first, last) for first, last in ends]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the times, the ticks, the line as far as it was played, and the knob."""
        painter, palette = QPainter(self), self._seat.palette
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_times(painter)
        for px, urgency in self.ticks_px().items():
            high = TICK_PX + 3 * urgency
            painter.fillRect(QRectF(px - 0.5, LINE_PX - high, 1.0 + (urgency > 0), high), QColor(palette.map.urgency[urgency]))
        for first, last in self.reaches_px():
            painter.fillRect(QRectF(first - 1, LINE_PX - REACH_PX, last - first + 2, 2 * REACH_PX), QColor(palette.focus))
        here = float(self._px(np.array([self.at_s]))[0])
        for end, colour, wide in ((self.width() - SIDE_PX, palette.edge, 2.0), (here, palette.past, 4.0)):
            painter.setPen(QPen(QColor(colour), wide))
            painter.drawLine(QPointF(SIDE_PX, LINE_PX), QPointF(end, LINE_PX))
        painter.setPen(QPen(QColor(palette.panel), 1.5))
        painter.setBrush(QColor(palette.past))
        knob = [(0, 2), (KNOB_PX, -KNOB_PX), (KNOB_PX, -KNOB_PX - 7), (-KNOB_PX, -KNOB_PX - 7), (-KNOB_PX, -KNOB_PX)]
        painter.drawPolygon(QPolygonF([QPointF(here + x, LINE_PX + y) for x, y in knob]))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go where it is pressed."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.moved.emit(self._moment_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go along while it is held; say the time under the pointer."""
        moment_s = self._moment_at(event.position().x())
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.moved.emit(moment_s)
        said = local(moment_s).strftime("%m-%d %H:%M:%S")
        QToolTip.showText(event.globalPosition().toPoint(), said, self)

    def _draw_times(self, painter: QPainter) -> None:
        """Write times under the line, the date where a day begins."""
        palette, font = self._seat.palette, face(SMALL_PX)
        painter.setFont(font)
        wide = QFontMetrics(font).horizontalAdvance("00-00 00:00") + 16
        step = step_of(self.until_s - self.since_s, max(self.width() - 2 * SIDE_PX, 1), wide)
        for moment_s in times_of(self.since_s, self.until_s, step):
            px, at = float(self._px(np.array([moment_s]))[0]), local(moment_s)
            painter.setPen(QColor(palette.line))
            painter.drawLine(QPointF(px, LINE_PX), QPointF(px, LINE_PX + 5))
            painter.setPen(QColor(palette.dim))
            text = at.strftime("%m-%d") if step >= DAY_S or (at.hour, at.minute) == (0, 0) else at.strftime("%H:%M")
            box = QRectF(px - wide / 2, LINE_PX + 5, wide, HIGH_PX - LINE_PX - 5)
            if box.left() < 0:
                box.moveLeft(2)
                painter.drawText(box, Qt.AlignmentFlag.AlignLeft, text)
            elif box.right() > self.width():
                box.moveRight(self.width() - 2)
                painter.drawText(box, Qt.AlignmentFlag.AlignRight, text)
            else:
                painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, text)

    def _px(self, moments_s: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        share = (moments_s - self.since_s) / (self.until_s - self.since_s)
        return np.asarray(SIDE_PX + np.clip(share, 0.0, 1.0) * (self.width() - 2 * SIDE_PX))

    def _moment_at(self, px: float) -> float:
        share = (px - SIDE_PX) / max(self.width() - 2 * SIDE_PX, 1)
        return self.since_s + min(max(share, 0.0), 1.0) * (self.until_s - self.since_s)


def local(moment_s: float) -> datetime:
    """A moment on the clock the officer reads."""
    return datetime.fromtimestamp(moment_s, UTC).astimezone(SHANGHAI)


def step_of(span_s: float, room_px: int, text_px: int) -> int:
    """Seconds between two times that are written, so that they have room."""
    fit = max(room_px // text_px, 1)
    return next((step for step in STEPS_S if span_s / step <= fit), math.ceil(span_s / fit / DAY_S) * DAY_S)


def times_of(since_s: float, until_s: float, step_s: int) -> list[float]:
    """The times of a period that are written: round ones of the officer's clock."""
    midnight = local(since_s).replace(hour=0, minute=0, second=0, microsecond=0)
    first = math.ceil((since_s - midnight.timestamp()) / step_s)
    count = int((until_s - since_s) // step_s) + 1
    found = [(midnight + timedelta(seconds=step_s * (first + n))).timestamp() for n in range(count)]
    return [moment_s for moment_s in found if moment_s <= until_s]
