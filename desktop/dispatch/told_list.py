"""A section of the card that tells what belongs to an incident, a row each, the newest first; clocks in it go on."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from desktop.seat import Seat
from governance.incident import Case


class ToldList(QLabel):
    """Rows of rich text. A kind of list says what they are of, and how one reads."""

    belongings = ""
    """The field of a case whose values are told."""

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        """An empty list."""
        super().__init__(parent)
        self._seat = seat
        self._case: Case | None = None
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    @property
    def is_wanted(self) -> bool:
        """Whether there is anything to show."""
        return self._case is not None and bool(getattr(self._case, self.belongings))

    def show_case(self, case: Case | None) -> None:
        """Show what a case has."""
        self._case = case
        self.count_down()

    def count_down(self) -> None:
        """Say it again: the clock has gone on."""
        case = self._case
        text = "".join(self._row(case, each) for each in reversed(getattr(case, self.belongings))) if case is not None else ""
        if text != self.text():
            self.setText(text)

    def _row(self, case: Case, told: Any) -> str:
        """How one of them reads."""
        raise NotImplementedError
