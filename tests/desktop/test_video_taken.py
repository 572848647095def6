"""Cameras found in the tree, and what is taken out of a tile: a report, a clip, its past."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from desktop.dispatch.report_form import ReportForm
from desktop.photos import Photos
from desktop.situation.cameras import Cameras
from desktop.video_wall.players.clip import ClipEnd, ClipState
from desktop.video_wall.watchdog import Watch
from governance.commands import AttachReport
from governance.refusal import Refused
from tests.desktop.tiles_by_hand import fill, ids, shown, tiles
from tests.fakes.answered import AnsweredByHand
from tests.fakes.desks import FakeDesk
from tests.fakes.quiet_player import QuietFeed
from wire.camera_requests import CameraGroupIs, CameraGroupsAre, ReadCameraGroups
from wire.leaving_requests import LeavingRecorded

KEY, CTRL, SHIFT = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def rows(item: object) -> list[str]:
    """The texts of a row of the tree and of all that is unfolded below it."""
    found = [item.text(0)]  # type: ignore[attr-defined]
    for at in range(item.childCount()):  # type: ignore[attr-defined]
        found += rows(item.child(at))  # type: ignore[attr-defined]
    return found


def test_the_tree_finds_a_camera_and_opens_it_by_keys(qtbot: QtBot, opened: FakeDesk) -> None:
    tree, camera = tiles(opened).tree, opened.situation.cameras.all()[20]
    qtbot.keyClick(tiles(opened).board, KEY.Key_W, CTRL)
    assert tree.line.hasFocus()
    qtbot.keyClicks(tree.line, camera.id)
    qtbot.keyClick(tree.line, KEY.Key_Return)
    assert tree.branches.hasFocus()
    assert tree.branches.currentItem().text(0).startswith(camera.name)
    assert opened.selection.camera == camera.id
    qtbot.keyClick(tree.branches, KEY.Key_Return)
    assert shown(opened)[0] == camera.id
    qtbot.keyClick(tree.branches, KEY.Key_Escape)
    assert tree.isHidden()
    assert tiles(opened).board.hasFocus()


@pytest.mark.parametrize("sort", ["place", "department"])
def test_every_camera_stands_in_the_tree_once(qtbot: QtBot, opened: FakeDesk, sort: str) -> None:
    tree = tiles(opened).tree
    tiles(opened).switch_tree()
    tree.go_by(sort)
    root = tree.branches.invisibleRootItem()
    for at in range(root.childCount()):
        tree.branches._unfold_all(root.child(at))
    texts = [text for at in range(root.childCount()) for text in rows(root.child(at))]
    for camera in opened.situation.cameras.all():
        assert sum(text.startswith(camera.name) for text in texts) == 1, camera.name


@pytest.mark.parametrize(("sort", "typed"), [("route", ""), ("plan", ""), ("place", "没有这样的摄像机")])
def test_an_empty_tree_says_why(qtbot: QtBot, opened: FakeDesk, sort: str, typed: str) -> None:
    tree = tiles(opened).tree
    tiles(opened).switch_tree()
    tree.line.setText(typed)
    tree.go_by(sort)
    words = opened.seat.words
    assert tree.said.text() == (words("tree.not_found", text=typed) if typed else words(f"tree.none.{sort}"))


def test_routes_and_plans_are_those_of_the_server(qtbot: QtBot, opened: FakeDesk) -> None:
    first, second, third = ids(opened, 3)
    asked: list[object] = []

    def answer(request: object, came: Callable[[object, object], None]) -> None:
        asked.append(request)
        routes = (
            CameraGroupIs("route", ("江东大道", "北段"), (first, second)),
            CameraGroupIs("route", ("江东大道",), (third,)),
        )
        came(CameraGroupsAre(0, routes), None)

    opened.seat.ask = answer
    tree = tiles(opened).tree
    tiles(opened).switch_tree()
    tree.go_by("route")
    assert [type(request) for request in asked] == [ReadCameraGroups]
    (road,) = (tree.branches.topLevelItem(0),)
    group = road.data(0, Qt.ItemDataRole.UserRole)
    assert (group.name, group.all()) == ("江东大道", (first, second, third))
    tiles(opened).switch_tree()
    tiles(opened).switch_tree()
    assert len(asked) == 1, "not again within a minute"


def test_a_group_of_the_tree_takes_turns(qtbot: QtBot, opened: FakeDesk) -> None:
    tiles(opened).switch_tree()
    branches = tiles(opened).tree.branches
    branches.setCurrentItem(branches.topLevelItem(0))
    group = branches.currentItem().data(0, Qt.ItemDataRole.UserRole)
    qtbot.keyClick(branches, KEY.Key_Return, SHIFT)
    assert tiles(opened).turning.turns is not None
    assert tiles(opened).turning.turns.cameras == group.all()


def test_a_tile_becomes_a_report_for_the_selected_incident(qtbot: QtBot, opened: FakeDesk) -> None:
    opened.seat.photos = Photos(opened.wishes.append)
    qtbot.keyClick(tiles(opened).board, KEY.Key_S, CTRL)
    assert tiles(opened).said.whole == opened.seat.words("video.no_tile")
    camera = fill(opened, 1)[0]
    case = opened.choose("filed")
    board = tiles(opened).board
    board.choose(0)
    box = board.tile_of(0).image_box()
    qtbot.mouseClick(board.tile_of(0), Qt.MouseButton.LeftButton, pos=QPoint(box.left() + 1, box.center().y()))
    assert board.across == pytest.approx(0.0, abs=0.02)
    qtbot.keyClick(board, KEY.Key_S, CTRL)
    form = opened.card.open_form
    assert isinstance(form, ReportForm)
    made = form.command()
    assert isinstance(made, AttachReport)
    assert made.report.camera == camera
    assert made.report.occurred_at is not None
    assert form.incident == case.incident.id
    assert form.pictures is not None
    picture = form.pictures.pictures[0]
    assert hashlib.sha256(picture.data).hexdigest() == picture.sha256
    shown_image = QImage.fromData(picture.data)
    assert shown_image.height() > 36, "with its band of who and when"


def test_what_cannot_be_recorded_says_so(qtbot: QtBot, opened: FakeDesk) -> None:
    fill(opened, 1)
    tiles(opened).board.choose(0)
    qtbot.keyClick(tiles(opened).board, KEY.Key_F9, CTRL)
    assert tiles(opened).said.whole == opened.seat.words("clip.not_here")
    qtbot.keyClick(tiles(opened).board, KEY.Key_F8, CTRL)
    assert tiles(opened).said.whole == opened.seat.words("video.no_past")


class QuietRecording:
    """A clip that is written until it is stopped."""

    def __init__(self, path: Path) -> None:
        self.path, self.is_running, self.state = path, True, ClipState()

    def stop(self) -> None:
        self.is_running = False
        self.state = ClipState(end=ClipEnd.STOPPED)

    def join(self, wait_s: float) -> None:
        return


@pytest.fixture
def recording(opened: FakeDesk, monkeypatch: pytest.MonkeyPatch) -> tuple[FakeDesk, list[QuietRecording], list[Any]]:
    """A desk with one chosen tile that can be recorded: the clips begun, and the answers that the server has not given yet."""
    begun: list[QuietRecording] = []
    waiting: list[Any] = []

    def record(_feed: object, path: Path, _past_s: float, _marks: dict[str, str]) -> QuietRecording:
        begun.append(QuietRecording(path))
        return begun[-1]

    monkeypatch.setattr(QuietFeed, "record", record, raising=False)
    opened.seat.ask = lambda _request, came: waiting.append(lambda: came(LeavingRecorded(0, uuid4()), None))
    fill(opened, 1)
    tiles(opened).board.choose(0)
    return opened, begun, waiting


def test_a_clip_is_on_record_first_begins_once_and_has_a_name_of_its_own(qtbot: QtBot, recording: Any) -> None:
    desk, begun, waiting = recording
    board = tiles(desk).board
    for _ in range(2):
        qtbot.keyClick(board, KEY.Key_F9, CTRL)
    assert (begun, len(waiting)) == ([], 1), "nothing is written before it stands on record; two presses are one wish"
    waiting.pop()()
    assert len(begun) == 1
    qtbot.keyClick(board, KEY.Key_F9, CTRL)
    assert not begun[0].is_running
    qtbot.waitUntil(lambda: desk.window.banner.isVisible())
    qtbot.keyClick(board, KEY.Key_F9, CTRL)
    waiting.pop()()
    assert begun[1].path != begun[0].path, "in the same minute too"


def test_no_clip_outlives_the_officer_or_begins_after_him(qtbot: QtBot, recording: Any) -> None:
    desk, begun, waiting = recording
    qtbot.keyClick(tiles(desk).board, KEY.Key_F9, CTRL)
    waiting.pop()()
    desk.window.put_away()
    assert not begun[0].is_running
    tiles(desk).shown.emit()
    tiles(desk).board.look_again()
    qtbot.keyClick(tiles(desk).board, KEY.Key_F9, CTRL)
    desk.window.put_away()
    waiting.pop()()
    assert len(begun) == 1


@pytest.mark.parametrize("is_large", [False, True])
def test_esc_takes_back_a_clip_that_is_not_on_record_yet_and_ends_none_that_runs(
    qtbot: QtBot, recording: Any, is_large: bool
) -> None:
    desk, begun, waiting = recording
    panel = tiles(desk)
    if is_large:
        panel.board.enlarge()
    qtbot.keyClick(panel.board, KEY.Key_F9, CTRL)
    qtbot.keyClick(panel.board, KEY.Key_Escape)
    assert panel.said.whole == desk.seat.words("video.given_up")
    assert (panel.board.large is not None) is is_large, "one thing by one key"
    waiting.pop()()
    assert begun == []
    qtbot.keyClick(panel.board, KEY.Key_F9, CTRL)
    waiting.pop()()
    qtbot.keyClick(panel.board, KEY.Key_Escape)
    assert begun[0].is_running, "a recording is ended by its own key"


def test_a_tile_that_was_closed_meanwhile_is_not_recorded(qtbot: QtBot, recording: Any) -> None:
    desk, begun, waiting = recording
    qtbot.keyClick(tiles(desk).board, KEY.Key_F9, CTRL)
    tiles(desk).empty_all()
    waiting.pop()()
    assert begun == []
    assert tiles(desk).said.whole == desk.seat.words("clip.gone")


def test_the_tree_stays_unfolded_while_cameras_come_and_go(qtbot: QtBot, opened: FakeDesk) -> None:
    tiles(opened).switch_tree()
    branches = tiles(opened).tree.branches
    branches.topLevelItem(0).setExpanded(True)
    inner = branches.topLevelItem(0).child(0)
    inner.setExpanded(True)
    branches.setCurrentItem(inner.child(0))
    chosen, camera = branches.currentItem().text(0), opened.selection.camera
    opened.selection.choose_camera(None)
    tiles(opened).touch_cameras()
    assert branches.topLevelItem(0).child(0).isExpanded()
    assert branches.currentItem().text(0) == chosen
    assert camera is not None
    assert opened.selection.camera is None, "nobody chose anything"


class Remembered:
    """The last minutes of a camera, standing still."""

    def __init__(self) -> None:
        self.is_open = True

    def seek(self, ago_s: float) -> None:
        return

    def close(self) -> None:
        self.is_open = False

    def watch(self) -> Watch:
        return replace(Watch(0.0), is_playback=True)

    def picture(self) -> None:
        return None


@pytest.fixture
def guarded(opened: FakeDesk, monkeypatch: pytest.MonkeyPatch) -> tuple[FakeDesk, AnsweredByHand]:
    """A desk with two tiles, the first of a sensitive camera, minutes of which are remembered."""
    monkeypatch.setattr(QuietFeed, "remembered_s", lambda _feed: 90.0, raising=False)
    monkeypatch.setattr(QuietFeed, "play_back", lambda _feed, _ago_s, _w, _h: Remembered(), raising=False)
    listed = opened.situation.cameras.all()
    opened.situation.cameras = Cameras([replace(each, is_sensitive=at == 0) for at, each in enumerate(listed)])
    fill(opened, 2)
    opened.seat.photos = Photos(opened.wishes.append)
    tiles(opened).board.choose(0)
    return opened, AnsweredByHand(opened)


def test_a_sensitive_camera_is_looked_back_at_for_a_reason_that_is_on_record_first(qtbot: QtBot, guarded: Any) -> None:
    desk, server = guarded
    panel, board, words = tiles(desk), tiles(desk).board, desk.seat.words
    qtbot.keyClick(board, KEY.Key_Home)
    assert panel.reason.line.hasFocus()
    assert server.told() == []
    panel.reason.line.setText(" 看看  ")
    qtbot.keyClick(panel.reason.line, KEY.Key_Return)
    assert panel.reason.said.text() == words("viewing.short", least=4)
    assert panel.reason.line.text() == " 看看  ", "nothing that was written is lost"
    panel.reason.line.setText("核对车牌 号码")
    qtbot.keyClick(panel.reason.line, KEY.Key_Return)
    (asked,) = server.told()
    assert (asked.camera, asked.doing, asked.reason) == (board.camera, "look_back", "核对车牌 号码")
    assert board.past.of(board.camera) is None, "not before it stands on record"
    server.answer(refused=Refused("no_answer"))
    assert panel.said.whole == words("refused.viewing_not_on_record")
    assert board.past.of(board.camera) is None
    qtbot.keyClick(board, KEY.Key_Home)
    assert not panel.reason.isVisible(), "what was said of a camera holds while the officer sits here"
    server.answer()
    assert board.past.ago_s(board.camera) == pytest.approx(30.0)
    server.told()
    qtbot.keyClick(board, KEY.Key_Home)
    assert (server.told(), board.past.ago_s(board.camera)) == ([], pytest.approx(60.0)), "farther back is the same look"
    qtbot.keyClick(board, KEY.Key_End)
    qtbot.keyClick(board, KEY.Key_Home)
    assert [each.doing for each in server.told()] == ["look_back"], "another look is another row"
    desk.window.put_away()
    server.answer()
    assert board.past.of(board.camera) is None, "he is gone"
    board.look_again()
    qtbot.keyClick(board, KEY.Key_Home)
    assert panel.reason.isVisible(), "the next officer has reasons of his own"
    qtbot.keyClick(panel.reason.line, KEY.Key_Escape)
    assert (panel.reason.isVisible(), server.told()) == (False, [])


def test_an_ordinary_camera_is_looked_at_at_once_and_a_picture_of_a_sensitive_one_waits(qtbot: QtBot, guarded: Any) -> None:
    desk, server = guarded
    board = tiles(desk).board
    board.choose(1)
    qtbot.keyClick(board, KEY.Key_Home)
    assert board.past.ago_s(board.camera) == pytest.approx(30.0), "nobody waits"
    (asked,) = server.told()
    assert (asked.camera, asked.doing) == (board.camera, "look_back")
    assert asked.reason
    board.choose(0)
    qtbot.keyClick(board, KEY.Key_S, CTRL)
    tiles(desk).reason.line.setText("核对车牌号码")
    qtbot.keyClick(tiles(desk).reason.line, KEY.Key_Return)
    (asked,) = server.told()
    assert (asked.camera, asked.doing) == (board.camera, "snapshot")
    assert desk.card.open_form is None
    server.waiting.pop(0)
    server.answer(refused=Refused("reason_needed", "reason", because="sensitive_camera"))
    assert tiles(desk).reason.isVisible(), "the server wants to know more"
    assert tiles(desk).reason.line.text() == "核对车牌号码", "what was said stays to be changed"
    tiles(desk).reason.line.setText("核对三号车牌")
    qtbot.keyClick(tiles(desk).reason.line, KEY.Key_Return)
    server.answer()
    assert isinstance(desk.card.open_form, ReportForm)


def test_what_was_written_to_see_a_camera_live_is_not_asked_for_again(qtbot: QtBot, guarded: Any) -> None:
    desk, server = guarded
    board = tiles(desk).board
    desk.seat.reasons = desk.reasons
    desk.reasons.write([board.camera], "核对车牌号码")
    qtbot.keyClick(board, KEY.Key_Home)
    assert [(each.doing, each.reason) for each in server.told()] == [("look_back", "核对车牌号码")]
