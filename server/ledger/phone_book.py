"""By which number a worker or a unit is reached at the district's exchange, and what he or it is called."""

from __future__ import annotations

from uuid import UUID

from governance.refusal import Refused
from server.ledger.ledger import Connection

_WORKER = "SELECT w.number::text, s.name FROM worker w JOIN staff s ON s.id = w.staff WHERE w.staff = %s"
_UNIT = "SELECT code, name FROM unit WHERE id = %s"


def require_caller(connection: Connection, report: UUID) -> None:
    """Refused where the caller of a report left no number."""
    row = connection.execute("SELECT phone IS NOT NULL FROM report_person WHERE report = %s", (report,)).fetchone()
    if row is None or not row[0]:
        raise Refused("no_number", "target")


def extension(connection: Connection, target: str, who: UUID) -> tuple[str, str]:
    """Number and name; Refused where there is nobody of the kind."""
    row = connection.execute(_WORKER if target == "worker" else _UNIT, (who,)).fetchone()
    if row is None:
        raise Refused("no_number", "target")
    return str(row[0]), str(row[1])
