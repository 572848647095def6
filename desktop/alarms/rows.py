"""The rows an officer reads: one for an alarm, one for all of a place and group that came in a flood; plain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desktop.alarms.day_count import DAY
from desktop.alarms.kinds import AlarmFact, Group, Key, Priority
from desktop.alarms.standing import CHATTERS_AT, Alarm, StandingAlarms, grave


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """What is shown as one."""

    fact: AlarmFact
    """Of the gravest alarm in it, the newest of those."""
    keys: tuple[Key, ...]
    """Everything that lies in it, in the order it came."""
    priority: Priority
    """As it is shown: critical for no more than 5 % of a day's (DayCount)."""
    times: int = 1
    """How often it was raised within a minute, where it chatters."""
    is_seen: bool = False
    is_stale: bool = False
    """It has stood for more than 24 hours."""

    @property
    def count(self) -> int:
        """How many alarms lie in it."""
        return len(self.keys)


def rows_of(alarms: StandingAlarms, now: datetime) -> tuple[AlarmRow, ...]:
    """What stands, the unseen first, of those the gravest, of those the newest."""
    together: dict[Group | Key, list[Alarm]] = {}
    for alarm in alarms.visible():
        group = alarm.fact.group
        together.setdefault(group if alarm.is_flood and group is not None else alarm.fact.key, []).append(alarm)
    critical = alarms.day.critical(now)
    rows = [_row(lying, critical, now) for lying in together.values()]
    return tuple(sorted(rows, key=lambda row: (row.is_seen, -row.priority, -row.fact.weight, -row.fact.at.timestamp())))


def _row(lying: list[Alarm], critical: frozenset[Key], now: datetime) -> AlarmRow:
    head = max(lying, key=lambda alarm: (*grave(alarm.fact), alarm.fact.at))
    asked = max(alarm.fact.priority for alarm in lying)
    is_critical = any(alarm.fact.key in critical and alarm.fact.priority is Priority.CRITICAL for alarm in lying)
    times = max(alarm.times for alarm in lying)
    return AlarmRow(
        head.fact,
        tuple(alarm.fact.key for alarm in lying),
        asked if asked < Priority.CRITICAL or is_critical else Priority.HIGH,
        times if times >= CHATTERS_AT else 1,
        all(alarm.is_seen for alarm in lying),
        now - head.fact.at > DAY,
    )


def shelved_rows(alarms: StandingAlarms) -> tuple[tuple[AlarmRow, datetime], ...]:
    """What is put aside and when it comes back, the next first; what was put aside together is one row."""
    together: dict[tuple[Group | Key, datetime], list[Alarm]] = {}
    for alarm, until in alarms.shelved():
        group = alarm.fact.group
        name: Group | Key = group if alarm.is_flood and group is not None else alarm.fact.key
        together.setdefault((name, until), []).append(alarm)
    return tuple((_row(lying, frozenset(), until), until) for (_, until), lying in together.items())
