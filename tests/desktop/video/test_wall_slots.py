"""A wall's video slots on a real screen with real streams: which camera each shows, and that it goes on, read from pixels."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from desktop.map.plain_canvas import PlainCanvas
from desktop.video_wall.players.pyav import PyavPlayer
from desktop.video_wall.watchdog import Sight
from desktop.wall.video_body import VideoBody
from desktop.wall.wall_seat import WallSeat
from desktop.wall.wall_window import WallWindow
from desktop.words import Words
from governance.wall import Content, Slot, WallStanding
from server.drill.camera_strip import Strip, read
from tests.desktop.video.conftest import Town, pixels
from tests.fakes import situations, walls


@pytest.fixture
def wall(qtbot: QtBot, town: Town, player: PyavPlayer) -> Iterator[WallWindow]:
    """A wall of 1280x720 over the drill's cameras."""
    seat = WallSeat(Words("zh"), lambda: situations.NOW, player, town.address_of, PlainCanvas)
    made = WallWindow(seat)
    qtbot.addWidget(made)
    made.resize(1280, 720)
    made.show()
    yield made
    made.close()


def laid(town: Town, *numbers: int) -> WallStanding:
    """Cameras two by two, and a clock where a number is 0."""
    slots = [
        Slot(n % 2, n // 2, 1, 1, Content.CAMERA, town.id(number)) if number else Slot(n % 2, n // 2, 1, 1, Content.CLOCK)
        for n, number in enumerate(numbers)
    ]
    return walls.standing(*slots)


def tick(wall: WallWindow) -> list[str]:
    """The newest pictures are on the wall; the state of every slot."""
    for frame in wall.frames:
        frame.body.tick()
    return [frame.body.sight() for frame in wall.frames]


def strip_of(wall: WallWindow, slot: int) -> Strip | None:
    """What is read from the picture of a slot as it stands on the screen."""
    body = wall.frames[slot].body
    assert isinstance(body, VideoBody)
    box = body.tile.image_box()
    corner = body.tile.mapTo(wall, QPoint(box.x(), box.y()))
    picture: QImage = wall.grab().toImage().copy(corner.x(), corner.y(), box.width(), box.height())
    return read(pixels(picture))


def test_every_slot_shows_its_own_camera_and_goes_on(qtbot: QtBot, town: Town, wall: WallWindow) -> None:
    wall.show_standing(laid(town, 200, 201, 202, 0))
    qtbot.waitUntil(lambda: tick(wall) == [Sight.LIVE, Sight.LIVE, Sight.LIVE, ""], timeout=8000)
    qtbot.wait(300)
    tick(wall)
    first = [(strip_of(wall, slot), time.time()) for slot in range(3)]
    qtbot.wait(700)
    tick(wall)
    for slot, (before, at) in enumerate(first):
        after = strip_of(wall, slot)
        assert before is not None
        assert after is not None
        assert before.is_of(town.id(200 + slot))
        assert after.is_of(town.id(200 + slot))
        assert (after.frame - before.frame) % 65536 / 15 == pytest.approx(time.time() - at, abs=0.5)
    ages = [shown.age_s for shown in wall.shown()][:3]
    assert all(age is not None and age < 1.0 for age in ages)


def test_a_camera_that_moves_to_another_slot_goes_on_decoding_and_a_fault_is_said(
    qtbot: QtBot, town: Town, player: PyavPlayer, wall: WallWindow
) -> None:
    wall.show_standing(laid(town, 210, 211))
    qtbot.waitUntil(lambda: tick(wall) == [Sight.LIVE, Sight.LIVE], timeout=8000)
    asked = len(town.asked)
    wall.show_standing(laid(town, 211, 210))
    assert len(town.asked) == asked, "both were open already"
    qtbot.waitUntil(lambda: tick(wall) == [Sight.LIVE, Sight.LIVE], timeout=4000)
    qtbot.wait(200)
    tick(wall)
    moved = strip_of(wall, 0)
    assert moved is not None
    assert moved.is_of(town.id(211))
    town.set_fault(211, "freeze")
    try:
        qtbot.waitUntil(lambda: tick(wall)[0] == Sight.FROZEN, timeout=7000)
        assert wall.shown()[0].sight == "frozen"
        assert wall.shown()[1].sight == "live"
    finally:
        town.set_fault(211, None)
    wall.show_standing(laid(town, 0, 0))
    qtbot.waitUntil(lambda: player.decoding == 0, timeout=6000)
