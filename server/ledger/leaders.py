"""The leaders on duty (带班领导): those who are signed on over an area, and are told at their desks."""

from __future__ import annotations

from datetime import datetime

from governance.people import Role
from server.ledger.ledger import Connection

_SIGNED_ON = (
    "SELECT DISTINCT t.name FROM desk_session d JOIN account a ON a.id = d.account JOIN staff t ON t.id = a.staff "
    "WHERE d.ended_at IS NULL AND d.expires_at > %s AND d.role = %s AND d.clearance >= %s AND starts_with(%s, d.scope) "
    "ORDER BY t.name"
)


def signed_on(connection: Connection, area: str, now: datetime, clearance: int = 0) -> list[str]:
    """Names of the leaders at their desks who look after an area and may see what is that confidential."""
    rows = connection.execute(_SIGNED_ON, (now, Role.LEADER.value, clearance, area)).fetchall()
    return [name for (name,) in rows]
