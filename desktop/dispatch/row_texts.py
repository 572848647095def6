"""What a row of the board says of a case: its time left and how it stands, as the queue it stands in asks for; plain."""

from __future__ import annotations

from desktop.dispatch.approval_list import may_decide, time_to_decide
from desktop.dispatch.case_view import remaining_s, state_text, time_said
from desktop.dispatch.supervision_list import grade_said, time_to_answer
from desktop.seat import Seat
from governance.attempt import open_supervision, pending_approval
from governance.incident import Case


def row_texts(seat: Seat, case: Case, section: str) -> tuple[str, bool, str]:
    """Time left, whether it is over, and how the case stands: in 待审批 what is asked, in 督办 how grave the order is."""
    words, now, calendar = seat.words, seat.now(), seat.situation.rules.calendar
    asked, order = pending_approval(case), open_supervision(case)
    if section == "approval" and asked is not None:
        told, late = time_to_decide(seat, case)
        said = words("row.asked", kind=words(f"approval.{asked.kind}"), who=asked.asked_name)
        return told, late, said if may_decide(seat, case) else words("row.not_yours", said=said)
    if section == "supervised" and order is not None:
        told, late = time_to_answer(seat, order)
        return (
            told,
            late,
            words("row.supervised", grade=grade_said(seat, order), state=words(f"supervision.state.{order.state}")),
        )
    left_s = remaining_s(case, now, calendar)
    return time_said(words, case, now, calendar), left_s is not None and left_s < 0, state_text(words, case)
