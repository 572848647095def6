"""How each grid was walked: last visits and covered squares, within the area of the post, read on and never twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import numpy as np
import pytest
import shapely

from governance.places import LonLat
from governance.refusal import Refused
from server.ledger.ground_seen import SQUARE_M, Squares
from server.visited import VisitedCounter
from tests.server.conftest import District, middle
from tests.server.test_archive import signed_on
from wire.visited_requests import ReadVisited, VisitedAre

NOW = datetime.now(UTC).replace(microsecond=0)


def seen(district: District, place: LonLat, ago: timedelta, accuracy_m: float = 10.0) -> None:
    """A position of the first worker, so long ago."""
    at = NOW - ago
    district.owner_executes("SELECT ensure_position_day(%s)", at.date())
    district.owner_executes(
        "INSERT INTO worker_position VALUES (%s, %s, ST_SetSRID(ST_MakePoint(%s, %s), 4490), %s, 0, 0, 80)",
        *(district.workers[0].number, at, place.lon, place.lat, accuracy_m),
    )


def visited(district: District, grid: int, ago: timedelta) -> None:
    """A round told of a grid that ended so long ago."""
    ended = NOW - ago
    place = middle(grid)
    district.owner_executes(
        "INSERT INTO visit (id, worker, kind, began_at, ended_at, received_at, place, grid, is_seen, reason) "
        "VALUES (%s, %s, 'patrol', %s, %s, %s, ST_SetSRID(ST_MakePoint(%s, %s), 4490), %s, false, '手机没电')",
        *(uuid4(), district.workers[0].id, ended - timedelta(minutes=30), ended, ended, place.lon, place.lat),
        codes(district)[grid],
    )


def codes(district: District) -> tuple[str, ...]:
    """The grids of the small town by their numbers in it."""
    with district.ledger.transaction() as connection:
        grids = district.ledger.grids(connection, NOW)
    return tuple(grids.grid_of(middle(number)) for number in range(len(grids.codes)))


def counter_at(district: District) -> tuple[VisitedCounter, list[float]]:
    """A counter whose clock the test sets: seconds since NOW."""
    passed = [0.0]
    return VisitedCounter(district.ledger, lambda: NOW + timedelta(seconds=passed[0]), lambda: passed[0]), passed


def asked(counter: VisitedCounter, district: District, login: str) -> dict[str, tuple[int, int]]:
    session = signed_on(district, login)
    district.owner_executes("UPDATE desk_session SET expires_at = %s", NOW + timedelta(days=9))
    reply = counter.table[ReadVisited](session, ReadVisited(7))
    assert isinstance(reply, VisitedAre)
    assert reply.n == 7
    return dict(zip(reply.grids, zip(reply.visited, reply.covered, strict=True), strict=True))


def test_the_newest_visit_and_the_squares_somebody_was_in(district: District) -> None:
    counter, passed = counter_at(district)
    grid, other = codes(district)[0], codes(district)[1]
    visited(district, 0, timedelta(days=3))
    visited(district, 0, timedelta(days=400))
    seen(district, middle(0), timedelta(hours=1))
    seen(district, middle(1), timedelta(hours=25))
    seen(district, middle(1), timedelta(hours=2), accuracy_m=200.0)
    found = asked(counter, district, "lead1")
    with district.ledger.transaction() as connection:
        squares = Squares(district.ledger.grids(connection, NOW))
    count = squares.count[squares.grids.codes.index(grid)]
    assert found[grid] == (int((NOW - timedelta(days=3)).timestamp()), -(-100 // count))
    assert found[other] == (0, 0), "too long ago, and too vague"
    visited(district, 1, timedelta(days=6))
    seen(district, middle(1), timedelta(minutes=14))
    assert asked(counter, district, "lead1") == found, "all desks share one reading a minute"
    passed[0] = 60.0
    later = asked(counter, district, "lead1")
    assert later[grid] == found[grid], "what was read before still counts"
    assert later[other][0] == int((NOW - timedelta(days=6)).timestamp())
    assert later[other][1] > 0
    passed[0] = 23.5 * 3600
    assert asked(counter, district, "lead1")[grid][1] == 0, "a day later nobody was there lately"


def test_each_post_hears_of_its_own_area_and_only_who_may_see_where_workers_are(district: District) -> None:
    counter, _ = counter_at(district)
    everything, one = asked(counter, district, "lead1"), asked(counter, district, "street1")
    assert set(everything) == set(codes(district))
    assert set(one) == {grid for grid in everything if grid.startswith(signed_on(district, "street1").officer.scope)}
    assert 0 < len(one) < len(everything)
    login = next(each for each in district.seeded.passwords if each.startswith(("auditor", "checker", "verifier", "admin")))
    with pytest.raises(Refused, match="not_your_role"):
        counter.table[ReadVisited](signed_on(district, login), ReadVisited(1))


def test_a_session_that_is_over_reads_nothing(district: District) -> None:
    counter, session = counter_at(district)[0], signed_on(district, "lead1")
    assert counter.table[ReadVisited](session, ReadVisited(1)).grids
    district.owner_executes("UPDATE desk_session SET expires_at = %s", NOW - timedelta(seconds=1))
    with pytest.raises(Refused, match="session_over"):
        counter.table[ReadVisited](session, ReadVisited(1))


def test_a_grid_all_of_whose_squares_were_seen_is_covered_wholly_and_a_tiny_one_has_one_square() -> None:
    step = SQUARE_M / 111_320.0
    wide, tiny = shapely.box(120.0, 30.0, 120.0 + 8 * step, 30.0 + 4 * step), shapely.box(120.1, 30.1, 120.10001, 30.10001)
    polygons = np.array([wide, tiny])

    class Two:
        codes = ("a", "b")

    Two.polygons = polygons  # type: ignore[attr-defined]
    squares = Squares(Two())  # type: ignore[arg-type]
    assert squares.count[0] in range(24, 46)
    assert squares.count[1] == 1
    assert squares.percent(squares._keys).tolist() == [100, 100]
    assert squares.percent(squares._keys[:0]).tolist() == [0, 0]
    assert 90 < squares.percent(squares._keys[1:])[0] < 100
    assert 0 < squares.percent(squares._keys[:1])[0] < 6
