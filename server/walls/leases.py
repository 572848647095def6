"""The lease clock: whoever controls a wall has it until a minute after nothing was heard of his desk any more."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from governance.wall import WallStanding, has_lapsed
from server.ledger import walls
from server.ledger.ledger import Ledger

MOST_KEPT = 10_000
"""Beyond so many officers heard of, those not heard for long are forgotten."""


class Leases:
    """When officers' desks were last heard. Any thread."""

    def __init__(self, ledger: Ledger, clock: Callable[[], float] = time.monotonic) -> None:
        """Nobody was heard yet, and everybody counts as heard now: a server that begins anew takes no wall away."""
        self._ledger, self._clock = ledger, clock
        self._began_s = clock()
        self._heard_s: dict[UUID, float] = {}

    def heard(self, staff: UUID) -> None:
        """A desk of an officer said something."""
        self._heard_s[staff] = self._clock()
        if len(self._heard_s) > MOST_KEPT:
            now_s = self._clock()
            self._heard_s = {
                who: at for who, at in self._heard_s.copy().items() if not has_lapsed(timedelta(seconds=now_s - at))
            }

    def lapse(self, now: datetime) -> tuple[WallStanding, ...]:
        """Walls whose holder is gone are free again, on record and told; those that were freed."""
        with self._ledger.transaction() as connection:
            gone = [each.wall.code for each in walls.leased(connection) if self._is_gone(each)]
        freed: list[WallStanding] = []
        for code in gone:
            with self._ledger.transaction() as connection:
                before = walls.find(connection, code, to_change=True)
                if before.lease is None or not self._is_gone(before):
                    continue
                after = walls.store(connection, before, replace(before, lease=None), now)
                walls.note(connection, after, "lease_lapsed", now, detail=before.lease.title)
                walls.tell(connection, after, now)
            freed.append(after)
        return tuple(freed)

    def _is_gone(self, standing: WallStanding) -> bool:
        """Whether the desk of who holds a wall was not heard for too long."""
        if standing.lease is None:
            return False
        heard_s = self._heard_s.get(standing.lease.staff, self._began_s)
        return has_lapsed(timedelta(seconds=self._clock() - heard_s))
