"""Before it is filed: who looks first, who is told first, and what a worker settles on the spot."""

from __future__ import annotations

from dataclasses import replace

import pytest

from governance.attempt import Case, Command, Officer
from governance.commands import (
    Backfill,
    Correct,
    File,
    NotifyOut,
    Part,
    SendVerify,
    SetSeverity,
    Split,
    Supervise,
    TransferOut,
    VerifyResult,
)
from governance.incident import Level, Severity, SupervisionGrade, TimerKind, TimerState, Urgency
from governance.lifecycle import SYSTEM_OFFICER, after
from tests.governance.field import DO, ELSEWHERE, GAS, LEAF, SEEN, SL, TOLD_FIRST, WHOLE, recipient, reported, walk
from tests.governance.taken import LOOKED, ON_THE_SPOT, SEEN_BY_LI, VERIFYING
from tests.governance.ways import DIRECT, FILED, LATER, LD, LI, PHOTO, WANG, Fire, carried_out, refusal_of

TOLD_120 = walk(reported(), (NotifyOut("120", "Chen"), DO))
LOOKED_IN_VAIN = walk(VERIFYING, (VerifyResult("not_exist", "nothing there"), LI))
HURRIED = walk(SEEN_BY_LI, (SetSeverity(Severity.II, "it spreads"), DO))


@pytest.mark.parametrize(
    ("case", "command", "who", "code"),
    [
        (reported(), File(SEEN), DO, "reason_needed"),
        (reported(), File(SEEN, reason="seen on camera"), DO, ""),
        (reported(), File(SEEN, Urgency.IMMEDIATE), DO, ""),
        (walk(VERIFYING, (LOOKED, LI)), File(SEEN), DO, ""),
        (SEEN_BY_LI, File(SEEN), DO, ""),
        (reported(), File(TOLD_FIRST), DO, "outside_first"),
        (TOLD_120, File(TOLD_FIRST), DO, ""),
        (walk(reported(), (NotifyOut("gas", "Chen"), DO)), File(TOLD_FIRST), DO, "outside_first"),
        (FILED, Correct("wrong kind", TOLD_FIRST), DO, "outside_first"),
        (walk(FILED, (NotifyOut("120", "Chen"), DO)), Correct("wrong kind", TOLD_FIRST), DO, ""),
        (FILED, Split((Part(LEAF, "one"), Part(TOLD_FIRST, "the other"))), SL, "outside_first"),
        (DIRECT, Backfill(TOLD_FIRST), DO, "outside_first"),
        (walk(DIRECT, (NotifyOut("120", "Chen"), DO)), Backfill(TOLD_FIRST), DO, ""),
        (SEEN_BY_LI, replace(ON_THE_SPOT, category=TOLD_FIRST), LI, "outside_first"),
        (LOOKED_IN_VAIN, File(SEEN), DO, "reason_needed"),
        (LOOKED_IN_VAIN, File(SEEN, reason="three neighbours saw it"), DO, ""),
        (walk(VERIFYING, (VerifyResult("unable", "locked"), LI)), File(SEEN), DO, "reason_needed"),
        (carried_out(VERIFYING, Fire(TimerKind.T2_VERIFY), SYSTEM_OFFICER), File(SEEN), DO, "reason_needed"),
        (reported(urgency=Urgency.IMMEDIATE), SendVerify(recipient("li")), DO, "immediate"),
        (SEEN_BY_LI, SendVerify(recipient("li")), DO, "seen_already"),
        (walk(VERIFYING, (LOOKED, LI)), SendVerify(recipient("li")), DO, "already_verified"),
        (reported(), SendVerify(), DO, "nobody_on_duty"),
        (VERIFYING, LOOKED, WANG, "not_assigned"),
        (VERIFYING, VerifyResult("perhaps", "why"), LI, "bad_value"),
        (VERIFYING, VerifyResult("exist"), LI, "reason_needed"),
        (reported(), ON_THE_SPOT, LI, "not_seen_by_worker"),
        (HURRIED, ON_THE_SPOT, LI, "too_urgent"),
        (SEEN_BY_LI, replace(ON_THE_SPOT, category=GAS), LI, "not_minor"),
        (SEEN_BY_LI, replace(ON_THE_SPOT, attachments=(PHOTO,)), LI, "photo_needed"),
        (SEEN_BY_LI, replace(ON_THE_SPOT, text=" "), LI, "text_needed"),
        (SEEN_BY_LI, ON_THE_SPOT, replace(LI, scope=ELSEWHERE), "not_your_area"),
        (reported(), TransferOut("119", "theirs"), DO, "receipt_needed"),
        (reported(), TransferOut("", "theirs", "no. 7"), DO, "target_needed"),
        (reported(), TransferOut("119", "", "no. 7"), DO, "reason_needed"),
    ],
    ids=lambda v: str(v)[:24],
)
def test_what_has_to_come_first(case: Case, command: Command, who: Officer, code: str) -> None:
    assert refusal_of(lambda: after(case, command, who, WHOLE, LATER)) == code


@pytest.mark.parametrize(
    ("open_grade", "new_grade", "code"),
    [(1, 2, ""), (2, 2, "grade_must_rise"), (3, 1, "grade_must_rise"), (3, 4, "")],
)
def test_an_order_of_supervision_only_rises(open_grade: int, new_grade: int, code: str) -> None:
    watched = walk(FILED, (Supervise(SupervisionGrade(open_grade), "hurry"), SL))
    graver = Supervise(SupervisionGrade(new_grade), "hurry more")
    assert refusal_of(lambda: after(watched, graver, LD, WHOLE, LATER)) == code


def test_an_order_nobody_answers_rises_to_the_leader_and_is_watched_from_the_top() -> None:
    case = walk(FILED, (Supervise(SupervisionGrade.NOTICE, "hurry"), SL))
    grades = []
    while any(t.kind is TimerKind.T10_SUPERVISION and t.state is TimerState.RUNNING for t in case.timers):
        case = carried_out(case, Fire(TimerKind.T10_SUPERVISION), SYSTEM_OFFICER)
        grades.append(case.supervision[-1].grade.name)
    assert grades == ["YELLOW", "RED", "LEADER", "LEADER"]
    assert case.incident.oversight_level is Level.DISTRICT
