"""Looks after the chains of recent incidents: a step that was changed behind the ledger's back is found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.ledger import incidents, step_chain
from server.ledger.ledger import Ledger

_NEXT = "SELECT id, changed_at FROM incident WHERE (changed_at, id) > (%s, %s) ORDER BY changed_at, id LIMIT %s"
_FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Looked:
    """How far a round has come: the last incident looked at, in order of change."""

    changed_at: datetime
    incident: UUID = _FIRST


def look(ledger: Ledger, after: Looked, limit: int) -> tuple[Looked | None, dict[UUID, int]]:
    """How far the look came (None: at the newest), and the incidents with the seq of their first broken step."""
    broken: dict[UUID, int] = {}
    with ledger.transaction(snapshot=True) as connection:
        found = connection.execute(_NEXT, (after.changed_at, after.incident, limit)).fetchall()
        for incident, _ in found:
            seq = step_chain.first_broken(connection, incident, incidents.load(connection, incident).steps)
            if seq is not None:
                broken[incident] = seq
    if len(found) < limit:
        return None, broken
    return Looked(found[-1][1], found[-1][0]), broken
