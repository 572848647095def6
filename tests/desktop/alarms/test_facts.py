"""Which cases raise an alarm at a post: what needs an answer there, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from desktop.alarms.facts import WATCHES, Post, facts_of
from desktop.alarms.kinds import SOUND_OF, AlarmFact, AlarmKind, Priority
from governance.commands import COMMANDS
from governance.incident import (
    ActorKind,
    Approval,
    ApprovalKind,
    ApprovalState,
    Assignment,
    AssignmentState,
    Case,
    LeadRole,
    Severity,
    State,
    Step,
    Supervision,
    SupervisionGrade,
    Timer,
    TimerKind,
    TimerState,
    Urgency,
)
from governance.people import Officer, Role
from governance.places import Level
from tests.fakes import situations
from tests.fakes.situations import NOW, OFFICER, named

STREET_DESK = replace(OFFICER, role=Role.OPERATOR, scope="330104005", post=named("street post"))
AUDITOR = replace(OFFICER, role=Role.AUDITOR)
CHECKER = situations.CHECKER


def case(state: State, **fields: Any) -> Case:
    """A case of the district's street level."""
    made = situations.case(5, state)
    usual: dict[str, Any] = {
        "handling_level": Level.STREET,
        "oversight_level": Level.STREET,
        "urgency": Urgency.NORMAL,
        "severity": Severity.NONE,
        "overdue": False,
        "grid": "330104005051001",
    }
    return replace(made, incident=replace(made.incident, **(usual | fields)), timers=(), supervision=())


def with_timer(made: Case, kind: TimerKind, fired: int = 1, state: TimerState = TimerState.RUNNING) -> Case:
    """The case with a clock that rang so often."""
    timer = Timer(named(f"clock {kind}"), kind, state, NOW - timedelta(hours=1), NOW + timedelta(hours=1), 600.0, fired=fired)
    return replace(made, timers=(*made.timers, timer))


def supervised(made: Case, grade: SupervisionGrade, state: str = "issued") -> Case:
    return replace(made, supervision=(Supervision(named("order"), grade, "overdue", state, NOW),))


def sent_by(made: Case, officer: Officer) -> Case:
    step = Step(99, "E12", "dispatch", State.FILED, State.DISPATCHED, ActorKind.USER, NOW, actor_post=officer.post)
    return replace(made, steps=(*made.steps, step))


def kinds(made: Case, officer: Officer = OFFICER, covered: frozenset[str] = frozenset()) -> set[AlarmKind]:
    return {fact.kind for fact in facts_of(made, Post(officer, situations.rules(), covered), NOW)}


IMMEDIATE = Urgency.IMMEDIATE


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (case(State.REPORTED, urgency=IMMEDIATE), True),
        (case(State.REPORTED, urgency=Urgency.URGENT), False),
        (case(State.REPORTED), False),
        (case(State.REPORTED, severity=Severity.I), True),
        (case(State.REPORTED, severity=Severity.III), True),
        (case(State.REPORTED, severity=Severity.IV), False),
        (case(State.FILED, urgency=IMMEDIATE), False),
        (case(State.CLOSED, urgency=IMMEDIATE), False),
    ],
)
def test_an_urgent_report_nobody_took_in_is_an_alarm(made: Case, expected: bool) -> None:
    assert (AlarmKind.URGENT in kinds(made)) == expected


@pytest.mark.parametrize(
    ("officer", "expected"),
    [
        (OFFICER, True),
        (STREET_DESK, True),
        (replace(STREET_DESK, scope="330104008"), False),
        (replace(OFFICER, shift=None), False),
        (AUDITOR, False),
        (CHECKER, False),
    ],
)
def test_a_report_alarms_only_who_may_take_it_in(officer: Officer, expected: bool) -> None:
    assert (kinds(case(State.REPORTED, urgency=IMMEDIATE), officer) == {AlarmKind.URGENT}) == expected


def test_where_no_answer_is_needed_there_is_no_alarm() -> None:
    for state in State:
        if state in situations.WAYS:
            assert kinds(case(state)) == set()
            assert kinds(case(state, urgency=IMMEDIATE), AUDITOR) == set()


@pytest.mark.parametrize(
    ("handling", "oversight", "officer", "expected"),
    [
        (Level.STREET, Level.STREET, STREET_DESK, True),
        (Level.STREET, Level.STREET, OFFICER, False),
        (Level.STREET, Level.DISTRICT, OFFICER, True),
        (Level.COMMUNITY, Level.STREET, OFFICER, False),
        (Level.DISTRICT, Level.DISTRICT, OFFICER, True),
        (Level.DISTRICT, Level.DISTRICT, STREET_DESK, False),
    ],
)
def test_what_is_overdue_alarms_the_post_that_answers_for_it(
    handling: Level, oversight: Level, officer: Officer, expected: bool
) -> None:
    late = case(State.HANDLING, overdue=True, handling_level=handling, oversight_level=oversight)
    assert (kinds(late, officer) == {AlarmKind.OVERDUE}) == expected


