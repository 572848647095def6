"""Attachments as the ledger knows them: by the hash of their bytes, seen where their incident is seen."""

from __future__ import annotations

from collections.abc import Sequence

from server.ledger.ledger import Connection

_VISIBLE = (
    "SELECT a.mime, a.size FROM attachment a JOIN incident i ON i.id = a.incident WHERE a.sha256 = %s "
    "AND starts_with(i.grid, %s) AND i.confidentiality = ANY(%s) LIMIT 1"
)
_NAMED = "SELECT 1 FROM attachment WHERE sha256 = %s LIMIT 1"


def visible(connection: Connection, sha256: str, scope: str, confidentialities: Sequence[int]) -> tuple[str, int] | None:
    """Kind and size of an attachment that hangs on an incident of an area and these classes; None where none does."""
    row = connection.execute(_VISIBLE, (sha256, scope, list(confidentialities))).fetchone()
    return None if row is None else (row[0], row[1])


def is_named(connection: Connection, sha256: str) -> bool:
    """Whether anything in the ledger names an attachment."""
    return connection.execute(_NAMED, (sha256,)).fetchone() is not None
