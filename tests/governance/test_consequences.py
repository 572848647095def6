"""What follows from a step: clocks, levels, supervision, echoes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from governance.attempt import Case, Officer
from governance.commands import (
    Accept,
    CheckFail,
    CheckPass,
    Complete,
    Decline,
    Dispatch,
    File,
    Recall,
    SendCheck,
    TimerFired,
)
from governance.incident import (
    ActorKind,
    AssignmentState,
    CloseType,
    FeedbackState,
    State,
    SupervisionGrade,
    TimerKind,
    Urgency,
)
from governance.lifecycle import SYSTEM_OFFICER, Role, after, may
from governance.places import Level
from tests.governance.field import (
    CK,
    DO,
    LEAF,
    NOON,
    RULES,
    SL,
    STREET,
    TO_DISPATCHED,
    TO_FILED,
    TO_HANDLING,
    UNITS,
    WHOLE,
    named,
    officer,
    recipient,
    report,
    reported,
    walk,
    worker,
)
from tests.governance.ways import (
    DIRECT,
    DONE,
    DP,
    LATER,
    LI,
    ORDER,
    REWORKED_THRICE,
    SEND,
    TO_CHECKING,
    TO_CLOSED,
    WANG,
    Fire,
    carried_out,
    fired_next,
    raised,
)


def test_an_overdue_incident_stays_overdue_and_closes_so() -> None:
    case = carried_out(walk(reported(), *TO_HANDLING), Fire(TimerKind.T7_RESOLVE, 3), SYSTEM_OFFICER)
    assert case.incident.overdue
    assert case.incident.oversight_level is Level.DISTRICT
    assert [s.grade for s in case.supervision] == [SupervisionGrade.RED]
    moves = (
        (Accept(), WANG),
        (Complete("helped"), WANG),
        (DONE, LI),
        (SendCheck(), DO),
        (CheckPass(condition_met=True), CK),
        (CheckPass(condition_met=True), SL),
    )
    case = walk(case, *moves, at=NOON + timedelta(days=20))
    assert case.incident.close_type is CloseType.OVERDUE
    assert all(s.state == "closed" for s in case.supervision)


def test_the_resolve_clock_fires_at_the_limit_and_then_every_half_of_it() -> None:
    case = walk(reported(), *TO_HANDLING)
    filed_at = case.incident.filed_at
    assert filed_at is not None
    fires = []
    for _ in range(3):
        timer = next(t for t in case.timers if t.kind is TimerKind.T7_RESOLVE)
        assert timer.due_at is not None
        fires.append((timer.due_at - filed_at) / timedelta(days=5))
        case = after(case, TimerFired(timer.id, timer.kind, timer.fired), SYSTEM_OFFICER, RULES, timer.due_at)
    assert fires == [1.0, 1.5, 2.0]


def test_a_rework_resumes_the_clock_where_it_stood() -> None:
    case = walk(reported(), *TO_CHECKING)
    used = case.incident.used_s
    assert used > 0
    assert case.incident.due_at is None
    again = after(case, CheckFail("still there"), CK, RULES, NOON + timedelta(hours=10))
    assert again.incident.used_s == used
    assert again.incident.rework_count == 1
    assert again.incident.due_at == NOON + timedelta(hours=10) + timedelta(days=5) - timedelta(seconds=used)
    assert again.lead is not None
    assert again.lead.worker == LI.staff


def test_raising_the_level_moves_the_queue_and_leaves_the_limit() -> None:
    case = walk(reported(), *TO_FILED)
    up = raised(case, 1)
    assert (case.incident.queue_unit, up.incident.queue_unit) == (UNITS["community"], UNITS["street"])
    assert up.incident.due_at == case.incident.due_at
    assert (up.steps[-1].level_before, up.steps[-1].level_after) == (Level.COMMUNITY, Level.STREET)


def test_an_order_nobody_takes_up_is_recalled_to_the_queue_one_level_higher() -> None:
    case = carried_out(walk(reported(), *TO_DISPATCHED), Fire(TimerKind.T4_ACK, 2), SYSTEM_OFFICER)
    assert [a.state for a in case.assignments] == [AssignmentState.EXPIRED, AssignmentState.RELEASED]
    assert case.incident.handling_level is Level.STREET
    assert case.escalations[-1].cause == "T4"


def test_the_fourth_recall_is_for_the_shift_lead() -> None:
    case = walk(reported(), *TO_FILED)
    for _ in range(3):
        case = walk(case, (SEND, DO), (Recall("wrong"), DO))
    case = walk(case, (SEND, DO))
    refusal = may(case, Recall, DO, RULES, NOON)
    assert refusal is not None
    assert refusal.code == "recall_cap"
    assert may(case, Recall, SL, RULES, NOON) is None


def test_after_the_third_rework_only_the_shift_lead_sends() -> None:
    case = after(REWORKED_THRICE, CheckFail("no"), CK, RULES, NOON)
    refusal = may(case, Dispatch, DO, RULES, NOON)
    assert refusal is not None
    assert refusal.code == "shift_lead_needed"
    assert after(case, SEND, SL, RULES, NOON).incident.state is State.DISPATCHED


def test_a_worker_of_a_unit_on_duty_needs_no_reason_and_another_keeps_his() -> None:
    case = walk(reported(), *TO_FILED)
    assert after(case, Dispatch(recipient("li")), DO, RULES, NOON).assignments[0].off_rule_reason == ""
    off = after(case, Dispatch(recipient("li", "street"), reason="nearest"), DO, RULES, NOON)
    assert off.assignments[0].off_rule_reason == "nearest"


def test_an_echo_is_owed_to_each_reporter_but_waived_for_the_nameless() -> None:
    known = walk(reported(), *TO_CLOSED)
    nameless = walk(reported(anonymous=True), *TO_CLOSED)
    by_worker = walk(reported(reporter_worker=named("zhao"), reporter_kind="worker"), *TO_CLOSED)
    assert [f.state for f in known.feedback] == [FeedbackState.PENDING]
    assert [(f.state, f.waived_reason) for f in nameless.feedback] == [(FeedbackState.WAIVED, "anonymous")]
    assert [(f.target, f.worker) for f in by_worker.feedback] == [("worker", named("zhao"))]


def test_accepting_on_the_phone_acknowledges_as_well() -> None:
    lead = walk(reported(), *TO_HANDLING).lead
    assert lead is not None
    assert lead.acked_at == lead.accepted_at


def test_a_step_says_who_what_why_and_when_the_device_took_it() -> None:
    tapped = NOON - timedelta(minutes=9)
    case = after(walk(reported(), *TO_DISPATCHED), Decline("ill", "fever"), LI, RULES, NOON, tapped)
    step = case.steps[-1]
    assert (step.actor_staff, step.reason, step.client_at, step.detail) == (LI.staff, "fever", tapped, {"reason_code": "ill"})


def test_ids_come_from_the_incident_alone() -> None:
    ids: set[UUID] = set()
    for number in (1, 2):
        case = walk(after(None, report(number), DO, RULES, NOON), *TO_DISPATCHED)
        ids |= {a.id for a in case.assignments} | {t.id for t in case.timers}
    assert len(ids) == 2 * (2 + 5)


def test_without_limits_nothing_rings_and_the_way_is_the_same() -> None:
    bare = replace(RULES, limits=())
    case = after(None, report(), DO, bare, NOON)
    case = after(after(case, File(LEAF), DO, bare, NOON), SEND, DO, bare, NOON)
    assert (case.incident.state, case.timers) == (State.DISPATCHED, ())


@pytest.mark.parametrize("times", [1, 2, 5])
@pytest.mark.parametrize("kind", [TimerKind.T4_ACK, TimerKind.T5_ACCEPT])
def test_a_direct_order_nobody_takes_up_stays_and_asks_more_people(kind: TimerKind, times: int) -> None:
    case = carried_out(DIRECT, Fire(kind, times - 1), SYSTEM_OFFICER)
    fired, due_at = fired_next(case, kind)
    wider = replace(fired, wider=(recipient("zhao"), recipient("li")))
    case = after(case, wider, SYSTEM_OFFICER, WHOLE, due_at)
    assert case.incident.state is State.DISPATCHED
    assert [(a.worker_name, a.role.value) for a in case.assignments] == [
        ("li", "lead"),
        ("wang", "assist"),
        ("zhao", "assist"),
    ]
    assert case.lead is not None
    assert case.lead.reminders == times
    assert [s.grade for s in case.supervision] == [SupervisionGrade.YELLOW]


STREET_CENTRE = officer(Role.OPERATOR, "street centre", STREET)
BY_STREET = walk(reported(urgency=Urgency.IMMEDIATE), (ORDER, STREET_CENTRE))


@pytest.mark.parametrize(
    ("case", "who", "code"),
    [
        (DIRECT, DO, ""),
        (DIRECT, SL, ""),
        (DIRECT, officer(Role.DUTY_OFFICER, "another"), "not_your_order"),
        (DIRECT, DP, "direct_mode"),
        (BY_STREET, STREET_CENTRE, ""),
        (BY_STREET, DO, "not_your_order"),
    ],
)
def test_a_direct_order_is_called_off_by_who_gave_it_or_by_a_shift_lead(case: Case, who: Officer, code: str) -> None:
    refusal = may(case, Recall, who, WHOLE, NOON)
    assert (refusal.code if refusal else "") == code
    if not code:
        back = after(case, Recall("false alarm"), who, WHOLE, LATER)
        assert {a.state for a in back.assignments} == {AssignmentState.RECALLED}
        assert (back.incident.state, back.incident.mode) == (State.FILED, "normal")


DAYS_5 = timedelta(days=5)


@pytest.mark.parametrize(
    ("took", "overdue"),
    [(DAYS_5 - timedelta(seconds=1), False), (DAYS_5, True), (DAYS_5 + timedelta(hours=2), True), (4 * DAYS_5, True)],
    ids=["just in time", "at the limit", "two hours late", "four times the limit"],
)
def test_work_completed_past_its_limit_is_overdue_though_no_clock_was_looked_at(took: timedelta, overdue: bool) -> None:
    case = walk(reported(), *TO_HANDLING, (Accept(), WANG), (Complete("helped"), WANG))
    filed_at = case.incident.filed_at
    assert filed_at is not None
    before = case.incident.oversight_level
    case = after(case, DONE, LI, RULES, filed_at + took)
    assert case.incident.overdue is overdue
    assert [(s.grade, s.cause) for s in case.supervision] == [(SupervisionGrade.RED, "overdue")] * overdue
    assert [e.cause for e in case.escalations] == ["T7"] * overdue
    assert case.incident.oversight_level is (before.next_up if overdue else before)
    signed = (
        ((CheckPass(condition_met=True), CK), (CheckPass(condition_met=True), SL))
        if overdue
        else ((CheckPass(condition_met=True), CK),)
    )
    closed = walk(case, (SendCheck(), DO), *signed, at=filed_at + took)
    assert closed.incident.close_type is (CloseType.OVERDUE if overdue else CloseType.NORMAL)


def test_a_rework_after_a_late_completion_does_not_ring_for_what_was_told_already() -> None:
    case = walk(reported(), *TO_HANDLING, (Accept(), WANG), (Complete("helped"), WANG))
    filed_at = case.incident.filed_at
    assert filed_at is not None
    late = filed_at + DAYS_5 * 1.7
    case = walk(case, (DONE, LI), (SendCheck(), DO), (CheckFail("still there"), CK), at=late)
    (clock,) = (t for t in case.timers if t.kind is TimerKind.T7_RESOLVE)
    assert clock.due_at is not None
    assert clock.due_at - (late + timedelta(minutes=3)) == DAYS_5 * 2 - (DAYS_5 * 1.7 + timedelta(minutes=1))


def test_who_reports_in_confidence_is_named_nowhere_in_the_case() -> None:
    zhao = worker("zhao")
    told = report(confidential=True, reporter_worker=zhao.staff, reporter_kind="worker")
    case = after(None, told, zhao, RULES, NOON)
    assert str(zhao.staff) not in str(case)
    assert zhao.name not in str(case)
    (step,) = case.steps
    assert (step.actor_kind, step.actor_name, step.actor_staff, step.actor_post) == (ActorKind.USER, "", None, None)
    written_down = after(None, report(confidential=True), DO, RULES, NOON).steps[0]
    assert written_down.actor_staff == DO.staff, "who took the call is no secret"
