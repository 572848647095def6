"""Key presses of the window: letters where no text can be typed, function keys everywhere, fast typing to the command line."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QKeyCombination, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from desktop.shortcuts import SHORTCUTS, found

BURST_LETTERS, BURST_S = 3, 0.5
"""Three different letters pressed within half a second are text, by the clock of the keys themselves."""
PATIENT = frozenset({"buildings", "metric", "height"})
"""Actions that wait a moment: as the first letters of text they would leave the map changed."""
PATIENCE_MS = 250
MOVES = frozenset({"next", "previous", "arrivals"})
"""Actions whose letters are tapped quickly on purpose; they are never text."""


class Keyboard(QObject):
    """Turns keys into actions by name.

    Keys that work anywhere are window shortcuts (they fire inside line edits too). Everything else comes from
    keyPressEvent of the window, which Qt reaches only when no field wanted the key.
    """

    def __init__(self, window: QWidget, act: Callable[[str], None], type_ahead: Callable[[str], None]) -> None:
        """`act` does an action; `type_ahead` gives letters typed in a burst to the command line."""
        super().__init__(window)
        self._act, self._type_ahead = act, type_ahead
        self._burst: list[tuple[float, str]] = []
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
            key.activated.connect(lambda name=shortcut.action: act(name))

    def press(self, event: QKeyEvent) -> bool:
        """Take a key press nobody else wanted; False where it means nothing."""
        shortcut = found(event.key(), event.modifiers(), event.text())
        if shortcut is not None and event.isAutoRepeat() and not shortcut.repeats:
            return True
        moves = shortcut is not None and shortcut.action in MOVES
        if not event.isAutoRepeat() and self._is_burst("" if moves else event.text(), event.timestamp() / 1000):
            return True
        if shortcut is None:
            return False
        if shortcut.action in PATIENT and not event.isAutoRepeat():
            self._waiting.append(shortcut.action)
            self._patience.start()
            return True
        self._act_waiting()
        self._act(shortcut.action)
        return True

    def _act_waiting(self) -> None:
        """No text followed: do what waited for it."""
        self._patience.stop()
        waiting, self._waiting = self._waiting, []
        for action in waiting:
            self._act(action)

    def _is_burst(self, text: str, pressed_s: float) -> bool:
        """Whether this letter is the third different one within half a second: then all three are text."""
        if len(text) != 1 or not text.isalpha():
            self._burst.clear()
            return False
        now = pressed_s or time.monotonic()
        self._burst = [(at, letter) for at, letter in self._burst if 0 <= now - at <= BURST_S and letter != text]
        self._burst.append((now, text))
        if len(self._burst) < BURST_LETTERS:
            return False
        typed = "".join(letter for _, letter in self._burst)
        self._burst.clear()
        self._waiting.clear()
        self._type_ahead(typed)
        return True
