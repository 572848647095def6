"""待审批: what waits for a decision, what the post may decide first; plain."""

from __future__ import annotations

from uuid import UUID

from desktop.dispatch.approval_list import may_decide
from desktop.seat import Seat
from desktop.situation.incidents import first_in
from governance.attempt import pending_approval


def inbox(seat: Seat) -> tuple[UUID, ...]:
    """Every incident that waits for a decision: what the officer's post may decide first, of that what is due first."""
    waiting = sorted((case for case in seat.situation.cases.values() if pending_approval(case)), key=first_in("approval"))
    waiting.sort(key=lambda case: not may_decide(seat, case))
    return tuple(case.incident.id for case in waiting)
