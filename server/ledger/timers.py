"""Clocks that ran out: claimed so that each is fired once, by whoever comes first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.incident import TimerKind
from server.ledger.ledger import Connection

_CLAIM = (
    "SELECT t.incident, t.id, t.kind, t.fired, t.due_at FROM timer t JOIN incident i ON i.id = t.incident "
    "WHERE t.state = 'running' AND t.due_at <= %s AND NOT EXISTS (SELECT 1 FROM "
    "unnest(%s::uuid[], %s::int[], %s::timestamptz[]) x (id, fired, due_at) "
    "WHERE x.id = t.id AND x.fired = t.fired AND x.due_at = t.due_at) "
    "ORDER BY t.due_at LIMIT 1 FOR NO KEY UPDATE OF i SKIP LOCKED"
)

Standing = tuple[UUID, int, datetime]
"""A timer as it stands: id, how often it had fired, when it is due. Any change of it makes another of it."""


@dataclass(frozen=True, slots=True)
class DueTimer:
    """A clock that ran out, and how often it had fired before."""

    incident: UUID
    timer: UUID
    kind: TimerKind
    fired: int
    due_at: datetime

    @property
    def standing(self) -> Standing:
        """What it is laid aside as."""
        return self.timer, self.fired, self.due_at


def claim(connection: Connection, now: datetime, besides: Collection[Standing] = ()) -> DueTimer | None:
    """The clock that ran out first, its incident locked until the transaction ends; None where none is due.

    Those in `besides` are passed over, as long as they stand just so. Incidents somebody works on this moment are skipped:
    their clocks are found again at the next look.
    """
    ids, fired, due = [s[0] for s in besides], [s[1] for s in besides], [s[2] for s in besides]
    row = connection.execute(_CLAIM, (now, ids, fired, due)).fetchone()
    return None if row is None else DueTimer(row[0], row[1], TimerKind(row[2]), row[3], row[4])


def next_due(connection: Connection) -> datetime | None:
    """When the next running clock runs out."""
    row = connection.execute("SELECT min(due_at) FROM timer WHERE state = 'running'").fetchone()
    return row[0] if row else None
