"""缓办, 挂账, 延期: when a clock may be asked to stand or to be longer, and what a consent does to it (E31, E32, E36, E37)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from governance import clocks
from governance.attempt import Attempt, Guard
from governance.commands import Ask
from governance.incident import Approval, ApprovalKind, ApprovalState, Case, State, TimerKind, Urgency
from governance.orders_out import lead_is_away
from governance.people import Role
from governance.refusal import Refused
from governance.roles import roles_of
from governance.timers import running, started, stopped

SUSPENSIONS = frozenset({ApprovalKind.SUSPEND_DEFER, ApprovalKind.SUSPEND_LIST})
DAYS_OF = {ApprovalKind.SUSPEND_DEFER: "defer", ApprovalKind.SUSPEND_LIST: "list"}
SUSPENSIONS_AT_MOST = 2
EXTENSIONS_AT_MOST = 1


def may_extend(attempt: Attempt, ask: Ask) -> Refused | None:
    """Once, before it is due, and by no more than the limit itself."""
    incident = attempt.incident
    if incident.extended >= EXTENSIONS_AT_MOST:
        return Refused("extend_cap", "kind")
    if incident.overdue or incident.due_at is None or attempt.now >= incident.due_at:
        return Refused("asked_too_late", "kind")
    if not 0 < ask.extend_s <= incident.limit_s:
        return Refused("extend_too_long", "extend_s", hours=f"{incident.limit_s / 3600:.1f}")
    return None


def may_suspend(attempt: Attempt, ask: Ask) -> Refused | None:
    """Nothing that is 特急 (B.4, T11); twice in all, with a date that lies ahead and not too far."""
    if attempt.incident.urgency is Urgency.IMMEDIATE:
        return Refused("immediate", "kind")
    if attempt.incident.suspend_count >= SUSPENSIONS_AT_MOST:
        return Refused("suspend_cap", "kind")
    if ask.until is None:
        return Refused("date_needed", "until")
    days = attempt.rules.suspend_days[DAYS_OF[ask.kind]]
    if ask.until <= attempt.now:
        return Refused("date_past", "until")
    if ask.until > attempt.now + timedelta(days=days):
        return Refused("date_too_far", "until", days=f"{days:g}")
    return None


def asked_for_it(attempt: Attempt) -> Refused | None:
    """Who ends a suspension early asked for it, or dispatches here (E36)."""
    if roles_of(attempt.officer.role) & {Role.DISPATCHER, Role.SHIFT_LEAD}:
        return None
    granted = [a for a in attempt.case.approvals if a.kind in SUSPENSIONS] if attempt.case else []
    return None if granted and granted[-1].asked_by == attempt.officer.staff else Refused("not_your_suspension")


def suspended(attempt: Attempt, case: Case) -> Case:
    """The clocks stand until the date (T11); where it stood before is kept."""
    granted = _granted(case)
    incident = replace(
        case.incident,
        suspended_from=case.incident.state,
        suspended_until=granted.until,
        suspended_kind=granted.kind.value,
        suspend_count=case.incident.suspend_count + 1,
    )
    case = clocks.resolve_clock_paused(attempt, replace(case, incident=incident))
    case = stopped(TimerKind.T3_DISPATCH, TimerKind.T6_ARRIVE)(attempt, case)
    assert granted.until is not None, "asked for with a date"
    limit_s = (granted.until - attempt.now).total_seconds()
    if limit_s <= 0:  # decided after its own date: it resumes at once
        return running(attempt, case, TimerKind.T11_SUSPENSION, 0.0, due=attempt.now)
    return running(attempt, case, TimerKind.T11_SUSPENSION, limit_s, due=granted.until)


def resumed(attempt: Attempt, case: Case) -> Case:
    """It stands where it stood before, and its clocks count on."""
    came_from = case.incident.suspended_from
    case = clocks.resolve_clock_resumed(attempt, case)
    if attempt.timer is None or attempt.timer.kind is not TimerKind.T11_SUSPENSION:
        case = stopped(TimerKind.T11_SUSPENSION)(attempt, case)
    if came_from is State.FILED:
        case = started(TimerKind.T3_DISPATCH)(attempt, case)
    elif lead_is_away(case):
        case = started(TimerKind.T6_ARRIVE)(attempt, case)
    incident = replace(case.incident, suspended_from=None, suspended_until=None, suspended_kind="")
    return replace(case, incident=incident)


def extended(attempt: Attempt, case: Case) -> Case:
    """The limit is longer, once."""
    case = clocks.resolve_clock_extended(_granted(case))(attempt, case)
    return replace(case, incident=replace(case.incident, extended=case.incident.extended + 1))


def came_from(state: State) -> Guard:
    """It was suspended in this state."""

    def guard(attempt: Attempt) -> Refused | None:
        """Compare where it stood."""
        return None if attempt.incident.suspended_from is state else Refused("suspended_elsewhere")

    return guard


def _granted(case: Case) -> Approval:
    """The request that was granted last."""
    return next(a for a in reversed(case.approvals) if a.state is ApprovalState.GRANTED)
