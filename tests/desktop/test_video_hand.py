"""A camera in hand: it moves as long as a key is held, is let go by everything that leaves it, and says who has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.situation.cameras import Cameras
from desktop.video_hand import VideoHand
from governance.refusal import Refused
from tests.desktop.tiles_by_hand import fill, tiles
from tests.fakes.answered import AnsweredByHand
from tests.fakes.desks import FakeDesk
from wire.camera_requests import CameraHeld, GoToPreset, HoldCamera, LetGoCamera, PresetIs, TurnCamera

KEY, CTRL, SHIFT = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PRESETS = (PresetIs("1", "大门"), PresetIs("2", "停车场"))


class Turned:
    """A desk with two tiles, the first of a camera that turns, and a server that is answered by hand."""

    def __init__(self, qtbot: QtBot, desk: FakeDesk, **about: Any) -> None:
        self.qtbot, self.desk = qtbot, desk
        cameras = desk.situation.cameras.all()
        changed = [replace(each, **({"is_ptz": True} | about)) if at == 0 else each for at, each in enumerate(cameras)]
        desk.situation.cameras = Cameras(changed)
        self.camera, self.other = fill(desk, 2)
        self.board, self.hand = tiles(desk).board, tiles(desk).hand
        self.server = AnsweredByHand(desk)
        self.board.choose(0)

    def take(self) -> VideoHand:
        """The camera is in hand."""
        self.press(KEY.Key_F6, CTRL)
        self.server.answer(self.held())
        self.server.told()
        return self.hand

    def held(self) -> CameraHeld:
        """What the server says where it is ours."""
        return CameraHeld(0, self.camera, self.desk.now + timedelta(seconds=30), PRESETS)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key, pressed and released."""
        self.qtbot.keyClick(self.board, key, modifier)

    def words(self, key: str, /, **details: object) -> str:
        """A text of the desk."""
        return self.desk.seat.words(key, **details)

    def said(self) -> str:
        """What stands over the tile; empty where nothing does."""
        bar = self.hand.bar
        return bar.whole if bar.isVisible() and bar.line.isVisible() else ""

    def buttons(self) -> list[str]:
        """The buttons over the tile."""
        return [name for name, button in self.hand.bar.does.items() if button.isVisible()]


@pytest.fixture
def turned(qtbot: QtBot, opened: FakeDesk) -> Turned:
    """A desk with a camera that turns."""
    return Turned(qtbot, opened)


def moves(turned: Turned) -> list[tuple[float, float, float, float]]:
    """The movements asked for since they were looked at last: right, up, nearer, seconds."""
    asked = turned.server.told()
    assert all(isinstance(each, TurnCamera) and each.camera == turned.camera for each in asked), asked
    return [(each.pan, each.tilt, each.zoom, each.seconds) for each in asked]


def pointer(tile: QWidget, kind: QEvent.Type, x: int, y: int) -> None:
    """The left button on a tile."""
    spot = QPointF(tile.rect().center() + QPoint(x, y))
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    held = none if kind == QEvent.Type.MouseButtonRelease else left
    button = none if kind == QEvent.Type.MouseMove else left
    QApplication.sendEvent(tile, QMouseEvent(kind, spot, tile.mapToGlobal(spot), button, held, Qt.KeyboardModifier.NoModifier))


