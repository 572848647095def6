"""Makes the cameras what a table says, all of it or nothing, with who did it and what became different on record."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

from governance.camera import Camera, GroupKind
from server.cameras_admin.planning import Known, Plan, plan
from server.cameras_admin.sheet import Sheet
from server.ledger import camera_groups, camera_sources, cameras, change_log
from server.ledger.ids import new_id
from server.ledger.ledger import Connection, Ledger
from server.ledger.local_day import local_day
from server.ledger.tables.columns import SRID
from server.rules_admin.loading import Who

_DESCRIBED = (
    "name, place, grid_code, owner, heading_deg, field_of_view_deg, range_m, share_level, state, is_ptz, height_m, "
    "is_sensitive, unit, version"
)
_KEEP = (
    f"INSERT INTO camera (id, {_DESCRIBED}, since) VALUES (%s, %s, ST_SetSRID(ST_MakePoint(%s, %s), %s){', %s' * 13}) "
    f"ON CONFLICT (id) DO UPDATE SET ({_DESCRIBED}, since, retired_at) = "
    f"({', '.join(f'EXCLUDED.{name}' for name in _DESCRIBED.split(', '))}, "
    "CASE WHEN camera.retired_at IS NULL THEN camera.since ELSE EXCLUDED.since END, NULL)"
)


def known(ledger: Ledger, connection: Connection, now: datetime) -> Known:
    """What the ledger has of cameras now."""
    retired = connection.execute("SELECT id, version FROM camera WHERE retired_at IS NOT NULL").fetchall()
    units = connection.execute("SELECT code, id FROM unit WHERE valid @> %s", (local_day(now),)).fetchall()
    return Known(
        {camera.id: camera for camera in cameras.visible(connection, "", 9)},
        dict(retired),
        camera_sources.all_of(connection, ledger.seal),
        camera_groups.memberships(connection),
        dict(units),
        ledger.grids(connection, now),
    )


def load(ledger: Ledger, connection: Connection, sheet: Sheet, retire: bool, who: Who, now: datetime) -> Plan:
    """What was done, or all that is wrong, and then nothing was. `connection` is the owner's; loads wait for one another."""
    connection.execute("LOCK TABLE camera IN SHARE ROW EXCLUSIVE MODE")
    planned = plan(sheet, known(ledger, connection, now))
    gone = planned.gone if retire else ()
    if planned.found or (planned.is_nothing and not gone):
        return planned
    facts = []
    for before, after in (*((None, each) for each in planned.new), *planned.changed):
        _keep(connection, before, after, now)
        facts += cameras.change_facts(before, after)
    for source in planned.sources:
        camera_sources.keep(connection, ledger.seal, source, now)
    for camera in gone:
        connection.execute("UPDATE camera SET retired_at = %s, version = version + 1 WHERE id = %s", (now, camera.id))
        facts += cameras.retire_facts(camera)
    left: dict[tuple[str, GroupKind], tuple[camera_groups.GroupPath, ...]] = {
        (c.id, kind): () for c in gone for kind in GroupKind
    }
    camera_groups.set_memberships(connection, planned.groups | left)
    lines = [asdict(line) for line in planned.lines if retire or line.code != "gone"]
    record(connection, "load", who, {"file": sheet.name, "sha256": sheet.sha256, "difference": lines}, now)
    change_log.append(connection, facts, None, now)
    return planned


def record(connection: Connection, act: str, who: Who, said: dict[str, object], now: datetime) -> None:
    """It is on record that somebody did this from the command line."""
    connection.execute(
        "INSERT INTO camera_record (id, at, account, os_user, act, said) VALUES (%s, %s, %s, %s, %s, %s)",
        (new_id(), now, who.account, who.os_user, act, json.dumps(said, ensure_ascii=False)),
    )


def _keep(connection: Connection, before: Camera | None, after: Camera, now: datetime) -> None:
    """One camera as it is from now on; where it stood, and whose it was, stays on record."""
    if before is None or (before.grid, before.place, before.unit) != (after.grid, after.place, after.unit):
        cameras.remember_place(connection, after.id, now)
    connection.execute(
        _KEEP,
        (
            *(after.id, after.name, after.place.lon, after.place.lat, SRID, after.grid, after.owner, after.heading_deg),
            *(after.field_of_view_deg, after.range_m, after.share_level, after.state.value, after.is_ptz, after.height_m),
            *(after.is_sensitive, after.unit, after.version, now),
        ),
    )
    if before is None or before.coverage != after.coverage:
        cameras.set_sector(connection, after)
    if before is not None and before.state is not after.state:
        connection.execute(
            "INSERT INTO camera_state (camera, at, was, state) VALUES (%s, %s, %s, %s) ON CONFLICT (camera, at) DO NOTHING",
            (after.id, now, before.state.value, after.state.value),
        )
