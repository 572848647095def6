"""What a wall tells of an area: open incidents without a word anybody wrote, and figures; nothing of class 2 or more.

Figures follow the day of the district. All displays share one reading of the ledger every two seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from governance.deadline import CHINA
from governance.incident import TERMINAL, Severity, State, TimerKind, TimerState, Urgency
from governance.people import Role
from governance.places import LonLat
from governance.roles import CONFIDENTIAL
from governance.wall_board import DayCount, PostsOnDuty, WallFigures, WallIncident
from server.ledger.ledger import Connection, Ledger

KEPT_S = 2.0
MOST_TOLD = 500
"""Incidents on a wall; the rest are counted."""
DAYS = 7
_ENDED = [state.value for state in sorted({*TERMINAL, State.CLOSED})]
_LATE = (
    "(i.overdue OR EXISTS (SELECT 1 FROM timer t WHERE t.incident = i.id AND t.state = %(running)s "
    "AND (t.fired > 0 OR t.due_at <= %(now)s)))"
)
_OPEN = (
    "SELECT i.grid, i.category, i.urgency, i.severity, i.state, i.handling_level, ST_X(i.place), ST_Y(i.place), i.reported_at, "
    "(SELECT coalesce(max(t.due_at) FILTER (WHERE t.kind = %(resolve)s), min(t.due_at)) FROM timer t "
    "WHERE t.incident = i.id AND t.state = %(running)s), "
    f"{_LATE} AS late, count(*) OVER () FROM incident i WHERE i.state <> ALL(%(ended)s) AND i.confidentiality < %(class)s "
    "AND starts_with(i.grid, %(area)s) ORDER BY i.urgency DESC, late DESC, i.severity = 0, i.severity, i.reported_at "
    "LIMIT %(most)s"
)
_STANDS = (
    f"SELECT count(*), count(*) FILTER (WHERE {_LATE}), count(*) FILTER (WHERE i.urgency = %(immediate)s) FROM incident i "
    "WHERE i.state <> ALL(%(ended)s) AND i.confidentiality < %(class)s AND starts_with(i.grid, %(area)s)"
)
_DAY = "({} AT TIME ZONE 'Asia/Shanghai')::date"
_TREND = (
    f"SELECT day, sum(reported)::int, sum(closed)::int FROM (SELECT {_DAY.format('i.reported_at')} AS day, 1 AS reported, "
    "0 AS closed FROM incident i WHERE i.reported_at >= %(since)s AND i.confidentiality < %(class)s "
    f"AND starts_with(i.grid, %(area)s) UNION ALL SELECT {_DAY.format('i.closed_at')}, 0, 1 FROM incident i "
    "WHERE i.closed_at >= %(since)s AND i.confidentiality < %(class)s AND starts_with(i.grid, %(area)s)) d GROUP BY day"
)
_WORKERS = (
    "SELECT count(*) FILTER (WHERE l.duty IN ('on_duty', 'on_task')), count(*) FROM worker w JOIN worker_live l "
    "ON l.worker = w.staff WHERE starts_with(w.grid_code, %(area)s) AND w.role <> %(desk)s"
)
_CAMERAS = (
    "SELECT count(*) FILTER (WHERE state = 'online'), count(*) FROM camera WHERE starts_with(grid_code, %(area)s) "
    "AND retired_at IS NULL"
)
_POSTS = (
    "SELECT d.role, count(DISTINCT a.staff) FROM desk_session d JOIN account a ON a.id = d.account WHERE d.ended_at IS NULL "
    "AND d.expires_at > %(now)s AND d.role <> ALL(%(machines)s) AND starts_with(%(area)s, d.scope) GROUP BY d.role"
)


@dataclass(frozen=True, slots=True)
class Board:
    """What was read of an area."""

    at: datetime
    incidents: tuple[WallIncident, ...]
    total: int
    figures: WallFigures


class BoardCounter:
    """One reading for all. Any thread."""

    def __init__(self, ledger: Ledger, now: Callable[[], datetime], clock: Callable[[], float] = time.monotonic) -> None:
        """Nothing was read yet."""
        self._ledger, self._now, self._clock, self._lock = ledger, now, clock, Lock()
        self._kept: dict[str, tuple[float, Board]] = {}

    def of(self, area: str) -> Board:
        """What a wall over an area tells, as of two seconds ago at most."""
        with self._lock:
            kept = self._kept.get(area)
            if kept is not None and kept[0] > self._clock() - KEPT_S:
                return kept[1]
            now = self._now()
            with self._ledger.transaction(snapshot=True) as connection:
                found = read(connection, area, now)
            self._kept[area] = (self._clock(), found)
            return found


def read(connection: Connection, area: str, now: datetime) -> Board:
    """The open incidents below class 2 of an area, and its figures."""
    today = now.astimezone(CHINA).date()
    begin = datetime.combine(today - timedelta(days=DAYS - 1), datetime.min.time(), CHINA).astimezone(UTC)
    asked: dict[str, Any] = {
        "area": area,
        "now": now,
        "since": begin,
        "ended": _ENDED,
        "class": CONFIDENTIAL,
        "most": MOST_TOLD,
        "running": TimerState.RUNNING.value,
        "resolve": TimerKind.T7_RESOLVE.value,
        "immediate": int(Urgency.IMMEDIATE),
        "desk": Role.HANDLER.value,
        "machines": [Role.WALL.value, Role.SYSTEM.value],
    }
    rows = connection.execute(_OPEN, asked).fetchall()
    open_, overdue, immediate = _one(connection, _STANDS, asked)
    workers_on, workers = _one(connection, _WORKERS, asked)
    cameras_on, cameras = _one(connection, _CAMERAS, asked)
    days = {day: (reported, closed) for day, reported, closed in connection.execute(_TREND, asked)}
    trend = tuple(
        DayCount(day, *days.get(day, (0, 0))) for day in (today - timedelta(days=back) for back in range(DAYS - 1, -1, -1))
    )
    posts = tuple(PostsOnDuty(Role(role), count) for role, count in connection.execute(_POSTS, asked))
    figures = WallFigures(
        trend[-1].reported,
        trend[-1].closed,
        *(overdue, immediate, open_, workers_on, workers, cameras_on, cameras),
        tuple(sorted(posts, key=lambda each: each.role.value)),
        trend,
    )
    return Board(now, tuple(map(_incident, rows)), rows[0][-1] if rows else 0, figures)


def _one(connection: Connection, statement: str, asked: dict[str, Any]) -> tuple[Any, ...]:
    row = connection.execute(statement, asked).fetchone()
    assert row is not None, "an aggregate has a row"
    return row


def _incident(row: tuple[Any, ...]) -> WallIncident:
    grid, category, urgency, severity, state, level, lon, lat, reported_at, deadline, late, _total = row
    grave = Urgency(urgency), Severity(severity), State(state)
    return WallIncident(grid, category, *grave, level, LonLat(lon, lat), reported_at, deadline, late)
