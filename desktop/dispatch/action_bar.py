"""The actions of the selected case as buttons that show their key; greyed by the rules, saying why when pressed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from desktop.dispatch.actions import ACTIONS, BY_NAME, MAIN, is_ever, said_as, why_not
from desktop.dispatch.key_strip import KeyStrip
from desktop.phrases import key_tip, refusal_sentence
from desktop.seat import Seat
from desktop.shortcuts import key_of
from desktop.style.drawn_icon import icon
from governance.incident import Case

ICON_PX = 14
FRAME_PX = 34
"""What a button needs beside its text: its drawing and its edge."""
GAP_PX, MARGIN_PX = 6, 12


class ActionBar(QWidget):
    """One button per action the post may ever do; a greyed one can still be pressed, to learn why. Wish: `wanted`, its name."""

    wanted = Signal(str)

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        """All greyed."""
        super().__init__(parent)
        self._seat = seat
        mine = [action.name for action in ACTIONS if is_ever(action, seat.officer) and action.needs_case]
        self._main = (*(name for name in mine if name in MAIN), "pictures")
        self.more = KeyStrip((*(name for name in mine if name not in MAIN), "briefing"))
        self.more.wanted.connect(self.wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN_PX, 8, MARGIN_PX, 10)
        column.setSpacing(GAP_PX)
        self._places = QGridLayout()
        self._places.setSpacing(GAP_PX)
        column.addLayout(self._places)
        column.addWidget(self.more)
        self._main_buttons = {name: self._button(name) for name in self._main}
        self.buttons = self._main_buttons | self.more.buttons
        self._columns = 0
        self._lay_out()

    def _button(self, name: str) -> QPushButton:
        button = QPushButton()
        button.setProperty("look", "action")
        button.setMinimumWidth(40)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda _on=False, wanted=name: self.wanted.emit(wanted))
        return button

    def resizeEvent(self, event: object) -> None:
        """One row where all texts fit, else two."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._lay_out()

    def _lay_out(self) -> None:
        buttons = self._main_buttons
        widest = max(button.fontMetrics().horizontalAdvance(button.text()) for button in buttons.values()) + FRAME_PX
        fits = (widest + GAP_PX) * len(buttons) <= self.width() - 2 * MARGIN_PX + GAP_PX
        columns = len(buttons) if fits else -(-len(buttons) // 2)
        if columns == self._columns:
            return
        self._columns = columns
        for number, button in enumerate(buttons.values()):
            self._places.addWidget(button, number // columns, number % columns)
        for column in range(len(buttons)):
            self._places.setColumnStretch(column, int(column < columns))

    def show_case(self, case: Case | None) -> None:
        """Grey what the rules refuse now."""
        seat, words = self._seat, self._seat.words
        for name, button in self.buttons.items():
            if name not in BY_NAME:
                continue
            refused = seat.held_back or why_not(BY_NAME[name], case, seat.officer, seat.situation.rules, seat.now())
            reason = refusal_sentence(words, refused) if refused else ""
            said = words(said_as(name, case, seat.officer))
            self._tell(name, said, refused is not None)
            tip = words("tip.key", what=said, key=key_of(name))
            button.setToolTip(f"{tip}\n{reason}" if reason else tip)
        self._tell("pictures", words("action.pictures"), case is None)
        self.buttons["pictures"].setToolTip(words("tip.key", what=words("card.pictures"), key=key_of("pictures")))
        self._tell("briefing", words("action.briefing"), case is None)
        self.buttons["briefing"].setToolTip(key_tip(words, "briefing"))
        self._lay_out()
        self.more.lay_out()

    def _tell(self, name: str, said: str, is_off: bool) -> None:
        """The key and the name; a drawing where there is room for one."""
        palette = self._seat.palette
        if name in self.more.buttons:
            self.more.tell(name, key_of(name), said, is_off)
            return
        button = self.buttons[name]
        button.setText(f" {key_of(name)} {said}")
        button.setIcon(icon(f"action_{name}", palette.dim if is_off else palette.text, ICON_PX, self.devicePixelRatioF()))
        if button.property("off") != is_off:
            button.setProperty("off", is_off)
            button.style().unpolish(button)
            button.style().polish(button)
