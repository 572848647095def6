"""What a worker's phone shows of his tasks, and what a citizen may know of his report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from governance.incident import State
from governance.places import LonLat
from server.ledger.ledger import Connection, Ledger

_TASKS = (
    "SELECT a.id, a.role, a.state, a.order_text, a.sent_at, a.reminders, i.number, i.title, i.text, i.category, i.urgency, "
    "ST_X(i.place), ST_Y(i.place), i.place_text, i.floor, i.grid, i.due_at, i.state "
    "FROM assignment a JOIN incident i ON i.id = a.incident "
    "WHERE a.worker = %s AND a.state IN ('sent', 'delivered', 'acked', 'accepted', 'en_route', 'arrived') "
    "ORDER BY a.sent_at, a.id"
)
_STATUS = (
    "SELECT i.number, i.state, i.reported_at, i.closed_at, coalesce((SELECT f.text FROM feedback f WHERE f.incident = i.id "
    "AND f.target = 'reporter' AND f.state IN ('sent', 'read') ORDER BY f.ord DESC LIMIT 1), '') "
    "FROM incident i WHERE i.id = %s"
)
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
        }


def tasks_of(ledger: Ledger, worker: UUID) -> tuple[Task, ...]:
    """The live orders to a worker, oldest first."""
    with ledger.transaction() as connection:
        return tuple(_task(row) for row in connection.execute(_TASKS, (worker,)))


def status_of(ledger: Ledger, incident: UUID) -> dict[str, Any] | None:
    """What a reporter may know of his report; None where there is no such incident."""
    with ledger.transaction() as connection:
        return _status(connection, incident)


def _status(connection: Connection, incident: UUID) -> dict[str, Any] | None:
    row = connection.execute(_STATUS, (incident,)).fetchone()
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


def _task(row: tuple[Any, ...]) -> Task:
    lon, lat = row[11:13]
    return Task(*(*row[:11], LonLat(lon, lat), *row[13:]))
