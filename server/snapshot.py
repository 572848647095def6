"""One consistent read of what a desk may see, with the numbers of its streams."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from governance.roles import classes_around, may_see_positions, own_units, share_shown
from server.ledger import cameras, change_log, incidents, people, shifts, walls
from server.ledger.grids import Grids
from server.ledger.ledger import Connection, Ledger
from server.ledger.worker_duty import WORKER_CLEARANCE
from server.sessions import Session
from wire.publications import POSITION
from wire.requests import Snapshot, TownManifest

REPLAY_LIMIT = 2_000
"""More missing changes than this are cheaper as a fresh snapshot."""

NOT_FOR_DESKS = ["cameras"]
"""Layers of a town that know neither area nor share level: a desk gets its cameras in the snapshot."""
_PACKS = "SELECT layer, sha256, size FROM town_pack WHERE layer <> ALL(%s) "

_POSITIONS = (
    "SELECT w.number, extract(epoch FROM l.fix_at)::bigint, round(ST_X(l.place) * 1e7)::int, "
    "round(ST_Y(l.place) * 1e7)::int, w.grid_code FROM worker_live l JOIN worker w ON w.staff = l.worker "
    "WHERE l.place IS NOT NULL AND l.duty <> 'off' ORDER BY w.number"
)


def take(ledger: Ledger, session: Session, n: int, now: datetime) -> Snapshot:
    """Everything the session may see, all of one moment: nothing of which its streams would not tell the changes."""
    officer = session.officer
    with ledger.transaction(snapshot=True) as connection:
        heads = change_log.heads(connection)  # the first statement fixes the moment of all
        grids, rules = ledger.grids(connection, now), ledger.rules(connection, now)
        return Snapshot(
            n,
            epoch=ledger.epoch(connection),
            numbers={stream: heads.get(stream, 0) for stream in session.streams},
            at=now,
            cases=incidents.visible(connection, officer, rules, now),
            workers=people.workers(connection, officer.scope, now) if WORKER_CLEARANCE in classes_around(officer) else (),
            units=people.units(connection),
            cameras=cameras.visible(connection, officer.scope, share_shown(officer), own_units(officer)),
            rules=rules,
            town=town_manifest(connection),
            positions=_last_positions(connection, grids, officer.scope) if may_see_positions(officer) else b"",
            shifts=shifts.visible(connection, session.streams),
            walls=walls.visible(connection, session.streams),
        )


def town_manifest(connection: Connection) -> TownManifest:
    """The town in force and the hashes of those of its packs that are for desks."""
    row = connection.execute(
        "SELECT number, name, code, attribution, origin_lon, origin_lat, boundary_fit FROM town_edition "
        "ORDER BY number DESC LIMIT 1"
    ).fetchone()
    if row is None:
        raise LookupError("the ledger was never seeded")
    number, name, code, attribution, lon, lat, boundary_fit = row
    packs = connection.execute(_PACKS + "AND edition = %s ORDER BY layer", (NOT_FOR_DESKS, number))
    listed = {layer: (sha256, size) for layer, sha256, size in packs}
    return TownManifest(name, code, attribution, lon, lat, listed, boundary_fit)


def packs_for_desks(connection: Connection) -> frozenset[str]:
    """The hashes of all packs a desk was ever told of."""
    return frozenset(sha256 for _, sha256, _ in connection.execute(_PACKS, (NOT_FOR_DESKS,)))


def _last_positions(connection: Connection, grids: Grids, scope: str) -> bytes:
    """The last checkpointed position of each worker on duty who was in an area then, as the lane goes on about them.

    Outside all grids a worker counts for his home grid.
    """
    rows = connection.execute(_POSITIONS).fetchall()
    packed = np.zeros(len(rows), POSITION)
    for column, name in enumerate(("worker", "at", "lon", "lat")):
        packed[name] = [row[column] for row in rows]
    here = grids.grids_of(packed["lon"] * 1e-7, packed["lat"] * 1e-7)
    inside = [(grid or row[4]).startswith(scope) for grid, row in zip(here, rows, strict=True)]
    return packed[np.array(inside, np.bool_)].tobytes()
