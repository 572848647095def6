"""A player that plays nothing: it remembers what was opened, and shows what a test says."""

from __future__ import annotations

import time

from desktop.video_wall.players import Picture
from desktop.video_wall.stream_address import AddressOf, Answer
from desktop.video_wall.watchdog import Watch
from governance.camera import StreamKind


class QuietFeed:
    """One hold on a camera."""

    def __init__(self, player: QuietPlayer, camera_id: str) -> None:
        self._player, self.camera_id = player, camera_id
        self.is_open = True

    def watch(self) -> Watch:
        return self._player.watches.get(self.camera_id, Watch(time.monotonic()))

    def picture(self) -> Picture | None:
        return None

    def resize(self, width: int, height: int) -> None:
        self._player.sizes[self.camera_id] = (width, height)

    def still(self) -> Picture | None:
        return None

    def select(self, is_selected: bool) -> None:
        return

    def to_live(self) -> None:
        return

    def retry(self) -> None:
        return

    def close(self) -> None:
        self.is_open = False


class QuietPlayer:
    """Opens everything and decodes nothing."""

    def __init__(self) -> None:
        self.feeds: list[QuietFeed] = []
        self.sizes: dict[str, tuple[int, int]] = {}
        self.watches: dict[str, Watch] = {}
        self.answers: list[Answer] = []

    def open(self, camera_id: str, address_of: AddressOf, width: int, height: int) -> QuietFeed:
        self.feeds.append(QuietFeed(self, camera_id))
        self.sizes[camera_id] = (width, height)
        address_of(camera_id, StreamKind.SUB, self.answers.append)
        return self.feeds[-1]

    def close(self, wait_s: float = 0.0) -> None:
        for feed in self.feeds:
            feed.close()

    def turn(self) -> None:
        return

    def open_now(self) -> list[str]:
        """The cameras that are held."""
        return [feed.camera_id for feed in self.feeds if feed.is_open]
