"""What workers do when nobody sends them: they call on households, walk their rounds, and tell of both when they are over."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import numpy as np

from server.drill.credentials import Credentials
from server.drill.phone_line import Line
from server.drill.temper import Temper
from server.drill.walkers import Walkers

CHINA = timezone(timedelta(hours=8))
EVERY_S = 20.0
"""Between two that begin somewhere in the district."""
LASTS_S = (600.0, 2400.0)
ROUND_SHARE = 0.4
DOORS = 400
"""Households a worker knows."""
WEDNESDAY, SATURDAY = 2, 5
EVENING = 18
PAST_SHARE, PAST_DAYS = 0.85, (0, 0, 0, 1, 1, 2, 3, 4, 5, 6)
"""In so many grids somebody was within the last week, so many days ago; all of it is told of on the first day of a town."""
PAST_EVERY_S = 0.1
PAST_REASON = "补录：手机当时没有定位"


class Rounds:
    """Visits and rounds of all workers; row i is phone i of the credentials. Event loop only."""

    def __init__(
        self,
        line: Line,
        credentials: Credentials,
        walkers: Walkers,
        is_free: Callable[[int], bool],
        temper: Temper,
        tells_past: bool = False,
    ) -> None:
        """Nobody is out. `is_free`: whether a row was sent nowhere; `tells_past`: whether the last week is told of first."""
        self._line = line
        self._phones = credentials.phones
        self._walkers = walkers
        self._is_free = is_free
        self._temper = temper
        self._tells_past = tells_past
        self._dice = random.Random(f"rounds {temper.seed}")
        self._out: dict[int, asyncio.Task[None]] = {}
        self.counted: Counter[str] = Counter()

    async def run(self) -> None:
        """Somebody goes out every now and then until cancelled."""
        past = asyncio.create_task(self.tell_past()) if self._tells_past else None
        try:
            while True:
                await asyncio.sleep(self._dice.expovariate(1 / self._temper.seconds(EVERY_S)))
                row = self._dice.randrange(len(self._phones))
                if self._is_free(row) and (row not in self._out or self._out[row].done()):
                    self._out[row] = asyncio.create_task(self.visit(row))
        finally:
            for task in (*self._out.values(), *([past] if past is not None else ())):
                task.cancel()

    async def tell_past(self) -> None:
        """Bring in what the last week saw, as workers do after a day without a phone: one visit or round in most grids."""
        first = {phone.grid: row for row, phone in reversed(list(enumerate(self._phones)))}
        for row in first.values():
            if self._dice.random() < PAST_SHARE:
                await self._told(row, self._of_the_past(row, datetime.now(UTC)))
                await asyncio.sleep(PAST_EVERY_S)

    def _of_the_past(self, row: int, now: datetime) -> dict[str, object]:
        """A visit or round of the last week, in the daytime, over by now."""
        day = now.astimezone(CHINA).replace(hour=8, minute=30, second=0, microsecond=0)
        ended_at = day - timedelta(days=self._dice.choice(PAST_DAYS)) + timedelta(hours=self._dice.uniform(0.5, 9.5))
        while ended_at > now:
            ended_at -= timedelta(days=1)
        began_at = ended_at - timedelta(seconds=self._dice.uniform(*LASTS_S))
        times = {"ended_at": ended_at.astimezone(UTC).isoformat(), "reason": PAST_REASON}
        return self._fields(row, began_at.astimezone(UTC), self._dice.random() < ROUND_SHARE) | times

    def _fields(self, row: int, began_at: datetime, is_round: bool) -> dict[str, object]:
        """What is told of a visit or a round, but when it ended."""
        lon, lat = self._walkers.lonlat(np.array([row]))[0].tolist()
        fields: dict[str, object] = {"kind": "patrol", "lon": lon, "lat": lat, "began_at": began_at.isoformat()}
        if not is_round:
            door = self._dice.randrange(DOORS)
            fields |= {"kind": kind_at(began_at), "household": f"{door // 12 + 1}幢{door % 12 // 2 + 1}0{door % 2 + 1}室"}
        return fields

    async def visit(self, row: int) -> None:
        """One visit, for which he stands at a door, or one round; it is told when it is over."""
        lasts_s = self._temper.seconds(self._dice.uniform(*LASTS_S))
        began_at, is_round = datetime.now(UTC), self._dice.random() < ROUND_SHARE
        fields = self._fields(row, began_at, is_round)
        if not is_round:
            self._walkers.stand(row, time.monotonic() + lasts_s)
        await asyncio.sleep(lasts_s)
        await self._told(row, fields | {"ended_at": datetime.now(UTC).isoformat()})

    async def _told(self, row: int, fields: dict[str, object]) -> None:
        answer = await self._line.as_phone(self._phones[row], "POST", "/v1/worker/visits", json=fields)
        if answer.body.get("code") == "not_seen_there":
            fields["reason"] = "手机当时没有定位"
            answer = await self._line.as_phone(self._phones[row], "POST", "/v1/worker/visits", json=fields)
        self.counted["visit" if answer.is_done else f"visit refused: {answer.body.get('code', answer.status)}"] += 1


def kind_at(moment: datetime) -> str:
    """What a visit is at this moment: the Wednesday interviews, the Saturday in the grid, or one of every day."""
    local = moment.astimezone(CHINA)
    if local.weekday() == WEDNESDAY and local.hour >= EVENING:
        return "wednesday_night"
    return "saturday" if local.weekday() == SATURDAY else "routine"
