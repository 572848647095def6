"""The row of buttons above the tiles: how many tiles, and what is done with them. Main thread only."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from desktop.phrases import key_tip
from desktop.seat import Seat
from desktop.shortcuts import key_of
from desktop.video_wall.slots import SIDES

DOES = ("video_tree", "video_sees", "video_layouts", "video_turns", "video_clips", "float_video")
"""Actions of the key table that are buttons here, in this order."""
OVER_PX, UNDER_SIGN_PX, HINT_PX = 8, 44, 30
"""A sentence over the tiles stands below the sign that tells the past from the present."""


class SaidLine(QLabel):
    """One line that is cut where there is no room for it, and says all of itself in its tooltip."""

    def __init__(self) -> None:
        """Empty."""
        super().__init__()
        self.whole = ""
        self.setProperty("look", "dim")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def say(self, text: str) -> None:
        """Say this from now on."""
        if text != self.whole:
            self.whole = text
            self.setToolTip(text)
            self._fit()

    def fits(self, text: str) -> bool:
        """Whether there is room for all of a text."""
        return QFontMetrics(self.font()).horizontalAdvance(text) <= self.width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less of it fits."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setText(QFontMetrics(self.font()).elidedText(self.whole, Qt.TextElideMode.ElideRight, self.width()))


class SaidOver(QLabel):
    """A sentence over the tiles, on several lines, for what does not fit on the line above them. Hidden while there is none."""

    def __init__(self, over: QWidget) -> None:
        """Hidden."""
        super().__init__(over)
        self._over = over
        self.setProperty("look", "hint")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def say(self, text: str) -> None:
        """Say this, or nothing any more."""
        self.setText(text)
        self.setVisible(bool(text))
        if text:
            room_px = max(80, self._over.width() - 2 * OVER_PX)
            wide = min(room_px, QFontMetrics(self.font()).horizontalAdvance(text) + HINT_PX)
            self.setGeometry((self._over.width() - wide) // 2, UNDER_SIGN_PX, wide, self.heightForWidth(wide))
            self.raise_()


class VideoStrip(QWidget):
    """Flat buttons in one row. Wishes: `side_wanted`, `wanted` with an action's name, `left`."""

    side_wanted = Signal(int)
    wanted = Signal(str)
    left = Signal()

    def __init__(self, seat: Seat) -> None:
        """Buttons that say nothing before `retell`."""
        super().__init__()
        self._seat = seat
        self.title, self.said = QLabel(), SaidLine()
        self.title.setProperty("look", "name")
        self.sides = {side: QPushButton(str(side * side)) for side in SIDES}
        self.does = {name: QPushButton() for name in DOES}
        self.close_it = QPushButton("×")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 4, 2)
        row.setSpacing(2)
        row.addWidget(self.title)
        row.addSpacing(8)
        row.addWidget(self.said, 1)
        for side, button in self.sides.items():
            button.setProperty("look", "choice")
            button.setCheckable(True)
            button.clicked.connect(lambda _on=False, side=side: self.side_wanted.emit(side))
            row.addWidget(button)
        row.addSpacing(6)
        for name, button in self.does.items():
            button.setProperty("look", "bar")
            button.clicked.connect(lambda _on=False, name=name: self.wanted.emit(name))
            row.addWidget(button)
        self.close_it.setProperty("look", "bar")
        self.close_it.clicked.connect(self.left)
        row.addWidget(self.close_it)
        for button in (*self.sides.values(), *self.does.values(), self.close_it):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def tell(self, side: int, said: str) -> None:
        """How many tiles there are along a side, and what is said beside it."""
        for each, button in self.sides.items():
            button.setChecked(each == side)
        self.said.say(said)

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        words = self._seat.words
        self.title.setText(words("panel.video"))
        for side, button in self.sides.items():
            button.setToolTip(words("video.tiles", count=side * side, key=key_of("video_side")))
        for name, button in self.does.items():
            button.setText(words(f"strip.{name}"))
            button.setToolTip(key_tip(words, name))
        self.close_it.setToolTip(key_tip(words, "panel_video"))
