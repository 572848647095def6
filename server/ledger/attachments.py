"""Attachments as the ledger knows them: by the hash of their bytes, seen where their incident is seen."""

from __future__ import annotations

from governance.audience import may_see
from governance.people import Officer
from governance.rules import Rules
from server.ledger import incidents
from server.ledger.ledger import Connection

_WHERE = "SELECT DISTINCT a.mime, a.size, a.incident FROM attachment a WHERE a.sha256 = %s ORDER BY a.incident"


def visible(connection: Connection, sha256: str, officer: Officer, rules: Rules) -> tuple[str, int] | None:
    """Kind and size of an attachment that hangs on an incident a post may see; None where none does."""
    for mime, size, incident in connection.execute(_WHERE, (sha256,)).fetchall():
        if may_see(officer, incidents.load(connection, incident), rules):
            return mime, size
    return None


def is_named(connection: Connection, sha256: str) -> bool:
    """Whether any incident names an attachment."""
    return connection.execute("SELECT 1 FROM attachment WHERE sha256 = %s LIMIT 1", (sha256,)).fetchone() is not None
