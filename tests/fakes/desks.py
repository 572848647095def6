"""A desk without a server: the real window over a made-up situation; orders are carried out by the real rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from uuid import uuid4

from msgspec import structs
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.alarms.alarm_desk import AlarmDesk
from desktop.alarms.alarm_file import AlarmFile
from desktop.alarms.kinds import Sound
from desktop.alarms.sound_thread import Device, Heard
from desktop.camera_addresses import CameraAddresses
from desktop.camera_reasons import CameraReasons
from desktop.carried import carried
from desktop.dispatch.drafts import Drafts
from desktop.dispatch.incident_board import IncidentBoard
from desktop.dispatch.incident_card import IncidentCard
from desktop.dispatch.report_form import ReportForm
from desktop.duty_window import DutyWindow
from desktop.handover.shift_desk import ShiftDesk
from desktop.handover.shift_file import ShiftFile
from desktop.layout_file import LayoutFile
from desktop.link.from_server import ChangesCame, Enquired, FromServer, OrderAnswered, SnapshotCame
from desktop.orders import Orders, Pending
from desktop.reason_bar import ReasonBar
from desktop.seat import Seat
from desktop.selection import Selection
from desktop.server_time import ServerTime
from desktop.settings import DeskFolder
from desktop.style.palette import THEMES
from desktop.surround.status_bar import StatusBar
from desktop.surround.top_bar import TopBar
from desktop.ticker import Ticker
from desktop.video_panel import VideoBoard, VideoPanel
from desktop.video_wall.kept_layouts import KeptLayouts
from desktop.video_wall.stream_address import AddressOf
from desktop.video_wall.tile_board import NearOf
from desktop.video_wall.words import say_in
from desktop.words import Words
from governance.changes import CaseChanged, CaseGone, Change
from governance.commands import (
    Arbitrate,
    AttachReport,
    Claim,
    Command,
    DirectOrder,
    Dispatch,
    MakeReport,
    Merge,
    MergedInto,
    PartedFrom,
    Reassign,
    Recipient,
    SendVerify,
    Unmerge,
)
from governance.incident import Case
from governance.lifecycle import after
from governance.people import Officer
from governance.places import LonLat
from governance.refusal import Refused
from tests.fakes import situations
from tests.fakes.quiet_player import QuietPlayer

ACCOUNT = "wangming"


class QuietMap(QWidget):
    """A map panel that remembers what it was asked and shows nothing."""

    wanted, cameras_touched = Signal(str), Signal()

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.tools = QuietTools(self.asked)
        self.figures = QuietFigures(self.asked)
        self.timeline = QuietTimeline(self.asked, self)

    def __getattr__(self, name: str) -> object:
        if name in (
            "home",
            "switch_buildings",
            "turn",
            "tilt",
            "follow",
            "go_to",
            "retell",
            "zoom",
            "pan",
            "switch_part",
            "switch_layer",
            "place_of_area",
        ):
            return lambda *_values: self.asked.append(name)
        raise AttributeError(name)

    def step_out(self) -> bool:
        return False


class QuietTimeline(QObject):
    """The timeline of a map panel that stays in the present, remembered in its list when it is asked for something."""

    closed, changed = Signal(), Signal()
    is_past = False

    def __init__(self, asked: list[str], parent: QObject) -> None:
        super().__init__(parent)
        self.asked = asked
        self.before_past: Callable[[], object] = lambda: None

    def acts(self) -> dict[str, Callable[[], object]]:
        names = ("past", "live", "past_play", "past_back", "past_on", "past_slower", "past_faster", "past_track")
        return {name: partial(self.asked.append, name) for name in names}

    def keeps_out(self, name: str) -> Refused | None:
        return None

    def why_not(self, name: str) -> Refused | None:
        return None

    def step_out(self) -> bool:
        return False

    def send(self) -> bool:
        return False

    def leave(self) -> None:
        return None

    def put_away(self) -> None:
        return None


class QuietFigures:
    """The figures of a map panel, remembered in its list when they are asked for."""

    def __init__(self, asked: list[str]) -> None:
        names = {"next_colour": "metric", "next_height": "raise_by", "switch_raised": "height", "next_class": "point_out"}
        for name, action in names.items():
            setattr(self, name, partial(asked.append, action))


class QuietTools:
    """The tools of a map panel, remembered in its list when they are asked for."""

    def __init__(self, asked: list[str]) -> None:
        self.asked = asked
        self.gone_to: list[tuple[LonLat, str]] = []

    def acts(self) -> dict[str, Callable[[], object]]:
        names = ("basemap", "bookmarks", "measure", "pick_area", "edit_sector", "sight", "near", "fit")
        return {name: partial(self.asked.append, name) for name in names}

    def go_to(self, place: LonLat, name: str) -> None:
        self.gone_to.append((place, name))

    def go_to_area(self, _code: str, _name: str) -> bool:
        self.asked.append("go_to_area")
        return False


class QuietTiles(QWidget):
    """A tile panel that remembers which cameras it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def show_cameras(self, cameras: list[object], place: object = None) -> None:
        self.shown = [camera.id for camera in cameras]  # type: ignore[attr-defined]


