"""申请与审批: what may be asked for where, who decides it, and what each decision does to a case (E28-E37, E47)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid5

from governance.attempt import Attempt, Effect, Guard, handlers_of, pending_approval
from governance.commands import Approve, Ask, Deny, Reopen
from governance.guards import checkers_of
from governance.incident import (
    Approval,
    ApprovalKind,
    ApprovalState,
    Case,
    Severity,
    State,
    TimerKind,
)
from governance.people import Role
from governance.places import Level
from governance.refusal import Refused
from governance.roles import level_of_post
from governance.routing import next_up
from governance.suspending import SUSPENSIONS, may_extend, may_suspend
from governance.timers import started, stopped

K = ApprovalKind
LEGAL_IN: dict[ApprovalKind, frozenset[State]] = {
    K.RETURN: frozenset({State.DISPATCHED}),
    K.SUSPEND_DEFER: frozenset({State.FILED, State.HANDLING}),
    K.SUSPEND_LIST: frozenset({State.FILED, State.HANDLING}),
    K.EXTEND: frozenset({State.HANDLING}),
    K.CLOSE_SPECIAL: frozenset({State.HANDLING}),
    K.VOID: frozenset({State.FILED, State.DISPATCHED, State.HANDLING}),
}
"""What may be asked for in which state."""
TWO_SIGN = frozenset({K.CLOSE_SPECIAL, K.VOID, K.REOPEN})
"""What a shift lead and an auditor decide together."""
RETURNS_AT_MOST = 2
"""So often an incident comes back or down; then somebody says who has to take it (E16)."""
GRAVE = frozenset({Severity.I, Severity.II, Severity.III})


# ---- may it be asked, may he decide ---------------------------------------------------------------------------------


def none_pending(attempt: Attempt) -> Refused | None:
    """Nothing waits for a decision."""
    pending = pending_approval(attempt.case)
    return Refused("approval_pending", kind=pending.kind.value) if pending else None


def pending_is(*kinds: ApprovalKind) -> Guard:
    """What waits for a decision is of one of the kinds."""

    def guard(attempt: Attempt) -> Refused | None:
        """Compare the kind."""
        pending = pending_approval(attempt.case)
        if pending is None:
            return Refused("nothing_pending")
        return None if pending.kind in kinds else Refused("not_your_kind", kind=pending.kind.value)

    return guard


def what_was_asked(attempt: Attempt) -> dict[str, str]:
    """What waits for a decision, for the log."""
    pending = pending_approval(attempt.case)
    return {"kind": pending.kind.value, "asked_by": pending.asked_name} if pending else {}


def may_be_asked(attempt: Attempt) -> Refused | None:
    """The kind is legal in the state and not used up; what it needs to say is said."""
    ask = attempt.command
    assert isinstance(ask, Ask)
    incident = attempt.incident
    if incident.state not in LEGAL_IN.get(ask.kind, frozenset()):
        return Refused("not_in_state", "kind", state=incident.state.value, action=ask.kind.value)
    if ask.kind is K.RETURN:
        return _may_return(attempt)
    if ask.kind is K.VOID and incident.severity in GRAVE:
        return Refused("too_grave", "kind", severity=str(int(incident.severity)))
    if ask.kind is K.EXTEND:
        return may_extend(attempt, ask)
    return may_suspend(attempt, ask) if ask.kind in SUSPENSIONS else None


def _may_return(attempt: Attempt) -> Refused | None:
    """Not after it came back twice, and not where somebody was told to take it."""
    incident = attempt.incident
    if incident.no_return:
        return Refused("was_arbitrated", "kind")
    return Refused("return_cap", "kind", count=str(incident.return_count)) if incident.return_count >= RETURNS_AT_MOST else None


def named_is_pending(attempt: Attempt) -> Refused | None:
    """The request named is the one that waits."""
    answer = attempt.command
    assert isinstance(answer, Approve | Deny)
    pending = pending_approval(attempt.case)
    return None if pending and pending.id == answer.approval else Refused("no_such_approval", "approval")


def may_decide(attempt: Attempt) -> Refused | None:
    """Who decides did not ask, did not handle or check it in this cycle, and stands high enough."""
    pending, officer = pending_approval(attempt.case), attempt.officer
    if pending is None or attempt.case is None:
        return Refused("nothing_pending")
    if pending.asked_by == officer.staff and pending.kind is not K.REOPEN:
        return Refused("asker_is_approver")
    if (no := took_no_part(attempt)) is not None:
        return no
    if level_of_post(officer) < pending.level:
        return Refused("below_approver_level", level=str(int(pending.level)))
    return None


def took_no_part(attempt: Attempt) -> Refused | None:
    """Who signs did not handle or check anything in this cycle."""
    case, staff = attempt.case, attempt.officer.staff
    if case is None:
        return None
    if staff in handlers_of(case):
        return Refused("handler_is_approver")
    return Refused("checker_is_approver") if staff in checkers_of(case) else None


def signed_once(attempt: Attempt) -> Refused | None:
    """Somebody of the other role, and another person, has signed already."""
    pending = pending_approval(attempt.case)
    if pending is None or pending.first_by is None:
        return Refused("first_signature_missing")
    if pending.first_by == attempt.officer.staff:
        return Refused("signed_already")
    return None if pending.first_role != attempt.officer.role.value else Refused("other_role_needed", role=pending.first_role)


def not_signed_yet(attempt: Attempt) -> Refused | None:
    """Nobody has signed."""
    pending = pending_approval(attempt.case)
    return None if pending and pending.first_by is None else Refused("signed_already")


def not_too_grave(attempt: Attempt) -> Refused | None:
    """An emergency is never void (E34)."""
    grave = attempt.incident.severity in GRAVE
    return Refused("too_grave", severity=str(int(attempt.incident.severity))) if grave else None


# ---- what follows ---------------------------------------------------------------------------------------------------


def asked(attempt: Attempt, case: Case) -> Case:
    """The request waits, and so does the clock of the decision (T13)."""
    ask = attempt.command
    assert isinstance(ask, Ask)
    incident = case.incident
    request = _request(attempt, case, ask.kind, ask.reason, incident.handling_level)
    extend_s = ask.extend_s if ask.kind is K.EXTEND else 0.0
    request = replace(request, until=ask.until if ask.kind in SUSPENSIONS else None, extend_s=extend_s)
    return started(TimerKind.T13_APPROVAL)(attempt, replace(case, approvals=(*case.approvals, request)))


def _request(attempt: Attempt, case: Case, kind: ApprovalKind, reason: str, level: Level) -> Approval:
    """A new request."""
    number = uuid5(case.incident.id, f"approval{len(case.approvals) + 1}")
    officer = attempt.officer
    return Approval(
        number, case.incident.cycle, kind, ApprovalState.PENDING, officer.staff, officer.name, attempt.now, reason, level
    )


def reopening_asked(attempt: Attempt, case: Case) -> Case:
    """One of the two who reopen what is archived has signed."""
    assert isinstance(attempt.command, Reopen)
    request = _request(attempt, case, K.REOPEN, attempt.command.reason, Level.DISTRICT)
    officer = attempt.officer
    request = replace(request, first_by=officer.staff, first_name=officer.name, first_role=officer.role.value)
    return started(TimerKind.T13_APPROVAL)(attempt, replace(case, approvals=(*case.approvals, request)))


def signed(attempt: Attempt, case: Case) -> Case:
    """The first of two has signed."""
    officer = attempt.officer
    return _changed(case, first_by=officer.staff, first_name=officer.name, first_role=officer.role.value)


def decided(state: ApprovalState) -> Effect:
    """The request is decided, and its clock stops."""

    def effect(attempt: Attempt, case: Case) -> Case:
        """Put down who and why."""
        officer = attempt.officer
        is_person = officer.role is not Role.SYSTEM
        case = _changed(
            case,
            state=state,
            decided_by=officer.staff if is_person else None,
            decided_name=officer.name if is_person else "",
            decided_at=attempt.now,
            decision=str(getattr(attempt.command, "reason", "")),
        )
        return stopped(TimerKind.T13_APPROVAL)(attempt, case)

    return effect


def dropped(attempt: Attempt, case: Case) -> Case:
    """What is asked for has no sense any more."""
    if pending_approval(case) is None:
        return case
    case = _changed(case, state=ApprovalState.DROPPED, decided_at=attempt.now)
    return stopped(TimerKind.T13_APPROVAL)(attempt, case)


def passed_up(attempt: Attempt, case: Case) -> Case:
    """Nobody decided in time: the next level does (E35)."""
    pending = pending_approval(case)
    return _changed(case, level=next_up(attempt.rules, pending.level)) if pending else case


def within_reopening(attempt: Attempt) -> Refused | None:
    """It was reopened less than twice, and of what is archived not too long ago."""
    incident = attempt.incident
    if incident.reopen_count >= 2:
        return Refused("reopen_cap")
    if incident.state is not State.ARCHIVED or incident.closed_at is None:
        return None
    days = attempt.rules.reopen_days
    return Refused("too_long_ago", days=f"{days:g}") if attempt.now > incident.closed_at + timedelta(days=days) else None


def at_top(attempt: Attempt) -> Refused | None:
    """The request lies with the highest level."""
    pending = pending_approval(attempt.case)
    return None if pending and pending.level is Level.DISTRICT else Refused("not_top_level")


def below_top(attempt: Attempt) -> Refused | None:
    """There is a level above the one that has the request."""
    return Refused("top_level") if at_top(attempt) is None else None


def _changed(case: Case, **changed: object) -> Case:
    """The case with the request that waits changed."""
    requests = tuple(
        replace(a, **changed) if a.state is ApprovalState.PENDING else a  # type: ignore[arg-type]
        for a in case.approvals
    )
    return replace(case, approvals=requests)
