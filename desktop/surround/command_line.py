"""The command line of the top bar: F2, a verb, whom, which incident; the last line can be recalled and changed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.dispatch.verbs import completions

KEPT = 50


class CommandLine(QLineEdit):
    """One line. Wishes: `entered` with the text, `left` when Esc gives the keys back."""

    entered = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """An empty line."""
        super().__init__(parent)
        self._history: list[str] = []
        self._at = 0
        self.returnPressed.connect(self._enter)

    def begin(self, text: str = "") -> None:
        """Take the keys; a text given stands there already."""
        self.setText(text)
        self.setFocus(Qt.FocusReason.OtherFocusReason)  # another reason would select it all, and the next letter replace it
        self.end(False)

    def event(self, event: QEvent) -> bool:
        """Tab completes instead of leaving, while there is something to complete."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Tab:
            found = completions(self.text())
            if found and " " not in self.text():
                self.setText(f"{found[0]} ")
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down walk through what was entered before."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step and self._history:
            self._at = min(max(self._at + step, 0), len(self._history))
            self.setText(self._history[self._at] if self._at < len(self._history) else "")
            return
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()  # QLineEdit lets it go on to the window, where Enter opens the selected case

    def _enter(self) -> None:
        line = self.text().strip()
        if not line:
            self.left.emit()
            return
        self._history = [*self._history, line][-KEPT:]
        self._at = len(self._history)
        self.clear()
        self.entered.emit(line)
