"""The alarms of the last 24 hours: how many there were, and which may be called critical; plain."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from desktop.alarms.kinds import AlarmFact, Key, Priority

DAY = timedelta(hours=24)
MOST_A_DAY = 150
"""As many as one operator can answer with care in a day (ISA-18.2)."""
CRITICAL_PERCENT = 5


@dataclass(frozen=True, slots=True)
class Announced:
    """One alarm that was announced: a flood is announced once, however many lie in it."""

    at: datetime
    key: Key
    turn: str
    priority: Priority
    weight: int


class DayCount:
    """What was announced within the last 24 hours, and the share of it that is critical.

    At most 5 % may be critical, else the word means nothing. The day rolls: of what was announced in the last 24 hours
    and asks to be critical, the gravest (weight, then who came first) stay so, as many as 5 % of all that was announced
    come to, rounded down; below twenty alarms a day that would be none, so that the one gravest stays. The others are shown
    as high, and lose nothing else: they ring, stand and wait as before. What was announced more than 24 hours ago is
    stale and critical no more.
    """

    def __init__(self, announced: Iterable[Announced] = ()) -> None:
        """Go on from what was kept of the last day."""
        self._announced = sorted(announced, key=lambda each: each.at)

    def note(self, fact: AlarmFact, now: datetime) -> None:
        """Count an alarm that is announced now; the same turn of the same thing counts once a day."""
        if not any(each.key == fact.key and each.turn == fact.turn for each in self._announced):
            self._announced.append(Announced(now, fact.key, fact.turn, fact.priority, fact.weight))

    def gather(self, keys: Collection[Key], since: datetime) -> None:
        """What was announced of these things since a moment was one flood: the gravest of it, or the first, stays."""
        alike = [each for each in self._announced if each.key in keys and each.at >= since]
        if len(alike) > 1:
            stays = max(alike, key=lambda each: (each.priority, each.weight))
            self._announced = [each for each in self._announced if each is stays or each not in alike]

    def of_last_day(self, now: datetime) -> tuple[Announced, ...]:
        """What was announced within the last 24 hours, oldest first; older ones are forgotten."""
        if self._announced and self._announced[0].at <= now - DAY:
            self._announced = [each for each in self._announced if each.at > now - DAY]
        return tuple(self._announced)

    def count(self, now: datetime) -> int:
        """How many alarms were announced within the last 24 hours."""
        return len(self.of_last_day(now))

    def critical(self, now: datetime) -> frozenset[Key]:
        """The things whose alarms may be called critical now."""
        recent = self.of_last_day(now)
        asking: dict[Key, tuple[int, float]] = {}
        for each in recent:
            if each.priority is Priority.CRITICAL:
                asking[each.key] = max(asking.get(each.key, (0, 0.0)), (each.weight, -each.at.timestamp()))
        allowed = max(1, len(recent) * CRITICAL_PERCENT // 100)
        gravest = sorted(asking, key=lambda key: asking[key], reverse=True)
        return frozenset(gravest[:allowed])
