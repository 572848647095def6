"""A board of many tiles: no turn of Qt's loop opens, closes or paints many at once, and every tile has its turn."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import cast

import pytest
from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtGui import QColor, QImage, QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.video_wall.board_feeds import AT_ONCE, FEW, BoardFeeds
from desktop.video_wall.board_pace import FEWEST, LONG_S, LOOKED_AT_S, MOST_SETTLING, SETTLING_S, Pace
from desktop.video_wall.nearby import Nearby
from desktop.video_wall.players import Picture
from desktop.video_wall.players.right_of_way import MOST_S, RightOfWay
from desktop.video_wall.stream_address import Answer
from desktop.video_wall.tile import Tile
from desktop.video_wall.watchdog import Watch
from desktop.video_wall.words import say_in
from governance.camera import Camera, StreamKind
from governance.places import LonLat
from tests.fakes.quiet_player import QuietPlayer

PAGE = {f"camera {number}": (320, 180) for number in range(36)}
NEXT = {f"camera {number}": (320, 180) for number in range(30, 66)}


def nobody(_camera: str, _stream: StreamKind, _take: Callable[[Answer], None]) -> None:
    """No address comes."""


def feeds_of(player: QuietPlayer, parent: QObject) -> BoardFeeds:
    """The streams of a board."""
    return BoardFeeds(player, nobody, lambda: None, parent)


def test_a_page_is_opened_a_few_at_a_time_and_the_one_before_let_go_so(qtbot: QtBot) -> None:
    player, parent = QuietPlayer(), QObject()
    feeds = feeds_of(player, parent)
    for page in (PAGE, NEXT, PAGE):
        before = player.open_now()
        feeds.want(page, "")
        steps = [len(set(before) ^ set(player.open_now()))]
        assert all((feeds.get(camera) is None) == (feeds.awaited(camera) is not None) for camera in page)
        while player.watched != sorted(page):
            before = player.open_now()
            feeds._go_on()
            steps.append(len(set(before) ^ set(player.open_now())))
        assert max(steps) <= 2 * AT_ONCE
    assert len(player.feeds) == 36 + 30 + 30  # what both pages show is not opened anew
    feeds.close()
    assert player.open_now() == []


def test_qts_loop_opens_the_page_by_itself_the_chosen_camera_first(qtbot: QtBot) -> None:
    player, parent = QuietPlayer(), QObject()
    feeds = feeds_of(player, parent)
    feeds.want(PAGE, "camera 20")
    qtbot.waitUntil(lambda: player.watched == sorted(PAGE), timeout=3000)
    assert player.open_now()[0] == "camera 20"
    assert [feed.camera_id for feed in player.open_feeds if feed.is_selected] == ["camera 20"]
    feeds.close()


def test_turning_back_at_once_takes_back_what_was_not_let_go_yet(qtbot: QtBot) -> None:
    player, parent = QuietPlayer(), QObject()
    feeds = feeds_of(player, parent)
    feeds.want(PAGE, "")
    qtbot.waitUntil(lambda: player.watched == sorted(PAGE), timeout=3000)
    feeds.want(NEXT, "")
    feeds.want(PAGE, "")
    qtbot.waitUntil(lambda: player.watched == sorted(PAGE), timeout=3000)
    assert len(player.feeds) == 36
    feeds.close()


@pytest.mark.parametrize("many", range(1, FEW + 1))
def test_few_cameras_are_open_as_soon_as_they_are_wanted(qtbot: QtBot, many: int) -> None:
    player, parent = QuietPlayer(), QObject()
    feeds = feeds_of(player, parent)
    feeds.want(dict(list(PAGE.items())[:many]), "")
    assert len(player.open_now()) == many
    feeds.want({}, "")
    assert player.open_now() == []


class Hands:
    """A clock that goes on as it is told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Slate:
    """A tile, as far as a pace sees it."""

    def __init__(self, number: int) -> None:
        self.number, self.painting_s = number, 0.0


def slates(count: int) -> list[Tile]:
    """So many of them."""
    return cast(list[Tile], [Slate(number) for number in range(count)])


