"""A window full of camera tiles and the streams in it: what a desk or a wall does with pictures, to be measured.

The cameras serve loops that were coded beforehand (bench/loop_cameras.py), so that nothing but the desk is measured. Every
picture bears the number of its camera and its own number, which is read from the pixels of the window: the age holds
everything from the camera's clock to the painting of the tile.
"""

from __future__ import annotations

import functools
import json
import math
import os
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import psutil
from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from bench.loop_cameras import loop_cameras
from bench.loops import coded, street
from desktop.video_wall.nearby import Nearby
from desktop.video_wall.players import Feed
from desktop.video_wall.players.pyav import PyavPlayer
from desktop.video_wall.slots import EMPTY, Slot, TileSet
from desktop.video_wall.stream_address import Answer, StreamAddress
from desktop.video_wall.tile_board import TileBoard
from desktop.video_wall.tile_panel import TICK_MS
from desktop.video_wall.watchdog import Sight
from desktop.video_wall.words import say_in
from governance.camera import Camera, StreamKind
from governance.places import LonLat
from server.drill.camera_strip import Strip, read

SUB_SIZE, SUB_FPS = (640, 360), 15
MAIN_SIZE, MAIN_FPS = (1920, 1080), 25
LOOP_S = 6
SCREEN = (1920, 1080)
NARROW = (940, 566)
"""The window of a single tile that is to show the sub stream."""
WIDE = (2000, 1180)
"""The window of four tiles that are to show the main stream."""


@dataclass(frozen=True)
class Street:
    """The cameras in their own process."""

    port: int
    control_port: int
    process: psutil.Process
    ids: tuple[str, ...]

    def url(self, camera: str, stream: StreamKind) -> str:
        """Where a stream is; a second page shows the same cameras under ids that end in a letter."""
        return f"rtsp://127.0.0.1:{self.port}/{camera.rstrip('B')}/{stream}"

    def address_of(self, camera: str, stream: StreamKind, take: Callable[[Answer], None]) -> None:
        """Answers at once."""
        take(StreamAddress(self.url(camera, stream), datetime.now(UTC) + timedelta(hours=2)))

    def set_fault(self, camera: str, fault: str | None) -> None:
        """Break or mend a camera."""
        with socket.create_connection(("127.0.0.1", self.control_port), timeout=10) as line, line.makefile("rw") as stream:
            stream.write(json.dumps({"set": {camera: fault}}) + "\n")
            stream.flush()
            stream.readline()


@contextmanager
def cameras(count: int, mains: int) -> Iterator[Street]:
    """So many cameras with a sub stream, the first of them with a main stream too."""
    ids = tuple(f"330104000013200{n:05d}" for n in range(count))
    with TemporaryDirectory(prefix="gridwarden-loops-") as folder:
        for n, camera in enumerate(ids):
            loop = coded(street(camera, SUB_SIZE, SUB_FPS, LOOP_S), SUB_SIZE, SUB_FPS)
            loop.save(Path(folder) / f"{camera}.sub.loop")
            if n < mains:
                loop = coded(street(camera, MAIN_SIZE, MAIN_FPS, LOOP_S), MAIN_SIZE, MAIN_FPS, crf=25)
                loop.save(Path(folder) / f"{camera}.main.loop")
        with loop_cameras(Path(folder)) as (port, control_port, process):
            yield Street(port, control_port, psutil.Process(process.pid), ids)


def age_s(strip: Strip, fps: int, now: float) -> float:
    """How old a picture of a loop is; ambiguous beyond the length of the loop."""
    return (now - strip.frame / fps) % LOOP_S


def pixels_of(image: QImage) -> np.ndarray:
    """A 32-bit image as uint8[height, width, 4]: a copy, for an array does not keep a QImage."""
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4).copy()


@functools.cache
def application() -> QCoreApplication:
    """Qt's application, one in a process, kept to its end."""
    return QApplication.instance() or QApplication(["bench"])


def run_until(is_reached: Callable[[], bool], within_s: float) -> float:
    """Seconds that Qt's loop ran until a condition held or the time was over."""
    began, loop, poll = time.monotonic(), QEventLoop(), QTimer()
    poll.timeout.connect(lambda: loop.quit() if is_reached() or time.monotonic() - began >= within_s else None)
    poll.start(20)
    loop.exec()
    poll.stop()
    return time.monotonic() - began


