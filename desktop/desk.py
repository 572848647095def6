"""One desk: the parts of an officer's session, from signing on to the window, and what runs between them."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.alarms.alarm_desk import AlarmDesk
from desktop.alarms.alarm_file import AlarmFile
from desktop.alarms.sound_thread import SoundThread
from desktop.arguments import DeskArguments
from desktop.backlog_file import BacklogFile
from desktop.callers import Callers
from desktop.camera_addresses import CameraAddresses
from desktop.camera_reasons import CameraReasons
from desktop.carried import carried
from desktop.desk_window import DeskWindow
from desktop.dispatch.drafts import Drafts
from desktop.dispatch.incident_board import IncidentBoard
from desktop.dispatch.incident_card import IncidentCard
from desktop.dispatch.report_form import ReportForm
from desktop.duty_window import DutyWindow
from desktop.handover.shift_desk import ShiftDesk
from desktop.handover.shift_file import ShiftFile
from desktop.layout_file import LayoutFile
from desktop.link.from_server import (
    BacklogStands,
    Brought,
    BytesCame,
    CallerTold,
    CameraAddress,
    Enquired,
    LinkState,
    LoggedOn,
    LogOnRefused,
    PackFailed,
    PackReceived,
    PostsOffered,
    SessionOver,
)
from desktop.link.thread import Link
from desktop.link.to_server import LogOff, LogOn, Resync, Send
from desktop.map.choice import canvas_of
from desktop.map_joined import JoinedLines
from desktop.map_panel import MapPanel
from desktop.measure_log import MeasureLog
from desktop.orders import Orders, Pending
from desktop.photos import Photos
from desktop.phrases import clock_text
from desktop.seat import Seat
from desktop.seeing import look_over
from desktop.selection import Selection
from desktop.server_time import ServerTime
from desktop.settings import DeskFolder
from desktop.situation.situation import Situation
from desktop.situation.touched import Touched
from desktop.style.palette import THEMES
from desktop.surround.status_bar import StatusBar
from desktop.surround.top_bar import TopBar
from desktop.ticker import Ticker
from desktop.town_arrival import Town, TownArrival
from desktop.video_acts import hand_tiles
from desktop.video_wall.kept_layouts import KeptLayouts
from desktop.video_wall.players.choosing import ChosenPlayer, VideoSettings
from desktop.video_wall.tile_panel import TilePanel
from desktop.video_wall.words import say_in
from desktop.words import Words
from wire.requests import SignedOn

if TYPE_CHECKING:
    from gis_data.town.network import RoadNetwork

AGAIN_MS = 1500
MAP_AGAIN_MS = 20_000
FINAL = frozenset({"expired", "role_changed", "signed_off", "taken_over", "account_closed", "prying", "shift_closed"})
"""Ends of a session after which the officer signs on by hand; after any other the desk does it again by itself."""

log = logging.getLogger(__name__)


class Desk(QObject):
    """Builds the parts and connects them; the only place besides run.py that knows them all. Main thread only."""

    ready = Signal()
    """The district and its incidents are on the screen."""

    def __init__(self, arguments: DeskArguments, folder: DeskFolder, link: Link, window: DeskWindow, words: Words) -> None:
        """A desk that is not signed on yet."""
        super().__init__()
        self.arguments, self.folder, self.link, self.window, self.words = arguments, folder, link, window, words
        self.time = ServerTime()
        self.seat: Seat | None = None
        self.tiles: TilePanel | None = None
        self._clear_the_desk()
        self.ticker = Ticker(link.arrived, self.situation, self.orders, self.time, link.submit, self)
        self.town_arrival = TownArrival(folder.home / "scenes", self)
        self.player = ChosenPlayer(VideoSettings.read(folder.read("desk")), self.time.now, window.tell_video)
        self.sound = SoundThread()
        self.duty: DutyWindow | None = None
        self.panel: MapPanel | None = None
        self.measure: MeasureLog | None = None
        self.link_state: LinkState | None = None
        self._town: Town | None = None
        self._roads: RoadNetwork | None = None
        self._credentials: tuple[str, str, UUID | None] | None = None
        self._login = ""
        """Of the officer who sits here; `_credentials` may be those of whoever wants to sit here next."""
        self._backlog = BacklogFile(folder)
        self._fixes = 0
        self._is_map_told = False
        self._map_again = QTimer(self)
        self._map_again.setSingleShot(True)
        self._map_again.setInterval(MAP_AGAIN_MS)
        self._map_again.timeout.connect(lambda: self.link.submit(Resync("the map is not complete")))
        self._second = QTimer(self)
        self._second.timeout.connect(self._pass_second)
        self.ticker.touched.connect(self._touched)
        self.ticker.came.connect(self._came)
        self.town_arrival.ready.connect(self._town_ready)
        self.town_arrival.progress.connect(
            lambda done, wanted: self.duty.status.tell_packs(done, wanted) if self.duty else None
        )
        self.town_arrival.roads_ready.connect(self._roads_ready)
        self.town_arrival.failed.connect(self._map_failed)
        window.sign_on.wanted.connect(self.sign_on)
        folder.refused = window.tell_disk

    def start(self) -> None:
        """Start the link and the clockwork; sign on at once where an account was named."""
        self.link.start()
        self.sound.start()
        self.ticker.start()
        self._second.start(1000)
        if self.arguments.login and self.arguments.password:
            self.sign_on(self.arguments.login, self.arguments.password, None)
        elif self.arguments.login:
            self.window.sign_on.login.setText(self.arguments.login)
            self.window.sign_on.password.setFocus()

    def stop(self) -> None:
        """Keep what has to be kept, end threads and sockets."""
        self.ticker.stop()
        self._second.stop()
        self._map_again.stop()
        if self.duty is not None:
            self.duty.put_away()
        if self.tiles is not None:
            self.tiles.close_feeds()
        self.player.close(2.0)
        self.sound.stop()
        self.link.stop()
        if self.measure is not None:
            self.measure.close()

    def sign_on(self, login: str, password: str, post: UUID | None) -> None:
        """Ask the server for a session."""
        self._credentials = (login, password, post)
        self.window.sign_on.login.setText(login)
        self.window.sign_on.set_busy(True)
        self.link.submit(LogOn(login, password, post, kept=self._backlog.read(login)))

    def _hand_seat_over(self, login: str, password: str, post: UUID | None) -> None:
        """Who took the shift over at this desk sits here from now on; what the one before typed is his draft."""
        self.window.show_sign_on()
        self.sign_on(login, password, post)

    def sign_off(self) -> None:
        """End the session and go back to the sign-on page; what was typed is a draft, orders that wait are kept."""
        self._credentials = None
        self.link.submit(LogOff())
        self.window.show_sign_on()

    # ---- what the link says --------------------------------------------------------------------------------------

    def _came(self, message: object) -> None:
        match message:
            case LoggedOn() if self._credentials is None:
                self.link.submit(LogOff())  # a session that was being renewed while the officer left
            case LoggedOn():
                self._signed_on(message.session)
            case PostsOffered():
                self.window.sign_on.offer_posts(message.posts)
            case LogOnRefused():
                self._refused(message)
            case SessionOver():
                self._over(message.reason)
            case LinkState():
                self.link_state = message
                self._tell_link()
            case PackReceived():
                self.town_arrival.came(message, self.situation.town)
            case CameraAddress():
                self.addresses.came(message)
            case Enquired() if self.duty is not None:
                self.duty.shifts.talk.came(message)
            case CallerTold():
                self.callers.answer(message)
            case BytesCame() | Brought():
                self.photos.answer(message)
            case PackFailed():
                log.warning("pack %s could not be fetched: %s", message.layer, message.reason)
                self._map_failed()
            case BacklogStands():
                self._backlog.keep(message.login, message.kept if message.count else b"")
                if self.duty is not None and message.login == self._login:
                    self.duty.top.tell_waiting(message.count)

    def _signed_on(self, session: SignedOn) -> None:
        """Build the window for the officer, or keep the one there is: after a reconnection, or in a new shift."""
        self.time.correct((session.server_time - datetime.now(UTC)).total_seconds())
        self._login = self._credentials[0] if self._credentials else session.account
        if (
            self.seat is not None
            and self.duty is not None
            and (self.seat.officer.staff, self.seat.officer.post) == (session.officer.staff, session.officer.post)
        ):
            self.seat.officer = session.officer
            self.duty.top.tell_shift(session.shift_name)
            self.window.show_duty(self.duty)
            self.photos.session_began()
            self.addresses.session_began()
            return
        if self.seat is not None:
            self._clear_the_desk()
            self.ticker.serve(self.situation, self.orders)
        self._take_seat(session)

    def _clear_the_desk(self) -> None:
        """Nothing of one officer's is seen by the next: a fresh situation, selection, orders and photos; the town stays."""
        before = (self.selection, self.orders, self.photos, self.callers) if self.seat is not None else ()
        town = self.situation.town if self.seat is not None else None
        self.situation, self.selection = Situation(), Selection(self)
        if town is not None:
            self.situation.town = town
        self.orders = Orders(self._send, self.time.now, self)
        self.photos, self.callers = Photos(self.link.submit, self), Callers(self.link.submit, self)
        self.reasons = CameraReasons(self.selection, self.situation)
        self.addresses = CameraAddresses(self.link.submit, self.words, self.reasons.why)
        if self.tiles is not None:
            self.tiles.close_feeds()
        for part in before:
            part.deleteLater()

    def _take_seat(self, session: SignedOn) -> None:
        self.words.use(self.words.language)
        seat = Seat(
            self.situation,
            self.orders,
            self.selection,
            self.words,
            self.time.now,
            self.folder,
            session.officer,
            THEMES[self.window.theme],
            roads=self._roads,
            photos=self.photos,
            callers=self.callers,
            is_loading=True,
        )
        self.seat = seat
        drafts = Drafts(self.folder, session.account)
        drafts.settle(self._backlog.orders(self._login))
        self.panel = MapPanel(seat, canvas_of(self.folder.read("desk")))
        look_over(seat, self.panel)
        self.joined = JoinedLines(seat, self.panel)
        ReportForm.map_centre = staticmethod(self.panel.centre)
        kept = KeptLayouts(self.folder, session.account)
        self.tiles = hand_tiles(seat, self.player, self.addresses, self.reasons, kept)
        board, card = IncidentBoard(seat), IncidentCard(seat, drafts, self.tiles)
        bars = (TopBar(seat, self.situation.town.name, session.shift_name), StatusBar(seat))
        alarms = AlarmDesk(seat, AlarmFile(self.folder, session.account), self.sound)
        shifts = ShiftDesk(seat, ShiftFile(self.folder, session.account), self.link.submit)
        shifts.carried = lambda: carried(seat, drafts, alarms.standing)
        shifts.taken_over.connect(self._hand_seat_over)
        self.duty = DutyWindow(seat, board, self.panel, card, bars, LayoutFile(self.folder, session.account), alarms, shifts)
        self.panel.pointed.connect(bars[1].tell_place)
        self.duty.preferences_changed.connect(self._prefer)
        self.duty.sign_off_wanted.connect(self.sign_off)
        if self.arguments.measure is not None and self.measure is None:
            self.measure = MeasureLog(self.arguments.measure, seat, self.arguments.reads)
        if self.measure is not None:
            self.measure.follow(seat, self.duty, self.tiles)
        self.window.show_duty(self.duty)
        self.window.tell_set_aside()
        if self._town is not None:
            self._show_town(self._town)

    def _refused(self, message: LogOnRefused) -> None:
        """Try again by itself where nobody answered; else tell the officer."""
        if message.refused.code in ("no_answer", "busy", "ledger_unreachable", "too_busy"):
            since = clock_text(self.link_state.since if self.link_state else self.time.now())
            self.window.sign_on.say(self.words("sign_on.unreachable", since=since), "warn")
            QTimer.singleShot(AGAIN_MS, self._again)
        else:
            self.window.show_sign_on()
            self.window.sign_on.refuse(message.refused)

    def _over(self, reason: str) -> None:
        """The session ended: sign on again by itself unless somebody meant it to end."""
        log.info("session over: %s", reason)
        if reason in FINAL:
            self.window.show_sign_on()
            key = f"ended.{reason}"
            self.window.sign_on.set_busy(False)
            self.window.sign_on.say(self.words("bar.ended", reason=self.words(key) if self.words.has(key) else reason), "warn")
        else:
            QTimer.singleShot(AGAIN_MS, self._again)

    def _again(self) -> None:
        if self._credentials is not None:
            self.link.submit(LogOn(*self._credentials, kept=self._backlog.read(self._credentials[0])))

    # ---- what was touched ----------------------------------------------------------------------------------------

    def _touched(self, touched: Touched) -> None:
        if self.seat is None or self.duty is None or self.panel is None:
            return
        if touched.everything:
            self.seat.is_loading = False
            self.duty.top.tell_district(self.situation.town.name)
            self.town_arrival.look(self.situation.town)
            if self._town is not None:
                self.situation.know_neighbours(self._town.beside)
        self.panel.touch(touched)
        if (touched.everything or touched.walls) and self.duty.sheets.wall.view.isVisible():
            self.duty.sheets.wall.show_now()
        if touched.everything or touched.shifts:
            self.duty.alarms.touch_shifts()
            self.duty.shifts.touch_shifts()
        if touched.everything or touched.workers:
            self.duty.shifts.touch_workers()
        if touched.everything or touched.cases:
            self.duty.touch(set(touched.cases), touched.everything)
        if self.measure is not None:
            self.measure.touched(self.situation.cases if touched.everything else touched.cases)

    def _map_failed(self) -> None:
        """Say so once, and try again by and by: a fresh snapshot asks for whatever is missing."""
        if self.duty is not None and not self._is_map_told:
            self._is_map_told = True
            self.duty.banner.say(self.words("banner.map"))
        self._map_again.start()

    def _town_ready(self, town: Town) -> None:
        self._is_map_told = False
        self._town = town
        self._show_town(town)

    def _show_town(self, town: Town) -> None:
        if self.seat is None or self.panel is None or self.duty is None:
            return
        self.seat.area_names.clear()
        self.seat.area_names.update(town.names)
        self.seat.place_named, self.seat.places = town.place_named, town.places
        self.duty.finder.index.forget_places()
        self.duty.alarms.touch_staff()
        self.situation.know_neighbours(town.beside)
        self.panel.show_town(town.geometry, self.situation.town.attribution)
        self.duty.board.view.viewport().update()
        self.duty.card.refresh()
        self.ready.emit()

    def _roads_ready(self, roads: RoadNetwork | None) -> None:
        """Measure ways along the roads from now on."""
        self._roads = roads
        if self.seat is not None:
            self.seat.roads = roads

    def _pass_second(self) -> None:
        """Once a second: figures of the status bar, recordings."""
        self.player.turn()
        if self.duty is None:
            return
        rate, self._fixes = self.ticker.fixes - self._fixes, self.ticker.fixes
        self.duty.status.tell_figures(rate, self.link_state.lag_s if self.link_state else 0.0)

    def _tell_link(self) -> None:
        state = self.link_state
        if state is None or self.seat is None or self.duty is None:
            return
        self.seat.is_online = state.connected
        self.duty.top.tell_link(state.connected, state.since, state.lag_s)
        self.duty.alarms.tell_link(state.connected, state.since)

    # ---- wishes --------------------------------------------------------------------------------------------------

    def _send(self, order: Pending) -> None:
        self.link.submit(Send(order.order_id, order.command, order.incident, order.version, order.sent_at, order.reporter))

    def _prefer(self, language: str, theme: str) -> None:
        self.window.theme = theme
        self.folder.write("desk", self.folder.read("desk") | {"language": language, "theme": theme})
        if self.tiles is not None:
            self.tiles.wear(say_in(language), THEMES[theme])
