"""The list of alarms: what stands, what is put aside and when it comes back, how loud it is. Only the officer opens it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop.alarms.alarm_item import AlarmItem
from desktop.alarms.alarm_words import said
from desktop.alarms.day_count import MOST_A_DAY
from desktop.alarms.kinds import Key
from desktop.alarms.loudness_part import LoudnessPart
from desktop.alarms.rows import AlarmRow
from desktop.alarms.standing import SHELF_MINUTES
from desktop.phrases import clock_text
from desktop.seat import Seat

MOST_ROWS = 60
"""Rows that are laid out; of the rest it is said how many: nobody reads further, and the window must not stop."""
WIDE_PX, LEAST_PX = 640, 520

Shelved = Sequence[tuple[AlarmRow, datetime]]


class AlarmPanel(QWidget):
    """A sheet over the map. Wishes: `going` with a row, `shelving` with a row and minutes, `unshelving` with keys, `closed`."""

    going = Signal(object)
    shelving = Signal(object, int)
    unshelving = Signal(object)
    closed = Signal()

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        """An empty list that is not shown."""
        super().__init__(parent)
        self._seat = seat
        self._rows: tuple[AlarmRow, ...] = ()
        self._shelved: Shelved = ()
        self._current: frozenset[Key] = frozenset()
        self._day = 0
        self.setProperty("look", "overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.title, self.day, self.hint = QLabel(), QLabel(), QPushButton()
        self.title.setProperty("look", "title")
        self.hint.setProperty("look", "quiet")
        self.hint.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hint.clicked.connect(self.closed)
        self.empty, self.more, self.shelf_title = QLabel(), QLabel(), QLabel()
        for label in (self.empty, self.more, self.shelf_title):
            label.setProperty("look", "dim")
            label.setContentsMargins(14, 8, 14, 8)
            label.setWordWrap(True)
        self.items: list[AlarmItem] = []
        self.shelf_lines: list[tuple[QWidget, QLabel, QPushButton]] = []
        self.settings = LoudnessPart(seat)
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(14, 10, 10, 8)
        head.setSpacing(14)
        head.addWidget(self.title)
        head.addWidget(self.day, 1)
        head.addWidget(self.hint)
        inside = QWidget()
        self.list, self.shelf = QVBoxLayout(), QVBoxLayout()
        for column in (self.list, self.shelf):
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(1, 0, 1, 0)
        rows.setSpacing(0)
        rows.addLayout(self.list)
        for part in (self.empty, self.more, self.shelf_title):
            rows.addWidget(part)
        rows.addLayout(self.shelf)
        rows.addStretch(1)
        self.sight = QScrollArea()
        self.sight.setWidgetResizable(True)
        self.sight.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.sight.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.sight.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.sight, 1)
        column.addWidget(self.settings)

    @property
    def current(self) -> AlarmRow | None:
        """The row the keys mean."""
        return next((row for row in self._rows if self._current & set(row.keys)), None)

    def show_rows(self, rows: Sequence[AlarmRow], shelved: Shelved, day: int) -> None:
        """Show what stands now; the current row stays the current one as long as it stands."""
        self._rows, self._shelved, self._day = tuple(rows), shelved, day
        if self.current is None:
            self._current = frozenset(self._rows[0].keys) if self._rows else frozenset()
        if self.isVisible():
            self.retell()

    def open_at(self, left: int, top: int, width: int, height: int) -> None:
        """Show it in a place of the window, its first row the current one, and take the keys."""
        self._current = frozenset(self._rows[0].keys) if self._rows else frozenset()
        self.setGeometry(left, top, min(max(width, LEAST_PX), WIDE_PX), height)
        self.show()
        self.raise_()
        self.retell()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def retell(self) -> None:
        """Say everything again, in the language and colours of now."""
        words = self._seat.words
        self.title.setText(words("alarm.title"))
        over = self._day > MOST_A_DAY
        self.day.setText(words("alarm.day.over" if over else "alarm.day", count=self._day, most=MOST_A_DAY))
        self.day.setToolTip(words("alarm.day.tip", most=MOST_A_DAY))
        look = "warn" if over else "figures"
        if self.day.property("look") != look:
            self.day.setProperty("look", look)
            self.day.style().unpolish(self.day)
            self.day.style().polish(self.day)
        self.hint.setText(words("alarm.close"))
        self.hint.setToolTip(words("tip.key", what=words("alarm.close.tip"), key="Esc"))
        self.empty.setText(words("alarm.none"))
        self.empty.setVisible(not self._rows)
        hidden = sum(row.count for row in self._rows[MOST_ROWS:])
        self.more.setText(words("alarm.more", count=hidden))
        self.more.setVisible(hidden > 0)
        self._show_items()
        self._show_shelf()
        self.settings.retell()

    def _show_items(self) -> None:
        shown, current = self._rows[:MOST_ROWS], self.current
        while len(self.items) < len(shown):
            self._add_item()
        for number, item in enumerate(self.items):
            if number < len(shown):
                item.show_row(shown[number], shown[number] is current)
            item.setVisible(number < len(shown))

    def _add_item(self) -> None:
        item = AlarmItem(self._seat)
        item.chosen.connect(lambda: self._choose(item.row))
        item.going.connect(lambda: self.going.emit(item.row))
        item.shelving.connect(lambda minutes: self.shelving.emit(item.row, minutes))
        self.items.append(item)
        self.list.addWidget(item)

    def _show_shelf(self) -> None:
        words = self._seat.words
        self.shelf_title.setText(words("alarm.shelf.title", count=len(self._shelved)))
        self.shelf_title.setVisible(bool(self._shelved))
        while len(self.shelf_lines) < len(self._shelved):
            self._add_shelf_line(len(self.shelf_lines))
        for number, (line, text, button) in enumerate(self.shelf_lines):
            if number < len(self._shelved):
                row, until = self._shelved[number]
                text.setText(words("alarm.shelf.line", what=said(self._seat, row), until=clock_text(until)))
                button.setText(words("alarm.shelf.back"))
                button.setToolTip(words("alarm.shelf.back.tip"))
            line.setVisible(number < len(self._shelved))

    def _add_shelf_line(self, number: int) -> None:
        line, text, button = QWidget(), QLabel(), QPushButton()
        inside = QHBoxLayout(line)
        inside.setContentsMargins(14, 2, 10, 2)
        inside.addWidget(text, 1)
        inside.addWidget(button)
        text.setProperty("look", "dim")
        button.setProperty("look", "small")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda: self.unshelving.emit(self._shelved[number][0].keys))
        self.shelf_lines.append((line, text, button))
        self.shelf.addWidget(line)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """J K and arrows move, Enter goes there, 1 to 4 put aside; every other key is the window's."""
        key, row = Qt.Key(event.key()), self.current
        step = {Qt.Key.Key_J: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_K: -1, Qt.Key.Key_Up: -1}.get(key, 0)
        shelf = key - Qt.Key.Key_1
        is_plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if not is_plain:
            event.ignore()
        elif step:
            self._step(step)
        elif row is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.going.emit(row)
        elif row is not None and 0 <= shelf < len(SHELF_MINUTES):
            if not event.isAutoRepeat():
                self.shelving.emit(row, SHELF_MINUTES[shelf])
        else:
            event.ignore()

    def _step(self, step: int) -> None:
        rows, current = self._rows[:MOST_ROWS], self.current
        if rows:
            at = rows.index(current) if current in rows else -1
            self._choose(rows[min(max(at + step, 0), len(rows) - 1)])

    def _choose(self, row: AlarmRow | None) -> None:
        if row is None:
            return
        self._current = frozenset(row.keys)
        self._show_items()
        item = next((each for each in self.items if each.row is row), None)
        if item is not None:
            self.sight.ensureWidgetVisible(item)
