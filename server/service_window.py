"""What each request of a desk leads to; every function here may wait for the ledger, so none runs on the loop."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any
from uuid import UUID

import psycopg

from governance.commands import AttachReport, Command, MakeReport
from governance.people import Role
from governance.refusal import Refused
from server import sessions, snapshot
from server.archive import ArchiveCounter
from server.boundaries.counter import BoundaryCounter
from server.brought_photos import BroughtPhotos
from server.camera_counter import CameraCounter
from server.desk_orders import as_given, pictures_of
from server.dialling import DialCounter
from server.handling.order_book import carry_out
from server.indicators.counter import IndicatorCounter
from server.keys import ServerKeys
from server.leaving import LeavingCounter
from server.ledger import attachments, callers, change_log, reporters, sight
from server.ledger.entry import Entered, answer_of
from server.ledger.ledger import Connection, Ledger
from server.ledger.reporters import Reporter
from server.login_locks import LoginLocks
from server.past import PastCounter
from server.rules_admin.counter import RulesCounter
from server.sessions import Session
from server.settings import Settings
from server.shifts.counter import ShiftCounter
from server.visited import VisitedCounter
from server.walls.counter import WallCounter
from wire.camera_requests import ReportHealth
from wire.codec import decode_command
from wire.frames import Malformed
from wire.photo_requests import BringPhoto
from wire.requests import (
    AskReplay,
    AskSnapshot,
    Caller,
    CallerIs,
    ChoosePost,
    Committed,
    Done,
    FindCaller,
    KnownCaller,
    OpenCamera,
    Order,
    PostOffer,
    Refusal,
    Replay,
    Reply,
    Request,
    Reveal,
    Revealed,
    SignedOn,
    SignOff,
    SignOn,
    Snapshot,
)
from wire.wall_requests import ReadWall, ReadWallBoard, ReadWalls, ReportWall, SignOnWall

LONGEST = {"name": 40, "phone": 24, "address": 200}
"""Letters of what is said of a reporter."""
REPLAY_BYTES = 2_097_152
"""One replay ends with the change that goes beyond this; the desk asks on when it has read it."""
CLOCK_AHEAD = timedelta(days=1)
"""So far a desk's clock may be ahead of ours."""
CLOCKS_DIFFER = timedelta(minutes=5)
"""What happened lies in the past, as far as two clocks agree."""
REMEMBERED_REFUSALS = 10_000
OF_DISPLAYS = frozenset(
    {AskSnapshot, AskReplay, OpenCamera, ReportHealth, SignOff, ReadWalls, ReadWall, ReadWallBoard, ReportWall}
)
"""All that a wall's display may ask: it tells what it sees, changes nothing, and hears of nobody."""
DERIVED = 5
"""UUIDs of this version are the server's own: an order under that of a clock's next firing would stop the clock."""


