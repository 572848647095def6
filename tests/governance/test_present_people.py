"""Whoever does not answer keeps nobody from the end: those who are there bring every open incident to it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from random import Random

import pytest

from governance import commands as c
from governance.attempt import open_supervision, pending_approval
from governance.commands import Command
from governance.incident import ApprovalKind as K
from governance.incident import AssignmentState, Case, FeedbackState, LeadRole, State, TimerKind
from governance.lifecycle import SYSTEM_OFFICER, after, settled
from governance.people import Officer, Role
from tests.governance.chance import PHOTO
from tests.governance.district import District
from tests.governance.field import DO, LEAF, NOON, WHOLE, named, officer, recipient, walk, worker
from tests.governance.invariants import broken
from tests.governance.ways import DIRECT, LI, RUNG, WANG, carried_out, refusal_of

S, A = State, AssignmentState
SL, AU, LD = (officer(role, f"present {role.value}") for role in (Role.SHIFT_LEAD, Role.AUDITOR, Role.LEADER))
SL2, CK = officer(Role.SHIFT_LEAD, "present second lead"), officer(Role.CHECKER, "present checker")
COMES = ("qian", "sun")
"""The workers who answer; all others never do."""
DENIES = {K.SUSPEND_LIST: LD, K.REOPEN: AU}
STEPS_AT_MOST = 60


def brought_to_its_end(case: Case, now: datetime) -> Case:
    """The case, archived or given to others, by those who are there alone; AssertionError where they cannot."""
    for _ in range(STEPS_AT_MOST):
        if case.incident.state in (S.ARCHIVED, S.MERGED):
            return case
        now += timedelta(seconds=1)
        found = _next(case)
        if found is None:
            return case
        command, who = found
        if isinstance(command, c.TimerFired):
            now = max(now, next(t.due_at or now for t in case.timers if t.id == command.timer))
        made = after(case, command, who, WHOLE, now)
        assert broken(case, made) == []
        case = settled(made, WHOLE, now)
    raise AssertionError(f"no end after {STEPS_AT_MOST} steps: {case}")


def _next(case: Case) -> tuple[Command, Officer] | None:
    """What those who are there do next; None where nothing is left to be done."""
    incident, pending = case.incident, pending_approval(case)
    if pending is not None:
        return c.Deny(pending.id, "not now"), DENIES.get(pending.kind, SL)
    if incident.state in (S.DISPATCHED, S.HANDLING):
        return _ordered(case)
    if incident.state is S.VERIFYING:
        clock = next(t for t in reversed(case.timers) if t.kind is TimerKind.T2_VERIFY)
        return c.TimerFired(clock.id, clock.kind, clock.fired), SYSTEM_OFFICER
    simple: dict[State, tuple[Command, Officer]] = {
        S.REPORTED: (c.File(LEAF, incident.urgency, reason="as it is"), SL),
        S.FILED: (c.Dispatch(recipient(COMES[0]), order_text="go", reason="who comes"), SL),
        S.SUSPENDED: (c.Resume(), SL),
        S.RESOLVED: (c.SendCheck(CK.staff), DO),
    }
    if incident.state in simple:
        return simple[incident.state]
    if incident.state is S.CHECKING:
        if case.checks[-1].result == "pass":
            return c.CheckPass("seen", True), SL2
        mine = case.checks[-1].checker == CK.staff
        return (c.CheckPass("seen", True), CK) if mine else (c.SendCheck(CK.staff), SL)
    return _told(case)


def _ordered(case: Case) -> tuple[Command, Officer]:
    """The order is taken from whoever does not answer, and done by who does."""
    lead = case.lead
    assert lead is not None
    comes = lead.worker in {named(name) for name in COMES}
    if case.incident.state is S.DISPATCHED:
        return (c.Accept(), worker(lead.worker_name)) if comes else (c.Recall("he does not answer"), SL)
    at_it = any(a.role is LeadRole.ASSIST and a.accepted_at and a.is_live for a in case.assignments)
    if comes and not at_it:
        return c.Complete("done", (PHOTO,)), worker(lead.worker_name)
    if comes:
        return c.Reassign(recipient("gone"), "those who assist do not answer", "go"), SL
    other = next(name for name in COMES if named(name) != lead.worker)
    return c.Reassign(recipient("gone" if at_it else other), "he does not answer", "go"), SL


def _told(case: Case) -> tuple[Command, Officer] | None:
    """What is still owed once the work is over."""
    order = open_supervision(case)
    if case.incident.backfill_owed and case.incident.state is S.CLOSED:
        return c.Backfill(LEAF), DO
    if any(f.state is FeedbackState.PENDING for f in case.feedback):
        return c.SendFeedback("it is over"), DO
    return (c.CloseSupervision(), SL) if order is not None else None


@pytest.mark.timeout(300)
def test_those_who_are_there_bring_whatever_is_open_to_its_end() -> None:
    stood: Counter[State] = Counter()
    for seed in range(9_000, 9_120):
        district = District(WHOLE, name=f"present {seed}")
        district.live(Random(seed), 100, 8)
        for case in district.cases.values():
            end = brought_to_its_end(case, district.now)
            assert end.incident.state in (S.ARCHIVED, S.MERGED, S.REJECTED, S.TRANSFERRED, S.VOIDED)
            stood[case.incident.state] += 1
    assert set(stood) == set(State)


def test_a_lead_who_never_answered_holds_nobody_back_from_the_end() -> None:
    taken = walk(RUNG, (c.TakeLead(), WANG))
    assert [(a.worker_name, a.role, a.state) for a in taken.assignments] == [
        ("li", LeadRole.ASSIST, A.SENT),
        ("wang", LeadRole.LEAD, A.ACCEPTED),
    ]
    done = walk(taken, (c.Complete("safe", (PHOTO,)), WANG))
    assert done.incident.state is S.RESOLVED
    assert [a.state for a in done.assignments] == [A.RELEASED, A.DONE]
    end = brought_to_its_end(done, NOON + timedelta(hours=2))
    assert end.incident.state is S.ARCHIVED


def test_whoever_was_asked_to_come_too_and_did_not_answer_is_let_go_when_it_is_done() -> None:
    fired = next(t for t in DIRECT.timers if t.kind is TimerKind.T4_ACK)
    asked = c.TimerFired(fired.id, fired.kind, fired.fired, (recipient("zhao"), recipient("chen")))
    wide = carried_out(DIRECT, asked, SYSTEM_OFFICER)
    at_work = walk(wide, (c.Accept(), LI), (c.Acknowledge(), worker("zhao")), (c.Accept(), worker("chen")))
    done = c.Complete("safe", (PHOTO,))
    assert refusal_of(lambda: walk(at_work, (done, LI))) == "assist_open", "chen is at it"
    over = walk(at_work, (c.Complete("helped"), worker("chen")), (done, LI))
    assert {a.worker_name: a.state for a in over.assignments} == {
        "li": A.DONE,
        "wang": A.RELEASED,
        "zhao": A.RELEASED,
        "chen": A.DONE,
    }
