"""Sub and main stream of a camera, by the size of its tile and by selection, without a gap in the picture."""

from __future__ import annotations

import time

import pytest

from desktop.video_wall.players.pyav import PyavFeed, PyavPlayer
from desktop.video_wall.stream_address import Answer, NoAddress
from desktop.video_wall.watchdog import Sight
from governance.camera import StreamKind
from server.drill.camera_strip import read
from tests.desktop.video.conftest import Town, seen, until

SMALL, WIDE = (208, 117), (1280, 720)


def switched(feed: PyavFeed, kind: StreamKind, within_s: float = 6.0) -> None:
    """Waits until a stream is seen; fails where the picture was away or not live in between."""
    numbers: list[int] = []

    def is_there() -> bool:
        watch, picture = feed.watch(), feed.picture()
        assert watch.sight(time.monotonic()) is Sight.LIVE
        assert picture is not None
        numbers.append(picture.number)
        return watch.stream is kind

    until(is_there, within_s, f"{kind} is seen")
    assert len(set(numbers)) > 1, "the old stream went on"


def live(feed: PyavFeed) -> bool:
    """Whether a feed is live."""
    return feed.watch().sight(time.monotonic()) is Sight.LIVE


def test_a_tile_made_wide_shows_the_main_stream_and_made_small_the_sub_stream(town: Town, player: PyavPlayer) -> None:
    feed = player.open(town.id(200), town.address_of, *SMALL)
    until(lambda: live(feed), 4.0, "live")
    assert feed.watch().stream is StreamKind.SUB
    feed.resize(*WIDE)
    switched(feed, StreamKind.MAIN)
    until(lambda: (p := feed.picture()) is not None and p.image.width() == 1280, 3.0, "full size")
    strip = read(seen(feed.picture()))
    assert strip is not None
    assert strip.is_of(town.id(200))
    still = feed.still()
    assert still is not None
    assert (still.image.width(), still.image.height()) == (1280, 720)
    feed.resize(*SMALL)
    switched(feed, StreamKind.SUB)
    until(lambda: player.decoding == 1, 6.0, "the other decoder ended")
    assert town.watched().get(f"{town.id(200)}/sub") == 1


def test_a_selected_tile_shows_the_main_stream_and_other_tiles_of_the_camera_with_it(town: Town, player: PyavPlayer) -> None:
    one, other = (player.open(town.id(201), town.address_of, *SMALL) for _ in range(2))
    until(lambda: live(one), 4.0, "live")
    one.select(True)
    switched(one, StreamKind.MAIN)
    assert other.watch().stream is StreamKind.MAIN
    assert other.picture() is one.picture()
    one.close()
    switched(other, StreamKind.SUB)


@pytest.mark.parametrize("why", ["no address", "not to be had"])
def test_a_main_stream_that_cannot_be_had_leaves_the_sub_stream_as_it_is(town: Town, player: PyavPlayer, why: str) -> None:
    asked: list[StreamKind] = []

    def address_of(camera: str, stream: StreamKind, take) -> None:  # type: ignore[no-untyped-def]
        asked.append(stream)
        answers: dict[StreamKind, Answer] = {StreamKind.MAIN: NoAddress("此岗位无权查看")}
        if stream is StreamKind.MAIN and why == "no address":
            take(answers[stream])
        elif stream is StreamKind.MAIN:
            town.address_of(f"{camera}9", stream, take)  # there is no such camera
        else:
            town.address_of(camera, stream, take)

    feed = player.open(town.id(202), address_of, *SMALL)
    until(lambda: live(feed), 4.0, "live")
    feed.resize(*WIDE)
    until(lambda: bool(feed.watch()) and StreamKind.MAIN in asked, 3.0, "asked for")
    until(lambda: feed.watch() is not None and player.decoding == 1, 6.0, "given up")
    watch = feed.watch()
    assert watch.stream is StreamKind.SUB
    assert watch.sight(time.monotonic()) is Sight.LIVE
    assert asked.count(StreamKind.MAIN) == 1, "it is not tried again at once"


def test_a_wide_tile_whose_main_stream_fails_falls_back_to_the_sub_stream(town: Town, player: PyavPlayer) -> None:
    def address_of(camera: str, stream: StreamKind, take) -> None:  # type: ignore[no-untyped-def]
        town.address_of(camera if stream is StreamKind.SUB else f"{camera}9", stream, take)

    feed = player.open(town.id(203), address_of, *WIDE)
    until(lambda: live(feed), 6.0, "live")
    assert feed.watch().stream is StreamKind.SUB
