"""Keys: letters open forms and never commit, work only where no text can be typed, and say why when they do nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.dispatch.assign_form import AssignForm
from desktop.dispatch.reason_form import ReasonForm
from desktop.dispatch.report_form import ReportForm
from desktop.dispatch.triage_form import TriageForm
from desktop.shortcuts import GROUPS, SHORTCUTS
from desktop.words import LANGUAGES
from governance.commands import CheckPass, Dispatch, File, Recall, SendCheck
from tests.fakes.desks import FakeDesk
from tests.fakes.situations import CHECKER

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def press(qtbot: QtBot, desk: FakeDesk, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key press of the officer, who waits for what it does: it goes to whatever has the focus."""
    qtbot.keyClick(QApplication.focusWidget() or desk.window, key, modifier)
    qtbot.waitUntil(lambda: not desk.window.keyboard.is_waiting)


def test_every_shortcut_does_something_and_has_a_name_in_both_languages(desk: FakeDesk) -> None:
    for shortcut in SHORTCUTS:
        assert shortcut.action in desk.window.acts
        assert shortcut.group in (*GROUPS, "")
        for table in LANGUAGES.values():
            assert table[f"action.{shortcut.action}"]


def test_a_number_and_ctrl_enter_send_the_second_candidate(qtbot: QtBot, desk: FakeDesk) -> None:
    case = desk.choose("filed")
    press(qtbot, desk, KEY.Key_A)
    assert isinstance(desk.card.open_form, AssignForm)
    assert not desk.sent, "an action letter never commits"
    second = desk.card.open_form.list.offers[1]
    press(qtbot, desk, KEY.Key_2)
    press(qtbot, desk, KEY.Key_Return, CTRL)
    (order,) = desk.sent
    assert isinstance(order.command, Dispatch)
    assert order.command.lead.worker == second.worker
    assert (order.incident, order.version) == (case.incident.id, case.incident.version)


def test_the_button_names_the_worker_and_the_place(qtbot: QtBot, desk: FakeDesk) -> None:
    case = desk.choose("filed")
    press(qtbot, desk, KEY.Key_A)
    form = desk.card.assign
    assert form is not None
    assert form.offer is not None
    assert form.offer.name in form.send_button.toolTip()
    assert case.incident.place_text in form.send_button.toolTip()


def test_pressing_a_freezes_the_order_of_the_candidates_until_esc(qtbot: QtBot, desk: FakeDesk) -> None:
    desk.choose("filed")
    press(qtbot, desk, KEY.Key_A)
    form = desk.card.assign
    assert form is not None
    before = form.list.offers
    desk.situation.workers.lon[:] += 0.01
    form.refresh()
    assert form.list.offers == before
    press(qtbot, desk, KEY.Key_Escape)
    assert desk.card.assign is not None
    assert desk.card.assign.list.offers != before


@pytest.mark.parametrize(
    ("key", "state", "form"),
    [
        (KEY.Key_N, "filed", ReportForm),
        (KEY.Key_F, "reported", TriageForm),
        (KEY.Key_E, "filed", ReasonForm),
        (KEY.Key_R, "dispatched", ReasonForm),
    ],
)
def test_a_letter_opens_its_form(qtbot: QtBot, desk: FakeDesk, key: Qt.Key, state: str, form: type) -> None:
    desk.choose(state)
    press(qtbot, desk, key)
    assert isinstance(desk.card.open_form, form)
    assert not desk.sent


@pytest.mark.parametrize(
    ("state", "key"), [("reported", KEY.Key_A), ("filed", KEY.Key_R), ("handling", KEY.Key_F), ("filed", KEY.Key_C)]
)
def test_a_key_the_rules_refuse_opens_nothing_and_says_why(qtbot: QtBot, desk: FakeDesk, state: str, key: Qt.Key) -> None:
    desk.choose(state)
    press(qtbot, desk, key)
    assert desk.card.form is None
    assert desk.card.notice.isVisible()
    assert desk.seat.words(f"state.{state}") in desk.card.notice.text()


