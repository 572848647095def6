"""The clips of a desk: on record before they are played, always with their own time, a sentence where they do not play."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import av
import pytest
from av.video.stream import VideoStream
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.clip_files import KeptClip, find_clips, keep_note
from desktop.phrases import dated_text
from desktop.video_wall.players.choosing import Backend, ChosenPlayer, VideoSettings
from desktop.video_wall.watchdog import Sight
from governance.refusal import Refused
from tests.desktop.tiles_by_hand import fill, tiles
from tests.fakes.answered import AnsweredByHand
from tests.fakes.desks import FakeDesk
from wire.camera_requests import RecordViewing
from wire.leaving_requests import LeavingRecorded, RecordLeaving

KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
BEGAN, RATE, COUNT = datetime(2026, 11, 25, 1, 0, tzinfo=UTC), 10, 40


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Four seconds of video, a key picture each second."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=RATE, options={"preset": "ultrafast", "tune": "zerolatency", "g": "10"})
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv420p"
        for _ in range(COUNT):
            file.mux(stream.encode(av.VideoFrame(160, 90, "yuv420p")))
        file.mux(stream.encode())
    return path.read_bytes()


class Clips:
    """A desk with three clips of its first camera, one of them of the selected incident, and a server answered by hand."""

    def __init__(self, qtbot: QtBot, desk: FakeDesk, film: bytes) -> None:
        self.qtbot, self.desk, self.film = qtbot, desk, film
        self.camera = desk.situation.cameras.all()[0]
        self.incident = desk.choose("filed").incident.id
        self.folder = desk.folder.home / "clips"
        self.folder.mkdir()
        for at, incident in enumerate((None, self.incident, None)):
            self.keep(f"2026112{at}-090000-x", incident)
        player = ChosenPlayer(VideoSettings(Backend.PYAV))
        self.player, desk.seat.open_recorded = player, player.open_recorded
        fill(desk, 1)
        self.panel, self.view = tiles(desk), tiles(desk).clips.view
        self.panel.board.choose(0)
        self.server = AnsweredByHand(desk)

    def keep(self, name: str, incident: Any) -> KeptClip:
        """A clip of this officer's, with its note."""
        path = self.folder / f"{name}.mp4"
        path.write_bytes(self.film)
        digest, staff = hashlib.sha256(self.film).hexdigest(), self.desk.seat.officer.staff
        clip = KeptClip(path, self.camera.id, self.camera.name, BEGAN, COUNT / RATE, digest, uuid4(), incident, staff)
        keep_note(clip)
        return clip

    def play(self, at: int = 0) -> None:
        """Open the list and play one of them, on record."""
        self.qtbot.keyClick(self.panel.board, KEY.Key_F5, CTRL)
        for _ in range(at):
            self.qtbot.keyClick(self.panel.clips.list.line, KEY.Key_Down)
        self.qtbot.keyClick(self.panel.clips.list.line, KEY.Key_Return)
        if self.server.waiting:
            self.server.answer()

    def until(self, is_true: Callable[[], object]) -> None:
        """Wait for something to be so."""
        self.qtbot.waitUntil(lambda: bool(is_true()), timeout=5000)

    def stands_at(self) -> int:
        """The number of the picture that is shown."""
        moment = self.view.moment
        assert moment is not None
        return round((moment - BEGAN) / timedelta(seconds=1 / RATE))

    def sight(self) -> Sight:
        """What the tile shows."""
        assert self.view.tile is not None
        self.view.refresh()
        return self.view.tile.sight


@pytest.fixture
def clips(qtbot: QtBot, opened: FakeDesk, film: bytes) -> Iterator[Clips]:
    """A desk with clips; what plays them ends with the test."""
    made = Clips(qtbot, opened, film)
    yield made
    made.panel.clips.put_away()
    made.player.close(3.0)


