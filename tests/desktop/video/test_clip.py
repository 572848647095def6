"""Clips and playback out of memory: written as it came, whole or not at all; played back and never called live."""

from __future__ import annotations

import hashlib
import time
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import pytest
from av.video.codeccontext import VideoCodecContext

from desktop.video_wall.players.clip import ClipEnd, Recording
from desktop.video_wall.players.past import Coded, Form, PastMemory, PastReader
from desktop.video_wall.players.pyav import PyavFeed, PyavPlayer
from desktop.video_wall.players.recorded import RecordedFeed
from desktop.video_wall.watchdog import Sight
from governance.camera import StreamKind
from server.drill.camera_strip import read, read_frame
from tests.desktop.video.conftest import Odd, Town, seen, until

SIZE = (640, 360)
MARKS = {"title": "景芳二区3号门", "artist": "值班员 王明", "comment": "330104000013200300"}


def live(feed: PyavFeed) -> bool:
    """Whether a feed is live."""
    return feed.watch().sight(time.monotonic()) is Sight.LIVE


def frames_of(path: Path) -> list[int | None]:
    """The numbers burned into the pictures of a clip."""
    with av.open(str(path)) as file:
        return [read_frame(frame.to_ndarray(format="bgr24")) for frame in file.decode(video=0)]


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_clip_holds_the_past_and_what_comes_picture_by_picture(
    odd: Odd, player: PyavPlayer, tmp_path: Path, suffix: str
) -> None:
    feed = player.open("whole", odd.address_of, *SIZE)
    until(lambda: live(feed) and feed.remembered_s() > 2.5, 6.0, "something is remembered")
    recording = feed.record(tmp_path / f"clip{suffix}", past_s=2.0, marks=MARKS)
    until(lambda: recording.state.seconds > 3.0, 4.0, "the past and a second more")
    recording.stop()
    recording.join(5.0)
    state = recording.state
    assert (state.end, state.gap_s, len(state.files)) == (ClipEnd.STOPPED, 0.0, 1)
    clip = state.files[0]
    assert hashlib.sha256(clip.path.read_bytes()).hexdigest() == clip.sha256
    assert [path.name for path in tmp_path.iterdir()] == [f"clip{suffix}"], "nothing lies beside it"
    numbers = frames_of(clip.path)
    assert None not in numbers
    steps = [(after - before) % 60 for before, after in pairwise(numbers)]  # type: ignore[operator]
    assert set(steps) == {1}, "no picture is missing"
    assert len(numbers) == pytest.approx(clip.seconds * 15, abs=3)
    with av.open(str(clip.path)) as file:
        assert {key.lower(): text for key, text in file.metadata.items()}.get("title") == MARKS["title"]
        assert float(file.duration) / av.time_base == pytest.approx(clip.seconds, abs=0.5)
    player.turn()
    feed.close()
    until(lambda: player.decoding == 0, 6.0, "the recording let go of its camera")


def coded_past(form: Form | None = None) -> tuple[PastMemory, float]:
    """Five seconds of a stream in memory, and when they began."""
    memory, base = PastMemory(), time.monotonic() - 5.0
    remember(memory, form or FORM, base, 75)
    return memory, base


def remember(memory: PastMemory, form: Form, base: float, count: int) -> None:
    """Pictures of a size, fifteen a second, put into memory."""
    context = av.CodecContext.create("libx264", "w")
    assert isinstance(context, VideoCodecContext)
    context.width, context.height, context.pix_fmt = form.width, form.height, "yuv420p"
    context.time_base, context.framerate = Fraction(1, 15), Fraction(15)
    context.options = {"preset": "ultrafast", "tune": "zerolatency", "x264-params": "keyint=15:repeat-headers=1:annexb=1"}
    stretch = memory.begin("cam", form)
    for number in range(count):
        frame = av.VideoFrame(form.width, form.height, "yuv420p")
        frame.pts = number
        for packet in context.encode(frame):
            at = base + number / 15
            memory.add(stretch, Coded(bytes(packet), packet.is_keyframe, at, at))


FORM = Form("h264", b"", 320, 180, StreamKind.SUB)


def test_a_stream_that_changes_gives_one_whole_file_for_each(tmp_path: Path) -> None:
    memory, base = coded_past()
    remember(memory, Form("h264", b"", 640, 360, StreamKind.MAIN), base + 5.0, 30)
    recording = Recording(PastReader(memory, "cam"), tmp_path / "clip.mp4", base, {})
    recording.stop()
    recording.join(5.0)
    files = recording.state.files
    assert [clip.path.name for clip in files] == ["clip.mp4", "clip-2.mp4"]
    sizes = []
    for clip in files:
        with av.open(str(clip.path)) as file:
            sizes.append({(frame.width, frame.height) for frame in file.decode(video=0)})
    assert sizes == [{(320, 180)}, {(640, 360)}]


