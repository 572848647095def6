"""Answers what desks ask about shifts; every function may wait for the ledger, so none runs on the loop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg

from governance.handover_paper import Carried, HandoverItem, Section
from governance.people import Officer, Role
from governance.places import is_inside
from governance.refusal import Refused
from governance.shift_log import Member, require_reader, require_writer
from governance.shifts import require_lead
from server import sessions
from server.duty_roster import posts_of
from server.ledger import change_log, duty_log, handovers, sight
from server.ledger import shifts as store
from server.ledger.ledger import Connection, Ledger
from server.login_locks import LoginLocks
from server.sessions import Session
from server.shifts import leads, papers
from server.shifts.acts import Act, Doing, Made
from wire import shift_requests as asked
from wire.shift_requests import DutyLogIs, HandoverIs, ShiftDone, ShiftReply

Now = Callable[[], datetime]
HANDED_IN = frozenset({Section.DRAFTS, Section.SHELVED})
LONGEST_CARRIED = 200
"""Letters of a text of what a desk hands in."""
_MEMBERS = (
    "SELECT m.staff, t.name, p.role, p.title, m.seat, m.on_at, m.off_at FROM shift_member m JOIN staff t ON t.id = m.staff "
    "JOIN post p ON p.id = m.post WHERE m.shift = %s ORDER BY m.off_at IS NOT NULL, m.on_at"
)


class ShiftCounter:
    """The part of the service window where shifts are seen to. Any thread."""

    def __init__(self, ledger: Ledger, locks: LoginLocks, now: Now = lambda: datetime.now(UTC)) -> None:
        """`locks` are those of signing on; `now` tells the time, aware, UTC."""
        self._ledger, self._locks, self._now = ledger, locks, now
        self.table: dict[type, Callable[[Session, Any], ShiftReply | None]] = {
            asked.BeginHandover: lambda s, r: self._done(s, r, None, Act.begin),
            asked.TakeBackHandover: lambda s, r: self._done(s, r, r.handover, lambda act: act.take_back(r.handover)),
            asked.HandIn: self._hand_in,
            asked.HandOver: lambda s, r: self._done(s, r, r.handover, lambda act: act.hand_over(r.handover, r.summary)),
            asked.TakeOver: self._take_over,
            asked.OpenShift: lambda s, r: self._done(s, r, None, lambda act: act.open(r.name.strip(), r.ends_at)),
            asked.CloseShift: lambda s, r: self._done(s, r, None, lambda act: act.close(r.reason)),
            asked.PlanShift: lambda s, r: self._done(
                s, r, None, lambda act: act.plan(r.name, r.starts_at, r.ends_at, r.lead, r.ends_current)
            ),
            asked.ChangeShift: lambda s, r: self._done(
                s, r, None, lambda act: act.change(r.shift, (r.name, r.starts_at, r.ends_at), r.lead, r.ends_current)
            ),
            asked.CancelShift: lambda s, r: self._done(s, r, None, lambda act: act.cancel(r.shift, r.reason)),
            asked.ChangeLead: lambda s, r: self._done(s, r, None, lambda act: act.change_lead(r.shift, r.lead, r.reason)),
            asked.ReadPlans: self._read_plans,
            asked.WriteDutyLog: self._write,
            asked.ReadHandover: self._read_handover,
            asked.ReadDutyLog: self._read_log,
        }

    # ---- what changes something -----------------------------------------------------------------------------------

    def _done(
        self, session: Session, request: Any, handover: UUID | None, doing: Doing, by: Officer | None = None
    ) -> ShiftDone:
        """Do it once: in one transaction with the question whether the session is live and what it answered before."""
        try:
            with self._ledger.transaction() as connection:
                return self._do(connection, session, request, handover, doing, by)
        except psycopg.errors.UniqueViolation as problem:
            if problem.diag.constraint_name != "pk_shift_order":
                raise
        with self._ledger.transaction() as connection:
            answered = _answered(connection, request, by or session.officer)
        assert answered is not None, "its answer was just met"
        return answered

    def _do(
        self, connection: Connection, session: Session, request: Any, handover: UUID | None, doing: Doing, by: Officer | None
    ) -> ShiftDone:
        """The same inside the transaction. `by` acts where it is not who sits at the desk."""
        officer, now = by or session.officer, self._now()
        answered = _answered(connection, request, officer)
        if answered is not None:
            return answered
        sessions.require_live(connection, session.id, now)
        unit = handovers.find(connection, handover)[0].unit if handover else _unit_of(connection, request, officer)
        if unit is None:
            raise Refused("not_your_unit")
        act = Act(self._ledger, connection, officer, unit, now)
        answered = _answered(connection, request, officer)  # the same order may have been carried out while we waited
        return answered or self._tell(connection, request, officer, doing(act), now)

    def _tell(self, connection: Connection, request: Any, officer: Officer, made: Made, now: datetime) -> ShiftDone:
        """The fact is on the feed, the answer remembered."""
        stream, number = "", 0
        if made.standing is not None:
            facts = [store.fact(connection, made.standing)]
            ((stream, number),) = change_log.append(connection, facts, request.order_id, now)
        connection.execute(
            "INSERT INTO shift_order (order_id, staff, act, made, stream, number, at) VALUES (%s, %s, %s, %s, %s, %s, %s)",
            (request.order_id, officer.staff, type(request).__struct_config__.tag, made.id, stream, number, now),
        )
        return ShiftDone(request.n, request.order_id, made.id, stream, number)

    def _take_over(self, session: Session, request: asked.TakeOver) -> ShiftDone:
        """Who comes signs: the officer of the session, or whoever's login and password were typed at this desk."""
        comes = self._who_comes(session, request) if request.login else session.officer
        take: Doing = lambda act: act.take_over(request.handover, comes, request.remark)  # noqa: E731
        return self._done(session, request, request.handover, take, comes)

    def _who_comes(self, session: Session, request: asked.TakeOver) -> Officer:
        """Somebody who signs at another's desk, in the post that may lead a shift of the unit; slow: argon2."""
        now = self._now()
        account, staff = sessions.authenticated(self._ledger, request.login, request.password, now, session.key, self._locks)
        with self._ledger.transaction() as connection:
            unit = handovers.find(connection, request.handover)[0].unit
            row = connection.execute("SELECT name FROM staff WHERE id = %s", (staff,)).fetchone()
            assert row is not None, "an account is somebody's"
            for post in posts_of(connection, staff, now):
                held = (post.id, post.role, post.scope, post.clearance, None, post.unit)
                comes = Officer(staff, row[0], *held, account)
                if request.post in (None, post.id) and _may_lead(comes, unit):
                    return comes
        raise Refused("no_post_that_leads", "login", name=row[0])

    def _hand_in(self, session: Session, request: asked.HandIn) -> None:
        """What only the desk knows; for the shift it sits in."""
        now = self._now()
        if any(item.section not in HANDED_IN or not _fits(item) for item in request.items):
            raise Refused("bad_value", "items")
        with self._ledger.transaction() as connection:
            sessions.require_live(connection, session.id, now)
            handover, _ = handovers.find(connection, request.handover)
            if handover.signed_in is not None:
                raise Refused("no_handover", "handover")
            if _shift_of(connection, session) not in (handover.out_shift, handover.in_shift):
                raise Refused("not_your_unit")
            handovers.hand_in(connection, handover.id, session.officer.staff, request.items, now)

    def _write(self, session: Session, request: asked.WriteDutyLog) -> ShiftDone:
        """A line of an officer's own."""
        officer, now = session.officer, self._now()
        require_writer(officer, request.kind, request.text, request.closes)
        with self._ledger.transaction() as connection:
            answered = _answered(connection, request, officer)
            if answered is not None:
                return answered
            sessions.require_live(connection, session.id, now)
            shift = _shift_of(connection, session)
            if shift is None:
                raise Refused("off_shift")
            unit = store.find(connection, shift).unit
            store.lock(connection, unit)
            if request.closes is not None:
                duty_log.require_open(connection, unit, request.closes)
            rules = self._ledger.rules(connection, now)
            if request.incident is not None and not sight.sees(connection, officer, rules, request.incident):
                raise Refused("no_such_incident", "incident")
            text = request.text.strip()
            duty_log.write(connection, request.kind, text, shift, now, officer, request.incident, request.closes)
            return self._tell(connection, request, officer, Made(shift, None), now)

    # ---- what is only read ----------------------------------------------------------------------------------------

    def _read_handover(self, session: Session, request: asked.ReadHandover) -> HandoverIs:
        """The paper as this post may read it: the live one, or one that both signed as they signed it."""
        officer, now = session.officer, self._now()
        require_reader(officer)
        with self._ledger.transaction(snapshot=True) as connection:
            place = self._unit_read(connection, session, request.handover)
            standing, past = store.standing(connection, place.id), handovers.past(connection, place.id)
            live = HandoverIs(request.n, standing, place.name, standing.handover, now, None, (), (), past=past)
            running = standing.handover.id if standing.handover else None
            if request.handover is None or request.handover == running:
                paper = papers.as_of_now(self._ledger, connection, place, standing, now)
                items, flow, since = paper.items, paper.flow, paper.since
                summary = handovers.find(connection, running)[1].summary if running else ""
                items = self._legible(connection, items, officer, now)
                return _with(live, items=items, flow=flow, since=since, summary=summary)
            handover, words = handovers.find(connection, request.handover)
            if handover.signed_in is None:
                raise Refused("no_such_handover", "handover")
            at = handover.signed_in.at
            items = self._legible(connection, handovers.read_paper(connection, handover.id, "in"), officer, now)
            since = papers.since_of(connection, place.id, at)
            said = {"summary": words.summary, "remark": words.remark, "flow": words.flow}
            return _with(live, handover=handover, at=at, since=since, items=items, **said)

    def _legible(
        self, connection: Connection, items: tuple[HandoverItem, ...], officer: Officer, now: datetime
    ) -> tuple[HandoverItem, ...]:
        """The items of a paper that a post may read."""
        named = {item.incident for item in items if item.incident is not None}
        return papers.legible(items, sight.seen(connection, officer, self._ledger.rules(connection, now), named))

    def _read_plans(self, session: Session, request: asked.ReadPlans) -> asked.PlansAre:
        """How a unit stands and who may lead it, for who may plan its shifts."""
        now = self._now()
        with self._ledger.transaction(snapshot=True) as connection:
            return leads.plans(connection, session.officer, request, now)

    def _unit_read(self, connection: Connection, session: Session, handover: UUID | None) -> store.UnitPlace:
        """The unit whose hand-over is read: that of one's shift, or one within the area of one's post."""
        shift = _shift_of(connection, session)
        own = store.find(connection, shift).unit if shift else session.officer.unit
        unit = own if handover is None else handovers.find(connection, handover)[0].unit
        if unit is None:
            raise Refused("not_your_unit")
        place = store.place_of(connection, unit)
        if unit != own and not is_inside(place.area, session.officer.scope):
            raise Refused("not_your_unit")
        return place

    def _read_log(self, session: Session, request: asked.ReadDutyLog) -> DutyLogIs:
        """The log of a shift, who sat in it, and what it covers."""
        officer = session.officer
        require_reader(officer)
        with self._ledger.transaction(snapshot=True) as connection:
            own = _shift_of(connection, session)
            wanted = request.shift or own
            if wanted is None:
                raise Refused("off_shift")
            shift = store.find(connection, wanted)
            place = store.place_of(connection, shift.unit)
            mine = store.find(connection, own).unit if own else officer.unit
            if shift.unit != mine and not is_inside(place.area, officer.scope):
                raise Refused("not_your_unit")
            members = [Member(i, n, Role(r), *rest) for i, n, r, *rest in connection.execute(_MEMBERS, (shift.id,))]
            units = store.places(connection)
            covered = sorted(units[unit].name for unit, by in store.covers(connection).items() if by == shift.id)
            lines = duty_log.read(connection, shift.id, officer, self._ledger.rules(connection, self._now()))
            return DutyLogIs(request.n, shift, lines, tuple(members), tuple(covered))