def test_without_an_incident_a_key_asks_for_one(qtbot: QtBot, desk: FakeDesk) -> None:
    press(qtbot, desk, KEY.Key_A)
    assert desk.seat.words("refused.no_incident") in desk.card.notice.text()


def test_letters_typed_into_a_field_are_text(qtbot: QtBot, desk: FakeDesk) -> None:
    desk.choose("filed")
    press(qtbot, desk, KEY.Key_N)
    qtbot.keyClicks(QApplication.focusWidget(), "faecr")
    assert isinstance(desk.card.form, ReportForm)
    assert desk.card.form.text.toPlainText() == "faecr"
    desk.window.act("filter")
    qtbot.keyClicks(QApplication.focusWidget(), "aj")
    assert desk.board.filter.text() == "aj"


def test_an_open_form_keeps_letters_even_on_its_buttons(qtbot: QtBot, desk: FakeDesk) -> None:
    desk.choose("reported")
    press(qtbot, desk, KEY.Key_F)
    form = desk.card.form
    assert form is not None
    form.send_button.setFocus()
    press(qtbot, desk, KEY.Key_N)
    assert desk.card.form is form


def test_a_key_held_down_opens_its_form_once(qtbot: QtBot, desk: FakeDesk) -> None:
    desk.choose("filed")
    held = QKeyEvent(QEvent.Type.KeyPress, KEY.Key_A, Qt.KeyboardModifier.NoModifier, "a", autorep=True)
    QApplication.sendEvent(desk.board.view, held)
    assert desk.card.open_form is None


def test_three_letters_within_half_a_second_go_to_the_command_line(qtbot: QtBot, desk: FakeDesk) -> None:
    for key in (KEY.Key_B, KEY.Key_G, KEY.Key_H):
        qtbot.keyClick(QApplication.focusWidget(), key)
    assert desk.top.command.hasFocus()
    assert desk.top.command.text() == "bgh"


def test_j_k_and_arrows_walk_the_board(qtbot: QtBot, desk: FakeDesk) -> None:
    shown = [row.case for row in desk.board.model.rows.rows if row.case is not None]
    press(qtbot, desk, KEY.Key_J)
    assert desk.selection.incident == shown[0]
    press(qtbot, desk, KEY.Key_Down)
    assert desk.selection.incident == shown[1]
    press(qtbot, desk, KEY.Key_Up)
    press(qtbot, desk, KEY.Key_Up)
    assert desk.selection.incident == shown[0]


def test_esc_steps_out_and_never_loses_text(qtbot: QtBot, desk: FakeDesk) -> None:
    press(qtbot, desk, KEY.Key_N)
    qtbot.keyClicks(QApplication.focusWidget(), "gas smell")
    press(qtbot, desk, KEY.Key_Escape)
    assert desk.card.form is None
    assert desk.board.view.hasFocus()
    press(qtbot, desk, KEY.Key_F6)
    assert isinstance(desk.card.form, ReportForm)
    assert desk.card.form.text.toPlainText() == "gas smell"


@pytest.mark.parametrize("line", ["派 {name} {number}", "pd 2 {number}", "dispatch 2 {number}", "pd {name} {number}"])
def test_the_command_line_opens_the_same_form(qtbot: QtBot, desk: FakeDesk, line: str) -> None:
    case = desk.choose("filed")
    desk.window.act("assign")
    assert desk.card.assign is not None
    second = desk.card.assign.list.offers[1]
    desk.window.act("back")
    desk.selection.choose_incident(None)
    press(qtbot, desk, KEY.Key_F2)
    desk.top.command.setText(line.format(name=second.name, number=case.incident.number[-4:]))
    press(qtbot, desk, KEY.Key_Return)
    form = desk.card.open_form
    assert isinstance(form, AssignForm)
    assert form.offer == second
    assert not desk.sent


def test_a_line_that_means_nothing_is_answered_and_stays(qtbot: QtBot, desk: FakeDesk) -> None:
    press(qtbot, desk, KEY.Key_F2)
    desk.top.command.setText("blah 1")
    press(qtbot, desk, KEY.Key_Return)
    assert desk.top.command.text() == "blah 1"
    assert "blah" in desk.top.answer.said
    assert desk.top.command.hasFocus()


