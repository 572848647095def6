"""A number that called before: where it called from, and who works there now; on record before it is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from governance.audience import may_see
from governance.incident import Incident
from governance.people import Duty, Officer
from governance.places import LonLat
from governance.refusal import Refused
from governance.rules import Rules
from server.ledger import incidents
from server.ledger.ids import new_id
from server.ledger.ledger import Connection
from server.ledger.local_day import local_day
from server.ledger.people import grid_worker
from server.ledger.reporters import MAY_REVEAL, SEES_CONFIDENTIAL
from server.ledger.seal import Seal

PURPOSE = "caller"
LOOK_UPS_PER_HOUR = 240
"""A call-taker's busiest hour, four times over: nobody tries numbers out."""
SHORTEST = 7
"""Digits of the shortest number that is somebody's."""
MOST_READ = 20
_CALLED = (
    "SELECT r.id, r.incident, r.confidential, ST_X(r.place), ST_Y(r.place), r.place_text FROM report_person p JOIN report r "
    "ON r.id = p.report WHERE p.phone_hmac = %s AND r.place IS NOT NULL ORDER BY r.received_at DESC LIMIT %s"
)


@dataclass(frozen=True, slots=True)
class KnownCaller:
    """What the last report of a number said of the place; nothing of who it was."""

    number: str
    """Of the incident the last report belongs to."""
    place: LonLat
    place_text: str
    grid: str
    reports: int
    worker: UUID | None = None
    worker_name: str = ""
    is_on_duty: bool = False


def find(connection: Connection, seal: Seal, phone: str, officer: Officer, rules: Rules, now: datetime) -> KnownCaller | None:
    """Where a number called from last, of what the officer may see; None where nobody knows it. On record with the commit.

    Refused where the post may not ask, or asks too often.
    """
    if officer.shift is None:
        raise Refused("off_shift")
    if officer.role not in MAY_REVEAL or officer.clearance < 2:
        raise Refused("not_your_role", role=officer.role.value)
    if sum(letter.isdigit() for letter in phone) < SHORTEST:
        return None
    _need_patience(connection, officer, now)
    called = connection.execute(_CALLED, (seal.search_mark(phone), MOST_READ)).fetchall()
    told: list[tuple[tuple[Any, ...], Incident]] = []
    for row in called:
        case = incidents.load(connection, row[1])
        about = case.incident
        if may_see(officer, case, rules) and (not row[2] or officer.role in SEES_CONFIDENTIAL):
            told.append((row, about))
    if not told:
        return None
    (report, _, _, lon, lat, place_text), about = told[0]
    _put_on_record(connection, report, officer, now)
    known = KnownCaller(about.number, LonLat(lon, lat), place_text, about.grid, len(told))
    worker = grid_worker(connection, about.grid, local_day(now))
    return known if worker is None else _with_worker(connection, known, *worker)


def _with_worker(connection: Connection, known: KnownCaller, worker: UUID, name: str) -> KnownCaller:
    """The same with who works in the grid, and whether he is there."""
    row = connection.execute("SELECT duty FROM worker_live WHERE worker = %s", (worker,)).fetchone()
    on_duty = row is not None and row[0] in (Duty.ON_DUTY, Duty.ON_TASK)
    return KnownCaller(known.number, known.place, known.place_text, known.grid, known.reports, worker, name, on_duty)


def _need_patience(connection: Connection, officer: Officer, now: datetime) -> None:
    (asked,) = connection.execute(
        "SELECT count(*) FROM pii_access WHERE staff = %s AND purpose = %s AND at > %s",
        (officer.staff, PURPOSE, now - timedelta(hours=1)),
    ).fetchone() or (0,)
    if asked >= LOOK_UPS_PER_HOUR:
        raise Refused("too_many_reveals", "phone", limit=str(LOOK_UPS_PER_HOUR))


def _put_on_record(connection: Connection, report: UUID, officer: Officer, now: datetime) -> None:
    connection.execute(
        "INSERT INTO pii_access (id, staff, post, report, field, purpose, at) VALUES (%s, %s, %s, %s, 'address', %s, %s)",
        (new_id(), officer.staff, officer.post, report, PURPOSE, now),
    )