def test_a_recording_ends_whole_before_the_disk_is_full(tmp_path: Path) -> None:
    memory, base = coded_past()
    free = iter([10**9])
    recording = Recording(PastReader(memory, "cam"), tmp_path / "clip.mp4", base, {}, lambda _: next(free, 10**6))
    until(lambda: recording.state.end is not None or recording.state.seconds > 4.0, 5.0, "the past is written")
    until(lambda: _goes_on(memory) and recording.state.end is not None, 5.0, "it looks again")
    assert recording.state.end is ClipEnd.DISK_FULL
    assert len(frames_of(recording.state.files[0].path)) > 70


def _goes_on(memory: PastMemory) -> bool:
    """Another picture comes."""
    remember(memory, FORM, time.monotonic(), 1)
    return True


@pytest.mark.parametrize(("folder", "reason"), [("missing", "No such file or directory"), ("full", "No space left on device")])
def test_a_clip_that_cannot_be_written_leaves_nothing_and_says_why(tmp_path: Path, folder: str, reason: str) -> None:
    memory, base = coded_past()
    path = tmp_path / folder / "clip.mp4"
    if folder == "full":
        path.parent.mkdir()
        (path.parent / ".clip.mp4.part").symlink_to("/dev/full")
    recording = Recording(PastReader(memory, "cam"), path, base, {}, lambda _: 10**9)
    recording.stop()
    recording.join(5.0)
    assert (recording.state.end, recording.state.files) == (ClipEnd.NOT_WRITTEN, ())
    assert reason in recording.state.reason
    assert [path for path in tmp_path.rglob("*") if path.is_file() or path.is_symlink()] == []


def test_a_camera_that_sent_nothing_gives_no_clip(tmp_path: Path) -> None:
    recording = Recording(PastReader(PastMemory(), "cam"), tmp_path / "clip.mp4", time.monotonic(), {})
    recording.stop()
    recording.join(5.0)
    assert recording.state.end is ClipEnd.NOTHING
    assert list(tmp_path.iterdir()) == []


# --- played back ---


def test_the_last_seconds_are_played_back_as_they_were_and_never_as_live(town: Town, player: PyavPlayer) -> None:
    feed = player.open(town.id(301), town.address_of, *SIZE)
    until(lambda: live(feed) and feed.remembered_s() > 3.5, 8.0, "something is remembered")
    past = feed.play_back(3.0, *SIZE)
    assert past is not None
    until(lambda: past.picture() is not None, 2.0, "a picture of the past")
    for ago_s, tolerance_s in ((3.0, 0.5), (1.0, 0.5)):
        past.seek(ago_s)
        until(lambda wanted=ago_s: abs((past.watch().age_s(time.monotonic()) or 0.0) - wanted) < 0.3, 2.0, "there")
        strip = read(seen(past.picture()))
        assert strip is not None
        assert strip.is_of(town.id(301))
        assert strip.age_s(15, time.time()) == pytest.approx(ago_s, abs=tolerance_s)
        assert past.watch().sight(time.monotonic()) is Sight.PLAYBACK
    past.pause()
    until(lambda: (past.watch().age_s(time.monotonic()) or 0.0) > 1.3, 3.0, "it stands and gets older")
    past.resume()
    past.to_live()
    until(lambda: (past.watch().age_s(time.monotonic()) or 9.0) < 0.6, 3.0, "the newest")
    assert past.watch().sight(time.monotonic()) is Sight.PLAYBACK
    assert live(feed)
    past.close()
    past.join(3.0)


def test_a_recording_is_played_as_one_and_ends_and_is_played_again(tmp_path: Path) -> None:
    memory, base = coded_past()
    recording = Recording(PastReader(memory, "cam"), tmp_path / "clip.mp4", base + 3.5, MARKS)
    recording.stop()
    recording.join(5.0)
    feed = RecordedFeed("clip", str(tmp_path / "clip.mp4"), SIZE)
    try:
        until(lambda: feed.watch().sight(time.monotonic()) is Sight.PLAYBACK, 3.0, "played")
        assert feed.watch().age_s(time.monotonic()) is None, "when it was is not known"
        assert feed.length_s == pytest.approx(2.0, abs=0.3)
        feed.seek(1.8)
        until(lambda: feed.watch().sight(time.monotonic()) is Sight.ENDED, 3.0, "ended")
        feed.retry()
        until(lambda: feed.watch().sight(time.monotonic()) is Sight.PLAYBACK and feed.position_s < 0.5, 3.0, "again")
    finally:
        feed.close()
        feed.join(3.0)


def test_a_file_that_is_none_is_said_to() -> None:
    feed = RecordedFeed("clip", "/nowhere/clip.mp4", SIZE)
    until(lambda: feed.watch().sight(time.monotonic()) is Sight.WRONG_ADDRESS, 3.0, "said")
    feed.close()
    feed.join(3.0)
