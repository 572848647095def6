"""The shift that comes next where none was planned: by the unit's day of shifts, else eight hours from now."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from governance.deadline import CHINA
from governance.shifts import NORMAL, Shift, ShiftState
from server.ledger.ids import new_id
from server.ledger.ledger import Connection

UNNAMED, LENGTH = "当班", timedelta(hours=8)

Template = tuple[str, time, time]


def next_shift(connection: Connection, unit: UUID, now: datetime) -> Shift:
    """A shift of a unit that starts now, not stored yet."""
    rows = connection.execute("SELECT name, starts_at, ends_at FROM shift_template WHERE unit = %s", (unit,)).fetchall()
    name, ends_at = fitting([(row[0], row[1], row[2]) for row in rows], now)
    return Shift(new_id(), unit, name, now, ends_at, ShiftState.PLANNED)


def fitting(templates: list[Template], now: datetime) -> tuple[str, datetime]:
    """Name and end, UTC, of the shift of the day that a hand-over begun now leads to.

    Begun within half an hour before the end of a shift it leads to the next one already.
    """
    local = now.astimezone(CHINA)
    found: list[tuple[datetime, datetime, str]] = []
    for days in (-1, 0, 1):
        day = (local + timedelta(days=days)).date()
        for name, starts, ends in templates:
            begins, over = datetime.combine(day, starts, CHINA), datetime.combine(day, ends, CHINA)
            found.append((begins, over if over > begins else over + timedelta(days=1), name))
    fits = [each for each in found if each[0] - NORMAL <= local and local + NORMAL < each[1]]
    if not fits:
        return UNNAMED, (now + LENGTH).astimezone(UTC)
    _, over, name = max(fits)
    return name, over.astimezone(UTC)
