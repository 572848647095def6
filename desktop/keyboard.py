"""Key presses of the window: letters where no text can be typed, function keys everywhere, fast typing to the command line."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QKeyCombination, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from desktop.shortcuts import SHORTCUTS, found

BURST_LETTERS = 3
"""So many different letters, each typed within PATIENCE_MS of the one before, are text: three within half a second."""
PATIENCE_MS = 250
"""How long a letter waits for the next one: as the first of a text it must not have opened a form. Any other key that
follows ends the waiting at once, so that A 1 Ctrl+Enter is as fast as the hand."""
MOVES = frozenset({"next", "previous", "arrivals"})
"""Actions whose letters are tapped quickly on purpose: they act at once, and are text only beside two other letters."""


class Keyboard(QObject):
    """Turns keys into actions by name.

    Keys that work anywhere are window shortcuts (they fire inside line edits too). Everything else comes from
    keyPressEvent of the window, which Qt reaches only when no field wanted the key.
    """

    def __init__(
        self,
        holder: Callable[[], QWidget | None],
        window: QWidget,
        act: Callable[[str], object],
        type_ahead: Callable[[str], None],
    ) -> None:
        """`holder` says who has the keys; `act` does an action; `type_ahead` gives a burst of letters to the command line."""
        super().__init__(window)
        self._act, self._type_ahead = act, type_ahead
        self._window, self._holder = window, holder
        self._burst: list[tuple[float, str, bool]] = []
        """The letters of this burst so far: when, which, and whether it only moves."""
        self._waiting: list[str] = []
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._act_waiting)
        for shortcut in SHORTCUTS:
            if not shortcut.anywhere:
                continue
            modifier = Qt.KeyboardModifier.ControlModifier if shortcut.control else Qt.KeyboardModifier.NoModifier
            key = QShortcut(QKeySequence(QKeyCombination(modifier, shortcut.key)), window)
            key.setAutoRepeat(shortcut.repeats)
            key.activated.connect(lambda name=shortcut.action: self._act_at_once(name))

    @property
    def is_waiting(self) -> bool:
        """Whether a letter has not been acted on yet."""
        return bool(self._waiting)

    def press(self, event: QKeyEvent) -> bool:
        """Take a key press nobody else wanted; False where it means nothing."""
        shortcut = found(event.key(), event.modifiers(), event.text())
        if shortcut is not None and event.isAutoRepeat() and not shortcut.repeats:
            return True
        moves = shortcut is not None and shortcut.action in MOVES
        is_letter = len(event.text()) == 1 and event.text().isalpha() and not event.isAutoRepeat()
        if not is_letter:
            self._burst.clear()
            if self._act_waiting():
                QApplication.sendEvent(self._holder() or self._window, event.clone())
                return True
        elif self._is_burst(event.text(), event.timestamp() / 1000, moves):
            return True
        if shortcut is None:
            return False
        if is_letter and (self._waiting or not moves):
            self._waiting.append(shortcut.action)
            self._patience.start()
        else:
            self._act(shortcut.action)
        return True

    def _act_at_once(self, action: str) -> None:
        self._act_waiting()
        self._act(action)

    def _act_waiting(self) -> bool:
        """No text followed: do what waited for it, as far as a form that opened leaves the keys; True where one took them."""
        self._patience.stop()
        waiting, self._waiting = self._waiting, []
        for action in waiting:
            before = self._holder()
            self._act(action)
            if self._holder() is not before:
                return True
        return False

    def _is_burst(self, text: str, pressed_s: float, moves: bool) -> bool:
        """Whether this letter is the third different one in half a second: then all of them are text."""
        now = pressed_s or time.monotonic()
        if self._burst and not 0 <= now - self._burst[-1][0] <= PATIENCE_MS / 1000:
            self._burst.clear()
        self._burst.append((now, text, moves))
        letters = {letter for _, letter, _ in self._burst}
        others = {letter for _, letter, only_moves in self._burst if not only_moves}
        if len(letters) < BURST_LETTERS or len(others) < BURST_LETTERS - 1:
            return False
        typed = "".join(letter for _, letter, _ in self._burst)
        self._burst.clear()
        self._waiting.clear()
        self._patience.stop()
        self._type_ahead(typed)
        return True
