"""Streams as they should not be: each a clear state, and the others do not notice."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psutil
import pytest

from desktop.video_wall.players.pyav import PyavFeed, PyavPlayer
from desktop.video_wall.sight_words import shown_words
from desktop.video_wall.watchdog import Patience, Sight
from desktop.video_wall.words import say_in
from server.drill.camera_strip import read
from tests.desktop.video.conftest import Odd, seen, until


@pytest.fixture
def player() -> Iterator[PyavPlayer]:
    """A player that tries again soon."""
    made = PyavPlayer(Patience(longest_retry_s=1.0, refused_retry_s=1.5), chance=lambda: 0.0)
    yield made
    made.close(wait_s=10.0)


def sight(feed: PyavFeed) -> Sight:
    """What a feed's stream is worth now."""
    return feed.watch().sight(time.monotonic())


class Witness:
    """A whole camera that is looked at as often as anything else: it must never notice."""

    def __init__(self, odd: Odd, player: PyavPlayer) -> None:
        self.feed = player.open("whole", odd.address_of, 320, 180)
        until(lambda: sight(self.feed) is Sight.LIVE, 4.0, "live")

    def is_live(self) -> bool:
        """Whether it still is."""
        assert sight(self.feed) is Sight.LIVE
        return True


def test_h265_odd_sizes_and_one_picture_a_second_are_shown(odd: Odd, player: PyavPlayer) -> None:
    witness = Witness(odd, player)
    feeds = {camera: player.open(camera, odd.address_of, 640, 360) for camera in ("h265", "size", "slow")}
    for camera, feed in feeds.items():
        until(lambda feed=feed: witness.is_live() and sight(feed) is Sight.LIVE, 8.0, f"{camera} live")
    until(lambda: witness.is_live() and feeds["slow"].watch().frames >= 3, 6.0, "one a second goes on")
    assert sight(feeds["slow"]) is Sight.LIVE
    for camera in ("h265", "slow"):
        strip = read(seen(feeds[camera].picture()))
        assert strip is not None, camera
        assert strip.is_of(camera)
    still = feeds["size"].still()
    assert still is not None
    assert (still.image.width(), still.image.height()) == (641, 359)


def test_a_size_that_changes_in_the_stream_changes_in_the_picture(odd: Odd, player: PyavPlayer) -> None:
    witness = Witness(odd, player)
    feed = player.open("turn", odd.address_of, 640, 360)
    widths: list[int] = []

    def looked() -> bool:
        picture = feed.picture()
        if witness.is_live() and picture is not None and widths[-1:] != [picture.image.width()]:
            widths.append(picture.image.width())
            assert read(seen(picture)) is not None
        return len(widths) >= 3 and sight(feed) is Sight.LIVE

    until(looked, 9.0, "both sizes and the first again")
    assert set(widths) == {320, 480}


def test_sound_alone_an_unknown_codec_a_wrong_address_and_a_refused_log_on_are_told_apart(odd: Odd, player: PyavPlayer) -> None:
    witness = Witness(odd, player)
    odd.set_fault("hurt", "401")
    wanted = {"sound": Sight.NO_VIDEO, "svac": Sight.NO_VIDEO, "nowhere": Sight.WRONG_ADDRESS, "hurt": Sight.REFUSED}
    try:
        feeds = {camera: player.open(camera, odd.address_of, 320, 180) for camera in wanted}
        for camera, state in wanted.items():
            until(lambda feed=feeds[camera], state=state: witness.is_live() and sight(feed) is state, 6.0, f"{camera}: {state}")
        shown = {
            camera: shown_words(feeds[camera].watch(), time.monotonic(), say_in("en")).headline for camera in ("sound", "svac")
        }
        assert shown == {"sound": "No video", "svac": "This desk cannot decode what the camera sends"}
    finally:
        odd.set_fault("hurt", None)
    until(lambda: witness.is_live() and sight(feeds["hurt"]) is Sight.LIVE, 5.0, "admitted after all")


def test_a_corrupt_stream_shows_no_damaged_picture_and_comes_back(odd: Odd, player: PyavPlayer) -> None:
    witness = Witness(odd, player)
    feed = player.open("hurt", odd.address_of, 320, 180)
    until(lambda: sight(feed) is Sight.LIVE, 4.0, "live")
    odd.set_fault("hurt", "corrupt")
    try:
        began, shown = time.monotonic(), set[int]()
        while time.monotonic() - began < 2.5:
            picture = feed.picture()
            assert witness.is_live()
            assert sight(feed) in (Sight.LIVE, Sight.STALE)
            if picture is not None and picture.number not in shown and time.monotonic() - began > 0.3:
                shown.add(picture.number)
                strip = read(seen(picture))
                assert strip is not None
                assert strip.is_of("hurt")
            time.sleep(0.02)
    finally:
        odd.set_fault("hurt", None)
    before = feed.watch().frames
    until(lambda: witness.is_live() and sight(feed) is Sight.LIVE and feed.watch().frames > before + 20, 6.0, "whole again")


