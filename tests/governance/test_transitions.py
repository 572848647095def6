"""Every row of the transition table, once taken, and refused in every way it can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from governance.attempt import Attempt
from governance.commands import (
    Accept,
    Acknowledge,
    AddAssist,
    Archive,
    Arrive,
    CheckFail,
    CheckPass,
    Command,
    Complete,
    Decline,
    Dispatch,
    File,
    Progress,
    RaiseLevel,
    Reassign,
    Recall,
    Reject,
    SendCheck,
    SendFeedback,
    TimerFired,
)
from governance.incident import (
    ActorKind,
    Case,
    State,
    Supervision,
    SupervisionGrade,
    TimerKind,
    Urgency,
)
from governance.lifecycle import SYSTEM_OFFICER, after, row_for
from governance.people import Officer, Role
from governance.places import LonLat
from governance.refusal import Refused
from governance.transitions import TABLE
from tests.governance.chance import PHOTO
from tests.governance.field import (
    CK,
    DISTRICT,
    DO,
    GRID,
    LEAF,
    NOON,
    PLACE,
    SL,
    STREET,
    TO_DISPATCHED,
    TO_FILED,
    TO_HANDLING,
    WHOLE,
    named,
    officer,
    recipient,
    report,
    reported,
    walk,
    worker,
)
from tests.governance.taken import TAKEN
from tests.governance.ways import (
    ASSIST_AT_WORK,
    CO_CHECKED,
    DONE,
    DP,
    GRAVE,
    LATER,
    LI,
    SEND,
    TO_CHECKING,
    TO_CLOSED,
    TO_RESOLVED,
    Beside,
    Fire,
    Move,
    carried_out,
    fired_next,
    raised,
)


@pytest.mark.parametrize(("row", "case", "move", "who", "target"), TAKEN, ids=lambda v: str(v)[:24])
def test_a_row_leads_where_the_table_says(row: str, case: Case | None, move: Move, who: Officer, target: State) -> None:
    moved = carried_out(case, move, who)
    step = moved.steps[-1]
    assert (step.row, moved.incident.state, step.to_state) == (row, target, target)
    assert step.from_state is (case.incident.state if case else None) or isinstance(move, Fire)
    assert step.actor_kind is (ActorKind.TIMER if isinstance(move, Fire) else step.actor_kind)


def test_every_row_of_the_table_is_taken_above() -> None:
    taken = set()
    for _, case, move, who, _ in TAKEN:
        beside: tuple[Case, ...] = ()
        if isinstance(move, Fire):
            assert case is not None
            case = carried_out(case, Fire(move.kind, move.times - 1), who)
            command, _ = fired_next(case, move.kind)
        elif isinstance(move, Beside):
            command, beside = move.command, move.cases
        else:
            command = move
        taken.add(id(row_for(Attempt(case, command, who, WHOLE, LATER, beside=beside), type(command))))
    missed = [f"{row.id} {row.action.__name__} {row.sources} {row.when}" for row in TABLE if id(row) not in taken]
    assert not missed


AT_STREET = walk(raised(walk(reported(), *TO_FILED), 1), *TO_CHECKING[1:])
TOLD = walk(reported(), *TO_CLOSED, (SendFeedback("ok"), DO))
WATCHED = replace(TOLD, supervision=(Supervision(named("order"), SupervisionGrade.LEADER, "leader", "issued", NOON),))
REFUSED: list[tuple[str, Case | None, Command, Officer]] = [
    ("not_identified", None, report(incident=None), DO),
    ("grid_unknown", None, report(grid=""), SYSTEM_OFFICER),
    ("text_needed", None, report(text=" "), DO),
    ("category_unknown", None, report(category="77.01"), DO),
    ("not_your_area", None, report(grid="330105001001001"), DO),
    ("not_your_role", None, report(), officer(Role.AUDITOR)),
    ("not_in_state", reported(), report(), DO),
    ("category_unknown", reported(), File("99.01"), DO),
    ("category_not_leaf", reported(), File("03"), DO),
    ("grid_unknown", reported(grid=STREET), File(LEAF), DO),
    ("off_shift", reported(), File(LEAF), officer(Role.DUTY_OFFICER, shift=None)),
    ("not_your_area", reported(), File(LEAF), officer(Role.OPERATOR, scope="330104006001")),
    ("not_your_queue", raised(walk(reported(), *TO_FILED), 1), SEND, officer(Role.OPERATOR, scope=DISTRICT)),
    ("not_your_queue", raised(walk(reported(), *TO_FILED)), SEND, officer(Role.OPERATOR)),
    ("not_your_queue", raised(walk(reported(), *TO_FILED)), SEND, officer(Role.DUTY_OFFICER, scope=STREET)),
    ("not_cleared", reported(), File(LEAF), officer(Role.DUTY_OFFICER, clearance=-1)),
    ("reason_needed", reported(), Reject("not_ours", " "), DO),
    ("reason_needed", reported(), Reject("", "words"), DO),
    ("reason_unknown", reported(), Reject("ill", "words"), DO),
    ("reason_unknown", walk(reported(), *TO_DISPATCHED), Decline("not_ours"), LI),
    ("immediate", reported(urgency=Urgency.IMMEDIATE), Reject("not_ours", "words"), DO),
    ("reason_needed", walk(reported(), *TO_FILED), Dispatch(recipient("li", "street")), DO),
    ("named_twice", walk(reported(), *TO_FILED), Dispatch(recipient("li"), (recipient("li"),)), DO),
    ("reason_needed", walk(reported(), *TO_FILED), RaiseLevel(""), DO),
    ("top_level", raised(walk(reported(), *TO_FILED)), RaiseLevel("more"), DO),
    ("not_assigned", walk(reported(), *TO_DISPATCHED), Accept(), worker("zhao")),
    ("not_your_role", walk(reported(), *TO_DISPATCHED), Accept(), replace(DO, staff=named("li"))),
    ("assignment_not_in_state", walk(reported(), *TO_DISPATCHED, (Acknowledge(), LI)), Acknowledge(), LI),
    ("reason_needed", walk(reported(), *TO_DISPATCHED), Decline(""), LI),
    ("not_in_state", walk(reported(), *TO_HANDLING), Decline("ill"), LI),
    ("reason_needed", walk(reported(), *TO_DISPATCHED), Recall(""), DO),
    ("not_in_state", walk(reported(), *TO_HANDLING), Recall("late"), DO),
    ("reason_needed", walk(reported(), *TO_HANDLING), Arrive(LonLat(120.22, 30.27)), LI),
    ("reason_needed", walk(reported(), *TO_HANDLING), Arrive(), LI),
    ("assignment_not_in_state", walk(reported(), *TO_HANDLING, (Arrive(PLACE), LI)), Arrive(PLACE), LI),
    ("text_needed", walk(reported(), *TO_HANDLING), Progress(""), LI),
    ("already_assigned", walk(reported(), *TO_HANDLING), AddAssist(recipient("wang")), DO),
    ("already_assigned", walk(reported(), *TO_HANDLING), Reassign(recipient("li"), "why not"), DP),
    ("assist_open", walk(reported(), *ASSIST_AT_WORK), DONE, LI),
    ("photo_needed", walk(reported(), *TO_RESOLVED[:-1]), Complete("done"), LI),
    ("text_needed", walk(reported(), *TO_RESOLVED[:-1]), Complete("", (PHOTO,)), LI),
    ("handler_is_checker", walk(reported(), *TO_RESOLVED), SendCheck(named("li")), DO),
    ("handler_is_checker", walk(reported(), *TO_CHECKING), CheckPass(condition_met=True), replace(CK, staff=named("li"))),
    ("handler_is_checker", walk(reported(), *TO_CHECKING), CheckFail("no"), replace(CK, staff=named("wang"))),
    ("below_handling_level", walk(reported(), *TO_RESOLVED), SendCheck(named("other"), GRID), DO),
    ("below_handling_level", walk(reported(), *TO_CHECKING), CheckPass(condition_met=True), officer(Role.GRID_LEADER)),
    ("below_handling_level", AT_STREET, CheckFail("no"), officer(Role.OPERATOR)),
    ("not_your_check", walk(reported(), *TO_RESOLVED, (SendCheck(named("other")), DO)), CheckPass(condition_met=True), CK),
    ("condition_not_met", walk(reported(), *TO_CHECKING), CheckPass("", False), CK),
    ("reason_needed", walk(reported(), *TO_CHECKING), CheckFail(""), CK),
    ("already_checked", CO_CHECKED, CheckPass(condition_met=True), officer(Role.CHECKER, "another checker")),
    ("checker_is_signer", CO_CHECKED, CheckPass(condition_met=True), replace(SL, staff=CK.staff)),
    ("not_checked_yet", walk(reported(), *GRAVE), CheckPass(condition_met=True), SL),
    ("text_needed", walk(reported(), *TO_CLOSED), SendFeedback(""), DO),
    ("satisfaction_out_of_range", walk(reported(), *TO_CLOSED), SendFeedback("ok", satisfaction=6), DO),
    ("no_such_feedback", walk(reported(), *TO_CLOSED), SendFeedback("ok", named("none")), DO),
    ("no_feedback_owed", walk(reported(), *TO_CLOSED, (SendFeedback("ok"), DO)), SendFeedback("ok"), DO),
    ("supervision_open", WATCHED, Archive(), SYSTEM_OFFICER),
    ("feedback_pending", walk(reported(), *TO_CLOSED), Archive(), SYSTEM_OFFICER),
    ("no_such_timer", reported(), TimerFired(named("none"), TimerKind.T1_INTAKE, 0), SYSTEM_OFFICER),
    ("not_due_yet", reported(), TimerFired(reported().timers[0].id, TimerKind.T1_INTAKE, 0), SYSTEM_OFFICER),
    ("already_fired", reported(), TimerFired(reported().timers[0].id, TimerKind.T1_INTAKE, 1), SYSTEM_OFFICER),
]


@pytest.mark.parametrize(("code", "case", "command", "who"), REFUSED, ids=lambda v: str(v)[:24])
def test_a_rule_says_no_and_why(code: str, case: Case | None, command: Command, who: Officer) -> None:
    with pytest.raises(Refused) as refused:
        after(case, command, who, WHOLE, NOON + timedelta(minutes=12))
    assert refused.value.code == code, refused.value
