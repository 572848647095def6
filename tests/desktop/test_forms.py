"""Forms: what they send, refusals beside the field, and text that is never lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.dispatch.closing_form import CheckForm
from desktop.dispatch.echo_form import FeedbackForm
from desktop.dispatch.reason_form import ReasonForm
from desktop.dispatch.report_form import ReportForm, place_typed
from desktop.dispatch.triage_form import TriageForm
from desktop.phrases import lonlat_text
from desktop.town_arrival import Town
from gis_data.town.address_book import AddressBook
from governance.commands import CheckFail, Dispatch, File, MakeReport, RaiseLevel, Reject, SendFeedback
from governance.incident import Urgency
from governance.places import LonLat
from governance.refusal import Refused
from tests.fakes.desks import FakeDesk
from tests.fakes.situations import CENTRE, CHECKER


def report_form(desk: FakeDesk) -> ReportForm:
    """N was pressed."""
    desk.window.act("new")
    assert isinstance(desk.card.form, ReportForm)
    return desk.card.form


def is_whole(line: QLabel) -> bool:
    """Whether a label shows all its words."""
    return (
        line.fontMetrics().horizontalAdvance(line.text()) <= line.width()
        or line.height() >= line.heightForWidth(line.width()) > 0
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("120.2123,30.2741", LonLat(120.2123, 30.2741)),
        (" 120.2123， 30.2741 ", LonLat(120.2123, 30.2741)),
        ("-0.1276 51.5072", LonLat(-0.1276, 51.5072)),
        ("景芳二区 12 幢", None),
        ("12 幢 3 单元", None),
        ("", None),
    ],
)
def test_a_typed_place_is_longitude_first(text: str, place: LonLat | None) -> None:
    assert place_typed(text) == place


def test_a_typed_place_that_is_none_is_refused() -> None:
    with pytest.raises(Refused, match="place_bad"):
        place_typed("120.2123,95.5")


def test_a_report_goes_to_the_typed_place_with_its_category_and_urgency(desk: FakeDesk) -> None:
    form = report_form(desk)
    form.text.setPlainText("燃气味很重")
    form.address.setText("120.2100,30.2700")
    form.category.choose("01.01")
    form.urgency.choose("2")
    desk.window.act("send")
    command = desk.sent[-1].command
    assert command == MakeReport("燃气味很重", LonLat(120.21, 30.27), category="01.01", urgency=Urgency.IMMEDIATE)


def test_a_report_without_a_place_goes_to_the_centre_of_the_map(desk: FakeDesk) -> None:
    form = report_form(desk)
    form.text.setPlainText("路灯不亮")
    assert desk.seat.words("field.place.centre") in form.where.text()
    desk.window.act("send")
    command = desk.sent[-1].command
    assert isinstance(command, MakeReport)
    assert (command.place, command.place_text) == (CENTRE, "")


def test_what_is_said_of_an_unknown_address_is_shown_whole(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(1366, 768, language="en")
    form = report_form(desk)
    form.text.setPlainText("a lamp is out")
    form.address.setText("no such lane 12")
    desk.window.act("send")
    assert form.address.text() in form.said.text()
    qtbot.waitUntil(lambda: is_whole(form.where) and is_whole(form.said))
    bottom = form.text.mapTo(form, QPoint(0, form.text.height())).y()
    qtbot.waitUntil(lambda: form.address.mapTo(form, QPoint()).y() >= bottom)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_button_with_a_long_name_still_shows_its_key(desk: FakeDesk, language: str) -> None:
    desk.seat.words.use(language)
    button = report_form(desk).send_button
    button.setText(desk.seat.words("form.send", what="江干区社会治理指挥中心 " * 9))
    assert button.shown().endswith("…  Ctrl+Enter")
    assert button.fontMetrics().horizontalAdvance(button.shown()) < button.width()


def test_what_went_out_with_an_order_is_no_draft_any_more(desk: FakeDesk) -> None:
    case = desk.choose("filed")
    desk.window.act("assign")
    assert desk.card.assign is not None
    desk.card.assign.text.setText("ring the caller first")
    desk.window.act("send")
    desk.commit(desk.sent[-1])
    assert desk.card._drafts.fields(f"assign {case.incident.id}") is None


def test_an_address_never_becomes_the_centre_of_the_map(desk: FakeDesk) -> None:
    form = report_form(desk)
    form.text.setPlainText("路灯不亮")
    form.address.setText("没有这条路 12 号")
    assert form.where.text() == desk.seat.words("field.place.unknown")
    desk.window.act("send")
    assert not desk.sent
    assert form.said.text() == desk.seat.words("refused.place_unknown", address=form.address.text())
    form.pick.click()
    assert form.where.text() == desk.seat.words("field.place.picking")
    desk.selection.pick_place(LonLat(120.22, 30.28))
    desk.window.act("send")
    command = desk.sent[-1].command
    assert isinstance(command, MakeReport)
    assert (command.place, command.place_text) == (LonLat(120.22, 30.28), "没有这条路 12 号")


def test_an_address_on_a_road_of_the_map_lies_on_that_road(desk: FakeDesk) -> None:
    town = Town(None, {}, {}, {"凯旋路": LonLat(120.21, 30.27), "旋路": LonLat(0.0, 0.0)})  # type: ignore[arg-type]
    desk.seat.place_named = town.place_named
    form = report_form(desk)
    form.text.setPlainText("路灯不亮")
    form.address.setText("凯旋路 201 号")
    assert "凯旋路" in form.where.text()
    desk.window.act("send")
    command = desk.sent[-1].command
    assert isinstance(command, MakeReport)
    assert (command.place, command.place_text) == (LonLat(120.21, 30.27), "凯旋路 201 号")


def test_an_address_whose_number_the_town_knows_lies_in_the_house(desk: FakeDesk) -> None:
    road, house, other = LonLat(120.21, 30.27), LonLat(120.213, 30.272), LonLat(120.4, 30.4)
    book = AddressBook([("凯旋路", "201", house), ("旋路", "203", other)])
    town = Town(None, {}, {}, {"凯旋路": road}, book)  # type: ignore[arg-type]
    desk.seat.place_named, desk.seat.places = town.place_named, town.places
    form = report_form(desk)
    form.text.setPlainText("路灯不亮")
    for address, place in (("凯旋路 203 号", road), ("凯旋路 201 号 3 楼", house)):
        form.address.setText(address)
        assert lonlat_text(place) in form.where.text()
    assert "凯旋路201号" in form.where.text()
    desk.window.act("send")
    command = desk.sent[-1].command
    assert isinstance(command, MakeReport)
    assert (command.place, command.place_text) == (house, "凯旋路 201 号 3 楼")


def test_a_click_on_the_map_gives_the_place(desk: FakeDesk) -> None:
    form = report_form(desk)
    form.text.setPlainText("路灯不亮")
    form.pick.click()
    assert desk.selection.is_picking
    desk.selection.pick_place(LonLat(120.22, 30.28))
    assert not desk.selection.is_picking
    assert not form.pick.isChecked()
    desk.window.act("send")
    command = desk.sent[-1].command
    assert isinstance(command, MakeReport)
    assert command.place == LonLat(120.22, 30.28)


@pytest.mark.parametrize(
    ("text", "category", "address", "field", "code"),
    [
        ("", "", "", "text", "text_needed"),
        ("有事", "没有这一类", "", "category", "category_unknown"),
        ("有事", "", "120.5,95.2", "address", "place_bad"),
    ],
)
def test_what_is_missing_is_said_beside_the_field(
    desk: FakeDesk, text: str, category: str, address: str, field: str, code: str
) -> None:
    form = report_form(desk)
    form.text.setPlainText(text)
    form.category.setText(category)
    form.address.setText(address)
    desk.window.act("send")
    assert not desk.sent
    assert form.said.isVisible()
    assert form.said.text() == desk.seat.words(f"refused.{code}", category=category)
    assert getattr(form, field).property("refused")


def test_a_refusal_of_the_server_keeps_the_form_and_its_text(desk: FakeDesk) -> None:
    form = report_form(desk)
    form.text.setPlainText("在河里")
    desk.window.act("send")
    desk.refuse(desk.sent[-1], Refused("grid_unknown", "place"))
    assert desk.card.form is form
    assert form.text.toPlainText() == "在河里"
    assert form.said.text() == desk.seat.words("refused.grid_unknown")
    assert form.address.property("refused")
    assert form.send_button.isEnabled()


def test_ctrl_enter_twice_sends_once(desk: FakeDesk) -> None:
    form = report_form(desk)
    form.text.setPlainText("路灯不亮")
    desk.window.act("send")
    desk.window.act("send")
    assert len(desk.sent) == 1


def test_typed_text_survives_a_crash(new_desk: Callable[..., FakeDesk], qtbot: QtBot) -> None:
    before = new_desk()
    case = before.choose("filed")
    form = report_form(before)
    form.text.setPlainText("三户居民已下楼")
    form.category.choose("05.01")
    qtbot.waitUntil(lambda: before.card._drafts.fields(form.draft) is not None)
    after = new_desk()  # the first one never got to close anything
    after.window.act("next_draft")
    assert isinstance(after.card.form, ReportForm)
    assert after.card.form.text.toPlainText() == "三户居民已下楼"
    assert after.card.form.category.code == "05.01"
    assert case.incident.id in after.situation.cases


def test_drafts_belong_to_their_officer(new_desk: Callable[..., FakeDesk]) -> None:
    form = report_form(new_desk())
    form.text.setPlainText("只有我看得见")
    form.keep()
    other = report_form(new_desk(account="hejing"))
    assert other.text.toPlainText() == ""


def test_n_parks_a_draft_and_f6_walks_through_them(desk: FakeDesk) -> None:
    report_form(desk).text.setPlainText("一")
    report_form(desk).text.setPlainText("二")
    seen = []
    for _ in range(2):
        desk.window.act("next_draft")
        assert isinstance(desk.card.form, ReportForm)
        seen.append(desk.card.form.text.toPlainText())
    assert sorted(seen) == ["一", "二"]


def test_a_sent_report_leaves_no_draft_and_is_selected(desk: FakeDesk) -> None:
    form = report_form(desk)
    form.text.setPlainText("路灯不亮")
    desk.window.act("send")
    made = desk.commit(desk.sent[-1])
    assert desk.selection.incident == made.incident.id
    assert desk.card._drafts.names("report ") == []
    assert desk.board.model.rows.row_of(made.incident.id) >= 0


def test_choosing_another_case_keeps_what_was_typed_about_the_first(desk: FakeDesk) -> None:
    first = desk.choose("filed")
    desk.window.act("raise")
    assert isinstance(desk.card.form, ReasonForm)
    desk.card.form.reason.setPlainText("需要区里协调")
    desk.window.act("next")
    assert desk.card.form is None
    desk.selection.choose_incident(first.incident.id)
    desk.window.act("raise")
    assert isinstance(desk.card.form, ReasonForm)
    assert desk.card.form.reason.toPlainText() == "需要区里协调"
    desk.window.act("send")
    assert desk.sent[-1].command == RaiseLevel("需要区里协调")


def test_filing_as_it_stands_takes_the_reports_own_category(desk: FakeDesk) -> None:
    case = desk.choose("reported")
    desk.window.act("file")
    assert isinstance(desk.card.form, TriageForm)
    desk.window.act("send")
    command = desk.sent[-1].command
    assert isinstance(command, File)
    assert (command.category, command.urgency) == (case.incident.category, case.incident.urgency)
    assert desk.card._drafts.names("file ") == []


def test_rejecting_needs_words(desk: FakeDesk) -> None:
    desk.choose("reported")
    desk.window.act("file")
    form = desk.card.form
    assert isinstance(form, TriageForm)
    form.choice.choose("reject")
    form.changed()
    desk.window.act("send")
    assert not desk.sent
    assert form.reason.property("refused")
    form.reason.setText("不属本平台")
    desk.window.act("send")
    assert desk.sent[-1].command == Reject("not_ours", "不属本平台")


def test_an_off_rule_choice_asks_for_a_reason(desk: FakeDesk) -> None:
    desk.choose("filed")
    desk.window.act("assign")
    form = desk.card.assign
    assert form is not None
    assert form.offer is not None
    desk.window.act("send")
    order = desk.sent[-1]
    desk.refuse(order, Refused("reason_needed", "reason", because="off_duty_matrix"))
    assert not form.reason.isHidden()
    assert "责任单位" in form.said.text()
    form.reason.setText("最近，且熟悉情况")
    desk.window.act("send")
    command = desk.sent[-1].command
    assert isinstance(command, Dispatch)
    assert command.reason == "最近，且熟悉情况"


def test_a_failed_check_needs_its_reason(new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(officer=CHECKER)
    desk.choose("checking")
    desk.window.act("check")
    form = desk.card.form
    assert isinstance(form, CheckForm)
    form.result.choose("fail")
    form.changed()
    desk.window.act("send")
    assert form.note.property("refused")
    form.note.setPlainText("仍有气味")
    desk.window.act("send")
    assert desk.sent[-1].command == CheckFail("仍有气味")


def test_feedback_begins_with_what_was_done(desk: FakeDesk) -> None:
    desk.choose("closed")
    desk.window.act("check")
    form = desk.card.form
    assert isinstance(form, FeedbackForm)
    form.satisfaction.choose("5")
    desk.window.act("send")
    assert desk.sent[-1].command == SendFeedback("现场已关阀通风，复测无气味。", satisfaction=5)


def test_tab_walks_through_a_form(qtbot: QtBot, desk: FakeDesk) -> None:
    form = report_form(desk)
    assert form.text.hasFocus()
    qtbot.keyClick(form.text, Qt.Key.Key_Tab)
    assert form.address.hasFocus()


def test_the_cameras_that_see_the_place_are_shown_and_v_puts_them_away(desk: FakeDesk) -> None:
    for case in desk.situation.cases.values():
        seeing = [camera.id for camera in desk.situation.cameras.seeing(case.incident.place, 4)]
        if seeing:
            break
    desk.selection.choose_incident(case.incident.id)
    assert desk.tiles.shown == seeing
    desk.window.act("pictures")
    assert desk.tiles.shown == []
    desk.window.act("pictures")
    assert desk.tiles.shown == seeing
    desk.selection.choose_incident(None)
    assert desk.tiles.shown == []


def test_where_no_camera_sees_the_place_the_nearest_are_shown_and_it_says_so(desk: FakeDesk) -> None:
    cameras = desk.situation.cameras
    places = [case.incident.place for case in desk.situation.cases.values()]
    near = [any(camera.place.distance_m(place) < 350 for camera in cameras.all()) for place in places]
    unseen = [not cameras.seeing(place, 4) for place in places]
    blind = list(desk.situation.cases.values())[[n and u for n, u in zip(near, unseen, strict=True)].index(True)]
    desk.selection.choose_incident(blind.incident.id)
    assert desk.tiles.shown
    assert desk.card.pictures.none.text() == desk.seat.words("card.pictures.blind")
