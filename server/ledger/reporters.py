"""Who reported: sealed in the ledger, opened one field at a time, on record before it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from psycopg import sql

from governance.audience import may_see
from governance.incident import Incident
from governance.people import Officer, Role
from governance.refusal import Refused
from governance.rules import Rules
from server.ledger import incidents
from server.ledger.ids import new_id
from server.ledger.ledger import Connection
from server.ledger.seal import Seal

FIELDS = ("name", "phone", "address")
REVEALS_PER_HOUR = 30
"""Domain model D.2, rule 3."""
ARCHIVE = "archive"
NOT_COUNTED = ("caller", ARCHIVE)
"""Purposes that have limits of their own."""
OF_THE_SYSTEM = frozenset({*NOT_COUNTED, "dial"})
"""Purposes the system puts down by itself: nobody says one of them, and so gets past a limit."""
LONGEST_PURPOSE = 200
SEES_CONFIDENTIAL = frozenset({Role.DUTY_OFFICER, Role.SHIFT_LEAD, Role.NIGHT_WATCH})
"""D.2, rule 6: who may know a caller that asked for confidence."""
MAY_REVEAL = SEES_CONFIDENTIAL | {Role.OPERATOR}


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reported and how to call back. Never on the feed, never logged."""

    name: str = ""
    phone: str = ""
    address: str = ""


def keep(connection: Connection, seal: Seal, report: UUID, reporter: Reporter) -> None:
    """The reporter stands beside his report, sealed."""
    sealed = [seal.close(text, f"{report}.{name}") if (text := getattr(reporter, name)) else None for name in FIELDS]
    mark = seal.search_mark(reporter.phone) if reporter.phone else None
    connection.execute(
        "INSERT INTO report_person (report, name, phone, address, phone_hmac) VALUES (%s, %s, %s, %s, %s)",
        (report, *sealed, mark),
    )


def log_reveal(
    connection: Connection, report: UUID, field: str, officer: Officer, rules: Rules, purpose: str, now: datetime
) -> None:
    """It is on record that an officer asked to see a field; commit this before `reveal`. Refused where he may not."""
    if field not in FIELDS:
        raise Refused("no_such_field", "field")
    if not purpose.strip():
        raise Refused("reason_needed", "purpose")
    require_openable(connection, report, officer, rules)
    (asked,) = connection.execute(
        "SELECT count(*) FROM pii_access WHERE staff = %s AND at > %s AND purpose <> ALL(%s)",
        (officer.staff, now - timedelta(hours=1), [*NOT_COUNTED]),
    ).fetchone() or (0,)
    if asked >= REVEALS_PER_HOUR:
        raise Refused("too_many_reveals", "report", limit=str(REVEALS_PER_HOUR))
    connection.execute(
        "INSERT INTO pii_access (id, staff, post, report, field, purpose, at) VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (new_id(), officer.staff, officer.post, report, field, purpose, now),
    )


def require_openable(connection: Connection, report: UUID, officer: Officer, rules: Rules) -> None:
    """Refused where an officer may not know who made a report, or nobody does."""
    row = connection.execute("SELECT incident, confidential, anonymous FROM report WHERE id = %s", (report,)).fetchone()
    case = incidents.load(connection, row[0]) if row else None
    if row is None or case is None or not may_see(officer, case, rules):
        raise Refused("no_such_report", "report")
    _allowed(officer, case.incident, confidential=row[1])
    if row[2]:
        raise Refused("anonymous", "report")


def reveal(connection: Connection, seal: Seal, report: UUID, field: str) -> str:
    """The field in clear; empty where none was given. Only after `log_reveal` is committed."""
    if field not in FIELDS:
        raise Refused("no_such_field", "field")
    query = sql.SQL("SELECT {} FROM report_person WHERE report = %s").format(sql.Identifier(field))
    row = connection.execute(query, (report,)).fetchone()
    return seal.open(bytes(row[0]), f"{report}.{field}") if row and row[0] else ""


def log_archive(connection: Connection, incident: Incident, officer: Officer, now: datetime) -> None:
    """It is on record that an officer opened a confidential matter that is long over: what its first report says."""
    row = connection.execute(
        "SELECT id FROM report WHERE incident = ANY(%s) ORDER BY received_at, id LIMIT 1",
        ([incident.id, incident.merged_into or incident.id],),
    ).fetchone()
    if row is None:
        raise Refused("no_such_incident", "incident")
    connection.execute(
        "INSERT INTO pii_access (id, staff, post, report, field, purpose, at) VALUES (%s, %s, %s, %s, 'address', %s, %s)",
        (new_id(), officer.staff, officer.post, row[0], ARCHIVE, now),
    )


def _allowed(officer: Officer, incident: Incident, confidential: bool) -> None:
    """Refused where the post may not open what it sees masked."""
    if officer.shift is None:
        raise Refused("off_shift")
    if officer.role not in MAY_REVEAL or officer.clearance < 2:
        raise Refused("not_your_role", role=officer.role.value)
    if confidential and officer.role not in SEES_CONFIDENTIAL:
        raise Refused("caller_confidential", number=incident.number)
