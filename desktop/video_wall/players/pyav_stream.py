"""One camera's stream in a thread of its own: opens, decodes, scales, and tries again when it ends.

The main thread reads attributes that the decoding thread replaces whole (watch, picture, cost), and replaces others itself
(size, thrift); everything else goes through two queues. Nothing is emitted per picture.
"""

from __future__ import annotations

import queue
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime

import av
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from PySide6.QtGui import QImage

from desktop.video_wall.budget import FEWER_FPS, Cost, Thrift
from desktop.video_wall.players import Picture
from desktop.video_wall.players.backlog import Backlog
from desktop.video_wall.stream_address import AddressOf, Answer, NoAddress, StreamAddress
from desktop.video_wall.watchdog import Failure, Patience, Watch

OPEN_S, READ_S = 5.0, 4.0
DIGEST_EVERY_S = 0.5
SOONEST_ASK_S = 1.0
UNANSWERED_S = 15.0
"""A question for an address that nobody answered in this time is asked again."""
OPTIONS = {
    "rtsp_transport": "tcp",
    "analyzeduration": "200000",
    "probesize": "65536",
    "flags": "low_delay",
    "timeout": "5000000",
}

# The address stands in what ffmpeg writes to stderr, token and all.
av.logging.set_level(av.logging.PANIC)


