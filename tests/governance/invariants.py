"""What holds of an incident after every step (domain model B.6), as functions that name what does not."""

from __future__ import annotations

from collections import Counter

from governance.attempt import handlers_of
from governance.changes import CaseChanged
from governance.guards import AT_WORK, NOT_ACCEPTED
from governance.incident import (
    CLOCK_RUNS,
    TERMINAL,
    ApprovalKind,
    ApprovalState,
    Case,
    CloseType,
    FeedbackState,
    Incident,
    LeadRole,
    State,
    TimerKind,
    TimerState,
)
from governance.people import Role
from governance.watching import gravity

ORDERED = frozenset({State.DISPATCHED, State.HANDLING})
ENDED = frozenset({State.CLOSED, State.ARCHIVED, State.REJECTED, State.TRANSFERRED, State.VOIDED})
"""Where everybody who reported is owed an echo, or has had it."""
ENDS = ENDED - {State.ARCHIVED}
OPEN = frozenset(State) - TERMINAL
SHIFT_LEADS_NAMED = (Role.SHIFT_LEAD.value, "second lead", "chen")
"""What the shift leads of tests.governance.chance are called."""
TIMER_STATES = {
    TimerKind.T1_INTAKE: {State.REPORTED},
    TimerKind.T2_VERIFY: {State.VERIFYING},
    TimerKind.T3_DISPATCH: {State.FILED},
    TimerKind.T4_ACK: {State.DISPATCHED},
    TimerKind.T5_ACCEPT: {State.DISPATCHED},
    TimerKind.T6_ARRIVE: {State.HANDLING},
    TimerKind.T7_RESOLVE: CLOCK_RUNS,
    TimerKind.T8_CHECK: {State.RESOLVED, State.CHECKING},
    TimerKind.T9_FEEDBACK: ENDS,
    TimerKind.T10_SUPERVISION: OPEN | ENDS,
    TimerKind.T11_SUSPENSION: {State.SUSPENDED},
    TimerKind.T12_BACKFILL: OPEN,
    TimerKind.T13_APPROVAL: CLOCK_RUNS | {State.ARCHIVED},
    TimerKind.T14_REPORT: OPEN,
}
PENDING_IN = {kind: frozenset({State.ARCHIVED}) if kind is ApprovalKind.REOPEN else CLOCK_RUNS for kind in ApprovalKind}
TWO_SIGN = {ApprovalKind.CLOSE_SPECIAL, ApprovalKind.VOID, ApprovalKind.REOPEN}


def broken(before: Case | None, case: Case) -> list[str]:
    """The invariants that do not hold of a case that came out of another."""
    now = case.incident
    holds = {
        "1/2 one live lead exactly in DISPATCHED and HANDLING, and where it was suspended from there": _leads(case),
        "3 nobody assists but where somebody leads": _assists(case),
        "4 1 <= handling <= oversight <= 4": 1 <= now.handling_level <= now.oversight_level <= 4,
        "5 the clock runs exactly where it should": (now.clock_since is not None) == (now.state in CLOCK_RUNS),
        "5 due while it runs": (now.due_at is not None) == (now.state in CLOCK_RUNS),
        "6 closed NORMAL is not overdue": now.close_type is not CloseType.NORMAL or not now.overdue,
        "6 who used more than the limit is overdue": now.used_s <= now.limit_s
        or now.overdue
        or now.state in CLOCK_RUNS | {State.REPORTED, State.VERIFYING, State.MERGED},
        "7 suspended until a date, from somewhere": _suspended(now),
        "8 archived owes nothing": now.state is not State.ARCHIVED or _settled(case),
        "9 one request waits, where it has sense": _requests(case),
        "9 who decides did not ask": _decided_by_others(case),
        "12 checked by another": _checked_by_another(case),
        "D.1 handler, checker and approver differ": _apart(case),
        "14 one echo for every report and cycle": _echoes(case),
        "clocks run only in their states": _clocks(case),
        "back-filling is owed as long as its clock runs": _backfill(case),
        "one supervision order is open, and says so": _supervision(case),
        "ids are unique": _unique(case),
    }
    return [name for name, does in holds.items() if not does] + _between(before, case)