def test_a_line_does_nothing_but_what_it_says(qtbot: QtBot, desk: FakeDesk) -> None:
    press(qtbot, desk, KEY.Key_F2)
    desk.top.command.setText("筛选 燃气")
    press(qtbot, desk, KEY.Key_Return)
    assert desk.board.filter.text() == "燃气"
    assert desk.selection.incident is None
    assert desk.map.asked == []


def test_the_overlay_greys_what_does_not_work_and_says_why(qtbot: QtBot, desk: FakeDesk) -> None:
    desk.choose("reported")
    press(qtbot, desk, KEY.Key_F1)
    assert desk.window.overlay.isVisible()
    assert 'href="assign"' in desk.window.overlay.not_now.text()
    assert desk.seat.words("state.reported") in desk.window.overlay.not_now.text()
    assert 'href="file"' in desk.window.overlay.columns["incident"].text()
    assert desk.window.why_not("file") == ""
    press(qtbot, desk, KEY.Key_Escape)
    assert not desk.window.overlay.isVisible()


def test_whoever_was_sent_and_does_not_answer_is_called_back_before_another_goes(qtbot: QtBot, desk: FakeDesk) -> None:
    case = desk.choose("dispatched")
    assert case.lead is not None
    said = desk.seat.words("refused.sent_already", worker=case.lead.worker_name)
    press(qtbot, desk, KEY.Key_A)
    assert said in desk.card.notice.text()
    assert desk.window.why_not("recall") == ""


def test_panels_hide_and_come_back_and_one_always_stays(qtbot: QtBot, desk: FakeDesk) -> None:
    press(qtbot, desk, KEY.Key_1, CTRL)
    assert desk.board.isHidden()
    press(qtbot, desk, KEY.Key_2, CTRL)
    press(qtbot, desk, KEY.Key_3, CTRL)
    assert not desk.card.isHidden()
    press(qtbot, desk, KEY.Key_1, CTRL)
    assert not desk.board.isHidden()


def test_from_report_to_close_by_keys_alone(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk()
    press(qtbot, desk, KEY.Key_N)
    qtbot.keyClicks(QApplication.focusWidget(), "smell of gas")
    form = desk.card.form
    assert isinstance(form, ReportForm)
    form.category.setFocus()
    qtbot.keyClicks(form.category.line, "rq")
    press(qtbot, desk, KEY.Key_Return)
    assert form.category.code == "01.01"
    press(qtbot, desk, KEY.Key_Return, CTRL)
    made = desk.commit(desk.sent[-1])
    assert desk.selection.incident == made.incident.id
    assert desk.card.form is None
    for key, kind in ((KEY.Key_F, File), (KEY.Key_A, Dispatch)):
        press(qtbot, desk, key)
        press(qtbot, desk, KEY.Key_Return, CTRL)
        assert isinstance(desk.sent[-1].command, kind)
        desk.commit(desk.sent[-1])
    press(qtbot, desk, KEY.Key_R)
    qtbot.keyClicks(QApplication.focusWidget(), "wrong person")
    press(qtbot, desk, KEY.Key_Return, CTRL)
    assert desk.sent[-1].command == Recall("wrong person")
    assert desk.commit(desk.sent[-1]).incident.state == "filed"


def test_a_checker_checks_and_closes_by_keys_alone(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(officer=CHECKER)
    desk.choose("checking")
    press(qtbot, desk, KEY.Key_C)
    press(qtbot, desk, KEY.Key_Return, CTRL)
    assert desk.sent == []
    press(qtbot, desk, KEY.Key_Space)
    press(qtbot, desk, KEY.Key_Return, CTRL)
    assert desk.sent[-1].command == CheckPass("", True)
    officer = new_desk()
    case = officer.choose("resolved")
    assert case.incident.state == "resolved"
    press(qtbot, officer, KEY.Key_C)
    press(qtbot, officer, KEY.Key_Return, CTRL)
    assert officer.sent[-1].command == SendCheck()
    assert replace(officer.sent[-1], order_id=desk.sent[-1].order_id).word == "send_check"
