"""The command line on a real window, by keys: forms opened and filled, sent at once, taken back, answered."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QRawFont
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.command.completion import suggested
from desktop.command.verbs import ORDERS
from desktop.dispatch.assign_form import AssignForm
from desktop.dispatch.closing_form import CheckForm
from desktop.dispatch.filling import Filling
from desktop.dispatch.form_order import has_form
from desktop.dispatch.report_form import ReportForm
from desktop.style.type_face import face
from desktop.surround.answer_line import SIGNS
from governance.commands import AddAssist, CheckFail, Dispatch, RaiseLevel
from governance.people import Duty
from governance.refusal import Refused
from tests.fakes.desks import FakeDesk
from tests.fakes.hands import enter, free_names, number, press, type_text
from tests.fakes.situations import CHECKER

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier


def test_a_whole_sentence_says_what_it_will_send_and_a_second_enter_sends_it(qtbot: QtBot, desk: FakeDesk) -> None:
    case = desk.first("filed")
    one, other = free_names(desk, case)
    enter(qtbot, desk, f"派 {one}+{other} {number(case)}：带检测仪")
    assert desk.sent == []
    assert desk.selection.incident == case.incident.id
    assert desk.top.command.hasFocus()
    said = desk.window.suggestions.asked.text()
    for part in (case.incident.number, one, other, "带检测仪"):
        assert part in said
        assert part in desk.top.answer.toolTip()
    press(qtbot, desk, KEY.Key_Return)
    (order,) = desk.sent
    assert isinstance(order.command, Dispatch)
    assert (order.command.lead.name, [each.name for each in order.command.assists]) == (one, [other])
    assert order.command.order_text == "带检测仪"
    assert desk.board.view.hasFocus()
    assert desk.top.command.text() == ""


def test_a_mark_of_exclamation_sends_at_once(qtbot: QtBot, desk: FakeDesk) -> None:
    case = desk.first("filed")
    (name,) = free_names(desk, case, 1)
    enter(qtbot, desk, f"派 {name} {number(case)}!")
    (order,) = desk.sent
    assert isinstance(order.command, Dispatch)
    assert order.command.lead.name == name
    assert (order.incident, order.version) == (case.incident.id, case.incident.version)


def test_what_became_of_a_line_stays_until_the_next(qtbot: QtBot, desk: FakeDesk) -> None:
    case = desk.first("filed")
    (name,) = free_names(desk, case, 1)
    answer = desk.top.answer
    assert answer.isHidden()
    enter(qtbot, desk, f"派 {name} {number(case)}!")
    assert answer.property("look") == "dim"
    assert name in answer.toolTip()
    desk.commit(desk.sent[-1])
    assert answer.property("look") == "live"
    for part in (desk.seat.officer.name, name, case.incident.number):
        assert part in answer.toolTip()
    desk.selection.choose_incident(None)
    assert answer.isVisible()
    enter(qtbot, desk, "hello")
    assert answer.property("look") == "warn"


def test_a_refused_line_says_why_in_words(qtbot: QtBot, desk: FakeDesk) -> None:
    case = desk.first("filed")
    (name,) = free_names(desk, case, 1)
    enter(qtbot, desk, f"派 {name} {number(case)}!")
    desk.refuse(desk.sent[-1], Refused("not_your_area"))
    assert desk.top.answer.property("look") == "refused"
    assert desk.seat.words("refused.not_your_area") in desk.top.answer.toolTip()


def test_esc_goes_to_the_form_and_what_is_changed_there_is_sent(qtbot: QtBot, desk: FakeDesk) -> None:
    case = desk.first("filed")
    (name,) = free_names(desk, case, 1)
    enter(qtbot, desk, f"派 {name} {number(case)}")
    press(qtbot, desk, KEY.Key_Escape)
    form = desk.card.open_form
    assert isinstance(form, AssignForm)
    assert form.list.hasFocus()
    form.text.setText("另带梯子")
    press(qtbot, desk, KEY.Key_Return, CTRL)
    assert isinstance(desk.sent[-1].command, Dispatch)
    assert desk.sent[-1].command.order_text == "另带梯子"


def test_another_line_in_between_disarms_the_first(qtbot: QtBot, desk: FakeDesk) -> None:
    case = desk.first("filed")
    (name,) = free_names(desk, case, 1)
    enter(qtbot, desk, f"派 {name} {number(case)}")
    desk.window.act("back")
    desk.window.act("back")
    assert desk.card.open_form is None
    enter(qtbot, desk, f"派 {name} {number(case)}")
    assert desk.sent == [], "the form is another one now: it is shown first"


@pytest.mark.parametrize("mark", ["", "!"])
def test_what_cannot_be_taken_back_waits_in_its_form(qtbot: QtBot, desk: FakeDesk, mark: str) -> None:
    case = desk.first("filed")
    enter(qtbot, desk, f"提级 {number(case)}：没有人 {mark}")
    assert desk.sent == []
    assert desk.card.open_form is not None
    assert not desk.top.command.hasFocus()
    press(qtbot, desk, KEY.Key_Return, CTRL)
    assert desk.sent[-1].command == RaiseLevel("没有人")


def test_what_is_missing_is_named_and_the_form_is_open(qtbot: QtBot, desk: FakeDesk) -> None:
    case = desk.first("dispatched")
    enter(qtbot, desk, f"撤回 {number(case)}")
    assert desk.seat.words("slot.reason") in desk.top.answer.said
    form = desk.card.open_form
    assert form is not None
    assert form.isAncestorOf(desk.window.focusWidget())


def test_a_name_that_fits_several_offers_them_in_its_place(qtbot: QtBot, desk: FakeDesk) -> None:
    case = desk.first("filed")
    enter(qtbot, desk, f"派 陈 {number(case)}")
    line = desk.top.command
    assert line.hasFocus()
    assert line.text() == f"派 陈 {number(case)}"
    offered = desk.window.suggestions.rows.offered
    assert len(offered) > 1
    press(qtbot, desk, KEY.Key_Tab)
    assert line.text() == f"派 {offered[0].word} {number(case)}"
    press(qtbot, desk, KEY.Key_Return)
    assert isinstance(desk.card.open_form, AssignForm)
    assert desk.card.open_form.offer is not None
    assert desk.card.open_form.offer.name == offered[0].name


def test_somebody_who_cannot_go_is_not_replaced_in_silence(qtbot: QtBot, desk: FakeDesk) -> None:
    case = desk.first("filed")
    off = next(worker for worker in desk.situation.workers.people() if worker.duty is Duty.OFF)
    enter(qtbot, desk, f"派 #{off.number} {number(case)}!")
    assert desk.sent == []
    assert off.name in desk.top.answer.said
    press(qtbot, desk, KEY.Key_Return, CTRL)
    assert desk.sent == []
    form = desk.card.open_form
    assert isinstance(form, AssignForm)
    assert off.name in form.said.text()


def test_a_worker_who_is_not_among_the_best_can_be_named(qtbot: QtBot, desk: FakeDesk) -> None:
    case = desk.choose("filed")
    desk.window.act("assign")
    assert desk.card.assign is not None
    best = {offer.worker for offer in desk.card.assign.list.offers}
    desk.window.act("back")
    names = [worker.name for worker in desk.situation.workers.people()]
    far = next(
        w for w in desk.situation.workers.people() if w.id not in best and w.duty is Duty.ON_DUTY and names.count(w.name) == 1
    )
    enter(qtbot, desk, f"派 {far.name} {number(case)}!")
    assert isinstance(desk.sent[-1].command, Dispatch)
    assert desk.sent[-1].command.lead.worker == far.id


def test_more_verbs_fill_their_forms(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(officer=CHECKER)
    case = desk.first("checking")
    enter(qtbot, desk, f"返工 {number(case)}：还在漏")
    form = desk.card.form
    assert isinstance(form, CheckForm)
    press(qtbot, desk, KEY.Key_Return, CTRL)
    assert desk.sent[-1].command == CheckFail("还在漏")
    officer = new_desk()
    enter(qtbot, officer, "上报 路灯 不亮，很黑 类别=zdjy")
    assert isinstance(officer.card.form, ReportForm)
    assert officer.card.form.category.code == "03.01"
    handled = officer.first("handling")
    (name,) = free_names(officer, handled, 1)
    enter(qtbot, officer, f"增派 {name} {number(handled)}")
    press(qtbot, officer, KEY.Key_Return, CTRL)
    assert isinstance(officer.sent[-1].command, AddAssist)


@pytest.mark.parametrize("verb", ORDERS, ids=lambda verb: verb.action + verb.kind)
def test_every_verb_opens_its_form_or_is_refused_in_words(qtbot: QtBot, desk: FakeDesk, verb: object) -> None:
    case = desk.choose("filed")
    word = verb.initials[0]  # type: ignore[attr-defined]
    desk.top.command.entered.emit(f"{word} {number(case)}")
    opened = desk.card.open_form is not None
    assert opened or desk.top.answer.property("look") in ("refused", "warn")
    assert desk.top.answer.said
    assert "refused." not in desk.top.answer.said
    assert desk.sent == []


def test_the_hook_for_forms_says_why_not(desk: FakeDesk) -> None:
    case = desk.choose("filed")
    refused = desk.window.act("recall", Filling("recall", case.incident.id, reason="x"))
    assert refused is not None
    assert refused.code == "not_in_state"
    assert desk.window.act("raise_level", Filling("raise_level", case.incident.id, reason="没有人")) is None
    form = desk.card.open_form
    assert form is not None
    assert form.command() == RaiseLevel("没有人")
    assert {verb.action for verb in ORDERS if has_form(verb.action)} >= {"dispatch", "file", "recall", "reopen", "report"}


def test_a_layer_of_the_map_is_switched_by_its_name(qtbot: QtBot, desk: FakeDesk) -> None:
    enter(qtbot, desk, "图层 行踪")
    assert desk.map.asked == ["switch_layer"]
    assert "行踪" in desk.top.answer.said
    enter(qtbot, desk, "图层 云层")
    assert desk.map.asked == ["switch_layer"]
    assert desk.top.answer.property("look") == "warn"
    assert desk.top.command.text() == "图层 云层"
    assert desk.seat.words("slot.layer") in desk.top.answer.said
    offered = {each.word for each in suggested(desk.seat, "layers ").offered}
    assert {"行踪", "摄像头视野"} <= offered
    enter(qtbot, desk, "图层")
    assert desk.map.asked == ["switch_layer", "switch_part"]
    desk.window.speak("en")
    assert [each.name for each in suggested(desk.seat, "layers ").offered if not each.name.isascii()] == []


# ---- the line itself ----------------------------------------------------------------------------------------------


def test_tab_and_shift_tab_walk_through_the_offers_and_esc_gives_back_what_was_typed(qtbot: QtBot, desk: FakeDesk) -> None:
    press(qtbot, desk, KEY.Key_F2)
    type_text(desk, "派 陈")
    line, popup = desk.top.command, desk.window.suggestions
    assert popup.isVisible()
    offered = popup.rows.offered
    assert len(offered) > 2
    press(qtbot, desk, KEY.Key_Tab)
    assert line.text() == f"派 {offered[0].word}"
    press(qtbot, desk, KEY.Key_Down)
    assert line.text() == f"派 {offered[1].word}"
    press(qtbot, desk, KEY.Key_Backtab)
    press(qtbot, desk, KEY.Key_Up)
    assert line.text() == "派 陈"
    press(qtbot, desk, KEY.Key_Tab)
    press(qtbot, desk, KEY.Key_Escape)
    assert line.text() == "派 陈"
    assert popup.isVisible()
    press(qtbot, desk, KEY.Key_Escape)
    assert not popup.isVisible()
    assert line.hasFocus()
    press(qtbot, desk, KEY.Key_Escape)
    assert desk.board.view.hasFocus()
    assert line.text() == "派 陈", "one step out loses no text"


def test_the_only_offer_is_taken_and_the_next_argument_asked_for(qtbot: QtBot, desk: FakeDesk) -> None:
    press(qtbot, desk, KEY.Key_F2)
    type_text(desk, "disp")
    press(qtbot, desk, KEY.Key_Tab)
    assert desk.top.command.text() == "dispatch "
    assert desk.seat.words("slot.workers.hint") in desk.window.suggestions.asked.text()


def test_the_popup_never_has_the_keys_and_stays_within_the_window(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    for width, height in ((1920, 1080), (1366, 768)):
        desk = new_desk(width, height)
        press(qtbot, desk, KEY.Key_F2)
        type_text(desk, "派 ")
        popup: QWidget = desk.window.suggestions
        assert desk.top.command.hasFocus()
        assert desk.window.rect().contains(popup.geometry())
        qtbot.mouseClick(
            desk.window.suggestions.rows, Qt.MouseButton.LeftButton, pos=desk.window.suggestions.rows.rect().center()
        )
        assert desk.top.command.hasFocus()
        assert desk.top.command.text().startswith("派 ")
        assert len(desk.top.command.text()) > 3


def test_lines_are_recalled_as_they_were_and_their_verb_can_be_changed(qtbot: QtBot, desk: FakeDesk) -> None:
    lines = ["dk 0014", "找 燃气", "撤回 9999：太远，“换人”！"]
    for line in lines:
        enter(qtbot, desk, line)
        desk.window.act("back")
        desk.window.give_keys_back()
    desk.top.command.clear()
    press(qtbot, desk, KEY.Key_F2)
    seen = []
    for _ in lines:
        press(qtbot, desk, KEY.Key_Up)
        seen.append(desk.top.command.text())
    assert seen == lines[::-1]
    press(qtbot, desk, KEY.Key_Down)
    assert desk.top.command.text() == lines[1]
    press(qtbot, desk, KEY.Key_Up, CTRL)
    type_text(desk, "sp")
    assert desk.top.command.text() == "sp 0014"


def test_a_line_that_was_left_is_marked_when_one_comes_back_and_never_lost(qtbot: QtBot, desk: FakeDesk) -> None:
    line = desk.top.command
    press(qtbot, desk, KEY.Key_F2)
    type_text(desk, "撤回 0014：太远")
    press(qtbot, desk, KEY.Key_Escape)
    assert desk.board.view.hasFocus()
    press(qtbot, desk, KEY.Key_F2)
    assert line.selectedText() == "撤回 0014：太远"
    type_text(desk, "dk")
    assert line.text() == "dk"
    line.clear()
    press(qtbot, desk, KEY.Key_Up)
    assert line.text() == "撤回 0014：太远"


def test_every_sign_of_the_answers_is_in_the_font(desk: FakeDesk) -> None:
    font = QRawFont.fromFont(face())
    assert {sign for sign in SIGNS.values() if not font.supportsCharacter(ord(sign))} == set()


def test_a_line_goes_to_a_grid(qtbot: QtBot, desk: FakeDesk) -> None:
    enter(qtbot, desk, "前往 景芳07")
    assert desk.map.asked == ["go_to_area"], "this map knows no middle, and says so"
    assert desk.top.answer.toolTip() == desk.seat.words("command.no_place")
    enter(qtbot, desk, "qw 007")
    assert desk.top.command.hasFocus()
    assert len(desk.window.suggestions.rows.offered) > 1


def test_keys_typed_quickly_are_text_and_the_popup_shows_for_them(qtbot: QtBot, desk: FakeDesk) -> None:
    for key in (KEY.Key_B, KEY.Key_G, KEY.Key_H):
        qtbot.keyClick(desk.window.focusWidget(), key)
    assert desk.top.command.text() == "bgh"
    assert desk.sent == []


@pytest.mark.parametrize("line", ["派" * 400, "\0", "😀", "撤回 0014：" + "长" * 9000, "%s{0}", "<b>x</b> 0014"])
def test_a_hostile_line_is_answered_and_breaks_nothing(qtbot: QtBot, desk: FakeDesk, line: str) -> None:
    press(qtbot, desk, KEY.Key_F2)
    desk.top.command.setText(line)
    desk.top.command.textEdited.emit(line)
    press(qtbot, desk, KEY.Key_Return)
    assert desk.sent == []
    assert desk.window.rect().contains(desk.top.geometry())
    assert desk.window.height() <= 1080


def test_a_clicked_verb_begins_a_line(qtbot: QtBot, desk: FakeDesk) -> None:
    desk.choose("filed")
    press(qtbot, desk, KEY.Key_F1)
    assert 'href="tj"' in desk.window.overlay.verbs.text()
    desk.window.overlay.verbs.linkActivated.emit("tj")
    assert not desk.window.overlay.isVisible()
    assert desk.top.command.hasFocus()
    assert desk.top.command.text() == "tj "


def test_a_worker_is_followed_by_name(qtbot: QtBot, desk: FakeDesk) -> None:
    workers = desk.situation.workers
    person = next(each for each in workers.people() if workers.place(each.id) is not None)
    enter(qtbot, desk, f"follow #{person.number}")
    assert "follow" in desk.map.asked
    assert desk.selection.worker == person.id
