"""By which number a worker or a unit is reached at the district's exchange, and what he or it is called."""

from __future__ import annotations

from uuid import UUID

from governance.refusal import Refused
from server.ledger.ledger import Connection

_WORKER = "SELECT w.number::text, s.name FROM worker w JOIN staff s ON s.id = w.staff WHERE w.staff = %s"
_UNIT = "SELECT code, name FROM unit WHERE id = %s"


def extension(connection: Connection, target: str, who: UUID) -> tuple[str, str]:
    """Number and name; Refused where there is nobody of the kind."""
    row = connection.execute(_WORKER if target == "worker" else _UNIT, (who,)).fetchone()
    if row is None:
        raise Refused("no_number", "target")
    return str(row[0]), str(row[1])
