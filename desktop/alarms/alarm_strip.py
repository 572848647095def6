"""The strip below the top bar: the alarms nobody has seen yet. It is always there, so that an alarm moves nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from desktop.alarms.alarm_chip import AlarmChip
from desktop.alarms.day_count import MOST_A_DAY
from desktop.alarms.rows import AlarmRow
from desktop.phrases import key_tip
from desktop.seat import Seat

HEIGHT_PX = 32
MOST_CHIPS = 6
BETWEEN_PX = 8


class AlarmStrip(QWidget):
    """One line. Wishes: `wanted` with an action's name, `chosen` with the row that was clicked."""

    wanted = Signal(str)
    chosen = Signal(object)
    """AlarmRow."""

    def __init__(self, seat: Seat) -> None:
        """A strip without alarms."""
        super().__init__()
        self._seat = seat
        self._rows: tuple[AlarmRow, ...] = ()
        self._standing = self._day = 0
        self.setProperty("look", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT_PX)
        self.list, self.seen, self.day = QPushButton(), QPushButton(), QLabel()
        self.empty, self.more = QLabel(), QPushButton()
        self.buttons = {"alarms": self.list, "seen": self.seen}
        self.day.setProperty("look", "figures")
        self.empty.setProperty("look", "dim")
        for button in (self.list, self.seen, self.more):
            button.setProperty("look", "bar")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.clicked.connect(lambda: self.wanted.emit("alarms"))
        self.more.clicked.connect(lambda: self.wanted.emit("alarms"))
        self.seen.clicked.connect(lambda: self.wanted.emit("seen"))
        self.chips = [AlarmChip(seat, self) for _ in range(MOST_CHIPS)]
        for chip in self.chips:
            chip.clicked.connect(lambda _on=False, chip=chip: self.chosen.emit(chip.row))
        self._lay_out()

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(6, 0, 14, 1)
        line.setSpacing(BETWEEN_PX)
        line.addWidget(self.list)
        line.addWidget(self.empty)
        self.place = QWidget()
        line.addWidget(self.place, 1)
        for part in (self.more, self.seen, self.day):
            line.addWidget(part)

    def show_rows(self, rows: Sequence[AlarmRow], day: int) -> None:
        """Show the unseen ones among what stands, and how many a day's were."""
        self._rows = tuple(row for row in rows if not row.is_seen)
        self._standing, self._day = sum(row.count for row in rows), day
        self.retell()

    def retell(self) -> None:
        """Say everything again, in the language and colours of now."""
        words = self._seat.words
        self.list.setText(words("alarm.strip.list", count=self._standing))
        self.list.setToolTip(key_tip(words, "alarms"))
        self.seen.setText(words("alarm.strip.seen"))
        self.seen.setToolTip(key_tip(words, "seen"))
        self.seen.setVisible(bool(self._rows))
        self.day.setText(words("alarm.day", count=self._day, most=MOST_A_DAY))
        self.day.setToolTip(words("alarm.day.tip", most=MOST_A_DAY))
        _look(self.day, "warn" if self._day > MOST_A_DAY else "figures")
        self.empty.setText(words("alarm.strip.seen_all") if self._standing else words("alarm.strip.none"))
        self.empty.setVisible(not self._rows)
        _alert(self.list, "immediate" if self._rows else "")
        self._fit()

    def pass_time(self) -> None:
        """The ages went on."""
        for chip in self.chips:
            if chip.isVisible() and chip.row is not None:
                chip.show_row(chip.row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many as fit."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Lay out the chips from the left; what does not fit is counted."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
        left, shown = self.place.x(), 0
        for chip, row in zip(self.chips, self._rows, strict=False):
            chip.show_row(row)
            free = self.place.geometry().right() - left
            width = min(chip.sizeHint().width(), free)
            if width < chip.sizeHint().width() and (shown or width < 120):
                break
            chip.setGeometry(left, (HEIGHT_PX - chip.sizeHint().height()) // 2, width, chip.sizeHint().height())
            left += width + BETWEEN_PX
            shown += 1
        for number, chip in enumerate(self.chips):
            chip.setVisible(number < shown)
        hidden = len(self._rows) - shown
        is_shown = bool(self._rows) and hidden > 0
        self.more.setText(f"+{hidden}")
        self.more.setToolTip(key_tip(self._seat.words, "alarms"))
        if self.more.isVisibleTo(self) != is_shown:
            self.more.setVisible(is_shown)
            self._fit()


def _look(label: QLabel, look: str) -> None:
    if label.property("look") != look:
        label.setProperty("look", look)
        label.style().unpolish(label)
        label.style().polish(label)


def _alert(button: QPushButton, alert: str) -> None:
    if button.property("alert") != alert:
        button.setProperty("alert", alert)
        button.style().unpolish(button)
        button.style().polish(button)
