"""A clip played by libVLC: as fast as it is wished, picture by picture, to and fro."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.loops import coded, plain
from desktop.video_wall.players.clip import Recording
from desktop.video_wall.players.past import Coded, Form, PastMemory, PastReader
from desktop.video_wall.players.vlc import VlcFeed, VlcPlayer
from desktop.video_wall.players.vlc_library import VlcLibrary
from desktop.video_wall.stream_address import StreamAddress
from desktop.video_wall.watchdog import Sight
from governance.camera import StreamKind
from server.drill.camera_strip import read
from tests.desktop.video.conftest import seen, until

FPS, COUNT = 10, 120


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve seconds, each picture with its number, a key picture every two seconds."""
    memory, form = PastMemory(), Form("h264", b"", 320, 180, StreamKind.SUB)
    stretch, base = memory.begin("cam", form), time.monotonic() - COUNT / FPS
    for number, (is_key, data) in enumerate(coded(plain("cam", (320, 180), COUNT), (320, 180), FPS).units):
        memory.add(stretch, Coded(data, is_key, base + number / FPS, base + number / FPS))
    recording = Recording(PastReader(memory, "cam"), tmp_path_factory.mktemp("film") / "clip.mp4", base, {})
    recording.stop()
    recording.join(5.0)
    return recording.state.files[0].path


@pytest.fixture
def feed(film: Path, vlc: VlcLibrary) -> Iterator[VlcFeed]:
    """The film, being played."""
    player = VlcPlayer(vlc)
    good = StreamAddress(str(film), datetime.now(UTC) + timedelta(minutes=5))
    made = player.open("film", lambda _camera, _kind, take: take(good), 320, 180)
    until(lambda: sight(made) is Sight.PLAYBACK, 6.0, "played")
    yield made
    player.close(10.0)
    assert player.decoding == 0


def sight(feed: VlcFeed) -> Sight:
    """What is true of it now."""
    return feed.watch().sight(time.monotonic())


def number(feed: VlcFeed) -> int:
    """Which picture of the film is shown."""
    strip = read(seen(feed.picture()))
    assert strip is not None
    assert strip.is_of("cam")
    return strip.frame


@pytest.mark.parametrize("times", [0.5, 1.0, 2.0, 4.0])
def test_a_clip_runs_as_fast_as_is_wished_and_says_where_it_is(feed: VlcFeed, times: float) -> None:
    feed.set_speed(times)
    feed.seek(1.5)
    until(lambda: 15 <= number(feed) <= 18, 3.0, "it goes on there, though no key picture is near")
    until(lambda: number(feed) >= 36, 6.0, "what was decoded before has gone by")
    began, first = time.monotonic(), number(feed)
    until(lambda: number(feed) >= first + round(8 * times), 5.0, "most of a second of it")
    fps = (number(feed) - first) / (time.monotonic() - began)
    assert fps == pytest.approx(FPS * times, rel=0.25)
    assert feed.position_s == pytest.approx(number(feed) / FPS, abs=0.2 * max(1.0, times))


def test_a_clip_that_stands_is_stepped_through_picture_by_picture_and_says_where_it_is(feed: VlcFeed) -> None:
    until(lambda: number(feed) >= 3, 3.0, "it runs")
    feed.pause()
    until(lambda: feed.position_s == pytest.approx(number(feed) / FPS, abs=0.1), 3.0, "it knows where it stands")
    for begin in (5.0, 9.94):
        feed.seek(begin)
        at = int(begin * FPS)
        until(lambda at=at: number(feed) == at, 8.0, "there")
        for by in (1, 1, 1, -1, -1, -1, -1, 1, 1):
            at += by
            feed.step(by > 0)
            place = pytest.approx(at / FPS, abs=0.02)
            until(lambda at=at, place=place: number(feed) == at and feed.position_s == place, 8.0, f"{at}, and says so")
    feed.resume()
    until(lambda: number(feed) >= at + 3, 3.0, "it goes on")
    assert feed.position_s == pytest.approx(number(feed) / FPS, abs=0.2)
