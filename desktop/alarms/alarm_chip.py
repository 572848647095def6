"""One alarm on the strip: its shape, what happened, where, since when; a click goes to it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from desktop.alarms.alarm_mark import draw_alarm, ink_of
from desktop.alarms.alarm_words import aged, placed, priority_word, said
from desktop.alarms.kinds import Priority
from desktop.alarms.rows import AlarmRow
from desktop.seat import Seat

HEIGHT_PX = 24
MARK_PX = 16
WIDEST_PX = 420
MARGIN_PX = 8


class AlarmChip(QAbstractButton):
    """Shows one row; never takes the keys."""

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        """A chip that shows nothing yet."""
        super().__init__(parent)
        self._seat = seat
        self.row: AlarmRow | None = None
        self._text, self._age = "", ""
        self._shown: tuple[object, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_row(self, row: AlarmRow) -> None:
        """Show a row as it is now."""
        seat = self._seat
        parts = [said(seat, row), placed(seat, row)]
        text, age = seat.words("sep").join(part for part in parts if part), aged(seat, row, seat.now())
        shown = (text, age, row.priority, row.fact.kind, seat.words.language, seat.palette.name)
        self.row, self._text, self._age = row, text, age
        if shown == self._shown:
            return  # as in most seconds: a repaint would cost more than the look
        self._shown = shown
        word = priority_word(seat, row.priority)
        self.setToolTip(seat.words("alarm.chip.tip", priority=word, what=self._text, age=self._age))
        self.setAccessibleName(f"{word} {self._text} {self._age}")
        self.updateGeometry()
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Lit under the pointer."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """And no longer."""
        super().leaveEvent(event)
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as its text, up to a limit."""
        measures = QFontMetrics(self.font())
        text = measures.horizontalAdvance(self._text) + measures.horizontalAdvance(self._age)
        return QSize(min(MARGIN_PX * 4 + MARK_PX + text + 2, WIDEST_PX), HEIGHT_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        row, palette = self.row, self._seat.palette
        if row is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        is_calm = row.priority is Priority.LOW
        painter.setPen(QPen(QColor(palette.edge if is_calm else ink_of(palette, row.priority)), 1))
        painter.setBrush(QColor(palette.chosen if self.underMouse() else palette.raised))
        painter.drawRoundedRect(box, 4, 4)
        middle = QPointF(MARGIN_PX + MARK_PX / 2, self.height() / 2)
        draw_alarm(painter, row.fact.kind, middle, MARK_PX, palette, row.priority)
        measures = painter.fontMetrics()
        aged_px = measures.horizontalAdvance(self._age)
        left, right = MARGIN_PX * 2 + MARK_PX, self.width() - MARGIN_PX
        text_px = right - aged_px - MARGIN_PX - left
        text = measures.elidedText(self._text, Qt.TextElideMode.ElideRight, text_px)
        line = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setPen(QColor(palette.text))
        painter.drawText(QRectF(left, 0, text_px, self.height()), line, text)
        painter.setPen(QColor(palette.dim))
        painter.drawText(QRectF(right - aged_px, 0, aged_px + 1, self.height()), line, self._age)
