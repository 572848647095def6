"""Names of what a figure is of: areas as they were called at the end of a month, and units."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from governance.indicators import Month
from server.ledger.local_day import local_day

if TYPE_CHECKING:
    from server.ledger.ledger import Connection


def district_of(connection: Connection, now: datetime) -> str:
    """The code of the district."""
    row = connection.execute(
        "SELECT code FROM area_version WHERE level = 4 AND valid @> %s ORDER BY code LIMIT 1", (local_day(now),)
    ).fetchone()
    return str(row[0]) if row else ""


def names_of_workers(connection: Connection, staff: Iterable[str]) -> dict[str, str]:
    """Id -> name and number of these workers."""
    rows = connection.execute(
        "SELECT w.staff::text, s.name || ' #' || w.number FROM worker w JOIN staff s ON s.id = w.staff "
        "WHERE w.staff::text = ANY(%s)",
        (list(staff),),
    )
    return dict(rows.fetchall())


def names(connection: Connection, month: Month, now: datetime) -> dict[str, str]:
    """Code or id -> name: every area down to the grid of any day of the month, as it was called last, and every unit."""
    day = min(local_day(month.end - timedelta(seconds=1)), local_day(now))
    areas = connection.execute(
        "SELECT code, name FROM area_version WHERE valid && daterange(%s, %s, '[]') ORDER BY lower(valid)",
        (min(month.first, day), day),
    ).fetchall()
    units = connection.execute("SELECT id::text, name FROM unit").fetchall()
    return dict(areas) | dict(units)
