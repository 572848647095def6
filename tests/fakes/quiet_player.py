"""A player that plays nothing: it remembers what was opened, and shows what a test says, or one colour for ever live."""

from __future__ import annotations

import time

from PySide6.QtGui import QColor, QImage

from desktop.video_wall.players import Picture
from desktop.video_wall.stream_address import AddressOf, Answer
from desktop.video_wall.watchdog import Watch
from governance.camera import StreamKind


class QuietFeed:
    """One hold on a camera."""

    def __init__(self, player: QuietPlayer, camera_id: str, size: tuple[int, int]) -> None:
        self._player, self.camera_id, self.size = player, camera_id, size
        self.is_open, self.is_selected = True, False
        image = QImage(64, 36, QImage.Format.Format_RGB32)
        image.fill(QColor(40, 90, 60))
        self._picture = Picture(image, None, 1, 0.0)

    def watch(self) -> Watch:
        now = time.monotonic()
        if self._player.is_live:
            return Watch(now).addressed().framed(now, None)
        return self._player.watches.get(self.camera_id, Watch(now))

    def picture(self) -> Picture | None:
        return self._picture if self._player.is_live else None

    def resize(self, width: int, height: int) -> None:
        self.size = self._player.sizes[self.camera_id] = (width, height)

    def still(self) -> Picture | None:
        return self.picture()

    def select(self, is_selected: bool) -> None:
        self.is_selected = is_selected

    def to_live(self) -> None:
        return

    def retry(self) -> None:
        self._player.retried.append(self.camera_id)

    def close(self) -> None:
        self.is_open = False


class QuietPlayer:
    """Opens everything and decodes nothing."""

    def __init__(self, is_live: bool = False) -> None:
        self.is_live = is_live
        self.feeds: list[QuietFeed] = []
        self.sizes: dict[str, tuple[int, int]] = {}
        self.watches: dict[str, Watch] = {}
        self.answers: list[Answer] = []
        self.retried: list[str] = []

    def open(self, camera_id: str, address_of: AddressOf, width: int, height: int) -> QuietFeed:
        self.feeds.append(QuietFeed(self, camera_id, (width, height)))
        self.sizes[camera_id] = (width, height)
        address_of(camera_id, StreamKind.SUB, self.answers.append)
        return self.feeds[-1]

    def close(self, wait_s: float = 0.0) -> None:
        for feed in self.feeds:
            feed.close()

    def turn(self) -> None:
        return

    @property
    def open_feeds(self) -> list[QuietFeed]:
        """The feeds that are held."""
        return [feed for feed in self.feeds if feed.is_open]

    @property
    def watched(self) -> list[str]:
        """The cameras that are held, sorted."""
        return sorted(self.open_now())

    def open_now(self) -> list[str]:
        """The cameras that are held, as they were opened."""
        return [feed.camera_id for feed in self.open_feeds]
