"""Which orders to workers stand, what they are to look at, what was stopped: watched for all that wait for a change."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from starlette.concurrency import run_in_threadpool

from server.intake.tasks import STOPPED_BY
from server.ledger.ledger import Ledger

POLL_S = 0.4
LIVE_STATES = ["sent", "delivered", "acked", "accepted", "en_route", "arrived"]
STOPPED_FOR = timedelta(minutes=10)
"""So long a gateway is told that an order was stopped: its phone may have been dark."""
_LOOKS = (
    "SELECT c.id, w.number, greatest(c.assigned_at, (SELECT max(s.at) FROM incident_transition s WHERE s.incident = i.id "
    "AND s.row = 'E68' AND s.detail->>'lead_worker' = c.checker::text)) "
    "FROM verify_task c JOIN worker w ON w.staff = c.checker JOIN incident i "
    "ON i.id = c.incident WHERE c.kind = 'verify' AND c.done_at IS NULL AND i.state = 'verifying' ORDER BY c.assigned_at, c.id"
)
_STOPPED = (
    "SELECT a.id, w.number, min(s.at) FROM incident i JOIN incident_transition s ON s.incident = i.id AND s.at > %s "
    f"JOIN assignment a ON a.incident = i.id AND a.sent_at < s.at AND {STOPPED_BY} "
    "JOIN worker w ON w.staff = a.worker WHERE i.changed_at > %s GROUP BY a.id, w.number ORDER BY 3, 1"
)
_STANDING = (
    "SELECT a.id, w.number, a.state, a.reminders, a.sent_at FROM assignment a JOIN worker w ON w.staff = a.worker "
    "WHERE a.state = ANY(%s) ORDER BY a.sent_at, a.id"
)


@dataclass(frozen=True, slots=True)
class Notice:
    """An order that stands: for whom, and how far it got. Nothing about the matter itself."""

    assignment: UUID
    worker: int
    state: str
    reminders: int
    sent_at: datetime

    def as_json(self) -> dict[str, Any]:
        """As the gateway is told."""
        return {
            "assignment": str(self.assignment),
            "worker": self.worker,
            "state": self.state,
            "reminders": self.reminders,
            "sent_at": self.sent_at.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Call:
    """Something else a phone is woken for: what it is asked to look at, again when it is urged to, or an order stopped."""

    about: UUID
    worker: int
    at: datetime

    def as_json(self, name: str) -> dict[str, Any]:
        """As the gateway is told; `name` says what it is about."""
        return {name: str(self.about), "worker": self.worker, "at": self.at.isoformat()}


@dataclass(frozen=True, slots=True)
class Standing:
    """All that phones are woken for."""

    orders: tuple[Notice, ...] = ()
    looks: tuple[Call, ...] = ()
    stopped: tuple[Call, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As the gateway is told."""
        return {
            "orders": [notice.as_json() for notice in self.orders],
            "checks": [look.as_json("check") for look in self.looks],
            "stopped": [stop.as_json("assignment") for stop in self.stopped],
        }


class DispatchWatch:
    """Reads the standing orders at most every 0.4 s, and only while somebody waits."""

    def __init__(self, ledger: Ledger) -> None:
        """Nothing is read yet."""
        self._read: Callable[[], Standing] = lambda: _standing(ledger)
        self._standing = Standing()
        self._mark = ""
        self._read_at = 0.0
        self._reading = asyncio.Lock()

    async def after(self, mark: str, wait_s: float) -> tuple[str, Standing]:
        """What stands now and its mark, once the mark differs from the one given; at the latest after `wait_s`."""
        give_up_at = time.monotonic() + wait_s
        while True:
            await self._look()
            left_s = give_up_at - time.monotonic()
            if self._mark != mark or left_s <= 0:
                return self._mark, self._standing
            await asyncio.sleep(min(POLL_S, left_s))

    async def _look(self) -> None:
        """Read again unless somebody just did."""
        async with self._reading:
            if time.monotonic() - self._read_at < POLL_S:
                return
            self._standing = await run_in_threadpool(self._read)
            self._read_at = time.monotonic()
            self._mark = hashlib.sha256(repr(self._standing).encode()).hexdigest()[:16]


def _standing(ledger: Ledger) -> Standing:
    since = datetime.now(UTC) - STOPPED_FOR
    with ledger.transaction() as connection:
        return Standing(
            tuple(Notice(*row) for row in connection.execute(_STANDING, (LIVE_STATES,))),
            tuple(Call(*row) for row in connection.execute(_LOOKS)),
            tuple(Call(*row) for row in connection.execute(_STOPPED, (since, since))),
        )
