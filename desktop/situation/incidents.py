"""The queues (待受理 ... 全部) a case lies in, and the order in which a person should look at them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from governance.deadline import has_missed
from governance.attempt import pending_approval
from governance.echoes import all_told
from governance.incident import TERMINAL, Case, State, TimerState

QUEUE_OF_STATE: dict[State, str] = {
    State.REPORTED: "intake",
    State.VERIFYING: "intake",
    State.FILED: "dispatch",
    State.DISPATCHED: "accept",
    State.HANDLING: "handling",
    State.SUSPENDED: "handling",
    State.RESOLVED: "check",
    State.CHECKING: "check",
    State.CLOSED: "feedback",
}
QUEUES = ("intake", "dispatch", "accept", "handling", "check", "feedback", "approval", "overdue", "supervised", "all")
"""待受理, 待派遣, 待接单, 处置中, 待核查, 待反馈, 待审批, 超时, 督办, 全部."""
UNGRADED = 9


def is_over(case: Case) -> bool:
    """Whether nothing is to be done any more: what was rejected still waits for its echo."""
    return case.incident.state in TERMINAL and all_told(case)


def queues_of(case: Case) -> tuple[str, ...]:
    """The queues a case lies in; none once it is over."""
    if is_over(case):
        return ()
    found = [QUEUE_OF_STATE.get(case.incident.state, "feedback")]
    if pending_approval(case):
        found.append("approval")
    if has_missed(case):
        found.append("overdue")
    if any(order.state != "closed" for order in case.supervision):
        found.append("supervised")
    return (*found, "all")


def what_first(case: Case) -> tuple[int, int, bool, float, str]:
    """Sort key: urgency, severity, what is late, what is due next, number."""
    incident = case.incident
    rings = [t.due_at.timestamp() for t in case.timers if t.due_at is not None and t.state is TimerState.RUNNING]
    if incident.due_at is not None:
        rings.append(incident.due_at.timestamp())
    due_s = min(rings, default=float("inf"))
    return (-int(incident.urgency), int(incident.severity) or UNGRADED, not has_missed(case), due_s, incident.number)


def queued(cases: Iterable[Case]) -> dict[str, tuple[UUID, ...]]:
    """Ids of every queue, what comes first first."""
    found: dict[str, list[Case]] = {queue: [] for queue in QUEUES}
    for case in cases:
        for queue in queues_of(case):
            found[queue].append(case)
    return {queue: tuple(case.incident.id for case in sorted(lying, key=what_first)) for queue, lying in found.items()}
