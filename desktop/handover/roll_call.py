"""F9 点名: who sits in the shift, and the workers of every street by what they are doing; counts and names."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QListWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.phrases import moment_text
from desktop.seat import Seat
from governance.people import Duty, Worker
from wire.shift_requests import DutyLogIs

WIDE_PX, HIGH_PX = 860, 620
DUTIES = (Duty.ON_DUTY, Duty.ON_TASK, Duty.ON_CALL, Duty.LOST, Duty.OFF)
WORRIES = frozenset({Duty.LOST, Duty.OFF})
ALL = ""


def counted(workers: list[Worker]) -> dict[str, Counter[Duty]]:
    """How many workers in the field of each street do what; the whole district under the empty code."""
    found: dict[str, Counter[Duty]] = {ALL: Counter()}
    for worker in filter(lambda each: each.is_in_field, workers):
        for street in (ALL, worker.grid[:9]):
            found.setdefault(street, Counter())[worker.duty] += 1
    return found


class RollCall(QFrame):
    """A sheet over the window; the street and the duty chosen in the table are named below it."""

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        """Hidden, nobody called yet."""
        super().__init__(parent)
        self._seat = seat
        self._log: DutyLogIs | None = None
        self._streets: list[str] = []
        self.setProperty("look", "overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title, self.hint, self.shift, self.named = QLabel(), QLabel(), QLabel(), QLabel()
        self.title.setProperty("look", "title")
        for label in (self.hint, self.named):
            label.setProperty("look", "dim")
        self.shift.setWordWrap(True)
        self.table, self.people = QTableWidget(0, len(DUTIES) + 1), QListWidget()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.setCornerButtonEnabled(False)
        self.people.setProperty("look", "lines")
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.people.setFlow(QListWidget.Flow.LeftToRight)
        self.people.setWrapping(True)
        self.people.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.people.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.hint)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 12, 18, 14)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.shift)
        column.addWidget(self.table, 3)
        column.addWidget(self.named)
        column.addWidget(self.people, 2)
        self.table.currentCellChanged.connect(lambda *_cells: self._name_people())
        self.hide()

    def begin(self) -> None:
        """Come, with the first street chosen."""
        parent = self.parentWidget()
        assert parent is not None
        width, height = min(WIDE_PX, parent.width() - 40), min(HIGH_PX, parent.height() - 100)
        self.setGeometry((parent.width() - width) // 2, (parent.height() - height) // 2, width, height)
        self.retell()
        self.show()
        self.raise_()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """No key that a field of the sheet left alone works behind it."""
        event.accept()

    def show_log(self, log: DutyLogIs) -> None:
        """Who sits in the shift."""
        self._log = log
        self._tell_shift()

    def touch(self) -> None:
        """Somebody came on or off duty."""
        if self.isVisible():
            self._fill()

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        words = self._seat.words
        self.title.setText(words("roll.title"))
        self.hint.setText(words("roll.close"))
        self.table.setHorizontalHeaderLabels([words(f"roll.{duty}") for duty in DUTIES] + [words("roll.sum")])
        self._tell_shift()
        self._fill()

    def _tell_shift(self) -> None:
        words, log = self._seat.words, self._log
        if log is None:
            self.shift.setText("")
            return
        named = f"shift.{log.shift.name}"
        shift = words(named) if words.has(named) else log.shift.name
        here = [member for member in log.members if member.off_at is None]
        lines = [words("roll.shift", shift=shift, count=len(here)) if here else words("roll.none")]
        for each in here:
            since = moment_text(each.on_at, self._seat.now())
            lines.append(words("roll.member", name=each.name, title=each.title, seat=each.seat, since=since))
        if log.covered:
            lines.append(words("roll.covers", units=words("sep").join(log.covered)))
        self.shift.setText("\n".join(lines))

    def _fill(self) -> None:
        """The counts as they are now; the cell chosen stays chosen."""
        counts = counted(self._seat.situation.workers.people())
        self._streets = sorted(counts)
        row, column = max(self.table.currentRow(), 0), max(self.table.currentColumn(), 0)
        self.table.blockSignals(True)
        self.table.setRowCount(len(self._streets))
        names = [self.street_name(street) for street in self._streets]
        self.table.setVerticalHeaderLabels(names)
        for number, street in enumerate(self._streets):
            for place, duty in enumerate(DUTIES):
                self._set(number, place, counts[street][duty], duty in WORRIES)
            self._set(number, len(DUTIES), counts[street].total(), False)
        self.table.setCurrentCell(min(row, len(self._streets) - 1), column)
        self.table.blockSignals(False)
        self._name_people()

    def street_name(self, code: str) -> str:
        """What a street is called; the district for the empty code."""
        return self._seat.area_names.get(code, code) if code else self._seat.words("roll.all")

    def _set(self, row: int, column: int, count: int, is_worry: bool) -> None:
        item = QTableWidgetItem(f"{count:,}" if count else "-")
        item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
        if is_worry and count:
            item.setForeground(QColor(self._seat.palette.urgent))
        self.table.setItem(row, column, item)

    def _name_people(self) -> None:
        """The names behind the chosen number."""
        words, row, column = self._seat.words, self.table.currentRow(), self.table.currentColumn()
        if not 0 <= row < len(self._streets) or column < 0:
            return
        street = self._streets[row]
        duty = DUTIES[column] if column < len(DUTIES) else None
        everybody = (w for w in self._seat.situation.workers.people() if w.is_in_field)
        found = [w for w in everybody if w.grid.startswith(street) and duty in (w.duty, None)]
        told = words(f"roll.{duty}") if duty else words("roll.sum")
        self.named.setText(words("roll.people", street=self.street_name(street), duty=told, count=len(found)))
        self.people.clear()
        self.people.addItems([f"{worker.name} {self._seat.place_short(worker.grid, '')}" for worker in found])
        if not found:
            self.people.addItem(words("roll.nobody"))
