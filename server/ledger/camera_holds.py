"""Who turns a camera now: one desk for half a minute at a time, until it lets go, falls silent or is outranked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from governance.refusal import Refused
from server.ledger.ledger import Connection

HOLD_LASTS = timedelta(seconds=30)
"""A desk that moves nothing for so long has let go."""
TOLD_FOR = timedelta(minutes=10)
"""So long somebody whose camera was taken hears who took it."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who wants to turn a camera, or does."""

    session: UUID
    staff: UUID
    rank: int
    name: str


def take(connection: Connection, camera: str, who: Holder, take_over: bool, now: datetime) -> datetime:
    """The camera is his until the moment returned; Refused('ptz_held') with who has it and whether he may take it over."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (f"camera_hold/{camera}",))
    held = _held(connection, camera)
    if held is not None:
        holder, since, until = held
        if until > now and holder.session != who.session:
            may_take = who.rank > holder.rank
            if not (take_over and may_take):
                raise Refused(
                    "ptz_held",
                    "camera",
                    who=holder.name,
                    since=since.isoformat(),
                    until=until.isoformat(),
                    may_take="yes" if may_take else "no",
                )
    until = now + HOLD_LASTS
    connection.execute(
        "INSERT INTO camera_hold (camera, session, staff, rank, name, since, until) VALUES (%s, %s, %s, %s, %s, %s, %s) "
        "ON CONFLICT (camera) DO UPDATE SET (session, staff, rank, name, since, until) = (EXCLUDED.session, EXCLUDED.staff, "
        "EXCLUDED.rank, EXCLUDED.name, EXCLUDED.since, EXCLUDED.until)",
        (camera, who.session, who.staff, who.rank, who.name, now, until),
    )
    return until


def renew(connection: Connection, camera: str, session: UUID, now: datetime) -> datetime:
    """The session has the camera for a while longer; Refused('ptz_taken') with who took it, Refused('ptz_not_held') else."""
    until = now + HOLD_LASTS
    renewed = connection.execute(
        "UPDATE camera_hold SET until = %s WHERE camera = %s AND session = %s AND until > %s", (until, camera, session, now)
    ).rowcount
    if renewed:
        return until
    held = _held(connection, camera)
    if held is not None and held[0].session != session and now - held[1] < TOLD_FOR:
        raise Refused("ptz_taken", "camera", who=held[0].name)
    raise Refused("ptz_not_held", "camera")


def let_go(connection: Connection, camera: str, session: UUID, now: datetime) -> None:
    """The session has the camera no more; nothing where it has not."""
    connection.execute(
        "UPDATE camera_hold SET until = %s WHERE camera = %s AND session = %s AND until > %s", (now, camera, session, now)
    )


def _held(connection: Connection, camera: str) -> tuple[Holder, datetime, datetime] | None:
    """Who had the camera last, since when and until when."""
    row = connection.execute(
        "SELECT session, staff, rank, name, since, until FROM camera_hold WHERE camera = %s", (camera,)
    ).fetchone()
    return None if row is None else (Holder(*row[:4]), row[4], row[5])
