"""While a report is typed: what may be the same is listed, one key attaches, and nothing is merged silently."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.callers import Callers
from desktop.dispatch.filling import Filling
from desktop.dispatch.report_form import ReportForm
from desktop.link.from_server import CallerTold
from desktop.link.to_server import AskCaller
from desktop.selection import Joined
from governance.commands import AttachReport, MakeReport
from governance.incident import Case, State
from governance.places import LonLat
from governance.refusal import Refused
from tests.fakes.desks import FakeDesk
from tests.fakes.situations import CENTRE, case, named, reported
from wire.requests import Caller, KnownCaller

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
METRE = 1 / 111_195


def leak(desk: FakeDesk, number: int, north_m: float, minutes: float, state: State = State.REPORTED, days: float = 0.0) -> Case:
    """A gas leak so far north of the centre, so long ago."""
    made = reported(number, desk.now) if state is State.REPORTED else case(number, state, desk.now)
    incident = replace(
        made.incident,
        id=named(f"leak {number}"),
        category="01.01",
        title="燃气泄漏",
        text="景芳二区楼道里有煤气味",
        place=LonLat(CENTRE.lon, CENTRE.lat + north_m * METRE),
        reported_at=desk.now - timedelta(minutes=minutes, days=days),
        closed_at=desk.now - timedelta(days=days) if days else None,
        number=f"JG-20261122-6{number:03d}",
    )
    made = replace(made, incident=incident)
    desk.change(None, made)
    return made


def typing(qtbot: QtBot, desk: FakeDesk, text: str) -> ReportForm:
    """N, and a text."""
    qtbot.keyClick(desk.board.view, Key.Key_N)
    qtbot.waitUntil(lambda: isinstance(desk.card.form, ReportForm))
    form = desk.card.form
    assert isinstance(form, ReportForm)
    form.text.setPlainText(text)
    qtbot.waitUntil(lambda: not form.alike._pause.isActive())
    return form


def test_what_may_be_the_same_is_listed_while_it_is_typed(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(count=0)
    near, far = leak(desk, 1, 8, 20), leak(desk, 2, 25, 3)
    form = typing(qtbot, desk, "")
    assert not form.alike.isVisible()
    form.text.setPlainText("煤气味")
    qtbot.waitUntil(form.alike.isVisible)
    assert {each.incident for each in form.alike.listed} == {near.incident.id, far.incident.id}
    form.text.setPlainText("路灯不亮")
    qtbot.waitUntil(lambda: not form.alike.isVisible())
    form.text.setPlainText("煤气味")
    form.address.setText("119.0,29.0")
    qtbot.waitUntil(lambda: not form.alike._pause.isActive())
    assert not form.alike.isVisible()


def test_alt_and_a_number_attach_and_the_reporter_goes_with_it_sealed(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(count=0)
    known = leak(desk, 1, 8, 20, State.HANDLING)
    form = typing(qtbot, desk, "又有人闻到煤气味")
    form.name.setText("李四")
    form.phone.setText("13900001111")
    qtbot.keyClick(form.text, Key.Key_1, ALT)
    assert form.alike.target == known.incident.id
    assert known.incident.number.rpartition("-")[2] in form.send_button.text()
    assert known.incident.number in form.alike.told.text()
    assert desk.selection.joined == Joined(known.incident.place, (CENTRE,), 30.0)
    qtbot.keyClick(form.text, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (order,) = desk.sent
    assert order.command == AttachReport(MakeReport("又有人闻到煤气味", CENTRE))
    assert (order.incident, order.version) == (known.incident.id, known.incident.version)
    assert order.reporter == Caller("李四", "13900001111")
    changed = desk.commit(order)
    assert len(changed.reports) == 2
    assert desk.selection.incident == known.incident.id
    assert desk.card.form is None
    assert desk.selection.joined is None


def test_nothing_is_attached_unless_it_was_chosen_and_once_more_lets_go(
    qtbot: QtBot, new_desk: Callable[..., FakeDesk]
) -> None:
    desk = new_desk(count=0)
    leak(desk, 1, 8, 20)
    form = typing(qtbot, desk, "煤气味很重")
    qtbot.keyClick(form.text, Key.Key_1, ALT)
    qtbot.keyClick(form.text, Key.Key_1, ALT)
    assert form.alike.target is None
    desk.window.act("send")
    assert isinstance(desk.sent[-1].command, MakeReport)
    assert desk.sent[-1].incident is None


def test_a_number_or_i_beside_the_list_chooses_too(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(count=0)
    leak(desk, 1, 8, 20)
    form = typing(qtbot, desk, "煤气味很重")
    form.alike.list.setFocus()
    qtbot.keyClick(form.alike.list, Key.Key_I)
    assert form.alike.target is not None
    qtbot.keyClick(form.alike.list, Key.Key_1)
    assert form.alike.target is None


def test_what_ended_meanwhile_takes_no_report(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(count=0)
    known = leak(desk, 1, 8, 20)
    form = typing(qtbot, desk, "煤气味很重")
    qtbot.keyClick(form.text, Key.Key_1, ALT)
    gone = replace(known.incident, state=State.REJECTED, version=known.incident.version + 1)
    desk.change(known, replace(known, incident=gone, steps=(*known.steps, replace(known.steps[-1], seq=2))))
    desk.window.act("send")
    assert isinstance(desk.sent[-1].command, MakeReport)


def test_what_was_closed_lately_is_marked_as_there_again(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(count=0)
    gone = leak(desk, 3, 8, 0, State.CLOSED, days=3)
    form = typing(qtbot, desk, "楼道里又有煤气味")
    assert form.alike.again.isVisible()
    assert form.alike.repeat is None
    qtbot.keyClick(form.text, Key.Key_0, ALT)
    desk.window.act("send")
    command = desk.sent[-1].command
    assert isinstance(command, MakeReport)
    assert command.repeat_of == gone.incident.id
    desk.refuse(desk.sent[-1], Refused("not_repeatable", "repeat_of", number=gone.incident.number, days="30"))
    assert gone.incident.number in form.said.text()


def test_who_reported_is_in_no_draft_on_disk_and_comes_back_with_it(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(count=0)
    form = typing(qtbot, desk, "煤气味很重")
    form.phone.setText("13900001111")
    assert desk.card.close_form()
    kept = "".join(path.read_text() for path in desk.folder.home.rglob("*") if path.is_file())
    assert "煤气味" in kept
    assert "1390000" not in kept
    desk.window.act("next_draft")
    again = desk.card.form
    assert isinstance(again, ReportForm)
    assert again.phone.text() == "13900001111"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_command_line_opens_it_attached(new_desk: Callable[..., FakeDesk], language: str) -> None:
    desk = new_desk(1366, 768, count=0, language=language)
    known = leak(desk, 1, 900, 20)
    assert desk.window.act("attach", Filling("attach", known.incident.id, text="又有人报")) is not None
    desk.selection.choose_incident(known.incident.id)
    assert desk.window.act("attach", Filling("attach", known.incident.id, text="又有人报")) is None
    form = desk.card.form
    assert isinstance(form, ReportForm)
    assert (form.alike.target, form.text.toPlainText()) == (known.incident.id, "又有人报")


def test_a_known_number_fills_the_place_and_names_the_worker(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(count=0)
    asked: list[AskCaller] = []
    desk.seat.callers = Callers(asked.append)
    form = typing(qtbot, desk, "又没水了")
    form.phone.setText("139")
    qtbot.wait_until(lambda: not form._ring.isActive())
    assert not asked
    form.phone.setText("13900001111")
    qtbot.waitUntil(lambda: asked == [AskCaller("13900001111")])
    place = LonLat(CENTRE.lon, CENTRE.lat + 500 * METRE)
    known = KnownCaller("JG-20261120-0012", place, "12 幢", "330104005051003", 3, named("worker 1"), "李建国", True)
    desk.seat.callers.answer(CallerTold("13900009999", known))
    assert not form.known.isVisible()
    desk.seat.callers.answer(CallerTold("13900001111", known))
    assert "李建国" in form.known.text()
    assert "3" in form.known.text()
    desk.window.act("send")
    command = desk.sent[-1].command
    assert isinstance(command, MakeReport)
    assert (command.place, command.place_text) == (place, "12 幢")


def test_a_known_number_changes_no_place_that_is_given(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(count=0)
    desk.seat.callers = Callers(lambda _asked: None)
    form = typing(qtbot, desk, "又没水了")
    form.address.setText("120.2100,30.2700")
    form.phone.setText("13900001111")
    known = KnownCaller("JG-20261120-0012", CENTRE, "12 幢", "330104005051003", 3)
    desk.seat.callers.answer(CallerTold("13900001111", known))
    assert form.address.text() == "120.2100,30.2700"
    desk.window.act("send")
    assert desk.sent[-1].command.place == LonLat(120.21, 30.27)  # type: ignore[union-attr]
