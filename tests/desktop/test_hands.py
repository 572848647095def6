"""What quick or stray hands do: fast letters, Tab, Space, arrows in a window without focus, numbers nobody has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from string import ascii_lowercase
from uuid import uuid4

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.dispatch.assign_form import AssignForm
from desktop.dispatch.case_view import due_at, share_used, time_said
from desktop.dispatch.closing_form import CheckForm
from desktop.dispatch.form import Form, tab_order
from desktop.dispatch.report_form import ReportForm
from desktop.dispatch.step_list import NO_BREAK
from desktop.dispatch.triage_form import TriageForm
from desktop.phrases import title_of
from governance.commands import CheckFail, Dispatch
from governance.deadline import CHINA, later
from governance.incident import State, Timer, TimerKind, TimerState
from tests.fakes.desks import FakeDesk
from tests.fakes.situations import CHECKER

KEY = Qt.Key


def press(qtbot: QtBot, desk: FakeDesk, key: Qt.Key) -> None:
    """A key press of the officer, who waits for what it does: it goes to whatever has the focus."""
    qtbot.keyClick(QApplication.focusWidget() or desk.window, key)
    qtbot.waitUntil(lambda: not desk.window.keyboard.is_waiting)


def type_fast(desk: FakeDesk, letters: str, apart_ms: int = 60) -> None:
    """Letters whose keys went down so far apart, however late the window looks at them."""
    for number, letter in enumerate(letters):
        key = QKeyEvent(QEvent.Type.KeyPress, ord(letter.upper()), Qt.KeyboardModifier.NoModifier, letter)
        key.setTimestamp(10_000 + number * apart_ms)
        desk.window.keyPressEvent(key)


def test_fast_letters_stand_in_the_command_line_and_did_nothing_on_the_way(qtbot: QtBot, desk: FakeDesk) -> None:
    type_fast(desk, "bgh")
    assert desk.top.command.hasFocus()
    press(qtbot, desk, KEY.Key_X)
    assert desk.top.command.text() == "bghx"
    qtbot.wait(400)  # longer than anything could still be waiting
    assert desk.map.asked == []


def test_a_single_letter_still_acts(qtbot: QtBot, desk: FakeDesk) -> None:
    type_fast(desk, "b")
    qtbot.waitUntil(lambda: desk.map.asked == ["switch_buildings"])


@pytest.mark.parametrize("state", ["reported", "filed", "dispatched", "checking"])
def test_whatever_letter_comes_first_nothing_is_lost_and_nothing_opened(qtbot: QtBot, desk: FakeDesk, state: str) -> None:
    for first in ascii_lowercase:
        for text in (first + ("an" if first not in "an" else "fi"), 2 * first + ("el" if first not in "el" else "ra")):
            desk.choose(state)
            for letter in text:
                qtbot.keyClick(QApplication.focusWidget(), KEY(ord(letter.upper())))
            assert desk.top.command.hasFocus()
            assert desk.top.command.text() == text
            desk.top.command.clear()
            desk.window.give_keys_back()
    assert not desk.window.keyboard.is_waiting
    assert desk.card.form is None
    assert desk.card.open_form is None
    assert desk.card._drafts.names() == []
    assert desk.sent == []


def test_a_letter_and_a_number_may_be_as_fast_as_the_hand(qtbot: QtBot, desk: FakeDesk) -> None:
    desk.choose("filed")
    for key in (KEY.Key_A, KEY.Key_2):
        qtbot.keyClick(QApplication.focusWidget(), key)
    form = desk.card.open_form
    assert isinstance(form, AssignForm)
    assert form.offer == form.list.offers[1]


def test_ctrl_enter_sends_the_form_of_the_letter_before_it(qtbot: QtBot, desk: FakeDesk) -> None:
    desk.choose("filed")
    qtbot.keyClick(QApplication.focusWidget(), KEY.Key_A)
    qtbot.keyClick(QApplication.focusWidget(), KEY.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert isinstance(desk.sent[-1].command, Dispatch)


@pytest.mark.parametrize(("letters", "apart_ms"), [("jka", 100), ("jjjjj", 40), ("jkjkj", 40), ("bbb", 40), ("bgh", 400)])
def test_tapping_and_thinking_are_no_text(desk: FakeDesk, letters: str, apart_ms: int) -> None:
    type_fast(desk, letters, apart_ms)
    assert not desk.top.command.hasFocus()
    assert desk.top.command.text() == ""


@pytest.mark.parametrize("action", ["new", "file", "raise"])
def test_no_plain_key_commits(qtbot: QtBot, desk: FakeDesk, action: str) -> None:
    desk.choose("reported" if action == "file" else "filed")
    desk.window.act(action)
    form = desk.card.open_form
    assert form is not None
    for _ in range(len(tab_order(form)) + 1):
        for key in (KEY.Key_Space, KEY.Key_Return):
            focused = desk.window.focusWidget()
            if focused is not form.cancel_button:
                press(qtbot, desk, key)
        press(qtbot, desk, KEY.Key_Tab)
    assert desk.sent == []


def test_tab_walks_the_fields_in_order_and_stays_in_the_form(qtbot: QtBot, desk: FakeDesk) -> None:
    desk.choose("reported")
    desk.window.act("new")
    form = desk.card.form
    assert isinstance(form, Form)
    seen: list[QWidget | None] = []
    for _ in range(len(tab_order(form)) + 1):
        seen.append(desk.window.focusWidget())
        press(qtbot, desk, KEY.Key_Tab)
    assert seen[0] is seen[-1]
    heights = [widget.mapTo(form, widget.rect().topLeft()).y() for widget in seen[:-1] if widget]
    assert heights == sorted(heights)
    assert form.send_button not in seen


def test_failing_a_check_works_in_a_window_that_was_never_clicked(desk: FakeDesk, new_desk: Callable[..., FakeDesk]) -> None:
    checker = new_desk(officer=CHECKER)
    checker.choose("checking")
    checker.window.act("check")
    form = checker.card.form
    assert isinstance(form, CheckForm)
    desk.window.activateWindow()  # another window has the keyboard; keys reach this one's focus widget all the same
    target = checker.window.focusWidget()
    assert target is not None
    right = QKeyEvent(QEvent.Type.KeyPress, KEY.Key_Right, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(target, right)
    assert form.result.value == "fail"
    form.note.setPlainText("阀门仍漏气")
    checker.window.act("send")
    assert checker.sent[-1].command == CheckFail("阀门仍漏气")


def test_a_number_nobody_has_sends_nobody(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(worker_count=6)
    desk.choose("filed")
    desk.window.act("assign")
    form = desk.card.assign
    assert form is not None
    press(qtbot, desk, KEY.Key_9)
    for _ in range(2):
        desk.window.act("send")
        assert desk.sent == []
        assert form.said.text() == desk.seat.words("form.assign.missing", number=9, count=len(form.list.offers))
    press(qtbot, desk, KEY.Key_2)
    wanted = form.list.offers[1].worker
    desk.window.act("send")
    command = desk.sent[-1].command
    assert isinstance(command, Dispatch)
    assert command.lead.worker == wanted


def test_nine_candidates_stand_in_the_frozen_order_and_nine_chooses_the_last(qtbot: QtBot, desk: FakeDesk) -> None:
    desk.choose("filed")
    form = desk.card.assign
    assert form is not None
    assert len(form.list.offers) == 5
    press(qtbot, desk, KEY.Key_A)
    assert len(form.list.offers) == 9
    wanted = form.list.offers[8].worker
    press(qtbot, desk, KEY.Key_9)
    desk.window.act("send")
    command = desk.sent[-1].command
    assert isinstance(command, Dispatch)
    assert command.lead.worker == wanted


def test_the_candidates_at_rest_send_nobody_by_a_click(desk: FakeDesk) -> None:
    desk.choose("filed")
    form = desk.card.assign
    assert form is not None
    assert form.send_button.property("look") == "quiet"
    form.send_button.click()
    assert desk.sent == []
    assert form.is_active
    assert form.send_button.property("look") == "go"


@pytest.mark.parametrize("verb", ["不予受理", "bysl", "reject"])
def test_the_verb_for_rejecting_chooses_rejecting(desk: FakeDesk, verb: str) -> None:
    case = desk.choose("reported")
    desk.top.command.entered.emit(f"{verb} {case.incident.number[-4:]}")
    form = desk.card.form
    assert isinstance(form, TriageForm)
    assert form.is_rejecting


def test_the_clock_that_rings_first_is_shown_with_its_name(desk: FakeDesk) -> None:
    case = next(c for c in desk.situation.cases.values() if c.incident.due_at is not None and c.timers)
    soon = desk.now + timedelta(minutes=3, seconds=5)
    timer = replace(case.timers[0], kind=TimerKind.T3_DISPATCH, state=TimerState.RUNNING, due_at=soon)
    pressed = replace(case, timers=(timer,), incident=replace(case.incident, due_at=desk.now + timedelta(days=4)))
    assert due_at(pressed) == soon
    assert time_said(desk.seat.words, pressed, desk.now, desk.situation.rules.calendar) == "派遣 剩3分"
    calm = replace(pressed, timers=())
    assert time_said(desk.seat.words, calm, desk.now, desk.situation.rules.calendar) == "剩4天"


def test_a_clock_that_rang_says_when_it_rings_again(desk: FakeDesk) -> None:
    case = desk.choose("reported")
    soon = desk.now + timedelta(minutes=3, seconds=5)
    timer = replace(case.timers[0], kind=TimerKind.T1_INTAKE, state=TimerState.RUNNING, due_at=soon, fired=1)
    desk.card.head.show_case(replace(case, timers=(timer,)))
    said = desk.seat.words("card.clock.again", stage=desk.seat.words(f"stage.{timer.kind}"), time="3分钟")
    assert said in desk.card.head.clocks.text().replace(NO_BREAK, " ")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_title_that_names_the_kind_is_said_in_the_officers_language(desk: FakeDesk, language: str) -> None:
    case = next(each for each in desk.situation.cases.values() if each.incident.category)
    kind = desk.situation.rules.categories[case.incident.category]
    desk.seat.words.use(language)
    named = {"zh": kind.name_zh, "en": kind.name_en}
    for title in named.values():
        filed = replace(case, incident=replace(case.incident, title=title))
        assert title_of(desk.seat.words, desk.situation.rules, filed) == named[language]


def test_no_clock_stands_of_what_is_archived(desk: FakeDesk) -> None:
    case = next(iter(desk.situation.cases.values()))
    stands = replace(case, timers=(), incident=replace(case.incident, state=State.SUSPENDED, due_at=None, overdue=False))
    over = replace(stands, incident=replace(stands.incident, state=State.ARCHIVED))
    assert time_said(desk.seat.words, stands, desk.now, desk.situation.rules.calendar) == desk.seat.words("paused")
    assert time_said(desk.seat.words, over, desk.now, desk.situation.rules.calendar) == ""


@pytest.mark.parametrize(("hour", "share"), [(5, 0.0), (10, 0.375), (11, 0.625)])
def test_a_night_uses_nothing_of_a_limit_in_working_hours(desk: FakeDesk, hour: int, share: float) -> None:
    filed = datetime(2026, 11, 23, 20, 0, tzinfo=CHINA)  # exposed rubbish on a Monday evening: four working hours
    now, rules = datetime(2026, 11, 24, hour, 0, tzinfo=CHINA), desk.situation.rules
    limit_s = 4 * 3600.0
    due = later(filed, limit_s, True, rules.calendar)
    clock = Timer(uuid4(), TimerKind.T7_RESOLVE, TimerState.RUNNING, filed, due, limit_s, working=True)
    handled = desk.first("handling")
    incident = replace(handled.incident, due_at=due, limit_s=limit_s, clock_since=filed, used_s=0.0, overdue=False)
    assert share_used(replace(handled, incident=incident, timers=(clock,)), now, rules.calendar) == share


def test_a_search_looks_through_all_queues_and_esc_goes_back(desk: FakeDesk) -> None:
    wanted = desk.first("handling")
    assert desk.board.tabs.current == "intake"
    desk.board.filter.setText(wanted.incident.number)
    desk.board.filter.returnPressed.emit()
    assert [row.case for row in desk.board.model.rows.rows if row.case is not None] == [wanted.incident.id]
    desk.board.tabs.choose("overdue")
    desk.board.tabs.choose("all")
    desk.board.filter.clear()
    desk.board.filter.returnPressed.emit()
    assert desk.board.tabs.current == "intake"


def test_parked_drafts_are_counted_where_the_keys_stand(desk: FakeDesk) -> None:
    desk.window.act("new")
    form = desk.card.form
    assert isinstance(form, ReportForm)
    form.text.setPlainText("路灯不亮")
    desk.window.act("back")
    assert desk.seat.words("bar.drafts", count=1) in desk.status.keys.text()
    desk.window.act("next_draft")
    assert desk.seat.words("bar.drafts", count=1) not in desk.status.keys.text()


def test_while_the_map_comes_the_status_bar_counts_it(desk: FakeDesk) -> None:
    desk.status.tell_packs(2, 5)
    assert desk.status.grid.text() == desk.seat.words("loading.packs", done=2, all=5)
    assert desk.status.grid.isVisible()
    desk.status.tell_packs(5, 5)
    assert not desk.status.grid.isVisible()
