"""Many rows at once, by COPY."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from server.ledger.ledger import Connection


def copy_rows(connection: Connection, table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
    """The rows stand in the table."""
    with connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
