"""The unit of work: one transaction, one order, its incident and those joined with it, their changes, one answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg

from governance.audience import area_audience, case_streams, may_see, narrow_audiences
from governance.changes import CaseChanged, CaseGone, Fact
from governance.commands import Command
from governance.incident import Case
from governance.lifecycle import SYSTEM_OFFICER, after, following
from governance.people import Officer
from governance.places import is_inside
from governance.refusal import Refused
from governance.roles import SIGHT, Reach
from governance.rules import Rules
from server.ledger import change_log, incidents, reporters, step_chain, worker_duty
from server.ledger.grids import Grids
from server.ledger.ledger import Connection, Ledger
from server.ledger.reporters import Reporter

SAYS_NOTHING = frozenset({"not_your_role", "not_your_area", "not_assigned", "off_shift"})
"""Refusals that tell nothing of the incident, for officers who may not know of it."""
EDITS = "E64"
"""The row of what is only edited."""


@dataclass(frozen=True, slots=True)
class Entered:
    """An order that became a fact: where its change stands. `case` is None where an earlier answer is repeated."""

    order_id: UUID
    incident: UUID
    version: int
    stream: str
    number: int
    case: Case | None = None


class Held:
    """One case inside a transaction: as it was loaded, and as each step made it."""

    def __init__(self, before: Case | None, last_hash: bytes) -> None:
        """Nothing has happened to it yet; `before` is None where it does not exist."""
        self.before = before
        self.last_hash = last_hash
        self.trail: list[Case] = []

    @property
    def case(self) -> Case | None:
        """As it stands now."""
        return self.trail[-1] if self.trail else self.before


class Entry:
    """What the functions of the order book work on: one case, and those it is joined with, inside one transaction."""

    def __init__(
        self,
        ledger: Ledger,
        connection: Connection,
        order_id: UUID,
        officer: Officer,
        now: datetime,
        client_at: datetime | None = None,
        digest: str | None = None,
    ) -> None:
        """Nothing is locked or read yet. `now` is aware, UTC; `digest` tells orders of one id apart, where it is given."""
        self.connection = connection
        self.order_id = order_id
        self.officer = officer
        self.now = now
        self.client_at = client_at
        self.digest = digest
        self.rules: Rules = ledger.rules(connection, now)
        self._ledger = ledger
        self._held = Held(None, step_chain.START)
        self._beside: dict[UUID, Held] = {}
        self._is_stale = False
        self._may_know = True
        self.reporter: Reporter | None = None
        """Who made the report this entry adds, to be kept sealed; nobody where the report is anonymous."""

    @property
    def grids(self) -> Grids:
        """The boundaries in force."""
        return self._ledger.grids(self.connection, self.now)

    @property
    def case(self) -> Case | None:
        """The case the order is about, as it stands now."""
        return self._held.case

    @property
    def beside(self) -> tuple[Case, ...]:
        """The cases it is joined with, as they stand now."""
        return tuple(held.case for held in self._beside.values() if held.case is not None)

    def open(self, incident: UUID, version: int, *beside: UUID) -> Entered | None:
        """The incident is locked and loaded; the earlier answer where this order was answered while we waited.

        Version 0 means: whatever version it has. Refused('stale_version') tells who was faster, and with what; who may not
        see the incident hears from the rules instead that it is none of his. `beside` are locked and loaded with it.
        """
        incidents.lock(self.connection, incident, *beside)
        answered = answer_of(self.connection, self.order_id, self.officer, self.digest)
        if answered is not None:
            return answered
        case, last_hash = incidents.load_for_order(self.connection, incident)
        self._held = Held(case, last_hash)
        self._may_know = may_know(self.officer, case, self.rules)
        self._require_sight(case)
        if not is_current(case, version):
            if self._may_know:
                raise stale(case)
            self._is_stale = True
        for other in beside:
            joined, its_hash = incidents.load_for_order(self.connection, other)
            self._require_sight(joined)
            self._beside[other] = Held(joined, its_hash)
        return None

    def apply(self, command: Command, *beside: Case) -> None:
        """The rules decide; the case is what they made of it. `beside` are the cases it is joined with."""
        try:
            made = after(self.case, command, self.officer, self.rules, self.now, self.client_at, beside)
        except Refused as no:
            if self._may_know:
                raise
            raise Refused(no.code if no.code in SAYS_NOTHING else "not_your_role") from None
        if self._is_stale:
            raise Refused("stale_version", "version")
        self._held.trail += [made, *following(made, self.rules, self.now)]

    def apply_beside(self, incident: UUID, command: Command, *beside: Case, officer: Officer | None = None) -> None:
        """The same of a case that the order's own is joined with; of a new one where none of that id was opened."""
        held = self._beside.setdefault(incident, Held(None, step_chain.START))
        made = after(held.case, command, officer or self.officer, self.rules, self.now, self.client_at, beside)
        held.trail += [made, *following(made, self.rules, self.now)]

    def follow(self, command: Command) -> None:
        """What the system does because of the order: Refused is as good as nothing."""
        try:
            made = after(self.case, command, SYSTEM_OFFICER, self.rules, self.now)
        except Refused:
            return
        self._held.trail += [made, *following(made, self.rules, self.now)]

    def close(self) -> Entered:
        """Everything is stored, numbered and remembered; the caller commits."""
        case = self.case
        assert case is not None, "nothing was applied"
        incident = case.incident
        moved = [held for held in (self._held, *self._beside.values()) if held.trail]
        moved.sort(key=lambda held: held.before is not None)  # a new one is there before another refers to it
        with self.connection.pipeline():  # three trips instead of a dozen
            facts: list[tuple[str, Fact]] = []
            for held in moved:
                facts += self._stored(held)
            facts += worker_duty.follow(self.connection, [(held.before, held.trail[-1]) for held in moved], self.now)
            numbered = change_log.append(self.connection, facts, self.order_id, self.now)
            told = [numbered[n] for n, (_, fact) in enumerate(facts) if _is_of(fact, incident.id) and numbered[n][1]]
            heard = frozenset(case_streams(self.officer, (incident.street,)))
            stream, number = next((each for each in told if each[0] in heard), told[0])
            self.connection.execute(
                "INSERT INTO answered_order (order_id, staff, incident, version, stream, number, at, digest) "
                "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                (self.order_id, self.officer.staff, incident.id, incident.version, stream, number, self.now, self.digest),
            )
        return Entered(self.order_id, incident.id, incident.version, stream, number, case)

    def _stored(self, held: Held) -> list[tuple[str, Fact]]:
        """One case stands in its tables; what its streams are told of it."""
        case = held.trail[-1]
        change = incidents.store(self.connection, held.before, held.trail, held.last_hash, self.now)
        for report in change.reports_added:
            if self.reporter is not None and not report.anonymous and report.received_at == self.now:
                reporters.keep(self.connection, self._ledger.seal, report.id, self.reporter)
        return self._told(held.before, case, change)

    def _told(self, before: Case | None, case: Case, change: CaseChanged) -> list[tuple[str, Fact]]:
        """The streams that hear of one case, each with what it is told.

        A stream it comes into gets it whole, one it leaves is told that it is gone. Somebody may hear several of the narrow
        streams: where one of them is left, those it stays in get it whole too, for it may have been forgotten by then.
        """
        whole = change if before is None else CaseChanged.between(None, case)
        gone = CaseGone(case.incident.id, case.incident.version)
        here, there = area_audience(case), area_audience(before) if before else ""
        facts: list[tuple[str, Fact]] = [(here, change if here == there else whole)]
        if before and here != there:
            facts.append((there, gone))
        after, earlier = narrow_audiences(case, self.rules), narrow_audiences(before, self.rules) if before else frozenset()
        facts += [(stream, change if after == earlier else whole) for stream in sorted(after)]
        return facts + [(stream, gone) for stream in sorted(earlier - after)]

    def _require_sight(self, case: Case) -> None:
        """Refused where the place is none of the post's, or the post may not see this incident: for it there is none."""
        officer, sight = self.officer, SIGHT[self.officer.role].incidents
        if sight not in (Reach.AREA, Reach.UNIT, Reach.CHECK) or may_see(officer, case, self.rules):
            return
        if sight is Reach.AREA and is_inside(case.incident.grid, officer.scope):
            raise Refused("no_such_incident", "incident")
        if not may_know(officer, case, self.rules):
            outside, hidden = Refused("not_your_area", scope=officer.scope), Refused("no_such_incident", "incident")
            raise outside if sight is Reach.AREA else hidden


