"""Live streams by PyAV: one decoding thread per camera, RTSP over TCP, only the newest picture kept."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from desktop.video_wall.budget import Thrift, thrift_for
from desktop.video_wall.players import Picture
from desktop.video_wall.players.pyav_stream import CameraStream
from desktop.video_wall.stream_address import AddressOf
from desktop.video_wall.watchdog import Patience, Watch

MOST_ENDING = 64
WEIGH_EVERY_S = 1.0


class PyavFeed:
    """One tile's hold on a camera's stream."""

    def __init__(self, player: PyavPlayer, stream: CameraStream, width: int, height: int) -> None:
        self._player = player
        self._stream = stream
        self.size = (width, height)
        self._is_closed = False

    @property
    def camera_id(self) -> str:
        """The camera it shows."""
        return self._stream.camera_id

    def watch(self) -> Watch:
        """What is known about the stream now; also asks for a new address where the stream needs one."""
        self._stream.ask_if_needed()
        self._player.weigh()
        return replace(self._stream.watch, thrift=self._stream.thrift)

    def picture(self) -> Picture | None:
        """The newest picture, None before the first."""
        return self._stream.picture

    def resize(self, width: int, height: int) -> None:
        """Say how large the picture is shown, in device pixels."""
        if self.size != (width, height):
            self.size = (width, height)
            self._player.fit(self._stream)

    def retry(self) -> None:
        """Try again at once, with a new address."""
        self._stream.retry()

    def close(self) -> None:
        """Let go of the stream; the last feed of a camera ends its decoding. Returns at once."""
        if not self._is_closed:
            self._is_closed = True
            self._player.let_go(self, self._stream)


class PyavPlayer:
    """Plays live streams with PyAV. Main thread only; its threads hand over frozen values."""

    def __init__(
        self,
        patience: Patience | None = None,
        chance: Callable[[], float] = random.random,
        utc_now: Callable[[], datetime] = lambda: datetime.now(UTC),
        cores: float | None = None,
    ) -> None:
        """Decodes within the budget of so many cores; those this process may use when not given."""
        self.cores = float(len(os.sched_getaffinity(0))) if cores is None else cores
        self._thrift, self._weighed_at = Thrift.NONE, 0.0
        self._patience = patience or Patience()
        self._chance = chance
        self._utc_now = utc_now
        self._feeds: dict[str, list[PyavFeed]] = {}
        self._streams: dict[str, CameraStream] = {}
        self._ending: list[CameraStream] = []

    def open(self, camera_id: str, address_of: AddressOf, width: int, height: int) -> PyavFeed:
        """A feed of a camera for a tile of this size in device pixels; cameras already open are not opened again.

        address_of is called on this thread: now, and again from Feed.watch() when the address has expired.
        """
        stream = self._streams.get(camera_id)
        if stream is None:
            stream = CameraStream(camera_id, address_of, (width, height), self._patience, self._chance, self._utc_now)
            self._streams[camera_id] = stream
            self._feeds[camera_id] = []
            self._weighed_at = 0.0
            self.weigh()
            stream.start()
        feed = PyavFeed(self, stream, width, height)
        self._feeds[camera_id].append(feed)
        self.fit(stream)
        return feed

    def close(self, wait_s: float = 0.0) -> None:
        """End every stream; waits up to wait_s for the decoding threads."""
        for feeds in tuple(self._feeds.values()):
            for feed in tuple(feeds):
                feed.close()
        deadline = time.monotonic() + wait_s
        for stream in self._ending:
            stream.join(max(0.0, deadline - time.monotonic()))
        self._forget_ended()

    @property
    def decoding(self) -> int:
        """How many decoding threads run, those that are ending included."""
        self._forget_ended()
        return len(self._streams) + len(self._ending)

    def weigh(self) -> None:
        """See, once a second, that all streams together stay within the budget."""
        now = time.monotonic()
        if now - self._weighed_at < WEIGH_EVERY_S:
            return
        self._weighed_at = now
        self._thrift = thrift_for((stream.cost for stream in self._streams.values()), self.cores, self._thrift)
        for stream in self._streams.values():
            stream.thrift = self._thrift

    def fit(self, stream: CameraStream) -> None:
        """Scale a stream to the largest tile that shows it."""
        sizes = [feed.size for feed in self._feeds[stream.camera_id]]
        stream.size = max(sizes, default=stream.size)

    def let_go(self, feed: PyavFeed, stream: CameraStream) -> None:
        """Take a closed feed off its stream, and end the stream with its last feed."""
        feeds = self._feeds[stream.camera_id]
        feeds.remove(feed)
        if feeds:
            self.fit(stream)
            return
        del self._feeds[stream.camera_id], self._streams[stream.camera_id]
        stream.stop()
        self._forget_ended()
        self._ending.append(stream)
        if len(self._ending) > MOST_ENDING:
            self._ending[0].join(0.1)

    def _forget_ended(self) -> None:
        self._ending = [stream for stream in self._ending if stream.is_running]
