"""One display of a wall: signs on by its machine's key, shows what the server laid out, says every second what it shows."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from datetime import datetime
from queue import Empty
from uuid import UUID, uuid4

import numpy as np
from PySide6.QtCore import QObject, QTimer

from desktop.camera_addresses import CameraAddresses
from desktop.link.from_server import (
    CameraAddress,
    ChangesCame,
    Enquired,
    FromServer,
    LinkState,
    LoggedOn,
    LogOnRefused,
    Moved,
    PackFailed,
    PackReceived,
    SessionOver,
    SnapshotCame,
)
from desktop.link.machine_key import MachineKey
from desktop.link.thread import Link
from desktop.link.to_server import Enquire, LogOnWall, Resync
from desktop.phrases import SHANGHAI, refusal_sentence
from desktop.server_time import ServerTime
from desktop.situation.situation import OutOfStep
from desktop.town_arrival import Town, TownArrival
from desktop.video_wall.stream_address import Answer
from desktop.video_wall.watchdog import Sight
from desktop.wall.map_body import MapBody
from desktop.wall.standing_file import StandingFile
from desktop.wall.wall_seat import WallSeat
from desktop.wall.wall_window import WallWindow
from governance.camera import Camera, StreamKind
from governance.refusal import Refused
from governance.wall import WallStanding
from governance.wall_pop_ups import shown_now
from wire.publications import POSITION
from wire.wall_requests import ReadWallBoard, ReportWall, WallBoardIs

DRAIN_MS, PICTURE_MS, SECOND_MS = 50, 67, 1_000
MOST_A_DRAIN = 400
AGAIN_MS, REFUSED_AGAIN_MS = 1_500, 10_000
BOARD_EVERY_S = 2
ASIDE_SAID_S = 60
"""So long after it signed on a display says that what it had kept was damaged."""
NOBODY_ANSWERED = frozenset({"no_answer", "busy", "ledger_unreachable", "too_busy"})

log = logging.getLogger(__name__)


class WallDisplay(QObject):
    """What runs between the link and the window. Main thread only."""

    def __init__(self, code: str, key: MachineKey, link: Link, window: WallWindow, seat: WallSeat, kept: StandingFile,
                 addresses: CameraAddresses, time: ServerTime, towns: TownArrival, server: str) -> None:  # fmt: skip
        """Not signed on yet."""
        super().__init__()
        self._code, self._key, self._server = code, key, server
        self._link, self._window, self._seat, self._kept = link, window, seat, kept
        self._addresses, self._time, self._towns = addresses, time, towns
        self.standing: WallStanding | None = None
        self._shown_slots: object = None
        self._asked: dict[UUID, Callable[[WallBoardIs], None]] = {}
        self._state: LinkState | None = None
        self._is_on = False
        self._lost_since: datetime | None = None
        self._refused = ""
        self._waiting: dict[tuple[str, StreamKind], list[Callable[[Answer], None]]] = {}
        seat.address_of, seat.told = self.ask, self._saw
        self._seconds = 0
        self._cameras_changed = False
        beats = ((DRAIN_MS, self.drain), (PICTURE_MS, self._tick), (SECOND_MS, self.pass_second))
        self._timers = [self._every(ms, call) for ms, call in beats]
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._sign_on)
        towns.ready.connect(self._town_ready)

    def start(self) -> None:
        """Show what was shown last, and sign on."""
        kept = self._kept.read()
        if kept is not None:
            self._stands(kept)
        self._link.start()
        for timer in self._timers:
            timer.start()
        self._sign_on()
        self._tell()

    def stop(self) -> None:
        """End threads and sockets."""
        for timer in (*self._timers, self._again):
            timer.stop()
        self._seat.player.close(2.0)
        self._link.stop()

    def ask(self, camera: str, stream: StreamKind, answer: Callable[[Answer], None]) -> None:
        """Ask where a camera's pictures come from; while there is no session the question waits, and nobody is refused."""
        if self._is_on:
            self._addresses.ask(camera, stream, answer)
        else:
            self._waiting.setdefault((camera, stream), []).append(answer)

    def drain(self) -> None:
        """Take what the server said; a mistake in one message is logged and stops nothing else."""
        for _ in range(MOST_A_DRAIN):
            try:
                message = self._link.arrived.get_nowait()
            except Empty:
                return
            try:
                self._take(message)
            except OutOfStep as problem:
                self._link.submit(Resync(str(problem)))
            except Exception as mistake:
                log.exception("a message of the link could not be taken in: %s", type(message).__name__)
                self._window.say(self._seat.words("wall.bug", what=f"{type(mistake).__name__}: {mistake}"[:200]))

    def pass_second(self) -> None:
        """What pops up may have run out; say what is shown; ask for figures."""
        self._seconds += 1
        if self.standing is not None and self._slots(self.standing) != self._shown_slots:
            self._stands(self.standing)
        for frame in self._window.frames:
            frame.pass_second()
            if self._cameras_changed:
                frame.body.cameras_changed()
        self._cameras_changed = False
        self._tell()
        if not self._is_on:
            return
        if self.standing is not None:
            ratio = self._window.devicePixelRatioF()
            wide, high = round(self._window.width() * ratio), round(self._window.height() * ratio)
            report = ReportWall(0, self.standing.layout.rev, max(wide, 1), max(high, 1), self._window.shown())
            self._link.submit(Enquire(uuid4(), report))
        if self._seconds % BOARD_EVERY_S == 1:
            key = uuid4()
            self._asked = {key: self._board_came}
            self._link.submit(Enquire(key, ReadWallBoard(0, self._code)))

    # ---- what the server says --------------------------------------------------------------------------------------

    def _take(self, message: FromServer) -> None:
        match message:
            case LoggedOn():
                self._is_on, self._refused, self._seconds = True, "", 0
                self._addresses.session_began()
                self._ask_waiting()
            case LogOnRefused():
                self._not_admitted(message.refused)
            case SessionOver():
                log.info("session over: %s", message.reason)
                self._is_on = False
                self._again.start(AGAIN_MS)
            case LinkState():
                self._state = message
                self._time.correct(message.offset_s)
            case SnapshotCame() | ChangesCame():
                self._situation_came(message)
            case Moved():
                self._moved(message)
            case PackReceived():
                self._towns.came(message, self._seat.situation.town)
            case PackFailed():
                log.warning("pack %s could not be fetched: %s", message.layer, message.reason)
            case CameraAddress():
                self._addresses.came(message)
            case Enquired():
                told = self._asked.pop(message.key, None)
                if told is not None and isinstance(message.reply, WallBoardIs):
                    told(message.reply)
        self._tell()

    def _situation_came(self, message: SnapshotCame | ChangesCame) -> None:
        """The situation is another: the wall itself, its cameras, perhaps the town."""
        situation = self._seat.situation
        if isinstance(message, SnapshotCame):
            situation.start_from(message.snapshot)
            self._seat.dots.take(np.frombuffer(message.snapshot.positions, POSITION))
            self._towns.look(situation.town)
            self._look()
        elif situation.apply_all(message.changes).cameras:
            self._cameras_changed = True
        found = situation.walls.get(self._code)
        if found is not None and found != self.standing:
            self._kept.keep(found)
            self._stands(found)

    def _stands(self, standing: WallStanding) -> None:
        """The wall stands so: show it."""
        self.standing, self._seat.wall = standing, standing.wall
        self._shown_slots = self._slots(standing)
        self._window.show_standing(standing)
        self._look()

    def _slots(self, standing: WallStanding) -> object:
        """What decides whether anything has to be shown otherwise."""
        return standing.layout.rev, shown_now(standing, self._seat.now())

    def _saw(self, camera: Camera, sight: Sight) -> None:
        """A picture that does not come back, or is there again, is told to the server, so that a wall alone notices it."""
        if self._is_on:
            self._addresses.health.saw(camera, sight)

    def _board_came(self, board: WallBoardIs) -> None:
        self._seat.board, self._seat.board_at_s = board, self._seat.steady()
        for frame in self._window.frames:
            frame.body.board_came()

    def _moved(self, message: Moved) -> None:
        rows, grown = self._seat.dots.take(message.records)
        for frame in self._window.frames:
            if isinstance(frame.body, MapBody):
                frame.body.moved(None if grown else rows)

    def _town_ready(self, town: Town) -> None:
        self._seat.geometry = town.geometry
        self._seat.area_names.clear()
        self._seat.area_names.update(town.names)
        self._look()

    def _look(self) -> None:
        for frame in self._window.frames:
            frame.body.look()

    def _tick(self) -> None:
        for frame in self._window.frames:
            frame.body.tick()

    # ---- signing on ------------------------------------------------------------------------------------------------

    def _sign_on(self) -> None:
        self._link.submit(LogOnWall(self._code, self._key.public, self._key.secret, socket.gethostname()[:40]))

    def _ask_waiting(self) -> None:
        """What was asked while there was no session is asked now."""
        waiting, self._waiting = self._waiting, {}
        for (camera, stream), answers in waiting.items():
            for answer in answers:
                self._addresses.ask(camera, stream, answer)

    def _not_admitted(self, refused: Refused) -> None:
        """Tried again by itself: the server may come back, the machine may be bound meanwhile."""
        self._is_on = False
        if refused.code in NOBODY_ANSWERED:
            self._again.start(AGAIN_MS)
            return
        words = self._seat.words
        if refused.code == "machine_not_bound":
            name = socket.gethostname()[:40] or "display"
            self._refused = words("wall.not_bound", wall=self._code, key=self._key.public.decode(), name=name)
        else:
            self._refused = words("wall.refused", reason=refusal_sentence(words, refused))
        log.warning("the server does not admit this machine: %s", refused.code)
        self._again.start(REFUSED_AGAIN_MS)

    def _tell(self) -> None:
        """In one line what is wrong with the wall itself, the worst of it; nothing where all is well."""
        words, state = self._seat.words, self._state
        is_lost = state is None or not state.connected or not self._is_on
        self._lost_since = (self._lost_since or self._seat.now()) if is_lost else None
        if self._refused:
            said = self._refused
        elif is_lost and not self._seat.situation.numbers:
            said = self._never()
        elif self._lost_since is not None:
            said = words("wall.lost", since=self._lost_since.astimezone(SHANGHAI).strftime("%H:%M:%S"))
        elif self._seat.situation.numbers and self._code not in self._seat.situation.walls:
            said = words("wall.no_such", wall=self._code)
        else:
            said = ""
        if self._kept.aside and (is_lost or self._seconds < ASIDE_SAID_S):
            said = "\n".join(filter(None, (said, words("wall.aside", file=self._kept.aside))))
        self._window.say(said)

    def _never(self) -> str:
        """No server was heard since the start: what is shown, where anything is, was kept on this machine."""
        words, kept_at = self._seat.words, self._kept.kept_at
        if self.standing is None or kept_at is None:
            return words("wall.lost.never", server=self._server)
        at = kept_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
        return words("wall.lost.kept", server=self._server, rev=self.standing.layout.rev, at=at)

    def _every(self, milliseconds: int, call: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(milliseconds)
        timer.timeout.connect(call)
        return timer
