"""Tracks in a real PostGIS: the packed bytes, repeats, new days, and a database that goes away for a while."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import psycopg
import pytest

from server.positions.tracks import Tracks
from server.private_postgis import OWNER_ROLE
from tests.server.intake_world import until
from wire.publications import POSITION, Positions

if TYPE_CHECKING:
    from tests.conftest import Database

NOON = int(datetime(2027, 1, 15, 12, 0, tzinfo=UTC).timestamp())


def fixes(*rows: tuple[int, int]) -> Positions:
    """Fixes of (worker, seconds after noon)."""
    some = np.zeros(len(rows), POSITION)
    some["worker"], some["at"] = [w for w, _ in rows], [NOON + s for _, s in rows]
    some["lon"], some["lat"] = 1_202_345_678, -335_555_555
    some["speed"], some["heading"], some["accuracy"], some["battery"] = 123, 35_999, 45, 67
    return some


class Interrupted(np.ndarray[Any, Any]):
    """Fixes that let something else happen when the writing thread asks how many they are."""

    meanwhile: Callable[[], object] | None = None

    def __len__(self) -> int:
        """As many as they are."""
        if self.meanwhile is not None and threading.current_thread().name == "tracks":
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()
        return super().__len__()


def stored(database: Database) -> list[tuple[Any, ...]]:
    with psycopg.connect(**database.connect_arguments(OWNER_ROLE)) as connection:
        return connection.execute(
            "SELECT worker, extract(epoch FROM at)::bigint - %s, ST_X(place), ST_Y(place), ST_SRID(place), accuracy_m, "
            "speed_m_s, heading_deg, battery_percent FROM worker_position ORDER BY worker, at",
            (NOON,),
        ).fetchall()


def writing(database: Database, connect: Callable[[], psycopg.Connection] | None = None) -> Tracks:
    return Tracks(connect or (lambda: psycopg.connect(**database.connect_arguments())), every_s=0.05)


def test_a_fix_is_stored_as_it_was_sent(database: Database) -> None:
    tracks = writing(database)
    tracks.add(fixes((7, 0)))
    tracks.close()
    ((worker, second, lon, lat, srid, accuracy, speed, heading, battery),) = stored(database)
    assert (worker, second, srid, battery) == (7, 0, 4490, 67)
    assert (lon, lat) == (pytest.approx(120.2345678, abs=1e-9), pytest.approx(-33.5555555, abs=1e-9))
    assert (accuracy, speed, heading) == (pytest.approx(4.5), pytest.approx(1.23), pytest.approx(359.99))


def test_what_is_repeated_is_stored_once_and_nothing_else_is_lost(database: Database) -> None:
    tracks = writing(database)
    tracks.add(fixes((1, 0), (1, 5)))
    until(lambda: len(stored(database)) == 2, "the first batch")
    tracks.add(fixes((1, 5), (1, 10), (2, 5)))
    tracks.close()
    assert [row[:2] for row in stored(database)] == [(1, 0), (1, 5), (1, 10), (2, 5)]


def test_a_batch_over_midnight_fills_both_days(database: Database) -> None:
    tracks = writing(database)
    tracks.add(fixes((1, 0), (1, 86_400)))
    tracks.close()
    assert [row[1] for row in stored(database)] == [0, 86_400]


def test_fixes_that_come_while_a_batch_is_counted_out_keep_their_count(database: Database) -> None:
    counting, added = threading.Event(), threading.Event()
    tracks = Tracks(lambda: psycopg.connect(**database.connect_arguments()), every_s=0.05, room=3)
    batch = fixes((1, 0)).view(Interrupted)
    batch.meanwhile = lambda: (counting.set(), added.wait(10.0))
    tracks.add(batch)
    assert counting.wait(10.0)
    tracks.add(fixes((1, 5), (1, 10)))
    added.set()
    until(lambda: len(stored(database)) == 3, "the second batch")
    tracks.add(fixes((1, 15)))
    until(lambda: len(stored(database)) == 4, "the third batch")
    tracks.add(fixes((2, 0), (2, 5), (2, 10), (2, 15)))
    tracks.close()
    assert tracks.counted["dropped"] == 4, "more than the room was let in"


def test_a_database_that_is_away_for_a_while_costs_nothing(database: Database) -> None:
    tries: list[int] = []

    def connect() -> psycopg.Connection:
        tries.append(1)
        if len(tries) < 3:
            raise psycopg.OperationalError("away")
        return psycopg.connect(**database.connect_arguments())

    tracks = writing(database, connect)
    tracks.add(fixes((1, 0)))
    until(lambda: len(tries) >= 2, "tried again")
    tracks.add(fixes((1, 5)))
    until(lambda: len(stored(database)) == 2, "both stored")
    tracks.close()
    assert tracks.counted["unreachable"] == 2
    assert tracks.counted["dropped"] == 0


def test_what_finds_no_room_is_dropped_and_counted(database: Database) -> None:
    def away() -> psycopg.Connection:
        raise psycopg.OperationalError("away")

    tracks = Tracks(away, every_s=0.05, room=3)
    tracks.add(fixes((1, 0), (1, 5)))
    tracks.add(fixes((1, 10), (1, 15)))
    tracks.close()
    assert tracks.counted["dropped"] == 2
