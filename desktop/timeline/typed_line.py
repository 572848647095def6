"""A field of one line whose Enter is its own: the window would open the selected incident with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit


class TypedLine(QLineEdit):
    """Says `entered` with its text."""

    entered = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is taken; Ctrl+Enter and all others go where they always go."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.accept()
            self.entered.emit(self.text())
            return
        super().keyPressEvent(event)