def _fits(item: Carried) -> bool:
    """Whether the paper can hold what a desk hands in: what it cannot would keep both leads from signing."""
    said = (item.key, item.title, item.stands)
    return all(len(text) <= LONGEST_CARRIED and "\0" not in text for text in said)


def _answered(connection: Connection, request: Any, officer: Officer) -> ShiftDone | None:
    """What this order was answered before; Refused where somebody else's had its id."""
    row = connection.execute(
        "SELECT staff, made, stream, number FROM shift_order WHERE order_id = %s", (request.order_id,)
    ).fetchone()
    if row is None:
        return None
    if row[0] != officer.staff:
        raise Refused("order_id_taken", "order_id")
    return ShiftDone(request.n, request.order_id, *row[1:])


def _unit_of(connection: Connection, request: Any, officer: Officer) -> UUID | None:
    """The unit something is asked for: the one named, that of the shift named, else the officer's own."""
    if isinstance(request, asked.PlanShift):
        return request.unit or officer.unit
    if isinstance(request, asked.ChangeShift | asked.CancelShift | asked.ChangeLead):
        return store.find(connection, request.shift).unit
    return officer.unit


def _shift_of(connection: Connection, session: Session) -> UUID | None:
    """The shift a session is in now: it may have gone on in another since it was read."""
    row = connection.execute("SELECT shift FROM desk_session WHERE id = %s", (session.id,)).fetchone()
    return row[0] if row else None


def _may_lead(officer: Officer, unit: UUID) -> bool:
    try:
        require_lead(officer, unit)
    except Refused:
        return False
    return True


def _with(reply: HandoverIs, **fields: Any) -> HandoverIs:
    """The reply with other values in some fields."""
    return HandoverIs(**({name: getattr(reply, name) for name in reply.__struct_fields__} | fields))
