"""The unit of work: one transaction, one order, one incident, its steps, its changes, its remembered answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg

from governance.changes import Fact, stream_of
from governance.commands import Command
from governance.incident import Case
from governance.lifecycle import after, settled
from governance.people import Officer
from governance.places import is_inside
from governance.refusal import Refused
from governance.roles import SIGHT, Reach, may_see
from governance.rules import Rules
from server.ledger import change_log, incidents, reporters, step_chain, worker_duty
from server.ledger.grids import Grids
from server.ledger.ledger import Connection, Ledger
from server.ledger.reporters import Reporter

SAYS_NOTHING = frozenset({"not_your_role", "not_your_area", "not_assigned", "off_shift"})
"""Refusals that tell nothing of the incident, for officers who may not know of it."""


@dataclass(frozen=True, slots=True)
class Entered:
    """An order that became a fact: where its change stands. `case` is None where an earlier answer is repeated."""

    order_id: UUID
    incident: UUID
    version: int
    stream: str
    number: int
    case: Case | None = None


class Entry:
    """What the functions of the order book work on: one case inside one transaction."""

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
        self.rules: Rules = ledger.rules(connection)
        self._ledger = ledger
        self._before: Case | None = None
        self._last_hash = step_chain.START
        self._is_stale = False
        self._may_know = True
        self.case: Case | None = None
        self.reporter: Reporter | None = None
        """Who made the report this entry adds, to be kept sealed; nobody where the report is anonymous."""

    @property
    def grids(self) -> Grids:
        """The boundaries in force."""
        return self._ledger.grids(self.connection, self.now)

    def open(self, incident: UUID, version: int) -> Entered | None:
        """The incident is locked and loaded; the earlier answer where this order was answered while we waited.

        Version 0 means: whatever version it has. Refused('stale_version') tells who was faster, and with what; who may not
        see the incident hears from the rules instead that it is none of his.
        """
        incidents.lock(self.connection, incident)
        answered = answer_of(self.connection, self.order_id, self.officer, self.digest)
        if answered is not None:
            return answered
        self._before, self._last_hash = incidents.load_for_order(self.connection, incident)
        self.case = self._before
        self._may_know = _may_know(self.officer, self.case)
        _require_sight(self.officer, self.case)
        if version not in (0, self.case.incident.version):
            if self._may_know:
                raise _stale(self.case)
            self._is_stale = True
        return None

    def apply(self, command: Command) -> None:
        """The rules decide; the case is what they made of it."""
        try:
            self.case = after(self.case, command, self.officer, self.rules, self.now, self.client_at)
        except Refused as no:
            if self._may_know:
                raise
            raise Refused(no.code if no.code in SAYS_NOTHING else "not_your_role") from None
        if self._is_stale:
            raise Refused("stale_version", "version")
        self.case = settled(self.case, self.rules, self.now)

    def close(self) -> Entered:
        """Everything is stored, numbered and remembered; the caller commits."""
        case = self.case
        assert case is not None, "nothing was applied"
        incident = case.incident
        with self.connection.pipeline():  # three trips instead of a dozen
            change = incidents.store(self.connection, self._before, case, self._last_hash, self.now)
            for report in change.reports_added:
                if self.reporter is not None and not report.anonymous:
                    reporters.keep(self.connection, self._ledger.seal, report.id, self.reporter)
            facts: list[tuple[str, Fact]] = [(stream_of(incident.grid, incident.confidentiality), change)]
            facts += worker_duty.follow(self.connection, self._before, case, self.now)
            stream, number = change_log.append(self.connection, facts, self.order_id, self.now)[0]
            self.connection.execute(
                "INSERT INTO answered_order (order_id, staff, incident, version, stream, number, at, digest) "
                "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                (self.order_id, self.officer.staff, incident.id, incident.version, stream, number, self.now, self.digest),
            )
        return Entered(self.order_id, incident.id, incident.version, stream, number, case)


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


def _require_sight(officer: Officer, case: Case) -> None:
    """Refused where the place is none of the post's, or the post may not see this incident: for it there is none."""
    incident = case.incident
    if SIGHT[officer.role].incidents is not Reach.AREA:
        return
    if not is_inside(incident.grid, officer.scope):
        if not _may_know(officer, case):
            raise Refused("not_your_area", scope=officer.scope)
    elif not may_see(officer, incident):
        raise Refused("no_such_incident", "incident")


def _may_know(officer: Officer, case: Case) -> bool:
    """Whether an officer may hear who did what to an incident: he may see it, or is or was sent to it."""
    return may_see(officer, case.incident) or any(each.worker == officer.staff for each in case.assignments)


def _stale(case: Case) -> Refused:
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