def test_a_clip_is_on_record_then_played_in_its_tile_with_its_own_time_and_left_by_one_key(clips: Clips) -> None:
    qtbot, view, board = clips.qtbot, clips.view, clips.panel.board
    qtbot.keyClick(board, KEY.Key_F5, CTRL)
    rows = clips.panel.clips.list.rows.rows
    notes = [clips.desk.seat.words("clips.of_this") in row.note for row in rows]
    assert notes == [True, False, False], "that of the selected incident first"
    qtbot.keyClick(clips.panel.clips.list.line, KEY.Key_Return)
    (asked,) = clips.server.told()
    (kept,) = [clip for clip in find_clips(clips.folder) if clip.incident == clips.incident]
    assert isinstance(asked, RecordViewing)
    assert (asked.camera, asked.doing, asked.clip, asked.incident) == (
        clips.camera.id, "playback", kept.number, clips.incident,
    )  # fmt: skip
    assert view.isHidden(), "not before it stands on record"
    clips.server.answer()
    clips.until(lambda: clips.sight() is Sight.PLAYBACK)
    assert view.hasFocus()
    assert view.tile is not None
    qtbot.keyClick(view, KEY.Key_Space)
    view.seek(1.5)
    clips.until(lambda: clips.stands_at() == 15)
    for key, wanted in ((KEY.Key_Period, 16), (KEY.Key_Period, 17), (KEY.Key_Comma, 16), (KEY.Key_Comma, 15)):
        qtbot.keyClick(view, key)
        clips.until(lambda wanted=wanted: clips.stands_at() == wanted)
    view.seek(2.0)
    clips.until(lambda: clips.stands_at() == 20)
    view.refresh()
    assert view.tile._moment == dated_text(BEGAN + timedelta(seconds=2))
    assert view.bar.where.text() == "0:02 / 0:04"
    qtbot.keyClick(view, KEY.Key_Comma)  # over a key picture
    clips.until(lambda: clips.stands_at() == 19)
    clips.until(lambda: clips.desk.seat.words("clips.whole") in view.bar.said.whole)
    qtbot.keyClick(view, KEY.Key_Up)
    qtbot.keyClick(view, KEY.Key_Up)
    assert view.bar.speed.text() == "4×"
    began = time.monotonic()
    qtbot.keyClick(view, KEY.Key_Space)
    clips.until(lambda: clips.sight() is Sight.ENDED)
    assert time.monotonic() - began < 1.9, "two seconds at four times the speed"
    qtbot.keyClick(view, KEY.Key_Space)
    clips.until(lambda: clips.sight() is Sight.PLAYBACK)
    qtbot.keyClick(view, KEY.Key_Escape)
    assert view.isHidden()
    assert board.hasFocus()
    assert clips.panel.isVisible()
    clips.until(lambda: clips.player.decoding == 0)


