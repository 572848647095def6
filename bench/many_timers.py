"""Timers by the hundred thousand, and timers that all ring while their clock is killed again and again."""

from __future__ import annotations

import time
from collections.abc import Callable

import psutil
import psycopg

from bench.rung import due_clocks, never, too_often
from server.private_postgis import OWNER_ROLE
from server.settings import Settings

RUNNING = 100_000
OF_EACH = ("T1", "T2", "T3", "T8", "T9", "T10", "T12", "T14")
"""Kinds that belong to no order: one incident can have all of them running."""
WATCHED_S = 20.0
KILLS = 5
PATIENCE_S = 120.0
_TIMERS = (
    "INSERT INTO timer (id, incident, ord, kind, state, started_at, due_at, limit_s, consumed_s, fired, working) "
    "SELECT gen_random_uuid(), i.id, k.n, k.kind, 'running', now(), now() + interval '1 day' + random() * interval '9 days', "
    "86400, 0, 0, false FROM incident i, unnest(%s::text[]) WITH ORDINALITY k (kind, n) WHERE i.number LIKE 'BENCH-%%'"
)
_DUE = "UPDATE timer SET due_at = now() WHERE state = 'running' AND kind IN ('T1', 'T3', 'T4', 'T5', 'T7', 'T14')"
_FIRED = "SELECT coalesce(sum(fired), 0) FROM timer"


def lay_timers(settings: Settings, count: int) -> None:
    """So many more timers run, none due for a day; the incidents they hang on are copies of one, for nobody to open."""
    with settings.postgis.superuser(settings.database) as connection:
        connection.execute("SET session_replication_role = replica")
        columns = [
            name
            for (name,) in connection.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = 'incident' AND is_generated = 'NEVER'"
            )
        ]
        another = {"id": "gen_random_uuid()", "number": "'BENCH-' || n", "changed_at": "now() - interval '2 days'"}
        chosen = ", ".join(another.get(column, f'i."{column}"') for column in columns)
        listed = ", ".join(f'"{column}"' for column in columns)
        connection.execute(
            f"INSERT INTO incident ({listed}) SELECT {chosen} FROM (SELECT * FROM incident ORDER BY id LIMIT 1) i, "
            f"generate_series(1, {count // len(OF_EACH)}) n"
        )
        connection.execute(_TIMERS, (list(OF_EACH),))
        connection.execute("ANALYZE timer")


def idle_percent(clock: int, postmaster: int) -> tuple[float, float]:
    """Per cent of one core that the clock process uses while nothing is due, and that all of the database uses with it."""
    before, began = (_used_s(clock), _used_s(postmaster)), time.monotonic()
    time.sleep(WATCHED_S)
    after, spent = (_used_s(clock), _used_s(postmaster)), time.monotonic() - began
    return round(100 * (after[0] - before[0]) / spent, 2), round(100 * (after[1] - before[1]) / spent, 2)


def _used_s(pid: int) -> float:
    """Seconds of processor time of a process and those it started, also of those that are gone."""
    process = psutil.Process(pid)
    own = process.cpu_times()
    children = [child.cpu_times() for child in process.children(recursive=True)]
    gone = own.children_user + own.children_system
    return float(own.user + own.system + gone + sum(each.user + each.system for each in children))


def ring_all(settings: Settings, kill_clock: Callable[[], None]) -> tuple[int, int, float]:
    """All clocks of real incidents ring at once while the clock process is killed: how often one fired, how many of them
    never fired or fired before a further period was over, and seconds until all had."""
    with psycopg.connect(**settings.connect_arguments(OWNER_ROLE), autocommit=True) as connection:
        before = _one(connection, _FIRED)
        with connection.transaction():
            connection.execute(_DUE)
            due = due_clocks(connection)
        began = time.monotonic()
        for _ in range(KILLS):
            time.sleep(0.7)
            kill_clock()
        while never(connection, due) and time.monotonic() < began + PATIENCE_S:
            time.sleep(0.1)
        spent = time.monotonic() - began
        return _one(connection, _FIRED) - before, never(connection, due) + too_often(connection, due), spent


def _one(connection: psycopg.Connection[tuple[int]], query: str) -> int:
    row = connection.execute(query).fetchone()
    assert row is not None, "an aggregate has a row"
    return int(row[0])
