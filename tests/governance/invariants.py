"""What holds after every step of an incident (domain model B.6), as one function that names what does not."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from governance.changes import CaseChanged
from governance.guards import AT_WORK, NOT_ACCEPTED
from governance.incident import (
    CLOCK_RUNS,
    TERMINAL,
    Case,
    CloseType,
    FeedbackState,
    LeadRole,
    State,
    Step,
    TimerKind,
    TimerState,
)
from governance.places import Level

ORDERED = frozenset({State.DISPATCHED, State.HANDLING})
TIMER_STATES = {
    TimerKind.T1_INTAKE: {State.REPORTED},
    TimerKind.T3_DISPATCH: {State.FILED},
    TimerKind.T4_ACK: {State.DISPATCHED},
    TimerKind.T5_ACCEPT: {State.DISPATCHED},
    TimerKind.T6_ARRIVE: {State.HANDLING},
    TimerKind.T7_RESOLVE: CLOCK_RUNS,
    TimerKind.T8_CHECK: {State.RESOLVED, State.CHECKING},
    TimerKind.T9_FEEDBACK: {State.CLOSED, State.REJECTED},
}


def folded(steps: tuple[Step, ...]) -> tuple[State, Level | None, int]:
    """State, handling level and version as the log alone tells them."""
    state, level = State.REPORTED, None
    for step in steps:
        state, level = step.to_state, step.level_after
    return state, level, len(steps)


def broken(before: Case | None, case: Case) -> list[str]:
    """The invariants that do not hold of a case that came out of another."""
    now = {
        "1/2 one live lead exactly in DISPATCHED and HANDLING": _leads(case),
        "3 no live order elsewhere": case.incident.state in ORDERED or not any(a.is_live for a in case.assignments),
        "4 oversight >= handling": case.incident.handling_level <= case.incident.oversight_level,
        "5 the clock runs exactly where it should": (case.incident.clock_since is not None)
        == (case.incident.state in CLOCK_RUNS),
        "5 due while it runs": (case.incident.due_at is not None) == (case.incident.state in CLOCK_RUNS),
        "6 closed NORMAL is not overdue": case.incident.close_type is not CloseType.NORMAL or not case.incident.overdue,
        "6 who used more than the limit is overdue": case.incident.used_s <= case.incident.limit_s or case.incident.overdue,
        "8 archived owes nothing": case.incident.state is not State.ARCHIVED or _settled(case),
        "10 steps without holes": [s.seq for s in case.steps] == list(range(1, len(case.steps) + 1)),
        "10 each from where the last led": all(b.from_state is a.to_state for a, b in pairwise(case.steps)),
        "11 the log tells the state": folded(case.steps)
        == (case.incident.state, case.incident.handling_level, case.incident.version),
        "12 checked by another": _checked_by_another(case),
        "14 one echo per report": _echoes(case),
        "clocks run only in their states": _clocks(case),
        "ids are unique": _unique(case),
    }
    return [name for name, holds in (now | _between(before, case)).items() if not holds]


def _leads(case: Case) -> bool:
    live = [a for a in case.assignments if a.is_live and a.role is LeadRole.LEAD]
    if case.incident.state not in ORDERED:
        return not live
    wanted = AT_WORK if case.incident.state is State.HANDLING else NOT_ACCEPTED
    return len(live) == 1 and live[0].state in wanted


def _settled(case: Case) -> bool:
    return all(f.state is not FeedbackState.PENDING for f in case.feedback) and all(
        s.state == "closed" for s in case.supervision
    )


def _checked_by_another(case: Case) -> bool:
    if case.incident.close_type is None:
        return True
    passed = [c for c in case.checks if c.result == "pass"]
    return bool(passed) and passed[-1].checker not in {a.worker for a in case.assignments if a.accepted_at}


def _echoes(case: Case) -> bool:
    owed = Counter((f.report, f.cycle) for f in case.feedback)
    wanted = case.incident.state in (State.CLOSED, State.ARCHIVED, State.REJECTED)
    return owed == (Counter((r.id, case.incident.cycle) for r in case.reports) if wanted else Counter())


def _clocks(case: Case) -> bool:
    running = Counter(t.kind for t in case.timers if t.state is TimerState.RUNNING)
    owed = any(f.state is FeedbackState.PENDING for f in case.feedback)
    if bool(running[TimerKind.T9_FEEDBACK]) != owed:
        return False
    if case.incident.state in TERMINAL and running.keys() - {TimerKind.T9_FEEDBACK}:
        return False
    return all(count == 1 and case.incident.state in TIMER_STATES[kind] for kind, count in running.items())


def _unique(case: Case) -> bool:
    groups = (case.reports, case.assignments, case.timers, case.checks, case.feedback, case.supervision)
    return all(len({child.id for child in group}) == len(group) for group in groups)


def _between(before: Case | None, case: Case) -> dict[str, bool]:
    """What holds between one version and the next."""
    change = CaseChanged.between(before, case)
    holds = {"a change leads there": change.applied_to(before) == case}
    if before is None:
        return holds
    old, new = before.incident, case.incident
    return holds | {
        "4 oversight never falls": new.oversight_level >= old.oversight_level,
        "5 used never falls": new.used_s >= old.used_s,
        "6 overdue is never cleared": new.overdue or not old.overdue,
        "13 reports stay": case.reports == before.reports,
        "20 discovery stays": new.discovery is old.discovery,
        "16 one version more": new.version == old.version + 1,
        "old steps stay": case.steps[:-1] == before.steps,
        "nothing leaves the end": old.state not in TERMINAL or (old.state is State.REJECTED and new.state is State.REJECTED),
        "grades only rise": all(b.grade >= a.grade for a, b in zip(before.supervision, case.supervision, strict=False)),
    }
