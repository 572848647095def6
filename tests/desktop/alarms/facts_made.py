"""Facts for the tests of alarms."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from desktop.alarms.kinds import AlarmFact, AlarmKind, Priority
from tests.fakes.situations import NOW, SPACE


def incident(number: int) -> UUID:
    """The incident of a number."""
    return uuid5(SPACE, f"alarm {number}")


def fact(
    number: int = 1,
    kind: AlarmKind = AlarmKind.URGENT,
    at: datetime = NOW,
    place: str = "330104005051",
    category: str = "01",
    priority: Priority = Priority.HIGH,
    weight: int = 10,
    turn: str = "",
) -> AlarmFact:
    """A fact about the incident of a number."""
    return AlarmFact(kind, incident(number), place, category, at, priority, weight, turn)


def later(seconds: float) -> datetime:
    """So many seconds after the beginning."""
    return NOW + timedelta(seconds=seconds)
