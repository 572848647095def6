"""The streams of a board: exactly those of the cameras that are seen, opened and let go a few at a time.

To open a camera costs the window's thread some milliseconds while dozens of others decode: a whole page at once would hold the
window. So more than a few are opened in the next turns of Qt's loop, between which keys and paintings have their turn.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QObject, QTimer

from desktop.video_wall.players import Feed, PlayerBackend
from desktop.video_wall.stream_address import AddressOf
from desktop.video_wall.watchdog import Watch

AT_ONCE = 2
"""So many are opened, and let go, in one turn of the loop."""
FEW = 4
"""No more changes than these are made as soon as they are wanted."""


class BoardFeeds(QObject):
    """Streams by the ids of their cameras. Main thread only."""

    def __init__(self, player: PlayerBackend, address_of: AddressOf, go_first: Callable[[], None], parent: QObject) -> None:
        """None is open. `go_first` is called before much is done at once."""
        super().__init__(parent)
        self._player, self._address_of, self._go_first = player, address_of, go_first
        self._open: dict[str, Feed] = {}
        self._ahead: dict[str, Feed] = {}
        self._sizes: dict[str, tuple[int, int]] = {}
        """What is wanted, and how large it is shown, in device pixels."""
        self._selected = ""
        self._leaving: dict[str, Feed] = {}
        self._asked_at: dict[str, float] = {}
        self._turn = QTimer(self)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._go_on)

    def get(self, camera: str) -> Feed | None:
        """The stream of a camera; None where it is not wanted, or its turn to be opened has not come."""
        return self._open.get(camera)

    def awaited(self, camera: str) -> Watch | None:
        """What is known of a camera whose turn to be opened has not come; None of any other."""
        asked_at = self._asked_at.get(camera)
        return None if asked_at is None else Watch(asked_at)

    def want(self, sizes: Mapping[str, tuple[int, int]], selected: str) -> None:
        """Have the streams of exactly these cameras, of the selected one first; what was opened ahead is taken over."""
        self._sizes, self._selected = dict(sizes), selected
        now = time.monotonic()
        for camera in [camera for camera in self._open if camera not in sizes]:
            self._leaving[camera] = self._open.pop(camera)
        for camera in sizes:
            for held in (self._ahead, self._leaving):
                if camera in held and camera not in self._open:
                    self._open[camera] = held.pop(camera)
        waiting = [camera for camera in sizes if camera not in self._open]
        waiting.sort(key=lambda camera: camera != selected)
        self._asked_at = {camera: self._asked_at.get(camera, now) for camera in waiting}
        for camera, feed in self._open.items():
            feed.resize(*sizes[camera])
            feed.select(camera == selected)
        if len(waiting) + len(self._leaving) <= FEW:
            self._change(FEW)
        else:
            self._turn.start()

    def hold_ahead(self, cameras: Iterable[str], size: tuple[int, int]) -> None:
        """Hold these streams open although nothing shows them yet; those held before are let go."""
        wanted = list(cameras)
        for camera in [camera for camera in self._ahead if camera not in wanted]:
            self._ahead.pop(camera).close()
        for camera in wanted:
            if camera not in self._ahead:
                self._ahead[camera] = self._player.open(camera, self._address_of, *size)

    def ahead(self, camera: str) -> Feed | None:
        """The stream of a camera that is held open ahead of its turn."""
        return self._ahead.get(camera)

    def close(self) -> None:
        """Let go of every stream."""
        self._turn.stop()
        for feed in (*self._open.values(), *self._ahead.values(), *self._leaving.values()):
            feed.close()
        self._open, self._ahead, self._leaving = {}, {}, {}
        self._sizes, self._asked_at = {}, {}

    def _go_on(self) -> None:
        """The next few."""
        self._go_first()
        self._change(AT_ONCE)
        if not self._asked_at and not self._leaving:
            self._turn.stop()

    def _change(self, many: int) -> None:
        """Open as many as are said of what waits, and let as many go."""
        for camera in list(self._asked_at)[:many]:
            del self._asked_at[camera]
            feed = self._open[camera] = self._player.open(camera, self._address_of, *self._sizes[camera])
            feed.select(camera == self._selected)
        for camera in list(self._leaving)[:many]:
            self._leaving.pop(camera).close()
