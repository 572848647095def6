"""The window goes first: threads that decode wait a moment while the window's thread has much to do in Python.

Python runs one thread at a time, and each call into Qt or FFmpeg lets another one in. With three dozen threads that decode, a
window that paints would wait for several of them at every call. So it takes the right of way for the time of a painting, and
they wait before their next packet, without asking for Python's lock.
"""

from __future__ import annotations

import threading

MOST_S = 0.03
"""Nobody waits longer: a window that is held up by something else must not hold up the pictures."""


class RightOfWay:
    """Taken and given by the window's thread; any other thread waits for it."""

    def __init__(self) -> None:
        """Nobody has it."""
        self._taken: threading.Lock | None = None

    def take(self) -> None:
        """The window goes first from now on. Main thread only."""
        if self._taken is None:
            taken = threading.Lock()
            taken.acquire()
            self._taken = taken

    def give(self) -> None:
        """The window is done. Main thread only."""
        taken, self._taken = self._taken, None
        if taken is not None:
            taken.release()

    def wait(self) -> None:
        """Let the window go first. Any other thread."""
        taken = self._taken
        if taken is not None and taken.acquire(timeout=MOST_S):
            taken.release()


WINDOW_FIRST = RightOfWay()