def _is_of(fact: Fact, incident: UUID) -> bool:
    """Whether a fact tells how an incident stands now."""
    return isinstance(fact, CaseChanged) and fact.incident.id == incident


def answer_of(connection: Connection, order_id: UUID, officer: Officer, digest: str | None = None) -> Entered | None:
    """The answer this order got before, if any.

    Refused('order_id_taken') where somebody else's order had this id, Refused('key_reused') where it ordered something else.
    """
    row = connection.execute(
        "SELECT incident, version, stream, number, staff, digest FROM answered_order WHERE order_id = %s", (order_id,)
    ).fetchone()
    if row is None:
        return None
    if row[4] != officer.staff:
        raise Refused("order_id_taken", "order_id")
    if row[5] != digest:
        raise Refused("key_reused", "Idempotency-Key")
    return Entered(order_id, *row[:4])


def is_repeat(problem: psycopg.errors.UniqueViolation) -> bool:
    """Whether a unique violation means that the same order was entered by somebody else this moment."""
    return problem.diag.constraint_name == "pk_answered_order"


def may_know(officer: Officer, case: Case, rules: Rules) -> bool:
    """Whether an officer may hear who did what to an incident: he may see it, was sent to it, reported it or is to look."""
    theirs = [each.worker for each in case.assignments] + [each.checker for each in case.checks]
    theirs += [each.reporter_worker for each in case.reports]
    return may_see(officer, case, rules) or officer.staff in theirs


def is_current(case: Case, version: int) -> bool:
    """Whether a version is the newest, but for what was only edited since: descriptive fields do not compete."""
    return version == 0 or (all(step.row == EDITS for step in case.steps[version:]) and version <= case.incident.version)


def stale(case: Case) -> Refused:
    """Who was faster, with what, when."""
    last = case.steps[-1]
    return Refused(
        "stale_version",
        "version",
        version=str(case.incident.version),
        who=last.actor_name,
        action=last.action,
        state=case.incident.state.value,
        at=last.at.isoformat(),
    )
