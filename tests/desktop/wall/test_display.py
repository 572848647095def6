"""A display over a link that says only what a test tells it to: layouts by revision, reports, restarts, a lost server."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from msgspec import structs
from pytestqt.qtbot import QtBot

from desktop.camera_addresses import CameraAddresses
from desktop.link.from_server import ChangesCame, Enquired, LinkState, LoggedOn, LogOnRefused, Moved, SessionOver, SnapshotCame
from desktop.link.machine_key import MachineKey
from desktop.link.thread import Link
from desktop.link.to_server import Enquire, LogOnWall, Watch
from desktop.map.plain_canvas import PlainCanvas
from desktop.server_time import ServerTime
from desktop.settings import DeskFolder
from desktop.town_arrival import TownArrival
from desktop.video_wall.watchdog import Failure
from desktop.video_wall.watchdog import Watch as Seen
from desktop.wall.board_body import BoardBody
from desktop.wall.display import WallDisplay
from desktop.wall.standing_file import NAME, StandingFile
from desktop.wall.wall_seat import WallSeat
from desktop.wall.wall_window import WallWindow
from desktop.words import Words
from governance.changes import Change, WallChanged
from governance.people import Officer, Role
from governance.refusal import Refused
from governance.wall import Content, Slot, WallStanding
from tests.fakes import situations, walls
from tests.fakes.quiet_link import QuietLink, session
from tests.fakes.quiet_player import QuietPlayer
from wire.camera_requests import ReportHealth
from wire.publications import POSITION
from wire.wall_requests import ReadWallBoard, ReportWall

DISPLAY = replace(situations.OFFICER, role=Role.WALL, name="主屏", clearance=0)
KEY = MachineKey(b"p" * 40, b"s" * 40)
RESERVED = Slot(1, 0, 1, 1, Content.RESERVED)


class Shown:
    """A display in a window, and the link it hears."""

    def __init__(self, home: Path) -> None:
        self.link, self.player, self.words = QuietLink(), QuietPlayer(), Words("zh")
        self.now = situations.NOW
        self.clock_s = 0.0
        submit: Callable[[Any], object] = self.link.submit
        addresses = CameraAddresses(submit, self.words, lambda _camera: ("wall main", None), lambda: self.clock_s)
        self.seat = WallSeat(self.words, lambda: self.now, self.player, addresses.ask, PlainCanvas)  # type: ignore[arg-type]
        self.window = WallWindow(self.seat)
        self.window.resize(1280, 720)
        kept = StandingFile(DeskFolder(home), "main")
        self.towns = TownArrival()
        self.display = WallDisplay(
            "main", KEY, cast(Link, self.link), self.window, self.seat, kept, addresses, ServerTime(), self.towns, "somewhere:1"
        )  # fmt: skip

    def hear(self, *said: Any) -> None:
        for each in said:
            self.link.arrived.put(each)
        self.display.drain()

    def sign_on(self, *stands: WallStanding, officer: Officer = DISPLAY) -> None:
        """The server lets it, and tells how the wall stands."""
        taken = situations.snapshot(count=0)
        taken = structs.replace(taken, walls=stands, cases=(), workers=(), shifts=(), positions=b"", numbers={"wall/main": 1})
        self.hear(LoggedOn(session("wall:main", officer, "")), LinkState(True, self.now), SnapshotCame(taken))

    def change(self, stands: WallStanding) -> None:
        """The wall stands otherwise."""
        number = self.seat.situation.numbers["wall/main"] + 1
        self.hear(ChangesCame((Change("wall/main", number, self.now, None, WallChanged(stands)),)))

    def asked(self, kind: type) -> list[Any]:
        """The requests of a kind that went out."""
        wishes = [wish.request for wish in self.link.wishes if isinstance(wish, Enquire)]
        return [each for each in wishes if isinstance(each, kind)]

    def contents(self) -> list[tuple[Content, str]]:
        return [(frame.slot.content, frame.slot.camera) for frame in self.window.frames]


@pytest.fixture
def new_display(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[[], Shown]]:
    made: list[Shown] = []

    def make() -> Shown:
        shown = Shown(tmp_path)
        made.append(shown)
        qtbot.addWidget(shown.window)
        shown.window.show()
        shown.display.start()
        return shown

    yield make
    for shown in made:
        shown.display.stop()


@pytest.fixture
def shown(new_display: Callable[[], Shown]) -> Shown:
    return new_display()


def test_it_signs_on_by_the_key_of_its_machine_and_shows_what_is_laid_out(shown: Shown) -> None:
    (wish,) = [each for each in shown.link.wishes if isinstance(each, LogOnWall)]
    assert (wish.wall, wish.public_key, wish.secret_key) == ("main", KEY.public, KEY.secret)
    assert "正在连接" in shown.window.notice.text()
    shown.sign_on(walls.standing(walls.eye(0, 0), walls.eye(1, 1)))
    assert shown.contents() == [(Content.CAMERA, walls.EYES[0]), (Content.CAMERA, walls.EYES[1])]
    assert shown.window.notice.isHidden()


def test_a_slot_that_goes_on_keeps_its_stream_and_one_that_changed_lets_go(shown: Shown) -> None:
    shown.sign_on(walls.standing(walls.eye(0, 0), walls.eye(1, 1)))
    kept = shown.window.frames[0]
    shown.change(walls.standing(walls.eye(0, 0), walls.eye(2, 1), rev=4))
    assert shown.window.frames[0] is kept
    assert shown.player.open_now() == [walls.EYES[0], walls.EYES[2]]


def test_every_second_it_reports_what_each_slot_truly_shows(shown: Shown) -> None:
    shown.sign_on(walls.standing(walls.eye(0, 0), Slot(1, 0, 1, 1, Content.BOARD)))
    now = time.monotonic()
    shown.player.watches[walls.EYES[0]] = Seen(now).addressed().framed(now - 3.0, 1)
    for frame in shown.window.frames:
        frame.body.tick()
    shown.display.pass_second()
    (report,) = shown.asked(ReportWall)
    first, second = report.slots
    assert (report.rev, report.width, report.height) == (3, 1280, 720)
    assert (first.content, first.camera, first.sight) == (Content.CAMERA, walls.EYES[0], "stale")
    assert first.age_s == pytest.approx(3.0, abs=0.5)
    assert (second.content, second.sight, second.age_s) == (Content.BOARD, "", None)


def test_a_camera_whose_picture_does_not_come_back_is_told_of_once(shown: Shown) -> None:
    shown.sign_on(walls.standing(walls.eye(0, 0), walls.eye(1, 1)))
    shown.player.watches[walls.EYES[0]] = Seen(0.0).addressed().failed(time.monotonic(), Failure.NO_VIDEO, 0.0)
    for shown.clock_s in (0.0, 5.0, 10.5, 20.0):
        for frame in shown.window.frames:
            frame.body.tick()
    assert [(each.camera, each.is_live) for each in shown.asked(ReportHealth)] == [(walls.EYES[0], False)]
    shown.hear(SessionOver("expired"))
    shown.clock_s = 60.0
    shown.window.frames[0].body.tick()
    assert len(shown.asked(ReportHealth)) == 1, "nobody listens"


def test_the_last_layout_is_there_after_a_restart_before_the_server_speaks(
    shown: Shown, new_display: Callable[[], Shown]
) -> None:
    shown.sign_on(walls.standing(walls.eye(0, 0), walls.eye(1, 1), rev=9))
    again = new_display()
    assert again.contents() == [(Content.CAMERA, walls.EYES[0]), (Content.CAMERA, walls.EYES[1])]
    assert "第 9 版，可能已不是最新" in again.window.notice.text()
    assert again.window.notice.text() in again.window.windowTitle()
    assert not [wish for wish in again.link.wishes if isinstance(wish, Watch)], "nobody is asked before somebody listens"
    again.sign_on(walls.standing(walls.eye(0, 0), rev=10))
    assert {wish.camera for wish in again.link.wishes if isinstance(wish, Watch)} >= {walls.EYES[0]}
    assert again.contents() == [(Content.CAMERA, walls.EYES[0])]


@pytest.mark.noisy("the kept layout is damaged")
@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        '{"wall": 3}',
        '{"wall": {"code": "main", "title": "", "area": ""}, "layout": {"columns": 0, "rows": 1, "slots": []}}',
    ],
)
def test_a_damaged_layout_is_set_aside_with_a_line(content: str, tmp_path: Path, new_display: Callable[[], Shown]) -> None:
    (tmp_path / f"{NAME}.json").write_text(content)
    shown = new_display()
    assert shown.contents() == []
    assert (tmp_path / f"{NAME}.unreadable").read_text() == content
    assert f"{NAME}.unreadable" in shown.window.notice.text(), "also while there is no server"
    shown.sign_on(walls.standing(walls.eye(0, 0)))
    assert f"{NAME}.unreadable" in shown.window.notice.text()


def test_a_lost_server_is_said_since_when_and_the_pictures_stay(shown: Shown) -> None:
    shown.sign_on(walls.standing(walls.eye(0, 0)))
    shown.hear(LinkState(False, shown.now))
    assert "失联" in shown.window.notice.text()
    assert "14:32:08" in shown.window.notice.text()
    assert shown.player.open_now() == [walls.EYES[0]]
    shown.now += timedelta(minutes=5)
    shown.display.pass_second()
    assert "14:32:08" in shown.window.notice.text()
    shown.hear(LinkState(True, shown.now))
    assert shown.window.notice.isHidden()


def test_a_session_that_ends_is_begun_anew_by_itself(qtbot: QtBot, shown: Shown) -> None:
    shown.sign_on(walls.standing())
    before = len(shown.link.wishes)
    shown.hear(SessionOver("expired"))
    qtbot.waitUntil(lambda: any(isinstance(wish, LogOnWall) for wish in shown.link.wishes[before:]), timeout=4000)


@pytest.mark.noisy("does not admit this machine")
def test_a_machine_that_is_not_bound_says_how_to_bind_it(shown: Shown) -> None:
    shown.hear(LogOnRefused(Refused("machine_not_bound", "wall", wall="main")))
    assert f"walls bind --wall main --key {KEY.public.decode()}" in shown.window.notice.text()


def test_a_wall_the_server_does_not_have_is_said(shown: Shown) -> None:
    shown.sign_on()
    assert "没有大屏 main" in shown.window.notice.text()


def test_what_pops_up_goes_when_its_time_is_over(shown: Shown) -> None:
    laid = walls.standing(walls.eye(0, 0), RESERVED)
    shown.sign_on(laid)
    shown.change(walls.popped(laid, 2, walls.EYES[2], seconds=30))
    assert shown.contents()[1] == (Content.CAMERA, walls.EYES[2])
    assert shown.window.frames[1].pop_up is not None
    shown.now += timedelta(seconds=31)
    shown.display.pass_second()
    assert shown.contents()[1] == (Content.RESERVED, "")
    assert shown.player.open_now() == [walls.EYES[0]]


def test_the_board_holds_as_many_rows_as_fit_and_ages(shown: Shown) -> None:
    shown.sign_on(walls.standing(Slot(0, 0, 1, 1, Content.BOARD), Slot(1, 0, 1, 1, Content.INDICATORS)))
    shown.display.pass_second()
    key = next(wish.key for wish in shown.link.wishes if isinstance(wish, Enquire) and isinstance(wish.request, ReadWallBoard))
    shown.hear(Enquired(key, walls.board()))
    body = shown.window.frames[0].body
    assert isinstance(body, BoardBody)
    assert len(body.rows()) == 12
    shown.window.resize(1280, 300)
    shown.window.grab()
    assert len(body.rows()) == int(body.height() / 48) - 1
    age_s = body.age_s()
    assert age_s is not None
    assert age_s < 5.0


def test_workers_are_dots_without_names(shown: Shown) -> None:
    shown.sign_on(walls.standing(Slot(0, 0, 1, 1, Content.MAP)))
    records = np.zeros(2, POSITION)
    records["worker"], records["at"] = (7, 9), 1_795_406_400
    records["lon"], records["lat"] = 1_202_123_000, 302_741_000
    shown.hear(Moved(records))
    assert shown.seat.dots.numbers == ["7", "9"]
    records["at"] -= 60
    records["lon"] += 10_000
    shown.hear(Moved(records))
    assert shown.seat.dots.lon.tolist() == pytest.approx([120.2123, 120.2123]), "an older fix moves nobody"


def test_a_changed_screen_lays_the_slots_out_again(shown: Shown) -> None:
    shown.sign_on(walls.standing(walls.eye(0, 0), walls.eye(1, 1)))
    assert [frame.width() for frame in shown.window.frames] == [636, 636]
    shown.window.resize(800, 600)
    shown.window.place()
    assert [frame.width() for frame in shown.window.frames] == [396, 396]
