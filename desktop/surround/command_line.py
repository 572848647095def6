"""The command line of the top bar: F2, a verb, whom, which incident; Tab completes, Up recalls, Ctrl+Up changes the verb."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.command.completion import Suggested

KEPT = 50
CTRL = Qt.KeyboardModifier.ControlModifier


class CommandLine(QLineEdit):
    """One line. Wishes: `entered` with the text, `left` when the keys go back, `suggested` with what may stand next."""

    entered = Signal(str)
    left = Signal()
    suggested = Signal(object, int)
    """Suggested and which of its offers stands in the line (-1: what was typed); None: nothing is shown any more."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """An empty line that nothing is suggested for."""
        super().__init__(parent)
        self.suggest: Callable[[str], Suggested] = Suggested
        """What may stand at the end of a line."""
        self._history: list[str] = []
        self._at = 0
        self._offers: Suggested | None = None
        self._chosen = -1
        self.returnPressed.connect(self._enter)
        self.textEdited.connect(self._typed)

    def begin(self, text: str | None = None, offers: Suggested | None = None) -> None:
        """Take the keys; a text given stands there already, with what is offered for it.

        Without one, what was left there stands marked: the next letter replaces it, and Up brings it back.
        """
        was_left = text is None
        text = self.text() if text is None else text
        self.setText(text)
        self.setFocus(Qt.FocusReason.OtherFocusReason)  # another reason would select it all, and the next letter replace it
        self.selectAll() if was_left else self.end(False)
        self._at = len(self._history)
        self._show(offers or self.suggest(text))

    def step_out(self) -> bool:
        """Esc: first what was typed stands there again, then the suggestions go; False where neither was."""
        if self._offers is None:
            return False
        if self._chosen >= 0:
            self.choose(-1)
            return True
        is_step = bool(self._offers.offered)
        self._show(None)
        return is_step

    def choose(self, at: int) -> None:
        """Put an offer into the line (-1: what was typed); the only one there is ends with a space."""
        offers = self._offers
        if offers is None:
            return
        self._chosen = at
        word = offers.typed if at < 0 else offers.offered[at].word
        self.setText(offers.head + word + offers.tail)
        self.setCursorPosition(len(offers.head) + len(word))
        if at >= 0 and len(offers.offered) == 1:
            self._settle()
        else:
            self.suggested.emit(offers, at)

    def take(self, at: int) -> None:
        """An offer was clicked."""
        self.choose(at)
        if self._chosen >= 0:
            self._settle()

    def event(self, event: QEvent) -> bool:
        """Tab completes instead of leaving, while there is something to complete."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}.get(Qt.Key(event.key()), 0)
            if step and self._step(step):
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down walk through the suggestions, or through what was entered before; Ctrl+Up marks its verb."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step:
            is_walking = not self.text() or self._at < len(self._history) or bool(event.modifiers() & CTRL)
            if is_walking or not self._step(step):
                self._recall(step, bool(event.modifiers() & CTRL))
            return
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()  # QLineEdit lets it go on to the window, where Enter opens the selected case

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Suggestions are for who is typing."""
        super().focusOutEvent(event)
        self._show(None)
        self._remember(self.text().strip())

    # ---- within --------------------------------------------------------------------------------------------------

    def _typed(self, text: str) -> None:
        self._at = len(self._history)
        self._show(self.suggest(text))

    def _show(self, offers: Suggested | None) -> None:
        self._offers, self._chosen = offers, -1
        self.suggested.emit(offers, -1)

    def _settle(self) -> None:
        """A choice is made: go on behind it."""
        text = self.text()
        if not self._offers or not self._offers.tail:
            self.setText(text if text.endswith("=") else f"{text} ")
        self._typed(self.text())

    def _step(self, step: int) -> bool:
        """The next offer; after the last what was typed. False where there is none."""
        count = len(self._offers.offered) if self._offers is not None else 0
        if count:
            self.choose((self._chosen + 1 + step) % (count + 1) - 1)
        return bool(count)

    def _recall(self, step: int, marks_verb: bool) -> None:
        if not self._history:
            return
        at = min(max(self._at + step, 0), len(self._history))
        self.setText(self._history[at] if at < len(self._history) else "")
        self._show(None)
        self._at = at
        if marks_verb:
            self.setSelection(0, len(self.text().split(" ", 1)[0]))

    def _remember(self, line: str) -> None:
        """Keep a line that was entered, or left as it stood."""
        if line:
            self._history = [*(each for each in self._history if each != line), line][-KEPT:]
        self._at = len(self._history)

    def _enter(self) -> None:
        line = self.text().strip()
        if not line:
            self.left.emit()
            return
        self._remember(line)
        self._show(None)
        self.clear()
        self.entered.emit(line)
