"""Effects on single clocks: start, stop, count a firing; the clock of the resolve limit is in governance.clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from governance.attempt import Attempt, Effect
from governance.deadline import later, limit_of, used_s
from governance.incident import Case, Timer, TimerKind, TimerState
from governance.rules import Rules

OPEN_TIMER = frozenset({TimerState.RUNNING, TimerState.PAUSED})
OF_ORDERS = frozenset({TimerKind.T4_ACK, TimerKind.T5_ACCEPT, TimerKind.T6_ARRIVE})


def started(kind: TimerKind) -> Effect:
    """Start a clock anew; one of the same kind that runs is cancelled first. Clocks of orders belong to the lead's."""

    def effect(attempt: Attempt, case: Case) -> Case:
        """Append the timer where the rules set a limit."""
        found = limit_of(case.incident, kind, attempt.rules)
        return running(attempt, case, kind, *found) if found else stopped(kind)(attempt, case)

    return effect


def running(
    attempt: Attempt, case: Case, kind: TimerKind, limit_s: float, working: bool = False, due: datetime | None = None
) -> Case:
    """The case with a clock of a kind that runs from now, in place of one that ran; due at the end of its limit, or `due`."""
    case = stopped(kind)(attempt, case)
    lead = case.lead
    timer = Timer(
        uuid5(case.incident.id, f"timer{len(case.timers) + 1}"),
        kind,
        TimerState.RUNNING,
        attempt.now,
        due or later(attempt.now, limit_s, working, attempt.rules.calendar),
        limit_s,
        assignment=lead.id if lead and kind in OF_ORDERS else None,
        working=working,
    )
    return replace(case, timers=(*case.timers, timer))


def stopped(*kinds: TimerKind) -> Effect:
    """Cancel the clocks of these kinds that run or stand."""

    def effect(attempt: Attempt, case: Case) -> Case:
        """Keep what they had counted."""
        return replace(case, timers=tuple(_cancelled(t, attempt) if t.kind in kinds else t for t in case.timers))

    return effect


def again(every: float = 1.0) -> Effect:
    """Count the firing of the clock that fired and let it run on: due again after a share of its limit."""

    def effect(attempt: Attempt, case: Case) -> Case:
        """Count it and set the next moment; nothing where an effect before has ended that clock."""
        timer = _fired(attempt, case)
        if timer is None or timer.state not in OPEN_TIMER:
            return case
        due = later(attempt.now, timer.limit_s * every, timer.working, attempt.rules.calendar)
        return with_timer(case, replace(timer, fired=timer.fired + 1, due_at=due))

    return effect


def once(attempt: Attempt, case: Case) -> Case:
    """Count the firing of the clock that fired and end it."""
    timer = _fired(attempt, case)
    if timer is None:
        return case
    counted = used_s(timer, attempt.now, attempt.rules.calendar)
    return with_timer(case, replace(timer, fired=timer.fired + 1, state=TimerState.FIRED, consumed_s=counted))


def hastened(*kinds: TimerKind) -> Effect:
    """Clocks that run go on under the limits now in force, where those are shorter: an emergency hurries."""

    def effect(attempt: Attempt, case: Case) -> Case:
        """Count what was used; where more than the new limit was, it is due now."""
        for timer in case.timers:
            if timer.kind in kinds and timer.state is TimerState.RUNNING:
                case = with_timer(case, _under(attempt.rules, case, timer, attempt.now))
        return case

    return effect


def _under(rules: Rules, case: Case, timer: Timer, now: datetime) -> Timer:
    """A running timer under the limit now in force."""
    found = limit_of(case.incident, timer.kind, rules)
    if found is None or timer.due_at is None:
        return timer
    limit_s, working = found
    counted = used_s(timer, now, rules.calendar)
    left_s = limit_s if timer.fired else max(limit_s - counted, 0.0)  # one that rang has a further period to run
    due = later(now, left_s, working, rules.calendar)
    if due >= timer.due_at:
        return timer
    return replace(timer, limit_s=limit_s, working=working, due_at=due, started_at=now, consumed_s=counted)


def timer_of(case: Case, kind: TimerKind) -> Timer | None:
    """The running clock of a kind, if any."""
    return next((t for t in reversed(case.timers) if t.kind is kind and t.state is TimerState.RUNNING), None)


def due_timers(case: Case, now: datetime) -> tuple[UUID, ...]:
    """Ids of the clocks that have run out, the earliest first."""
    due = [(t.due_at, t.id) for t in case.timers if t.state is TimerState.RUNNING and t.due_at and t.due_at <= now]
    return tuple(timer for _, timer in sorted(due))


def with_timer(case: Case, timer: Timer) -> Case:
    """The case with one timer replaced."""
    return replace(case, timers=tuple(timer if t.id == timer.id else t for t in case.timers))


def _fired(attempt: Attempt, case: Case) -> Timer | None:
    """The clock that fired, as the case has it now."""
    return next((t for t in case.timers if attempt.timer and t.id == attempt.timer.id), None)


def _cancelled(timer: Timer, attempt: Attempt) -> Timer:
    """The timer, ended where it was open."""
    if timer.state not in OPEN_TIMER:
        return timer
    counted = used_s(timer, attempt.now, attempt.rules.calendar)
    return replace(timer, state=TimerState.CANCELLED, consumed_s=counted, due_at=None)
