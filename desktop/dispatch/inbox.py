"""待审批: what waits for a decision, what the post may decide first; plain."""

from __future__ import annotations

from uuid import UUID

from desktop.dispatch.approval_list import may_decide
from desktop.seat import Seat
from desktop.situation.incidents import first_in
from governance.attempt import pending_approval
from governance.incident import Case


def waits(case: Case | None) -> bool:
    """Whether a case waits for a decision."""
    return case is not None and pending_approval(case) is not None


def inbox(seat: Seat) -> tuple[UUID, ...]:
    """Every incident that waits for a decision: what the officer's post may decide first, of that what is due first."""
    waiting = sorted((case for case in seat.situation.cases.values() if waits(case)), key=first_in("approval"))
    waiting.sort(key=lambda case: not may_decide(seat, case))
    return tuple(case.incident.id for case in waiting)
