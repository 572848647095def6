"""Shift+B: the changes of boundaries over the panels: the list at the left, one of them with what it moves at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDateEdit,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QListWidget,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
)

from desktop.boundaries.told import ACTS, ancestry_lines, facts_of, line_of, may, moved_lines
from desktop.seat import Seat
from desktop.sheet import SheetView
from desktop.style.as_written import show_as_written
from governance.redivision import FURTHEST_DAYS, Act
from wire.boundary_requests import BoundaryChangeIs, BoundaryOutcomeIs

LIST_SHARE, LIST_LEAST_PX, LIST_MOST_PX = 0.34, 320, 520
KEYS = {
    Qt.Key.Key_C: Act.CHECK,
    Qt.Key.Key_A: Act.APPROVE,
    Qt.Key.Key_P: Act.PUBLISH,
    Qt.Key.Key_B: Act.SEND_BACK,
    Qt.Key.Key_W: Act.WITHDRAW,
    Qt.Key.Key_T: Act.TAKE_BACK,
}
LETTER = {act: chr(int(key)) for key, act in KEYS.items()}


class BoundaryView(SheetView):
    """Hidden until asked for. Wishes: `chosen` with the position of a change, `act_wanted` with the word of an act."""

    chosen = Signal(int)
    act_wanted = Signal(str)

    def __init__(self, seat: Seat) -> None:
        """Nothing read yet."""
        super().__init__()
        self._seat = seat
        self.changes: tuple[BoundaryChangeIs, ...] = ()
        self.outcome: BoundaryOutcomeIs | None = None
        self.armed: Act | None = None
        self.title, self.hint, self.said, self.empty, self.name, self.facts = (QLabel() for _ in range(6))
        show_as_written(self.said, self.empty, self.name, self.facts)
        self.list, self.table, self.day = QListWidget(), QTableWidget(0, 4), QDateEdit()
        self.buttons = {act: QPushButton() for act in ACTS}
        self._lay_out()
        self.list.currentRowChanged.connect(self.chosen)
        for act, button in self.buttons.items():
            button.setAutoDefault(False)
            button.clicked.connect(lambda _on=False, wanted=act.value: self.act_wanted.emit(wanted))
        self.hide()

    def _lay_out(self) -> None:
        self.title.setProperty("look", "title")
        self.name.setProperty("look", "title")
        self.hint.setProperty("look", "dim")
        self.empty.setProperty("look", "dim")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for label in (self.said, self.empty, self.facts):
            label.setWordWrap(True)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.list.setSpacing(4)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("yyyy-MM-dd")
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.hint)
        steps = QHBoxLayout()
        steps.setSpacing(8)
        for act, button in self.buttons.items():
            if act is Act.PUBLISH:
                steps.addWidget(self.day)
            steps.addWidget(button)
        steps.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.name)
        right.addWidget(self.facts)
        right.addLayout(steps)
        right.addWidget(self.said)
        right.addWidget(self.table, 1)
        body = QHBoxLayout()
        body.setSpacing(16)
        body.addWidget(self.list)
        body.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 12, 18, 14)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(body, 1)
        column.addWidget(self.empty, 1)

    # ---- coming and going ----------------------------------------------------------------------------------------

    def place(self) -> None:
        """Stand over the panels, between the bars."""
        room = self.room()
        self.setGeometry(room)
        self.list.setFixedWidth(max(LIST_LEAST_PX, min(int(room.width() * LIST_SHARE), LIST_MOST_PX)))

    def begin(self) -> None:
        """Come, with the keys at the list."""
        self.place()
        self.retell()
        self.show()
        self.raise_()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- what is shown -------------------------------------------------------------------------------------------

    @property
    def change(self) -> BoundaryChangeIs | None:
        """The change that is chosen."""
        at = self.list.currentRow()
        return self.changes[at] if 0 <= at < len(self.changes) else None

    def show_changes(self, changes: Sequence[BoundaryChangeIs]) -> None:
        """Show what came; the one that was chosen stays chosen."""
        was = self.change
        self.changes = tuple(changes)
        self.list.blockSignals(True)
        self.list.clear()
        for each in self.changes:
            self.list.addItem("\n".join(line_of(each, self._seat.words, self._named)))
        self.list.blockSignals(False)
        at = next((k for k, each in enumerate(self.changes) if was is not None and each.id == was.id), 0)
        self.list.setCurrentRow(at if self.changes else -1)
        self.retell()

    def show_outcome(self, outcome: BoundaryOutcomeIs | None) -> None:
        """Show what the chosen change moves; nothing where it was not checked."""
        self.outcome = outcome
        words = self._seat.words
        rows = [] if outcome is None else ancestry_lines(outcome.ancestry, words, self._named)
        rows += [] if outcome is None else moved_lines(outcome.moved, words, self._named)
        self.table.setRowCount(len(rows))
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                self.table.setItem(row, column, QTableWidgetItem(text))
        self.table.setVisible(bool(rows))

    def tell(self, text: str, look: str = "") -> None:
        """Say something about the chosen change."""
        self.said.setText(text)
        self.said.setProperty("look", look or "dim")
        self.said.style().unpolish(self.said)
        self.said.style().polish(self.said)
        self.said.setVisible(bool(text))

    def arm(self, act: Act | None) -> None:
        """The next press of this act's button does it."""
        self.armed = act
        self.retell()

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        words, change = self._seat.words, self.change
        self.title.setText(words("redivision.title"))
        self.hint.setText(words("redivision.hint"))
        self.empty.setText(words("redivision.none"))
        self.empty.setVisible(not self.changes)
        for part in (self.list, self.name, self.facts):
            part.setVisible(bool(self.changes))
        self.table.setHorizontalHeaderLabels([words(f"redivision.column.{name}") for name in ("what", "name", "old", "new")])
        now = self._seat.now()
        today = QDate(now.year, now.month, now.day)
        self.day.setDateRange(today, today.addDays(FURTHEST_DAYS))
        self.day.setToolTip(words("redivision.day.tip"))
        allowed = () if change is None else may(change, self._seat.officer.role)
        for act, button in self.buttons.items():
            button.setVisible(act in allowed)
            key = f"redivision.act.{act}.again" if act is self.armed else f"redivision.act.{act}"
            button.setText(f"{words(key)}  {LETTER[act]}")
            button.setToolTip(words(f"redivision.act.{act}.tip"))
        self.day.setVisible(Act.PUBLISH in allowed)
        if change is not None:
            self.name.setText(change.title)
            facts = facts_of(change, words, self._named, now)
            self.facts.setText("\n".join(f"{name}  {value}" for name, value in facts))

    def _named(self, code: str) -> str:
        """An area by its name and code; by its code alone where it is none of today."""
        name = self._seat.area_names.get(code, "")
        return f"{name} {code}" if name else code

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The letter of a button is that button."""
        act = KEYS.get(Qt.Key(event.key())) if event.modifiers() == Qt.KeyboardModifier.NoModifier else None
        if act is not None and self.buttons[act].isVisible():
            self.act_wanted.emit(act.value)
        super().keyPressEvent(event)