class CameraStream:
    """The thread of one camera and what it has to show."""

    def __init__(
        self, camera_id: str, address_of: AddressOf, size: tuple[int, int], patience: Patience,
        chance: Callable[[], float], utc_now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self.camera_id = camera_id
        self.size = size
        self.watch = Watch(time.monotonic(), patience)
        self.picture: Picture | None = None
        self.cost = Cost()
        self.thrift = Thrift.NONE
        self._address_of = address_of
        self._chance = chance
        self._utc_now = utc_now
        self._wants_address = True
        self._asked_at = -SOONEST_ASK_S
        self._answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._address: StreamAddress | None = None
        self._is_addressed = False
        """Whether the answer to the first question, which start() asked, was waited for already."""
        self._scaler = VideoReformatter()
        self._compared_at = self._shown_at = 0.0
        self._stopped = threading.Event()
        self._hurry = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"camera {camera_id}", daemon=True)

    @property
    def is_running(self) -> bool:
        """Whether the thread still lives."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Ask for the address and start the thread."""
        self.ask_if_needed()
        self._thread.start()

    def ask_if_needed(self) -> None:
        """Ask for an address where the thread needs one and none is on its way. Main thread only."""
        now = time.monotonic()
        if self._wants_address and not self._stopped.is_set() and now - self._asked_at >= SOONEST_ASK_S:
            self._wants_address = False
            self._asked_at = now
            self._address_of(self.camera_id, self._answers.put)

    def retry(self) -> None:
        """Try again at once where the stream is down. Main thread only."""
        self._hurry.set()

    def stop(self) -> None:
        """End the thread: at the next picture, or when its read times out. Returns at once."""
        self._stopped.set()
        self._hurry.set()

    def join(self, wait_s: float) -> None:
        """Wait for the thread to end."""
        self._thread.join(wait_s)

    def _run(self) -> None:
        while not self._stopped.is_set():
            answer = self._good_address()
            if isinstance(answer, StreamAddress):
                self.watch = self.watch.addressed()
                failure, reason = self._play(answer), ""
                if failure is not Failure.LOST:
                    self._address = None
            elif answer is None:
                break
            else:
                failure, reason = Failure.REFUSED, answer.reason
            if self._stopped.is_set():
                break
            self._hurry.clear()
            self.watch = self.watch.failed(time.monotonic(), failure, self._chance(), reason)
            self._await_retry()
        self.picture = None

    def _good_address(self) -> Answer | None:
        """The address in hand while it is good, else the next answer of the server; None when stopped."""
        if self._address is not None and self._address.is_good(self._utc_now()):
            return self._address
        self._address = None
        if self._is_addressed:
            self._wants_address = True
        self._is_addressed = True
        asked_at = time.monotonic()
        while not self._stopped.is_set():
            try:
                answer = self._answers.get(timeout=0.2)
            except queue.Empty:
                if time.monotonic() - asked_at > UNANSWERED_S:
                    asked_at = time.monotonic()
                    self._wants_address = True
                continue
            if isinstance(answer, NoAddress):
                return answer
            if answer.is_good(self._utc_now()):
                self._address = answer
                return answer
            self._wants_address = True
        return None

    def _await_retry(self) -> None:
        while not self._stopped.is_set() and self.watch.retry_at is not None:
            left_s = self.watch.retry_at - time.monotonic()
            if left_s <= 0.0:
                return
            if self._hurry.wait(min(left_s, 1.0)):
                self.watch = self.watch.retried(time.monotonic())
                self._address = None
                return

    def _play(self, address: StreamAddress) -> Failure:
        """Show the stream until it ends; the answer says why. What ffmpeg says is not kept: it names the address."""
        try:
            with av.open(address.url, options=OPTIONS, timeout=(OPEN_S, READ_S)) as container:
                if not container.streams.video:
                    return Failure.WRONG_ADDRESS
                for frame in self._newest_frames(container):
                    if self._stopped.is_set():
                        return Failure.LOST
                    if self.thrift is not Thrift.FEWER or time.monotonic() - self._shown_at >= 0.9 / FEWER_FPS:
                        self._show(frame)
        except (av.error.HTTPUnauthorizedError, av.error.HTTPForbiddenError):
            return Failure.REFUSED
        except (av.error.HTTPNotFoundError, av.error.HTTPBadRequestError, av.error.ProtocolNotFoundError):
            return Failure.WRONG_ADDRESS
        except (av.error.FFmpegError, OSError, ValueError):
            pass
        return Failure.LOST

    def _show(self, frame: VideoFrame) -> None:
        now = self._shown_at = time.monotonic()
        began_s = time.thread_time()
        digest = None
        if now - self._compared_at >= DIGEST_EVERY_S:
            self._compared_at = now
            digest = zlib.crc32(memoryview(frame.planes[0]))
        self.picture = _picture(self._scaler, frame, self.size, self.watch.frames + 1, now)
        self.watch = self.watch.framed(now, digest)
        self.cost = self.cost.shown((time.thread_time() - began_s) * 1000.0)

    def _newest_frames(self, container: av.container.InputContainer) -> Iterator[VideoFrame]:
        """Decoded pictures; where decoding falls behind the stream, packets up to the next key picture are passed over."""
        stream = container.streams.video[0]
        stream.thread_type = "NONE"
        stream.codec_context.thread_count = 1
        backlog, needs_key, stamp_before_s = Backlog(), False, 0.0
        packets = container.demux(stream)
        while True:
            asked_at = time.monotonic()
            packet = next(packets, None)
            now = time.monotonic()
            if packet is None or packet.size == 0 or now - asked_at >= READ_S * 0.95:
                # A read that times out first hands over a packet ffmpeg held back: it is old, and no sign of life.
                return
            stamp_s = None if packet.pts is None else float(packet.pts * packet.time_base)
            if stamp_s is not None:
                self.cost, stamp_before_s = self.cost.came(stamp_s - stamp_before_s), stamp_s
            needs_key = (needs_key or self.thrift is Thrift.KEYS) and not packet.is_keyframe
            if backlog.admits(now, now - asked_at, stamp_s, packet.is_keyframe) and not needs_key:
                yield from self._decoded(packet)

    def _decoded(self, packet: av.Packet) -> list[VideoFrame]:
        began_s = time.thread_time()
        frames = packet.decode()
        if self.thrift is not Thrift.KEYS:  # a key picture costs more than the mean
            self.cost = self.cost.decoded((time.thread_time() - began_s) * 1000.0)
        return frames


def _picture(scaler: VideoReformatter, frame: VideoFrame, size: tuple[int, int], number: int, now: float) -> Picture:
    """The frame as a 32-bit image that fits the tile, never larger than it came."""
    share = min(1.0, max(size[0], 2) / frame.width, max(size[1], 2) / frame.height)
    width = max(2, round(frame.width * share / 2) * 2)
    height = max(2, round(frame.height * share / 2) * 2)
    scaled = scaler.reformat(frame, width, height, "bgr0", interpolation="FAST_BILINEAR")
    plane = scaled.planes[0]
    image = QImage(memoryview(plane), width, height, plane.line_size, QImage.Format.Format_RGB32)
    return Picture(image, scaled, number, now)
