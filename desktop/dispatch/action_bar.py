"""The actions of the selected case as buttons that show their key; greyed by the rules, saying why when pressed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from desktop.dispatch.actions import ACTIONS, why_not
from desktop.phrases import key_tip, refusal_sentence
from desktop.seat import Seat
from desktop.shortcuts import key_of
from desktop.style.drawn_icon import icon
from governance.incident import Case

ICON_PX = 14
SHOWN = (*(action.name for action in ACTIONS if action.name != "new"), "pictures")


class ActionBar(QWidget):
    """One button per action; a greyed one can still be pressed, to learn why. Wish: `wanted` with the action's name."""

    wanted = Signal(str)

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        """All greyed."""
        super().__init__(parent)
        self._seat = seat
        self.buttons: dict[str, QPushButton] = {}
        places = QGridLayout(self)
        places.setContentsMargins(12, 8, 12, 10)
        places.setSpacing(6)
        for name in SHOWN:
            button = QPushButton()
            button.setProperty("look", "action")
            button.setMinimumWidth(40)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _on=False, wanted=name: self.wanted.emit(wanted))
            self.buttons[name] = button
        self._places = places
        self._columns = 0
        self._lay_out()

    def resizeEvent(self, event: object) -> None:
        """One row where all texts fit, else two."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._lay_out()

    def _lay_out(self) -> None:
        widest = max(button.fontMetrics().horizontalAdvance(button.text()) for button in self.buttons.values()) + 34
        columns = len(SHOWN) if widest * len(SHOWN) <= self.width() - 24 else len(SHOWN) // 2
        if columns == self._columns:
            return
        self._columns = columns
        for number, button in enumerate(self.buttons.values()):
            self._places.addWidget(button, number // columns, number % columns)
        for column in range(len(SHOWN)):
            self._places.setColumnStretch(column, int(column < columns))

    def show_case(self, case: Case | None) -> None:
        """Grey what the rules refuse now."""
        seat, words = self._seat, self._seat.words
        for action in ACTIONS:
            if action.name not in self.buttons:
                continue
            refused = why_not(action, case, seat.officer, seat.situation.rules, seat.now())
            button, name = self.buttons[action.name], words(f"action.{action.name}")
            button.setText(f" {action.key} {name}")
            reason = refusal_sentence(words, refused) if refused else ""
            button.setToolTip(key_tip(words, action.name) + (f"\n{reason}" if reason else ""))
            self._draw(action.name, refused is not None)
            self._grey(button, refused is not None)
        pictures = self.buttons["pictures"]
        pictures.setText(f" V {words('action.pictures')}")
        pictures.setToolTip(words("tip.key", what=words("card.pictures"), key=key_of("pictures")))
        self._draw("pictures", case is None)
        self._grey(pictures, case is None)
        self._lay_out()

    def _draw(self, name: str, is_off: bool) -> None:
        palette = self._seat.palette
        ink = palette.dim if is_off else palette.text
        self.buttons[name].setIcon(icon(f"action_{name}", ink, ICON_PX, self.devicePixelRatioF()))

    @staticmethod
    def _grey(button: QPushButton, is_off: bool) -> None:
        if button.property("off") != is_off:
            button.setProperty("off", is_off)
            button.style().unpolish(button)
            button.style().polish(button)
