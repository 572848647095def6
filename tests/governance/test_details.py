"""What a step leaves behind in orders and clocks, one thing at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from governance.commands import AddAssist, Archive, CheckPass, Command, Complete, Decline, Progress, Reject, SendFeedback
from governance.incident import (
    Assignment,
    AssignmentState,
    Case,
    LeadRole,
    TimerKind,
    TimerState,
)
from governance.lifecycle import SYSTEM_OFFICER, after
from governance.people import Officer
from governance.refusal import Refused
from tests.governance.chance import PHOTO
from tests.governance.field import (
    CK,
    DO,
    NOON,
    RULES,
    TO_DISPATCHED,
    TO_FILED,
    TO_HANDLING,
    named,
    recipient,
    reported,
    walk,
)
from tests.governance.ways import ASSIST_AT_WORK, LI, TO_CHECKING, TO_CLOSED, TO_RESOLVED, WANG, Fire, carried_out


def order_of(case: Case, name: str) -> Assignment:
    """The newest order to a worker."""
    return next(a for a in reversed(case.assignments) if a.worker == named(name))


def running(case: Case) -> list[str]:
    """The clocks that run."""
    return sorted(t.kind.value for t in case.timers if t.state is TimerState.RUNNING)


REJECTED = walk(reported(), (Reject("not_ours", "words"), DO))
ARCHIVED = walk(reported(), *TO_CLOSED, (SendFeedback("ok"), DO), (Archive(), SYSTEM_OFFICER))


@pytest.mark.parametrize(
    ("case", "clocks"),
    [
        (reported(), ["T1"]),
        (walk(reported(), *TO_FILED), ["T3", "T7"]),
        (walk(reported(), *TO_DISPATCHED), ["T4", "T5", "T7"]),
        (walk(reported(), *TO_HANDLING), ["T6", "T7"]),
        (walk(reported(), *TO_RESOLVED), ["T8"]),
        (walk(reported(), *TO_CHECKING), ["T8"]),
        (walk(reported(), *TO_CLOSED), ["T9"]),
        (walk(reported(), *TO_CLOSED, (SendFeedback("ok"), DO)), []),
        (REJECTED, ["T9"]),
        (walk(reported(anonymous=True), (Reject("not_ours", "words"), DO)), []),
        (walk(REJECTED, (SendFeedback("not ours"), DO)), []),
        (ARCHIVED, []),
    ],
)
def test_the_clocks_of_a_state_run_and_no_others(case: Case, clocks: list[str]) -> None:
    assert running(case) == clocks


@pytest.mark.parametrize("case", [REJECTED, ARCHIVED, walk(reported(), *TO_CHECKING, (CheckPass(condition_met=True), CK))])
def test_over_means_that_nothing_of_the_resolve_clock_is_left_open(case: Case) -> None:
    assert all(t.state is TimerState.CANCELLED for t in case.timers if t.kind is not TimerKind.T9_FEEDBACK)


def test_who_is_added_gets_an_order_of_his_own() -> None:
    added = order_of(walk(reported(), *TO_HANDLING, (AddAssist(recipient("zhao"), "bring a ladder"), DO)), "zhao")
    assert (added.role, added.state, added.order_text) == (LeadRole.ASSIST, AssignmentState.SENT, "bring a ladder")


@pytest.mark.parametrize(("who", "name"), [(LI, "li"), (WANG, "wang")])
def test_who_cannot_go_is_counted_and_his_reason_kept(who: Officer, name: str) -> None:
    case = walk(reported(), *TO_DISPATCHED, (Decline("ill", "fever"), who))
    assert (order_of(case, name).state, order_of(case, name).ended_reason) == (AssignmentState.DECLINED, "fever")
    assert case.incident.decline_count == 1


def test_pictures_of_progress_count_as_evidence() -> None:
    working = walk(reported(), *ASSIST_AT_WORK, (Complete("helped"), WANG), (Progress("", (PHOTO,)), LI))
    done = order_of(walk(working, (Complete("done"), LI)), "li")
    assert (done.state, done.attachments, done.result_text) == (AssignmentState.DONE, (PHOTO,), "done")


def test_who_is_reminded_has_it_on_his_order() -> None:
    once = carried_out(walk(reported(), *TO_DISPATCHED), Fire(TimerKind.T4_ACK), SYSTEM_OFFICER)
    assert order_of(once, "li").reminders == 1
    timer = next(t for t in once.timers if t.kind is TimerKind.T4_ACK)
    assert (timer.fired, timer.state) == (1, TimerState.RUNNING)
    assert timer.due_at == NOON + timedelta(minutes=2 + 30)


def test_a_clock_that_rings_once_is_over_then() -> None:
    late = carried_out(walk(reported(), *TO_HANDLING), Fire(TimerKind.T6_ARRIVE), SYSTEM_OFFICER)
    timer = next(t for t in late.timers if t.kind is TimerKind.T6_ARRIVE)
    assert (timer.fired, timer.state, timer.consumed_s) == (1, TimerState.FIRED, 7200)


@pytest.mark.parametrize(("command", "who"), [(Complete(" "), WANG), (Progress(" "), LI)])
def test_nothing_is_said_without_words(command: Command, who: Officer) -> None:
    with pytest.raises(Refused) as refused:
        after(walk(reported(), *ASSIST_AT_WORK), command, who, RULES, NOON)
    assert refused.value.code == "text_needed"


def test_the_clocks_of_an_order_belong_to_it() -> None:
    case = walk(reported(), *TO_DISPATCHED)
    lead = case.lead
    assert lead is not None
    owners = {t.kind: t.assignment for t in case.timers if t.state is TimerState.RUNNING}
    assert owners == {TimerKind.T4_ACK: lead.id, TimerKind.T5_ACCEPT: lead.id, TimerKind.T7_RESOLVE: None}
