"""F8 by keys: read what is handed over, begin, sign out, sign in; refusals beside the field; nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.dispatch.report_form import ReportForm
from desktop.situation.situation import Situation
from governance.handover_paper import HandoverItem, Section
from governance.lifecycle import SYSTEM_OFFICER
from governance.people import Role, Unit
from governance.shifts import UnitShifts
from tests.desktop.handover.shift_scene import CASE, COMES, CTRL, LEAD, MINUTE, NOW, OPEN, RUNS, SIGNED, Scene
from tests.fakes import situations
from tests.fakes.desks import FakeDesk
from wire.shift_requests import (
    BeginHandover,
    CloseShift,
    HandIn,
    HandOver,
    OpenShift,
    ReadDutyLog,
    ReadHandover,
    ShiftDone,
    TakeBackHandover,
    TakeOver,
)

KEY = Qt.Key
Make = Callable[..., FakeDesk]


@pytest.fixture
def scene(qtbot: QtBot, new_desk: Make) -> Scene:
    """The desk of the lead whose shift ends."""
    return Scene(qtbot, new_desk)


def done(scene: Scene, kind: type) -> None:
    """The server did what was asked."""
    request: Any = scene.last(kind).request
    scene.answer(scene.last(kind), ShiftDone(1, request.order_id, UUID(int=9)))


def test_f8_shows_that_it_loads_then_what_is_handed_over_and_esc_gives_the_keys_back(scene: Scene) -> None:
    scene.press(KEY.Key_F8)
    assert scene.view.isVisible()
    assert scene.view.empty.text() == scene.desk.seat.words("handover.loading")
    assert scene.asked(ReadHandover)
    assert scene.asked(ReadDutyLog)
    scene.answer_reads(OPEN)
    rows = scene.view.list.rows
    assert [row for row in rows if isinstance(row, Section)] == [Section.URGENT, Section.CALLBACKS]
    assert len(rows) == 5
    assert "销 1" in scene.view.list.model().index(0, 0).data()
    assert "进3 出2 存5" in scene.view.flow.text()
    scene.press(KEY.Key_Escape)
    assert not scene.view.isVisible()
    assert scene.desk.board.view.hasFocus()


def test_what_a_clock_ordered_is_said_in_words(scene: Scene) -> None:
    ordered = HandoverItem(Section.SUPERVISED, "red", "燃气泄漏", "4 issued", NOW, SYSTEM_OFFICER.name)
    scene.open(OPEN, items=(ordered,))
    said = scene.view.list.model().index(1, 0).data()
    assert scene.desk.seat.words("actor.timer") in said
    assert SYSTEM_OFFICER.name not in said


def test_with_nothing_to_hand_over_it_says_so(scene: Scene) -> None:
    scene.open(OPEN, items=())
    assert scene.view.empty.isVisible()
    assert scene.view.empty.text() == scene.desk.seat.words("handover.nothing")


def test_from_beginning_to_both_signatures_by_keys_alone(scene: Scene) -> None:
    scene.open(OPEN)
    scene.press(KEY.Key_Return, CTRL)
    assert len(scene.asked(BeginHandover)) == 1
    done(scene, BeginHandover)
    assert scene.view.signing.step == "begin", "nothing is done before the feed says so"
    scene.stand(RUNS)
    assert scene.view.signing.step == "out"
    scene.answer_reads(RUNS)
    scene.type("one gas leak open")
    scene.press(KEY.Key_Return, CTRL)
    assert scene.asked(HandOver)[-1].summary == "one gas leak open"
    done(scene, HandOver)
    scene.stand(SIGNED)
    assert scene.view.signing.step == "in"
    assert LEAD.name in scene.view.signing.out_sign.text()
    assert scene.view.signing.summary.toPlainText() == ""
    scene.type("lead2")
    scene.press(KEY.Key_Tab)
    scene.type("secret")
    taken: list[tuple[str, str]] = []
    scene.shifts.taken_over.connect(lambda login, password, _post: taken.append((login, password)))
    scene.press(KEY.Key_Return)
    (request,) = scene.asked(TakeOver)
    assert (request.login, request.password) == ("lead2", "secret")
    done(scene, TakeOver)
    assert taken == [("lead2", "secret")]
    assert scene.view.signing.password.text() == ""


def test_a_signature_without_a_summary_is_refused_beside_it_and_not_sent(scene: Scene) -> None:
    scene.stand(RUNS)
    scene.open(RUNS)
    scene.press(KEY.Key_Return, CTRL)
    assert not scene.asked(HandOver)
    assert scene.view.signing.summary.property("refused")
    assert scene.view.signing.said.text() == scene.desk.seat.words("refused.text_needed")
    assert scene.view.signing.summary.hasFocus()


@pytest.mark.parametrize(("login", "password", "about"), [("", "", "login"), ("lead2", "", "password")])
def test_a_missing_login_or_password_is_refused_beside_its_field(scene: Scene, login: str, password: str, about: str) -> None:
    scene.stand(SIGNED)
    scene.open(SIGNED)
    signing = scene.view.signing
    signing.login.setText(login)
    signing.password.setText(password)
    scene.press(KEY.Key_Return, CTRL)
    assert not scene.asked(TakeOver)
    field = {"login": signing.login, "password": signing.password}[about]
    assert field.property("refused")
    assert field.hasFocus()


def test_a_wrong_password_is_told_beside_it_and_a_lost_answer_is_asked_again_as_the_same_order(scene: Scene) -> None:
    scene.stand(SIGNED)
    scene.open(SIGNED)
    signing = scene.view.signing
    signing.login.setText("lead2")
    signing.password.setText("wrong")
    scene.press(KEY.Key_Return, CTRL)
    scene.refuse(TakeOver, "wrong_login", "password")
    assert signing.password.property("refused")
    signing.password.setText("right")
    scene.press(KEY.Key_Return, CTRL)
    scene.refuse(TakeOver, "no_answer")
    scene.press(KEY.Key_Return, CTRL)
    first, second, third = scene.asked(TakeOver)
    assert first.order_id != second.order_id == third.order_id


def test_while_an_answer_is_waited_for_nothing_is_sent_twice(scene: Scene) -> None:
    scene.open(OPEN)
    for _ in range(3):
        scene.press(KEY.Key_Return, CTRL)
    assert len(scene.asked(BeginHandover)) == 1
    assert scene.view.signing.said.text() == scene.desk.seat.words("handover.sending")


def test_the_one_who_comes_signs_with_his_own_session_at_his_own_desk(qtbot: QtBot, new_desk: Make) -> None:
    scene = Scene(qtbot, new_desk, officer=COMES)
    scene.stand(SIGNED)
    scene.open(SIGNED, summary="一件燃气在办")
    assert not scene.view.signing.login.isVisible()
    assert "一件燃气在办" in scene.view.signing.kept.text()
    scene.press(KEY.Key_Return, CTRL)
    (request,) = scene.asked(TakeOver)
    assert (request.login, request.password) == ("", "")


@pytest.mark.parametrize("role", [Role.DUTY_OFFICER, Role.DISPATCHER, Role.CHECKER])
def test_whoever_may_not_sign_sees_why_and_cannot(qtbot: QtBot, new_desk: Make, role: Role) -> None:
    scene = Scene(qtbot, new_desk, officer=replace(situations.OFFICER, role=role))
    scene.stand(RUNS)
    scene.open(RUNS)
    assert not scene.view.signing.go.isEnabled()
    assert scene.view.signing.said.text()
    scene.press(KEY.Key_Return, CTRL)
    assert not scene.asked(HandOver)


def test_a_hand_over_nobody_signed_can_be_called_off(scene: Scene) -> None:
    scene.stand(RUNS)
    scene.open(RUNS)
    scene.view.signing.back.setFocus()
    scene.press(KEY.Key_Space)
    assert scene.asked(TakeBackHandover)
    done(scene, TakeBackHandover)
    scene.stand(OPEN)
    assert scene.view.signing.step == "begin"


def test_what_was_typed_survives_refusals_the_sheet_and_a_crash(scene: Scene, new_desk: Make) -> None:
    scene.stand(RUNS)
    scene.open(RUNS)
    scene.type("gas leak at no 3")
    scene.press(KEY.Key_Return, CTRL)
    scene.refuse(HandOver, "ledger_unreachable")
    assert scene.view.signing.summary.toPlainText() == "gas leak at no 3"
    scene.press(KEY.Key_Escape)
    again = new_desk(officer=LEAD)  # the first one crashed
    assert again.shifts.view.signing.summary.toPlainText() == "gas leak at no 3"


def test_a_password_is_kept_nowhere(scene: Scene, tmp_path: Any) -> None:
    scene.stand(SIGNED)
    scene.open(SIGNED)
    scene.view.signing.login.setText("lead2")
    scene.view.signing.password.setText("hunter2")
    scene.press(KEY.Key_Escape)
    assert scene.view.signing.password.text() == ""
    scene.desk.window.put_away()
    assert not [path for path in tmp_path.rglob("*.json") if "hunter2" in path.read_text()]


def test_a_hand_over_that_begins_makes_every_desk_hand_in_its_drafts_once(qtbot: QtBot, new_desk: Make) -> None:
    scene = Scene(qtbot, new_desk, officer=situations.OFFICER)
    scene.desk.window.act("new")
    form = scene.desk.card.form
    assert isinstance(form, ReportForm)
    form.text.setPlainText("路灯不亮，电话13800005678")
    scene.desk.window.act("back")
    scene.stand(RUNS)
    scene.stand(SIGNED)
    (handed,) = scene.asked(HandIn)
    (draft,) = [item for item in handed.items if item.section is Section.DRAFTS]
    assert "路灯不亮" in draft.title
    assert "13800005678" not in draft.title


STREET = Unit(UUID(int=50), "S1", "四季青街道综合指挥室", "street_centre", 3, "330104005")
OPERATOR = replace(situations.OFFICER, role=Role.OPERATOR, scope="330104005", unit=STREET.id)


def test_a_street_that_is_covered_opens_a_shift_of_its_own_and_closes_it_with_a_reason(qtbot: QtBot, new_desk: Make) -> None:
    scene = Scene(qtbot, new_desk, officer=OPERATOR)
    scene.open(OPEN)
    scene.press(KEY.Key_Return, CTRL)
    assert scene.asked(OpenShift)
    done(scene, OpenShift)
    assert OPEN.current
    shift = replace(OPEN.current, id=UUID(int=51), unit=STREET.id, lead=OPERATOR.staff)
    scene.desk.seat.officer = replace(OPERATOR, shift=shift.id)
    scene.stand(UnitShifts(STREET.id, shift))
    signing = scene.view.signing
    assert signing.step == "begin"
    assert signing.may_close
    signing.back.click()
    assert not scene.asked(CloseShift)
    assert signing.remark.property("refused")
    signing.remark.setText("下班，无人接")
    signing.back.click()
    assert scene.asked(CloseShift)[-1].reason == "下班，无人接"


def test_the_centre_that_nobody_covers_is_not_offered_to_close(scene: Scene) -> None:
    scene.open(OPEN)
    assert not scene.view.signing.may_close
    assert not scene.view.signing.back.isVisible()


def test_a_letter_that_works_behind_the_sheet_puts_the_sheet_away_first(scene: Scene) -> None:
    scene.open(OPEN)
    scene.desk.window.act("new")
    assert not scene.view.isVisible()
    assert scene.desk.card.open_form is not None


def test_enter_on_an_item_goes_to_its_incident(scene: Scene) -> None:
    scene.desk.change(None, CASE)
    scene.open(OPEN)
    scene.view.list.setFocus()
    scene.view.list.setCurrentIndex(scene.view.list.model().index(1, 0))
    scene.press(KEY.Key_Return)
    assert scene.desk.selection.incident == CASE.incident.id


def test_past_hand_overs_are_read_and_nothing_can_be_done_about_them(scene: Scene) -> None:
    over = replace(SIGNED.handover, signed_in=replace(SIGNED.handover.signed_out, staff=UUID(int=5)))  # type: ignore[union-attr,type-var]
    scene.open(OPEN)
    scene.view.past_wanted.emit(over.id)
    assert scene.asked(ReadHandover)[-1].handover == over.id
    scene.answer_reads(OPEN, handover=over, summary="昨夜平安", remark="收到")
    assert "昨夜平安" in scene.view.signing.kept.text()
    assert not scene.view.signing.go.isVisible()
    scene.press(KEY.Key_Return, CTRL)
    assert not scene.asked(BeginHandover)


@pytest.mark.parametrize(
    ("minutes", "text", "alert"), [(0, "交接中 0分钟", ""), (12, "交接中 12分钟", ""), (30, "交接中 30分钟 超时", "urgent")]
)
def test_the_top_bar_counts_the_minutes_and_turns_amber_after_thirty(scene: Scene, minutes: int, text: str, alert: str) -> None:
    assert scene.desk.top.handover.text() == scene.desk.seat.words("bar.handover")
    scene.stand(RUNS)
    scene.desk.now = NOW + minutes * MINUTE
    scene.shifts.pass_time()
    assert scene.desk.top.handover.text() == text
    assert scene.desk.top.handover.property("alert") == alert


def test_a_shift_nobody_hands_over_is_amber_an_hour_after_its_time(scene: Scene) -> None:
    scene.desk.now = NOW + 59 * MINUTE
    scene.shifts.pass_time()
    assert not scene.desk.top.handover.property("alert")
    scene.desk.now = NOW + 75 * MINUTE
    scene.shifts.pass_time()
    assert "75" in scene.desk.top.handover.text()
    assert scene.desk.top.handover.property("alert") == "urgent"


def test_when_the_leader_on_duty_was_told_every_desk_says_so(scene: Scene) -> None:
    scene.stand(RUNS)
    scene.desk.window.banner.hide()
    scene.desk.now = NOW + 31 * MINUTE
    scene.stand(replace(RUNS, current=replace(RUNS.current, told_at=scene.desk.now)))  # type: ignore[type-var]
    assert scene.desk.window.banner.isVisible()
    assert "31" in scene.desk.window.banner.text.text()


def test_another_shift_in_force_is_named_in_the_bar_and_the_banner(scene: Scene) -> None:
    from governance import shifts as rules

    scene.stand(SIGNED)
    scene.stand(rules.signed_in(SIGNED, COMES, NOW).standing)
    assert "早班" in scene.desk.top.who.text()
    assert COMES.name in scene.desk.window.banner.text.text()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [1366, 1920])
def test_the_sheet_stays_within_the_window_and_beside_the_board(
    qtbot: QtBot, new_desk: Make, language: str, width: int
) -> None:
    scene = Scene(qtbot, new_desk, width=width, height=768 if width == 1366 else 1080, language=language)
    scene.stand(SIGNED)
    scene.open(SIGNED, summary="x" * 400)
    sheet = scene.view.geometry()
    assert sheet.left() >= scene.desk.board.width() - 2
    assert scene.desk.window.rect().contains(sheet)
    for part in (scene.view.signing.go, scene.view.log.line, scene.view.hint):
        assert part.visibleRegion().boundingRect().size() == part.size(), part.objectName()
    scene.desk.window.speak("en" if language == "zh" else "zh")
    assert scene.view.title.text() == scene.desk.seat.words("handover.title")
    assert QApplication.focusWidget() is not None


def test_a_situation_begins_without_shifts() -> None:
    assert Situation().shifts == {}
