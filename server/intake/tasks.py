"""What a worker's phone shows: orders, what to look at, what was stopped, what came of it; and what a citizen may know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from governance.effects import first_report
from governance.incident import State
from governance.places import LonLat
from server.ledger.ledger import Connection, Ledger

_URGED = (
    "LEFT JOIN LATERAL (SELECT s.at, coalesce(s.detail->>'text', '') AS text FROM incident_transition s "
    "WHERE s.incident = i.id AND s.row = 'E68' AND s.at >= {since} AND s.detail->>'lead_worker' = {worker}::text "
    "ORDER BY s.seq DESC LIMIT 1) u ON true "
)
"""When the worker was last urged (催办) since he was sent or asked, and with which words."""
_TASKS = (
    "SELECT a.id, a.role, a.state, a.order_text, a.sent_at, a.reminders, i.number, i.title, i.text, i.category, i.urgency, "
    "ST_X(i.place), ST_Y(i.place), i.place_text, i.floor, i.grid, i.due_at, i.state, i.mode, u.at, coalesce(u.text, '') "
    "FROM assignment a JOIN incident i ON i.id = a.incident "
    + _URGED.format(since="a.sent_at", worker="a.worker")
    + "WHERE a.worker = %s AND a.state IN ('sent', 'delivered', 'acked', 'accepted', 'en_route', 'arrived') "
    "ORDER BY a.sent_at, a.id"
)
_LOOKS = (
    "SELECT c.id, i.number, i.title, i.text, i.category, i.urgency, c.note, c.assigned_at, (SELECT t.due_at FROM timer t "
    "WHERE t.incident = i.id AND t.kind = 'T2' AND t.state = 'running' LIMIT 1), ST_X(i.place), ST_Y(i.place), i.place_text, "
    "i.floor, i.grid, u.at, coalesce(u.text, '') FROM verify_task c JOIN incident i ON i.id = c.incident "
    + _URGED.format(since="c.assigned_at", worker="c.checker")
    + "WHERE c.checker = %s AND c.kind = 'verify' AND c.done_at IS NULL AND i.state = 'verifying' ORDER BY c.assigned_at, c.id"
)
_ECHOES = (
    "SELECT f.id, i.number, i.title, f.target, f.state, f.text, f.sent_at FROM feedback f JOIN incident i ON i.id = f.incident "
    "WHERE f.worker = %s AND f.state IN ('sent', 'read') AND f.sent_at > %s ORDER BY f.sent_at DESC, f.id LIMIT 50"
)
STOPPED_BY = (
    "(a.state = 'recalled' AND s.row IN ('E20', 'E20''', 'E25', 'E34', 'E51') OR a.state = 'expired' AND s.row = 'E22' "
    "OR a.state = 'released' AND (s.row IN ('E22', 'E30', 'E33') "
    "OR s.row = 'E72' AND s.detail->>'assist_worker' = a.worker::text OR s.row = 'E61' AND s.to_state = 'filed' "
    "OR s.row = 'E27' AND s.to_state = 'resolved'))"
)
"""The rows of the transition table that end an order which its worker did not end: called back, let go, too late."""
_STOPPED = (
    "SELECT a.id, i.number, i.title, a.ended_reason, t.at, i.mode FROM assignment a JOIN incident i ON i.id = a.incident "
    "JOIN LATERAL (SELECT min(s.at) AS at FROM incident_transition s WHERE s.incident = a.incident AND s.at > a.sent_at "
    f"AND {STOPPED_BY}) t ON t.at > %s WHERE a.worker = %s ORDER BY t.at DESC, a.id LIMIT 20"
)
STOPPED_FOR = timedelta(hours=12)
"""So long a phone is told that an order was stopped."""
ECHOES_FOR = timedelta(days=30)
_STATUS = (
    "SELECT m.number, i.state, coalesce(r.received_at, m.reported_at), i.closed_at, coalesce((SELECT f.text FROM feedback f "
    "WHERE f.incident IN (m.id, i.id) AND f.report = %(report)s AND f.target = 'reporter' AND f.state IN ('sent', 'read') "
    "ORDER BY f.sent_at DESC LIMIT 1), '') FROM incident m JOIN incident i ON i.id = coalesce(m.merged_into, m.id) "
    "LEFT JOIN report r ON r.id = %(report)s WHERE m.id = %(incident)s"
)
"""How a report stands: that of the incident its own was merged into, and what was told to its reporter, to nobody else."""
STATUS_OF = {
    State.REPORTED: ("received", "已收到"),
    State.VERIFYING: ("received", "核实中"),
    State.FILED: ("accepted", "已受理"),
    State.DISPATCHED: ("accepted", "已派人"),
    State.HANDLING: ("in_progress", "处理中"),
    State.SUSPENDED: ("in_progress", "处理中"),
    State.RESOLVED: ("in_progress", "已处理，待核查"),
    State.CHECKING: ("in_progress", "核查中"),
    State.CLOSED: ("closed", "已办结"),
    State.ARCHIVED: ("closed", "已办结"),
    State.REJECTED: ("rejected", "不予受理"),
    State.TRANSFERRED: ("transferred", "已移送其他部门"),
    State.MERGED: ("accepted", "已并案处理"),
    State.VOIDED: ("rejected", "已作废"),
}
"""What a reporter is told of each state."""


@dataclass(frozen=True, slots=True)
class Task:
    """A live order to a worker, with what he needs to know of the incident; nothing of a class above 1."""

    assignment: UUID
    role: str
    state: str
    order_text: str
    sent_at: datetime
    reminders: int
    number: str
    title: str
    text: str
    category: str
    urgency: int
    place: LonLat
    place_text: str
    floor: str
    grid: str
    due_at: datetime | None
    incident_state: str
    mode: str
    """normal or direct."""
    urged_at: datetime | None
    urged_text: str

    def as_json(self) -> dict[str, Any]:
        """As the phone reads it."""
        return {
            "assignment": str(self.assignment),
            "role": self.role,
            "state": self.state,
            "order_text": self.order_text,
            "sent_at": self.sent_at.isoformat(),
            "reminders": self.reminders,
            "number": self.number,
            "title": self.title,
            "text": self.text,
            "category": self.category,
            "urgency": self.urgency,
            "lon": self.place.lon,
            "lat": self.place.lat,
            "place_text": self.place_text,
            "floor": self.floor,
            "grid": self.grid,
            "due_at": self.due_at.isoformat() if self.due_at else None,
            "incident_state": self.incident_state,
            "mode": self.mode,
            "urged_at": self.urged_at.isoformat() if self.urged_at else None,
            "urged_text": self.urged_text,
        }


@dataclass(frozen=True, slots=True)
class Look:
    """What a worker is asked to look at before it is filed (核实)."""

    check: UUID
    number: str
    title: str
    text: str
    category: str
    urgency: int
    order_text: str
    asked_at: datetime
    due_at: datetime | None
    place: LonLat
    place_text: str
    floor: str
    grid: str
    urged_at: datetime | None
    urged_text: str

    def as_json(self) -> dict[str, Any]:
        """As the phone reads it."""
        return {
            "check": str(self.check),
            "number": self.number,
            "title": self.title,
            "text": self.text,
            "category": self.category,
            "urgency": self.urgency,
            "order_text": self.order_text,
            "asked_at": self.asked_at.isoformat(),
            "due_at": self.due_at.isoformat() if self.due_at else None,
            "lon": self.place.lon,
            "lat": self.place.lat,
            "place_text": self.place_text,
            "floor": self.floor,
            "grid": self.grid,
            "urged_at": self.urged_at.isoformat() if self.urged_at else None,
            "urged_text": self.urged_text,
        }


def looks_of(ledger: Ledger, worker: UUID) -> tuple[Look, ...]:
    """What a worker is asked to look at and has not answered, oldest first."""
    with ledger.transaction() as connection:
        return tuple(_look(row) for row in connection.execute(_LOOKS, (worker,)))


def stopped_of(ledger: Ledger, worker: UUID, now: datetime) -> tuple[dict[str, Any], ...]:
    """The orders to a worker that were called back or let go lately (停止执行), and why, the last first."""
    with ledger.transaction() as connection:
        rows = connection.execute(_STOPPED, (now - STOPPED_FOR, worker)).fetchall()
    names = ("assignment", "number", "title", "reason", "at", "mode")
    return tuple(dict(zip(names, (str(row[0]), *row[1:4], row[4].isoformat(), row[5]), strict=True)) for row in rows)


def echoes_of(ledger: Ledger, worker: UUID, now: datetime) -> tuple[dict[str, Any], ...]:
    """What a worker was told of what came of his reports and of his grid, the last first."""
    with ledger.transaction() as connection:
        rows = connection.execute(_ECHOES, (worker, now - ECHOES_FOR)).fetchall()
    names = ("echo", "number", "title", "about", "state", "text", "sent_at")
    return tuple(dict(zip(names, (str(row[0]), *row[1:6], row[6].isoformat()), strict=True)) for row in rows)


def tasks_of(ledger: Ledger, worker: UUID) -> tuple[Task, ...]:
    """The live orders to a worker, oldest first."""
    with ledger.transaction() as connection:
        return tuple(_task(row) for row in connection.execute(_TASKS, (worker,)))


def status_of(ledger: Ledger, incident: UUID) -> dict[str, Any] | None:
    """What a reporter may know of his report; None where there is no such incident."""
    with ledger.transaction() as connection:
        return _status(connection, incident)


def _status(connection: Connection, incident: UUID) -> dict[str, Any] | None:
    row = connection.execute(_STATUS, {"incident": incident, "report": first_report(incident)}).fetchone()
    if row is None:
        return None
    number, state, reported_at, closed_at, answer = row
    status, zh = STATUS_OF[State(state)]
    return {
        "number": number,
        "status": status,
        "status_zh": zh,
        "received_at": reported_at.isoformat(),
        "closed_at": closed_at.isoformat() if closed_at else None,
        "answer": answer,
    }


def _look(row: tuple[Any, ...]) -> Look:
    lon, lat = row[9:11]
    return Look(*(*row[:9], LonLat(lon, lat), *row[11:]))


def _task(row: tuple[Any, ...]) -> Task:
    lon, lat = row[11:13]
    return Task(*(*row[:11], LonLat(lon, lat), *row[13:]))