def test_the_smallest_and_the_largest_pictures_are_shown(odd: Odd, player: PyavPlayer) -> None:
    witness = Witness(odd, player)
    feeds = {camera: player.open(camera, odd.address_of, 640, 360) for camera in ("tiny", "vast")}
    for camera, feed in feeds.items():
        until(lambda feed=feed: witness.is_live() and sight(feed) is Sight.LIVE, 8.0, f"{camera} live")
    until(lambda: witness.is_live() and feeds["vast"].watch().frames >= 3, 6.0, "it goes on")
    tiny, vast = feeds["tiny"].picture(), feeds["vast"].picture()
    assert tiny is not None
    assert (tiny.image.width(), tiny.image.height()) == (16, 16)
    assert vast is not None
    assert (vast.image.width(), vast.image.height()) == (640, 360)
    strip = read(seen(vast))
    assert strip is not None
    assert strip.is_of("vast")
    still = feeds["vast"].still()
    assert still is not None
    assert (still.image.width(), still.image.height()) == (7680, 4320)


def test_a_clock_that_leaps_by_hours_is_not_noticed(odd: Odd, player: PyavPlayer) -> None:
    witness = Witness(odd, player)
    feed = player.open("hurt", odd.address_of, 320, 180)
    until(lambda: sight(feed) is Sight.LIVE, 4.0, "live")
    odd.set_fault("hurt", "jump")
    try:
        began, before = time.monotonic(), feed.watch().frames
        while time.monotonic() - began < 4.0:
            assert witness.is_live()
            assert sight(feed) is Sight.LIVE
            time.sleep(0.02)
        assert feed.watch().frames - before >= 45, "of sixty"
        assert 3.0 < feed.remembered_s() < 8.0
    finally:
        odd.set_fault("hurt", None)


def test_a_camera_that_changes_its_codec_is_stale_and_then_live_again(odd: Odd, player: PyavPlayer) -> None:
    witness = Witness(odd, player)
    feed = player.open("hurt", odd.address_of, 320, 180)
    try:
        for camera, fault in (("hurt", None), ("h265", "as:h265"), ("hurt", None)):
            odd.set_fault("hurt", fault)
            until(lambda camera=camera: witness.is_live() and is_of(feed, camera), 7.0, camera)
    finally:
        odd.set_fault("hurt", None)


def is_of(feed: PyavFeed, camera: str) -> bool:
    """Whether a feed is live with the pictures of a camera; what is live is never anything but a whole picture."""
    if sight(feed) is not Sight.LIVE:
        return False
    strip = read(seen(feed.picture()))
    assert strip is not None
    return strip.is_of(camera)


def test_a_flood_of_garbage_is_no_picture_and_takes_no_memory(odd: Odd, player: PyavPlayer) -> None:
    witness, process = Witness(odd, player), psutil.Process()
    feed = player.open("hurt", odd.address_of, 320, 180)
    until(lambda: is_of(feed, "hurt"), 4.0, "live")
    odd.set_fault("hurt", "flood")
    try:
        before = process.memory_info().rss
        until(lambda: witness.is_live() and sight(feed) is not Sight.LIVE, 4.0, "not live")
        most, began = before, time.monotonic()
        while time.monotonic() - began < 1.5:
            assert witness.is_live()
            assert sight(feed) is not Sight.LIVE
            most = max(most, process.memory_info().rss)
            time.sleep(0.05)
        assert most - before < 48 * 2**20
    finally:
        odd.set_fault("hurt", None)
    until(lambda: witness.is_live() and is_of(feed, "hurt"), 8.0, "whole again")


def test_a_camera_that_says_something_and_never_answers_is_given_up_each_time(odd: Odd, player: PyavPlayer) -> None:
    witness = Witness(odd, player)
    feed = player.open("hurt", odd.address_of, 320, 180)
    until(lambda: is_of(feed, "hurt"), 4.0, "live")
    try:
        for fault in ("dead", "drip"):
            odd.set_fault("hurt", fault)
            until(lambda: witness.is_live() and sight(feed) is Sight.RECONNECTING, 4.0, fault)
        tries = feed.watch().tries
        until(lambda: witness.is_live() and feed.watch().tries >= tries + 2, 12.0, "given up and tried again")
        feed.close()
        until(lambda: witness.is_live() and player.decoding == 1, 6.0, "its thread ended")
    finally:
        odd.set_fault("hurt", None)
