"""Who is near and on duty, as the ledger knows it: for orders the system gives, when nobody chooses."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from governance.commands import Recipient
from governance.incident import Incident
from governance.routing import units_on_duty
from governance.rules import Rules
from server.ledger.ledger import Connection

FRESH = timedelta(minutes=30)
"""A position older than this says nothing of where somebody is."""
_NEAREST = (
    "SELECT w.staff, s.name, s.unit, u.code, w.grid_code, w.skills FROM worker w JOIN staff s ON s.id = w.staff "
    "JOIN unit u ON u.id = s.unit JOIN worker_live l ON l.worker = w.staff "
    "WHERE l.duty IN ('on_duty', 'on_task', 'lost') AND w.role <> 'DH' AND w.staff <> ALL(%(besides)s) "
    "AND starts_with(w.grid_code, %(within)s) "
    "ORDER BY l.duty = 'lost', l.live_tasks > 0, w.grid_code <> %(grid)s, l.fix_at IS NULL OR l.fix_at < %(since)s, "
    "ST_DistanceSphere(l.place, ST_SetSRID(ST_MakePoint(%(lon)s::float8, %(lat)s::float8), 4490)), w.staff LIMIT %(most)s"
)
_OF_UNITS = (
    "SELECT w.staff, s.name, s.unit, u.code, w.grid_code, w.skills FROM worker w JOIN staff s ON s.id = w.staff "
    "JOIN unit u ON u.id = s.unit JOIN worker_live l ON l.worker = w.staff "
    "WHERE l.duty IN ('on_duty', 'on_task') AND s.unit = ANY(%s) ORDER BY w.staff LIMIT 2"
)


def on_duty(
    connection: Connection, incident: Incident, now: datetime, most: int, besides: Collection[UUID] = ()
) -> list[Recipient]:
    """The nearest workers of the street who are on duty, the free and those of the grid itself first, the silent last."""
    asked = {
        "besides": list(besides),
        "within": incident.street,
        "grid": incident.grid,
        "since": now - FRESH,
        "lon": incident.place.lon,
        "lat": incident.place.lat,
        "most": max(most, 0),
    }
    return [_named(row) for row in connection.execute(_NEAREST, asked)]


def only_lead(connection: Connection, rules: Rules, incident: Incident) -> Recipient | None:
    """The one worker on duty of the unit that leads here (E13); None where there is none, or where one has to choose."""
    units = units_on_duty(rules, incident.category, incident.grid)
    recipients = [_named(row) for row in connection.execute(_OF_UNITS, (list(units),))]
    return recipients[0] if len(recipients) == 1 else None


def _named(row: tuple[Any, ...]) -> Recipient:
    """One row of a worker as an order names him."""
    return Recipient(row[0], row[1], row[2], row[3], row[4], tuple(row[5]))
