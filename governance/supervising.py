"""Effects of supervision (督办): orders that are issued, rise, are answered and end, with the clock of the answer (T10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid5

from governance.attempt import Attempt, Effect, open_supervision
from governance.commands import RejectReply, ReplySupervision, Supervise
from governance.incident import Case, State, Supervision, SupervisionGrade, TimerKind
from governance.people import Role
from governance.timers import running, stopped

HOUR_S = 3600.0
TAKEN_BACK_WITHIN = timedelta(minutes=5)
"""So long whoever has just ordered it may think better of it: as long as a merge may be undone by its author."""
OVER = frozenset({State.CLOSED, State.REJECTED, State.TRANSFERRED, State.VOIDED})


def supervised(grade: SupervisionGrade, cause: str) -> Effect:
    """A supervision order stands; one already open is only ever raised."""

    def effect(attempt: Attempt, case: Case) -> Case:
        """Issue or raise."""
        return issued(attempt, case, grade, cause)

    return effect


def ordered(attempt: Attempt, case: Case) -> Case:
    """An officer has it looked after (E54)."""
    assert isinstance(attempt.command, Supervise)
    return issued(attempt, case, attempt.command.grade, "officer", attempt.command.reason)


def issued(attempt: Attempt, case: Case, grade: SupervisionGrade, cause: str, reason: str = "") -> Case:
    """The case under an order of at least this grade, which is to be answered in the time the rules give."""
    order = open_supervision(case)
    if order is not None and order.grade >= grade:
        return case
    limit_s = attempt.rules.supervision_hours[int(grade)] * HOUR_S
    case = running(attempt, case, TimerKind.T10_SUPERVISION, limit_s)
    due = case.timers[-1].due_at
    officer = attempt.officer
    staff = None if officer.role is Role.SYSTEM else officer.staff
    if order is not None:
        risen = replace(order, grade=grade, cause=cause, state="issued", reply_due=due, reason=reason or order.reason)
        if staff is not None:
            risen = replace(risen, issued_by=officer.name, issued_by_staff=staff)
        orders = tuple(risen if s.id == order.id else s for s in case.supervision)
    else:
        number = uuid5(case.incident.id, f"supervision{len(case.supervision) + 1}")
        new = Supervision(number, grade, cause, "issued", attempt.now, due, officer.name, staff, reason)
        orders = (*case.supervision, new)
    return replace(case, supervision=orders, incident=replace(case.incident, supervised=True))


def risen(attempt: Attempt, case: Case) -> Case:
    """Nobody answered in time: the order is one grade graver (E56). The gravest stays what it is, with its answer owed."""
    order = open_supervision(case)
    if order is None or order.grade is SupervisionGrade.LEADER:
        return case
    return issued(attempt, case, SupervisionGrade(order.grade + 1), "T10")


def answered(attempt: Attempt, case: Case) -> Case:
    """The order is answered: its clock stops until somebody says that the answer will not do.

    Where everything else is over, the answer stands once the time to say so has run out.
    """
    reply = attempt.command
    assert isinstance(reply, ReplySupervision)
    who = attempt.officer.name
    case = _with_order(case, state="replied", reply=reply.text, replied_by=who, replied_at=attempt.now)
    return _until_accepted(attempt, case) if case.incident.state in OVER else stopped(TimerKind.T10_SUPERVISION)(attempt, case)


def _until_accepted(attempt: Attempt, case: Case) -> Case:
    """The time in which whoever issued the order may still say that the answer will not do."""
    order = open_supervision(case)
    assert order is not None, "answered"
    return running(attempt, case, TimerKind.T10_SUPERVISION, attempt.rules.supervision_hours[int(order.grade)] * HOUR_S)


def answer_clock_goes_on(attempt: Attempt, case: Case) -> Case:
    """The clock of an order that came along runs to the moment its answer was owed by."""
    order = open_supervision(case)
    if order is None or order.state == "replied" or order.reply_due is None:
        return stopped(TimerKind.T10_SUPERVISION)(attempt, case)
    limit_s = attempt.rules.supervision_hours[int(order.grade)] * HOUR_S
    return running(attempt, case, TimerKind.T10_SUPERVISION, limit_s, due=max(order.reply_due, attempt.now))


def is_leaders(case: Case) -> bool:
    """Whether the open order is of the gravest grade."""
    order = open_supervision(case)
    return order is not None and order.grade is SupervisionGrade.LEADER


def may_be_taken_back(attempt: Attempt) -> bool:
    """Whether the open order is the officer's own of this moment: neither answered since nor raised, and no clock's before."""
    order = open_supervision(attempt.case) if attempt.case else None
    if attempt.case is None or order is None or order.state != "issued" or order.cause != "officer":
        return False
    began = next((step for step in attempt.case.steps if step.action == "supervise" and step.at == order.issued_at), None)
    is_own = began is not None and began.actor_staff == order.issued_by_staff == attempt.officer.staff
    return is_own and attempt.now <= order.issued_at + TAKEN_BACK_WITHIN


def answer_rejected(attempt: Attempt, case: Case) -> Case:
    """The answer will not do: another is owed in the same time."""
    assert isinstance(attempt.command, RejectReply)
    order = open_supervision(case)
    if order is None:
        return case
    case = running(attempt, case, TimerKind.T10_SUPERVISION, attempt.rules.supervision_hours[int(order.grade)] * HOUR_S)
    return _with_order(case, state="rejected", reply_due=case.timers[-1].due_at)


def clocks_order_ended(attempt: Attempt, case: Case) -> Case:
    """What only clocks supervised is settled; an order that a person issued or raised is that person's to end (E55)."""
    order = open_supervision(case)
    if order is None:
        return case
    if order.issued_by_staff is None:
        return supervision_ended(attempt, case)
    return _until_accepted(attempt, case) if order.state == "replied" else case


def supervision_ended(attempt: Attempt, case: Case) -> Case:
    """What was supervised is settled: the open order is closed."""
    case = replace(case, supervision=tuple(replace(s, state="closed") for s in case.supervision))
    return stopped(TimerKind.T10_SUPERVISION)(attempt, case)


def _with_order(case: Case, **changed: object) -> Case:
    """The case with its open order changed."""
    orders = tuple(replace(s, **changed) if s.state != "closed" else s for s in case.supervision)  # type: ignore[arg-type]
    return replace(case, supervision=orders)
