"""What a form offers: only what the rules allow, nothing said beforehand, and somebody to ask in any case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from desktop.dispatch.closing_form import CheckForm
from desktop.dispatch.step_list import NO_BREAK
from desktop.dispatch.triage_form import TriageForm
from desktop.phrases import clock_text, title_of
from governance.commands import AddAssist, Reassign, TimerFired
from governance.incident import Severity, State, Urgency
from governance.lifecycle import SYSTEM_OFFICER, after
from governance.people import Role
from tests.fakes.desks import FakeDesk
from tests.fakes.situations import CHECKER, SHIFT_LEAD, TEAM_UNIT


def test_a_duty_officer_adds_hands_where_only_a_shift_lead_may_reassign(desk: FakeDesk) -> None:
    desk.choose("handling")
    desk.window.act("assign")
    form = desk.card.assign
    assert form is not None
    assert not form.assist.isVisibleTo(form)
    assert form.title.text().startswith(desk.seat.words("order.add_assist"))
    desk.window.act("send")
    order = desk.sent[-1]
    assert isinstance(order.command, AddAssist)
    desk.commit(order)


def test_a_shift_lead_may_do_either(new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(officer=SHIFT_LEAD)
    desk.choose("handling")
    desk.window.act("assign")
    form = desk.card.assign
    assert form is not None
    assert form.assist.isVisibleTo(form)
    form.reason.setText("手上有更急的事")
    desk.window.act("send")
    assert isinstance(desk.sent[-1].command, Reassign)


@pytest.mark.parametrize(("urgency", "is_offered"), [(Urgency.IMMEDIATE, False), (Urgency.URGENT, True)])
def test_rejecting_is_offered_where_the_rules_allow_it(desk: FakeDesk, urgency: Urgency, is_offered: bool) -> None:
    case = desk.choose("reported")
    incident = replace(case.incident, urgency=urgency, version=case.incident.version + 1)
    desk.change(case, replace(case, incident=incident))
    desk.top.command.entered.emit(f"不予受理 {case.incident.number[-4:]}：查无此事")
    assert (desk.seat.words("refused.immediate") in desk.top.answer.said) is not is_offered
    if not is_offered:
        assert desk.card.form is None
        desk.window.act("file")
    form = desk.card.form
    assert isinstance(form, TriageForm)
    assert form.choice.isVisibleTo(form) is is_offered
    assert form.is_rejecting is is_offered
    assert form.reason.text() == ("查无此事" if is_offered else "")


def test_a_second_signature_can_only_pass(new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(officer=SHIFT_LEAD)
    case = desk.choose("checking")
    grave = replace(case.incident, severity=Severity.I, version=case.incident.version + 1)
    passed = replace(case.checks[-1], result="pass", checker=CHECKER.staff)
    desk.change(case, replace(case, incident=grave, checks=(passed,)))
    desk.window.act("check")
    form = desk.card.form
    assert isinstance(form, CheckForm)
    assert not form.result.isVisibleTo(form)
    assert form.result.value == "pass"


def test_nothing_closes_before_its_condition_is_ticked(new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(officer=CHECKER)
    desk.choose("checking")
    desk.window.act("check")
    form = desk.card.form
    assert isinstance(form, CheckForm)
    assert desk.window.focusWidget() is form.condition
    assert not form.condition.isChecked()
    assert not form.send_button.isEnabled()
    desk.window.act("send")
    assert desk.sent == []
    assert form.said.text() == desk.seat.words("refused.condition_not_met")
    form.condition.setChecked(True)
    assert form.send_button.isEnabled()
    form.result.choose("fail")
    form.changed()
    assert form.send_button.isEnabled()


def test_the_candidates_end_in_the_squad_to_ring(new_desk: Callable[..., FakeDesk]) -> None:
    many, one = new_desk(), new_desk(worker_count=1)
    for desk in (many, one):
        desk.choose("filed")
        form = desk.card.assign
        assert form is not None
        desk.window.act("assign")
        assert form.last.text() == desk.seat.words("card.candidates.last", unit=TEAM_UNIT.name)
        assert all(offer.worker is not None for offer in form.list.offers)


def test_where_nobody_can_be_sent_the_form_says_why_and_whom_to_ring(new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(worker_count=0)
    desk.choose("filed")
    form = desk.card.assign
    assert form is not None
    assert TEAM_UNIT.name in form.last.text()
    assert desk.seat.words("card.candidates.why.empty") in form.last.text()
    assert not form.send_button.isEnabled()
    assert not form.send_button.isVisibleTo(form)


def test_after_an_unanswered_notice_the_card_shows_who_comes_next(desk: FakeDesk) -> None:
    case = desk.choose("dispatched")
    assert not desk.card.forms.next_in_line.isVisibleTo(desk.card)
    lead = case.lead
    assert lead is not None
    rang = replace(case.timers[0], due_at=desk.now)
    waiting = replace(case, timers=(rang,))
    desk.situation.cases[case.incident.id] = waiting
    desk.change(
        waiting, after(waiting, TimerFired(rang.id, rang.kind, rang.fired), SYSTEM_OFFICER, desk.situation.rules, desk.now)
    )
    following = desk.card.forms.next_in_line
    assert following.isVisibleTo(desk.card)
    assert following.list.current == 0
    assert lead.worker not in {offer.worker for offer in following.list.offers}
    assert desk.seat.selection.candidates[0] == following.list.offers[0].worker
    assert desk.seat.words("card.reminded", time=clock_text(desk.now)).replace(" ", NO_BREAK) in desk.card.tasks.text()
    desk.window.act("recall")
    assert not following.isVisibleTo(desk.card)


@pytest.mark.parametrize(("action", "state", "then"), [("file", "reported", "filed"), ("assign", "filed", "dispatched")])
def test_an_open_form_says_that_somebody_was_faster(desk: FakeDesk, action: str, state: str, then: str) -> None:
    case = desk.choose(state)
    desk.window.act(action)
    form = desk.card.open_form
    assert form is not None
    said = desk.seat.words("card.faster", state=desk.seat.words(f"state.{then}"))
    assert form.said.text() != said
    incident = replace(case.incident, state=State(then), version=case.incident.version + 1)
    overtaken = replace(case, incident=incident)
    desk.change(case, overtaken)
    assert desk.card.open_form is form
    assert form.said.text() == said
    assert not form.send_button.isEnabled()
    desk.change(overtaken, replace(case, incident=replace(case.incident, version=incident.version + 1)))
    assert not form.said.isVisibleTo(form)
    assert form.send_button.isEnabled()


def test_a_post_that_may_do_nothing_is_told_so_instead_of_greyed_keys(new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(officer=replace(CHECKER, role=Role.GIS_STAFF))
    desk.choose("filed")
    assert desk.card.reading.isVisibleTo(desk.card)
    assert not desk.card.action_bar.isVisibleTo(desk.card)
    other = new_desk()
    other.choose("filed")
    assert not other.card.reading.isVisibleTo(other.card)
    assert other.card.action_bar.isVisibleTo(other.card)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nine_candidates_and_the_button_that_sends_fit_a_small_screen(
    qtbot: QtBot, new_desk: Callable[..., FakeDesk], language: str
) -> None:
    desk = new_desk(1366, 768, language=language)
    desk.choose("filed")
    desk.window.act("assign")
    form = desk.card.assign
    assert form is not None
    assert len(form.list.offers) == 9
    seen = desk.card.scroller.viewport()

    def is_seen() -> bool:
        corners = (form.send_button.rect().topLeft(), form.send_button.rect().bottomRight())
        return all(
            seen.rect().contains(form.send_button.mapTo(desk.card.scroller.widget(), corner) - offset()) for corner in corners
        )

    def offset() -> QPoint:
        return QPoint(0, desk.card.scroller.verticalScrollBar().value())

    qtbot.waitUntil(is_seen)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_check_form_is_no_wider_than_a_narrow_card(qtbot: QtBot, new_desk: Callable[..., FakeDesk], language: str) -> None:
    desk = new_desk(1366, 768, language=language, officer=CHECKER)
    desk.choose("checking")
    desk.window.act("check")
    scroller = desk.card.scroller
    qtbot.waitUntil(lambda: desk.card.form is not None and desk.card.form.width() > 200)
    assert scroller.widget().width() <= scroller.viewport().width()


def test_a_long_report_is_called_by_whole_clauses(desk: FakeDesk) -> None:
    case = desk.first("reported")
    text = "三楼有浓烈煤气味，三户居民已下楼，另有一位老人未出门（13:02:11）"
    made = replace(case, incident=replace(case.incident, title="", category="", text=text))
    assert title_of(desk.seat.words, desk.situation.rules, made) == "三楼有浓烈煤气味，三户居民已下楼，另有一位老人未出门…"
