"""What libVLC cannot play gets its true state, and neither the log nor standard error ever tells a password."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.stream import AudioStream
from av.video.stream import VideoStream

from desktop.video_wall.players.vlc import VlcFeed, VlcPlayer
from desktop.video_wall.players.vlc_library import VlcLibrary
from desktop.video_wall.players.vlc_log import held_stderr, masked
from desktop.video_wall.stream_address import StreamAddress
from desktop.video_wall.watchdog import Patience, Sight
from tests.desktop.video.conftest import Odd, until

SECRET, TOKEN = "geheim-9174", "tok-5518"


def film(with_video: bool) -> bytes:
    """Two seconds of MPEG-TS: pictures, or sound alone."""
    file = BytesIO()
    with av.open(file, "w", format="mpegts") as out:
        if with_video:
            video = out.add_stream("libx264", rate=10, options={"preset": "ultrafast", "tune": "zerolatency"})
            assert isinstance(video, VideoStream)
            video.width, video.height, video.pix_fmt = 160, 90, "yuv420p"
            for number in range(20):
                frame = av.VideoFrame.from_ndarray(np.full((135, 160), 60 + number * 8, np.uint8), format="yuv420p")
                out.mux(video.encode(frame))
            out.mux(video.encode())
        else:
            audio = out.add_stream("mp2", rate=44100)
            assert isinstance(audio, AudioStream)
            for number in range(76):
                silence = av.AudioFrame.from_ndarray(np.zeros((1, 1152 * 2), np.int16), format="s16", layout="stereo")
                silence.rate, silence.pts = 44100, number * 1152
                out.mux(audio.encode(silence))
            out.mux(audio.encode())
    return file.getvalue()


@dataclass
class Gateway:
    """An HTTP server that answers every path by a status, or by bytes, and may be told otherwise."""

    answers: dict[str, int | bytes] = field(default_factory=dict)
    port: int = 0

    def url(self, path: str, log_on: str = "") -> str:
        """The address of a path."""
        return f"http://{log_on}127.0.0.1:{self.port}/{path}?token={TOKEN}"


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """A gateway that serves films and refusals."""
    made = Gateway(
        {"refused": 401, "forbidden": 403, "bad": 400, "sound": film(False), "film": film(True), "broken": b"\x5a" * 9000}
    )

    class Answers(BaseHTTPRequestHandler):
        """Answers GET; HEAD is not spoken, as by gateways."""

        def do_GET(self) -> None:
            """Say what was set for the path."""
            answer = made.answers.get(self.path.split("?")[0].strip("/"), 404)
            self.send_response(answer if isinstance(answer, int) else 200)
            self.send_header("Content-Length", str(0 if isinstance(answer, int) else len(answer)))
            self.end_headers()
            if isinstance(answer, bytes):
                self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    made.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def opened(vlc: VlcLibrary) -> Iterator[Callable[..., VlcFeed]]:
    """Opens an address with libVLC, live or as a recording; all is put away."""
    patience = Patience(longest_retry_s=1.0)
    players = {recorded: VlcPlayer(vlc, recorded, patience, lambda: 0.0) for recorded in (False, True)}

    def open_one(url: str, is_recorded: bool = False) -> VlcFeed:
        good = StreamAddress(url, datetime.now(UTC) + timedelta(minutes=5))
        return players[is_recorded].open(url, lambda _camera, _kind, take: take(good), 160, 90)

    yield open_one
    for player in players.values():
        player.close(10.0)
        assert player.decoding == 0


def sight(feed: VlcFeed) -> Sight:
    """What is true of it now."""
    return feed.watch().sight(time.monotonic())


def nobody() -> int:
    """A port that nobody listens at."""
    with closing(socket.socket()) as line:
        line.bind(("127.0.0.1", 0))
        port: int = line.getsockname()[1]
        return port


def test_a_gateway_that_gives_no_picture_gets_its_true_state_and_is_live_when_it_does(
    gateway: Gateway, opened: Callable[..., VlcFeed]
) -> None:
    wanted = {
        "refused": Sight.REFUSED, "forbidden": Sight.REFUSED, "bad": Sight.WRONG_ADDRESS, "nowhere": Sight.WRONG_ADDRESS,
        "sound": Sight.NO_VIDEO, "broken": Sight.RECONNECTING,
    }  # fmt: skip
    feeds = {path: opened(gateway.url(path)) for path in wanted}
    off = opened(f"http://127.0.0.1:{nobody()}/off")
    for path, state in wanted.items():
        until(lambda path=path, state=state: sight(feeds[path]) is state, 8.0, f"{path}: {state}")
    until(lambda: sight(off) is Sight.RECONNECTING, 4.0, "off")
    gateway.answers |= {"nowhere": gateway.answers["film"], "broken": gateway.answers["film"]}
    for path in ("nowhere", "broken"):
        until(lambda path=path: sight(feeds[path]) is Sight.LIVE, 5.0, f"{path} is live, within seconds")


def test_a_recording_that_gives_no_picture_gets_its_true_state(
    gateway: Gateway, opened: Callable[..., VlcFeed], tmp_path: Path
) -> None:
    (tmp_path / "text.mp4").write_text("no film", "utf-8")
    wanted = {
        str(tmp_path / "20:15@nowhere.mp4"): Sight.WRONG_ADDRESS, str(tmp_path / "text.mp4"): Sight.WRONG_ADDRESS,
        gateway.url("sound"): Sight.NO_VIDEO, gateway.url("refused"): Sight.REFUSED,
        gateway.url("nowhere"): Sight.WRONG_ADDRESS,
    }  # fmt: skip
    feeds = {url: opened(url, True) for url in wanted}
    for url, state in wanted.items():
        until(lambda url=url, state=state: sight(feeds[url]) is state, 8.0, f"{url}: {state}")


def test_cameras_that_libvlc_cannot_open_get_their_true_state(odd: Odd, opened: Callable[..., VlcFeed]) -> None:
    wanted = {
        "sound": Sight.NO_VIDEO, "nowhere": Sight.WRONG_ADDRESS, "hurt": Sight.REFUSED, "slow": Sight.RECONNECTING,
    }  # fmt: skip
    odd.set_fault("hurt", "401")
    odd.set_fault("slow", "dead")
    try:
        feeds = {camera: opened(f"rtsp://127.0.0.1:{odd.port}/{camera}/sub") for camera in wanted}
        for camera, state in wanted.items():
            until(lambda camera=camera, state=state: sight(feeds[camera]) is state, 8.0, f"{camera}: {state}")
    finally:
        odd.set_fault("hurt", None)
        odd.set_fault("slow", None)


# --- what is said of it ---


def test_no_password_and_no_token_is_ever_logged_or_written_to_standard_error(
    gateway: Gateway, opened: Callable[..., VlcFeed], capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    log_on = f"bob:{SECRET}@"
    caplog.set_level(logging.DEBUG)
    urls = [gateway.url(path, log_on) for path in ("refused", "nowhere", "broken", "sound")]
    urls += [
        f"rtsp://{log_on}127.0.0.1:{nobody()}/1?token={TOKEN}",
        f"htp://{log_on}127.0.0.1/1",
        f"http://{log_on}no.such.invalid/1",
    ]
    feeds = [opened(url) for url in urls]
    for feed in feeds:
        until(lambda feed=feed: feed.watch().failure is not None, 8.0, "failed")
    written = capfd.readouterr()
    told = "\n".join([written.out, written.err, *(f"{record.getMessage()} {record.exc_text}" for record in caplog.records)])
    assert SECRET not in told
    assert TOKEN not in told
    assert "libVLC: " in told, "what is wrong is said all the same"
    assert written.err == ""


def test_looking_for_libvlc_writes_nothing_to_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    library = VlcLibrary()
    library.look()
    library.join(20.0)
    assert capfd.readouterr().err == ""


def test_what_others_write_to_standard_error_meanwhile_is_not_lost(capfd: pytest.CaptureFixture[str]) -> None:
    with held_stderr():
        os.write(
            2, b"vlc: unknown option or missing mandatory argument `--rtsp-tcp'\nof somebody else\nTry `vlc --help' for more\n"
        )
    os.write(2, b"afterwards\n")
    assert capfd.readouterr().err == "of somebody else\nafterwards\n"


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        ("cannot open", "cannot open"),
        ("open `rtsp://bob:pw@10.0.0.1:554/ch/1?token=t' failed", "open `rtsp://10.0.0.1:554/ch/1' failed"),
        ("open rtsp://bob:p@w@10.0.0.1/1", "open rtsp://10.0.0.1/1"),
        ("open rtsp://bob:12/w@10.0.0.1/1", "open rtsp://…"),
        ("open rtsp://bob:p/w@10.0.0.1/1", "open ?"),
        ("open rtsp://10.0.0.1/bob%3Apw%40x", "open rtsp://…"),
        ("location bob:pw@10.0.0.1/1 is bad", "location … is bad"),
        ("GET /ch/1?token=t HTTP/1.1", "GET /ch/1?… HTTP/1.1"),
        ("http://[broken", "?"),
        ("\x000\x00 http://a/b", "0 http://a/b"),
    ],
)
def test_of_a_line_only_what_may_be_spoken_is_left(said: str, logged: str) -> None:
    assert masked(said) == logged