def urged_by(made: Case, officer: Officer, **detail: str) -> Case:
    row, at = ("E69", "report_leader") if "text" in detail else ("E68", "urge")
    state = made.incident.state
    step = Step(99, row, at, state, state, ActorKind.USER, NOW, actor_post=officer.post, detail=detail)
    return replace(made, steps=(*made.steps, step))


@pytest.mark.parametrize(
    ("officer", "expected"),
    [
        (STREET_DESK, True),
        (replace(STREET_DESK, scope="330104008"), False),
        (OFFICER, False),
        (replace(STREET_DESK, post=OFFICER.post), False),
        (AUDITOR, False),
    ],
)
def test_who_is_urged_hears_it_and_nobody_else(officer: Officer, expected: bool) -> None:
    assert (AlarmKind.URGED in kinds(urged_by(case(State.FILED), OFFICER, to="queue_3"), officer)) == expected


def test_an_urging_is_over_once_somebody_else_has_acted() -> None:
    urged = urged_by(case(State.FILED), OFFICER, to="queue_3")
    noted = Step(100, "E64", "edit", State.FILED, State.FILED, ActorKind.USER, NOW, actor_post=STREET_DESK.post)
    assert kinds(replace(urged, steps=(*urged.steps, noted)), STREET_DESK) == set()
    assert kinds(replace(urged, incident=replace(urged.incident, state=State.DISPATCHED)), STREET_DESK) == set()


def test_a_report_to_the_leader_rings_at_the_leaders_desk_until_it_is_answered() -> None:
    leader = replace(OFFICER, role=Role.LEADER, shift=None, post=named("leader"))
    told = urged_by(case(State.HANDLING, oversight_level=Level.DISTRICT), OFFICER, text="three houses")
    assert kinds(told, leader) == {AlarmKind.LEADER}
    assert kinds(told, OFFICER) == set()
    answer = Step(100, "E70", "answer_report", State.HANDLING, State.HANDLING, ActorKind.USER, NOW, actor_post=leader.post)
    assert kinds(replace(told, steps=(*told.steps, answer)), leader) == set()


def test_who_covers_a_queue_is_alarmed_for_it() -> None:
    late = case(State.FILED, overdue=True)
    assert kinds(late) == set()
    assert kinds(late, covered=frozenset({"330104005"})) == {AlarmKind.OVERDUE}
    assert kinds(late, covered=frozenset({"330104008"})) == set()


@pytest.mark.parametrize(
    ("state", "timer", "fired", "expected"),
    [
        (State.REPORTED, TimerKind.T1_INTAKE, 1, {AlarmKind.OVERDUE}),
        (State.REPORTED, TimerKind.T1_INTAKE, 0, set()),
        (State.FILED, TimerKind.T3_DISPATCH, 1, {AlarmKind.OVERDUE}),
        (State.DISPATCHED, TimerKind.T4_ACK, 1, {AlarmKind.UNANSWERED}),
        (State.DISPATCHED, TimerKind.T5_ACCEPT, 2, {AlarmKind.UNANSWERED}),
        (State.DISPATCHED, TimerKind.T5_ACCEPT, 0, set()),
        (State.HANDLING, TimerKind.T6_ARRIVE, 1, {AlarmKind.OVERDUE}),
    ],
)
def test_a_clock_that_rang_is_an_alarm_of_its_kind(
    state: State, timer: TimerKind, fired: int, expected: set[AlarmKind]
) -> None:
    assert kinds(with_timer(case(state), timer, fired), STREET_DESK) == expected


def test_an_urgent_report_that_is_late_too_is_one_alarm_in_another_turn() -> None:
    new = case(State.REPORTED, urgency=IMMEDIATE)
    late = with_timer(new, TimerKind.T1_INTAKE)
    (before,), (after,) = (tuple(facts_of(each, Post(STREET_DESK, situations.rules()), NOW)) for each in (new, late))
    assert (after.kind, after.key) == (AlarmKind.URGENT, before.key), "one answer ends both"
    assert after.turn != before.turn, "its clock rang: it is heard again"


def test_a_clock_that_no_longer_runs_is_none() -> None:
    assert kinds(with_timer(case(State.FILED), TimerKind.T3_DISPATCH, state=TimerState.CANCELLED), STREET_DESK) == set()


def test_an_unanswered_order_alarms_who_sent_it_too() -> None:
    silent = with_timer(case(State.DISPATCHED), TimerKind.T4_ACK)
    assert kinds(silent) == set(), "it is the street's queue"
    assert kinds(sent_by(silent, OFFICER)) == {AlarmKind.UNANSWERED}


