"""Ctrl-C, SIGTERM and a closed terminal: they break off a preparation, and by an event end what runs after it."""

from __future__ import annotations

import signal
import threading
from types import FrameType


class Interruption:
    """The signals that ask this process to end, from now on; made and used by the main thread."""

    def __init__(self) -> None:
        """From here each of them raises KeyboardInterrupt."""
        self.asked = threading.Event()
        self._number = 0
        self._breaks_off = True
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)

    @property
    def status(self) -> int:
        """The exit status as a shell says it: 130 after Ctrl-C, 143 after SIGTERM."""
        return 128 + self._number

    def from_here_an_event(self) -> threading.Event:
        """What they set from now on, instead of raising.

        Raises KeyboardInterrupt where one came before and was swallowed: by a destructor, say, which may not raise.
        """
        self._breaks_off = False
        if self.asked.is_set():
            raise KeyboardInterrupt
        return self.asked

    def _ask(self, number: int, _frame: FrameType | None) -> None:
        self._number = self._number or number
        self.asked.set()
        if self._breaks_off:
            raise KeyboardInterrupt