def _leads(case: Case) -> bool:
    live = [a for a in case.assignments if a.is_live and a.role is LeadRole.LEAD]
    state = case.incident.suspended_from if case.incident.state is State.SUSPENDED else case.incident.state
    if state not in ORDERED:
        return not live
    wanted = AT_WORK if state is State.HANDLING else NOT_ACCEPTED
    return len(live) == 1 and live[0].state in wanted


def _assists(case: Case) -> bool:
    return case.lead is not None or not any(a.is_live for a in case.assignments)


def _suspended(incident: Incident) -> bool:
    said = (incident.suspended_from, incident.suspended_until, incident.suspended_kind or None)
    if incident.state is not State.SUSPENDED:
        return said == (None, None, None)
    return None not in said and incident.suspended_from in (State.FILED, State.HANDLING)


def _settled(case: Case) -> bool:
    return (
        all(f.state is not FeedbackState.PENDING for f in case.feedback)
        and all(s.state == "closed" for s in case.supervision)
        and not case.incident.backfill_owed
    )


def _requests(case: Case) -> bool:
    pending = [a for a in case.approvals if a.state is ApprovalState.PENDING]
    rings = sum(t.kind is TimerKind.T13_APPROVAL and t.state is TimerState.RUNNING for t in case.timers)
    return len(pending) <= 1 and rings == len(pending) and all(case.incident.state in PENDING_IN[a.kind] for a in pending)


def _decided_by_others(case: Case) -> bool:
    for asked in case.approvals:
        if asked.state is not ApprovalState.GRANTED:
            continue
        signers = [asked.decided_by] + ([asked.first_by] if asked.kind in TWO_SIGN else [])
        if None in signers or len(set(signers)) != len(signers):
            return False
        if asked.asked_by in (signers[:1] if asked.kind is ApprovalKind.REOPEN else signers):
            return False
    return True


def _checked_by_another(case: Case) -> bool:
    kind, cycle = case.incident.close_type, case.incident.cycle
    ends = next((step for step in reversed(case.steps) if step.row in ("E33", "E40", "E41")), None)
    if kind is None:
        return True
    if kind is CloseType.SPECIAL or (ends is not None and ends.row == "E40"):
        return ends is not None and (ends.row == "E33") == (kind is CloseType.SPECIAL)
    passed = [task for task in case.checks if task.cycle == cycle and task.result == "pass"]
    return bool(passed) and passed[-1].checker not in handlers_of(case)


def _apart(case: Case) -> bool:
    cycle = case.incident.cycle
    handled = {a.worker for a in case.assignments if a.cycle == cycle and a.accepted_at}
    checked = {task.checker for task in case.checks if task.cycle == cycle and task.kind == "check" and task.done_at}
    begun = max((step.seq for step in case.steps if step.row == "E47"), default=0)
    checked |= {step.actor_staff for step in case.steps if step.row == "E41" and step.seq > begun}
    decided = {who for a in case.approvals if a.cycle == cycle for who in (a.first_by, a.decided_by) if who}
    return not (handled & checked or handled & decided or checked & decided)


def _echoes(case: Case) -> bool:
    cycle = case.incident.cycle
    owed = Counter((f.report, f.cycle) for f in case.feedback if f.report)
    told = {f.report for f in case.feedback if f.cycle == cycle and f.report}
    to_grid = sum(f.target == "grid_worker" and f.cycle == cycle for f in case.feedback)
    if any(count > 1 for count in owed.values()) or to_grid > 1:
        return False
    if case.incident.state not in ENDED:
        return not told and not to_grid
    reports = {report.id: report for report in case.reports}
    waived = {f.report for f in case.feedback if f.cycle == cycle and f.waived_reason == "anonymous"}
    unasked = [f for f in case.feedback if f.cycle == cycle and f.report in reports and reports[f.report].anonymous]
    if any(f.state is not FeedbackState.WAIVED for f in unasked):
        return False
    return told >= reports.keys() and waived <= {n for n in waived if n not in reports or reports[n].anonymous}