@pytest.mark.parametrize(("row", "ended"), [("E61", AssignmentState.DECLINED), ("E22", AssignmentState.EXPIRED)])
def test_an_order_given_back_asks_for_another_until_somebody_is_sent(row: str, ended: AssignmentState) -> None:
    order = Assignment(named("order"), 1, LeadRole.LEAD, named("gone"), "gone", None, ended, "", sent_at=NOW)
    step = Step(99, row, "decline", State.DISPATCHED, State.FILED, ActorKind.USER, NOW)
    waits = case(State.FILED)
    back = replace(waits, assignments=(order,), steps=(*waits.steps, step))
    assert kinds(back, STREET_DESK) == {AlarmKind.UNANSWERED}
    assert kinds(replace(back, assignments=(replace(order, state=AssignmentState.RECALLED),)), STREET_DESK) == set()
    sent = replace(order, id=named("next"), state=AssignmentState.SENT)
    again = replace(back, incident=replace(back.incident, state=State.DISPATCHED), assignments=(order, sent))
    assert kinds(again, STREET_DESK) == set()


def test_an_unanswered_direct_order_asks_to_be_critical() -> None:
    silent = with_timer(case(State.DISPATCHED, mode="direct"), TimerKind.T4_ACK)
    (fact,) = facts_of(silent, Post(STREET_DESK, situations.rules()), NOW)
    assert fact.priority is Priority.CRITICAL


def test_another_ring_of_the_same_clock_is_another_turn() -> None:
    def turn(fired: int) -> AlarmFact:
        late = with_timer(case(State.FILED), TimerKind.T3_DISPATCH, fired)
        return next(iter(facts_of(late, Post(STREET_DESK, situations.rules()), NOW)))

    assert turn(1).key == turn(2).key
    assert turn(1).turn != turn(2).turn


@pytest.mark.parametrize(
    ("grade", "state", "officer", "priority"),
    [
        (SupervisionGrade.NOTICE, "issued", STREET_DESK, Priority.LOW),
        (SupervisionGrade.RED, "issued", STREET_DESK, Priority.HIGH),
        (SupervisionGrade.YELLOW, "rejected", STREET_DESK, Priority.LOW),
        (SupervisionGrade.RED, "replied", STREET_DESK, None),
        (SupervisionGrade.RED, "closed", STREET_DESK, None),
        (SupervisionGrade.RED, "issued", OFFICER, None),
        (SupervisionGrade.RED, "issued", AUDITOR, None),
    ],
)
def test_a_supervision_order_waits_for_the_answer_of_whose_queue_it_is(
    grade: SupervisionGrade, state: str, officer: Officer, priority: Priority | None
) -> None:
    found = tuple(facts_of(supervised(case(State.HANDLING), grade, state), Post(officer, situations.rules()), NOW))
    assert [(fact.kind, fact.priority) for fact in found] == ([(AlarmKind.SUPERVISION, priority)] if priority else [])


@pytest.mark.parametrize(
    ("kind", "level", "officer", "expected"),
    [
        (ApprovalKind.RETURN, Level.STREET, STREET_DESK, True),
        (ApprovalKind.SUSPEND_DEFER, Level.DISTRICT, situations.SHIFT_LEAD, True),
        (ApprovalKind.SUSPEND_DEFER, Level.STREET, STREET_DESK, False),
        (ApprovalKind.EXTEND, Level.DISTRICT, OFFICER, False),
        (ApprovalKind.EXTEND, Level.DISTRICT, situations.SHIFT_LEAD, True),
        (ApprovalKind.EXTEND, Level.DISTRICT, replace(situations.SHIFT_LEAD, staff=named("asker")), False),
    ],
)
def test_a_request_waits_for_who_may_decide_it_and_never_for_who_asked(
    kind: ApprovalKind, level: Level, officer: Officer, expected: bool
) -> None:
    asked = Approval(named("asked"), 1, kind, ApprovalState.PENDING, named("asker"), "陈伟", NOW, "等配件", level)
    state = {ApprovalKind.RETURN: State.DISPATCHED}.get(kind, State.HANDLING)
    waiting = replace(case(state), approvals=(asked,))
    assert (kinds(waiting, officer) == {AlarmKind.APPROVAL}) == expected
    decided = replace(waiting, approvals=(replace(asked, state=ApprovalState.GRANTED),))
    assert kinds(decided, officer) == set()


def test_every_answer_in_the_table_is_a_command_and_every_kind_has_a_sound() -> None:
    named_words = {word for watch in WATCHES for word in watch.answered_by}
    assert named_words <= set(COMMANDS)
    assert set(SOUND_OF) == set(AlarmKind)


def test_a_fact_says_where_and_what_it_is_about() -> None:
    (fact,) = facts_of(case(State.REPORTED, urgency=IMMEDIATE, category="05.01"), Post(OFFICER, situations.rules()), NOW)
    assert (fact.place, fact.category) == ("330104005051", "05")
    assert isinstance(fact.at, datetime)
