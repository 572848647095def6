"""Who plays what: PyAV cameras, libVLC recordings and gateways; and one clear line where libVLC is missing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.loops import coded, plain
from desktop.video_wall.players import Feed
from desktop.video_wall.players.choosing import Backend, ChosenPlayer, VideoSettings, backend_for
from desktop.video_wall.players.choosing_feed import ChoosingFeed
from desktop.video_wall.players.clip import Recording
from desktop.video_wall.players.hardware import acceleration
from desktop.video_wall.players.past import Coded, Form, PastMemory, PastReader
from desktop.video_wall.players.pyav import PyavFeed, PyavPlayer
from desktop.video_wall.players.recorded import RecordedFeed
from desktop.video_wall.players.vlc import VlcFeed
from desktop.video_wall.players.vlc_library import VlcLibrary
from desktop.video_wall.stream_address import Answer, NoAddress, StreamAddress
from desktop.video_wall.watchdog import Patience, Sight
from governance.camera import StreamKind
from server.drill.camera_strip import read
from tests.desktop.video.conftest import Town, seen, until

AUTO, PYAV, VLC = Backend.AUTO, Backend.PYAV, Backend.VLC
CASES = [
    ("a camera", AUTO, "rtsp", False, None, False, PYAV),
    ("a camera, whatever libVLC can", AUTO, "rtsp", False, True, True, PYAV),
    ("a gateway, nobody knows yet", AUTO, "http", False, None, False, None),
    ("a gateway", AUTO, "http", False, True, False, VLC),
    ("a gateway without libVLC", AUTO, "https", False, False, False, PYAV),
    ("a recording", AUTO, "file", True, True, False, VLC),
    ("a recording without libVLC", AUTO, "file", True, False, False, PYAV),
    ("an archive by RTSP that libVLC opens", AUTO, "rtsp", True, True, True, VLC),
    ("an archive by RTSP that libVLC cannot open", AUTO, "rtsp", True, True, False, PYAV),
    ("everything by PyAV", PYAV, "http", True, None, False, PYAV),
    ("cameras by a libVLC that cannot", VLC, "rtsp", False, True, False, PYAV),
    ("cameras by a libVLC that can", VLC, "rtsp", False, True, True, VLC),
]


@pytest.mark.parametrize(
    ("wanted", "scheme", "recorded", "has", "rtsp", "chosen"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_the_backend_follows_settings_address_and_purpose(
    wanted: Backend, scheme: str, recorded: bool, has: bool | None, rtsp: bool, chosen: Backend | None
) -> None:
    assert backend_for(wanted, scheme, recorded, has, rtsp) is chosen


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({}, VideoSettings()),
        ({"video": {"player": "vlc", "hardware": "auto"}}, VideoSettings(VLC, "auto")),
        ({"video": {"player": "mplayer", "hardware": 7}}, VideoSettings()),
        ({"video": ["vlc"]}, VideoSettings()),
        ({"video": {"player": [], "hardware": {}}}, VideoSettings()),
    ],
)
def test_settings_that_are_no_words_are_as_if_not_there(fields: dict[str, object], wanted: VideoSettings) -> None:
    assert VideoSettings.read(fields) == wanted


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """A recording of three seconds."""
    memory, form = PastMemory(), Form("h264", b"", 320, 180, StreamKind.SUB)
    stretch, base = memory.begin("cam", form), time.monotonic() - 3.0
    for number, (is_key, data) in enumerate(coded(plain("cam", (320, 180), 45), (320, 180), 15).units):
        memory.add(stretch, Coded(data, is_key, base + number / 15, base + number / 15))
    recording = Recording(PastReader(memory, "cam"), tmp_path / "clip.mp4", base, {})
    recording.stop()
    recording.join(5.0)
    return recording.state.files[0].path


def address(url: str) -> Callable[[str, StreamKind, Callable[[Answer], None]], None]:
    """Answers with this address at once."""
    good = StreamAddress(url, datetime.now(UTC) + timedelta(minutes=5))
    return lambda _camera, _stream, take: take(good)


@pytest.fixture
def new_player() -> Iterator[Callable[..., ChosenPlayer]]:
    """Makes players that are put away."""
    made: list[ChosenPlayer] = []

    def make(**how: object) -> ChosenPlayer:
        made.append(ChosenPlayer(patience=Patience(longest_retry_s=1.0), **how))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for player in made:
        player.close(10.0)
        assert player.decoding == 0


def chosen(feed: Feed) -> Feed | None:
    """Whose feed it is."""
    return feed.chosen if isinstance(feed, ChoosingFeed) else feed


def sight(feed: Feed) -> Sight:
    """What is true of it now."""
    return feed.watch().sight(time.monotonic())


def test_without_libvlc_recordings_are_played_all_the_same_and_it_is_said_once(
    clip: Path, new_player: Callable[..., ChosenPlayer]
) -> None:
    said: list[str] = []
    player = new_player(missing=said.append, library=VlcLibrary("a_module_that_is_not_there"))
    for _ in range(2):
        feed = player.open_recorded("clip", address(str(clip)), 320, 180)
        until(lambda feed=feed: sight(feed) is Sight.PLAYBACK, 4.0, "played")
        assert isinstance(chosen(feed), RecordedFeed)
        feed.close()
    assert said == ["video.vlc_missing"]


def test_a_libvlc_that_gives_no_instance_is_missing() -> None:
    library = VlcLibrary("tests.fakes.vlc_without_instance")
    library.look()
    library.join(5.0)
    assert (library.is_here, library.opens_rtsp) == (False, False)


def test_a_recording_is_played_by_libvlc_and_ends(clip: Path, vlc: VlcLibrary, new_player: Callable[..., ChosenPlayer]) -> None:
    player = new_player(library=vlc)
    feed = player.open_recorded("clip", address(str(clip)), 320, 180)
    until(lambda: sight(feed) is Sight.PLAYBACK, 6.0, "played")
    vlcs = chosen(feed)
    assert isinstance(vlcs, VlcFeed)
    strip = read(seen(feed.picture()))
    assert strip is not None
    assert strip.is_of("cam")
    until(lambda: seen(feed.picture()).shape[:2] == (180, 320), 1.0, "as large as it was recorded")
    until(lambda: sight(feed) is Sight.ENDED, 8.0, "ended")
    assert feed.picture() is not None, "its last picture stays"
    began = time.monotonic()
    feed.close()
    assert time.monotonic() - began < 0.05, "stop() is not waited for"


def test_a_camera_stays_with_pyav_and_a_refusal_is_said(
    town: Town, vlc: VlcLibrary, new_player: Callable[..., ChosenPlayer]
) -> None:
    player = new_player(library=vlc)
    feed = player.open(town.id(400), town.address_of, 208, 117)
    until(lambda: sight(feed) is Sight.LIVE, 4.0, "live")
    assert isinstance(chosen(feed), PyavFeed)
    assert town.asked.count(town.id(400)) == 1, "the address is not asked for twice"
    other = player.open(town.id(400), town.address_of, 208, 117)
    assert isinstance(other, PyavFeed), "what is open is not chosen anew"
    refused = player.open("nobody", lambda _camera, _stream, take: take(NoAddress("此岗位无权查看")), 208, 117)
    until(lambda: sight(refused) is Sight.REFUSED, 3.0, "refused")
    assert refused.watch().reason == "此岗位无权查看"


def test_a_gateway_is_played_by_libvlc_live(
    farm: tuple[int, int], vlc: VlcLibrary, new_player: Callable[..., ChosenPlayer]
) -> None:
    player = new_player(library=vlc)
    feed = player.open("c001", address(f"http://127.0.0.1:{farm[1] + 1}/c001/s15.flv?burst=1"), 640, 360)
    until(lambda: sight(feed) is Sight.LIVE, 8.0, "live")
    assert isinstance(chosen(feed), VlcFeed)


def test_where_libvlc_cannot_open_rtsp_cameras_are_pyavs_whatever_the_settings_say(
    town: Town, vlc: VlcLibrary, new_player: Callable[..., ChosenPlayer]
) -> None:
    said: list[str] = []
    player = new_player(library=vlc, settings=VideoSettings(VLC), missing=said.append)
    feed = player.open(town.id(401), town.address_of, 208, 117)
    until(lambda: sight(feed) is Sight.LIVE, 6.0, "live")
    assert isinstance(chosen(feed), VlcFeed if vlc.opens_rtsp else PyavFeed)
    assert said == ([] if vlc.opens_rtsp else ["video.vlc_no_rtsp"])


@pytest.mark.parametrize("setting", ["auto", "vaapi", "cuda", "no such device"])
def test_a_device_that_is_not_there_is_fallen_back_from_in_silence(town: Town, setting: str) -> None:
    player = PyavPlayer(hardware=setting)
    try:
        feed = player.open(town.id(402), town.address_of, 208, 117)
        until(lambda: sight(feed) is Sight.LIVE, 5.0, "live")
        assert acceleration("off") is None
    finally:
        player.close(10.0)