class ServiceWindow:
    """Answers requests on pool threads; holds nothing but the refusals it gave, so that a repeat gets the same."""

    def __init__(self, settings: Settings, keys: ServerKeys, ledger: Ledger) -> None:
        """Answer from this ledger, with these keys."""
        self._settings, self._ledger = settings, ledger
        self._refusals: OrderedDict[tuple[UUID, UUID], Refused] = OrderedDict()
        self._lock = Lock()
        self._logins = LoginLocks()
        self._brought = BroughtPhotos(settings.brought_photos, settings.attachments)
        self._packs: frozenset[str] = frozenset()
        self._table: dict[type, Callable[[Session, Any], Reply]] = {
            AskSnapshot: self._snapshot,
            AskReplay: self._replay,
            Order: self._order,
            Reveal: self._reveal,
            FindCaller: self._caller,
            SignOff: self._sign_off,
        }
        self._shifts = ShiftCounter(ledger, self._logins)
        self._indicators = IndicatorCounter(ledger)
        self._archive = ArchiveCounter(ledger)
        self._visited, self._leaving, self._past = VisitedCounter(ledger), LeavingCounter(ledger), PastCounter(ledger)
        self._dialling = DialCounter(ledger, settings.telephone_exchange)
        self.walls = WallCounter(ledger)
        self._cameras = CameraCounter(ledger, keys, settings, self.walls.require_shown, vouches=self.walls.vouches)
        self._boundaries = BoundaryCounter(ledger)
        self._rules = RulesCounter(ledger, lambda: Ledger(settings.owner_url, keys.data_key, pool_size=1))

    def sign_on(self, key: str, request: SignOn | SignOnWall, address: str) -> tuple[Reply, Session | None]:
        """The session of this key and its reply, or the choice of posts; raises Refused or WrongPassword."""
        hours, now = self._settings.session_hours, datetime.now(UTC)
        if isinstance(request, SignOnWall):
            display = sessions.sign_on_wall(self._ledger, key, request.wall, request.seat, now, hours)
            return self._signed_on(request.n, display), display
        begun = sessions.sign_on(self._ledger, key, request, now, hours, address, self._logins)
        if not isinstance(begun, Session):
            return ChoosePost(request.n, tuple(PostOffer(p.id, p.role.value, p.title, p.scope) for p in begun)), None
        return self._signed_on(request.n, begun), begun

    def _signed_on(self, n: int, begun: Session) -> SignedOn:
        """What whoever signed on is told."""
        with self._ledger.transaction() as connection:
            epoch = self._ledger.epoch(connection)
        where = self._settings
        return SignedOn(
            n,
            session=begun.id,
            officer=begun.officer,
            account=begun.account,
            unit_name=begun.unit_name,
            shift_name=begun.shift_name,
            expires_at=begun.expires_at,
            feed_endpoint=where.feed_endpoint,
            lane_endpoint=where.lane_endpoint,
            bulk_endpoint=where.bulk_endpoint,
            feed_topic=begun.feed_topic,
            lane_topic=begun.lane_topic,
            streams=begun.streams,
            epoch=epoch,
            server_time=datetime.now(UTC),
            must_change_password=begun.must_change_password,
        )

    def answer(self, session: Session, request: Request) -> Reply:
        """The reply to a request of a session; a rule that says no becomes a Refusal."""
        kind = type(request)
        asked_of = (
            *(self._shifts, self._indicators, self._rules, self._archive, self._dialling, self.walls),
            *(self._visited, self._leaving, self._past, self._cameras, self._boundaries),
        )
        counters: tuple[dict[type, Callable[[Session, Any], Any]], ...] = tuple(each.table for each in asked_of)
        answered = self._table.get(kind) or next((table[kind] for table in counters if kind in table), None)
        if answered is None:
            return Refusal(request.n, "not_here")
        if session.officer.role is Role.WALL and kind not in OF_DISPLAYS:
            return Refusal(request.n, "not_your_role", details={"role": Role.WALL.value})
        order_id: UUID | None = getattr(request, "order_id", None)
        if order_id is not None and order_id.version == DERIVED:
            return Refusal(request.n, "bad_value", "order_id", order_id=order_id)
        try:
            return answered(session, request) or Done(request.n)
        except Refused as no:
            return Refusal(request.n, no.code, no.about, no.details, order_id)

    def may_fetch(self, session: Session, sha256: str) -> bool:
        """Whether an attachment hangs on an incident the session may see."""
        with self._ledger.transaction() as connection:
            rules = self._ledger.rules(connection, datetime.now(UTC))
            return attachments.visible(connection, sha256, session.officer, rules) is not None

    def bring(self, session: Session, request: BringPhoto) -> int:
        """How many bytes of a photo are here after this slice; Refused where it will not be taken."""
        if session.officer.role is Role.WALL:
            raise Refused("not_your_role", role=Role.WALL.value)
        return self._brought.take(session.officer.staff, request.sha256, request.offset, request.total, request.data)

    def is_for_desks(self, sha256: str) -> bool:
        """Whether bytes are a pack that desks are told of; asked of the ledger until they are, for a hash never changes."""
        if sha256 in self._packs:
            return True
        with self._ledger.transaction() as connection:
            self._packs = snapshot.packs_for_desks(connection)
        return sha256 in self._packs

    def _snapshot(self, session: Session, request: AskSnapshot) -> Snapshot:
        """One consistent picture."""
        return snapshot.take(self._ledger, session, request.n, datetime.now(UTC))

    def _replay(self, session: Session, request: AskReplay) -> Replay:
        """The changes after a number, or none and `complete` false where there are too many.

        Where they are many bytes only the first of them come; the desk asks on. Of an incident that went out of the post's
        sight meanwhile only that it is gone: nothing is told late that may not be told today.
        """
        if request.stream not in session.streams:
            raise Refused("not_your_stream", "stream")
        with self._ledger.transaction(snapshot=True) as connection:
            head = change_log.heads(connection).get(request.stream, 0)
            if not 0 <= head - request.after <= snapshot.REPLAY_LIMIT or request.after < 0:
                return Replay(request.n, request.stream, (), complete=False)
            found = change_log.read_after(connection, request.stream, request.after, snapshot.REPLAY_LIMIT, REPLAY_BYTES)
            found = sight.retold(connection, session.officer, self._ledger.rules(connection, datetime.now(UTC)), found)
        return Replay(request.n, request.stream, found, complete=True)

    def _order(self, session: Session, request: Order) -> Reply:
        """One order, one answer: that of the ledger, where it has any, whatever else the repeat says."""
        with self._lock:
            before = self._refusals.get((session.officer.staff, request.order_id))
        try:
            if before is not None:
                raise _afresh(before)
            entered = self._entered(session, request)
        except (Refused, Malformed) as no:
            found = None if _is_over(no) else self._answered_before(session, request.order_id)
            if found is None:
                if isinstance(no, Refused) and not _is_over(no):
                    self._remember(session, request.order_id, no)
                raise
            entered = found
        return Committed(request.n, entered.order_id, entered.incident, entered.version, entered.stream, entered.number)

    def _entered(self, session: Session, request: Order) -> Entered:
        """The command, committed; the right of the session is asked again in the same transaction."""
        given = decode_command(request.command, request.body)
        command = as_given(given, session, self._ledger, self._settings.attachments, self._brought)
        if request.incident is not None and request.version < 1:
            raise Refused("version_needed", "version")
        now, made = datetime.now(UTC), command.report if isinstance(command, AttachReport) else command
        if request.client_at is not None and request.client_at > now + CLOCK_AHEAD:
            raise Refused("time_out_of_range", "client_at")
        if (at := getattr(made, "occurred_at", None)) is not None and at > now + CLOCKS_DIFFER:
            raise Refused("in_the_future", "occurred_at")

        def permit(connection: Connection) -> None:
            sessions.require_live(connection, session.id, now)

        with self._brought.standing(session.officer.staff, pictures_of(command), self._is_named):
            return carry_out(
                self._ledger,
                request.order_id,
                request.incident,
                request.version,
                command,
                session.officer,
                now,
                request.client_at,
                _reporter(request.reporter, made),
                permit=permit,
            )

    def _is_named(self, sha256: str) -> bool:
        """Whether the ledger names a photo, or cannot be asked."""
        try:
            with self._ledger.transaction() as connection:
                return attachments.is_named(connection, sha256)
        except psycopg.OperationalError:
            return True

    def _answered_before(self, session: Session, order_id: UUID) -> Entered | None:
        """What the ledger answered to this order once; Refused where it was somebody else's, or the session is over."""
        with self._ledger.transaction() as connection:
            sessions.require_live(connection, session.id, datetime.now(UTC))
            return answer_of(connection, order_id, session.officer)

    def _reveal(self, session: Session, request: Reveal) -> Revealed:
        """One field of a reporter; the audit row is committed before the field is read."""
        now = datetime.now(UTC)
        if request.purpose.strip() in reporters.OF_THE_SYSTEM or len(request.purpose) > reporters.LONGEST_PURPOSE:
            raise Refused("bad_value", "purpose")
        with self._ledger.transaction() as connection:
            sessions.require_live(connection, session.id, now)
            rules = self._ledger.rules(connection, now)
            reporters.log_reveal(connection, request.report, request.field, session.officer, rules, request.purpose, now)
        with self._ledger.transaction() as connection:
            value = reporters.reveal(connection, self._ledger.seal, request.report, request.field)
        return Revealed(request.n, request.report, request.field, value)

    def _caller(self, session: Session, request: FindCaller) -> CallerIs:
        """Where a number called from last; what is told is on record in the same transaction."""
        now = datetime.now(UTC)
        with self._ledger.transaction() as connection:
            sessions.require_live(connection, session.id, now)
            rules = self._ledger.rules(connection, now)
            found = callers.find(connection, self._ledger.seal, request.phone, session.officer, rules, now)
        known = {name: getattr(found, name) for name in KnownCaller.__struct_fields__} if found is not None else {}
        return CallerIs(request.n, KnownCaller(**known) if known else None)

    def _sign_off(self, session: Session, request: SignOff) -> Done:
        """The session is over."""
        sessions.sign_off(self._ledger, session.id, "signed_off", datetime.now(UTC))
        return Done(request.n)

    def _remember(self, session: Session, order_id: UUID, refused: Refused) -> None:
        """The same order gets the same refusal, as long as this process lives and not too many came after it."""
        with self._lock:
            self._refusals[session.officer.staff, order_id] = _afresh(refused)
            while len(self._refusals) > REMEMBERED_REFUSALS:
                self._refusals.popitem(last=False)


def _reporter(caller: Caller | None, command: Command) -> Reporter | None:
    """Who reported, to be sealed; nobody where nothing is said. Refused where it is too long, or goes with no report."""
    if caller is None:
        return None
    if not isinstance(command, MakeReport):
        raise Refused("bad_value", "reporter")
    said = {name: getattr(caller, name).strip() for name in LONGEST}
    if any(len(said[name]) > most for name, most in LONGEST.items()):
        raise Refused("bad_value", "reporter")
    return Reporter(**said) if any(said.values()) and not command.anonymous else None


def _is_over(no: Refused | Malformed) -> bool:
    """Whether it is the session that is refused, not the order."""
    return isinstance(no, Refused) and no.code == "session_over"


def _afresh(no: Refused) -> Refused:
    """The same refusal without the way it came, which would keep alive all it touched."""
    return Refused(no.code, no.about, **no.details)
