"""When a thing is due: pure functions of start, limit, unit and calendar; now is an argument."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone

from governance.categories import Limit, Stage, TimeUnit
from governance.incident import Case, Incident, State, Timer, TimerKind, TimerState, Urgency
from governance.rules import Calendar, Rules, Spans

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""No summer time since 1991; no incident is older."""

HORIZON_DAYS = 4000
WARN_AT = (0.5, 0.8)
"""Shares of the resolve limit at which officers are warned (B.4, T7)."""

STAGE_OF = {
    TimerKind.T1_INTAKE: Stage.INTAKE,
    TimerKind.T2_VERIFY: Stage.VERIFY,
    TimerKind.T3_DISPATCH: Stage.DISPATCH,
    TimerKind.T4_ACK: Stage.ACK,
    TimerKind.T5_ACCEPT: Stage.ACCEPT,
    TimerKind.T6_ARRIVE: Stage.ARRIVE,
    TimerKind.T7_RESOLVE: Stage.RESOLVE,
    TimerKind.T8_CHECK: Stage.CHECK,
    TimerKind.T9_FEEDBACK: Stage.FEEDBACK,
    TimerKind.T12_BACKFILL: Stage.BACKFILL,
    TimerKind.T13_APPROVAL: Stage.APPROVAL,
    TimerKind.T14_REPORT: Stage.REPORT_FIRST,
}
"""T10 and T11 have no limit of a stage: the grade of an order and the date of a suspension say when."""

_CONTINUOUS_S = {
    TimeUnit.SECOND: 1.0,
    TimeUnit.MINUTE: 60.0,
    TimeUnit.URGENT_HOUR: 3600.0,
    TimeUnit.NATURAL_DAY: 86400.0,
}


def is_working_time(unit: TimeUnit) -> bool:
    """Whether a unit counts working hours only."""
    return unit not in _CONTINUOUS_S


def seconds_of(amount: float, unit: TimeUnit, calendar: Calendar) -> float:
    """Seconds of a limit: of the clock, or of working time where the unit is one of working time."""
    if unit in _CONTINUOUS_S:
        return amount * _CONTINUOUS_S[unit]
    if unit is TimeUnit.WORK_HOUR:
        return amount * 3600.0
    return amount * sum(_span_s(start, end) for start, end in calendar.hours)


def due_at(start: datetime, amount: float, unit: TimeUnit, calendar: Calendar) -> datetime:
    """The moment a limit that starts now runs out, in UTC."""
    return later(start, seconds_of(amount, unit, calendar), is_working_time(unit), calendar)


def later(start: datetime, seconds: float, working: bool, calendar: Calendar) -> datetime:
    """The moment so many seconds, or working seconds, after a start; UTC. ValueError beyond eleven years of calendar."""
    if not working:
        return (start + timedelta(seconds=seconds)).astimezone(UTC)
    left = timedelta(seconds=max(seconds, 0.0))
    for opens, closes in _shifts(start, calendar):
        if closes <= start:
            continue
        begin = max(opens, start.astimezone(CHINA))
        if closes - begin >= left:
            return (begin + left).astimezone(UTC)
        left -= closes - begin
    raise ValueError(f"no end of {seconds} working seconds in {HORIZON_DAYS} days")


def elapsed_s(start: datetime, end: datetime, working: bool, calendar: Calendar) -> float:
    """Seconds, or working seconds, between two moments; 0 where the end lies before the start."""
    if end <= start:
        return 0.0
    if not working:
        return (end - start).total_seconds()
    total = timedelta()
    for opens, closes in _shifts(start, calendar):
        if opens >= end:
            break
        total += max(min(closes, end) - max(opens, start), timedelta())
    return total.total_seconds()


def used_s(timer: Timer, now: datetime, calendar: Calendar) -> float:
    """Seconds a timer has counted, in its own kind of time, without its pauses."""
    if timer.state is not TimerState.RUNNING:
        return timer.consumed_s
    return timer.consumed_s + elapsed_s(timer.started_at, now, timer.working, calendar)


def clock_of(case: Case) -> Timer | None:
    """The resolve clock (T7) of a case, its newest where it was reopened."""
    return next((t for t in reversed(case.timers) if t.kind is TimerKind.T7_RESOLVE), None)


def remaining_s(case: Case, now: datetime, calendar: Calendar) -> float | None:
    """Seconds left on the resolve clock, negative when overdue; None before it was started."""
    clock = clock_of(case)
    return None if clock is None else clock.limit_s - used_s(clock, now, calendar)


def warnings(case: Case, now: datetime, calendar: Calendar) -> int:
    """How many of WARN_AT the resolve clock has passed: 0 to 2; 0 too where it stands, or once the limit is used up."""
    clock = clock_of(case)
    if clock is None or clock.state is not TimerState.RUNNING or case.incident.overdue:
        return 0
    used = used_s(clock, now, calendar)
    return sum(used >= share * clock.limit_s for share in WARN_AT) if used < clock.limit_s else 0


def is_overdue(case: Case, now: datetime, calendar: Calendar) -> bool:
    """Whether the limit is used up, or was within this cycle."""
    left = remaining_s(case, now, calendar)
    return case.incident.overdue or (left is not None and left < 0)


