"""The keys that are wanted now and then, as small buttons that flow: those that work say their name, others their letter."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

GAP_PX, HIGH_PX = 5, 24
FRAME_PX = 14
"""What a button needs beside its text."""


class KeyStrip(QWidget):
    """Small buttons in as many rows as they need. Wish: `wanted` with the name of one."""

    wanted = Signal(str)

    def __init__(self, names: tuple[str, ...], parent: QWidget | None = None) -> None:
        """One button for each name, in their order."""
        super().__init__(parent)
        self.buttons: dict[str, QPushButton] = {}
        for name in names:
            button = QPushButton(self)
            button.setProperty("look", "more")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _on=False, wanted=name: self.wanted.emit(wanted))
            self.buttons[name] = button

    def tell(self, name: str, key: str, said: str, is_off: bool) -> None:
        """Say what a button does; `lay_out` follows once all are told."""
        button = self.buttons[name]
        button.setText(key if is_off else f"{key} {said}")
        if button.property("off") != is_off:
            button.setProperty("off", is_off)
            button.style().unpolish(button)
            button.style().polish(button)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Flow anew."""
        super().resizeEvent(event)
        self.lay_out()

    def lay_out(self) -> None:
        """Put the buttons side by side, the next row where one is full."""
        left, top = 0, 0
        for button in self.buttons.values():
            wide = button.fontMetrics().horizontalAdvance(button.text()) + FRAME_PX
            if left and left + wide > self.width():
                left, top = 0, top + HIGH_PX + GAP_PX
            button.setGeometry(left, top, wide, HIGH_PX)
            left += wide + GAP_PX
        high = top + HIGH_PX if self.buttons else 0
        if self.height() != high or self.minimumHeight() != high:
            self.setFixedHeight(high)
