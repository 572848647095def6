"""催办 and 报告带班领导: who has to act now is urged, not too often; the leader on duty is told, and answers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from governance.commands import (
    AnswerReport,
    Decline,
    Dispatch,
    File,
    ReportLeader,
    SendCheck,
    SendVerify,
    SetSeverity,
    Supervise,
    Urge,
)
from governance.incident import Case, Severity, State, SupervisionGrade
from governance.lifecycle import after
from governance.people import Role
from governance.urging import URGE_PAUSE, must_act
from tests.governance.field import CK, DO, LEAF, NOON, SL, WHOLE, officer, recipient, reported, walk
from tests.governance.ways import (
    AT_WORK,
    DEFERRED,
    FILED,
    LD,
    LI,
    SENT,
    TO_CHECKING,
    TO_CLOSED,
    TO_RESOLVED,
    raised,
    refusal_of,
)

SOON, LATER = NOON + timedelta(minutes=9, seconds=59), NOON + URGE_PAUSE
GRAVE = walk(reported(), (File(LEAF, severity=Severity.II), DO))
CHECKED_BY = walk(reported(), *TO_RESOLVED, (SendCheck(CK.staff), DO))


@pytest.mark.parametrize(
    ("case", "to", "worker"),
    [
        (reported(), "queue_2", ""),
        (walk(reported(), (SendVerify(recipient("li")), DO)), "verifier", "li"),
        (FILED, "queue_2", ""),
        (raised(FILED), "queue_4", ""),
        (SENT, "lead", "li"),
        (AT_WORK, "lead", "li"),
        (walk(reported(), *TO_RESOLVED), "queue_2", ""),
        (walk(reported(), *TO_CHECKING), "queue_2", ""),
        (CHECKED_BY, "checker", "CK"),
    ],
    ids=lambda value: str(value)[:12],
)
def test_whoever_has_to_act_now_is_urged_and_the_step_says_who(case: Case, to: str, worker: str) -> None:
    urged = after(case, Urge("where are you"), DO, WHOLE, LATER)
    step, staff = urged.steps[-1], {"li": LI.staff, "CK": CK.staff}.get(worker)
    assert (step.row, step.detail["to"], step.detail["text"]) == ("E68", to, "where are you")
    assert step.detail.get("lead_worker", "") == (str(staff) if staff else "")
    assert (urged.incident.state, urged.supervision) == (case.incident.state, case.supervision)
    assert must_act(urged) == must_act(case)
    if to == "lead":
        assert urged.lead is not None
        assert case.lead is not None
        assert urged.lead.reminders == case.lead.reminders + 1


def test_nobody_is_urged_twice_within_ten_minutes_and_the_refusal_says_who_did() -> None:
    once = after(AT_WORK, Urge(), DO, WHOLE, NOON)
    with pytest.raises(Exception, match="urged_lately") as refused:
        after(once, Urge(), SL, WHOLE, SOON)
    assert refused.value.details == {"who": DO.name, "minutes": "1"}  # type: ignore[attr-defined]
    assert after(once, Urge(), SL, WHOLE, LATER).steps[-1].actor_name == SL.name


def test_another_who_is_sent_may_be_urged_at_once() -> None:
    once = after(SENT, Urge(), DO, WHOLE, NOON)
    other = walk(once, (Decline("ill"), LI), (Dispatch(recipient("zhao")), DO))
    assert after(other, Urge(), DO, WHOLE, SOON).steps[-1].detail["lead"] == "zhao"


@pytest.mark.parametrize("case", [DEFERRED, walk(reported(), *TO_CLOSED)])
def test_nobody_is_urged_while_nobody_has_to_act(case: Case) -> None:
    assert refusal_of(lambda: after(case, Urge(), DO, WHOLE, LATER)) == "not_in_state"


def test_urging_is_no_supervision() -> None:
    urged = after(AT_WORK, Urge(), DO, WHOLE, LATER)
    assert not urged.incident.supervised
    assert after(urged, Supervise(SupervisionGrade.NOTICE, "hurry"), SL, WHOLE, LATER).incident.supervised


def test_the_leader_is_told_only_of_what_cannot_be_raised_further() -> None:
    told = ReportLeader("gas in three houses", leaders="Zhao")
    assert refusal_of(lambda: after(AT_WORK, told, DO, WHOLE, LATER)) == "not_top_level"
    grave = after(AT_WORK, SetSeverity(Severity.II, "it spreads"), DO, WHOLE, LATER)
    step = after(grave, told, DO, WHOLE, LATER).steps[-1]
    assert (step.row, step.detail) == ("E69", {"leaders": "Zhao", "text": told.text})
    assert after(raised(FILED), told, DO, WHOLE, LATER).incident.state is State.FILED


def test_where_no_leader_is_signed_on_somebody_has_to_take_the_call() -> None:
    assert refusal_of(lambda: after(GRAVE, ReportLeader("gas"), DO, WHOLE, LATER)) == "no_leader_signed_on"
    assert refusal_of(lambda: after(GRAVE, ReportLeader(" ", "Zhao"), DO, WHOLE, LATER)) == "text_needed"
    assert after(GRAVE, ReportLeader("gas", "Zhao", "T-3"), DO, WHOLE, LATER).steps[-1].detail["receipt"] == "T-3"


def test_a_leader_answers_a_report_once_and_only_leaders_do() -> None:
    assert refusal_of(lambda: after(GRAVE, AnswerReport(), LD, WHOLE, LATER)) == "nothing_reported"
    told = walk(GRAVE, (ReportLeader("gas", leaders="Zhao"), DO))
    assert refusal_of(lambda: after(told, AnswerReport(), SL, WHOLE, LATER)) == "not_your_role"
    seen = walk(told, (AnswerReport("evacuate"), officer(Role.LEADER, shift=None)))
    assert refusal_of(lambda: after(seen, AnswerReport(), LD, WHOLE, LATER)) == "nothing_reported"
    assert after(seen, ReportLeader("more", leaders="Zhao"), DO, WHOLE, LATER).steps[-1].row == "E69"
