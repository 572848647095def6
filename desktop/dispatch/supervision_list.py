"""督办: the orders of a case: how grave by shape and word, by when to answer, with whom it lies, what was answered."""

from __future__ import annotations

from html import escape

from desktop.dispatch.told_list import ToldList
from desktop.phrases import countdown, level_word, moment_text
from desktop.seat import Seat
from governance.attempt import open_supervision
from governance.incident import Case, Supervision, SupervisionGrade

MARKS = {
    SupervisionGrade.NOTICE: "○",
    SupervisionGrade.YELLOW: "△",
    SupervisionGrade.RED: "■",
    SupervisionGrade.LEADER: "★",
}
"""A shape for each grade, so that colour is never needed to tell them apart."""


def grade_said(seat: Seat, order: Supervision) -> str:
    """△ 黄牌."""
    return f"{MARKS[order.grade]} {seat.words(f'grade.{int(order.grade)}')}"


def holder(seat: Seat, case: Case) -> str:
    """With whom the matter lies: who was sent, else the unit of its queue, else its level."""
    if case.lead is not None and case.lead.worker_name:
        return case.lead.worker_name
    unit = seat.situation.units.get(case.incident.queue_unit) if case.incident.queue_unit else None
    return unit.name if unit is not None else level_word(seat.words, case.incident.handling_level)


def time_to_answer(seat: Seat, order: Supervision) -> tuple[str, bool]:
    """How long until the answer is late, and whether it is; empty where none is owed."""
    if order.reply_due is None or order.state not in ("issued", "rejected"):
        return "", False
    left_s = (order.reply_due - seat.now()).total_seconds()
    if left_s < 0:
        return seat.words("overdue", time=countdown(left_s)), True
    return seat.words("left.clock", clock=countdown(left_s)), False


class SupervisionList(ToldList):
    """The card's section: the open order with its clock, the closed ones in a line each."""

    belongings = "supervision"

    def _row(self, case: Case, order: Supervision) -> str:
        seat, words, palette = self._seat, self._seat.words, self._seat.palette
        cause = words(f"supervision.cause.{order.cause}") if words.has(f"supervision.cause.{order.cause}") else order.cause
        state = words(f"supervision.state.{order.state}")
        head = escape(words("sep").join((grade_said(seat, order), cause, state)))
        if order is not open_supervision(case):
            return f'<div style="color:{palette.dim}">{head}</div>'
        lines = []
        told, late = time_to_answer(seat, order)
        if told:
            ink = palette.immediate if late else palette.text
            lines.append(f'<span style="color:{ink}">{escape(words("supervision.left", time=told))}</span>')
        who = order.issued_by if order.issued_by_staff is not None else words("actor.timer")
        issued = words("supervision.issued", who=who, time=moment_text(order.issued_at, seat.now()))
        parts = (issued, words("supervision.holder", who=holder(seat, case)), order.reason)
        lines.append(escape(words("sep").join(part for part in parts if part)))
        if order.reply:
            at = moment_text(order.replied_at, seat.now()) if order.replied_at is not None else ""
            lines.append(escape(words("supervision.reply", who=order.replied_by, time=at, reply=order.reply)))
        return f"<div><b>{head}</b><br>{'<br>'.join(lines)}</div>"
