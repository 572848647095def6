"""Loads and stores incidents with everything that belongs to them, checking the version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from governance import fold
from governance.audience import may_see
from governance.changes import CaseChanged
from governance.incident import (
    TERMINAL,
    Approval,
    Assignment,
    Attachment,
    Case,
    CheckTask,
    Cycle,
    Escalation,
    Feedback,
    Incident,
    Report,
    State,
    Step,
    Supervision,
    Timer,
)
from governance.people import Officer
from governance.refusal import Refused
from governance.roles import SIGHT, Reach, clearances_of
from governance.rules import Rules
from server.ledger import step_chain
from server.ledger.ledger import Connection
from server.ledger.rows import RowShape

KEPT_AFTER_END = timedelta(hours=24)
"""So long a desk's snapshot still holds an incident that has ended."""

INCIDENT = RowShape.of(Incident, "incident")
REPORT = RowShape.of(Report, "report")
STEP = RowShape.of(Step, "incident_transition")
ADDED: tuple[tuple[str, RowShape], ...] = (
    ("escalations", RowShape.of(Escalation, "escalation")),
    ("cycles", RowShape.of(Cycle, "incident_cycle")),
)
MOVING: tuple[tuple[str, RowShape], ...] = (
    ("assignments", RowShape.of(Assignment, "assignment")),
    ("timers", RowShape.of(Timer, "timer")),
    ("checks", RowShape.of(CheckTask, "verify_task")),
    ("feedback", RowShape.of(Feedback, "feedback")),
    ("supervision", RowShape.of(Supervision, "supervision_order")),
    ("approvals", RowShape.of(Approval, "approval")),
)


def _children(name: str, shape: RowShape, order: str = "ord") -> str:
    """A subselect of one kind of child as a JSON array in order."""
    chosen = shape.selected("r") + ("" if order in shape.columns else f", r.{order}")
    inner = f"SELECT {chosen} FROM {shape.table} r WHERE r.incident = i.id"
    return f"(SELECT coalesce(json_agg(x ORDER BY x.{order}), '[]') FROM ({inner}) x) AS {name}"


_CASE = (
    "SELECT row_to_json(c)::text FROM (SELECT "
    + ", ".join(
        [
            f"(SELECT row_to_json(n) FROM (SELECT {INCIDENT.selected('i')}) n) AS incident",
            _children("reports", REPORT),
            *(_children(name, shape) for name, shape in MOVING),
            *(_children(name, shape) for name, shape in ADDED),
            _children("steps", STEP, "seq"),
        ]
    )
    + " FROM incident i WHERE {}) c"
)
_LOAD = _CASE.format("i.id = %s")
LOAD_FOR_ORDER = f"SELECT ({_LOAD}), (SELECT hash FROM incident_transition WHERE incident = %s ORDER BY seq DESC LIMIT 1)"
ENDED = ", ".join(f"'{state.value}'" for state in sorted(TERMINAL))
_IN_AREA = "starts_with(i.grid, %(scope)s) AND i.confidentiality = ANY(%(classes)s)"
REACHED = {
    Reach.AREA: _IN_AREA,
    Reach.UNIT: "(i.first_unit = ANY(%(units)s) OR EXISTS (SELECT 1 FROM assignment a WHERE a.incident = i.id "
    f"AND a.unit = ANY(%(units)s)) OR (i.state = 'filed' AND {_IN_AREA}))",
    Reach.CHECK: "(EXISTS (SELECT 1 FROM verify_task c WHERE c.incident = i.id AND c.checker = %(staff)s) "
    f"OR (i.state = 'checking' AND {_IN_AREA}))",
}
"""What a post may see at most; governance.audience.may_see has the last word."""
_OPEN = {
    reach: _CASE.format(
        f"(i.state NOT IN ({ENDED}) OR i.changed_at > %(since)s "
        "OR i.id IN (SELECT f.incident FROM feedback f WHERE f.state = 'pending')) "
        f"AND {reached} ORDER BY i.reported_at, i.id"
    )
    for reach, reached in REACHED.items()
}
_OF_WORKER = _CASE.format(
    "i.id IN (SELECT a.incident FROM assignment a WHERE a.worker = %s AND a.state IN "
    "('sent', 'delivered', 'acked', 'accepted', 'en_route', 'arrived')) ORDER BY i.reported_at, i.id"
)
_INSERT = INCIDENT.insert("changed_at")
_UPDATE = f"UPDATE incident SET changed_at = %s, {INCIDENT.assignments()} WHERE id = %s"
_UPSERT = {name: shape.upsert("incident", "ord") for name, shape in MOVING}
_ATTACHMENT = RowShape.of(Attachment, "attachment")
_NEXT_ORD = "(SELECT coalesce(max(ord), -1) + 1 FROM report WHERE incident = %s)"
_INSERT_REPORT = (
    REPORT.insert("incident", "ord").replace("VALUES (%s, %s,", f"VALUES (%s, {_NEXT_ORD},", 1)
    + " ON CONFLICT (id) DO UPDATE SET incident = excluded.incident, ord = excluded.ord"
)
"""A report that is there already comes from another incident: it keeps what it says and goes with its pictures."""
_INSERT_ADDED = {name: shape.insert("incident", "ord") for name, shape in ADDED}
_INSERT_STEP = STEP.insert("incident", "prev_hash", "hash", "became", "whole")
_INSERT_ATTACHMENT = (
    _ATTACHMENT.insert("incident", "owner_kind", "owner", "ord")
    + " ON CONFLICT (owner, id) DO UPDATE SET incident = excluded.incident"
)

_decoder = msgspec.json.Decoder(Case)


