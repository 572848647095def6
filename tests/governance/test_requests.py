"""What is asked for and decided: who may sign, what a consent does, and what becomes of a request nobody answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from governance.attempt import ApprovalState, Case, Command, Officer
from governance.commands import (
    Accept,
    Approve,
    Archive,
    Arrive,
    Ask,
    CheckFail,
    CheckPass,
    Complete,
    Decline,
    Deny,
    Dispatch,
    Reassign,
    Recall,
    Reconsider,
    Reject,
    Reopen,
    Resume,
    SendCheck,
    SendFeedback,
    SetSeverity,
)
from governance.incident import ApprovalKind as K
from governance.incident import Level, Severity, State, TimerKind, TimerState
from governance.lifecycle import SYSTEM_OFFICER, Role, after
from tests.governance.field import CK, DO, PLACE, SL, TO_FILED, WHOLE, officer, recipient, reported, walk, worker
from tests.governance.taken import ARCHIVED, REJECTED
from tests.governance.ways import (
    AT_WORK,
    AU,
    CLOSED,
    DONE,
    LATER,
    LD,
    LI,
    TO_CHECKING,
    TO_CLOSED,
    WANG,
    Fire,
    Move,
    answered,
    asked,
    carried_out,
    refusal_of,
    waiting,
)

SENT_ALONE = walk(reported(), *TO_FILED, (Dispatch(recipient("li")), DO))
AT_SITE = walk(AT_WORK, (Arrive(PLACE), LI))
SL_2, AU_2 = officer(Role.SHIFT_LEAD, "second lead"), officer(Role.AUDITOR, "second auditor")


def refused(case: Case, command: Command, who: Officer, at: datetime = LATER) -> str:
    """The code of the refusal; empty where there is none."""
    return refusal_of(lambda: after(case, command, who, WHOLE, at))


@pytest.mark.parametrize("kind", [K.CLOSE_SPECIAL, K.VOID])
@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        (SL, AU, ""),
        (AU, SL, ""),
        (SL, SL, "signed_already"),
        (SL, SL_2, "other_role_needed"),
        (AU, AU_2, "other_role_needed"),
        (SL, replace(AU, staff=SL.staff), "signed_already"),
        (SL, replace(AU, staff=LI.staff), "handler_is_approver"),
        (SL, replace(AU, staff=DO.staff), "asker_is_approver"),
    ],
)
def test_two_people_in_two_posts_sign_what_is_grave(kind: K, first: Officer, second: Officer, code: str) -> None:
    once = answered(asked(AT_WORK, kind), first)
    assert once.incident.state is State.HANDLING
    assert refused(once, Approve(waiting(once)), second) == code


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        (SL, AU, ""),
        (AU, SL, ""),
        (SL, SL_2, "other_role_needed"),
        (SL, replace(AU, staff=SL.staff), "signed_already"),
        (SL, replace(AU, staff=LI.staff), "handler_is_approver"),
        (SL, replace(AU, staff=CK.staff), "checker_is_approver"),
    ],
)
def test_two_people_in_two_posts_open_again_what_is_archived(first: Officer, second: Officer, code: str) -> None:
    once = after(ARCHIVED, Reopen("it is back"), first, WHOLE, LATER)
    assert once.incident.state is State.ARCHIVED
    assert refused(once, Reopen("so it is"), second) == code


@pytest.mark.parametrize("staff", [LI.staff, CK.staff])
def test_who_handled_or_checked_does_not_sign_first_either(staff: UUID) -> None:
    assert refused(ARCHIVED, Reopen("it is back"), replace(SL, staff=staff)).endswith("_is_approver")


def test_a_reopening_that_nobody_signs_with_lapses() -> None:
    once = after(ARCHIVED, Reopen("it is back"), SL, WHOLE, LATER)
    lapsed = carried_out(once, Fire(TimerKind.T13_APPROVAL), SYSTEM_OFFICER)
    assert [a.state for a in lapsed.approvals] == [ApprovalState.LAPSED]
    assert after(lapsed, Reopen("once more"), AU, WHOLE, LATER).approvals[-1].state is ApprovalState.PENDING


def test_a_request_nobody_decides_goes_up_and_is_denied_at_the_top() -> None:
    case = asked(SENT_ALONE, K.RETURN)
    levels = []
    while (pending := case.approvals[-1]).state is ApprovalState.PENDING:
        levels.append(pending.level)
        case = carried_out(case, Fire(TimerKind.T13_APPROVAL), SYSTEM_OFFICER)
    assert levels == [Level.COMMUNITY, Level.STREET, Level.DISTRICT]
    assert case.approvals[-1].state is ApprovalState.LAPSED
    assert case.incident.state is State.DISPATCHED


@pytest.mark.parametrize(
    "move",
    [Fire(TimerKind.T4_ACK, 2), Recall("wrong one"), Decline("ill"), Fire(TimerKind.T5_ACCEPT, 2)],
    ids=str,
)
def test_a_request_about_an_order_that_ended_is_dropped(move: Move) -> None:
    who = SYSTEM_OFFICER if isinstance(move, Fire) else LI if isinstance(move, Decline) else DO
    case = carried_out(asked(SENT_ALONE, K.RETURN), move, who)
    assert (case.incident.state, case.approvals[-1].state) == (State.FILED, ApprovalState.DROPPED)
    assert not any(t.kind is TimerKind.T13_APPROVAL and t.state is TimerState.RUNNING for t in case.timers)


@pytest.mark.parametrize(("working", "t6"), [(AT_WORK, True), (AT_SITE, False)], ids=["on the way", "arrived"])
def test_a_suspension_keeps_the_lead_and_asks_for_an_arrival_only_where_there_was_none(working: Case, t6: bool) -> None:
    resting = answered(asked(working, K.SUSPEND_DEFER, at=LATER), SL)
    assert resting.lead == working.lead
    assert [t.kind for t in resting.timers if t.state is TimerState.RUNNING] == [TimerKind.T11_SUSPENSION]
    back = carried_out(resting, Fire(TimerKind.T11_SUSPENSION), SYSTEM_OFFICER)
    assert (back.incident.state, back.lead) == (State.HANDLING, working.lead)
    assert (back.incident.used_s, back.incident.suspended_from) == (resting.incident.used_s, None)
    runs = {t.kind for t in back.timers if t.state is TimerState.RUNNING}
    assert (TimerKind.T6_ARRIVE in runs) is t6


@pytest.mark.parametrize("kind", [K.SUSPEND_DEFER, K.SUSPEND_LIST])
def test_what_is_urgent_at_once_is_not_put_off(kind: K) -> None:
    grave = after(AT_WORK, SetSeverity(Severity.II, "it spreads"), DO, WHOLE, LATER)
    assert refused(grave, Ask(kind, "later", LATER + timedelta(days=3)), DO) == "immediate"
    overtaken = after(asked(AT_WORK, kind), SetSeverity(Severity.II, "it spreads"), DO, WHOLE, LATER)
    assert refused(overtaken, Approve(waiting(overtaken)), LD) == "immediate"
    assert refused(overtaken, Deny(waiting(overtaken), "it burns"), LD) == ""


@pytest.mark.parametrize(
    ("days", "kind", "code"),
    [
        (0, K.SUSPEND_DEFER, "date_past"),
        (30, K.SUSPEND_DEFER, ""),
        (31, K.SUSPEND_DEFER, "date_too_far"),
        (180, K.SUSPEND_LIST, ""),
        (181, K.SUSPEND_LIST, "date_too_far"),
    ],
)
def test_a_suspension_has_a_date_that_is_not_too_far(days: int, kind: K, code: str) -> None:
    assert refused(AT_WORK, Ask(kind, "rain", LATER + timedelta(days=days)), DO) == code


def test_it_is_suspended_twice_at_most_and_extended_once() -> None:
    case = AT_WORK
    for _ in range(2):
        case = answered(asked(case, K.SUSPEND_DEFER, at=LATER), SL)
        case = after(case, Resume(), SL, WHOLE, LATER)
    assert refused(case, Ask(K.SUSPEND_LIST, "again", LATER + timedelta(days=1)), DO) == "suspend_cap"
    longer = answered(asked(case, K.EXTEND), SL)
    assert longer.incident.limit_s == case.incident.limit_s + 3600.0
    assert refused(longer, Ask(K.EXTEND, "again", extend_s=60.0), DO) == "extend_cap"


@pytest.mark.parametrize(
    ("by", "seconds", "code"),
    [(1.0, -1.0, ""), (1.0, 0.0, "asked_too_late"), (432_001.0, -1.0, "extend_too_long"), (0.0, -1.0, "extend_too_long")],
)
def test_a_longer_limit_is_asked_for_in_time_and_at_most_twice_as_long(by: float, seconds: float, code: str) -> None:
    due_at = AT_WORK.incident.due_at
    assert due_at is not None
    assert refused(AT_WORK, Ask(K.EXTEND, "more work", extend_s=by), DO, due_at + timedelta(seconds=seconds)) == code


def test_an_extension_that_comes_too_late_leaves_it_overdue() -> None:
    late = carried_out(asked(AT_WORK, K.EXTEND), Fire(TimerKind.T7_RESOLVE), SYSTEM_OFFICER)
    at = late.steps[-1].at
    assert answered(late, SL, at=at).incident.overdue


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.CHECKER])
def test_who_decided_or_checked_does_not_take_the_work_up(role: Role) -> None:
    approver = officer(Role.OPERATOR, "li")
    back = answered(asked(SENT_ALONE, K.RETURN), approver)
    again = walk(back, (Dispatch(recipient("li")), DO))
    failed = walk(walk(reported(), *TO_CHECKING), (CheckFail("no"), officer(Role.CHECKER, "zhao")))
    resent = walk(failed, (Accept(), LI), (Reassign(recipient("zhao"), "ill"), SL))
    case, name, code = (again, "li", "approver_is_handler") if role is Role.OPERATOR else (resent, "zhao", "checker_is_handler")
    assert refused(case, Accept(), worker(name)) == code
    assert refused(case, Decline("ill"), worker(name)) == ""


def test_who_decided_a_request_does_not_sign_the_check_of_that_cycle_but_of_the_next() -> None:
    grave = walk(AT_WORK, (SetSeverity(Severity.II, "gas"), SL))
    longer = answered(asked(grave, K.EXTEND), SL)
    over = ((Accept(), WANG), (Complete("helped"), WANG), (DONE, LI), (SendCheck(), DO), (CheckPass(condition_met=True), CK))
    checked = walk(longer, *over, at=LATER)
    other = officer(Role.SHIFT_LEAD, "the lead of the next shift")
    assert refused(checked, CheckPass(condition_met=True), SL) == "approver_is_checker"
    closed = walk(checked, (CheckPass(condition_met=True), other), at=LATER)
    assert closed.incident.state is State.CLOSED
    again = walk(closed, (Reopen("it is back"), other), *TO_CLOSED[1:], at=LATER)
    assert refused(again, CheckPass(condition_met=True), SL) == ""


def test_who_signed_the_check_does_not_sign_the_reopening_of_that_cycle() -> None:
    grave = walk(AT_WORK, (SetSeverity(Severity.II, "gas"), SL), (Accept(), WANG), (Complete("helped"), WANG), at=LATER)
    closed = walk(
        grave, (DONE, LI), *[(move, who) for move, who in TO_CLOSED[-2:]], (CheckPass(condition_met=True), SL), at=LATER
    )
    told = walk(closed, (SendFeedback("over"), DO), at=LATER)
    over = carried_out(told, Archive(), SYSTEM_OFFICER)
    assert over.incident.state is State.ARCHIVED
    at = over.steps[-1].at + timedelta(minutes=1)
    assert refused(over, Reopen("it is back"), SL, at) == "checker_is_approver"
    assert refused(over, Reopen("it is back"), SL_2, at) == ""


@pytest.mark.parametrize(("days", "code"), [(0, ""), (30, ""), (31, "too_long_ago")])
def test_what_is_archived_is_opened_again_within_a_month_and_what_is_closed_always(days: int, code: str) -> None:
    closed_at = ARCHIVED.incident.closed_at
    assert closed_at is not None
    at = closed_at + timedelta(days=days)
    assert refused(ARCHIVED, Reopen("it is back"), SL, at) == code
    assert refused(CLOSED, Reopen("it is back"), SL, at) == ""


def test_nothing_is_opened_again_a_third_time() -> None:
    case = CLOSED
    for _ in range(2):
        case = walk(after(case, Reopen("it is back"), SL, WHOLE, LATER), *TO_CLOSED[1:], at=LATER)
    assert refused(case, Reopen("it is back"), SL) == "reopen_cap"
    assert [cycle.cycle for cycle in case.cycles] == [1, 2]


@pytest.mark.parametrize(("days", "code"), [(7, ""), (8, "too_long_ago")])
def test_a_rejection_is_looked_at_again_once_and_soon(days: int, code: str) -> None:
    at = REJECTED.steps[-1].at + timedelta(days=days)
    assert refused(REJECTED, Reconsider("it is ours"), SL, at) == code
    again = walk(after(REJECTED, Reconsider("it is ours"), SL, WHOLE, LATER), (Reject("not_ours", "no"), DO), at=LATER)
    assert refused(again, Reconsider("it is ours"), SL) == "reconsidered_before"
