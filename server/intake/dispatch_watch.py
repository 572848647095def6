"""Which orders to workers stand now, watched for all that wait for a change of it."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from starlette.concurrency import run_in_threadpool

from server.ledger.ledger import Ledger

POLL_S = 0.4
LIVE_STATES = ["sent", "delivered", "acked", "accepted", "en_route", "arrived"]
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


class DispatchWatch:
    """Reads the standing orders at most every 0.4 s, and only while somebody waits."""

    def __init__(self, ledger: Ledger) -> None:
        """Nothing is read yet."""
        self._read: Callable[[], tuple[Notice, ...]] = lambda: _standing(ledger)
        self._notices: tuple[Notice, ...] = ()
        self._mark = ""
        self._read_at = 0.0
        self._reading = asyncio.Lock()

    async def after(self, mark: str, wait_s: float) -> tuple[str, tuple[Notice, ...]]:
        """The standing orders and their mark, once the mark differs from the one given; at the latest after `wait_s`."""
        give_up_at = time.monotonic() + wait_s
        while True:
            await self._look()
            left_s = give_up_at - time.monotonic()
            if self._mark != mark or left_s <= 0:
                return self._mark, self._notices
            await asyncio.sleep(min(POLL_S, left_s))

    async def _look(self) -> None:
        """Read again unless somebody just did."""
        async with self._reading:
            if time.monotonic() - self._read_at < POLL_S:
                return
            self._notices = await run_in_threadpool(self._read)
            self._read_at = time.monotonic()
            self._mark = hashlib.sha256(repr(self._notices).encode()).hexdigest()[:16]


def _standing(ledger: Ledger) -> tuple[Notice, ...]:
    with ledger.transaction() as connection:
        return tuple(Notice(*row) for row in connection.execute(_STANDING, (LIVE_STATES,)))
