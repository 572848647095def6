"""Effects on the clock of the resolve limit (T7): it runs, stands, goes on, and tells the incident when it is due.

Single clocks of other kinds are in governance.timers (domain model B.4).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from governance.attempt import Attempt, Effect
from governance.deadline import clock_of, later, limit_of, used_s
from governance.effects import marked_overdue, oversight_raised
from governance.incident import Approval, Case, SupervisionGrade, Timer, TimerKind, TimerState
from governance.supervising import supervised
from governance.timers import (
    OPEN_TIMER,
    again,
    due_timers,
    hastened,
    once,
    running,
    started,
    stopped,
    timer_of,
    with_timer,
)

__all__ = [
    "OPEN_TIMER",
    "OVERDUE_REPEATS",
    "again",
    "all_clocks_stopped",
    "due_timers",
    "hastened",
    "once",
    "resolve_clock_ended",
    "resolve_clock_extended",
    "resolve_clock_hastened",
    "resolve_clock_paused",
    "resolve_clock_resumed",
    "resolve_clock_started",
    "started",
    "stopped",
    "timer_of",
]

OVERDUE_REPEATS = 0.5
"""T7 fires again with every further half of the limit (E38)."""


def resolve_clock_started(attempt: Attempt, case: Case) -> Case:
    """Freeze the resolve limit on the incident and start T7; what was used in this cycle already stays used."""
    found = limit_of(case.incident, TimerKind.T7_RESOLVE, attempt.rules)
    if found is None:
        return stopped(TimerKind.T7_RESOLVE)(attempt, case)
    return resolve_clock_under(attempt, case, *found)


def resolve_clock_under(attempt: Attempt, case: Case, limit_s: float, working: bool) -> Case:
    """T7 runs under this limit, with what was used in this cycle."""
    used, calendar = case.incident.used_s, attempt.rules.calendar
    case = running(attempt, case, TimerKind.T7_RESOLVE, limit_s, working)
    clock = case.timers[-1]
    due = later(attempt.now, limit_s - used, working, calendar) if used < limit_s else _past(attempt.now, limit_s - used)
    case = with_timer(case, replace(clock, consumed_s=used, due_at=max(due, attempt.now)))
    incident = replace(case.incident, limit_s=limit_s, clock_since=attempt.now, due_at=due, deadline=due)
    return replace(case, incident=incident)


def resolve_clock_extended(asked: Approval) -> Effect:
    """The limit is longer by what was asked for; what is overdue already stays overdue (E32)."""

    def effect(attempt: Attempt, case: Case) -> Case:
        """Count on under the longer limit."""
        clock = clock_of(case)
        if clock is None or clock.state is not TimerState.RUNNING:
            return case
        return _counted_on(attempt, case, replace(clock, limit_s=clock.limit_s + asked.extend_s))

    return effect


def resolve_clock_hastened(attempt: Attempt, case: Case) -> Case:
    """The limit of an emergency takes the place of a longer one; a clock that stands goes on under it later."""
    clock, found = clock_of(case), limit_of(case.incident, TimerKind.T7_RESOLVE, attempt.rules)
    if clock is None or found is None or clock.state not in OPEN_TIMER:
        return case
    limit_s, working = found
    if working is clock.working and limit_s >= clock.limit_s:
        return case
    if clock.state is TimerState.PAUSED:
        limit_s = max(limit_s, min(clock.limit_s, clock.consumed_s))  # nothing done under the longer limit becomes late by it
        case = with_timer(case, replace(clock, limit_s=limit_s, working=working))
        return replace(case, incident=replace(case.incident, limit_s=limit_s))
    counted = used_s(clock, attempt.now, attempt.rules.calendar)
    shorter = replace(clock, limit_s=limit_s, working=working, consumed_s=counted, started_at=attempt.now)
    return _counted_on(attempt, case, shorter)


def _counted_on(attempt: Attempt, case: Case, clock: Timer) -> Case:
    """The running clock under another limit, and the incident due by it."""
    counted, calendar = used_s(clock, attempt.now, attempt.rules.calendar), attempt.rules.calendar
    left_s = clock.limit_s - counted
    to_next_s = max(left_s + OVERDUE_REPEATS * clock.fired * clock.limit_s, 0.0)
    clock = replace(
        clock, consumed_s=counted, started_at=attempt.now, due_at=later(attempt.now, to_next_s, clock.working, calendar)
    )
    due = later(attempt.now, left_s, clock.working, calendar) if left_s >= 0 else _past(attempt.now, left_s)
    incident = replace(case.incident, limit_s=clock.limit_s, used_s=counted, clock_since=attempt.now, due_at=due, deadline=due)
    return replace(with_timer(case, clock), incident=incident)


def resolve_clock_paused(attempt: Attempt, case: Case) -> Case:
    """Stop counting; what was used stays. A limit used up by then is overdue, whether or not anybody had looked."""
    clock = clock_of(case)
    if clock is None or clock.state is not TimerState.RUNNING:
        return case
    counted = used_s(clock, attempt.now, attempt.rules.calendar)
    if counted >= clock.limit_s and (not case.incident.overdue or _has_run_out(clock, attempt.now)):
        case, clock = _rung_late(attempt, case), replace(clock, fired=max(clock.fired, _rings(clock, counted)))
    case = with_timer(case, replace(clock, state=TimerState.PAUSED, consumed_s=counted, due_at=None))
    return replace(case, incident=replace(case.incident, used_s=counted, clock_since=None, due_at=None))


def resolve_clock_resumed(attempt: Attempt, case: Case) -> Case:
    """Count on from what was used; a limit never starts afresh within a cycle."""
    clock = clock_of(case)
    if clock is None or clock.state is not TimerState.PAUSED:
        return case
    calendar = attempt.rules.calendar
    left_s = clock.limit_s - clock.consumed_s
    to_next_s = max(left_s + OVERDUE_REPEATS * clock.fired * clock.limit_s, 0.0)
    fires_at = later(attempt.now, to_next_s, clock.working, calendar)
    going = replace(clock, state=TimerState.RUNNING, started_at=attempt.now, due_at=fires_at)
    due = later(attempt.now, left_s, clock.working, calendar) if left_s >= 0 else _past(attempt.now, left_s)
    incident = replace(case.incident, clock_since=attempt.now, due_at=due, deadline=due)
    return replace(with_timer(case, going), incident=incident)


def resolve_clock_ended(attempt: Attempt, case: Case) -> Case:
    """The cycle is over: the clock is cancelled with what it had counted."""
    case = resolve_clock_paused(attempt, case)
    return stopped(TimerKind.T7_RESOLVE)(attempt, case)


def all_clocks_stopped(attempt: Attempt, case: Case) -> Case:
    """Nothing runs any more."""
    return stopped(*TimerKind)(attempt, resolve_clock_ended(attempt, case))


def _has_run_out(timer: Timer, now: datetime) -> bool:
    """Whether a running clock is due to fire."""
    return timer.due_at is not None and timer.due_at <= now


def _rings(clock: Timer, counted_s: float) -> int:
    """How often a resolve clock rings until it has counted so far: at its limit and with every further half of it."""
    if clock.limit_s <= 0:
        return clock.fired + 1
    return 1 + int((counted_s - clock.limit_s) / (OVERDUE_REPEATS * clock.limit_s))


def _rung_late(attempt: Attempt, case: Case) -> Case:
    """What E38 would have done, had the clocks been looked at in time."""
    for effect in (marked_overdue, oversight_raised("T7"), supervised(SupervisionGrade.RED, "overdue")):
        case = effect(attempt, case)
    return case


def _past(now: datetime, left_s: float) -> datetime:
    """The moment in the past at which it would have been due, on the wall clock."""
    return (now + timedelta(seconds=left_s)).astimezone(UTC)
