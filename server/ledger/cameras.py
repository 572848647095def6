"""Cameras as the ledger knows them, the facts that tell of them, and the log of who watched."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from governance.audience import unit_stream
from governance.camera import Camera, CameraState
from governance.camera_rights import Watching
from governance.changes import CameraChanged, Fact, cameras_of
from governance.people import Officer
from governance.places import LonLat
from server.ledger import change_log
from server.ledger.ids import new_id
from server.ledger.ledger import Connection
from server.ledger.tables.columns import SRID

_CAMERA = (
    "SELECT id, name, ST_X(place), ST_Y(place), grid_code, owner, heading_deg, field_of_view_deg, range_m, share_level, state, "
    "is_ptz, height_m, is_sensitive, unit, ST_AsText(coverage), version FROM camera WHERE retired_at IS NULL AND "
)
_SET_STATE = (
    "WITH before AS (SELECT state FROM camera WHERE id = %s AND state <> %s AND retired_at IS NULL FOR UPDATE), "
    "changed AS (UPDATE camera c SET state = %s FROM before WHERE c.id = %s RETURNING c.id, before.state AS was), "
    "kept AS (INSERT INTO camera_state (camera, at, was, state) SELECT id, %s, was, %s FROM changed "
    "ON CONFLICT (camera, at) DO NOTHING) SELECT id FROM changed"
)
"""How it stood is kept beside how it stands: a replay of the past asks for it."""


def visible(connection: Connection, scope: str, highest_share: int, units: Iterable[UUID] = ()) -> tuple[Camera, ...]:
    """The cameras of an area up to a share level, and those of some units, in the order of their codes."""
    rows = connection.execute(
        _CAMERA + "(starts_with(grid_code, %s) AND share_level <= %s OR unit = ANY(%s)) ORDER BY id",
        (scope, highest_share, list(units)),
    )
    return tuple(_camera(row) for row in rows)


def find(connection: Connection, camera: str, lock: bool = False) -> Camera | None:
    """One camera that is not retired, or None; locked for a change where that is wanted."""
    row = connection.execute(_CAMERA + "id = %s" + (" FOR UPDATE" if lock else ""), (camera,)).fetchone()
    return None if row is None else _camera(row)


def watchable(connection: Connection) -> list[tuple[str, CameraState]]:
    """Code and state of every camera that its owner does not report at fault, in the order of their codes."""
    rows = connection.execute(
        "SELECT id, state FROM camera WHERE state <> %s AND retired_at IS NULL ORDER BY id", (CameraState.FAULT.value,)
    )
    return [(code, CameraState(state)) for code, state in rows]


def log_opening(
    connection: Connection,
    camera: Camera,
    officer: Officer,
    incident: UUID | None,
    reason: str,
    now: datetime,
    expires_at: datetime,
    doing: Watching = Watching.LIVE,
) -> None:
    """It is on record that somebody was given the address of a camera, or turned it; before that is done."""
    connection.execute(
        "INSERT INTO video_session (id, camera, staff, post, incident, action, reason, share_level, at, expires_at) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            *(new_id(), camera.id, officer.staff, officer.post, incident, doing.value, reason, camera.share_level),
            *(now, expires_at),
        ),
    )


def set_state(connection: Connection, camera: str, state: CameraState, now: datetime) -> bool:
    """The camera stands in this state and its streams say so; false where it already did, is unknown or retired."""
    row = connection.execute(_SET_STATE, (camera, state.value, state.value, camera, now, state.value)).fetchone()
    if row is None:
        return False
    found = find(connection, camera)
    assert found is not None, "it was changed in this transaction"
    change_log.append(connection, state_facts(found), None, now)
    return True


def set_sector(connection: Connection, camera: Camera) -> None:
    """The camera covers what it says, at its version."""
    connection.execute(
        "UPDATE camera SET heading_deg = %s, field_of_view_deg = %s, range_m = %s, height_m = %s, "
        "coverage = ST_GeomFromText(%s, %s), version = %s WHERE id = %s",
        (
            *(camera.heading_deg, camera.field_of_view_deg, camera.range_m, camera.height_m),
            *(_ring_text(camera.coverage), SRID, camera.version, camera.id),
        ),
    )


def remember_place(connection: Connection, camera: str, now: datetime) -> None:
    """Where a camera stood until now, and whose it was, stays on record: a month that is over is reckoned by it."""
    connection.execute(
        "INSERT INTO camera_was (camera, until, grid_code, unit, place, since, retired_at) "
        "SELECT id, %s, grid_code, unit, place, since, retired_at FROM camera WHERE id = %s",
        (now, camera),
    )


def move(connection: Connection, after: Camera, now: datetime) -> None:
    """The camera stands elsewhere from now on."""
    remember_place(connection, after.id, now)
    connection.execute(
        "UPDATE camera SET place = ST_SetSRID(ST_MakePoint(%s, %s), %s), grid_code = %s WHERE id = %s",
        (after.place.lon, after.place.lat, SRID, after.grid, after.id),
    )


def streams_of_camera(camera: Camera) -> frozenset[str]:
    """The streams that tell of a camera: that of its street and share level, and that of the unit it belongs to."""
    found = {cameras_of(camera.grid, camera.share_level)}
    return frozenset(found if camera.unit is None else found | {unit_stream(camera.unit)})


def state_facts(camera: Camera) -> list[tuple[str, Fact]]:
    """What its streams say of a camera whose state changed."""
    fact = CameraChanged(camera.id, camera.state, camera.version)
    return [(stream, fact) for stream in sorted(streams_of_camera(camera))]


def change_facts(before: Camera | None, after: Camera) -> list[tuple[str, Fact]]:
    """What streams say of a camera that is new or described anew; the first is that of its street."""
    whole = CameraChanged(after.id, after.state, after.version, after)
    gone = CameraChanged(after.id, after.state, after.version, is_gone=True)
    street = cameras_of(after.grid, after.share_level)
    now = streams_of_camera(after)
    left = streams_of_camera(before) - now if before is not None else frozenset[str]()
    told = [(stream, whole) for stream in (street, *sorted(now - {street}))]
    return [*told, *((stream, gone) for stream in sorted(left))]


def retire_facts(camera: Camera) -> list[tuple[str, Fact]]:
    """What its streams say of a camera that was retired."""
    gone = CameraChanged(camera.id, camera.state, camera.version + 1, is_gone=True)
    return [(stream, gone) for stream in sorted(streams_of_camera(camera))]


def _ring_text(ring: tuple[LonLat, ...]) -> str | None:
    """A ring as PostGIS reads it; None where there is none."""
    if not ring:
        return None
    return f"POLYGON(({', '.join(f'{corner.lon!r} {corner.lat!r}' for corner in (*ring, ring[0]))}))"


def _ring(text: str | None) -> tuple[LonLat, ...]:
    """A ring as PostGIS writes it, its last corner, which is its first, left out."""
    if not text:
        return ()
    corners = text[text.rindex("(") + 1 : text.index(")")].split(",")
    return tuple(LonLat(*map(float, corner.split())) for corner in corners[:-1])


def _camera(row: tuple[Any, ...]) -> Camera:
    code, name, lon, lat, grid, owner, heading, view, reach, share, state, is_ptz, height, is_sensitive, unit, ring, version = (
        row
    )
    place, more = LonLat(lon, lat), (is_ptz, height, is_sensitive, unit, _ring(ring), version)
    return Camera(code, name, place, grid, owner, heading, view, reach, share, CameraState(state), *more)
