"""Answers how each grid was walked: its last visit and how much of it was covered; within the area of the post. One thread.

All desks share one reading of the ledger a minute; what was read before is not read again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from governance.refusal import Refused
from governance.roles import may_see_positions
from governance.visits import LONGEST, TOLD_WITHIN
from server import sessions
from server.ledger.ground_seen import GroundSeen
from server.ledger.ledger import Connection, Ledger
from server.sessions import Session
from wire.visited_requests import ReadVisited, VisitedAre

KEPT_S = 55.0
PATIENCE = "SET LOCAL statement_timeout = '45s'"
TOLD_LATE = TOLD_WITHIN + LONGEST + timedelta(hours=1)
"""A visit told of now began no longer ago."""
_LAST = "SELECT grid, extract(epoch FROM max(ended_at))::bigint FROM visit WHERE began_at > %s AND ended_at <= %s GROUP BY grid"


class VisitedCounter:
    """The part of the service window where visits of grids are asked for."""

    def __init__(
        self,
        ledger: Ledger,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`now` tells the time, aware, UTC; `clock` seconds that only grow."""
        self._ledger, self._now, self._clock = ledger, now, clock
        self._ground = GroundSeen()
        self._last: dict[str, int] = {}
        self._asked_at: datetime | None = None
        self._kept: tuple[float, VisitedAre] | None = None
        self.table: dict[type, Callable[[Session, Any], VisitedAre]] = {ReadVisited: self._read}

    def _read(self, session: Session, request: ReadVisited) -> VisitedAre:
        """The grids of the post's area, as of at most a minute ago."""
        officer = session.officer
        if not may_see_positions(officer):
            raise Refused("not_your_role", role=officer.role.value)
        with self._ledger.transaction() as connection:
            sessions.require_live(connection, session.id, self._now())
        found = self._whole()
        rows = [row for row, grid in enumerate(found.grids) if grid.startswith(officer.scope)]
        grids, visited, covered = found.grids, found.visited, found.covered
        return VisitedAre(
            request.n,
            found.at,
            tuple(grids[row] for row in rows),
            tuple(visited[row] for row in rows),
            tuple(covered[row] for row in rows),
        )

    def _whole(self) -> VisitedAre:
        """The whole district."""
        if self._kept is not None and self._kept[0] > self._clock() - KEPT_S:
            return self._kept[1]
        now = self._now()
        try:
            with self._ledger.transaction(snapshot=True) as connection:
                connection.execute(PATIENCE)
                grids = self._ledger.grids(connection, now)
                covered = self._ground.percent(connection, grids, now)
                self._read_visits(connection, now)
        except psycopg.errors.QueryCanceled as problem:
            raise Refused("took_too_long") from problem
        visited = tuple(self._last.get(code, 0) for code in grids.codes)
        found = VisitedAre(0, now, grids.codes, visited, tuple(covered.tolist()))
        self._kept = (self._clock(), found)
        return found

    def _read_visits(self, connection: Connection, now: datetime) -> None:
        """The newest visit of each grid, read on from the last time."""
        since = self._asked_at - TOLD_LATE if self._asked_at is not None else datetime(2000, 1, 1, tzinfo=UTC)
        for grid, ended_s in connection.execute(_LAST, (since, now)):
            self._last[grid] = max(ended_s, self._last.get(grid, 0))
        self._asked_at = now
