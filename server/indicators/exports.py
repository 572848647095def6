"""Lists that leave the ledger are on record before they do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from psycopg.types.json import Jsonb

from governance.people import Officer

if TYPE_CHECKING:
    from server.ledger.ledger import Connection


def record(
    connection: Connection,
    number: UUID,
    now: datetime,
    officer: Officer | None,
    os_user: str,
    rows: int,
    chosen: Mapping[str, str],
    what: str = "indicators",
) -> None:
    """One export: by an officer at a desk, or by a user of the machine."""
    connection.execute(
        "INSERT INTO export_log (id, at, staff, post, os_user, what, rows, filter) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        (
            number,
            now,
            officer.staff if officer else None,
            officer.post if officer else None,
            os_user,
            what,
            rows,
            Jsonb(dict(chosen)),
        ),
    )


def is_of(connection: Connection, number: UUID, what: str, staff: UUID, chosen: str, value: str) -> bool:
    """Whether an export is one of this kind, by this person, chosen by this value."""
    row = connection.execute(
        "SELECT 1 FROM export_log WHERE id = %s AND what = %s AND staff = %s AND filter ->> %s = %s",
        (number, what, staff, chosen, value),
    ).fetchone()
    return row is not None
