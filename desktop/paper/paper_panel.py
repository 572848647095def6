"""The panel that says what leaves the desk: with how much in it, as what, about what. Main thread only."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.paper.leaving import Asked, may_ask_confidential
from desktop.phrases import key_tip
from desktop.seat import Seat

WIDE_PX = 430
AREAS = {"grid": 15, "community": 12, "street": 9, "district": 6}
"""Areas around the middle of the map, by how many digits of a grid's code name them."""
SUBJECTS = ("incident", "place", *AREAS)


class PaperPanel(QWidget):
    """A small sheet over the map. Wish: `wanted` with pdf, png or a subject of a briefing; `closed`."""

    wanted = Signal(str)
    closed = Signal()

    def __init__(self, seat: Seat, parent: QWidget) -> None:
        """Not shown; nothing is asked for."""
        super().__init__(parent)
        self._seat = seat
        self.setProperty("look", "overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title, self.close_button = QLabel(), QPushButton()
        self.title.setProperty("look", "title")
        self.close_button.setProperty("look", "quiet")
        self.close_button.clicked.connect(self.closed)
        self.confidential, self.people = QCheckBox(), QCheckBox()
        self.confidential.setEnabled(may_ask_confidential(seat.officer))
        self.as_label, self.brief_label, self.answer = QLabel(), QLabel(), QLabel()
        self.answer.setWordWrap(True)
        self.answer.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for label in (self.as_label, self.brief_label):
            label.setProperty("look", "dim")
        self.buttons = {name: self._button(name) for name in ("pdf", "png", *SUBJECTS)}
        self._said: tuple[str, str] = ("", "dim")
        self.has_subject: Callable[[], bool] = lambda: seat.selection.incident is not None
        """Whether there is an incident a page could be about."""
        self.is_past: Callable[[], bool] = lambda: False
        """Whether what is asked for is told as it was."""
        self._lay_out()
        self.hide()

    def _button(self, name: str) -> QPushButton:
        button = QPushButton()
        button.setProperty("look", "action")
        button.setAutoDefault(True)
        button.clicked.connect(lambda: self.wanted.emit(name))
        return button

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 12, 12)
        column.setSpacing(8)
        head, checks = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.close_button)
        for check in (self.confidential, self.people):
            checks.addWidget(check)
        checks.addStretch(1)
        column.addLayout(head)
        column.addLayout(checks)
        rows = ((self.as_label, ("pdf", "png")), (self.brief_label, ("incident", "place")), (None, tuple(AREAS)))
        for label, names in rows:
            line = QHBoxLayout()
            line.setSpacing(6)
            for name in names:
                line.addWidget(self.buttons[name], 1)
            if label is not None:
                column.addWidget(label)
            column.addLayout(line)
        column.addWidget(self.answer)
        self.setFixedWidth(WIDE_PX)

    @property
    def asked(self) -> Asked:
        """What was asked for."""
        return Asked(self.confidential.isEnabled() and self.confidential.isChecked(), self.people.isChecked())

    def open_at(self, left: int, top: int) -> None:
        """Show it in a place of its window, nothing said or asked for yet; the keys are at the first button."""
        self.say("", "dim")
        for check in (self.confidential, self.people):
            check.setChecked(False)
        self.move(left, top)
        self.show()
        self.raise_()
        self.retell()
        self.buttons["pdf"].setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, text: str, look: str) -> None:
        """One line about what became of the last wish; empty takes it away."""
        self.answer.setText(text)
        self.answer.setProperty("look", look)
        self.answer.style().unpolish(self.answer)
        self.answer.style().polish(self.answer)
        self.answer.setVisible(bool(text))
        self.adjustSize()

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        words = self._seat.words
        self.title.setText(words("paper.title.then" if self.is_past() else "paper.title"))
        self.close_button.setText(words("paper.close"))
        self.confidential.setText(words("paper.ask.confidential"))
        may = self.confidential.isEnabled()
        self.confidential.setToolTip(words("paper.ask.confidential.tip" if may else "paper.ask.confidential.no"))
        self.people.setText(words("paper.ask.people"))
        self.people.setToolTip(words("paper.ask.people.tip"))
        self.as_label.setText(words("paper.as"))
        self.brief_label.setText(words("paper.brief"))
        for name, button in self.buttons.items():
            button.setText(words(f"paper.{name}" if name in ("pdf", "png") else f"paper.brief.{name}"))
            button.setToolTip(key_tip(words, "print_map" if name in ("pdf", "png") else "briefing"))
        self.buttons["incident"].setEnabled(self.has_subject())
        self.adjustSize()
