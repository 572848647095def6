"""The duty log: a line to type, a promise that is kept; and the roll call by streets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.handover.roll_call import ALL, DUTIES, counted
from governance.people import Duty, Role
from tests.desktop.handover.shift_scene import LEAD, OPEN, Scene
from tests.fakes import situations
from tests.fakes.desks import FakeDesk
from wire.shift_requests import ShiftDone, WriteDutyLog

KEY = Qt.Key
Make = Callable[..., FakeDesk]


@pytest.fixture
def scene(qtbot: QtBot, new_desk: Make) -> Scene:
    """A lead's desk with the sheet open."""
    made = Scene(qtbot, new_desk)
    made.open(OPEN)
    return made


def test_a_line_is_typed_sent_and_cleared_once_it_is_in_the_log(scene: Scene) -> None:
    log = scene.view.log
    log.line.setFocus()
    scene.type("called the estate office")
    scene.press(KEY.Key_Return)
    (request,) = scene.asked(WriteDutyLog)
    assert (request.kind, request.text) == ("note", "called the estate office")
    assert log.line.text() == "called the estate office", "nothing is thrown away before it is in the log"
    scene.answer(scene.last(WriteDutyLog), ShiftDone(1, request.order_id))
    assert log.line.text() == ""


def test_a_refused_line_says_why_beside_it_and_stays(scene: Scene) -> None:
    log = scene.view.log
    log.line.setText("今晚加强巡查")
    log.kind.setCurrentIndex(log.kind.findData("instruction"))
    log.line.setFocus()
    scene.press(KEY.Key_Return)
    scene.refuse(WriteDutyLog, "off_shift")
    assert log.said.isVisible()
    assert log.said.text() == scene.desk.seat.words("refused.off_shift")
    assert log.line.text() == "今晚加强巡查"


def test_enter_on_an_open_promise_puts_it_down_as_done(scene: Scene) -> None:
    log = scene.view.log
    log.list.setFocus()
    log.list.setCurrentRow(0)
    scene.press(KEY.Key_Return)
    assert not scene.asked(WriteDutyLog), "who signed on is nothing to be done"
    log.list.setCurrentRow(1)
    scene.press(KEY.Key_Return)
    (request,) = scene.asked(WriteDutyLog)
    assert (request.kind, request.closes) == ("done", 4)


@pytest.mark.parametrize(("role", "may"), [(Role.SHIFT_LEAD, True), (Role.DUTY_OFFICER, False)])
def test_only_who_leads_writes_instructions_down(qtbot: QtBot, new_desk: Make, role: Role, may: bool) -> None:
    officer = LEAD if role is Role.SHIFT_LEAD else situations.OFFICER
    desk = new_desk(officer=officer)
    assert (desk.shifts.view.log.kind.findData("instruction") >= 0) == may


def test_the_roll_is_called_with_one_key_and_counts_every_worker_once(scene: Scene) -> None:
    scene.press(KEY.Key_F9)
    roll = scene.shifts.roll
    assert roll.isVisible()
    assert not scene.view.isVisible()
    scene.answer_reads(OPEN)
    people = scene.desk.situation.workers.people()
    expected = Counter(worker.duty for worker in people)
    for place, duty in enumerate(DUTIES):
        shown = roll.table.item(0, place)
        assert shown is not None
        assert shown.text() == (str(expected[duty]) if expected[duty] else "-")
    assert roll.table.rowCount() == 1 + len({worker.grid[:9] for worker in people})
    assert "王明" in roll.shift.text()
    assert "四季青街道综合指挥室" in roll.shift.text()
    scene.press(KEY.Key_Escape)
    assert not roll.isVisible()
    assert scene.desk.board.view.hasFocus()


def test_arrows_choose_street_and_duty_and_the_names_follow(scene: Scene) -> None:
    scene.press(KEY.Key_F9)
    roll = scene.shifts.roll
    scene.press(KEY.Key_Down)
    for _ in range(4):
        scene.press(KEY.Key_Right)
    street = sorted(counted(scene.desk.situation.workers.people()))[1]
    off = [w.name for w in scene.desk.situation.workers.people() if w.grid.startswith(street) and w.duty is Duty.OFF]
    assert off
    shown = [roll.people.item(n).text() for n in range(roll.people.count())]  # type: ignore[union-attr]
    assert [name.split()[0] for name in shown] == off


def test_the_counts_of_the_streets_add_up_to_the_district() -> None:
    counts = counted(list(situations.workers()))
    district = counts.pop(ALL)
    assert sum(counts.values(), Counter()) == district
