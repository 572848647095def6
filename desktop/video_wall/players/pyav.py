"""Live streams by PyAV: one decoding thread per camera and stream, RTSP over TCP, only the newest picture kept."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from desktop.video_wall.budget import Thrift, thrift_for
from desktop.video_wall.players import Picture
from desktop.video_wall.players.clip import Recording
from desktop.video_wall.players.hardware import OFF, acceleration
from desktop.video_wall.players.past import PastMemory, PastReader
from desktop.video_wall.players.playback import PlaybackFeed
from desktop.video_wall.players.pyav_camera import WatchedCamera
from desktop.video_wall.players.pyav_stream import CameraStream
from desktop.video_wall.stream_address import AddressOf
from desktop.video_wall.wants import Want, mains
from desktop.video_wall.watchdog import Patience, Watch
from governance.camera import StreamKind

MOST_ENDING = 64
WEIGH_EVERY_S = 1.0


class PyavFeed:
    """One tile's hold on a camera; what holds it without showing it (a recording) has no size."""

    def __init__(self, player: PyavPlayer, camera: WatchedCamera, width: int, height: int) -> None:
        self._player = player
        self._camera = camera
        self.size = (width, height)
        self.is_selected = False
        self._is_closed = False

    @property
    def camera_id(self) -> str:
        """The camera it shows."""
        return self._camera.camera_id

    def watch(self) -> Watch:
        """What is known about the stream now; also asks for a new address where the stream needs one."""
        if not self._is_closed:
            self._camera.turn(time.monotonic())
            self._player.weigh()
        return self._camera.watch()

    def picture(self) -> Picture | None:
        """The newest picture, None before the first."""
        return self._camera.shown.picture

    def still(self) -> Picture | None:
        """The newest picture as large as it came, for a snapshot; takes some milliseconds."""
        return self._camera.shown.still()

    def resize(self, width: int, height: int) -> None:
        """Say how large the picture is shown, in device pixels."""
        if self.size != (width, height):
            self.size = (width, height)
            self._player.fit(self._camera)

    def select(self, is_selected: bool) -> None:
        """Say whether the officer looks at this tile before all others."""
        if self.is_selected != is_selected:
            self.is_selected = is_selected
            self._player.fit(self._camera)

    def to_live(self) -> None:
        """Show the newest picture, whatever waits to be decoded before it."""
        self._camera.shown.to_live()

    def retry(self) -> None:
        """Try again at once, with a new address."""
        self._camera.shown.retry()

    def remembered_s(self) -> float:
        """How far back the camera can be played, in seconds."""
        since = self._player.memory.since(self.camera_id)
        return 0.0 if since is None else max(0.0, time.monotonic() - since)

    def record(self, path: Path, past_s: float, marks: dict[str, str]) -> Recording:
        """Write what comes, and up to so many seconds of what came, to a file; the camera is held until it is written."""
        return self._player.record(self._camera, path, past_s, marks)

    def play_back(self, ago_s: float, width: int, height: int) -> PlaybackFeed | None:
        """A feed of its own that plays what was so many seconds ago; None where nothing is remembered."""
        return self._player.play_back(self._camera, ago_s, width, height)

    def close(self) -> None:
        """Let go of the camera; the last feed of a camera ends its decoding. Returns at once."""
        if not self._is_closed:
            self._is_closed = True
            self._player.let_go(self, self._camera)


