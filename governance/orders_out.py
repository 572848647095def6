"""Effects on assignments: who is sent, takes it up, arrives, finishes, is called back."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid5

from governance.attempt import Attempt, Effect, live_assists
from governance.commands import (
    AddAssist,
    Arbitrate,
    Arrive,
    AutoDispatch,
    Claim,
    Complete,
    Decline,
    Dispatch,
    Progress,
    Reassign,
    Recipient,
    ReleaseAssist,
)
from governance.demands import is_off_rule
from governance.incident import Assignment, AssignmentState, Case, LeadRole


def dispatched(attempt: Attempt, case: Case) -> Case:
    """Orders go out to the lead and to those who assist."""
    order = attempt.command
    assert isinstance(order, Dispatch | Reassign | Claim | Arbitrate | AutoDispatch)
    text, reason = getattr(order, "order_text", ""), getattr(order, "reason", "")
    case = order_to(attempt, case, order.lead, LeadRole.LEAD, text, reason)
    for recipient in order.assists if isinstance(order, Dispatch) else ():
        case = order_to(attempt, case, recipient, LeadRole.ASSIST, text)
    return case


def assist_sent(attempt: Attempt, case: Case) -> Case:
    """An order goes out to one more who assists."""
    order = attempt.command
    assert isinstance(order, AddAssist)
    return order_to(attempt, case, order.assist, LeadRole.ASSIST, order.order_text)


def assist_released(attempt: Attempt, case: Case) -> Case:
    """One who goes along need not any more."""
    release = attempt.command
    assert isinstance(release, ReleaseAssist)
    order = next(a for a in live_assists(case) if a.worker == release.assist.worker)
    return with_order(case, replace(order, state=AssignmentState.RELEASED, ended_reason=release.reason))


def same_handler_sent(attempt: Attempt, case: Case) -> Case:
    """Whoever led last in this cycle leads again."""
    last = next(
        a for a in reversed(case.assignments) if a.role is LeadRole.LEAD and a.cycle == case.incident.cycle and a.accepted_at
    )
    recipient = Recipient(last.worker, last.worker_name, last.unit)
    reason = str(getattr(attempt.command, "reason", ""))
    return order_to(attempt, case, recipient, LeadRole.LEAD, reason or last.order_text)


def acknowledged(attempt: Attempt, case: Case) -> Case:
    """The officer's own order was read."""
    return _mine(attempt, case, AssignmentState.ACKED)


def accepted(attempt: Attempt, case: Case) -> Case:
    """The officer takes up his order; taking it up acknowledges it as well."""
    return _mine(attempt, case, AssignmentState.ACCEPTED)


def arrived(attempt: Attempt, case: Case) -> Case:
    """The officer is at the place."""
    assert isinstance(attempt.command, Arrive)
    return _mine(attempt, case, AssignmentState.ARRIVED)


def done(attempt: Attempt, case: Case) -> Case:
    """The officer has finished."""
    assert isinstance(attempt.command, Complete)
    return _mine(attempt, case, AssignmentState.DONE)


def declined(attempt: Attempt, case: Case) -> Case:
    """The officer cannot go; counted, and no approval asked."""
    assert isinstance(attempt.command, Decline)
    case = _mine(attempt, case, AssignmentState.DECLINED)
    return replace(case, incident=replace(case.incident, decline_count=case.incident.decline_count + 1))


def photos_kept(attempt: Attempt, case: Case) -> Case:
    """The pictures of a report of progress stay with the order."""
    assert isinstance(attempt.command, Progress)
    mine = attempt.mine
    if mine is None:
        return case
    return with_order(case, replace(mine, attachments=mine.attachments + attempt.command.attachments))


def lead_ends(state: AssignmentState) -> Effect:
    """The leading order ends in this state."""

    def effect(attempt: Attempt, case: Case) -> Case:
        """End it with the reason given."""
        return _ended(attempt, case, LeadRole.LEAD, state)

    return effect


def assists_end(state: AssignmentState) -> Effect:
    """All assisting orders that still stand end in this state."""

    def effect(attempt: Attempt, case: Case) -> Case:
        """End them with the reason given."""
        return _ended(attempt, case, LeadRole.ASSIST, state)

    return effect


def reminded(_attempt: Attempt, case: Case) -> Case:
    """The leading order is sent again by a second way."""
    lead = case.lead
    return with_order(case, replace(lead, reminders=lead.reminders + 1)) if lead else case


def lead_is_away(case: Case) -> bool:
    """Whether who leads has not come to the place yet."""
    return case.lead is not None and case.lead.state is not AssignmentState.ARRIVED


def order_to(attempt: Attempt, case: Case, to: Recipient, role: LeadRole, text: str, reason: str = "") -> Case:
    """The case with one more order."""
    incident = case.incident
    off_rule = role is LeadRole.LEAD and is_off_rule(attempt.rules, incident.category, incident.grid, to)
    order = Assignment(
        uuid5(incident.id, f"assignment{len(case.assignments) + 1}"),
        incident.cycle,
        role,
        to.worker,
        to.name,
        to.unit,
        AssignmentState.SENT,
        text,
        attempt.now,
        off_rule_reason=reason if off_rule else "",
    )
    return replace(case, assignments=(*case.assignments, order))


def _mine(attempt: Attempt, case: Case, state: AssignmentState) -> Case:
    """The case with the officer's own order moved on."""
    mine = attempt.mine
    assert mine is not None, "guarded by the reach ASSIGNEE"
    now, command = attempt.now, attempt.command
    if state in (AssignmentState.ACKED, AssignmentState.ACCEPTED):
        mine = replace(mine, delivered_at=mine.delivered_at or now, acked_at=mine.acked_at or now)
    if state is AssignmentState.ACCEPTED:
        mine = replace(mine, accepted_at=now)
    if isinstance(command, Arrive):
        mine = replace(mine, arrived_at=now, arrived_place=command.place)
    if isinstance(command, Complete):
        photos = mine.attachments + command.attachments
        mine = replace(mine, done_at=now, result_text=command.text, attachments=photos)
    if isinstance(command, Decline):
        mine = replace(mine, ended_reason=command.reason or command.reason_code)
    return with_order(case, replace(mine, state=state))


def _ended(attempt: Attempt, case: Case, role: LeadRole, state: AssignmentState) -> Case:
    """The case with the live orders of a role ended."""
    reason = str(getattr(attempt.command, "reason", ""))
    orders = tuple(
        replace(a, state=state, ended_reason=reason) if a.is_live and a.role is role else a for a in case.assignments
    )
    return replace(case, assignments=orders)


def with_order(case: Case, order: Assignment) -> Case:
    """The case with one order replaced."""
    return replace(case, assignments=tuple(order if a.id == order.id else a for a in case.assignments))
