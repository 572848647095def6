"""What desks and displays say of the pictures of a camera they have open; two officers at two desks are believed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from server.ledger.ledger import Connection

TOGETHER = timedelta(seconds=90)
"""What two desks say within so long is of the same thing."""
ENOUGH = 2
"""So many officers, each at a desk of his own."""
OPENED_LATELY = timedelta(hours=12)
"""Only who was given the address of a camera within so long says anything of it."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one desk says."""

    camera: str
    session: UUID
    staff: UUID
    is_live: bool
    since: datetime


def has_opened(connection: Connection, camera: str, staff: UUID, now: datetime) -> bool:
    """Whether somebody was given the address of a camera lately."""
    row = connection.execute(
        "SELECT 1 FROM video_session WHERE camera = %s AND staff = %s AND action = 'live' AND at > %s LIMIT 1",
        (camera, staff, now - OPENED_LATELY),
    ).fetchone()
    return row is not None


def note(connection: Connection, said: Sighting, now: datetime, enough: int = ENOUGH) -> bool:
    """It is kept; whether enough desks say the same now. Of one officer only the newest counts, whichever desk he sits at.

    A wall counts as one officer, however many displays it has.
    """
    connection.execute(
        "INSERT INTO camera_sighting (camera, staff, session, is_live, since, at) VALUES (%s, %s, %s, %s, %s, %s) "
        "ON CONFLICT (camera, staff) DO UPDATE SET (session, is_live, since, at) = (EXCLUDED.session, EXCLUDED.is_live, "
        "EXCLUDED.since, EXCLUDED.at)",
        (said.camera, said.staff, said.session, said.is_live, said.since, now),
    )
    row = connection.execute(
        "SELECT count(*), bool_and(s.is_live = %s) FROM camera_sighting s "
        "JOIN desk_session d ON d.id = s.session WHERE s.camera = %s AND s.at > %s AND d.ended_at IS NULL",
        (said.is_live, said.camera, now - TOGETHER),
    ).fetchone()
    assert row is not None
    desks, agree = row  # one of each officer, and nobody shares a desk
    return bool(desks >= enough and agree)
