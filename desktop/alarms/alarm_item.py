"""One row of the alarm list: shape, priority in a word, what and where, how old; go there, or put it aside with an end."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.alarms.alarm_mark import draw_alarm
from desktop.alarms.alarm_words import aged, placed, priority_word, said
from desktop.alarms.kinds import AlarmKind, Priority
from desktop.alarms.rows import AlarmRow
from desktop.alarms.standing import SHELF_MINUTES
from desktop.seat import Seat
from desktop.style.as_written import show_as_written, tip_as_written

HEIGHT_PX = 56
MARK_PX = 18
INDENT_PX = 38
LOOK_OF = {Priority.CRITICAL: "immediate", Priority.HIGH: "urgent", Priority.LOW: "dim"}


class AlarmItem(QWidget):
    """Shows one row. Wishes: `chosen`, `going`, and `shelving` with so many minutes."""

    chosen = Signal()
    going = Signal()
    shelving = Signal(int)

    def __init__(self, seat: Seat) -> None:
        """An item that shows nothing yet."""
        super().__init__()
        self._seat = seat
        self.row: AlarmRow | None = None
        self._is_current = False
        self.setFixedHeight(HEIGHT_PX)
        self.priority, self.text, self.age, self.place = QLabel(), QLabel(), QLabel(), QLabel()
        self.age.setProperty("look", "figures")
        self.place.setProperty("look", "dim")
        self.shelf = QLabel()
        self.shelf.setProperty("look", "dim")
        self.go = QPushButton()
        self.shelves = {minutes: QPushButton() for minutes in SHELF_MINUTES}
        for button in (self.go, *self.shelves.values()):
            button.setProperty("look", "small")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.go.clicked.connect(self.going)
        for minutes, button in self.shelves.items():
            button.clicked.connect(lambda _on=False, minutes=minutes: self.shelving.emit(minutes))
        self._lay_out()

    def _lay_out(self) -> None:
        upper, lower = QHBoxLayout(), QHBoxLayout()
        upper.setSpacing(8)
        lower.setSpacing(4)
        show_as_written(self.text, self.place)
        upper.addWidget(self.priority)
        upper.addWidget(self.text, 1)
        upper.addWidget(self.age)
        lower.addWidget(self.place, 1)
        lower.addWidget(self.go)
        lower.addSpacing(8)
        lower.addWidget(self.shelf)
        for button in self.shelves.values():
            lower.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(INDENT_PX, 4, 10, 4)
        column.setSpacing(0)
        column.addLayout(upper)
        column.addLayout(lower)

    def show_row(self, row: AlarmRow, is_current: bool) -> None:
        """Show a row as it is now; only the current one shows what can be done with it, in the room it has anyway."""
        seat, words = self._seat, self._seat.words
        self.row, self._is_current = row, is_current
        self.priority.setText(priority_word(seat, row.priority))
        self.text.setText(said(seat, row))
        self.text.setToolTip(tip_as_written(self.text.text()))
        self.age.setText(aged(seat, row, seat.now()))
        seen = (words("alarm.seen"),) if row.is_seen else ()
        self.place.setText(words("sep").join(part for part in (placed(seat, row), *seen) if part))
        self.place.setToolTip(tip_as_written(placed(seat, row)))
        for label, look in ((self.priority, LOOK_OF[row.priority]), (self.text, "dim" if row.is_seen else "name")):
            if label.property("look") != look:
                label.setProperty("look", look)
                label.style().unpolish(label)
                label.style().polish(label)
        self._show_buttons()
        self.update()

    def _show_buttons(self) -> None:
        row, words = self.row, self._seat.words
        assert row is not None
        can_shelve = row.fact.kind is not AlarmKind.LINK
        self.go.setText(words("alarm.go"))
        self.go.setToolTip(words("tip.key", what=words("alarm.go.tip"), key="Enter"))
        leads_somewhere = row.fact.incident is not None or row.fact.kind is AlarmKind.HANDOVER
        self.go.setVisible(self._is_current and leads_somewhere)
        self.shelf.setText(words("alarm.shelve") if can_shelve else words("alarm.shelve.never"))
        self.shelf.setVisible(self._is_current)
        for number, (minutes, button) in enumerate(self.shelves.items()):
            button.setText(str(minutes))
            what = words("alarm.shelve.tip", minutes=minutes)
            button.setToolTip(words("tip.key", what=what, key=str(number + 1)))
            button.setVisible(self._is_current and can_shelve)

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """A click makes it the current one."""
        self.chosen.emit()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """A double click goes there."""
        self.going.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground, and the shape of its kind."""
        row, palette = self.row, self._seat.palette
        if row is None:
            return
        painter = QPainter(self)
        if self._is_current:
            painter.fillRect(self.rect(), QColor(palette.chosen))
            painter.fillRect(QRectF(0, 0, 3, self.height()), QColor(palette.focus))
        painter.setPen(QColor(palette.line))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.setOpacity(0.6 if row.is_seen else 1.0)
        draw_alarm(painter, row.fact.kind, QPointF(INDENT_PX / 2 + 1, 18), MARK_PX, palette, row.priority)
