"""The next shift is planned from the F8 sheet by keys; what is wrong stands beside its field, and what was typed stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.handover.plan_times import moment_of
from desktop.link.from_server import Enquired
from desktop.link.to_server import Enquire
from governance.refusal import Refused
from governance.shift_plans import LeadOffer
from governance.shifts import Shift, ShiftState, UnitShifts
from tests.fakes.desks import FakeDesk
from tests.fakes.situations import NOW, SHIFT_LEAD
from wire.shift_requests import CancelShift, ChangeLead, ChangeShift, PlansAre, PlanShift, PlanUnit, ReadPlans, ShiftDone

NewDesk = Callable[..., FakeDesk]
UNIT, STREET, HE, SHE = (UUID(int=n) for n in range(1, 5))
ENDS = NOW + timedelta(hours=2)


def plans(is_planned: bool = False) -> PlansAre:
    """A unit with a shift in force, and perhaps a planned one."""
    current = Shift(UUID(int=10), UNIT, "早班", NOW - timedelta(hours=6), ENDS, ShiftState.OPEN, HE, "何静")
    coming = Shift(UUID(int=11), UNIT, "中班", ENDS, ENDS + timedelta(hours=8), ShiftState.PLANNED, SHE, "许岚")
    following = Shift(UUID(int=12), UNIT, "中班", NOW, ENDS + timedelta(hours=8), ShiftState.PLANNED)
    leads = (LeadOffer(HE, "何静", "值班长"), LeadOffer(SHE, "许岚", "值班长"))
    units = (PlanUnit(UNIT, "指挥中心"), PlanUnit(STREET, "凯旋街道"))
    return PlansAre(0, UNIT, units, UnitShifts(UNIT, current, coming if is_planned else None), leads, following, True)


def asked(desk: FakeDesk, kind: type) -> list[Any]:
    return [wish for wish in desk.wishes if isinstance(wish, Enquire) and isinstance(wish.request, kind)]


def answer(desk: FakeDesk, kind: type, reply: Any, refused: Refused | None = None) -> None:
    desk.shifts.talk.came(Enquired(asked(desk, kind)[-1].key, reply, refused))


def opened(qtbot: QtBot, new_desk: NewDesk, is_planned: bool = False, **how: Any) -> FakeDesk:
    desk = new_desk(officer=SHIFT_LEAD, **how)
    qtbot.keyClick(desk.window, Qt.Key.Key_7, Qt.KeyboardModifier.ControlModifier)
    answer(desk, ReadPlans, plans(is_planned))
    return desk


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("16:00", "2026-11-22 16:00"),
        ("08:00", "2026-11-23 08:00"),
        ("12-01 08:00", "2026-12-01 08:00"),
        ("12/1 8:00", "2026-12-01 08:00"),
        ("01-01 08：00", "2027-01-01 08:00"),
        ("2026-12-01 08:00", "2026-12-01 08:00"),
    ],
)
def test_a_time_is_read_as_it_is_written(text: str, said: str) -> None:
    assert moment_of(text, "starts_at", NOW).strftime("%Y-%m-%d %H:%M") == said


@pytest.mark.parametrize(
    ("text", "code"), [("", "time_needed"), ("明早", "time_unreadable"), ("02-30 08:00", "time_unreadable")]
)
def test_what_is_no_time_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        moment_of(text, "starts_at", NOW)


def test_ctrl_7_opens_the_form_filled_with_what_would_come_next_and_esc_goes_back(qtbot: QtBot, new_desk: NewDesk) -> None:
    desk = opened(qtbot, new_desk)
    form = desk.shifts.view.plan
    assert form.isVisible()
    assert form.name.hasFocus()
    assert (form.name.text(), form.starts_at.text(), form.ends_at.text()) == ("中班", "11-22 16:32", "11-23 00:32")
    assert not desk.shifts.view.list.isVisible()
    qtbot.keyClick(desk.window, Qt.Key.Key_Escape)
    assert not form.isVisible()
    assert desk.shifts.view.isVisible()


def test_a_shift_is_planned_by_ctrl_enter_with_its_lead(qtbot: QtBot, new_desk: NewDesk) -> None:
    desk = opened(qtbot, new_desk)
    form = desk.shifts.view.plan
    form.lead.setCurrentIndex(form.lead.findData(SHE))
    qtbot.keyClick(desk.window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(desk.window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (wish,) = asked(desk, PlanShift)
    request = wish.request
    ends = datetime(2026, 11, 22, 16, 32, tzinfo=UTC)
    assert (request.name, request.unit, request.lead, request.ends_at, request.ends_current) == ("中班", UNIT, SHE, ends, False)
    answer(desk, PlanShift, ShiftDone(0, request.order_id))
    assert form.said.text() == desk.seat.words("plan.done")
    answer(desk, ReadPlans, plans(True))
    assert desk.seat.words("plan.change") == form.plan.text()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("code", "about"),
    [("shifts_overlap", "starts_at"), ("shift_is_past", "ends_at"), ("no_post_that_leads", "lead"), ("text_needed", "name")],
)
def test_what_the_server_refuses_stands_beside_its_field_and_nothing_typed_is_lost(
    qtbot: QtBot, new_desk: NewDesk, language: str, code: str, about: str
) -> None:
    desk = opened(qtbot, new_desk, language=language)
    form = desk.shifts.view.plan
    form.ends_at.setText("11-23 02:00")
    desk.window.act("send")
    answer(desk, PlanShift, None, Refused(code, about, until=ENDS.isoformat(), name="何静"))
    assert form.notes[about].isVisible()
    assert form.notes[about].text()
    assert form.fields[about].property("refused") is True
    assert form.ends_at.text() == "11-23 02:00"
    answer(desk, ReadPlans, plans())
    assert form.ends_at.text() == "11-23 02:00"


def test_a_time_nobody_can_read_is_refused_before_it_is_sent(qtbot: QtBot, new_desk: NewDesk) -> None:
    desk = opened(qtbot, new_desk)
    form = desk.shifts.view.plan
    form.starts_at.setText("明早八点")
    desk.window.act("send")
    assert form.notes["starts_at"].text() == desk.seat.words("refused.time_unreadable", text="明早八点")
    assert form.starts_at.hasFocus()
    assert asked(desk, PlanShift) == []


def test_a_planned_shift_is_changed_and_called_off_with_a_reason(qtbot: QtBot, new_desk: NewDesk) -> None:
    desk = opened(qtbot, new_desk, is_planned=True)
    form = desk.shifts.view.plan
    assert form.lead.currentData() == SHE
    form.ends_at.setText("11-23 04:00")
    form.ends_current.setChecked(True)
    desk.window.act("send")
    (wish,) = asked(desk, ChangeShift)
    assert (wish.request.shift, wish.request.ends_current) == (UUID(int=11), True)
    answer(desk, ChangeShift, None, Refused("not_planned", "shift"))
    assert form.said.text() == desk.seat.words("refused.not_planned")
    form.cancel.click()
    assert form.notes["reason"].isVisible()
    form.reason.setText("改为白班")
    form.cancel.click()
    (wish,) = asked(desk, CancelShift)
    assert wish.request.reason == "改为白班"


def test_the_running_shift_gets_another_lead_with_a_reason(qtbot: QtBot, new_desk: NewDesk) -> None:
    desk = opened(qtbot, new_desk)
    form = desk.shifts.view.plan
    assert "何静" in form.current.text()
    form.change_lead.click()
    assert form.notes["new_lead"].isVisible()
    form.new_lead.setCurrentIndex(form.new_lead.findData(SHE))
    form.change_lead.click()
    assert form.notes["lead_reason"].isVisible()
    form.lead_reason.setText("病假")
    form.change_lead.click()
    (wish,) = asked(desk, ChangeLead)
    assert (wish.request.lead, wish.request.reason) == (SHE, "病假")
    answer(desk, ChangeLead, None, Refused("no_post_that_leads", "lead", name="许岚"))
    assert form.notes["new_lead"].isVisible()
    assert form.lead_reason.text() == "病假"


def test_another_unit_is_read_when_it_is_chosen(qtbot: QtBot, new_desk: NewDesk) -> None:
    desk = opened(qtbot, new_desk)
    form = desk.shifts.view.plan
    form.unit.setCurrentIndex(1)
    form.unit.activated.emit(1)
    assert asked(desk, ReadPlans)[-1].request == ReadPlans(0, STREET)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)])
def test_everything_has_its_place(qtbot: QtBot, new_desk: NewDesk, language: str, size: tuple[int, int]) -> None:
    desk = opened(qtbot, new_desk, is_planned=True, language=language)
    desk.window.resize(*size)
    QApplication.processEvents()
    form = desk.shifts.view.plan
    buttons = (form.plan, form.cancel, form.change_lead)
    assert [each.text() for each in buttons if each.width() < each.sizeHint().width()] == []
    assert desk.shifts.view.rect().contains(form.geometry())
