"""Visits stand in the ledger once, seen by a position of the phone or with the reason why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg

from governance.people import Worker
from governance.refusal import Refused
from governance.visits import CLOCKS_APART, SEEN_WITHIN_M, Visit, require_seen
from server.ledger.ledger import Connection
from server.ledger.seal import Seal

METRES_A_DEGREE = 111_320.0
_SEEN = (
    "SELECT EXISTS (SELECT 1 FROM worker_position WHERE worker = %(number)s AND at BETWEEN %(since)s AND %(until)s "
    "AND sqrt(((ST_X(place) - %(lon)s) * cos(radians(%(lat)s))) ^ 2 + (ST_Y(place) - %(lat)s) ^ 2) * %(degree)s "
    "<= %(near)s + accuracy_m)"
)
_ENTER = (
    "INSERT INTO visit (id, worker, kind, began_at, ended_at, received_at, place, grid, household, is_seen, reason, digest) "
    "VALUES (%s, %s, %s, %s, %s, %s, ST_SetSRID(ST_MakePoint(%s, %s), 4490), %s, %s, %s, %s, %s)"
)


@dataclass(frozen=True, slots=True)
class Told:
    """A visit that stands in the ledger."""

    id: UUID
    grid: str
    is_seen: bool


def known(connection: Connection, order_id: UUID, digest: str | None, worker: Worker) -> Told | None:
    """The visit that stands under an order already; Refused where it is another."""
    before = connection.execute("SELECT worker, grid, is_seen, digest FROM visit WHERE id = %s", (order_id,)).fetchone()
    if before is None:
        return None
    if (before[0], before[3]) != (worker.id, digest):
        raise Refused("key_reused", "Idempotency-Key")
    return Told(order_id, before[1], before[2])


def enter(
    connection: Connection,
    seal: Seal,
    order_id: UUID,
    digest: str | None,
    worker: Worker,
    visit: Visit,
    grid: str,
    now: datetime,
) -> Told:
    """The visit stands in the ledger.

    Refused where its worker was elsewhere at the time by what he told before, and where nothing shows him there and he says
    no reason.
    """
    is_seen = _is_seen(connection, worker, visit)
    require_seen(visit, is_seen)
    mark = seal.search_mark(visit.household) if visit.household else None
    moments = (visit.began_at, visit.ended_at, now)
    place = (visit.place.lon, visit.place.lat)
    row = (order_id, worker.id, visit.kind.value, *moments, *place, grid, mark, is_seen, visit.reason, digest)
    try:
        connection.execute(_ENTER, row)
    except psycopg.errors.ExclusionViolation:
        raise Refused("visit_overlaps", "began_at") from None
    except psycopg.errors.UniqueViolation:
        raise psycopg.OperationalError("the same order in two hands at once: it is asked again") from None
    return Told(order_id, grid, is_seen)


def _is_seen(connection: Connection, worker: Worker, visit: Visit) -> bool:
    """Whether a position of the worker's phone lies near the place in that time."""
    asked = {
        "number": worker.number,
        "since": visit.began_at - CLOCKS_APART,
        "until": visit.ended_at + CLOCKS_APART,
        "lon": visit.place.lon,
        "lat": visit.place.lat,
        "degree": METRES_A_DEGREE,
        "near": SEEN_WITHIN_M,
    }
    found = connection.execute(_SEEN, asked).fetchone()
    assert found is not None, "EXISTS has a row"
    return bool(found[0])
