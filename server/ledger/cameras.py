"""Cameras as the ledger knows them, and the log of who watched."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from governance.camera import Camera, CameraState
from governance.changes import CameraChanged, around_of
from governance.people import Officer
from governance.places import LonLat
from server.ledger import change_log
from server.ledger.ids import new_id
from server.ledger.ledger import Connection

_CAMERA = (
    "SELECT id, name, ST_X(place), ST_Y(place), grid_code, owner, heading_deg, field_of_view_deg, range_m, share_level, state "
    "FROM camera "
)
_SET_STATE = (
    "WITH before AS (SELECT state FROM camera WHERE id = %s AND state <> %s FOR UPDATE), "
    "changed AS (UPDATE camera c SET state = %s FROM before WHERE c.id = %s RETURNING c.id, before.state AS was, c.grid_code), "
    "kept AS (INSERT INTO camera_state (camera, at, was, state) SELECT id, %s, was, %s FROM changed "
    "ON CONFLICT (camera, at) DO NOTHING) SELECT grid_code FROM changed"
)
"""How it stood is kept beside how it stands: a replay of the past asks for it."""


def visible(connection: Connection, scope: str, highest_share: int) -> tuple[Camera, ...]:
    """The cameras of an area up to a share level, in the order of their codes."""
    rows = connection.execute(
        _CAMERA + "WHERE starts_with(grid_code, %s) AND share_level <= %s ORDER BY id", (scope, highest_share)
    )
    return tuple(_camera(row) for row in rows)


def find(connection: Connection, camera: str) -> Camera | None:
    """One camera, or None."""
    row = connection.execute(_CAMERA + "WHERE id = %s", (camera,)).fetchone()
    return None if row is None else _camera(row)


def watchable(connection: Connection) -> list[tuple[str, CameraState]]:
    """Code and state of every camera that its owner does not report at fault, in the order of their codes."""
    rows = connection.execute("SELECT id, state FROM camera WHERE state <> %s ORDER BY id", (CameraState.FAULT.value,))
    return [(code, CameraState(state)) for code, state in rows]


def log_opening(
    connection: Connection,
    camera: Camera,
    officer: Officer,
    incident: UUID | None,
    reason: str,
    now: datetime,
    expires_at: datetime,
) -> None:
    """It is on record that somebody was given the address of a camera; before the address is sent."""
    connection.execute(
        "INSERT INTO video_session (id, camera, staff, post, incident, action, reason, share_level, at, expires_at) "
        "VALUES (%s, %s, %s, %s, %s, 'live', %s, %s, %s, %s)",
        (new_id(), camera.id, officer.staff, officer.post, incident, reason, camera.share_level, now, expires_at),
    )


def set_state(connection: Connection, camera: str, state: CameraState, now: datetime) -> bool:
    """The camera stands in this state and its stream says so; false where it already did or is unknown."""
    row = connection.execute(_SET_STATE, (camera, state.value, state.value, camera, now, state.value)).fetchone()
    if row is None:
        return False
    change_log.append(connection, [(around_of(row[0], 0), CameraChanged(camera, state))], None, now)
    return True


def _camera(row: tuple[Any, ...]) -> Camera:
    code, name, lon, lat, grid, owner, heading, view, reach, share, state = row
    return Camera(code, name, LonLat(lon, lat), grid, owner, heading, view, reach, share, CameraState(state))
