"""The PyAV player on real RTSP: quick, current, honest about faults, and gone when it is closed."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from desktop.server_time import ServerTime
from desktop.video_wall.budget import Thrift
from desktop.video_wall.players import Feed
from desktop.video_wall.players.pyav import PyavPlayer
from desktop.video_wall.sight_words import shown_words
from desktop.video_wall.stream_address import Answer, NoAddress, StreamAddress
from desktop.video_wall.watchdog import Patience, Sight
from desktop.video_wall.words import say_in
from governance.camera import StreamKind
from server.drill.camera_strip import read, read_frame
from tests.desktop.video.conftest import Town, seen, told, until

SIZE = (208, 117)


def sight(feed: Feed) -> Sight:
    """What a feed's stream is worth now."""
    return feed.watch().sight(time.monotonic())


def shows(feed: Feed, *wanted: Sight) -> Callable[[], bool]:
    """A condition: the feed is in one of these states."""
    return lambda: sight(feed) in wanted


def test_a_camera_is_live_within_two_seconds_and_its_picture_is_current(town: Town, player: PyavPlayer) -> None:
    feed = player.open(town.id(1), town.address_of, *SIZE)
    assert until(shows(feed, Sight.LIVE), 2.0, "live") < 2.0
    ages = []
    for _ in range(10):
        strip = read(seen(feed.picture()))
        assert strip is not None
        assert strip.is_of(town.id(1))
        ages.append(strip.age_s(15, time.time()))
        time.sleep(0.05)
    assert max(ages) <= 0.5


def test_a_wrong_camera_in_a_tile_is_caught(town: Town, player: PyavPlayer) -> None:
    def mixed_up(camera: str, stream: StreamKind, take: Callable[[Answer], None]) -> None:
        town.address_of(town.id(3), stream, take)

    feed = player.open(town.id(2), mixed_up, *SIZE)
    until(shows(feed, Sight.LIVE), 5.0, "live")
    strip = read(seen(feed.picture()))
    assert strip is not None
    assert not strip.is_of(town.id(2))
    assert strip.is_of(town.id(3))


def test_two_tiles_of_one_camera_decode_once(town: Town, player: PyavPlayer) -> None:
    one = player.open(town.id(4), town.address_of, 160, 90)
    other = player.open(town.id(4), town.address_of, 320, 180)
    until(shows(one, Sight.LIVE), 5.0, "live")
    until(lambda: (p := one.picture()) is not None and p.image.width() == 320, 3.0, "scaled for the larger tile")
    assert one.picture() is other.picture() or other.picture() is not None
    assert player.decoding == 1
    assert town.watched()[f"{town.id(4)}/sub"] == 1
    other.close()
    until(lambda: (p := one.picture()) is not None and p.image.width() == 160, 3.0, "scaled for the tile that is left")
    assert sight(one) is Sight.LIVE


def test_cameras_that_fail_say_so_and_come_back(town: Town, player: PyavPlayer) -> None:
    faults = {10: "dead", 11: "stall", 12: "freeze"}
    first = {10: Sight.RECONNECTING, 11: Sight.STALE, 12: Sight.FROZEN}
    feeds = {number: player.open(town.id(number), town.address_of, *SIZE) for number in faults}
    for feed in feeds.values():
        until(shows(feed, Sight.LIVE), 5.0, "live")
    for number, fault in faults.items():
        town.set_fault(number, fault)
    try:
        until(shows(feeds[10], first[10]), 2.0, "reconnecting")
        until(shows(feeds[11], first[11]), 2.5, "stale")
        until(shows(feeds[12], first[12]), 5.0, "frozen")
        until(shows(feeds[11], Sight.RECONNECTING), 3.0, "a silent stream is opened anew")
        for feed in feeds.values():
            assert feed.picture() is not None, "the last picture stays, with its age"
            assert feed.watch().age_s(time.monotonic()) is not None
    finally:
        for number in faults:
            town.set_fault(number, None)
    for feed in feeds.values():
        until(shows(feed, Sight.LIVE), 5.0, "live again")


