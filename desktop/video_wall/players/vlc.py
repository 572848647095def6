"""The second backend: libVLC, for recorded clips, archives, and gateways that serve HTTP-TS or HTTP-FLV.

It takes two seconds to the first picture and tells faults apart less well than PyAV, so cameras are not played by it unless
the settings say so (choosing.py). Pictures come as large as they were sent; the tile scales them.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtGui import QImage

from desktop.video_wall.players import Picture
from desktop.video_wall.players.vlc_library import VlcLibrary
from desktop.video_wall.players.vlc_stream import VlcStream
from desktop.video_wall.stream_address import AddressOf
from desktop.video_wall.watchdog import Patience, Watch
from governance.camera import StreamKind

MOST_PADDING_PX = 34
"""libVLC gives pictures stretched to its padded buffers: up to 32 lines and two more."""


class VlcFeed:
    """One tile's hold on what libVLC plays. Main thread only."""

    def __init__(self, stream: VlcStream, release: Callable[[VlcFeed], None]) -> None:
        self.stream = stream
        self._release = release
        self._picture: Picture | None = None
        self._is_paused = self._is_closed = False

    @property
    def camera_id(self) -> str:
        """The camera it shows, or the name of the recording."""
        return self.stream.camera_id

    @property
    def is_paused(self) -> bool:
        """Whether the picture of a recording stands."""
        return self._is_paused

    @property
    def position_s(self) -> float:
        """How far a recording was played."""
        return self.stream.position_s

    @property
    def length_s(self) -> float:
        """How long a recording is; 0 while that is not known."""
        return self.stream.length_s

    def watch(self) -> Watch:
        """What is known about the stream now; also asks for a new address where the stream needs one."""
        if not self._is_closed:
            self.stream.ask_if_needed()
        return self.stream.watch

    def picture(self) -> Picture | None:
        """The newest picture, None before the first."""
        raw = self.stream.raw
        if raw is not None and (self._picture is None or self._picture.number != raw.number):
            image = QImage(raw.data, raw.width, raw.height, raw.pitch, QImage.Format.Format_RGB32)
            width, height = self.stream.visible
            if 0 < raw.height - height <= MOST_PADDING_PX or 0 < raw.width - width <= MOST_PADDING_PX:
                image = image.scaled(width, height)
            self._picture = Picture(image, raw.data, raw.number, raw.at)
        return self._picture

    def still(self) -> Picture | None:
        """The newest picture: it is as large as it came, up to full HD."""
        return self.picture()

    def resize(self, width: int, height: int) -> None:
        """The tile scales."""

    def select(self, is_selected: bool) -> None:
        """There is one stream only."""

    def pause(self) -> None:
        """Let the picture of a recording stand."""
        self._is_paused = True
        self.stream.pause(True)

    def resume(self) -> None:
        """Go on where the picture stands."""
        self._is_paused = False
        self.stream.pause(False)

    def seek(self, at_s: float) -> None:
        """Go on so many seconds from the beginning of a recording."""
        self.stream.seek(at_s)

    def step(self, is_forward: bool) -> None:
        """Show the picture after this one, or the one before, and let it stand."""
        if not self._is_paused:
            self.pause()
        self.stream.step(is_forward)

    def set_speed(self, times: float) -> None:
        """Play a recording so many times as fast as it was."""
        self.stream.set_speed(times)

    def to_live(self) -> None:
        """Open a live stream anew: libVLC keeps what waits to itself. A recording goes on."""
        if not self.stream.watch.is_playback:
            self.stream.reopen()

    def retry(self) -> None:
        """Try again at once, with a new address."""
        self.stream.retry()

    def close(self) -> None:
        """Let go of it. Returns at once: libVLC is stopped in the stream's thread."""
        if not self._is_closed:
            self._is_closed = True
            self._release(self)


class VlcPlayer:
    """Plays with libVLC recordings, which end, or live streams, which are tried again. Main thread only."""

    def __init__(
        self, library: VlcLibrary, is_recorded: bool = True, patience: Patience | None = None,
        chance: Callable[[], float] = random.random, utc_now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:  # fmt: skip
        """The library must be here (`library.is_here`) before anything is opened."""
        self._library, self._is_recorded = library, is_recorded
        self._patience, self._chance, self._utc_now = patience or Patience(), chance, utc_now
        self._feeds: dict[str, list[VlcFeed]] = {}
        self._ending: list[VlcStream] = []

    def open(self, camera_id: str, address_of: AddressOf, width: int, height: int) -> VlcFeed:  # noqa: ARG002
        """A feed of a camera or recording; what is open already is not opened again."""
        feeds = self._feeds.setdefault(camera_id, [])
        if feeds:
            stream = feeds[0].stream
        else:
            stream = VlcStream(
                camera_id, StreamKind.SUB, address_of, self._library, self._is_recorded,
                self._patience, self._chance, self._utc_now,
            )  # fmt: skip
            stream.start()
        feed = VlcFeed(stream, self._let_go)
        feeds.append(feed)
        return feed

    def is_open(self, camera_id: str) -> bool:
        """Whether something is played already."""
        return camera_id in self._feeds

    def turn(self) -> None:
        """There is nothing to be done while no tile is seen."""

    @property
    def decoding(self) -> int:
        """How many threads play, those that are ending included."""
        self._ending = [stream for stream in self._ending if stream.is_running]
        return len(self._feeds) + len(self._ending)

    def close(self, wait_s: float = 0.0) -> None:
        """End everything; waits up to wait_s for the threads."""
        for feeds in tuple(self._feeds.values()):
            for feed in tuple(feeds):
                feed.close()
        deadline = time.monotonic() + wait_s
        for stream in self._ending:
            stream.join(max(0.0, deadline - time.monotonic()))

    def _let_go(self, feed: VlcFeed) -> None:
        feeds = self._feeds[feed.camera_id]
        feeds.remove(feed)
        if not feeds:
            del self._feeds[feed.camera_id]
            feed.stream.stop()
            self._ending.append(feed.stream)
