"""What a matter brings along when it joins another, and takes with it again: its urgency, its severity, its open order."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid5

from governance import clocks
from governance.attempt import Attempt, open_supervision
from governance.effects import gravest, watched_at_least
from governance.guards import GRAVE
from governance.incident import Case, Severity, Step, Supervision, TimerKind, Urgency
from governance.supervising import answer_clock_goes_on, supervision_ended
from governance.timers import hastened, stopped
from governance.watching import HURRIED, gravity

JUDGED = frozenset({"E06", "E48", "E50", "E51"})
"""Rows by which somebody has judged how urgent the whole is."""


def what_it_brings(attempt: Attempt) -> dict[str, str]:
    """Which of those that are merged are graver or more urgent than it is, and what stood here before; for the log."""
    now = attempt.incident
    brought = [
        case.incident.number
        for case in attempt.beside
        if gravity(case.incident.severity) > gravity(now.severity) or case.incident.urgency > now.urgency
    ]
    numbers = {"with": "、".join(case.incident.number for case in attempt.beside)}
    if not brought:
        return numbers
    stood = {"severity_stood": now.severity.name.lower(), "urgency_stood": now.urgency.name.lower()}
    return numbers | stood | {"brought_by": "、".join(brought)}


def order_it_had(attempt: Attempt) -> dict[str, str]:
    """How the order of supervision stood that it had when it was merged; for the log."""
    order = open_supervision(attempt.case) if attempt.case else None
    return {"order": order.state} if order else {}


def more_urgent(attempt: Attempt, case: Case, urgency: Urgency) -> Case:
    """At least so urgent; then every clock that runs hurries."""
    if urgency <= case.incident.urgency:
        return case
    case = replace(case, incident=replace(case.incident, urgency=urgency))
    return clocks.resolve_clock_hastened(attempt, hastened(*HURRIED)(attempt, case))


def inherited(attempt: Attempt, case: Case) -> Case:
    """It is as urgent, as grave, as watched as the first of those it takes in, and under the gravest of their orders."""
    taken = [source.incident for source in attempt.beside]
    severity = gravest(case.incident.severity, *(each.severity for each in taken))
    case = replace(case, incident=replace(case.incident, severity=severity))
    case = more_urgent(attempt, case, max(each.urgency for each in taken))
    case = watched_at_least(max(each.oversight_level for each in taken), "merge")(attempt, case)
    orders = [order for source in attempt.beside if (order := open_supervision(source))]
    return _under(attempt, case, max(orders, key=lambda order: order.grade)) if orders else case


def taken_back(attempt: Attempt, case: Case) -> Case:
    """The order it had when it was merged is its own again, with what became of it meanwhile."""
    joined = next((step for step in reversed(case.steps) if step.action == "merged_into"), None)
    if joined is None or "order" not in joined.detail:
        return case
    own = case.supervision[-1]
    master = next(each for each in attempt.beside if each.incident.id == attempt.incident.merged_into)
    there = next((order for order in master.supervision if order.id == _of_master(own, master)), None)
    order = replace(own, state=joined.detail["order"])
    if there is not None:  # its own may have risen as it was merged, where it was late by then
        order = replace(there, id=own.id) if there.grade >= own.grade else replace(own, state="issued")
    return answer_clock_goes_on(attempt, replace(case, supervision=(*case.supervision[:-1], order)))


def left_again(attempt: Attempt, case: Case) -> Case:
    """What only those that go again brought goes with them, unless somebody has judged the whole since."""
    order = open_supervision(case)
    if order is not None and order.id in {_of_master(each, case) for source in attempt.beside for each in source.supervision}:
        case = supervision_ended(attempt, case)
    numbers = {source.incident.number for source in attempt.beside}
    joined, gone = _joined_by(case, numbers)
    brought = set(_split(joined, "brought_by")) if joined else set()
    if joined is None or not numbers & brought or not brought <= numbers | gone:
        return case
    severity = Severity[joined.detail["severity_stood"].upper()]
    urgency = Urgency[joined.detail["urgency_stood"].upper()]
    case = replace(case, incident=replace(case.incident, severity=severity, urgency=urgency))
    return case if severity in GRAVE else stopped(TimerKind.T14_REPORT)(attempt, case)


def _joined_by(case: Case, numbers: set[str]) -> tuple[Step | None, set[str]]:
    """The step by which some were merged into it, and who went again since; None where somebody has judged the whole since."""
    gone: set[str] = set()
    for step in reversed(case.steps):
        if step.action == "merge" and numbers & set(_split(step, "with")):
            return step, gone
        if step.row in JUDGED or (step.row == "E02" and "urgency" in step.detail):
            return None, gone
        if step.action == "parted_from":
            gone |= set(_split(step, "number"))
    return None, gone


def _split(step: Step, name: str) -> list[str]:
    """Numbers of incidents out of a step."""
    return step.detail.get(name, "").split("、")


def _under(attempt: Attempt, case: Case, brought: Supervision) -> Case:
    """The case under an order that comes with another, in place of a less grave one of its own."""
    own = open_supervision(case)
    if own is not None and own.grade >= brought.grade:
        return case
    order = replace(brought, id=_of_master(brought, case))
    if own is not None:
        order = replace(brought, id=own.id, issued_at=own.issued_at)
    orders = tuple(order if each.id == order.id else each for each in case.supervision)
    orders = orders if order in orders else (*orders, order)
    case = replace(case, supervision=orders, incident=replace(case.incident, supervised=True))
    return answer_clock_goes_on(attempt, case)


def _of_master(order: Supervision, master: Case) -> UUID:
    """The id an order has at the incident it came along to."""
    return uuid5(order.id, str(master.incident.id))
