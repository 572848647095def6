"""One stream of a camera decoded by PyAV in a thread of its own, scaled for its tile and kept in memory as it came.

The main thread reads attributes that the decoding thread replaces whole (watch, picture, frame, cost), and replaces others
itself (size, thrift).
"""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime

import av
from av.codec.hwaccel import HWAccel
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter

from desktop.video_wall.budget import FEWER_FPS, Cost, Thrift
from desktop.video_wall.players import Picture
from desktop.video_wall.players.backlog import WAITED_S, Backlog
from desktop.video_wall.players.opening import READ_S, failure_of, mistrust, opened
from desktop.video_wall.players.past import PastMemory
from desktop.video_wall.players.right_of_way import WINDOW_FIRST
from desktop.video_wall.players.scaling import digest_of, full_picture, picture_of
from desktop.video_wall.players.stream_thread import StreamThread
from desktop.video_wall.players.taping import Tape
from desktop.video_wall.stream_address import AddressOf, StreamAddress
from desktop.video_wall.watchdog import NO_CODEC, Failure, Patience
from governance.camera import StreamKind

SHOWN_APART_S = 0.02
"""Of pictures that come faster only the last is worth scaling: cameras begin with some seconds sent at once."""
CATCHING_UP = threading.Semaphore(max(1, len(os.sched_getaffinity(0)) - 1))
"""Streams with more waiting to be decoded do it so many at a time: a page of them leaves the window a core to itself."""
HICCUP_S = 0.5
"""After a wait this long, or a new connection, what comes at once is of some seconds ago: it is decoded and not shown."""
CATCH_UP_S = 1.0
"""What is decoded after this time is shown, even if more of it waits."""
DAMAGED_S = 3.0
"""After damage a key picture is waited for so long; a camera that sends none is shown as it is then."""
BLIND_S, LONG_BLIND_S = 4.0, 30.0
"""A stream that gives no whole picture for so long is opened anew, whatever comes: a camera set to another codec says so only
then. The longer time is for what may wait for its next key picture: a connection yet without one, or key pictures only."""