def _clocks(case: Case) -> bool:
    running = Counter(t.kind for t in case.timers if t.state is TimerState.RUNNING)
    owed = any(f.state is FeedbackState.PENDING for f in case.feedback)
    if bool(running[TimerKind.T9_FEEDBACK]) != owed:
        return False
    state = case.incident.state
    if any(count != 1 or state not in TIMER_STATES[kind] for kind, count in running.items() if count):
        return False
    return bool(running[TimerKind.T7_RESOLVE]) == (state in CLOCK_RUNS)


def _backfill(case: Case) -> bool:
    runs = any(t.kind is TimerKind.T12_BACKFILL and t.state is TimerState.RUNNING for t in case.timers)
    return runs == (case.incident.backfill_owed and case.incident.state in OPEN)


def _supervision(case: Case) -> bool:
    opened = [s for s in case.supervision if s.state != "closed"]
    return len(opened) <= 1 and (case.incident.supervised or not case.supervision)


def _unique(case: Case) -> bool:
    groups = (case.reports, case.assignments, case.timers, case.checks, case.feedback, case.supervision, case.approvals)
    return all(len({child.id for child in group}) == len(group) for group in groups)


def _between(before: Case | None, case: Case) -> list[str]:
    """What does not hold between one version and the next."""
    step, new = case.steps[-1], case.incident
    known = before.steps if before else ()
    old = before.incident if before else None
    holds = {
        "a change leads there": CaseChanged.between(before, case).applied_to(before) == case,
        "10 one step more, from where the last led": step.seq == len(known) + 1
        and step.from_state is (old.state if old else None)
        and step.to_state is new.state,
        "16 one version more": new.version == (old.version if old else 0) + 1,
        "old steps stay": case.steps[:-1] == known,
        "20 known as its earliest report": _earliest(case),
    }
    if before is not None and old is not None:
        again = new.cycle == old.cycle
        ended = new.state in ENDED and old.state not in ENDED
        holds |= {
            "4 oversight never falls": new.oversight_level >= old.oversight_level,
            "5 used never falls within a cycle": not again or new.used_s >= old.used_s - 1e-6,
            "6 overdue stays within a cycle": not again or new.overdue or not old.overdue,
            "7 it resumes where it stood": old.state is not State.SUSPENDED
            or new.state in (State.SUSPENDED, old.suspended_from),
            "a cycle begins only where it is opened again": new.cycle == old.cycle + (step.row in ("E09", "E47")),
            "14 the worker of the grid is told as well": not ended or _grid_told(case),
            "grades only rise": all(b.grade >= a.grade for a, b in zip(before.supervision, case.supervision, strict=False)),
            "how grave it is falls by a shift lead, how urgent by filing with a reason, both by parting": _no_less(old, case),
            "what is over stays over": old.state not in TERMINAL or new.state is old.state or step.row in ("E09", "E47", "E52"),
        }
    return [name for name, does in holds.items() if not does]


def _no_less(old: Incident, case: Case) -> bool:
    new, step = case.incident, case.steps[-1]
    if step.action == "parted_from":
        joined = [each.detail for each in case.steps if each.action == "merge" and each.detail.get("brought_by")]
        stood = {(each["severity_stood"], each["urgency_stood"]) for each in joined}
        is_as_before = (new.severity, new.urgency) == (old.severity, old.urgency)
        return is_as_before or (new.severity.name.lower(), new.urgency.name.lower()) in stood
    by_lead = step.row == "E50" and step.actor_name.startswith(SHIFT_LEADS_NAMED)
    as_grave = gravity(new.severity) >= gravity(old.severity) or by_lead
    return as_grave and (new.urgency >= old.urgency or (step.row == "E06" and bool(step.reason)))


def _earliest(case: Case) -> bool:
    if not case.reports or case.incident.split_from is not None:
        return True
    first = min(case.reports, key=lambda report: (report.received_at, str(report.id)))
    return (case.incident.discovery, case.incident.reported_at) == (first.discovery, first.received_at)


def _grid_told(case: Case) -> bool:
    worker = case.incident.origin_worker
    own = {report.reporter_worker for report in case.reports}
    wanted = (bool(case.reports) or case.incident.split_from is not None) and worker is not None and worker not in own
    told = [f for f in case.feedback if f.cycle == case.incident.cycle and f.target == "grid_worker"]
    return len(told) == wanted