@pytest.mark.parametrize("count", [1, 3, 4, 9, 36])
@pytest.mark.parametrize("takes_s", [0.0, 0.001, 0.012, 0.05])
def test_every_tile_has_its_turn_and_a_slow_window_has_few_in_each(count: int, takes_s: float) -> None:
    pace, tiles = Pace(Hands()), slates(count)
    seen: list[int] = []

    def show(tile: Tile) -> bool:
        seen.append(cast(Slate, tile).number)
        tile.painting_s = takes_s
        return True

    most = 0
    for _ in range(3 * math.ceil(count / FEWEST)):
        before = len(seen)
        pace.turn(tiles, show)
        most = max(most, len(seen) - before)
        pace.was_painted()
    times = [seen.count(number) for number in range(count)]
    assert max(times) - min(times) <= 1
    assert min(times) >= 3
    if takes_s == 0.0:
        assert most == count if count > FEWEST else most <= FEWEST
    elif takes_s * (FEWEST + 2) > LONG_S:
        assert most <= FEWEST + 2


def test_after_a_change_of_all_tiles_turns_are_short_until_it_is_settled() -> None:
    clock, tiles = Hands(), slates(36)
    pace = Pace(clock)
    pace.slow_down()
    most: dict[bool, int] = {}
    while max(most.values(), default=0) < 36:
        is_settled = clock.now >= 100.0 + SETTLING_S
        before = pace.painted
        pace.turn(tiles, lambda _: True)
        most[is_settled] = max(most.get(is_settled, 0), pace.painted - before)
        pace.was_painted()
        clock.now += 0.05
    assert most[False] == MOST_SETTLING


def test_what_takes_long_to_look_at_goes_on_in_the_next_turn() -> None:
    clock, tiles = Hands(), slates(9)
    pace = Pace(clock)
    seen: list[Tile] = []

    def show(tile: Tile) -> bool:
        clock.now += LOOKED_AT_S * 0.6
        seen.append(tile)
        return False

    while len(seen) < 9:
        before = len(seen)
        pace.turn(tiles, show)
        assert len(seen) - before == 2
        assert pace.has_more
    assert seen[:9] == tiles


def test_tiles_that_did_not_change_cost_no_turn() -> None:
    pace, tiles = Pace(Hands()), slates(36)
    pace.turn(tiles, lambda tile: tile is tiles[35])
    assert (pace.painted, pace.has_more) == (1, False)


def test_whoever_decodes_waits_while_the_window_goes_first_and_not_for_ever() -> None:
    way = RightOfWay()
    way.wait()
    way.take()
    way.take()
    passed: list[float] = []

    def go() -> None:
        began = time.monotonic()
        way.wait()
        passed.append(time.monotonic() - began)

    threads = [threading.Thread(target=go) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5.0)
    assert len(passed) == 8
    assert min(passed) >= 0.9 * MOST_S
    way.give()
    way.give()
    way.wait()


def test_a_new_picture_repaints_the_picture_and_a_new_state_the_whole_tile(qtbot: QtBot) -> None:
    camera = Camera("33010400001320000001", "路口", LonLat(120.2, 30.27), "330104005051003", "公安", 0.0, 90.0, 150.0)
    tile = Tile(Nearby(camera, None, True), say_in("zh"))
    qtbot.addWidget(tile)
    tile.resize(320, 220)
    boxes: list[QRect] = []

    class Painted(QObject):
        def eventFilter(self, _: QObject, event: QEvent) -> bool:
            if isinstance(event, QPaintEvent):
                boxes.append(event.rect())
            return False

    watching = Painted()
    tile.installEventFilter(watching)
    image = QImage(320, 180, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    live = Watch(0.0).framed(1.0, None)
    assert tile.show_now(live, Picture(image, None, 1, 1.0), 1.0)
    with qtbot.waitExposed(cast(QWidget, tile)):
        tile.show()
    qtbot.waitUntil(lambda: len(boxes) > 0, timeout=3000)
    boxes.clear()
    assert not tile.show_now(live, Picture(image, None, 1, 1.0), 1.0)
    assert tile.show_now(live, Picture(image, None, 2, 1.0), 1.0)
    qtbot.waitUntil(lambda: boxes == [tile.picture_box()], timeout=3000)
    boxes.clear()
    assert tile.show_now(live, Picture(image, None, 3, 1.0), 9.0)
    qtbot.waitUntil(lambda: boxes == [tile.rect()], timeout=3000)
