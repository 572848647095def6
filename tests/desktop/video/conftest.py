"""A town of simulated cameras in a process of its own, an independent camera farm, and a player that is put away."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from bench.loop_cameras import loop_cameras
from bench.loops import coded, plain, sound
from desktop.video_wall.players import Picture
from desktop.video_wall.players.pyav import PyavPlayer
from desktop.video_wall.players.vlc_library import VlcLibrary
from desktop.video_wall.stream_address import Answer, StreamAddress
from desktop.video_wall.watchdog import Patience
from governance.camera import Camera, StreamKind
from governance.places import LonLat
from server.camera_access import sign, stream_url
from server.drill.camera_strip import draw_frame

ROOT = Path(__file__).resolve().parents[3]
TOOLS = ROOT / "../shared/tools"
KEY = b"a key of thirty-two bytes, or so."
PLACE = LonLat(120.2, 30.27)


def told(port: int, wish: object) -> dict[str, object]:
    """The answer of a control port to one JSON line."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line, line.makefile("rw") as stream:
        stream.write(json.dumps(wish) + "\n")
        stream.flush()
        answer: dict[str, object] = json.loads(stream.readline())
        return answer


def until(is_true: Callable[[], object], within_s: float, what: str) -> float:
    """Seconds until a condition held; fails the test where it did not within the time."""
    began = time.monotonic()
    while not is_true():
        if time.monotonic() - began > within_s:
            pytest.fail(f"not within {within_s} s: {what}")
        time.sleep(0.02)
    return time.monotonic() - began


def pixels(image: QImage) -> NDArray[np.uint8]:
    """A 32-bit image as uint8[height, width, 4]."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine() // 4, 4)
    return flat[:, : rgb.width()].copy()


def seen(picture: Picture | None) -> NDArray[np.uint8]:
    """The pixels of a feed's picture."""
    assert picture is not None
    return pixels(picture.image)


@dataclass
class Town:
    """The simulated cameras, as the server's OpenCamera would give their addresses."""

    port: int
    control_port: int
    process: subprocess.Popen[str]
    lifetime_s: float = 300.0
    asked: list[str] = field(default_factory=list)

    def camera(self, number: int) -> Camera:
        """The camera with a number, looking north from a few metres south of the place."""
        place = LonLat(PLACE.lon, PLACE.lat - 0.0002 * (number % 7 + 1))
        return Camera(self.id(number), f"景芳二区{number}号门", place, "330104005051003", "公安", 0.0, 90.0, 300.0)

    def id(self, number: int) -> str:
        """The id of the camera with a number."""
        return f"330104000013200{number:05d}"

    def url(self, camera: str, stream: str = "sub", lifetime_s: float | None = None) -> str:
        """An address of a stream that is good from now on for a while."""
        expires_at = datetime.now(UTC) + timedelta(seconds=self.lifetime_s if lifetime_s is None else lifetime_s)
        return stream_url(self.port, camera, stream, sign(KEY, camera, expires_at))

    def address_of(self, camera: str, stream: StreamKind, take: Callable[[Answer], None]) -> None:
        """Answers at once, as a quick server would."""
        self.asked.append(camera)
        take(StreamAddress(self.url(camera, stream), datetime.now(UTC) + timedelta(seconds=self.lifetime_s)))

    def set_fault(self, number: int, fault: str | None) -> None:
        """Break or mend a camera."""
        told(self.control_port, {"set": {self.id(number): fault}})

    def watched(self) -> dict[str, int]:
        """Viewers of every stream that is encoded now."""
        answer = told(self.control_port, {})["watched"]
        assert isinstance(answer, dict)
        return answer


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """3,790 simulated cameras behind one port."""
    folder = tmp_path_factory.mktemp("town")
    cameras = [{"id": f"330104000013200{n:05d}", "name": f"景芳二区{n}号门"} for n in range(3790)]
    (folder / "cameras.json").write_text(json.dumps(cameras))
    (folder / "key").write_bytes(KEY)
    command = [
        sys.executable, "-m", "server.drill.cameras", "--town-cameras", str(folder / "cameras.json"),
        "--key", str(folder / "key"),
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        ready, port, control_port = process.stdout.readline().split()
        assert ready == "ready"
        yield Town(int(port), int(control_port), process)
    finally:
        process.terminate()
        assert process.wait(10) == 0
        if process.stdout is not None:
            process.stdout.close()


@pytest.fixture
def player() -> Iterator[PyavPlayer]:
    """A player whose back-off is short and certain; its threads have ended when the test has."""
    player = PyavPlayer(Patience(longest_retry_s=1.0, refused_retry_s=1.5), chance=lambda: 0.0)
    yield player
    player.close(wait_s=10.0)
    assert player.decoding == 0


@pytest.fixture(scope="session")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int]]:
    """An RTSP server that is not ours: its stream port and its control port."""
    if not (TOOLS / "rtspfarm.py").exists():
        if os.environ.get("CI") == "true":
            pytest.fail("the camera farm is not beside the project")
        pytest.skip("the camera farm is not beside the project")
    folder = tmp_path_factory.mktemp("farm")
    (folder / "clips").mkdir()
    (folder / "clips" / "c001_s15.h264").write_bytes(_clip(640, 360, 15, 20))
    port, control_port = _free_ports()
    command = [sys.executable, str((TOOLS / "rtspfarm.py").resolve()), str(port), str(control_port)]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("ready")
        yield port, control_port
    finally:
        process.kill()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()