class QuietSound:
    """A sound thread that remembers what it was asked for and plays nothing."""

    def __init__(self) -> None:
        self.played: list[tuple[Sound, int]] = []
        self.hushed = 0
        self.said: SimpleQueue[Heard | Device] = SimpleQueue()

    def play(self, sound: Sound, loudness: int) -> None:
        self.played.append((sound, loudness))

    def hush(self) -> None:
        self.hushed += 1


class FakeDesk:
    """The window and everything behind it, with a server of a few lines."""

    def __init__(
        self,
        home: Path,
        language: str = "zh",
        theme: str = "night",
        officer: Officer = situations.OFFICER,
        count: int = 60,
        account: str = ACCOUNT,
        worker_count: int = 40,
    ) -> None:
        self.situation = situations.situation(count, worker_count=worker_count)
        self.selection, self.time = Selection(), ServerTime()
        self.sent: list[Pending] = []
        self.now = situations.NOW
        self.orders = Orders(self.sent.append, lambda: self.now)
        self.queue: SimpleQueue[FromServer] = SimpleQueue()
        self.wishes: list[object] = []
        self.ticker = Ticker(self.queue, self.situation, self.orders, self.time, self.wishes.append)
        self.folder = DeskFolder(home)
        self.seat = Seat(
            self.situation,
            self.orders,
            self.selection,
            Words(language),
            lambda: self.now,
            self.folder,
            officer,
            THEMES[theme],
            dict(situations.AREA_NAMES),
        )
        self.map, self.tiles = QuietMap(), QuietTiles()
        self.player, self.clock_s = QuietPlayer(is_live=True), 0.0
        self.reasons = CameraReasons(self.selection, self.situation, self.clock)
        self.addresses = CameraAddresses(self.wishes.append, self.seat.words, self.reasons.why, self.clock)
        self.address_of: AddressOf = lambda _camera, _stream, _take: None
        """Tiles get no address, unless a test asks for them."""
        self.seat.new_reason_bar = lambda: ReasonBar(self.seat, self.addresses, self.reasons)
        self.seat.new_video = lambda: VideoPanel(self.seat, self._new_board, KeptLayouts(self.folder, account), self.clock)
        ReportForm.map_centre = staticmethod(lambda: situations.CENTRE)
        self.board = IncidentBoard(self.seat)
        drafts = Drafts(self.folder, account)
        self.card = IncidentCard(self.seat, drafts, self.tiles)
        self.top, self.status = TopBar(self.seat, "江干区", "早班"), StatusBar(self.seat)
        layout, self.sound = LayoutFile(self.folder, account), QuietSound()
        self.alarms = AlarmDesk(self.seat, AlarmFile(self.folder, account), self.sound)
        self.shifts = ShiftDesk(self.seat, ShiftFile(self.folder, account), self.wishes.append)
        self.shifts.carried = lambda: carried(self.seat, drafts, self.alarms.standing)
        bars = (self.top, self.status)
        self.window = DutyWindow(self.seat, self.board, self.map, self.card, bars, layout, self.alarms, self.shifts)
        self.ticker.touched.connect(lambda touched: self.window.touch(set(touched.cases), touched.everything))
        self.ticker.touched.connect(lambda each: self.shifts.touch_shifts() if each.shifts or each.everything else None)
        self.ticker.came.connect(lambda said: self.shifts.talk.came(said) if isinstance(said, Enquired) else None)
        self.window.touch(set(), True)

    def clock(self) -> float:
        """Seconds of a clock that a test moves."""
        return self.clock_s

    def _new_board(self, near_of: NearOf) -> VideoBoard:
        return VideoBoard(
            self.player, lambda *asked: self.address_of(*asked), near_of, say_in(self.seat.words.language), self.seat.palette
        )

    def first(self, state: str) -> Case:
        """A case in a state."""
        return next(case for case in self.situation.cases.values() if case.incident.state == state)

    def choose(self, state: str) -> Case:
        """Select a case in a state, in the tab that shows all."""
        case = self.first(state)
        self.board.tabs.choose("all")
        self.selection.choose_incident(case.incident.id)
        return case

    def change(self, before: Case | None, changed: Case, order: Pending | None = None) -> None:
        """Let the feed bring a change."""
        stream = "330104005/1"
        number = self.situation.numbers.get(stream, 0) + 1
        fact = CaseChanged.between(before, changed)
        order_id = order.order_id if order else None
        self.queue.put(ChangesCame((Change(stream, number, self.now, order_id, fact),)))
        self.ticker.tick()

    def gone(self, case: Case) -> None:
        """Let the feed say that a case is in another stream now, one this desk does not hear."""
        stream = "330104005/1"
        fact = CaseGone(case.incident.id, case.incident.version + 1)
        self.queue.put(ChangesCame((Change(stream, self.situation.numbers.get(stream, 0) + 1, self.now, None, fact),)))
        self.ticker.tick()

    def resync(self, came: tuple[Case, ...]) -> None:
        """Let a second snapshot come: what is here, and some cases more."""
        taken = situations.snapshot(now=self.now)
        self.queue.put(SnapshotCame(structs.replace(taken, cases=(*self.situation.cases.values(), *came))))
        self.ticker.tick()

    def commit(self, order: Pending, now: datetime | None = None) -> Case:
        """Carry an order out by the rules and let the feed bring it."""
        before = self.situation.cases.get(order.incident) if order.incident else None
        command = order.command
        if isinstance(command, MakeReport):
            command = situations.identified(command)
        if isinstance(command, AttachReport):
            command = AttachReport(situations.identified(command.report))
        if isinstance(command, Dispatch | Reassign | DirectOrder | Claim | Arbitrate):
            command = replace(command, lead=self._known(command.lead))
        if isinstance(command, SendVerify):
            nearest = command.worker or Recipient(self.situation.workers.ids[0])
            command = replace(command, worker=self._known(nearest))
        if isinstance(command, DirectOrder):
            command = replace(command, assists=tuple(self._known(each) for each in command.assists))
        beside = self._beside(order)
        changed = after(before, command, self.seat.officer, self.situation.rules, now or self.now, beside=beside)
        for other in beside:
            self._join(other, command, before, now or self.now, beside)
        self.change(before, changed, order)
        return changed

    def _beside(self, order: Pending) -> tuple[Case, ...]:
        """The cases a command joins with its own."""
        cases, command = self.situation.cases, order.command
        if isinstance(command, Merge):
            return tuple(cases[source.incident] for source in command.sources)
        into = cases[order.incident].incident.merged_into if isinstance(command, Unmerge) and order.incident else None
        others = command.sources if isinstance(command, Unmerge) else ()
        return (cases[into], *(cases[each.incident] for each in others)) if into else ()

    def _join(self, other: Case, command: Command, before: Case | None, now: datetime, joined: tuple[Case, ...]) -> None:
        """What a command does to a case beside its own."""
        assert before is not None
        own = before.incident
        made: Command = MergedInto(own.id, own.number)
        beside: tuple[Case, ...] = (before,)
        if isinstance(command, Unmerge):
            master, *others = joined
            is_master = other is master
            made = PartedFrom(own.id, own.number) if is_master else Unmerge(command.reason)
            beside = (before, *others) if is_master else (master,)
        self.change(other, after(other, made, self.seat.officer, self.situation.rules, now, beside=beside))

    def _known(self, recipient: Recipient) -> Recipient:
        """Who is sent, as the server knows him."""
        person = self.situation.workers.person(recipient.worker)
        assert person is not None
        return replace(recipient, name=person.name, unit=person.unit, skills=person.skills)

    def refuse(self, order: Pending, refused: Refused) -> None:
        """Let the server say no."""
        self.queue.put(OrderAnswered(order.order_id, refused))
        self.ticker.tick()

    def arrive(self, number: int, place: LonLat | None = None) -> Case:
        """Let somebody else's report arrive."""
        case = situations.reported(number, self.now, place)
        self.change(None, case)
        return case


def fresh_name() -> str:
    """A name nobody used."""
    return uuid4().hex
