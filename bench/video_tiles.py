"""Camera pictures on screen: CPU and age for 1, 4, 9 and 16 tiles, beside a bare loop that decodes the same streams to nothing.

The streams come from the simulated cameras in a process of their own, 640x360 at 15 a second. CPU is in percent of one core;
the age of a picture is read from the strip in the window's pixels, so it holds everything from drawing in the camera to
painting in the tile. The window is 1280x720 on Qt's offscreen platform.
"""

from __future__ import annotations

import json
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from desktop.video_wall.arrangement import Box, arrange
from desktop.video_wall.nearby import Nearby
from desktop.video_wall.players.pyav import PyavPlayer
from desktop.video_wall.stream_address import Answer, StreamAddress
from desktop.video_wall.tile import CAPTION_PX, Tile
from desktop.video_wall.tile_panel import TICK_MS
from desktop.video_wall.words import say_in
from governance.camera import Camera
from governance.places import LonLat
from server.camera_access import sign, stream_url
from server.drill.camera_strip import read

ROOT = Path(__file__).resolve().parents[1]
TILES = (1, 4, 9, 16)
WARM_S, MEASURED_S, SHOTS = 6.0, 8.0, 12
WIDTH, HEIGHT = 1280, 720
FPS = 15
TARGETS: dict[str, list[Any]] = {
    "picture_age_max_s_4": ["<=", 0.5],
    "picture_age_max_s_16": ["<=", 1.0],
    "cpu_percent_16": ["<=", 45.0],
    "cameras_cpu_percent_4": ["<=", 25.0],
    "all_pictures_after_s_4": ["<=", 2.0],
}

BARE_DECODE = """
import sys
import av
with av.open(sys.argv[1], options={"rtsp_transport": "tcp"}, timeout=10) as container:
    stream = container.streams.video[0]
    stream.codec_context.thread_count = 1
    for number, _ in enumerate(container.decode(stream)):
        if number == 0:
            print("decoding", flush=True)
"""  # one process per stream: no other stream's lock is in its way


@dataclass(frozen=True)
class Street:
    """The simulated cameras in their own process."""

    port: int
    key: bytes
    process: psutil.Process

    def url(self, camera: str) -> str:
        """A good address of a camera's sub stream."""
        return stream_url(self.port, camera, "sub", sign(self.key, camera, datetime.now(UTC) + timedelta(minutes=10)))


def run(words: Sequence[str] = ()) -> dict[str, Any]:
    """Figures of our tiles and of bare decoding of the same streams in the same run; words may name other counts of tiles."""
    counts = [int(word) for word in words] or list(TILES)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    figures: dict[str, Any] = {}
    peers: dict[str, Any] = {}
    with cameras(max(counts)) as (street, ids):
        for count in counts:
            ours = shown(street, ids[:count])
            figures |= {f"{name}_{count}": value for name, value in ours.items()}
            peers[f"bare_decode_cpu_percent_{count}"] = decoded_to_nothing(street, ids[:count])
    targets = {name: target for name, target in TARGETS.items() if name in figures}
    return {"bench": "video-tiles", "figures": figures, "peers": peers, "targets": targets}