def camera_of(camera_id: str) -> Camera:
    """A camera of the street, as a desk knows it."""
    return Camera(camera_id, camera_id[-5:], LonLat(120.2, 30.27), "330104005051003", "公安", 0.0, 90.0, 150.0)


def board_of(place: Street, ids: Sequence[str], *more: str) -> tuple[TileBoard, PyavPlayer]:
    """A board that shows these cameras and knows some more, and what plays them."""
    player, side = PyavPlayer(), math.ceil(math.sqrt(len(ids)))
    near = {camera: Nearby(camera_of(camera), 0.0, True) for camera in (*ids, *more)}
    board = TileBoard(player, place.address_of, near.get, say_in("zh"))
    board.show_set(TileSet(side, tuple(Slot(camera) for camera in ids) + (EMPTY,) * (side * side - len(ids))))
    return board, player


class TileWindow:
    """A board of tiles as the desk has it, in a window of its own."""

    def __init__(self, place: Street, ids: Sequence[str], size: tuple[int, int] = SCREEN, is_main: bool = False) -> None:
        application()
        self._fps, self._is_main = MAIN_FPS if is_main else SUB_FPS, is_main
        self.ids = ids
        self._board, self.player = board_of(place, ids)
        self._board.resize(*size)
        self.ticked: Callable[[float], None] = lambda _now: None
        """Called as often as the board is refreshed, with the time."""
        self._timer = QTimer()
        self._timer.timeout.connect(lambda: self.ticked(time.monotonic()))
        self._timer.start(TICK_MS)
        self._board.show()

    def feed(self, number: int) -> Feed:
        """The stream of a tile."""
        feed = self._board.feed_of(self.ids[number])
        assert feed is not None
        return feed

    def run_until(self, is_reached: Callable[[], bool], within_s: float) -> float:
        """Seconds that Qt's loop ran until a condition held or the time was over."""
        return run_until(is_reached, within_s)

    def is_complete(self) -> bool:
        """Whether every tile is live, in the stream that is wanted."""
        kind, now = StreamKind.MAIN if self._is_main else StreamKind.SUB, time.monotonic()
        watches = [feed.watch() for camera in self.ids if (feed := self._board.feed_of(camera)) is not None]
        is_right = all(watch.sight(now) is Sight.LIVE and watch.stream is kind for watch in watches)
        return is_right and len(watches) == self._board.live() == len(self.ids)

    @property
    def painted(self) -> int:
        """How often a tile was painted so far."""
        return self._board.painted

    def ages_s(self) -> list[float]:
        """Ages of the pictures in the window now, of those tiles that show their own camera."""
        pixels, now = pixels_of(self._board.grab().toImage()), time.time()
        ages = []
        for number, camera_id in enumerate(self.ids):
            tile = self._board.tile_of(number)
            if tile is None:
                continue
            box = tile.image_box().translated(tile.pos())
            strip = read(pixels[box.top() : box.bottom() + 1, box.left() : box.right() + 1])
            if strip is not None and strip.is_of(camera_id):
                ages.append(age_s(strip, self._fps, now))
        return ages

    def close(self) -> None:
        """Stop everything; no decoding thread is left."""
        self._timer.stop()
        self._board.close_feeds()
        self.player.close(wait_s=10.0)
        self._board.close()
        self._board.deleteLater()


class Cpu:
    """CPU time of some processes since it was made."""

    def __init__(self, *pids: int) -> None:
        self._processes = [psutil.Process(pid) for pid in pids]
        self._at = time.monotonic()
        self._before = [self._spent(process) for process in self._processes]

    def percent(self) -> list[float]:
        """Percent of one core of each process."""
        passed_s = time.monotonic() - self._at
        spent = [self._spent(process) for process in self._processes]
        return [round(100 * (b - a) / passed_s, 1) for a, b in zip(self._before, spent, strict=True)]

    @staticmethod
    def _spent(process: psutil.Process) -> float:
        times = process.cpu_times()
        return float(times.user + times.system)


def offscreen() -> None:
    """Have Qt paint in memory, unless a screen was asked for."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
