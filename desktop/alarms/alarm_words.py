"""What an alarm is called, where it is and how old it is, in the officer's language; plain."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from desktop.alarms.kinds import AlarmKind, Priority
from desktop.alarms.rows import AlarmRow
from desktop.alarms.staffing import bare_grids, where_nobody_is, whom_to_call
from desktop.phrases import ago, category_name, clock_text, title_of

if TYPE_CHECKING:
    from desktop.seat import Seat


def said(seat: Seat, row: AlarmRow) -> str:
    """What happened, in one line: 急件 燃气泄漏; of a flood the category and how many."""
    words, fact = seat.words, row.fact
    kind = words(f"alarm.kind.{fact.kind}")
    if fact.kind is AlarmKind.LINK:
        return words("alarm.link", since=clock_text(fact.at))
    if fact.kind is AlarmKind.UNSTAFFED and (grids := bare_grids(seat)):
        return words("alarm.unstaffed", count=len(grids), units=whom_to_call(seat, grids))
    case = seat.situation.cases.get(fact.incident) if fact.incident is not None else None
    if row.count > 1:
        name = category_name(words, seat.situation.rules, fact.category)
        return words("alarm.group", kind=kind, what=name, count=row.count)
    return words("alarm.one", kind=kind, what=title_of(words, seat.situation.rules, case)) if case is not None else kind


def placed(seat: Seat, row: AlarmRow) -> str:
    """Where it is: the community of a flood, the grid and address of a single one; empty where it is no place's."""
    fact = row.fact
    if fact.kind is AlarmKind.UNSTAFFED:
        return where_nobody_is(seat, bare_grids(seat))
    case = seat.situation.cases.get(fact.incident) if fact.incident is not None else None
    if row.count > 1 or case is None:
        return seat.area_names.get(fact.place, fact.place)
    return seat.place_short(case.incident.grid, case.incident.place_text)


def aged(seat: Seat, row: AlarmRow, now: datetime) -> str:
    """How long it has stood, with 陈旧 where that is more than a day, and how often it came where it chatters."""
    words = seat.words
    age = ago(words, row.fact.at, now)
    parts = [words("alarm.times", times=row.times)] if row.times > 1 else []
    return words("sep").join([*parts, words("alarm.stale", age=age) if row.is_stale else age])


def priority_word(seat: Seat, priority: Priority) -> str:
    """危急, 重要 or 一般."""
    return seat.words(f"alarm.priority.{int(priority)}")