def test_cameras_that_never_open_say_why_and_come_back(town: Town, player: PyavPlayer) -> None:
    badges = {
        20: ("404", Sight.WRONG_ADDRESS),
        21: ("401", Sight.REFUSED),
        22: ("hang", Sight.RECONNECTING),
        23: ("dead", Sight.RECONNECTING),
    }
    for number, (fault, _) in badges.items():
        town.set_fault(number, fault)
    feeds = {number: player.open(town.id(number), town.address_of, *SIZE) for number in badges}
    try:
        for number, (_, badge) in badges.items():
            until(shows(feeds[number], badge), 7.0, str(badge))
            assert feeds[number].picture() is None
    finally:
        for number in badges:
            town.set_fault(number, None)
    for feed in feeds.values():
        feed.retry()
    for feed in feeds.values():
        until(shows(feed, Sight.LIVE), 8.0, "live after a retry")


def test_a_refused_picture_comes_back_by_itself(town: Town, player: PyavPlayer) -> None:
    town.set_fault(30, "401")
    feed = player.open(town.id(30), town.address_of, *SIZE)
    until(shows(feed, Sight.REFUSED), 3.0, "refused")
    town.set_fault(30, None)
    until(shows(feed, Sight.LIVE), 5.0, "live without a retry")


def test_an_expired_address_is_asked_for_again(town: Town, player: PyavPlayer) -> None:
    asked: list[str] = []

    def short_lived(camera: str, _stream: StreamKind, take: Callable[[Answer], None]) -> None:
        asked.append(camera)
        take(StreamAddress(town.url(camera, lifetime_s=4.0), datetime.now(UTC) + timedelta(seconds=4)))

    feed = player.open(town.id(31), short_lived, *SIZE)
    until(shows(feed, Sight.LIVE), 3.0, "live")
    time.sleep(2.5)
    assert sight(feed) is Sight.LIVE, "an expired address does not end a running stream"
    assert len(asked) == 1
    town.set_fault(31, "dead")
    until(shows(feed, Sight.RECONNECTING), 3.0, "reconnecting")
    town.set_fault(31, None)
    until(shows(feed, Sight.LIVE), 6.0, "live with a new address")
    assert len(asked) >= 2


@pytest.mark.parametrize("ahead_s", [-120.0, 120.0])
def test_a_desk_clock_two_minutes_off_judges_addresses_by_the_servers(town: Town, ahead_s: float) -> None:
    time_there = ServerTime()
    time_there.correct(ahead_s)
    asked: list[datetime] = []

    def answered(camera: str, _stream: StreamKind, take: Callable[[Answer], None]) -> None:
        asked.append(time_there.now())
        take(StreamAddress(town.url(camera), time_there.now() + timedelta(seconds=5)))

    player = PyavPlayer(Patience(longest_retry_s=1.0), chance=lambda: 0.0, utc_now=time_there.now)
    try:
        feed = player.open(town.id(33), answered, *SIZE)
        until(shows(feed, Sight.LIVE), 3.0, "live with an address that is good there")
        assert len(asked) == 1
        town.set_fault(33, "dead")
        until(lambda: (feed.watch(), len(asked) > 1)[1], 8.0, "asked anew once the address ended there")
        assert asked[1] - asked[0] >= timedelta(seconds=3) - timedelta(milliseconds=200)
        town.set_fault(33, None)
        until(shows(feed, Sight.LIVE), 6.0, "live with a new address")
    finally:
        town.set_fault(33, None)
        player.close(wait_s=10.0)


def test_a_tile_waits_for_its_address_and_says_what_the_server_refused(town: Town, player: PyavPlayer) -> None:
    waiting: list[Callable[[Answer], None]] = []
    feed = player.open(town.id(32), lambda _camera, _stream, take: waiting.append(take), *SIZE)
    time.sleep(0.3)
    assert sight(feed) is Sight.WAITING
    waiting[0](NoAddress("此岗位无权查看"))
    until(shows(feed, Sight.REFUSED), 2.0, "refused")
    assert feed.watch().reason == "此岗位无权查看"
    until(lambda: feed.watch() and len(waiting) > 1, 5.0, "asked again")
    town.address_of(town.id(32), StreamKind.SUB, waiting[1])
    until(shows(feed, Sight.LIVE), 5.0, "live")


