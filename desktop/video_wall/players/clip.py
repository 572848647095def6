"""A clip: what a camera sent, written to a file as it came, without decoding or encoding, the remembered past included.

A file lies beside its place until it is complete, then it is moved there: there is a whole one or none. The recording ends by
itself, whole, before the disk is full; where a write fails all the same nothing is left of that file, and the reason is said.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from pathlib import Path

import av

from desktop.video_wall.players.past import Coded, Form, PastReader

TICKS = 90_000
POLL_S = 0.2
SPARE_BYTES = 64 * 1_048_576
"""What a recording leaves free on the disk."""
LOOK_EVERY_S = 1.0
LONGEST_S = 3600.0
GAP_S = 2.0
"""Two pictures further apart have something missing between them."""


class ClipEnd(StrEnum):
    """Why a recording ended; the key of its words is `video.clip_` and this."""

    STOPPED = "stopped"
    """As it was wished."""
    DISK_FULL = "disk_full"
    """What came before is whole."""
    NOT_WRITTEN = "not_written"
    """A write failed: the file that was being written is gone, those before it are whole."""
    NOTHING = "nothing"
    """The camera sent nothing."""
    LONGEST = "longest"
    """After an hour; whoever wants more begins another."""


@dataclass(frozen=True, slots=True)
class ClipFile:
    """One file that is written, whole."""

    path: Path
    sha256: str
    seconds: float
    begins_at: datetime
    """UTC, by this desk's clock."""


@dataclass(frozen=True, slots=True)
class ClipState:
    """How a recording stands."""

    files: tuple[ClipFile, ...] = ()
    """Finished ones; several where the stream changed, since one file holds one stream."""
    seconds: float = 0.0
    """Written so far, in all files."""
    gap_s: float = 0.0
    """What is missing between, because the camera was away or the disk too slow."""
    end: ClipEnd | None = None
    """None while it runs."""
    reason: str = ""
    """What the system said where a write failed."""


class Recording:
    """One recording in a thread of its own, which reads from memory: a slow disk never holds up a picture. stop() it."""

    def __init__(
        self, reader: PastReader, path: Path, begin_at: float, marks: Mapping[str, str],
        free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
    ) -> None:  # fmt: skip
        """Write from begin_at (monotonic) on to a path."""
        self.state = ClipState()
        self._reader, self._path, self._begin_at, self._marks = reader, path, begin_at, dict(marks)
        self._free_bytes = free_bytes
        self._file: _OpenFile | None = None
        self._looked_at = 0.0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"clip {path.name}", daemon=True)
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Whether it still writes."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """End it: the file is finished in its own thread. Returns at once."""
        self._stopped.set()

    def join(self, wait_s: float) -> None:
        """Wait until the file is finished."""
        self._thread.join(wait_s)

    def _run(self) -> None:
        try:
            end, reason = self._write(), ""
            self._finish()
            if not self.state.files and end is ClipEnd.STOPPED:
                end = ClipEnd.NOTHING
        except (av.error.FFmpegError, OSError, ValueError) as problem:
            end, reason = ClipEnd.NOT_WRITTEN, getattr(problem, "strerror", None) or str(problem)
            if self._file is not None:
                self._file.discard()
        self.state = ClipState(self.state.files, self.state.seconds, self.state.gap_s, end, reason)

    def _write(self) -> ClipEnd:
        """Write until it is to end; what was sent before the wish to stop is written still."""
        self._reader.seek(self._begin_at)
        if self._is_disk_full():
            return ClipEnd.DISK_FULL
        while True:
            is_last = self._stopped.is_set()
            while (read := self._reader.next()) is not None:
                self._take(*read)
                if self.state.seconds >= LONGEST_S:
                    return ClipEnd.LONGEST
                if self._is_disk_full():
                    return ClipEnd.DISK_FULL
            if is_last:
                return ClipEnd.STOPPED
            self._stopped.wait(POLL_S)

    def _take(self, form: Form, coded: Coded) -> None:
        if self._file is not None and self._file.form != form:
            self._finish()
        if self._file is None:
            self._file = _OpenFile(self._part(), form, self._marks)
        step_s = self._file.add(coded)
        gap_s = self.state.gap_s + (step_s if step_s > GAP_S else 0.0)
        self.state = ClipState(self.state.files, self.state.seconds + min(step_s, GAP_S), gap_s)

    def _part(self) -> Path:
        """Where the next file goes: the path itself, then with -2, -3 before its suffix."""
        number = len(self.state.files) + 1
        return self._path if number == 1 else self._path.with_stem(f"{self._path.stem}-{number}")

    def _finish(self) -> None:
        if self._file is not None:
            done = self._file.finish()
            self._file = None
            self.state = ClipState((*self.state.files, done), self.state.seconds, self.state.gap_s)

    def _is_disk_full(self) -> bool:
        now = time.monotonic()
        if now - self._looked_at < LOOK_EVERY_S:
            return False
        self._looked_at = now
        return self._free_bytes(self._path.parent) < SPARE_BYTES


class _OpenFile:
    """A file that is being written, beside its place."""

    def __init__(self, path: Path, form: Form, marks: Mapping[str, str]) -> None:
        self.form = form
        self._path, self._beside = path, path.with_name(f".{path.name}.part")
        container_format = "matroska" if path.suffix == ".mkv" else "mp4"
        self._container = av.open(str(self._beside), "w", format=container_format)
        self._stream = self._container.add_mux_stream(form.codec, width=form.width, height=form.height)
        self._stream.time_base = Fraction(1, TICKS)
        self._marks = dict(marks)
        self._begins: Coded | None = None
        self._began_at = datetime.now(UTC)
        self._last_tick = -1
        self._last_s = 0.0

    def add(self, coded: Coded) -> float:
        """Write one picture; the answer is how many seconds it is after the one before."""
        data = coded.data
        if self._begins is None:
            self._begins = coded
            self._began_at = datetime.now(UTC) - timedelta(seconds=time.monotonic() - coded.at)
            self._container.metadata.update(self._marks | {"creation_time": self._began_at.isoformat()})
            data = self.form.headers + data
        before_s, self._last_s = self._last_s, max(self._last_s, coded.clock_s - self._begins.clock_s)
        tick = max(self._last_tick + 1, round(self._last_s * TICKS))
        self._last_tick = tick
        packet = av.Packet(data)
        packet.stream, packet.time_base = self._stream, Fraction(1, TICKS)
        packet.dts, packet.pts = tick, tick + round(coded.ahead_s * TICKS)
        packet.is_keyframe = coded.is_key
        self._container.mux_one(packet)
        return self._last_s - before_s

    def finish(self) -> ClipFile:
        """Complete the file and move it to its place."""
        self._container.close()
        with self._beside.open("rb") as written:
            os.fsync(written.fileno())
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        self._beside.replace(self._path)
        return ClipFile(self._path, digest, self._last_s, self._began_at)

    def discard(self) -> None:
        """Leave nothing of it."""
        with suppress(av.error.FFmpegError, OSError, ValueError):
            self._container.close()
        self._beside.unlink(missing_ok=True)
