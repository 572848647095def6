"""Direct orders by keys: who is chosen, who has answered, when it widens, and who leads instead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.dispatch.direct_board import standings
from desktop.dispatch.direct_form import DirectForm, TakeForm
from governance.changes import WorkerChanged
from governance.commands import Acknowledge, DirectOrder, Recipient, TakeLead, TimerFired
from governance.incident import AssignmentState, Case, State, TimerKind, TimerState, Urgency
from governance.lifecycle import SYSTEM_OFFICER, after
from governance.people import Duty, Officer, Role
from tests.fakes.desks import FakeDesk
from tests.fakes.situations import TEAM_UNIT, named, reported

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def urgent(desk: FakeDesk) -> Case:
    """A gas leak a moment ago."""
    made = reported(3, desk.now)
    incident = replace(made.incident, urgency=Urgency.IMMEDIATE, category="01.01", id=named("leak"))
    made = replace(made, incident=incident)
    desk.change(None, made)
    desk.selection.choose_incident(incident.id)
    return made


def ordered(qtbot: QtBot, desk: FakeDesk) -> Case:
    """D and Ctrl+Enter: nothing else."""
    urgent(desk)
    qtbot.keyClick(desk.board.view, Key.Key_D)
    qtbot.waitUntil(lambda: isinstance(desk.card.form, DirectForm))
    assert desk.card.form is not None
    qtbot.keyClick(desk.card.form.default_field(), Key.Key_Return, CTRL)
    return desk.commit(desk.sent[-1])


def rang(desk: FakeDesk, *wider: str) -> Case:
    """A minute is over and nobody acknowledged: the clock fires."""
    case = desk.situation.cases[named("leak")]
    timer = next(t for t in case.timers if t.kind is TimerKind.T4_ACK and t.state is TimerState.RUNNING)
    assert timer.due_at is not None
    desk.now = max(desk.now, timer.due_at)
    people = tuple(Recipient(named(name), name, TEAM_UNIT.id) for name in wider)
    fired = TimerFired(timer.id, timer.kind, timer.fired, people)
    changed = after(case, fired, SYSTEM_OFFICER, desk.situation.rules, desk.now)
    desk.change(case, changed)
    return changed


def test_d_and_ctrl_enter_send_the_nearest_with_two_beside_him(qtbot: QtBot, desk: FakeDesk) -> None:
    case = ordered(qtbot, desk)
    (order,) = desk.sent
    assert isinstance(order.command, DirectOrder)
    assert len(order.command.assists) == 2
    assert order.command.order_text
    assert case.incident.mode == "direct"
    assert (case.lead.worker if case.lead else None) == order.command.lead.worker


@pytest.mark.parametrize(("duty", "said"), [(Duty.LOST, "失联"), (Duty.OFF, "电话通知")])
def test_whoever_counts_as_on_duty_can_be_chosen_though_his_phone_is_silent(
    qtbot: QtBot, desk: FakeDesk, duty: Duty, said: str
) -> None:
    workers = desk.situation.workers
    for worker in list(workers.people()):
        workers.change(WorkerChanged(worker.id, duty, 0, 0))
    urgent(desk)
    qtbot.keyClick(desk.board.view, Key.Key_D)
    qtbot.waitUntil(lambda: isinstance(desk.card.form, DirectForm))
    form = desk.card.form
    assert isinstance(form, DirectForm)
    assert bool(form.people) is (duty is Duty.LOST)
    assert all(offer.is_silent and offer.why.startswith(said) for offer in form.people)
    assert said in form.none.text() or form.people
    assert form.none.isVisibleTo(form)
    assert "四季青街道综合执法队" in form.none.text()


def test_numbers_choose_who_assists_and_m_who_leads(qtbot: QtBot, desk: FakeDesk) -> None:
    urgent(desk)
    desk.window.act("direct")
    form = desk.card.form
    assert isinstance(form, DirectForm)
    names = [offer.name for offer in form.people]
    assert desk.selection.candidates[0] == form.people[0].worker
    qtbot.keyClick(form.list, Key.Key_2)
    qtbot.keyClick(form.list, Key.Key_5)
    qtbot.keyClick(form.list, Key.Key_M)
    desk.window.act("send")
    command = desk.sent[-1].command
    assert isinstance(command, DirectOrder)
    assert command.lead.name == names[4]
    assert {each.name for each in command.assists} == {names[0], names[2]}
    assert names[4] in form.send_button.text()


def test_what_is_not_urgent_takes_no_direct_order(desk: FakeDesk) -> None:
    made = urgent(desk)
    calm = replace(made, incident=replace(made.incident, urgency=Urgency.NORMAL, version=made.incident.version + 1))
    desk.change(made, replace(calm, steps=(*made.steps, replace(made.steps[-1], seq=2))))
    assert desk.seat.words("refused.not_urgent_enough") in desk.window.why_not("direct")


def test_who_has_not_acknowledged_is_on_top_and_the_countdown_is_told(qtbot: QtBot, desk: FakeDesk) -> None:
    case = ordered(qtbot, desk)
    board = desk.card.direct
    assert board.isVisible()
    assert not desk.card.tasks.isVisible()
    timer = next(t for t in case.timers if t.kind is TimerKind.T4_ACK and t.state is TimerState.RUNNING)
    desk.now += timedelta(seconds=timer.limit_s - 42)
    board.count_down()
    assert desk.seat.words("direct.widens", clock="0:42") in board.head.text()
    assist = case.assignments[1]
    phone = Officer(assist.worker, assist.worker_name, named("post"), Role.GRID_WORKER, "330104", 1, None)
    acked = after(case, Acknowledge(), phone, desk.situation.rules, desk.now)
    desk.change(case, acked)
    assert [row.name for row in board.rows.rows][-1] == assist.worker_name
    assert board.rows.rows[0].is_lead
    assert desk.seat.words("direct.count", done=1, all=3) in board.head.text()


def test_the_minute_over_it_widens_and_says_who_came_when(qtbot: QtBot, desk: FakeDesk) -> None:
    ordered(qtbot, desk)
    rang(desk, "worker 20", "worker 21")
    board = desk.card.direct
    assert "worker 20" in board.widened.text()
    added = [row for row in board.rows.rows if row.added_at is not None]
    assert {row.name for row in added} == {"worker 20", "worker 21"}
    assert all(row.is_late for row in standings(desk.card.case, desk.now + timedelta(hours=9), 60.0))  # type: ignore[arg-type]


def test_another_takes_the_lead_by_d_once_the_minute_is_over(qtbot: QtBot, desk: FakeDesk) -> None:
    case = ordered(qtbot, desk)
    first = case.lead
    assert first is not None
    assert not desk.card.direct.take.isVisible()
    rang(desk)
    assert desk.card.direct.take.isVisible()
    qtbot.keyClick(desk.board.view, Key.Key_D)
    qtbot.waitUntil(lambda: isinstance(desk.card.form, TakeForm))
    assert desk.card.form is not None
    qtbot.keyClick(desk.card.form.default_field(), Key.Key_2)
    desk.window.act("send")
    command = desk.sent[-1].command
    assert command == TakeLead(case.assignments[2].worker)
    taken = desk.commit(desk.sent[-1])
    assert (taken.lead.worker if taken.lead else None) == case.assignments[2].worker
    assert next(a for a in taken.assignments if a.id == first.id).is_live


def test_recall_with_a_reason_stops_everybody(qtbot: QtBot, desk: FakeDesk) -> None:
    case = ordered(qtbot, desk)
    qtbot.mouseClick(desk.card.direct.recall, Qt.MouseButton.LeftButton)
    form = desk.card.form
    assert form is not None
    form.put_text("误报", "reason")
    desk.window.act("send")
    stopped = desk.commit(desk.sent[-1])
    assert stopped.incident.state is State.FILED
    assert {a.state for a in stopped.assignments} == {AssignmentState.RECALLED}
    assert {row.name for row in desk.card.direct.rows.rows} == {a.worker_name for a in case.assignments}
    assert desk.card.direct.head.text() == desk.seat.words("direct.back", reason="误报")
    assert desk.seat.words("direct.steps.recalled") in desk.card.direct.rows.said(desk.card.direct.rows.rows[0])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_state_of_an_order_is_said(new_desk: Callable[..., FakeDesk], language: str) -> None:
    desk = new_desk(language=language)
    for state in AssignmentState:
        assert desk.seat.words(f"direct.steps.{state}")


def test_what_goes_out_of_reach_says_where_and_keeps_what_was_typed(qtbot: QtBot, desk: FakeDesk) -> None:
    case = urgent(desk)
    desk.window.act("direct")
    form = desk.card.form
    assert isinstance(form, DirectForm)
    form.text.setText("带上检测仪")
    desk.gone(case)
    assert case.incident.number in desk.card.empty.text()
    assert desk.card.form is None
    desk.change(None, replace(case, incident=replace(case.incident, version=case.incident.version + 1)))
    desk.selection.choose_incident(None)
    desk.selection.choose_incident(case.incident.id)
    desk.window.act("direct")
    assert isinstance(desk.card.form, DirectForm)
    assert desk.card.form.text.text() == "带上检测仪"
