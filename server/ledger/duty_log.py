"""The duty log (值班日志): what was done and said in a shift; only ever added to."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from governance.handover_paper import OpenLine
from governance.people import Officer
from governance.refusal import Refused
from governance.rules import Rules
from governance.shift_log import LogLine
from server.ledger.ledger import Connection
from server.ledger.sight import seen

LINES_LIMIT = 500

_INSERT = (
    "INSERT INTO duty_log (at, kind, staff, post, text, shift, incident, closes) VALUES (%s, %s, %s, %s, %s, %s, %s, %s) "
    "RETURNING number"
)
_READ = (
    "SELECT l.number, l.at, l.kind, l.text, coalesce(t.name, ''), coalesce(p.title, ''), l.incident, coalesce(i.number, ''), "
    "l.closes, EXISTS (SELECT 1 FROM duty_log d WHERE d.closes = l.number) FROM duty_log l "
    "LEFT JOIN staff t ON t.id = l.staff LEFT JOIN post p ON p.id = l.post LEFT JOIN incident i ON i.id = l.incident "
    "WHERE l.shift = %s AND (i.id IS NULL OR i.id = ANY(%s)) ORDER BY l.number DESC LIMIT %s"
)
_NAMED = "SELECT DISTINCT incident FROM duty_log WHERE shift = %s AND incident IS NOT NULL"
_OPEN = (
    "SELECT l.number, l.kind, l.text, l.at, coalesce(t.name, ''), l.incident, coalesce(i.number, ''), coalesce(i.grid, ''), "
    "coalesce(i.confidentiality, 0) FROM duty_log l JOIN shift s ON s.id = l.shift LEFT JOIN staff t ON t.id = l.staff "
    "LEFT JOIN incident i ON i.id = l.incident WHERE s.unit = %s AND l.kind IN ('instruction', 'callback') "
    "AND NOT EXISTS (SELECT 1 FROM duty_log d WHERE d.closes = l.number) ORDER BY l.number"
)
"""The kinds are those of governance.handover_paper.SECTION_OF_KIND, in clear so that its index is used."""


def write(
    connection: Connection,
    kind: str,
    text: str,
    shift: UUID | None,
    now: datetime,
    by: Officer | None = None,
    incident: UUID | None = None,
    closes: int | None = None,
) -> int:
    """A line is in the log; its number. `by` None where the system notes something."""
    who = (by.staff, by.post) if by else (None, None)
    row = connection.execute(_INSERT, (now, kind, *who, text, shift, incident, closes)).fetchone()
    assert row is not None, "an insert that returns"
    return int(row[0])


def read(connection: Connection, shift: UUID, officer: Officer, rules: Rules) -> tuple[LogLine, ...]:
    """The newest lines of a shift, oldest first; those about incidents that a post may not see are left out."""
    named = [row[0] for row in connection.execute(_NAMED, (shift,)).fetchall()]
    may_read = list(seen(connection, officer, rules, named))
    rows = connection.execute(_READ, (shift, may_read, LINES_LIMIT)).fetchall()
    return tuple(LogLine(*row) for row in reversed(rows))


def open_lines(connection: Connection, unit: UUID) -> tuple[OpenLine, ...]:
    """Instructions and promised call-backs of a unit's shifts that nobody has said are done."""
    return tuple(OpenLine(*row) for row in connection.execute(_OPEN, (unit,)))


def require_open(connection: Connection, unit: UUID, number: int) -> None:
    """Refused where a line is none that could be done, or was done."""
    if number not in {line.number for line in open_lines(connection, unit)}:
        raise Refused("no_open_line", "closes")
