"""A board of tiles with real streams: live, looked back at, recorded, turned over."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from pytestqt.qtbot import QtBot

from desktop.style.palette import NIGHT
from desktop.video_wall.nearby import Nearby
from desktop.video_wall.players.pyav import PyavPlayer
from desktop.video_wall.slots import TileSet
from desktop.video_wall.tile_board import TileBoard
from desktop.video_wall.watchdog import Sight
from desktop.video_wall.words import say_in
from server.drill.camera_strip import read
from tests.desktop.video.conftest import Town, pixels


@pytest.fixture
def board(qtbot: QtBot, town: Town, player: PyavPlayer) -> Iterator[TileBoard]:
    """A board of two by two over the cameras of the town."""
    cameras = {town.id(number): town.camera(number) for number in range(200, 240)}

    def near_of(camera: str) -> Nearby | None:
        return Nearby(cameras[camera], None, True) if camera in cameras else None

    made = TileBoard(player, town.address_of, near_of, say_in("zh"), NIGHT)
    qtbot.addWidget(made)
    made.resize(900, 620)
    made.show()
    yield made
    made.close_feeds()


def showing(town: Town, *numbers: int) -> TileSet:
    """A set of tiles with these cameras."""
    tiles = TileSet()
    for at, number in enumerate(numbers):
        tiles = tiles.put(at, town.id(number))
    return tiles


def test_each_tile_shows_its_own_camera_and_an_exchange_opens_nothing_anew(qtbot: QtBot, town: Town, board: TileBoard) -> None:
    board.show_set(showing(town, 200, 201, 202, 203))
    qtbot.waitUntil(lambda: board.live() == 4, timeout=8000)
    asked = len(town.asked)
    board.show_set(board.tiles.swapped(0, 3).swapped(1, 2))
    qtbot.waitUntil(lambda: board.live() == 4, timeout=8000)
    qtbot.wait(200)
    for at, number in enumerate((203, 202, 201, 200)):
        tile = board.tile_of(at)
        assert tile is not None
        strip = read(pixels(tile.grab().toImage().copy(tile.image_box())))
        assert strip is not None
        assert strip.is_of(town.id(number))
        assert strip.age_s(15, time.time()) <= 1.0
    assert town.asked[asked:] == []
    board.choose(2)
    qtbot.waitUntil(lambda: town.asked[asked:] == [town.id(201)], timeout=3000)  # the main stream of the one that is chosen


def test_what_is_opened_ahead_is_live_at_once_when_its_turn_comes(qtbot: QtBot, town: Town, board: TileBoard) -> None:
    board.show_set(showing(town, 204))
    board.open_ahead([town.id(205)])
    ahead = board.feeds.ahead(town.id(205))
    assert ahead is not None
    qtbot.waitUntil(lambda: ahead.picture() is not None, timeout=8000)
    board.show_set(showing(town, 205))
    assert board.live() == 1


def test_the_past_of_a_tile_is_no_live_picture_and_ends_with_one_key(qtbot: QtBot, town: Town, board: TileBoard) -> None:
    board.show_set(showing(town, 206))
    qtbot.waitUntil(lambda: board.live() == 1, timeout=8000)
    qtbot.waitUntil(lambda: board.feed.remembered_s() > 3.0, timeout=10_000)  # type: ignore[union-attr]
    assert board.look_back(30.0)
    tile = board.tile_of(0)
    assert tile is not None
    playing = board.past.of(town.id(206))
    assert playing is not None
    qtbot.waitUntil(lambda: tile.sight is Sight.PLAYBACK and playing.picture() is not None, timeout=5000)
    qtbot.waitUntil(lambda: (_age_s(board) or 0.0) > 1.0, timeout=5000)
    assert board.live() == 0
    assert board.to_live()
    assert board.live() == 1
    assert not board.to_live()
    playing.join(5.0)


def _age_s(board: TileBoard) -> float | None:
    """How old the picture of the first tile is, by the counter in it."""
    tile = board.tile_of(0)
    assert tile is not None
    strip = read(pixels(tile.grab().toImage().copy(tile.image_box())))
    return None if strip is None else strip.age_s(15, time.time())


def test_a_clip_holds_what_was_before_the_key(qtbot: QtBot, town: Town, board: TileBoard, tmp_path: Path) -> None:
    board.show_set(showing(town, 207))
    qtbot.waitUntil(lambda: board.live() == 1, timeout=8000)
    qtbot.waitUntil(lambda: board.feed.remembered_s() > 3.0, timeout=10_000)  # type: ignore[union-attr]
    recording = board.feed.record(tmp_path / "clip.mp4", 30.0, {"title": "x"})  # type: ignore[union-attr]
    assert recording is not None
    qtbot.waitUntil(lambda: recording.state.seconds > 2.0, timeout=8000)
    recording.stop()
    recording.join(5.0)
    (file,) = recording.state.files
    assert hashlib.sha256(file.path.read_bytes()).hexdigest() == file.sha256
    with av.open(str(file.path)) as clip:
        assert sum(1 for _ in clip.decode(video=0)) > 40
