"""A snapshot shows the workers whom the lane goes on about: those who are in the area now, wherever they belong."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from governance.people import Duty
from governance.places import LonLat
from server import snapshot
from server.positions.ground import Ground
from server.positions.lane import LaneSession, frames_for
from server.positions.latest import Latest
from tests.server.test_snapshot_and_changes import STREETS, session_of
from wire.codec import decode_positions
from wire.publications import POSITION

from .conftest import District, middle

SCOPES = (STREETS[0], STREETS[1], STREETS[0][:6])


def test_a_snapshot_and_the_lane_show_a_post_the_same_workers(district: District) -> None:
    now = datetime.now(UTC)
    with district.ledger.transaction() as connection:
        grids = district.ledger.grids(connection, now)
    ground = Ground(grids.codes, list(grids.polygons))
    workers = sorted(district.workers, key=lambda each: each.number)
    places = {}
    for row, each in enumerate(workers):
        elsewhere = len(grids.codes) - 1 - row % len(grids.codes)
        places[each.number] = _beside(ground) if row == 0 else middle(elsewhere)
    for each in workers:
        where = places[each.number]
        district.owner_executes(
            "UPDATE worker_live SET duty = 'on_duty', fix_at = %s, place = ST_SetSRID(ST_MakePoint(%s, %s), 4490) "
            "WHERE worker = %s",
            *(now, where.lon, where.lat, each.id),
        )
    latest = Latest(ground)
    latest.employ([(each.number, each.grid, Duty.ON_DUTY) for each in workers], time.time())
    fixes = np.zeros(len(workers), POSITION)
    fixes["worker"], fixes["at"] = [each.number for each in workers], int(now.timestamp())
    fixes["lon"] = [round(places[number].lon * 1e7) for number in fixes["worker"].tolist()]
    fixes["lat"] = [round(places[number].lat * 1e7) for number in fixes["worker"].tolist()]
    assert len(latest.take(fixes, np.ones(len(fixes), np.bool_), now.timestamp())[0]) == len(fixes)
    moved, rows = latest.moved()
    shown = {}
    for scope in SCOPES:
        session = session_of(replace(district.officers["duty1"], scope=scope))
        kept = np.frombuffer(snapshot.take(district.ledger, session, 1, now).positions, POSITION)
        heard = frames_for([LaneSession(b"topic", "", scope, now)], moved, rows, ground)
        shown[scope] = sorted(kept["worker"].tolist())
        assert shown[scope] == sorted(number for _, frame in heard for number in decode_positions(frame)["worker"].tolist())
    assert shown[SCOPES[0]]
    assert sorted(shown[SCOPES[0]] + shown[SCOPES[1]]) == shown[SCOPES[2]] == sorted(fixes["worker"].tolist())


def _beside(ground: Ground) -> LonLat:
    """A place outside all grids, some two hundred metres from the first."""
    west, south, _, north = ground._polygons[0].bounds
    return LonLat(west - 0.002, (south + north) / 2)
