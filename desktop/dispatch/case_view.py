"""What the board, the card and the map show of a case: its clock, its mark, who is on it; plain."""

from __future__ import annotations

from datetime import datetime

from desktop.phrases import time_left
from desktop.style.marks import SEVERITY_MARKS, Mark
from desktop.words import Words
from governance.deadline import clock_of, has_missed, late_since, used_s, warnings
from governance.incident import TERMINAL, Assignment, AssignmentState, Case, State, Timer, TimerKind, TimerState
from governance.rules import Calendar

ON_SCENE = frozenset({AssignmentState.ARRIVED, AssignmentState.DONE})


def running(case: Case) -> list[Timer]:
    """The clocks that run, the next to ring first."""
    timers = [t for t in case.timers if t.state is TimerState.RUNNING and t.due_at is not None]
    return sorted(timers, key=lambda timer: timer.due_at.timestamp() if timer.due_at else 0.0)


def due_at(case: Case) -> datetime | None:
    """When the next clock rings, whichever it is; None where none runs."""
    timers = running(case)
    rings = [at for at in (case.incident.due_at, timers[0].due_at if timers else None) if at is not None]
    return min(rings, default=None)


def due_stage(case: Case) -> TimerKind | None:
    """The stage whose clock rang or rings next, where it is not the whole handling's."""
    timers, whole = running(case), case.incident.due_at
    rang = next((timer for timer in timers if timer.fired), None)
    if rang is not None and not case.incident.overdue:
        return None if rang.kind is TimerKind.T7_RESOLVE else rang.kind
    if not timers or timers[0].kind is TimerKind.T7_RESOLVE:
        return None
    return timers[0].kind if whole is None or timers[0].due_at == due_at(case) else None


def remaining_s(case: Case, now: datetime, calendar: Calendar) -> float | None:
    """Seconds of the clock on the wall until the one that matters rings, negative since it first rang; None where none runs."""
    due = late_since(case, now, calendar) if has_missed(case) and not case.incident.overdue else due_at(case)
    return None if due is None else (due - now).total_seconds()


def is_due(case: Case, now: datetime, calendar: Calendar) -> bool:
    """Whether its time is up by the server's time, while the change that says so has not come yet."""
    left_s = remaining_s(case, now, calendar)
    return left_s is not None and left_s < 0 and not has_missed(case)


def share_used(case: Case, now: datetime, calendar: Calendar) -> float:
    """How much of its own kind of time the clock that rings next has used, 0 to 2: of working hours where it counts these."""
    stage = due_stage(case)
    clock = clock_of(case) if stage is None else next(timer for timer in running(case) if timer.kind is stage)
    if clock is None or clock.limit_s <= 0:
        return 0.0
    return min(2.0, max(0.0, used_s(clock, now, calendar) / clock.limit_s))


def left_said(words: Words, case: Case, now: datetime, calendar: Calendar) -> str:
    """剩3小时, 超时 2小时, or 暂停 where its clock stands; empty once nothing is to be done about it any more."""
    left_s = remaining_s(case, now, calendar)
    if left_s is None and case.incident.state in TERMINAL:
        return ""
    return time_left(words, left_s, case.incident.overdue)


def time_said(words: Words, case: Case, now: datetime, calendar: Calendar, is_short: bool = False) -> str:
    """How long until the next clock rings: of a stage 派遣 剩1分, of the handling 过半 剩3小时 or 将超时 剩20分.

    In short the stage and the first warning go without saying.
    """
    stage = due_stage(case)
    told = left_said(words, case, now, calendar)
    if stage is not None:
        return told if is_short else f"{words(f'stage.{stage}')} {told}"
    warned = warning_said(words, case, now, calendar)
    return f"{warned} {told}" if warned and not (is_short and warnings(case, now, calendar) == 1) else told


def warning_said(words: Words, case: Case, now: datetime, calendar: Calendar) -> str:
    """过半 or 将超时 of the limit of the handling; empty before, and once it is over."""
    count = warnings(case, now, calendar)
    return words(f"warning.{count}") if count else ""


def severity_mark(case: Case) -> Mark:
    """The shape of the severity."""
    return SEVERITY_MARKS[int(case.incident.severity)]


def state_mark(case: Case) -> Mark:
    """The shape of how far the handling is."""
    state = case.incident.state
    if state is State.HANDLING:
        lead = case.lead
        return Mark.FULL if lead is not None and lead.state in ON_SCENE else Mark.HALF
    if state in (State.RESOLVED, State.CHECKING):
        return Mark.SQUARE
    if state is State.CLOSED or state in TERMINAL:
        return Mark.CHECKED
    return Mark.RING


def handler(case: Case) -> Assignment | None:
    """The live lead, else the last lead there was in this cycle."""
    if case.lead is not None:
        return case.lead
    done = [a for a in case.assignments if a.cycle == case.incident.cycle and a.state is AssignmentState.DONE]
    return done[-1] if done else None


def state_text(words: Words, case: Case) -> str:
    """Where the case stands and with whom: 待接单 · 陈伟, 已到场 · 陈伟, 待派遣."""
    state = case.incident.state
    lead = handler(case)
    if lead is None or state not in (State.DISPATCHED, State.HANDLING, State.RESOLVED, State.CHECKING):
        return words(f"state.{state}")
    said = words(f"task.{lead.state}") if state is State.HANDLING else words(f"state.{state}")
    return words("sep").join((said, lead.worker_name)) if lead.worker_name else said
