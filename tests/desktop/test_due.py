"""What is due is shown as due at its moment by the server's time, marked apart until the change that records it has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from desktop.dispatch.case_view import due_at, is_due
from desktop.dispatch.row_painter import EDGE_PX
from desktop.situation.incidents import queues_of
from governance.commands import TimerFired
from governance.incident import Case, Severity, TimerKind, TimerState, Urgency
from governance.lifecycle import SYSTEM_OFFICER, after
from tests.fakes.desks import FakeDesk


def edge(desk: FakeDesk, case: Case) -> QImage:
    """The right edge of a row as it is painted now."""
    view, row = desk.board.view, desk.board.model.rows.row_of(case.incident.id)
    box = view.visualRect(desk.board.model.index(row))
    picture = view.viewport().grab(QRect(box.right() - EDGE_PX, box.top(), EDGE_PX + 1, box.height())).toImage()
    return picture.convertToFormat(QImage.Format.Format_RGB32)


def test_a_clock_that_runs_out_is_shown_at_once_and_told_apart_from_what_is_recorded(desk: FakeDesk) -> None:
    case, calendar = desk.choose("filed"), desk.situation.rules.calendar
    case = replace(case, incident=replace(case.incident, version=case.incident.version + 1, overdue=False))
    desk.change(desk.situation.cases[case.incident.id], case)
    timer = next(t for t in case.timers if t.kind is TimerKind.T3_DISPATCH and t.state is TimerState.RUNNING)
    due = due_at(case)
    assert due is not None
    assert due == timer.due_at
    words = desk.seat.words
    desk.now = due - timedelta(seconds=1)
    desk.card.head.count_down()
    before = edge(desk, case)
    assert not is_due(case, desk.now, calendar)
    assert words("card.due") not in desk.card.head.clocks.text().replace("\u00a0", " ")

    desk.now = due + timedelta(seconds=1)
    desk.card.head.count_down()
    at_once, alarms = edge(desk, case), len(desk.alarms.rows)
    assert is_due(case, desk.now, calendar)
    assert at_once != before
    assert words("card.due") in desk.card.head.clocks.text().replace("\u00a0", " ")
    assert desk.card.head.left.text().startswith(words("overdue.word"))
    assert "overdue" not in queues_of(case), "the queue, the pin and the sound wait for the change"

    rung = after(case, TimerFired(timer.id, timer.kind, timer.fired), SYSTEM_OFFICER, desk.situation.rules, desk.now)
    desk.change(case, rung)
    desk.card.head.count_down()
    assert not is_due(rung, desk.now, calendar)
    assert edge(desk, case) not in (before, at_once)
    assert words("card.due") not in desk.card.head.clocks.text().replace("\u00a0", " ")
    assert len(desk.alarms.rows) <= alarms + 1


def test_the_clock_of_the_card_is_never_cut_off_for_the_number(new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(1366, 768, language="en")
    case = desk.choose("reported")
    grave = replace(case.incident, version=case.incident.version + 1, urgency=Urgency.IMMEDIATE, severity=Severity.I)
    desk.change(case, replace(case, incident=grave))
    due = due_at(desk.situation.cases[grave.id])
    assert due is not None
    desk.now = due + timedelta(minutes=75)
    head = desk.card.head
    head.count_down()
    QApplication.processEvents()
    assert head.left.text() == "overdue 1:15:00"
    assert head.left.width() >= head.left.sizeHint().width()
    assert head.number.text() == f"…{grave.number[-4:]}"
    assert head.number.toolTip() == grave.number