@contextmanager
def cameras(count: int) -> Iterator[tuple[Street, list[str]]]:
    """Simulated cameras for a run, and the ids of some of them."""
    ids = [f"330104000013200{n:05d}" for n in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        key = secrets.token_bytes(32)
        (Path(folder) / "cameras.json").write_text(json.dumps([{"id": i, "name": f"{n} 号"} for n, i in enumerate(ids)]))
        (Path(folder) / "key").write_bytes(key)
        command = [sys.executable, "-m", "server.drill.cameras", "--town-cameras", f"{folder}/cameras.json"]
        command += ["--key", f"{folder}/key"]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                _, port, _ = process.stdout.readline().split()
                yield Street(int(port), key, psutil.Process(process.pid)), ids
            finally:
                process.terminate()


def shown(street: Street, ids: list[str]) -> dict[str, Any]:
    """CPU of this process and of the cameras, pictures a second, and ages read from the window's pixels.

    A tile that does not show its own camera has a picture of endless age: then the oldest has no figure.
    """
    began = time.monotonic()
    window = TileWindow(street, ids)
    window.run_until(window.is_complete, 20.0)
    first_s = time.monotonic() - began
    window.run_until(lambda: False, WARM_S)
    cpu, before = _Cpu(os.getpid(), street.process.pid), window.frames()
    passed_s = window.run_until(lambda: False, MEASURED_S)
    mine, theirs = cpu.percent()
    frames = window.frames() - before
    ages: list[float] = []
    for _ in range(SHOTS):
        window.run_until(lambda: False, 0.13)
        ages += window.ages_s()
    window.close()
    return {
        "cpu_percent": mine, "cameras_cpu_percent": theirs, "all_pictures_after_s": round(first_s, 2),
        "picture_age_median_s": round(statistics.median(ages), 3) if ages else None,
        "picture_age_max_s": round(max(ages), 3) if len(ages) == SHOTS * len(ids) else None,
        "read_share": round(len(ages) / (SHOTS * len(ids)), 3), "decoded_per_s": round(frames / passed_s / len(ids), 1),
    }  # fmt: skip


class TileWindow:
    """A window full of tiles with one repaint timer, as a panel or a wall has it."""

    def __init__(self, street: Street, ids: list[str]) -> None:
        self._app = QApplication.instance() or QApplication(["bench"])
        self._street, self._ids = street, ids
        self._window, self._player = QWidget(), PyavPlayer()
        self._window.resize(WIDTH, HEIGHT)
        boxes = arrange(len(ids), WIDTH, HEIGHT, CAPTION_PX, 8)
        self._tiles = [self._tile(camera_id, box) for camera_id, box in zip(ids, boxes, strict=True)]
        sizes = [tile.picture_box().size() for tile in self._tiles]
        opened = zip(ids, sizes, strict=True)
        self._feeds = [self._player.open(i, self._address_of, size.width(), size.height()) for i, size in opened]
        self._timer = QTimer()
        self._timer.timeout.connect(self._refresh)
        self._timer.start(TICK_MS)
        self._window.show()

    def run_until(self, is_reached: Callable[[], bool], within_s: float) -> float:
        """Seconds that Qt's loop ran until a condition held or the time was over."""
        began, loop, poll = time.monotonic(), QEventLoop(), QTimer()
        poll.timeout.connect(lambda: loop.quit() if is_reached() or time.monotonic() - began >= within_s else None)
        poll.start(20)
        loop.exec()
        poll.stop()
        return time.monotonic() - began

    def is_complete(self) -> bool:
        """Whether every tile has had a picture."""
        return all(feed.watch().frames for feed in self._feeds)

    def frames(self) -> int:
        """Pictures decoded so far."""
        return sum(feed.watch().frames for feed in self._feeds)

    def ages_s(self) -> list[float]:
        """Ages of the pictures in the window now, of those tiles that show their own camera."""
        image = self._window.grab().toImage()
        now = time.time()
        pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
        ages = []
        for tile, camera_id in zip(self._tiles, self._ids, strict=True):
            box = tile.image_box().translated(tile.pos())
            strip = read(pixels[box.top() : box.bottom() + 1, box.left() : box.right() + 1])
            if strip is not None and strip.is_of(camera_id):
                ages.append(strip.age_s(FPS, now))
        return ages

    def close(self) -> None:
        """Stop everything; no decoding thread is left."""
        self._timer.stop()
        self._player.close(wait_s=10.0)
        self._window.close()

    def _tile(self, camera_id: str, box: Box) -> Tile:
        camera = Camera(camera_id, camera_id[-5:], LonLat(120.2, 30.27), "330104005051003", "公安", 0.0, 90.0, 150.0)
        tile = Tile(Nearby(camera, 0.0, True), say_in("zh"), parent=self._window)
        tile.setGeometry(box.left, box.top, box.width, box.height)
        return tile

    def _address_of(self, camera: str, take: Callable[[Answer], None]) -> None:
        take(StreamAddress(self._street.url(camera), datetime.now(UTC) + timedelta(minutes=10)))

    def _refresh(self) -> None:
        now = time.monotonic()
        for tile, feed in zip(self._tiles, self._feeds, strict=True):
            tile.show_now(feed.watch(), feed.picture(), now)


def decoded_to_nothing(street: Street, ids: list[str]) -> float:
    """CPU percent of one process per stream that decodes it on one thread and throws the pictures away."""
    running = [subprocess.Popen([sys.executable, "-c", BARE_DECODE, street.url(i)], stdout=subprocess.PIPE) for i in ids]
    try:
        for process in running:
            assert process.stdout is not None
            assert process.stdout.readline(), "a stream was not decoded"
        time.sleep(WARM_S)
        cpu = _Cpu(*(process.pid for process in running))
        time.sleep(MEASURED_S)
        return round(sum(cpu.percent()), 1)
    finally:
        for process in running:
            process.kill()
            process.communicate()


class _Cpu:
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