def test_a_camera_in_hand_moves_while_something_is_held_and_stops_with_it(qtbot: QtBot, turned: Turned) -> None:
    board, still = turned.board, (0.0, 0.0, 0.0, 0.0)
    assert (turned.said(), turned.buttons()) == ("", ["take"])
    turned.press(KEY.Key_F6, CTRL)
    asked = turned.server.told()
    assert [(type(each), each.camera, bool(each.reason), each.take_over) for each in asked] == [
        (HoldCamera, turned.camera, True, False)
    ]
    assert turned.said() == turned.words("hand.asking")
    turned.server.answer(turned.held())
    assert turned.said() == turned.words("hand.held", seconds=30, presets="1 大门  2 停车场")
    assert board.hasFocus()
    for key, modifier, wish in (
        (KEY.Key_Left, Qt.KeyboardModifier.NoModifier, (-0.4, 0.0, 0.0, 1.0)),
        (KEY.Key_Up, SHIFT, (0.0, 1.0, 0.0, 1.0)),
        (KEY.Key_Plus, Qt.KeyboardModifier.NoModifier, (0.0, 0.0, 0.4, 1.0)),
        (KEY.Key_Minus, Qt.KeyboardModifier.NoModifier, (0.0, 0.0, -0.4, 1.0)),
    ):
        qtbot.keyPress(board, key, modifier)
        assert moves(turned) == [wish]
        turned.hand._move_on()
        assert moves(turned) == [wish], "and again as long as it is held"
        qtbot.keyRelease(board, key, modifier)
        assert moves(turned) == [still]
        assert not turned.hand._again.isActive()
    assert board.at == 0, "arrows turn and choose nothing"
    assert board.tiles.slots[0].zoom.times == 1.0
    tile = board.tile_of(0)
    assert tile is not None
    pointer(tile, QEvent.Type.MouseButtonPress, 0, 0)
    pointer(tile, QEvent.Type.MouseMove, 4, 0)
    assert moves(turned) == []
    pointer(tile, QEvent.Type.MouseMove, 600, -600)
    assert moves(turned) == [(1.0, 1.0, 0.0, 1.0)]
    pointer(tile, QEvent.Type.MouseButtonRelease, 600, -600)
    assert moves(turned) == [still]
    qtbot.keyPress(board, KEY.Key_Right)
    turned.server.told()
    turned.desk.board.view.setFocus()
    assert moves(turned) == [still], "the release would be heard by nobody here"


def test_presets_by_number_and_by_list_and_esc_lets_go(qtbot: QtBot, turned: Turned) -> None:
    hand = turned.take()
    turned.press(KEY.Key_2)
    turned.press(KEY.Key_9)
    assert turned.said() == turned.words("hand.no_preset", number=9)
    turned.press(KEY.Key_P)
    hand.list.line.setText("大")
    assert [row.name for row in hand.list.rows.rows] == ["1 大门"], "and nothing to keep"
    qtbot.keyClick(hand.list.line, KEY.Key_Return)
    assert [(type(each), each.preset) for each in turned.server.told()] == [(GoToPreset, "2"), (GoToPreset, "1")]
    assert turned.said() == turned.words("hand.going", name="大门")
    assert turned.board.hasFocus()
    turned.press(KEY.Key_Escape)
    assert [type(each) for each in turned.server.told()] == [LetGoCamera]
    assert (turned.said(), turned.buttons()) == ("", ["take"])
    assert tiles(turned.desk).isVisible(), "Esc let go and did nothing else"


def leave_by_choosing(turned: Turned) -> None:
    turned.board.choose(1)


def leave_by_emptying(turned: Turned) -> None:
    turned.press(KEY.Key_Delete)


def leave_by_hiding(turned: Turned) -> None:
    tiles(turned.desk).hide()


def leave_by_going(turned: Turned) -> None:
    turned.desk.window.put_away()


def leave_by_signing_off(turned: Turned) -> None:
    turned.desk.window.sign_off()


LEAVING = [leave_by_choosing, leave_by_emptying, leave_by_hiding, leave_by_going, leave_by_signing_off]


@pytest.mark.parametrize("leave", LEAVING)
def test_who_leaves_a_tile_lets_its_camera_go_also_when_it_comes_late(
    qtbot: QtBot, turned: Turned, leave: Callable[[Turned], None]
) -> None:
    hand = turned.take()
    qtbot.keyPress(turned.board, KEY.Key_Left)
    turned.server.told()
    turned.server.waiting.clear()
    leave(turned)
    qtbot.waitUntil(lambda: hand.camera == "")
    assert (hand.is_held, hand._again.isActive()) == (False, False)
    asked = turned.server.told()
    assert (type(asked[0]), asked[0].pan) == (TurnCamera, 0.0)
    if len(asked) == 1:  # the camera goes once it stands, whatever became of that
        turned.server.answer(refused=Refused("device_silent"))
        asked += turned.server.told()
    assert [type(each) for each in asked[1:]] == [LetGoCamera]


