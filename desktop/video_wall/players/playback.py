"""What was, played as it was: a camera's last minutes out of memory, or a recording. It says so, and is never live."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import av
from av.codec.context import Flags
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter

from desktop.video_wall.players import Picture
from desktop.video_wall.players.past import Coded, Form
from desktop.video_wall.players.scaling import full_picture, picture_of
from desktop.video_wall.watchdog import NO_CODEC, Failure, Patience, Watch

CAUGHT_UP_S = 0.1
FIRST_STEP_S = 0.04
LONGEST_PAUSE_S = 2.0
"""Where nothing was recorded for longer the playback goes on at once with what came next."""


class NoDecoder(Exception):
    """There are pictures, in a form nothing here can decode."""


class NoPictures(Exception):
    """There is something, and no pictures in it."""


class Reader(Protocol):
    """Where the pictures come from. One thread; times are of the reader's own clock."""

    def seek(self, at: float) -> bool:
        """Begin with the key picture before a time, or the first one after."""
        ...

    def next(self) -> tuple[Form, Coded] | None:
        """The next picture and what it is of, None where none has come yet.

        EOFError after the last there will be, NoPictures where there are none.
        """
        ...

    def close(self) -> None:
        """Nothing is read any more."""
        ...


class Playing:
    """Reads, decodes and shows pictures in a thread of its own, at the pace they were sent. Main thread only; close() it."""

    def __init__(self, camera_id: str, reader: Reader, begin_at: float, size: tuple[int, int]) -> None:
        """Begin with what was seen at begin_at of the reader's clock."""
        self._camera_id, self._reader, self._size = camera_id, reader, size
        self._watch = replace(Watch(time.monotonic(), Patience()), is_playback=True, has_address=True)
        self._picture: Picture | None = None
        self._frame: tuple[VideoFrame, float] | None = None
        self._scaler = VideoReformatter()
        self._decoder: VideoCodecContext | None = None
        self._form: Form | None = None
        self._wishes: queue.SimpleQueue[float] = queue.SimpleQueue()
        """Where to go on."""
        self._wishes.put(begin_at)
        self._shown_at, self._shown_clock_s, self._since = 0.0, 0.0, 0.0
        self._speed = 1.0
        self._steps: queue.SimpleQueue[None] = queue.SimpleQueue()
        """Pictures that are to be shown though it stands."""
        self._at, self._step_s = 0.0, FIRST_STEP_S
        self._last_at: float | None = None
        self._before_at: float | None = None
        """When the picture came that is shown, the one read last, and the one before that is shown; how far two are apart."""
        self._playing = threading.Event()
        self._playing.set()
        self._woken = threading.Event()
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name=f"playback {camera_id}", daemon=True)
        self._thread.start()

    @property
    def camera_id(self) -> str:
        """The camera it shows, or the name of the recording."""
        return self._camera_id

    @property
    def is_paused(self) -> bool:
        """Whether the picture stands."""
        return not self._playing.is_set()

    @property
    def is_running(self) -> bool:
        """Whether the thread still lives."""
        return self._thread.is_alive()

    def watch(self) -> Watch:
        """What is shown now."""
        return self._watch

    def picture(self) -> Picture | None:
        """The picture of the moment that is played, None before the first."""
        return self._picture

    def still(self) -> Picture | None:
        """That picture as large as it came."""
        newest = self._frame
        return None if newest is None else full_picture(*newest)

    def resize(self, width: int, height: int) -> None:
        """Say how large the picture is shown, in device pixels."""
        self._size = (width, height)

    def select(self, is_selected: bool) -> None:
        """The past is what it is."""

    def go_to(self, at: float) -> None:
        """Go on with what was seen at a time of the reader's clock."""
        self._wishes.put(at)
        self._woken.set()

    def pause(self) -> None:
        """Let the picture stand."""
        self._playing.clear()

    def resume(self) -> None:
        """Go on where the picture stands."""
        self._playing.set()
        self._woken.set()

    def set_speed(self, times: float) -> None:
        """Play it so many times as fast as it was."""
        self._speed = times

    def step(self, is_forward: bool) -> None:
        """Show the picture after this one, or the one before, and let it stand."""
        self.pause()
        if is_forward:
            self._steps.put(None)
            self._woken.set()
        else:
            self.go_to(self._before_at if self._before_at is not None else self._at - 1.5 * self._step_s)

    def retry(self) -> None:
        """Go on, where it stood."""
        self.resume()

    def close(self) -> None:
        """End the thread. Returns at once."""
        self._is_closed = True
        self._playing.set()
        self._woken.set()

    def join(self, wait_s: float) -> None:
        """Wait for the thread to end."""
        self._thread.join(wait_s)

    def captured_at(self, _coded: Coded) -> float | None:
        """When the camera sent a picture, on the monotonic clock, where that is known."""
        return None

    def _run(self) -> None:
        try:
            while not self._is_closed:
                self._turn()
        finally:
            self._reader.close()

    def _turn(self) -> None:
        """Go where it is wished, read one picture and show it when it is due."""
        wanted_at = self._newest_wish()
        if wanted_at is not None:
            self._shown_at, self._shown_clock_s, self._since = 0.0, 0.0, wanted_at
            self._decoder, self._last_at = None, None
            while not self._steps.empty():
                self._steps.get()
        elif self._watch.failure is not None or (not self._playing.is_set() and self._shown_at and self._steps.empty()):
            self._wait(0.5)
            self._shown_at = time.monotonic()
            return
        try:
            if wanted_at is not None:
                self._reader.seek(wanted_at)
            read = self._reader.next()
        except EOFError:
            self._watch = self._watch.failed(time.monotonic(), Failure.ENDED, 0.0)
        except NoDecoder:
            self._watch = self._watch.failed(time.monotonic(), Failure.NO_VIDEO, 0.0, NO_CODEC)
        except NoPictures:
            self._watch = self._watch.failed(time.monotonic(), Failure.NO_VIDEO, 0.0)
        except (av.error.FFmpegError, OSError, ValueError):
            failure = Failure.LOST if self._watch.frames else Failure.WRONG_ADDRESS
            self._watch = self._watch.failed(time.monotonic(), failure, 0.0)
        else:
            if read is not None:
                self._take(*read)
                return
            self._wait(CAUGHT_UP_S)
            self._shown_at = time.monotonic() if self._shown_at else 0.0

    def _take(self, form: Form, coded: Coded) -> None:
        try:
            frames = self._decoded(form, coded)
        except NoDecoder:
            self._watch = self._watch.failed(time.monotonic(), Failure.NO_VIDEO, 0.0, NO_CODEC)
            return
        before_at, self._last_at = self._last_at, coded.at
        if coded.at < self._since or coded.clock_s <= self._shown_clock_s:
            return  # on the way from the key picture
        pause_s = (coded.clock_s - self._shown_clock_s) / self._speed - (time.monotonic() - self._shown_at)
        is_due = not self._shown_at or not self._playing.is_set() or not 0.0 < pause_s <= LONGEST_PAUSE_S
        if not is_due and self._wait(pause_s):
            return
        self._shown_at, self._shown_clock_s = time.monotonic(), coded.clock_s
        self._at, self._before_at = coded.at, before_at
        if before_at is not None and coded.at > before_at:
            self._step_s = coded.at - before_at
        if not self._steps.empty():
            self._steps.get()
        for frame in frames:
            now = time.monotonic()
            self._frame = (frame, now)
            self._picture = picture_of(self._scaler, frame, self._size, now)
            self._watch = replace(self._watch.framed(now, None), captured_at=self.captured_at(coded), stream=form.stream)

    def _newest_wish(self) -> float | None:
        wanted_at = None
        while not self._wishes.empty():
            wanted_at = self._wishes.get()
        return wanted_at

    def _wait(self, seconds: float) -> bool:
        """Whether something else was wished before the time was over."""
        is_woken = self._woken.wait(seconds)
        self._woken.clear()
        return is_woken

    def _decoded(self, form: Form, coded: Coded) -> list[VideoFrame]:
        data = coded.data
        if self._decoder is None or self._form != form:
            if not coded.is_key:
                return []
            try:
                decoder = av.CodecContext.create(form.codec, "r")
            except ValueError:
                raise NoDecoder from None
            assert isinstance(decoder, VideoCodecContext)
            decoder.thread_count = 1
            decoder.flags |= Flags.low_delay
            self._decoder, self._form, data = decoder, form, form.headers + data
        try:
            return self._decoder.decode(av.Packet(data))
        except av.error.FFmpegError:
            return []


class PlaybackFeed(Playing):
    """A camera's past out of memory: every picture says how long ago the camera sent it."""

    def __init__(
        self, camera_id: str, reader: Reader, begin_at: float, size: tuple[int, int], release: Callable[[], None]
    ) -> None:
        """Begin with what was seen at begin_at (monotonic); `release` is called by close(), on the main thread."""
        self._release = release
        super().__init__(camera_id, reader, begin_at, size)

    def seek(self, ago_s: float) -> None:
        """Go on with what was seen so many seconds ago, or with the oldest that is remembered."""
        self.go_to(time.monotonic() - ago_s)

    def to_live(self) -> None:
        """Go on with the newest that is remembered; it is still a playback."""
        self.seek(CAUGHT_UP_S)

    def close(self) -> None:
        """End the thread and let go of the camera. Returns at once."""
        if not self._is_closed:
            super().close()
            self._release()

    def captured_at(self, _coded: Coded) -> float | None:
        """When it came."""
        return _coded.at