def _clip(width: int, height: int, fps: int, seconds: int) -> bytes:
    """An H.264 loop (annex B, with access unit delimiters): a bar that wanders, and each frame's number along the bottom."""
    context = av.CodecContext.create("libx264", "w")
    context.width, context.height, context.pix_fmt = width, height, "yuv420p"
    context.framerate, context.time_base = Fraction(fps), Fraction(1, fps)
    parameters = f"keyint={2 * fps}:scenecut=0:repeat-headers=1:threads=1:sliced-threads=0:bframes=0:aud=1:annexb=1"
    context.options = {"preset": "ultrafast", "x264-params": parameters}
    loop = bytearray()
    for number in range(fps * seconds):
        yuv = np.full((height * 3 // 2, width), 128, np.uint8)
        yuv[:height, number * 7 % width :][:, :40] = 220
        draw_frame(yuv[:height], number)
        for packet in context.encode(av.VideoFrame.from_ndarray(yuv, format="yuv420p")):
            loop += bytes(packet)
    for packet in context.encode(None):
        loop += bytes(packet)
    return bytes(loop)


def _free_ports() -> tuple[int, int]:
    """A free port, and one whose next is free too."""
    for _ in range(50):
        with socket.socket() as one, socket.socket() as two, socket.socket() as three:
            one.bind(("127.0.0.1", 0))
            two.bind(("127.0.0.1", 0))
            try:
                three.bind(("127.0.0.1", two.getsockname()[1] + 1))
            except OSError:
                continue
            return one.getsockname()[1], two.getsockname()[1]
    raise AssertionError("no free ports")


@dataclass
class Odd:
    """Cameras that send what cameras should not."""

    port: int
    control_port: int

    def address_of(self, camera: str, stream: StreamKind, take: Callable[[Answer], None]) -> None:
        """Answers at once."""
        url = f"rtsp://127.0.0.1:{self.port}/{camera}/{stream}"
        take(StreamAddress(url, datetime.now(UTC) + timedelta(minutes=5)))

    def set_fault(self, camera: str, fault: str | None) -> None:
        """Break or mend a camera."""
        told(self.control_port, {"set": {camera: fault}})


@pytest.fixture(scope="session")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Odd]:
    """Cameras with H.265, odd, tiny and vast sizes, a size that changes, sound alone, one picture a second; and whole ones."""
    folder = tmp_path_factory.mktemp("odd")
    small = (320, 180)
    loops = {
        "whole": coded(plain("whole", small, 60), small, 15),
        "hurt": coded(plain("hurt", small, 60), small, 15),
        "h265": coded(plain("h265", small, 40), small, 10, "libx265"),
        "size": coded(plain("size", (641, 359), 30, "yuv444p"), (641, 359), 15, layout="yuv444p"),
        "turn": coded(plain("turn", small, 30), small, 15).then(coded(plain("turn", (480, 270), 30), (480, 270), 15)),
        "tiny": coded(plain("tiny", (16, 16), 30), (16, 16), 15),
        "vast": coded(plain("vast", (7680, 4320), 2), (7680, 4320), 1),
        "slow": coded(plain("slow", small, 60), small, 1),
        "svac": replace(coded(plain("svac", small, 15), small, 15), codec="svac"),
        "sound": sound(4),
    }
    for camera, loop in loops.items():
        loop.save(folder / f"{camera}.sub.loop")
    with loop_cameras(folder) as (port, control_port, _):
        yield Odd(port, control_port)


@pytest.fixture
def vlc() -> VlcLibrary:
    """libVLC as it is here; the test is left out where it is not installed."""
    library = VlcLibrary()
    library.look()
    library.join(20.0)
    if not library.is_here:
        if os.environ.get("CI") == "true":
            pytest.fail(f"libVLC is not installed: {library.reason}")
        pytest.skip(f"libVLC is not installed: {library.reason}")
    return library
