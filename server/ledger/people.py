"""Workers, officers, units and posts as the ledger knows them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from governance.attempt import handlers_of
from governance.audience import may_see
from governance.commands import Recipient
from governance.incident import Case
from governance.people import Duty, Officer, Role, Unit, Worker
from governance.places import is_inside
from governance.refusal import Refused
from governance.roles import CHECKERS
from governance.rules import Rules
from server.ledger.ledger import Connection
from server.ledger.local_day import local_day

OUTSIDE = Officer(UUID(int=1), "市民", UUID(int=1), Role.OUTSIDE, "", 0, None)
"""Who acts when somebody without a post reports. It and governance.lifecycle.SYSTEM_OFFICER have rows of their own."""

_WORKER = (
    "SELECT w.staff, w.number, s.name, w.grid_code, s.unit, w.role, w.skills, l.duty, l.live_tasks, "
    "CASE WHEN l.declined_on = %s THEN l.declined ELSE 0 END "
    "FROM worker w JOIN staff s ON s.id = w.staff JOIN worker_live l ON l.worker = w.staff "
)


@dataclass(frozen=True, slots=True)
class Device:
    """An enrolled phone, terminal or gateway; `worker` is None for a gateway, which may send for anybody."""

    id: UUID
    kind: str
    name: str
    worker: Worker | None


def workers(connection: Connection, scope: str, now: datetime) -> tuple[Worker, ...]:
    """All workers of an area, in the order of their numbers."""
    rows = connection.execute(_WORKER + "WHERE starts_with(w.grid_code, %s) ORDER BY w.number", (local_day(now), scope))
    return tuple(_worker(row) for row in rows)


def worker(connection: Connection, staff: UUID, now: datetime) -> Worker | None:
    """One worker, or None."""
    row = connection.execute(_WORKER + "WHERE w.staff = %s", (local_day(now), staff)).fetchone()
    return None if row is None else _worker(row)


def worker_of_device(connection: Connection, secret: bytes | str, now: datetime) -> Device | None:
    """The enrolled, open device a secret belongs to, with its worker; None for any other secret."""
    raw = secret.encode() if isinstance(secret, str) else secret
    row = connection.execute(
        "SELECT id, kind, name, staff FROM device WHERE secret_sha256 = %s AND is_open", (hashlib.sha256(raw).digest(),)
    ).fetchone()
    if row is None:
        return None
    return Device(row[0], row[1], row[2], worker(connection, row[3], now) if row[3] else None)


def units(connection: Connection) -> tuple[Unit, ...]:
    """All units, in the order of their codes."""
    rows = connection.execute("SELECT id, code, name, kind, level, area_code, is_backstop FROM unit ORDER BY code")
    return tuple(Unit(*row) for row in rows)


def recipient(connection: Connection, staff: UUID) -> Recipient:
    """A worker as an order names him: everything from the ledger; Refused where there is none, or he is off duty."""
    row = connection.execute(
        "SELECT w.staff, s.name, s.unit, u.code, w.grid_code, w.skills, l.duty FROM worker w JOIN staff s ON s.id = w.staff "
        "JOIN unit u ON u.id = s.unit JOIN worker_live l ON l.worker = w.staff WHERE w.staff = %s",
        (staff,),
    ).fetchone()
    if row is None:
        raise Refused("no_such_worker", "lead")
    if row[6] == Duty.OFF:  # here and not in the rules: a case does not hold who is on duty, nor does the order on the wire
        raise Refused("worker_off_duty", "lead", name=row[1])
    return Recipient(row[0], row[1], row[2], row[3], row[4], tuple(row[5]))


def field_officer(connection: Connection, staff: UUID, now: datetime) -> Officer:
    """A worker as the one who acts: his worker post, his grid; Refused for anybody else."""
    row = connection.execute(
        "SELECT s.id, s.name, p.id, p.role, w.grid_code, p.clearance, s.unit FROM worker w JOIN staff s ON s.id = w.staff "
        "JOIN post_assignment a ON a.staff = s.id AND a.valid @> %s JOIN post p ON p.id = a.post AND p.is_open "
        "AND p.valid @> %s WHERE w.staff = %s ORDER BY p.id LIMIT 1",
        (*[local_day(now)] * 2, staff),
    ).fetchone()
    if row is None:
        raise Refused("not_your_role")
    return Officer(row[0], row[1], row[2], Role(row[3]), row[4], row[5], None, row[6])


def checker_scope(connection: Connection, staff: UUID, case: Case, rules: Rules, now: datetime) -> str | None:
    """The widest area of somebody's open posts of today that may be given the check of a case; None without one.

    A checker (核查员) where the case is, of whatever class it is: he sees what he is given. Another who may see it.
    """
    rows = connection.execute(
        "SELECT s.name, p.id, p.role, p.scope, p.clearance, p.unit FROM staff s JOIN post_assignment a ON a.staff = s.id "
        "AND a.valid @> %s JOIN post p ON p.id = a.post AND p.is_open AND p.valid @> %s WHERE s.id = %s AND p.role = ANY(%s)",
        (*[local_day(now)] * 2, staff, [role.value for role in CHECKERS.roles]),
    )
    held = (Officer(staff, name, post, Role(role), scope, c, None, unit) for name, post, role, scope, c, unit in rows)
    fit = (each.scope for each in held if may_see(each, case, rules) or _checks_there(each, case))
    return min(fit, key=len, default=None)


def free_checker(connection: Connection, case: Case, now: datetime) -> UUID:
    """The checker (核查员) there who has the fewest open checks and took no part in it; Refused where there is none."""
    row = connection.execute(
        "SELECT a.staff FROM post_assignment a JOIN post p ON p.id = a.post AND p.is_open AND p.valid @> %(day)s "
        "WHERE a.valid @> %(day)s AND p.role = 'CK' AND starts_with(%(grid)s, p.scope) AND a.staff <> ALL(%(besides)s) "
        "ORDER BY p.clearance < %(class)s, (SELECT count(*) FROM verify_task t WHERE t.checker = a.staff "
        "AND t.kind = 'check' AND t.done_at IS NULL), a.staff LIMIT 1",
        {
            "day": local_day(now),
            "grid": case.incident.grid,
            "class": case.incident.confidentiality,
            "besides": list(handlers_of(case)),
        },
    ).fetchone()
    if row is None:
        raise Refused("no_such_checker", "checker")
    return UUID(str(row[0]))


def _checks_there(officer: Officer, case: Case) -> bool:
    return officer.role is Role.CHECKER and is_inside(case.incident.grid, officer.scope)


def grid_worker(connection: Connection, grid: str, day: date) -> tuple[UUID, str] | None:
    """The full-time worker a grid has on a day, or its leader; None where it has nobody."""
    row = connection.execute(
        "SELECT s.id, s.name FROM worker w JOIN staff s ON s.id = w.staff LEFT JOIN grid_staffing g ON g.staff = w.staff "
        "AND g.valid @> %s WHERE w.grid_code = %s AND w.role <> 'DH' "
        "ORDER BY array_position(ARRAY['full_time', 'leader'], g.duty), s.id LIMIT 1",
        (day, grid),
    ).fetchone()
    return None if row is None else (row[0], str(row[1]))


def is_staff(connection: Connection, staff: UUID) -> bool:
    """Whether somebody of this id exists."""
    return connection.execute("SELECT 1 FROM staff WHERE id = %s", (staff,)).fetchone() is not None


def staff_name(connection: Connection, staff: UUID) -> str:
    """What somebody is called; empty where there is nobody of this id."""
    row = connection.execute("SELECT name FROM staff WHERE id = %s", (staff,)).fetchone()
    return str(row[0]) if row else ""


def _worker(row: tuple[Any, ...]) -> Worker:
    staff, number, name, grid, unit, role, skills, duty, live, declined = row
    return Worker(staff, number, name, grid, unit, Role(role), tuple(skills), Duty(duty), live, declined)