def lock(connection: Connection, *named: UUID) -> None:
    """The incidents are ours until the transaction ends; Refused where there is none. In one order for all: no deadlock.

    Their keys stay free: who holds a counter and only names an incident in a new row does not wait for us.
    """
    asked = "SELECT count(*) FROM (SELECT 1 FROM incident WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE) x"
    row = connection.execute(asked, (list(named),)).fetchone()
    if row is None or row[0] != len(set(named)):
        raise Refused("no_such_incident", "incident")


def load_for_order(connection: Connection, incident: UUID) -> tuple[Case, bytes]:
    """One incident with all its children, and the hash of its newest step; Refused where there is none."""
    row = connection.execute(LOAD_FOR_ORDER, (incident, incident)).fetchone()
    if row is None:
        raise Refused("no_such_incident", "incident")
    return _decoder.decode(row[0]), bytes(row[1])


def load(connection: Connection, incident: UUID) -> Case:
    """One incident with all its children; Refused where there is none."""
    row = connection.execute(_LOAD, (incident,)).fetchone()
    if row is None:
        raise Refused("no_such_incident", "incident")
    return _decoder.decode(row[0])


def open_parts(connection: Connection, incident: UUID) -> int:
    """How many incidents split from this one are not closed yet."""
    over = [State.CLOSED.value, *(state.value for state in TERMINAL)]
    asked = "SELECT count(*) FROM incident WHERE split_from = %s AND state <> ALL(%s)"
    row = connection.execute(asked, (incident, over)).fetchone()
    return int(row[0]) if row else 0


def visible(connection: Connection, officer: Officer, rules: Rules, now: datetime) -> tuple[Case, ...]:
    """All open incidents a post may see (those that ended within a day, or still owe an echo, too), oldest first."""
    sight = SIGHT[officer.role].incidents
    if sight not in _OPEN:
        return ()
    asked = {
        "since": now - KEPT_AFTER_END,
        "scope": officer.scope,
        "classes": list(clearances_of(officer)),
        "units": list(officer.units),
        "staff": officer.staff,
    }
    with connection.cursor() as cursor:
        cursor.execute(_OPEN[sight], asked, prepare=True)
        found = (_decoder.decode(row[0]) for row in cursor)
        return tuple(case for case in found if may_see(officer, case, rules))


def of_worker(connection: Connection, worker: UUID) -> tuple[Case, ...]:
    """The incidents a worker has a live assignment in, oldest first."""
    return tuple(_decoder.decode(row[0]) for row in connection.execute(_OF_WORKER, (worker,)))


def store(connection: Connection, before: Case | None, trail: Sequence[Case], last_hash: bytes, now: datetime) -> CaseChanged:
    """The last of `trail` stands in its tables; the change that led from `before` to it. Each of the trail is one step more.

    The caller has locked the incident and compared its version. Nothing here waits for an answer, so in a pipeline it is
    all one trip. `last_hash` is that of the newest step of `before`.
    """
    after = trail[-1]
    incident = after.incident
    values = INCIDENT.values(incident)
    if before is None:
        connection.execute(_INSERT, [now, *values])
    else:
        connection.execute(_UPDATE, [now, *values[1:], incident.id])
    change = CaseChanged.between(before, after)
    for report in change.reports_added:
        connection.execute(_INSERT_REPORT, [incident.id, incident.id, *REPORT.values(report)])
        _store_attachments(connection, incident.id, "report", report.id, report.attachments, 0)
    for name, shape in MOVING:
        _store_children(connection, incident.id, name, shape, getattr(before, name, ()), getattr(after, name))
    for kind, owners in (("assignment", "assignments"), ("verify_task", "checks")):
        known = {each.id: len(each.attachments) for each in getattr(before, owners, ())}
        for owner in getattr(after, owners):
            _store_attachments(connection, incident.id, kind, owner.id, owner.attachments, known.get(owner.id, 0))
    for name, shape in ADDED:
        added = getattr(after, name)
        for ordinal in range(len(getattr(before, name, ())), len(added)):
            connection.execute(_INSERT_ADDED[name], [incident.id, ordinal, *shape.values(added[ordinal])])
    _store_steps(connection, last_hash, before, trail)
    return change


def _store_children(
    connection: Connection, incident: UUID, name: str, shape: RowShape, before: Sequence[Any], after: Sequence[Any]
) -> None:
    """New and changed children stand in their table; ValueError where one would vanish."""
    if [child.id for child in after[: len(before)]] != [child.id for child in before]:
        raise ValueError(f"{name} of {incident} may be added to and changed, never taken away or reordered")
    for ordinal, child in enumerate(after):
        if ordinal >= len(before) or before[ordinal] != child:
            connection.execute(_UPSERT[name], [incident, ordinal, *shape.values(child)])


def _store_attachments(
    connection: Connection, incident: UUID, kind: str, owner: UUID, attachments: Sequence[Attachment], known: int
) -> None:
    """What was added behind the attachments already known."""
    for ordinal, added in enumerate(attachments[known:], known):
        connection.execute(_INSERT_ATTACHMENT, [incident, kind, owner, ordinal, *_ATTACHMENT.values(added)])


def _store_steps(connection: Connection, last_hash: bytes, before: Case | None, trail: Sequence[Case]) -> None:
    """The steps hang on the chain of the incident's log, each with what it changed and what stood after it."""
    for case in trail:
        incident, step = case.incident, case.steps[-1]
        changed = fold.became(before.incident if before else None, incident)
        whole = step_chain.whole_of(case)
        digest = step_chain.digest(last_hash, incident.id, step, changed, whole)
        connection.execute(_INSERT_STEP, [incident.id, last_hash, digest, Jsonb(changed), whole, *STEP.values(step)])
        last_hash, before = digest, case