def limit_for(limits: Iterable[Limit], category: str, area: str, urgency: Urgency, stage: Stage) -> Limit | None:
    """The limit in force: leaf with area (the longest code first), then leaf, then root, then global; None without one."""
    fits = [
        limit
        for limit in limits
        if limit.stage is stage
        and limit.urgency == urgency
        and limit.category in ("", category, category[:2])
        and area.startswith(limit.area)
    ]
    return max(fits, key=lambda limit: (len(limit.category), len(limit.area)), default=None)


def limit_of(incident: Incident, kind: TimerKind, rules: Rules) -> tuple[float, bool] | None:
    """Seconds of the limit in force and whether they are working time; None where the rules set none."""
    stage = STAGE_OF.get(kind)
    return limit_of_stage(incident, stage, rules) if stage else None


def limit_of_stage(incident: Incident, stage: Stage, rules: Rules) -> tuple[float, bool] | None:
    """The same for a stage, of which an emergency's report has three."""
    urgency = Urgency.IMMEDIATE if incident.mode == "direct" else incident.urgency
    limit = limit_for(limits_of(incident, rules), incident.category, incident.grid, urgency, stage)
    if limit is None:
        return None
    return seconds_of(limit.amount, limit.unit, rules.calendar), is_working_time(limit.unit)


def limits_of(incident: Incident, rules: Rules) -> tuple[Limit, ...]:
    """The limits that count for an incident: those in force when this cycle of it was filed, whatever came later."""
    filed_at = incident.filed_at
    if filed_at is None:
        return rules.limits
    return next((former.limits for former in rules.former_limits if filed_at < former.until), rules.limits)


def is_late(case: Case, now: datetime) -> bool:
    """Whether a limit was missed that is still being waited for, or the resolve limit within this cycle.

    Any clock that runs counts: intake, dispatch, acknowledgement, acceptance, arrival, resolution, check and feedback. One
    that fired was started again by its own firing, so that its next moment says nothing; one that is due is late before
    anybody looked at it.
    """
    return case.incident.overdue or any(_is_missed(timer, now) for timer in case.timers)


def has_missed(case: Case) -> bool:
    """Whether a clock rang that still runs, or the resolve limit was missed in this cycle: late, without asking the time."""
    return case.incident.overdue or any(t.state is TimerState.RUNNING and t.fired > 0 for t in case.timers)


def late_since(case: Case, now: datetime, calendar: Calendar) -> datetime | None:
    """The moment, UTC, the earliest of the missed limits ran out; None where nothing is late.

    Where the resolve clock stands or was resumed past its limit, the moment that was put down in the log.
    """
    missed = [timer for timer in case.timers if _is_missed(timer, now)]
    since = [later(t.started_at, left_s, t.working, calendar) for t in missed if (left_s := t.limit_s - t.consumed_s) >= 0]
    if case.incident.overdue and not any(t.kind is TimerKind.T7_RESOLVE and t.consumed_s <= t.limit_s for t in missed):
        since += [_found_overdue_at(case)]
    return min(since, default=None)


def _found_overdue_at(case: Case) -> datetime:
    """When it came to light that the resolve limit was used up: the clock rang (E38), or it was completed after that (E27)."""
    rang = [step.at for step in case.steps if step.row == "E38"]
    completed = [step.at for step in case.steps if step.to_state is State.RESOLVED]
    return (rang[:1] or completed[:1] or [case.incident.reported_at])[0]


def _is_missed(timer: Timer, now: datetime) -> bool:
    """Whether a clock runs past its limit."""
    has_run_out = timer.due_at is not None and timer.due_at <= now
    return timer.state is TimerState.RUNNING and (timer.fired > 0 or has_run_out)


def hours_of(day: date, calendar: Calendar) -> Spans:
    """When people work on a day: its own hours, those of every day, or none; a day nobody named follows its weekday."""
    if not _is_work_day(day, calendar):
        return ()
    return dict(calendar.day_hours).get(day, calendar.hours)


def _span_s(start: time, end: time) -> float:
    """Seconds from one time to the next of another, at most a day."""
    opens, closes = _span(date(2000, 1, 1), start, end)
    return (closes - opens).total_seconds()


def _span(day: date, start: time, end: time) -> tuple[datetime, datetime]:
    """A span of a day; one that ends no later than it starts ends on the next day."""
    last = day if end > start else day + timedelta(days=1)
    return datetime.combine(day, start, CHINA), datetime.combine(last, end, CHINA)


def _is_work_day(day: date, calendar: Calendar) -> bool:
    """Whether people work on a day."""
    if day in calendar.makeup_days:
        return True
    return day.weekday() < 5 and day not in calendar.rest_days


def _shifts(start: datetime, calendar: Calendar) -> Iterable[tuple[datetime, datetime]]:
    """Working spans from the night before a moment on, in order, no moment in two of them."""
    first = start.astimezone(CHINA).date() - timedelta(days=1)
    own = dict(calendar.day_hours)
    worked_until = datetime.combine(first, time(), CHINA)
    for ordinal in range(HORIZON_DAYS):
        day = first + timedelta(days=ordinal)
        if not _is_work_day(day, calendar):
            continue
        for span in sorted(own.get(day, calendar.hours)):
            opens, closes = _span(day, *span)
            if closes > worked_until:
                yield max(opens, worked_until), closes
                worked_until = closes