class PyavPlayer:
    """Plays live streams with PyAV. Main thread only; its threads hand over frozen values."""

    def __init__(
        self, patience: Patience | None = None, chance: Callable[[], float] = random.random,
        utc_now: Callable[[], datetime] = lambda: datetime.now(UTC), cores: float | None = None,
        memory: PastMemory | None = None, hardware: str = OFF,
    ) -> None:  # fmt: skip
        """Decodes within the budget of so many cores; those this process may use when not given.

        hardware is off, auto, or a kind of device (hardware.py); without such a device the processor decodes.
        """
        self.cores = float(len(os.sched_getaffinity(0))) if cores is None else cores
        self.memory = memory or PastMemory()
        self._hardware = hardware
        self._thrift, self._weighed_at = Thrift.NONE, 0.0
        self._patience = patience or Patience()
        self._chance = chance
        self._utc_now = utc_now
        self._cameras: dict[str, WatchedCamera] = {}
        self._feeds: dict[str, list[PyavFeed]] = {}
        self._ending: list[CameraStream] = []
        self._recordings: list[tuple[Recording, PyavFeed]] = []
        self._playbacks: list[PlaybackFeed] = []

    def open(self, camera_id: str, address_of: AddressOf, width: int, height: int) -> PyavFeed:
        """A feed of a camera for a tile of this size in device pixels; cameras already open are not opened again.

        address_of is called on this thread: now, and again from Feed.watch() when the address has expired.
        """
        camera = self._cameras.get(camera_id)
        if camera is None:
            kind = StreamKind.MAIN if camera_id in self._mains(Want(camera_id, width)) else StreamKind.SUB
            make = partial(self._stream, address_of=address_of)
            camera = self._cameras[camera_id] = WatchedCamera(camera_id, kind, make, self._end)
            self._feeds[camera_id] = []
            feed = self._hold(camera, width, height)
            self._weighed_at = 0.0
            self.weigh()
            camera.start()
            return feed
        return self._hold(camera, width, height)

    def is_open(self, camera_id: str) -> bool:
        """Whether a camera is played already."""
        return camera_id in self._cameras

    def close(self, wait_s: float = 0.0) -> None:
        """End every stream and recording; waits up to wait_s for the threads."""
        deadline = time.monotonic() + wait_s
        for recording, _ in self._recordings:
            recording.stop()
        for recording, _ in self._recordings:
            recording.join(max(0.0, deadline - time.monotonic()))
        self._recordings.clear()
        for playback in self._playbacks:
            playback.close()
            playback.join(max(0.0, deadline - time.monotonic()))
        for feeds in tuple(self._feeds.values()):
            for feed in tuple(feeds):
                feed.close()
        for stream in self._ending:
            stream.join(max(0.0, deadline - time.monotonic()))
        self._forget_ended()

    @property
    def decoding(self) -> int:
        """How many decoding threads run, those that are ending included."""
        self._forget_ended()
        return len(self._running()) + len(self._ending)

    def turn(self) -> None:
        """What has to be done once a second though no tile is seen: recordings need addresses too, and end."""
        for recording, hold in tuple(self._recordings):
            if recording.is_running:
                hold.watch()
            else:
                self._recordings.remove((recording, hold))
                hold.close()

    def weigh(self) -> None:
        """See, once a second, that all streams together stay within the budget."""
        now = time.monotonic()
        if now - self._weighed_at < WEIGH_EVERY_S:
            return
        self._weighed_at = now
        running = self._running()
        self._thrift = thrift_for((stream.cost for stream in running), self.cores, self._thrift)
        for stream in running:
            stream.thrift = self._thrift

    def fit(self, camera: WatchedCamera) -> None:
        """Scale a camera to the largest tile that shows it, and see anew whose main stream is wanted."""
        camera.fit(max((feed.size for feed in self._feeds[camera.camera_id]), default=(2, 2)))
        self._share_mains()

    def let_go(self, feed: PyavFeed, camera: WatchedCamera) -> None:
        """Take a closed feed off its camera, and end the camera with its last feed."""
        feeds = self._feeds[camera.camera_id]
        feeds.remove(feed)
        if feeds:
            self.fit(camera)
            return
        del self._feeds[camera.camera_id], self._cameras[camera.camera_id]
        camera.close()
        self.memory.forget(camera.camera_id)
        self._share_mains()

    def record(self, camera: WatchedCamera, path: Path, past_s: float, marks: dict[str, str]) -> Recording:
        """Begin a recording; it holds the camera until its file is written."""
        hold = self._hold(camera, 2, 2)
        reader = PastReader(self.memory, camera.camera_id)
        recording = Recording(reader, path, time.monotonic() - past_s, marks)
        self._recordings.append((recording, hold))
        return recording

    def play_back(self, camera: WatchedCamera, ago_s: float, width: int, height: int) -> PlaybackFeed | None:
        """Begin a playback; it holds the camera, since what nobody watches is not remembered."""
        if self.memory.since(camera.camera_id) is None:
            return None
        hold = self._hold(camera, 2, 2)
        reader = PastReader(self.memory, camera.camera_id)
        playback = PlaybackFeed(camera.camera_id, reader, time.monotonic() - ago_s, (width, height), hold.close)
        self._playbacks = [*(each for each in self._playbacks if each.is_running), playback]
        return playback

    def _hold(self, camera: WatchedCamera, width: int, height: int) -> PyavFeed:
        feed = PyavFeed(self, camera, width, height)
        self._feeds[camera.camera_id].append(feed)
        self.fit(camera)
        return feed

    def _share_mains(self) -> None:
        full = self._mains()
        for each in self._cameras.values():
            each.want(StreamKind.MAIN if each.camera_id in full else StreamKind.SUB)

    def _mains(self, *more: Want) -> frozenset[str]:
        """The cameras whose main stream is to be seen."""
        wants = [Want(f.camera_id, f.size[0], f.is_selected) for feeds in self._feeds.values() for f in feeds]
        return mains([*wants, *more], {camera.camera_id for camera in self._cameras.values() if camera.is_main})

    def _stream(self, camera_id: str, kind: StreamKind, address_of: AddressOf) -> CameraStream:
        stream = CameraStream(
            camera_id, kind, address_of, (2, 2), self.memory, self._patience, self._chance, self._utc_now,
            partial(acceleration, self._hardware),
        )  # fmt: skip
        stream.thrift = self._thrift
        return stream

    def _end(self, stream: CameraStream) -> None:
        stream.tape.is_on = False
        stream.stop()
        self._forget_ended()
        self._ending.append(stream)
        if len(self._ending) > MOST_ENDING:
            self._ending[0].join(0.1)

    def _running(self) -> list[CameraStream]:
        return [stream for camera in self._cameras.values() for stream in camera.streams]

    def _forget_ended(self) -> None:
        self._ending = [stream for stream in self._ending if stream.is_running]
