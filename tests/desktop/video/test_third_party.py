"""A stream served by GStreamer's RTSP server of Debian: nothing of ours on the other side."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import av
import pytest

from bench.loops import plain
from desktop.video_wall.players.pyav import PyavPlayer
from desktop.video_wall.stream_address import StreamAddress
from desktop.video_wall.watchdog import Sight
from server.drill.camera_strip import read
from tests.desktop.video.conftest import seen, until

SYSTEM_PYTHON = "/usr/bin/python3"
HERE = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer"


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[int]:
    """The port of the server that serves a clip of eight seconds."""
    if subprocess.run([SYSTEM_PYTHON, "-c", HERE], capture_output=True, check=False).returncode != 0:
        if os.environ.get("CI") == "true":
            pytest.fail("gir1.2-gst-rtsp-server-1.0 is not installed")
        pytest.skip("gir1.2-gst-rtsp-server-1.0 is not installed")
    clip = tmp_path / "clip.mp4"
    with av.open(str(clip), "w") as file:
        stream = file.add_stream("libx264", 15)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        stream.options = {"preset": "ultrafast", "tune": "zerolatency", "x264-params": "keyint=15:bframes=0"}
        for number, picture in enumerate(plain("stranger", (320, 180), 120)):
            frame = av.VideoFrame.from_ndarray(picture, format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, 15)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    command = [SYSTEM_PYTHON, str(Path(__file__).with_name("third_party.py")), str(clip)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        ready, port = process.stdout.readline().split()
        assert ready == "ready"
        yield int(port)
    finally:
        process.kill()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()


def test_a_server_that_is_not_ours_is_shown_and_remembered(stranger: int, player: PyavPlayer, tmp_path: Path) -> None:
    address = StreamAddress(f"rtsp://127.0.0.1:{stranger}/clip", datetime.now(UTC) + timedelta(minutes=5))
    feed = player.open("stranger", lambda _camera, _stream, take: take(address), 320, 180)
    until(lambda: feed.watch().sight(time.monotonic()) is Sight.LIVE, 6.0, "live")
    strip = read(seen(feed.picture()))
    assert strip is not None
    assert strip.is_of("stranger")
    before, at = strip.frame, time.monotonic()
    until(lambda: (s := read(seen(feed.picture()))) is not None and s.frame > before + 15, 4.0, "the counter advances")
    assert time.monotonic() - at == pytest.approx(1.0, abs=0.5)
    recording = feed.record(tmp_path / "kept.mp4", 2.0, {})
    until(lambda: recording.state.seconds > 1.0, 4.0, "written")
    recording.stop()
    recording.join(5.0)
    with av.open(str(recording.state.files[0].path)) as file:  # its parameter sets came in the SDP alone
        assert sum(1 for _ in file.decode(video=0)) > 10
    player.turn()
