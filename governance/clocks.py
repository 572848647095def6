"""Effects on the clocks of a case: start, stop, pause, resume, fire again (domain model B.4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from governance.attempt import Attempt, Effect
from governance.deadline import clock_of, later, limit_of, used_s
from governance.effects import marked_overdue, oversight_raised, supervised
from governance.incident import Case, SupervisionGrade, Timer, TimerKind, TimerState

OPEN_TIMER = frozenset({TimerState.RUNNING, TimerState.PAUSED})
OVERDUE_REPEATS = 0.5
"""T7 fires again with every further half of the limit (E38)."""


def started(kind: TimerKind) -> Effect:
    """Start a clock anew; one of the same kind that runs is cancelled first. Clocks of orders belong to the lead's."""

    def effect(attempt: Attempt, case: Case) -> Case:
        """Append the timer where the rules set a limit."""
        case = stopped(kind)(attempt, case)
        found = limit_of(case.incident, kind, attempt.rules)
        if found is None:
            return case
        limit_s, working = found
        due = later(attempt.now, limit_s, working, attempt.rules.calendar)
        lead = case.lead
        timer = Timer(
            uuid5(case.incident.id, f"timer{len(case.timers) + 1}"),
            kind,
            TimerState.RUNNING,
            attempt.now,
            due,
            limit_s,
            assignment=lead.id if lead and kind in (TimerKind.T4_ACK, TimerKind.T5_ACCEPT, TimerKind.T6_ARRIVE) else None,
            working=working,
        )
        return replace(case, timers=(*case.timers, timer))

    return effect


def stopped(*kinds: TimerKind) -> Effect:
    """Cancel the clocks of these kinds that run or stand."""

    def effect(attempt: Attempt, case: Case) -> Case:
        """Keep what they had counted."""
        return replace(case, timers=tuple(_cancelled(t, attempt) if t.kind in kinds else t for t in case.timers))

    return effect


def again(every: float = 1.0) -> Effect:
    """Count the firing of the clock that fired and let it run on: due again after a share of its limit."""

    def effect(attempt: Attempt, case: Case) -> Case:
        """Count it and set the next moment."""
        timer = attempt.timer
        if timer is None:
            return case
        due = later(attempt.now, timer.limit_s * every, timer.working, attempt.rules.calendar)
        return _with(case, replace(timer, fired=timer.fired + 1, due_at=due))

    return effect


def once(attempt: Attempt, case: Case) -> Case:
    """Count the firing of the clock that fired and end it."""
    timer = attempt.timer
    if timer is None:
        return case
    counted = used_s(timer, attempt.now, attempt.rules.calendar)
    return _with(case, replace(timer, fired=timer.fired + 1, state=TimerState.FIRED, consumed_s=counted))


def resolve_clock_started(attempt: Attempt, case: Case) -> Case:
    """Freeze the resolve limit on the incident and start T7."""
    case = started(TimerKind.T7_RESOLVE)(attempt, case)
    clock = clock_of(case)
    if clock is None:
        return case
    incident = replace(case.incident, limit_s=clock.limit_s, used_s=0.0, clock_since=attempt.now, due_at=clock.due_at)
    return replace(case, incident=incident)


def resolve_clock_paused(attempt: Attempt, case: Case) -> Case:
    """Stop counting; what was used stays. A limit used up by then is overdue, whether or not anybody had looked."""
    clock = clock_of(case)
    if clock is None or clock.state is not TimerState.RUNNING:
        return case
    counted = used_s(clock, attempt.now, attempt.rules.calendar)
    if counted >= clock.limit_s and (not case.incident.overdue or _has_run_out(clock, attempt.now)):
        case, clock = _rung_late(attempt, case), replace(clock, fired=max(clock.fired, _rings(clock, counted)))
    case = _with(case, replace(clock, state=TimerState.PAUSED, consumed_s=counted, due_at=None))
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
    running = replace(clock, state=TimerState.RUNNING, started_at=attempt.now, due_at=fires_at)
    due = later(attempt.now, left_s, clock.working, calendar) if left_s >= 0 else _past(attempt.now, left_s)
    return replace(_with(case, running), incident=replace(case.incident, clock_since=attempt.now, due_at=due))


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


def _cancelled(timer: Timer, attempt: Attempt) -> Timer:
    """The timer, ended where it was open."""
    if timer.state not in OPEN_TIMER:
        return timer
    counted = used_s(timer, attempt.now, attempt.rules.calendar)
    return replace(timer, state=TimerState.CANCELLED, consumed_s=counted, due_at=None)


def _with(case: Case, timer: Timer) -> Case:
    """The case with one timer replaced."""
    return replace(case, timers=tuple(timer if t.id == timer.id else t for t in case.timers))


def timer_of(case: Case, kind: TimerKind) -> Timer | None:
    """The running clock of a kind, if any."""
    return next((t for t in reversed(case.timers) if t.kind is kind and t.state is TimerState.RUNNING), None)


def due_timers(case: Case, now: datetime) -> tuple[UUID, ...]:
    """Ids of the clocks that have run out, the earliest first."""
    due = [(t.due_at, t.id) for t in case.timers if t.state is TimerState.RUNNING and t.due_at and t.due_at <= now]
    return tuple(timer for _, timer in sorted(due))
