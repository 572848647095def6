"""Loads and stores incidents with everything that belongs to them, checking the version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from governance.changes import CaseChanged
from governance.incident import (
    TERMINAL,
    Assignment,
    Attachment,
    Case,
    CheckTask,
    Escalation,
    Feedback,
    Incident,
    Report,
    Step,
    Supervision,
    Timer,
)
from governance.refusal import Refused
from server.ledger import step_chain
from server.ledger.ledger import Connection
from server.ledger.rows import RowShape

KEPT_AFTER_END = timedelta(hours=24)
"""So long a desk's snapshot still holds an incident that has ended."""

INCIDENT = RowShape.of(Incident, "incident")
REPORT = RowShape.of(Report, "report")
STEP = RowShape.of(Step, "incident_transition")
ESCALATION = RowShape.of(Escalation, "escalation")
MOVING: tuple[tuple[str, RowShape], ...] = (
    ("assignments", RowShape.of(Assignment, "assignment")),
    ("timers", RowShape.of(Timer, "timer")),
    ("checks", RowShape.of(CheckTask, "verify_task")),
    ("feedback", RowShape.of(Feedback, "feedback")),
    ("supervision", RowShape.of(Supervision, "supervision_order")),
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
            _children("escalations", ESCALATION),
            _children("steps", STEP, "seq"),
        ]
    )
    + " FROM incident i WHERE {}) c"
)
_LOAD = _CASE.format("i.id = %s")
_LOAD_FOR_ORDER = f"SELECT ({_LOAD}), (SELECT hash FROM incident_transition WHERE incident = %s ORDER BY seq DESC LIMIT 1)"
_ENDED = ", ".join(f"'{state.value}'" for state in sorted(TERMINAL))
_OPEN = _CASE.format(
    f"(i.state NOT IN ({_ENDED}) OR i.changed_at > %s "
    "OR i.id IN (SELECT f.incident FROM feedback f WHERE f.state = 'pending')) "
    "AND starts_with(i.grid, %s) AND i.confidentiality = ANY(%s) ORDER BY i.reported_at, i.id"
)
_OF_WORKER = _CASE.format(
    "i.id IN (SELECT a.incident FROM assignment a WHERE a.worker = %s AND a.state IN "
    "('sent', 'delivered', 'acked', 'accepted', 'en_route', 'arrived')) ORDER BY i.reported_at, i.id"
)
_INSERT = INCIDENT.insert("changed_at")
_UPDATE = f"UPDATE incident SET changed_at = %s, {INCIDENT.assignments()} WHERE id = %s"
_UPSERT = {name: shape.upsert("incident", "ord") for name, shape in MOVING}
_ATTACHMENT = RowShape.of(Attachment, "attachment")
_INSERT_REPORT = REPORT.insert("incident", "ord")
_INSERT_ESCALATION = ESCALATION.insert("incident", "ord")
_INSERT_STEP = STEP.insert("incident", "prev_hash", "hash")
_INSERT_ATTACHMENT = _ATTACHMENT.insert("incident", "owner_kind", "owner", "ord") + " ON CONFLICT (owner, id) DO NOTHING"

_decoder = msgspec.json.Decoder(Case)


def lock(connection: Connection, incident: UUID) -> None:
    """The incident is ours until the transaction ends; Refused where there is none."""
    if connection.execute("SELECT 1 FROM incident WHERE id = %s FOR UPDATE", (incident,)).fetchone() is None:
        raise Refused("no_such_incident", "incident")


def load_for_order(connection: Connection, incident: UUID) -> tuple[Case, bytes]:
    """One incident with all its children, and the hash of its newest step; Refused where there is none."""
    row = connection.execute(_LOAD_FOR_ORDER, (incident, incident)).fetchone()
    if row is None:
        raise Refused("no_such_incident", "incident")
    return _decoder.decode(row[0]), bytes(row[1])


def load(connection: Connection, incident: UUID) -> Case:
    """One incident with all its children; Refused where there is none."""
    row = connection.execute(_LOAD, (incident,)).fetchone()
    if row is None:
        raise Refused("no_such_incident", "incident")
    return _decoder.decode(row[0])


def visible(connection: Connection, scope: str, confidentialities: Sequence[int], now: datetime) -> tuple[Case, ...]:
    """All open incidents of an area (those that ended within a day, or still owe an echo, too), oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, (now - KEPT_AFTER_END, scope, list(confidentialities)), prepare=True)
        return tuple(_decoder.decode(row[0]) for row in cursor)


def of_worker(connection: Connection, worker: UUID) -> tuple[Case, ...]:
    """The incidents a worker has a live assignment in, oldest first."""
    return tuple(_decoder.decode(row[0]) for row in connection.execute(_OF_WORKER, (worker,)))


def store(connection: Connection, before: Case | None, after: Case, last_hash: bytes, now: datetime) -> CaseChanged:
    """The case stands in its tables; the change that led to it.

    The caller has locked the incident and compared its version. Nothing here waits for an answer, so in a pipeline it is
    all one trip. `last_hash` is that of the newest step of `before`.
    """
    incident = after.incident
    values = INCIDENT.values(incident)
    if before is None:
        connection.execute(_INSERT, [now, *values])
    else:
        connection.execute(_UPDATE, [now, *values[1:], incident.id])
    change = CaseChanged.between(before, after)
    for ordinal, report in enumerate(change.reports_added, len(before.reports) if before else 0):
        connection.execute(_INSERT_REPORT, [incident.id, ordinal, *REPORT.values(report)])
        _store_attachments(connection, incident.id, "report", report.id, report.attachments, 0)
    for name, shape in MOVING:
        _store_children(connection, incident.id, name, shape, getattr(before, name, ()), getattr(after, name))
    for order in after.assignments:
        known = next((len(a.attachments) for a in before.assignments if a.id == order.id), 0) if before else 0
        _store_attachments(connection, incident.id, "assignment", order.id, order.attachments, known)
    for ordinal in range(len(before.escalations) if before else 0, len(after.escalations)):
        connection.execute(_INSERT_ESCALATION, [incident.id, ordinal, *ESCALATION.values(after.escalations[ordinal])])
    _store_steps(connection, incident.id, last_hash, change.steps_added)
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


def _store_steps(connection: Connection, incident: UUID, last_hash: bytes, steps: Sequence[Step]) -> None:
    """The steps hang on the chain of the incident's log."""
    for step in steps:
        digest = step_chain.digest(last_hash, incident, step)
        connection.execute(_INSERT_STEP, [incident, last_hash, digest, *STEP.values(step)])
        last_hash = digest