@pytest.mark.parametrize("url", ["rtsp://127.0.0.1:9/none", "nonsense://x", "", "rtsp://[broken"])
def test_an_address_that_leads_nowhere_is_said_to(player: PyavPlayer, url: str) -> None:
    good = StreamAddress(url, datetime.now(UTC) + timedelta(minutes=5))
    feed = player.open("33010400001320000000", lambda _camera, _stream, take: take(good), *SIZE)
    until(shows(feed, Sight.RECONNECTING, Sight.WRONG_ADDRESS), 4.0, "said")


def test_over_budget_pictures_are_saved_on_and_come_back(town: Town, player: PyavPlayer) -> None:
    feed = player.open(town.id(34), town.address_of, *SIZE)
    until(shows(feed, Sight.LIVE), 3.0, "live")
    assert feed.watch().thrift is Thrift.NONE
    said = say_in("zh")
    for cores, thrift, words in ((0.0, Thrift.KEYS, "仅关键帧"), (64.0, Thrift.NONE, "")):
        player.cores = cores
        until(lambda wanted=thrift: feed.watch().thrift is wanted, 3.0, str(thrift))
        before = feed.watch().frames
        until(lambda n=before: feed.watch().frames >= n + 2, 8.0, "pictures still come")
        watch = feed.watch()
        assert watch.sight(time.monotonic()) is Sight.LIVE
        assert words in shown_words(watch, time.monotonic(), said).badge
        strip = read(seen(feed.picture()))
        assert strip is not None
        assert strip.is_of(town.id(34))
    until(lambda: feed.watch().frames >= 20, 5.0, "all pictures are shown again")


def test_thirty_cycles_leave_no_thread_no_descriptor_and_no_encoder(town: Town, player: PyavPlayer) -> None:
    def cycle(number: int) -> None:
        feed = player.open(town.id(number), town.address_of, *SIZE)
        if number % 3:
            until(shows(feed, Sight.LIVE), 5.0, "live")
        feed.close()

    cycle(41)
    until(lambda: player.decoding == 0, 6.0, "first threads ended")
    threads, files = threading.active_count(), len(os.listdir("/proc/self/fd"))
    for number in range(42, 72):
        cycle(number)
    until(lambda: player.decoding == 0, 6.0, "threads ended")
    assert threading.active_count() <= threads
    assert len(os.listdir("/proc/self/fd")) <= files
    until(lambda: not town.watched(), 3.0, "nothing is encoded")


def test_an_independent_camera_is_shown_live_with_its_faults(farm: tuple[int, int]) -> None:
    port, control_port = farm
    player = PyavPlayer(Patience(stale_s=1.0, frozen_s=1.5, longest_retry_s=1.0), chance=lambda: 0.0)
    url = f"rtsp://127.0.0.1:{port}/c001/s15?burst=1"
    address = StreamAddress(url, datetime.now(UTC) + timedelta(minutes=5))
    feed = player.open("c001", lambda _camera, _stream, take: take(address), 640, 360)
    until(shows(feed, Sight.LIVE), 3.0, "live")
    time.sleep(0.5)
    frame = read_frame(seen(feed.picture()))
    assert frame is not None
    assert (time.time() - frame / 15) % 20.0 <= 0.5
    for fault, badge in (("freeze", Sight.FROZEN), ("stall", Sight.STALE), ("dead", Sight.RECONNECTING)):
        told(control_port, {"set": {"c001/s15": fault}})
        until(shows(feed, badge), 6.0, f"{badge} on {fault}")
        told(control_port, {"set": {"c001/s15": None}})
        until(shows(feed, Sight.LIVE), 6.0, f"live after {fault}")
    player.close(wait_s=6.0)
    assert player.decoding == 0
