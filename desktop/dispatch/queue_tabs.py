"""The queues of the board with their counts, in two rows."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QPushButton, QWidget

from desktop.seat import Seat
from desktop.shortcuts import key_of
from desktop.situation.incidents import QUEUES
from governance.people import Role

COLUMNS = 5
FIRST_OF = {Role.CHECKER: "check", Role.DISPATCHER: "dispatch"}
"""The queue that a role looks at first; every other begins with intake."""


class QueueTabs(QWidget):
    """One flat button per queue; the number says how many wait there."""

    chosen = Signal(str)

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        """Tabs without counts; the one of the officer's role is chosen."""
        super().__init__(parent)
        self._seat = seat
        self._counts: dict[str, int] = {}
        self.buttons: dict[str, QPushButton] = {}
        group = QButtonGroup(self)
        group.setExclusive(True)
        places = QGridLayout(self)
        places.setContentsMargins(8, 6, 8, 2)
        places.setSpacing(2)
        for number, queue in enumerate(QUEUES):
            button = QPushButton()
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setProperty("look", "tab")
            button.clicked.connect(lambda _on=False, chosen=queue: self.chosen.emit(chosen))
            group.addButton(button)
            places.addWidget(button, number // COLUMNS, number % COLUMNS)
            self.buttons[queue] = button
        for column in range(COLUMNS):
            places.setColumnStretch(column, 1)
        self.buttons[FIRST_OF.get(seat.officer.role, QUEUES[0])].setChecked(True)
        self.retell()

    @property
    def current(self) -> str:
        """The chosen queue."""
        return next(queue for queue, button in self.buttons.items() if button.isChecked())

    def mark(self, queue: str) -> None:
        """Show a queue as the chosen one, without telling anyone."""
        self.buttons[queue].setChecked(True)

    def choose(self, queue: str) -> None:
        """Choose a queue as if it was clicked."""
        self.buttons[queue].setChecked(True)
        self.chosen.emit(queue)

    def count(self, counts: Mapping[str, int]) -> None:
        """Show new counts; what did not change is not touched."""
        for queue, button in self.buttons.items():
            number = counts.get(queue, 0)
            if self._counts.get(queue) != number:
                self._counts[queue] = number
                self._tell(queue, button)

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        for queue, button in self.buttons.items():
            self._tell(queue, button)

    def _tell(self, queue: str, button: QPushButton) -> None:
        words, number = self._seat.words, self._counts.get(queue, 0)
        name = words(f"queue.{queue}")
        button.setText(f"{words(f'queue.short.{queue}')} {number}")
        button.setToolTip(
            words(
                "tip.key",
                what=words("queue.tip", name=name, count=number),
                key=f"{key_of('queue_previous')} {key_of('queue_next')}",
            )
        )
        alarm = queue == "overdue" and number > 0
        if button.property("alarm") != alarm:
            button.setProperty("alarm", alarm)
            button.style().unpolish(button)
            button.style().polish(button)