def test_an_answer_that_comes_for_a_camera_nobody_wants_any_more_lets_it_go(turned: Turned) -> None:
    turned.press(KEY.Key_F6, CTRL)
    turned.board.choose(1)
    assert [type(each) for each in turned.server.told()] == [HoldCamera], "nothing is ours yet"
    turned.server.answer(turned.held())
    assert [type(each) for each in turned.server.told()] == [LetGoCamera]
    assert not turned.hand.is_held
    turned.board.choose(0)
    for _ in range(3):  # asked for, thought better of, asked for again: one hand in the end
        turned.press(KEY.Key_F6, CTRL)
    turned.server.waiting.pop(0)
    for _ in range(2):
        turned.server.answer(turned.held())
    assert turned.hand.is_in_hand
    assert LetGoCamera not in [type(each) for each in turned.server.told()]


SINCE = {"who": "许岚", "since": "2026-11-25T01:12:00+00:00"}


@pytest.mark.parametrize(
    ("refused", "said", "buttons"),
    [
        (Refused("device_silent", "camera"), ("refused.device_silent",), []),
        (Refused("no_answer"), ("refused.no_answer",), []),
        (Refused("ptz_held", "camera", **SINCE, until="", may_take="no"), ("hand.other", "hand.ask_him"), []),
        (Refused("ptz_held", "camera", **SINCE, until="", may_take="yes"), ("hand.other", "hand.may_take"), ["over"]),
    ],
)
def test_why_a_camera_does_not_turn_stands_on_its_tile(
    turned: Turned, refused: Refused, said: tuple[str, ...], buttons: list[str]
) -> None:
    details = {"who": "许岚", "since": "09:12", "seconds": 20, "key": "Ctrl+F6"}
    if "until" in refused.details:
        until = (turned.desk.now + timedelta(seconds=20)).isoformat()
        refused = Refused(refused.code, refused.about, **(refused.details | {"until": until}))
    turned.press(KEY.Key_F6, CTRL)
    turned.server.answer(refused=refused)
    assert turned.said() == "".join(turned.words(key, **details) for key in said)
    assert turned.buttons() == buttons
    turned.server.told()
    turned.press(KEY.Key_F6, CTRL)
    (again,) = turned.server.told()
    assert again.take_over is bool(buttons)
    turned.server.answer(refused=refused)
    turned.desk.now += timedelta(minutes=1)
    turned.hand.settle()
    assert (turned.said(), turned.buttons()) == ("", ["take"])
    turned.press(KEY.Key_F6, CTRL)
    assert not turned.server.told()[0].take_over, "a minute later it is asked for plainly again"


@pytest.mark.parametrize(("about", "shift", "code"), [({"is_ptz": False}, "shift", "no_ptz"), ({}, None, "off_shift")])
def test_what_cannot_be_turned_says_so_and_asks_nobody(
    qtbot: QtBot, opened: FakeDesk, about: dict[str, Any], shift: str | None, code: str
) -> None:
    turned = Turned(qtbot, opened, **about)
    if shift is None:
        opened.seat.officer = replace(opened.seat.officer, shift=None)
    turned.press(KEY.Key_F6, CTRL)
    assert turned.said() == turned.words(f"refused.{code}")
    assert turned.server.told() == []


def test_a_camera_that_is_taken_over_or_at_rest_is_in_hand_no_more(qtbot: QtBot, turned: Turned) -> None:
    hand = turned.take()
    qtbot.keyPress(turned.board, KEY.Key_Left)
    turned.server.answer(refused=Refused("device_away", "camera"))
    assert hand.is_in_hand, "a device that did not answer once may the next time"
    assert not hand._again.isActive(), "but it is not asked again and again"
    qtbot.keyRelease(turned.board, KEY.Key_Left)
    qtbot.keyPress(turned.board, KEY.Key_Left)
    turned.server.told()
    turned.server.answer(refused=Refused("ptz_taken", "camera", who="许岚"))
    assert not hand.is_held
    assert turned.said() == turned.words("refused.ptz_taken", who="许岚")
    qtbot.keyRelease(turned.board, KEY.Key_Left)
    assert turned.server.told() == []
    turned.server.waiting.clear()
    turned.take()
    turned.desk.now += timedelta(seconds=31)
    hand.settle()
    assert not hand.is_held
    assert turned.said() == turned.words("hand.idle")