def cut(film: bytes) -> bytes:
    return film[: len(film) // 3]


def changed(film: bytes) -> bytes:
    return film.replace(b"Lavf", b"Lavx")


def unknown(film: bytes) -> bytes:
    return film.replace(b"avc1", b"zzz1")


@pytest.mark.parametrize(
    ("damage", "said"),
    [(cut, "clips.damaged"), (changed, "clips.changed"), (unknown, "clips.no_codec"), (None, "clips.missing")],
)
def test_a_file_that_is_not_what_was_recorded_says_so(clips: Clips, damage: Callable[[bytes], bytes] | None, said: str) -> None:
    path, text = clips.folder / "20261121-090000-x.mp4", clips.desk.seat.words(said)
    if damage is None:
        path.unlink()
        clips.play()
        assert clips.panel.said.whole == text
        assert clips.view.isHidden()
        return
    path.write_bytes(damage(clips.film))
    assert path.read_bytes() != clips.film
    clips.play()

    def told() -> str:
        clips.view.refresh()
        assert clips.view.tile is not None
        return clips.view.tile._shown.headline + clips.view.bar.said.whole

    clips.until(lambda: text in told())


def test_a_copy_leaves_on_record_and_is_whole(clips: Clips, tmp_path: Path) -> None:
    clips.play()
    clips.server.told()
    to = tmp_path / "for the court.mp4"
    assert clips.view.clip is not None
    clips.panel.clips.copy_to(clips.view.clip, to)
    (asked,) = clips.server.told()
    assert isinstance(asked, RecordLeaving)
    assert (asked.what, asked.chosen["to"], to.exists()) == ("clip", str(to), False)
    clips.server.answer(LeavingRecorded(0, uuid4()))
    clips.until(to.exists)
    clips.until(lambda: clips.panel.said.whole == clips.desk.seat.words("clips.copied", file=to))
    assert to.read_bytes() == clips.film


def test_what_may_not_be_seen_or_comes_too_late_is_not_played(clips: Clips) -> None:
    qtbot, panel = clips.qtbot, clips.panel
    clips.server.told()
    for refused, said in (
        (Refused("not_your_role", role="DO"), "refused.not_your_role"),
        (Refused("no_session"), "refused.viewing_not_on_record"),
    ):
        qtbot.keyClick(panel.board, KEY.Key_F5, CTRL)
        qtbot.keyClick(panel.clips.list.line, KEY.Key_Return)
        clips.server.answer(refused=refused)
        assert panel.said.whole == clips.desk.seat.words(said, role=clips.desk.seat.words("role.DO"))
    other = replace(find_clips(clips.folder)[0], staff=uuid4(), incident=clips.incident)
    keep_note(replace(other, path=clips.folder / "20261129-090000-y.mp4"))
    (clips.folder / "20261129-090000-y.mp4").write_bytes(clips.film)
    qtbot.keyClick(panel.board, KEY.Key_F5, CTRL)
    qtbot.keyClick(panel.clips.list.line, KEY.Key_Return)
    assert panel.reason.line.hasFocus(), "somebody else's clip wants a reason in words"
    panel.reason.line.setText("核对三号车牌")
    qtbot.keyClick(panel.reason.line, KEY.Key_Return)
    clips.desk.window.put_away()
    clips.server.answer()
    assert clips.view.isHidden()


def test_esc_takes_back_what_is_not_on_record_yet_and_leaves_the_rest_as_it_is(clips: Clips, tmp_path: Path) -> None:
    qtbot, panel, said = clips.qtbot, clips.panel, clips.desk.seat.words("video.given_up")
    clips.server.told()
    qtbot.keyClick(panel.board, KEY.Key_F5, CTRL)
    qtbot.keyClick(panel.clips.list.line, KEY.Key_Return)
    incident = clips.desk.seat.selection.incident
    qtbot.keyClick(panel.board, KEY.Key_Escape)
    assert (panel.said.whole, clips.desk.seat.selection.incident) == (said, incident), "nothing else is left by it"
    clips.server.answer()
    assert clips.view.isHidden()
    clips.play()
    clips.until(lambda: clips.sight() is Sight.PLAYBACK)
    to = tmp_path / "copy.mp4"
    assert clips.view.clip is not None
    panel.clips.copy_to(clips.view.clip, to)
    qtbot.keyClick(clips.view, KEY.Key_Escape)
    clips.server.answer(LeavingRecorded(0, uuid4()))
    assert panel.said.whole == said
    assert not clips.view.isHidden(), "it goes on"
    qtbot.keyClick(clips.view, KEY.Key_Escape)
    assert clips.view.isHidden()
    panel.clips.put_away()
    assert not to.exists()


def test_notes_that_make_no_sense_say_nothing_and_hide_no_clip(tmp_path: Path) -> None:
    for name, note in (
        ("a", "{"),
        ("b", "[]"),
        ("c", '{"seconds": "x", "begins_at": "2026", "number": 7, "camera": "\\u0000c"}'),
    ):
        (tmp_path / f"{name}.mp4").write_bytes(b"")
        (tmp_path / f"{name}.json").write_text(note, "utf-8")
    (tmp_path / "d.mkv").write_bytes(b"")
    (tmp_path / ".e.mp4.part").write_bytes(b"")
    keep_note(KeptClip(tmp_path / "f.mp4", "cam", "门", BEGAN, 1.5, "ab", uuid4(), uuid4(), uuid4()))
    found = {clip.path.name: clip for clip in find_clips(tmp_path)}
    assert list(found) == ["f.mp4", "d.mkv", "c.mp4", "b.mp4", "a.mp4"]
    assert (found["c.mp4"].camera, found["c.mp4"].begins_at, found["c.mp4"].number) == ("c", None, None)
    assert (found["f.mp4"].is_there, found["f.mp4"].begins_at, found["f.mp4"].seconds) == (False, BEGAN, 1.5)
    assert find_clips(tmp_path / "nowhere") == []
