"""The tile panel on a real screen with real streams: what an officer sees is read from its pixels."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from desktop.style.palette import DAY, NIGHT
from desktop.video_wall.players.pyav import PyavPlayer
from desktop.video_wall.stream_address import Answer, NoAddress
from desktop.video_wall.tile import Tile
from desktop.video_wall.tile_panel import TilePanel
from desktop.video_wall.watchdog import Sight
from desktop.video_wall.words import say_in
from governance.camera import StreamKind
from server.drill.camera_strip import read
from tests.desktop.video.conftest import PLACE, Town, pixels


@pytest.fixture
def panel(qtbot: QtBot, town: Town, player: PyavPlayer) -> Iterator[TilePanel]:
    """A panel as wide as the one in the incident card."""
    made = TilePanel(player, town.address_of, say_in("zh"), NIGHT)
    qtbot.addWidget(made)
    made.resize(424, 318)
    yield made
    made.close_feeds()


def picture_of(panel: TilePanel, number: int) -> QImage:
    """The pixels of one tile's picture as they stand on the screen."""
    box = panel.shown()[number].picture
    return panel.grab().toImage().copy(box.translated(-panel.mapToGlobal(panel.rect().topLeft())))


def sights(panel: TilePanel) -> list[Sight]:
    """What every tile says."""
    return [shown.sight for shown in panel.shown()]


def test_four_cameras_are_live_current_and_each_in_its_own_tile(qtbot: QtBot, town: Town, panel: TilePanel) -> None:
    cameras = [town.camera(n) for n in (100, 101, 102, 103)]
    panel.show_cameras(cameras, PLACE)
    panel.show()
    qtbot.waitUntil(lambda: panel.live() == 4, timeout=6000)
    qtbot.wait(300)
    first = []
    for k, camera in enumerate(cameras):
        strip = read(pixels(picture_of(panel, k)))
        assert strip is not None
        assert strip.is_of(camera.id)
        assert strip.age_s(15, time.time()) <= 0.5
        first.append((strip.frame, time.time()))
    qtbot.wait(1000)
    for k, (frame, at) in enumerate(first):
        strip = read(pixels(picture_of(panel, k)))
        assert strip is not None
        advance_s = (strip.frame - frame) % 65536 / 15
        assert advance_s == pytest.approx(time.time() - at, abs=0.4), "the counter advances with the clock"


def test_a_frozen_picture_is_grey_and_says_so_and_colour_returns(qtbot: QtBot, town: Town, panel: TilePanel) -> None:
    panel.show_cameras([town.camera(110)], PLACE)
    panel.show()
    qtbot.waitUntil(lambda: panel.live() == 1, timeout=6000)
    assert _colourful(picture_of(panel, 0))
    town.set_fault(110, "freeze")
    try:
        qtbot.waitUntil(lambda: sights(panel) == [Sight.FROZEN], timeout=6000)
        qtbot.wait(100)
        assert not _colourful(picture_of(panel, 0).copy(0, 0, 100, 180))
        assert panel.findChildren(Tile)[0].badge.startswith("画面冻结")
    finally:
        town.set_fault(110, None)
    qtbot.waitUntil(lambda: panel.live() == 1, timeout=6000)


def _colourful(image: QImage) -> bool:
    seen = pixels(image).astype(int)[:, :, :3]
    return float((seen.max(axis=2) - seen.min(axis=2)).mean()) > 5.0


def test_hidden_panels_watch_nothing_and_shown_again_are_live(
    qtbot: QtBot, town: Town, player: PyavPlayer, panel: TilePanel
) -> None:
    panel.show_cameras([town.camera(120), town.camera(121)], PLACE)
    panel.show()
    qtbot.waitUntil(lambda: panel.live() == 2, timeout=6000)
    panel.hide()
    qtbot.waitUntil(lambda: player.decoding == 0, timeout=6000)
    qtbot.waitUntil(lambda: not any(town.id(n) in key for n in (120, 121) for key in town.watched()), timeout=3000)
    panel.show()
    qtbot.waitUntil(lambda: panel.live() == 2, timeout=6000)


def test_cameras_that_stay_keep_their_stream(qtbot: QtBot, town: Town, panel: TilePanel) -> None:
    panel.show_cameras([town.camera(130), town.camera(131)], PLACE)
    panel.show()
    qtbot.waitUntil(lambda: panel.live() == 2, timeout=6000)
    asked = len(town.asked)
    panel.show_cameras([town.camera(132), town.camera(131)], PLACE)
    assert sights(panel)[1] is Sight.LIVE
    qtbot.waitUntil(lambda: panel.live() == 2, timeout=6000)
    assert town.asked[asked:] == [town.id(132)]


def test_an_empty_panel_says_that_there_is_no_camera(qtbot: QtBot, panel: TilePanel) -> None:
    panel.show_cameras([], PLACE)
    panel.show()
    qtbot.wait(20)
    inked = pixels(panel.grab().toImage())
    assert len({tuple(px) for px in inked[inked.shape[0] // 2 - 18 : inked.shape[0] // 2, :, :3].reshape(-1, 3)}) > 5
    assert panel.shown() == []


@pytest.mark.parametrize("press", ["click", "enter"])
def test_a_refused_tile_says_why_and_tries_again_by_mouse_or_key(
    qtbot: QtBot, town: Town, player: PyavPlayer, press: str
) -> None:
    answers: list[Callable[[Answer], None]] = []
    panel = TilePanel(player, lambda _camera, _stream, take: answers.append(take), say_in("zh"), DAY)
    qtbot.addWidget(panel)
    panel.resize(424, 318)
    panel.show_cameras([town.camera(140)], PLACE)
    panel.show()
    qtbot.waitUntil(lambda: sights(panel) == [Sight.WAITING], timeout=2000)
    answers[0](NoAddress("此岗位无权查看"))
    qtbot.waitUntil(lambda: sights(panel) == [Sight.REFUSED], timeout=2000)
    tile = panel.findChildren(Tile)[0]
    assert tile.badge == "鉴权失败"
    assert "此岗位无权查看" in tile.toolTip()
    qtbot.wait(1100)
    if press == "click":
        qtbot.mouseClick(tile, Qt.MouseButton.LeftButton)
    else:
        qtbot.keyClick(tile, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(answers) > 1, timeout=3000)
    town.address_of(town.id(140), StreamKind.SUB, answers[1])
    qtbot.waitUntil(lambda: panel.live() == 1, timeout=6000)
    panel.close_feeds()


def test_both_languages_and_both_themes_repaint(qtbot: QtBot, town: Town, panel: TilePanel) -> None:
    panel.show_cameras([town.camera(150)], PLACE)
    panel.show()
    qtbot.waitUntil(lambda: panel.live() == 1, timeout=6000)
    before = pixels(panel.grab().toImage())[-30:]
    panel.wear(say_in("en"), DAY)
    qtbot.waitUntil(lambda: panel.findChildren(Tile)[0].badge.startswith("Live"), timeout=2000)
    after = pixels(panel.grab().toImage())[-30:]
    assert after[:, :, :3].mean() > before[:, :, :3].mean() + 80
