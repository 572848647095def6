"""What stands over the chosen tile of a camera that turns: how it is held, and what can be done about it. Main thread only."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from desktop.phrases import key_tip
from desktop.seat import Seat

DOES = ("take", "over", "presets", "go")
APART_PX, SIDE_PX, EDGE_PX, GAP_PX = 6, 6, 2, 4


class HandBar(QFrame):
    """A sentence and its buttons, along the lower edge of a picture. Wishes: `wanted` with take, over, presets or go."""

    wanted = Signal(str)

    def __init__(self, seat: Seat, board: QWidget) -> None:
        """Hidden."""
        super().__init__(board)
        self._seat = seat
        self.whole = ""
        """What it says in full; in a small tile it stands in the tooltip."""
        self.setProperty("look", "overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.line = QLabel()
        self.line.setProperty("size", "small")
        self.line.setTextFormat(Qt.TextFormat.PlainText)
        self.line.setWordWrap(True)
        self.does = {name: QPushButton() for name in DOES}
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(GAP_PX)
        self._buttons.addStretch(1)
        for name, button in self.does.items():
            button.setProperty("look", "small")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _on=False, name=name: self.wanted.emit(name))
            self._buttons.addWidget(button)
        self._parts = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._parts.setContentsMargins(SIDE_PX, EDGE_PX, SIDE_PX, EDGE_PX)
        self._parts.setSpacing(GAP_PX)
        self._parts.addWidget(self.line, 1)
        self._parts.addLayout(self._buttons)
        self.hide()

    def show_state(self, picture: QRect, text: str, short: str, look: str, does: tuple[str, ...]) -> None:
        """Say this over the lower edge of a picture, with these buttons; without a text the buttons alone, in its corner.

        Where the text does not fit on one line the short one is said; where there is none it takes several.
        """
        for name, button in self.does.items():
            button.setVisible(name in does)
        self.whole = text
        self.line.setVisible(bool(text))
        if self.line.property("look") != look:
            self.line.setProperty("look", look)
            self.line.style().polish(self.line)
        room = picture.adjusted(APART_PX, 0, -APART_PX, -APART_PX)
        beside_px = self._buttons.sizeHint().width() + GAP_PX + 2 * SIDE_PX + 2
        fits = QFontMetrics(self.line.font()).horizontalAdvance(text) + beside_px < room.width()
        said = text if fits or not short else short
        is_tall = not fits and not short
        self.line.setText(said)
        self.setToolTip(text)
        self._parts.setDirection(QBoxLayout.Direction.TopToBottom if is_tall else QBoxLayout.Direction.LeftToRight)
        wide = room.width() if text else min(room.width(), beside_px)
        high = max(self._buttons.sizeHint().height(), self.line.sizeHint().height() if text and not is_tall else 0)
        if is_tall:
            inner_px = wide - 2 * SIDE_PX - 2
            high = self.line.heightForWidth(inner_px) + (high + GAP_PX if does else 0)
        high += 2 * EDGE_PX + 4
        self.setGeometry(room.left(), room.bottom() - high + 1, wide, high)
        self.show()
        self.raise_()

    def retell(self) -> None:
        """Say the buttons again, in the language of now."""
        words = self._seat.words
        for name, button in self.does.items():
            button.setText(words(f"hand.{name}"))
            button.setToolTip(key_tip(words, "video_turn") if name != "presets" else words("hand.presets.tip"))