class CameraStream(StreamThread):
    """The thread of one stream and what it has to show."""

    def __init__(
        self, camera_id: str, kind: StreamKind, address_of: AddressOf, size: tuple[int, int], memory: PastMemory,
        patience: Patience, chance: Callable[[], float], utc_now: Callable[[], datetime],
        acceleration: Callable[[], HWAccel | None] = lambda: None,
    ) -> None:  # fmt: skip
        super().__init__(camera_id, kind, address_of, patience, chance, utc_now)
        self.size = size
        self.cost = Cost()
        self.thrift = Thrift.NONE
        self.frame: tuple[VideoFrame, float] | None = None
        """The newest frame as it was decoded, and when."""
        self.tape = Tape(memory, camera_id, kind)
        self._acceleration = acceleration
        self._scaler = VideoReformatter()
        self._shown_at = 0.0
        self._is_live_wished = False
        self._backlog = Backlog()
        self._needs_key, self._key_by = False, math.inf
        self._whole_at, self._has_been_whole = 0.0, False
        """When a whole picture was last decoded, or the connection opened; whether one was since then."""
        self._stamp_before_s = 0.0
        self._quiet_until, self._waited_before_s = 0.0, 0.0

    def to_live(self) -> None:
        """Show the newest picture, whatever waits to be decoded before it. Main thread only."""
        self._is_live_wished = True

    def still(self) -> Picture | None:
        """The newest picture as large as it came."""
        newest = self.frame
        return None if newest is None else full_picture(*newest)

    def play(self, address: StreamAddress) -> Failure:
        """Show the stream until it ends; the answer says why. What ffmpeg says is not kept: it names the address."""
        try:
            accelerated = self._acceleration()
            with opened(address.url, accelerated) as container:
                failure = self._follow(container) if container.streams.video else Failure.NO_VIDEO
        except (av.error.FFmpegError, OSError, ValueError) as problem:
            failure = failure_of(problem)
        if not self.is_stopped:
            mistrust(address.url)
        return failure

    def _follow(self, container: av.container.InputContainer) -> Failure:
        """Take packet by packet until the stream ends or nothing of a picture has come for long."""
        stream = container.streams.video[0]
        if stream.codec_context is None:
            self.reason = NO_CODEC
            return Failure.NO_VIDEO
        stream.thread_type = "NONE"
        stream.codec_context.thread_count = 1
        self.tape.connect(stream)
        self._backlog, self._needs_key, self._stamp_before_s = Backlog(), False, 0.0
        self._quiet_until, self._waited_before_s = time.monotonic() + CATCH_UP_S, 0.0
        packets = container.demux()  # sound too: where only that comes, reading never times out
        heard_at = self._whole_at = time.monotonic()
        self._has_been_whole = False
        while not self.is_stopped:
            asked_at = time.monotonic()
            packet = next(packets, None)
            now = time.monotonic()
            WINDOW_FIRST.wait()
            if packet is None or now - asked_at >= READ_S * 0.95:
                # A read that times out first hands over a packet ffmpeg held back: it is old, and no sign of life.
                return Failure.LOST
            if packet.stream_index == stream.index:
                if packet.size == 0:
                    return Failure.LOST
                heard_at = now
                self._take(packet, now, now - asked_at)
            if now - heard_at >= READ_S or self._is_blind(now):
                return Failure.LOST if self.watch.frames else Failure.NO_VIDEO
        return Failure.LOST

    def _take(self, packet: av.Packet[Stream], now: float, waited_s: float) -> None:
        """Decode and show one packet, or pass over it; where decoding falls behind, up to the next key picture."""
        stamp_s = None if packet.pts is None else float(packet.pts * packet.time_base)
        if stamp_s is not None:
            self.cost, self._stamp_before_s = self.cost.came(stamp_s - self._stamp_before_s), stamp_s
        if self._is_live_wished:
            self._is_live_wished = False
            self._backlog.to_live()
        self._hear(now, waited_s)
        is_admitted = self._backlog.admits(now, waited_s, stamp_s, packet.is_keyframe)
        with CATCHING_UP if waited_s < WAITED_S else nullcontext():
            self._work_on(packet, now, is_admitted)

    def _hear(self, now: float, waited_s: float) -> None:
        """See whether what comes is of now: it had to be waited for, but not for a pause, unless the camera is that slow."""
        if waited_s > HICCUP_S >= self._waited_before_s:
            self._quiet_until = now + CATCH_UP_S
        elif waited_s >= WAITED_S:
            self._quiet_until = now
        self._waited_before_s = waited_s

    def _work_on(self, packet: av.Packet[Stream], now: float, is_admitted: bool) -> None:
        """Decode, keep and show."""
        frames = self._decoded(packet, now) if is_admitted and not self._waits_for_key(packet.is_keyframe, now) else []
        self.tape.take(packet, now, (frames[0].width, frames[0].height) if frames else None)
        for frame in frames:
            if frame.is_corrupt:
                self._hurt(now)
                continue
            self._whole_at, self._has_been_whole = now, True
            if now >= self._quiet_until and time.monotonic() - self._shown_at >= (
                0.9 / FEWER_FPS if self.thrift is Thrift.FEWER else SHOWN_APART_S
            ):
                self._show(frame)

    def _waits_for_key(self, is_key: bool, now: float) -> bool:
        """Whether a packet is passed over because only a key picture will do: to save, or after damage."""
        if self.thrift is Thrift.KEYS:
            self._needs_key, self._key_by = True, math.inf
        self._needs_key = self._needs_key and not is_key and now < self._key_by
        return self._needs_key

    def _is_blind(self, now: float) -> bool:
        """Whether something comes and no whole picture has been in it for long."""
        is_patient = self.thrift is Thrift.KEYS or not self._has_been_whole
        return now - self._whole_at > (LONG_BLIND_S if is_patient else BLIND_S)

    def _hurt(self, now: float) -> None:
        """Something of the stream was damaged: what depends on it is not shown."""
        if not self._needs_key:
            self._needs_key, self._key_by = True, now + DAMAGED_S

    def _decoded(self, packet: av.Packet[Stream], now: float) -> list[VideoFrame]:
        began_s = time.thread_time()
        try:
            frames = [frame for frame in packet.decode() if isinstance(frame, VideoFrame)]
        except (av.error.InvalidDataError, av.error.UndefinedError):
            self._hurt(now)
            return []
        if self.thrift is not Thrift.KEYS:  # a key picture costs more than the mean
            self.cost = self.cost.decoded((time.thread_time() - began_s) * 1000.0)
        return frames

    def _show(self, frame: VideoFrame) -> None:
        now = self._shown_at = time.monotonic()
        began_s = time.thread_time()
        digest = digest_of(frame) if self.is_compared(now) else None
        self.picture = picture_of(self._scaler, frame, self.size, now)
        self.frame = (frame, now)
        self.watch = self.watch.framed(now, digest)
        self.cost = self.cost.shown((time.thread_time() - began_s) * 1000.0)
