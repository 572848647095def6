"""The actions of the selected case as buttons that show their key; greyed by the rules, saying why when pressed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from desktop.dispatch.actions import ACTIONS, BY_NAME, MAIN, is_ever, why_not
from desktop.phrases import key_tip, refusal_sentence
from desktop.seat import Seat
from desktop.shortcuts import key_of
from desktop.style.drawn_icon import icon
from governance.incident import Case

ICON_PX = 14
FRAME_PX, PLAIN_FRAME_PX = 34, 16
"""What a button needs beside its text, with its drawing and without."""
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
        self._more = tuple(name for name in mine if name not in MAIN)
        self.buttons: dict[str, QPushButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN_PX, 8, MARGIN_PX, 10)
        column.setSpacing(GAP_PX)
        self._places: list[tuple[tuple[str, ...], QGridLayout, int]] = []
        for names, frame in ((self._main, FRAME_PX), (self._more, PLAIN_FRAME_PX)):
            places = QGridLayout()
            places.setSpacing(GAP_PX)
            column.addLayout(places)
            self._places.append((names, places, frame))
            for name in names:
                self.buttons[name] = self._button(name, "action" if names is self._main else "more")
        self._columns: list[int] = [0, 0]
        self._lay_out()

    def _button(self, name: str, look: str) -> QPushButton:
        button = QPushButton()
        button.setProperty("look", look)
        button.setMinimumWidth(30)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda _on=False, wanted=name: self.wanted.emit(wanted))
        return button

    def resizeEvent(self, event: object) -> None:
        """As many beside each other as have room for their texts."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._lay_out()

    def _lay_out(self) -> None:
        for number, (names, places, frame) in enumerate(self._places):
            if not names:
                continue
            widths = [self.buttons[each].fontMetrics().horizontalAdvance(self.buttons[each].text()) for each in names]
            fits = max(1, (self.width() - 2 * MARGIN_PX + GAP_PX) // (max(widths) + frame + GAP_PX))
            rows = -(-len(names) // min(fits, len(names)))
            columns = -(-len(names) // rows)  # as even as they go: 3 and 3 rather than 5 and 1
            if columns == self._columns[number]:
                continue
            self._columns[number] = columns
            for place, name in enumerate(names):
                places.addWidget(self.buttons[name], place // columns, place % columns)
            for column in range(len(names)):
                places.setColumnStretch(column, int(column < columns))

    def show_case(self, case: Case | None) -> None:
        """Grey what the rules refuse now."""
        seat, words = self._seat, self._seat.words
        for name, button in self.buttons.items():
            if name == "pictures":
                continue
            refused = why_not(BY_NAME[name], case, seat.officer, seat.situation.rules, seat.now())
            reason = refusal_sentence(words, refused) if refused else ""
            self._tell(name, button, refused is not None)
            button.setToolTip(key_tip(words, name) + (f"\n{reason}" if reason else ""))
        pictures = self.buttons["pictures"]
        self._tell("pictures", pictures, case is None)
        pictures.setToolTip(words("tip.key", what=words("card.pictures"), key=key_of("pictures")))
        self._lay_out()

    def _tell(self, name: str, button: QPushButton, is_off: bool) -> None:
        """The key and the name; a drawing where there is room for one."""
        said = f"{key_of(name)} {self._seat.words(f'action.{name}')}"
        button.setText(f" {said}" if name in self._main else said)
        if name in self._main:
            ink = self._seat.palette.dim if is_off else self._seat.palette.text
            button.setIcon(icon(f"action_{name}", ink, ICON_PX, self.devicePixelRatioF()))
        if button.property("off") != is_off:
            button.setProperty("off", is_off)
            button.style().unpolish(button)
            button.style().polish(button)
