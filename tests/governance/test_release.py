"""解除协办 (E72): one who took it up and is heard of no more holds nobody back."""

from __future__ import annotations

import pytest

from governance.commands import Accept, Complete, ReleaseAssist
from governance.incident import Attachment, State
from governance.refusal import Refused
from tests.governance.field import DO, named, recipient, reported, walk, worker
from tests.governance.ways import ASSIST_AT_WORK

BUSY = walk(reported(), *ASSIST_AT_WORK)
DONE = Complete("done", (Attachment(named("photo"), "0" * 64, "image/jpeg", 3, "after"),))


def test_a_lead_finishes_when_a_silent_assist_was_let_go() -> None:
    with pytest.raises(Refused, match="assist_open"):
        walk(BUSY, (DONE, worker("li")))
    free = walk(BUSY, (ReleaseAssist(recipient("wang"), "gone silent"), DO))
    ended = next(order for order in free.assignments if order.worker == named("wang"))
    assert (ended.state, ended.ended_reason, free.lead) == ("released", "gone silent", BUSY.lead)
    step = free.steps[-1]
    assert (step.row, step.detail["assist"], step.reason) == ("E72", "wang", "gone silent")
    assert walk(free, (DONE, worker("li"))).incident.state is State.RESOLVED


@pytest.mark.parametrize(
    ("who", "reason", "code"),
    [("wang", " ", "reason_needed"), ("li", "the lead", "goes_not_along"), ("chen", "a stranger", "goes_not_along")],
)
def test_only_who_goes_along_is_let_go_and_with_a_reason(who: str, reason: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        walk(BUSY, (ReleaseAssist(recipient(who), reason), DO))
    with pytest.raises(Refused, match="no_assist"):
        walk(walk(reported(), *ASSIST_AT_WORK[:-1], (Accept(), worker("wang")), (ReleaseAssist(recipient("wang"), "x"), DO)),
             (ReleaseAssist(recipient("wang"), "again"), DO))  # fmt: skip
