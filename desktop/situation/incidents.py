"""The queues (待受理 ... 全部) a case lies in, and the order in which a person should look at them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from governance.attempt import open_supervision, pending_approval
from governance.deadline import has_missed
from governance.echoes import all_told
from governance.incident import TERMINAL, Case, State, TimerKind, TimerState
from governance.timers import timer_of

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
Order = tuple[float | str, ...]
"""A sort key: numbers, then the incident's own number."""


def is_over(case: Case) -> bool:
    """Whether nothing is to be done any more: what was rejected still waits for its echo."""
    return case.incident.state in TERMINAL and all_told(case)


def queues_of(case: Case) -> tuple[str, ...]:
    """The queues a case lies in; once it is over none but that of a reopening that waits for its second signature."""
    if is_over(case):
        return ("approval", "all") if pending_approval(case) else ()
    found = [QUEUE_OF_STATE.get(case.incident.state, "feedback")]
    if pending_approval(case):
        found.append("approval")
    if has_missed(case):
        found.append("overdue")
    if any(order.state != "closed" for order in case.supervision):
        found.append("supervised")
    return (*found, "all")


def what_first(case: Case) -> Order:
    """Sort key: urgency, severity, what is late, what is due next, number."""
    incident = case.incident
    rings = [t.due_at.timestamp() for t in case.timers if t.due_at is not None and t.state is TimerState.RUNNING]
    if incident.due_at is not None:
        rings.append(incident.due_at.timestamp())
    due_s = min(rings, default=float("inf"))
    return (-int(incident.urgency), int(incident.severity) or UNGRADED, not has_missed(case), due_s, incident.number)


def first_in(queue: str) -> Callable[[Case], Order]:
    """The sort key of a queue: of requests and supervision orders what is to be decided or answered first."""
    return {"approval": _decided_first, "supervised": _answered_first}.get(queue, what_first)


def _decided_first(case: Case) -> Order:
    """What the decision is due on first, then what was asked first."""
    pending, clock = pending_approval(case), timer_of(case, TimerKind.T13_APPROVAL)
    due_s = clock.due_at.timestamp() if clock is not None and clock.due_at is not None else float("inf")
    return (due_s, pending.asked_at.timestamp() if pending is not None else float("inf"), case.incident.number)


def _answered_first(case: Case) -> Order:
    """The gravest order, of these what still owes an answer, of these what owes it first."""
    order = open_supervision(case)
    if order is None:
        return (0, 0, float("inf"), case.incident.number)
    due_s = order.reply_due.timestamp() if order.reply_due is not None else float("inf")
    return (-int(order.grade), order.state == "replied", due_s, case.incident.number)


def queued(cases: Iterable[Case]) -> dict[str, tuple[UUID, ...]]:
    """Ids of every queue, what comes first first."""
    found: dict[str, list[Case]] = {queue: [] for queue in QUEUES}
    for case in cases:
        for queue in queues_of(case):
            found[queue].append(case)
    return {queue: tuple(case.incident.id for case in sorted(lying, key=first_in(queue))) for queue, lying in found.items()}
