"""The tiles beside the map: by key, by mouse, by drag; undone, kept, and taking turns."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QDropEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from desktop.situation.cameras import Cameras
from desktop.video_wall.camera_drag import camera_in, carried
from desktop.video_wall.slots import WHOLE, TileSet
from tests.desktop.tiles_by_hand import fill, ids, shown, tiles
from tests.fakes.desks import FakeDesk

KEY, CTRL, SHIFT = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def drop(desk: FakeDesk, camera: str, at: int, slot: str = "") -> None:
    """Let a camera fall into a slot."""
    board = tiles(desk).board
    box = board._places[at]
    spot = QPointF(box.left + box.width / 2, box.top + box.height / 2)
    buttons, none, what = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, carried(camera, slot)
    board.dropEvent(QDropEvent(spot, Qt.DropAction.CopyAction, what, buttons, none))


def test_a_key_shows_the_tiles_and_hides_them_and_no_stream_stays_open(qtbot: QtBot, opened: FakeDesk) -> None:
    cameras = fill(opened)
    assert tiles(opened).isVisible()
    assert opened.player.watched == sorted(cameras)
    qtbot.keyClick(tiles(opened).board, KEY.Key_8, CTRL)
    assert not tiles(opened).isVisible()
    assert opened.player.watched == []
    assert opened.board.view.hasFocus()
    qtbot.keyClick(opened.board.view, KEY.Key_8, CTRL)
    assert opened.player.watched == sorted(cameras)
    assert tiles(opened).board.hasFocus()


def test_the_cameras_that_see_the_incident_open_by_one_key(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk()
    qtbot.keyClick(desk.board.view, KEY.Key_9, CTRL)
    assert tiles(desk).said.whole == desk.seat.words("video.no_incident")
    see = desk.situation.cameras.seeing
    case = max(desk.situation.cases.values(), key=lambda each: len(see(each.incident.place, 36)))
    hidden, *wanted = [camera.id for camera in see(case.incident.place, 36)]
    assert wanted, "two cameras see the same place"
    desk.seat.is_hidden = lambda camera, _place: camera.id == hidden
    desk.selection.choose_incident(case.incident.id)
    qtbot.keyClick(desk.board.view, KEY.Key_9, CTRL)
    assert [each for each in shown(desk) if each] == wanted, "a building hides the place from the nearest"
    desk.seat.is_hidden = lambda _camera, _place: True
    qtbot.keyClick(desk.board.view, KEY.Key_9, CTRL)
    assert tiles(desk).said.whole == desk.seat.words("video.nobody_sees")
    assert [each for each in shown(desk) if each] == wanted, "what was shown stays"


@pytest.mark.parametrize(("presses", "count"), [(0, 4), (1, 9), (2, 16), (3, 25), (4, 36), (5, 1), (6, 4)])
def test_one_key_shows_more_tiles(qtbot: QtBot, opened: FakeDesk, presses: int, count: int) -> None:
    for _ in range(presses):
        qtbot.keyClick(tiles(opened).board, KEY.Key_F7, CTRL)
    assert len(shown(opened)) == count
    assert [button.text() for button in tiles(opened).sides.values() if button.isChecked()] == [str(count)]


def test_keys_choose_exchange_lock_and_empty(qtbot: QtBot, opened: FakeDesk) -> None:
    a, b, c, d = fill(opened)
    board = tiles(opened).board
    board.choose(0)
    for key in (KEY.Key_Right, KEY.Key_Down, KEY.Key_Down, KEY.Key_Left):
        qtbot.keyClick(board, key)
    assert (board.at, board.camera) == (2, c)
    assert opened.selection.camera == c, "the map shows what the chosen camera sees"
    qtbot.keyClick(board, KEY.Key_Up, CTRL)
    assert shown(opened) == [c, b, a, d]
    assert board.at == 0, "the camera keeps being the chosen one"
    qtbot.keyClick(board, KEY.Key_Space)
    assert board.tiles.slots[0].is_locked
    qtbot.keyClick(board, KEY.Key_Delete)
    assert shown(opened) == ["", b, a, d]
    assert opened.player.watched == sorted([a, b, d])


def test_what_was_done_is_undone_step_by_step(qtbot: QtBot, opened: FakeDesk) -> None:
    a, b, c, d = fill(opened)
    board = tiles(opened).board
    board.choose(3)
    qtbot.keyClick(board, KEY.Key_Delete)
    qtbot.keyClick(board, KEY.Key_Plus)  # zooming into an empty tile is no step
    tiles(opened).take_side(1)
    for wanted in ([a, b, c, ""], [a, b, c, d], [a, b, c, ""]):
        qtbot.keyClick(board, KEY.Key_Z, CTRL)
        assert shown(opened) == wanted


def test_a_tile_takes_the_whole_board_and_gives_it_back(qtbot: QtBot, opened: FakeDesk) -> None:
    a, b, c, d = fill(opened)
    board = tiles(opened).board
    board.choose(1)
    qtbot.keyClick(board, KEY.Key_Return)
    assert opened.player.watched == [b]
    assert board.tile_of(1).size() == board.size()
    qtbot.keyClick(board, KEY.Key_Right)
    assert opened.player.watched == [c]
    qtbot.keyClick(board, KEY.Key_Escape)
    assert opened.player.watched == sorted([a, b, c, d])
    assert tiles(opened).isVisible(), "Esc left the large picture and nothing else"
    qtbot.mouseDClick(board.tile_of(3), Qt.MouseButton.LeftButton)
    assert opened.player.watched == [d]


def test_a_picture_is_enlarged_by_keys_and_wheel_and_more_pixels_are_asked_for(qtbot: QtBot, opened: FakeDesk) -> None:
    fill(opened, 1)
    board = tiles(opened).board
    board.choose(0)
    plain = opened.player.open_feeds[0].size
    qtbot.keyClick(board, KEY.Key_Plus)
    assert board.tiles.slots[0].zoom.times == pytest.approx(1.5)
    assert opened.player.open_feeds[0].size[0] == pytest.approx(1.5 * plain[0], abs=2)
    before = board.tiles.slots[0].zoom
    qtbot.keyClick(board, KEY.Key_Right, SHIFT)
    assert board.tiles.slots[0].zoom.x > before.x
    qtbot.keyClick(board, KEY.Key_0)
    assert board.tiles.slots[0].zoom == WHOLE
    tile = board.tile_of(0)
    corner = tile.image_box().topLeft() + QPoint(1, 1)
    none = Qt.KeyboardModifier.NoModifier
    turn = QWheelEvent(
        QPointF(corner), tile.mapToGlobal(QPointF(corner)), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton, none,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(tile, turn)
    left, top, size = board.tiles.slots[0].zoom.part()
    assert size < 1.0
    assert (left, top) == pytest.approx((0.0, 0.0), abs=0.01), "the place under the pointer stays"


def test_one_large_tile_among_small_ones(qtbot: QtBot, opened: FakeDesk) -> None:
    tiles(opened).take_side(3)
    cameras = fill(opened, 9)
    board = tiles(opened).board
    board.choose(0)
    qtbot.keyClick(board, KEY.Key_Plus, CTRL)
    assert len(shown(opened)) == 1 + 5
    assert board.tile_of(0).width() > 1.8 * board.tile_of(1).width()
    qtbot.keyClick(board, KEY.Key_Minus, CTRL)
    assert shown(opened) == cameras


def test_a_camera_falls_into_a_tile_and_two_tiles_exchange(qtbot: QtBot, opened: FakeDesk) -> None:
    a, b = fill(opened, 2)
    other = ids(opened, 9)[8]
    drop(opened, other, 3)
    assert shown(opened) == [a, b, "", other]
    board = tiles(opened).board
    drop(opened, a, 3, f"{id(board)} 0")
    assert shown(opened) == [other, b, "", a]
    drop(opened, a, 1, "4711 0")
    assert shown(opened) == [other, a, "", a], "from another board it is put there, not exchanged"
    drop(opened, "x" * 65, 2)
    assert shown(opened)[2] == ""
    for slot in ("99", "²", "-1", ""):
        drop(opened, b, 2, f"{id(board)} {slot}")
    drop(opened, other, 2, f"{id(board)} 1")
    assert shown(opened) == [other, a, other, a], "what stands there now is not what was carried"


@pytest.mark.parametrize("camera", ["33010400001320000001", "某摄像机", ""])
def test_what_the_pointer_carries_comes_out_as_it_went_in(camera: str) -> None:
    assert camera_in(carried(camera)) == camera


def test_a_menu_offers_what_the_keys_do(qtbot: QtBot, opened: FakeDesk) -> None:
    fill(opened, 1)
    board = tiles(opened).board
    spot = QPoint(5, 5)
    QApplication.sendEvent(board.tile_of(0), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, board.mapToGlobal(spot)))
    menu = tiles(opened).findChild(QMenu)
    assert menu is not None
    entries = {action.text().partition("\t")[0]: action for action in menu.actions()}
    words = opened.seat.words
    assert entries[words("tile.lock")].isEnabled()
    assert not entries[words("tile.whole")].isEnabled()
    entries[words("tile.empty")].trigger()
    menu.close()
    assert shown(opened) == ["", "", "", ""]
    qtbot.waitUntil(lambda: tiles(opened).findChild(QMenu) is None)


def test_a_layout_is_kept_by_name_and_comes_back(qtbot: QtBot, opened: FakeDesk, new_desk: Callable[..., FakeDesk]) -> None:
    cameras = fill(opened)
    board, layouts = tiles(opened).board, tiles(opened).layouts
    qtbot.keyClick(board, KEY.Key_O, CTRL)
    qtbot.keyClicks(layouts.line, "Gate")
    qtbot.keyClick(layouts.line, KEY.Key_Return)
    assert not layouts.isVisible()
    assert tiles(opened).said.whole == opened.seat.words("layouts.kept", name="Gate")
    tiles(opened).empty_all()
    opened.window.put_away()
    again = new_desk()
    again.window.top.command.begin("视频布局 gate")
    again.window.lines.enter("视频布局 gate")
    assert shown(again) == cameras
    assert tiles(again).isVisible()


def test_what_was_shown_comes_back_with_the_officer(qtbot: QtBot, opened: FakeDesk, new_desk: Callable[..., FakeDesk]) -> None:
    cameras = fill(opened)
    opened.window.put_away()
    opened.window.hide()
    again = new_desk()
    assert shown(again) == cameras
    qtbot.waitUntil(lambda: again.player.watched == sorted(cameras))


def test_a_layout_that_names_cameras_that_are_gone_says_so(qtbot: QtBot, opened: FakeDesk) -> None:
    layout = tiles(opened).board.tiles.put(0, "gone").put(1, ids(opened, 1)[0])
    tiles(opened).show_layout(layout)
    assert tiles(opened).said.whole == opened.seat.words("layouts.gone", count=1)
    assert opened.player.watched == ids(opened, 1)


def test_a_damaged_file_is_told_and_the_rest_is_there(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk()
    good = {"side": 1, "slots": [{"camera": ids(desk, 1)[0]}]}
    desk.folder.write("officers/wangming/video", {"now": {"side": 77}, "layouts": {"good": good, "bad": 5}})
    again = new_desk()
    assert tiles(again).tell_damage() == again.seat.words("video.damaged", names=f"{again.seat.words('video.now')} · bad")
    assert list(tiles(again).kept.layouts) == ["good"]
    assert again.window.banner.isVisible()
    aside = json.loads((again.folder.home / "officers/wangming/video.damaged.json").read_text())
    assert aside["layouts"]["bad"] == 5


def test_cameras_take_turns_in_tiles_that_are_not_locked(qtbot: QtBot, opened: FakeDesk) -> None:
    panel, cameras = tiles(opened), ids(opened, 10)
    panel.add(cameras[9])
    panel.board.change(panel.board.tiles.locked(0, True))
    panel.turning.begin("夜间", tuple(cameras[:7]), 10.0)
    assert shown(opened) == [cameras[9], *cameras[:3]]
    opened.clock_s = 7.0
    panel.turning.pass_time()
    assert opened.player.watched == sorted([cameras[9], *cameras[:6]]), "the next page is opened before it is shown"
    opened.clock_s = 10.0
    opened_before = len(opened.player.feeds)
    panel.turning.pass_time()
    assert shown(opened) == [cameras[9], *cameras[3:6]]
    assert len(opened.player.feeds) == opened_before, "what was opened ahead is taken over"
    qtbot.keyClick(panel.board, KEY.Key_PageUp)
    assert shown(opened) == [cameras[9], *cameras[:3]]
    qtbot.keyClick(panel.board, KEY.Key_I, CTRL)
    opened.clock_s = 500.0
    panel.turning.pass_time()
    assert shown(opened) == [cameras[9], *cameras[:3]], "paused"
    panel.turning.stop()
    assert shown(opened) == [cameras[9], *cameras[:3]]


def test_a_camera_put_in_by_hand_meanwhile_stays(qtbot: QtBot, opened: FakeDesk) -> None:
    panel, cameras = tiles(opened), ids(opened, 12)
    panel.turning.begin("夜间", tuple(cameras[:8]), 10.0)
    drop(opened, cameras[11], 2)
    assert panel.board.tiles.slots[2].is_locked
    panel.turning.turn_page(1)
    assert shown(opened)[2] == cameras[11]
    assert cameras[11] not in [camera for at, camera in enumerate(shown(opened)) if at != 2]


def test_a_street_takes_turns_by_its_name(qtbot: QtBot, opened: FakeDesk) -> None:
    panel = tiles(opened)
    offers = dict(panel.lists.offers())
    assert offers
    street = next(iter(offers))
    opened.window.lines.enter(f"轮巡 {street}")
    assert panel.turning.turns is not None
    assert street in panel.turning.line.whole
    panel.turning.dwell(-5.0)
    assert panel.turning.turns.dwell_s == 10.0


def test_the_tiles_stand_on_another_screen_and_come_back(qtbot: QtBot, opened: FakeDesk) -> None:
    cameras = fill(opened)
    panel = tiles(opened)
    qtbot.keyClick(panel.board, KEY.Key_F11, CTRL)
    assert panel.window() is not opened.window
    assert panel.window().windowTitle() == opened.seat.words("panel.video")
    assert opened.player.watched == sorted(cameras)
    panel.window().close()
    assert panel.window() is opened.window
    assert panel.isVisible()
    assert opened.player.watched == sorted(cameras)


def test_a_tile_that_is_down_is_tried_again_by_a_click(qtbot: QtBot, opened: FakeDesk) -> None:
    camera = fill(opened, 1)[0]
    tiles(opened).board.retry(0)
    assert opened.player.retried == [camera]


def test_leaving_the_window_lets_go_of_every_stream(qtbot: QtBot, opened: FakeDesk) -> None:
    fill(opened)
    opened.window.put_away()
    assert opened.player.watched == []
    QApplication.sendEvent(tiles(opened), QEvent(QEvent.Type.None_))


def test_what_was_arranged_comes_back_after_turns(qtbot: QtBot, opened: FakeDesk, new_desk: Callable[..., FakeDesk]) -> None:
    arranged, panel = fill(opened), tiles(opened)
    others = tuple(ids(opened, 12)[4:])
    panel.turning.begin("夜间", others, 10.0)
    panel.turning.turn_page(1)
    panel.turning.dwell(5.0)
    opened.window.put_away()
    assert [slot.camera for slot in panel.kept.now.slots[:4]] == arranged, "a page of turns is no arrangement"
    panel.turning.stop()
    qtbot.keyClick(panel.board, KEY.Key_Z, CTRL)
    assert shown(opened) == arranged


def test_a_camera_that_is_retired_leaves_its_tile(qtbot: QtBot, opened: FakeDesk) -> None:
    cameras = fill(opened, 2)
    kept = [camera for camera in opened.situation.cameras.all() if camera.id != cameras[0]]
    opened.situation.cameras = Cameras(kept)
    opened.map.cameras_touched.emit()
    assert opened.player.watched == [cameras[1]]
    assert tiles(opened).board.tile_of(0) is None


def test_a_locked_tile_out_of_sight_keeps_nothing_from_being_shown(opened: FakeDesk) -> None:
    layout = TileSet(1).put(3, "X").locked(3, True)
    assert layout.opened(["X"]).cameras() == ("X",)
