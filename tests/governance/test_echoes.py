"""件件有回音: everybody who reported is told once in every cycle, the worker of the grid as well; nobody is told twice."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from governance.attempt import Case
from governance.commands import Accept, AttachReport, CheckFail, Dispatch, MarkFeedback, Reopen, SendCheck, SendFeedback
from governance.incident import ApprovalKind as K
from governance.incident import FeedbackState, Level, State, TimerKind, TimerState
from governance.lifecycle import SYSTEM_OFFICER, after, settled
from tests.governance.field import CK, DO, NOON, SECRET, SL, WHOLE, named, recipient, report, reported, walk, worker
from tests.governance.taken import OFF, ON_THE_SPOT, REJECTED, SEEN_BY_LI, SIGNED, TRANSFER
from tests.governance.ways import (
    AT_WORK,
    AU,
    CLOSED,
    DONE,
    LATER,
    LI,
    SENT,
    TO_CLOSED,
    TOLD,
    Beside,
    Fire,
    answered,
    carried_out,
    refusal_of,
)

ZHAO = named("zhao")


def closed_with(**more: object) -> Case:
    """A case that is closed, from a report of such a kind."""
    return walk(after(None, report(**more), DO, WHOLE, NOON), *TO_CLOSED)


@pytest.mark.parametrize(
    ("more", "owed"),
    [
        ({}, [("reporter", "pending", "")]),
        ({"anonymous": True}, [("reporter", "waived", "anonymous")]),
        ({"reporter_kind": "camera"}, [("reporter", "waived", "no_reporter")]),
        ({"reporter_worker": ZHAO}, [("worker", "pending", "")]),
        ({"origin_worker": ZHAO}, [("reporter", "pending", ""), ("grid_worker", "pending", "")]),
        ({"origin_worker": LI.staff}, [("reporter", "pending", ""), ("grid_worker", "waived", "handler")]),
        ({"origin_worker": ZHAO, "reporter_worker": ZHAO}, [("worker", "pending", "")]),
        ({"confidential": True, "reporter_worker": ZHAO}, [("reporter", "pending", "")]),
    ],
)
def test_who_is_owed_an_echo(more: dict[str, object], owed: list[tuple[str, str, str]]) -> None:
    assert [(f.target, f.state.value, f.waived_reason) for f in closed_with(**more).feedback] == owed


@pytest.mark.parametrize(("worker_of_grid", "state"), [(ZHAO, "pending"), (LI.staff, "waived")], ids=["told", "did it himself"])
def test_a_part_is_told_to_the_worker_of_its_grid(worker_of_grid: UUID, state: str) -> None:
    off = replace(OFF, origin_worker=worker_of_grid)
    part = walk(carried_out(None, Beside(off, (AT_WORK,)), SL), *TO_CLOSED[1:], at=LATER)
    assert [(f.target, f.worker, f.state.value) for f in part.feedback] == [("grid_worker", worker_of_grid, state)]
    assert settled(part, WHOLE, LATER).incident.state is (State.CLOSED if state == "pending" else State.ARCHIVED)


def test_a_second_reporter_is_told_as_well() -> None:
    both = walk(SENT, (AttachReport(report(9, report=named("second"))), DO), *TO_CLOSED[2:])
    assert [f.report for f in both.feedback] == [r.id for r in both.reports]
    one = after(both, SendFeedback("solved", both.feedback[0].id), DO, WHOLE, LATER)
    assert settled(one, WHOLE, LATER).incident.state is State.CLOSED
    assert settled(after(one, SendFeedback("solved"), DO, WHOLE, LATER), WHOLE, LATER).incident.state is State.ARCHIVED


@pytest.mark.parametrize("ends", [REJECTED, walk(reported(), (TRANSFER, DO)), answered(SIGNED[K.VOID], AU)], ids=str)
def test_what_is_over_without_being_done_owes_its_echoes_too(ends: Case) -> None:
    assert [t.kind for t in ends.timers if t.state is TimerState.RUNNING] == [TimerKind.T9_FEEDBACK]
    late = carried_out(ends, Fire(TimerKind.T9_FEEDBACK, 3), SYSTEM_OFFICER)
    assert (late.incident.state, late.incident.oversight_level) == (ends.incident.state, Level.DISTRICT)
    told = after(late, SendFeedback("it is theirs"), DO, WHOLE, late.steps[-1].at)
    assert not any(t.state is TimerState.RUNNING for t in told.timers)
    assert all(s.state == "closed" for s in told.supervision)


def test_an_echo_that_did_not_arrive_is_owed_again() -> None:
    failed = after(TOLD, MarkFeedback(TOLD.feedback[0].id, "failed"), DO, WHOLE, LATER)
    assert failed.feedback[0].state is FeedbackState.PENDING
    assert any(t.kind is TimerKind.T9_FEEDBACK and t.state is TimerState.RUNNING for t in failed.timers)


@pytest.mark.parametrize("archived", [False, True])
def test_the_worker_of_the_grid_says_himself_that_he_read_it(archived: bool) -> None:
    told = after(closed_with(origin_worker=ZHAO), SendFeedback("put away"), DO, WHOLE, LATER)
    case = settled(told, WHOLE, LATER) if archived else told
    own = next(f.id for f in case.feedback if f.worker == ZHAO)
    other = next(f.id for f in case.feedback if f.worker is None)
    read = after(case, MarkFeedback(own, "read"), worker("zhao"), WHOLE, LATER)
    assert next(f.state for f in read.feedback if f.id == own) is FeedbackState.READ
    assert refusal_of(lambda: after(case, MarkFeedback(other, "read"), worker("zhao"), WHOLE, LATER)) == "no_such_feedback"
    assert refusal_of(lambda: after(case, MarkFeedback(own, "read"), worker("chen"), WHOLE, LATER)) == "not_assigned"
    failed = after(case, MarkFeedback(own, "failed"), DO, WHOLE, LATER)
    owed = FeedbackState.FAILED if archived else FeedbackState.PENDING
    assert next(f.state for f in failed.feedback if f.id == own) is owed


def test_an_echo_that_did_not_arrive_after_all_was_archived_is_put_down_and_given_again() -> None:
    over = settled(after(closed_with(), SendFeedback("put away"), DO, WHOLE, LATER), WHOLE, LATER)
    (echo,) = over.feedback
    assert refusal_of(lambda: after(over, SendFeedback("once more"), DO, WHOLE, LATER)) == "no_feedback_owed"
    failed = after(over, MarkFeedback(echo.id, "failed", "number not in use"), DO, WHOLE, LATER)
    assert (failed.incident.state, failed.feedback[0].state) == (State.ARCHIVED, FeedbackState.FAILED)
    assert failed.steps[-1].reason == "number not in use"
    assert not any(t.state is TimerState.RUNNING for t in failed.timers)
    assert refusal_of(lambda: after(failed, SendFeedback("x", named("none")), DO, WHOLE, LATER)) == "no_such_feedback"
    told = after(failed, SendFeedback("told his wife", echo.id), DO, WHOLE, LATER)
    assert (told.incident.state, told.feedback[0].state, told.feedback[0].text) == (
        State.ARCHIVED,
        FeedbackState.SENT,
        "told his wife",
    )
    given_up = after(failed, SendFeedback("", waive_reason="moved away"), DO, WHOLE, LATER)
    assert (given_up.feedback[0].state, given_up.feedback[0].waived_reason) == (FeedbackState.WAIVED, "moved away")


def test_what_did_not_arrive_in_an_earlier_cycle_is_not_told_with_the_next() -> None:
    over = settled(after(closed_with(), SendFeedback("put away"), DO, WHOLE, LATER), WHOLE, LATER)
    failed = after(over, MarkFeedback(over.feedback[0].id, "failed"), DO, WHOLE, LATER)
    signed = after(after(failed, Reopen("it is back"), SL, WHOLE, LATER), Reopen("yes"), AU, WHOLE, LATER)
    again = walk(signed, *TO_CLOSED[1:], (SendFeedback("now it is gone"), DO), at=LATER)
    assert [(f.cycle, f.state.value) for f in again.feedback] == [(1, "failed"), (2, "sent")]


def test_each_cycle_tells_everybody_once() -> None:
    again = walk(after(TOLD, Reopen("it is back"), SL, WHOLE, LATER), *TO_CLOSED[1:], at=LATER)
    assert [(f.cycle, f.state.value) for f in again.feedback] == [(1, "sent"), (2, "pending")]
    unread = walk(after(CLOSED, Reopen("it is back"), SL, WHOLE, LATER), *TO_CLOSED[1:], at=LATER)
    assert [(f.cycle, f.state.value, f.waived_reason) for f in unread.feedback] == [
        (1, "waived", "reopened"),
        (2, "pending", ""),
    ]


def test_a_rework_in_the_second_cycle_goes_to_who_handled_it_then() -> None:
    again = after(CLOSED, Reopen("it is back"), SL, WHOLE, LATER)
    moves = ((Dispatch(recipient("zhao")), DO), (Accept(), worker("zhao")), (DONE, worker("zhao")), (SendCheck(), DO))
    failed = walk(again, *moves, (CheckFail("still there"), CK), at=LATER)
    assert failed.lead is not None
    assert (failed.lead.worker, failed.lead.cycle) == (ZHAO, 2)
    assert (failed.cycles[0].cycle, failed.cycles[0].lead_unit) == (1, recipient("li").unit)


def test_what_a_worker_settles_himself_is_as_secret_as_its_category() -> None:
    case = carried_out(SEEN_BY_LI, replace(ON_THE_SPOT, category=SECRET), LI)
    assert case.incident.confidentiality == 2
    assert case.incident.filed_at is not None
