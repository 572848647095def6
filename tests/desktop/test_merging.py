"""Merging by keys: which is the master, what goes in, what it recalls, and taking it back; nothing is merged unseen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.alarms.facts import Post, facts_of
from desktop.dispatch.merge_form import MergeForm
from desktop.dispatch.merge_undo import UnmergeForm
from desktop.selection import Joined
from governance.commands import Merge, Unmerge
from governance.incident import Case, State, Urgency
from governance.places import LonLat
from tests.fakes.desks import FakeDesk
from tests.fakes.situations import CENTRE, SHIFT_LEAD, case, named, reported

Key = Qt.Key
METRE = 1 / 111_195


def at(desk: FakeDesk, number: int, north_m: float = 0.0, minutes: float = 0.0, state: State = State.REPORTED) -> Case:
    """An incident so far north of the centre, of one kind with every other."""
    made = reported(number, desk.now - timedelta(minutes=minutes)) if state is State.REPORTED else case(number, state, desk.now)
    place = LonLat(CENTRE.lon, CENTRE.lat + north_m * METRE)
    incident = replace(
        made.incident,
        category="09.01",
        urgency=Urgency.NORMAL,
        grid="330104005051003",
        place=place,
        text="路面塌陷一个坑",
        number=f"JG-20261122-7{number:03d}",
        reported_at=desk.now - timedelta(minutes=minutes),
    )
    made = replace(made, incident=replace(incident, id=named(f"merge {number}")))
    made = replace(
        made,
        reports=tuple(
            replace(r, id=named(f"report {number} {n}"), origin=made.incident.id) for n, r in enumerate(made.reports)
        ),
    )
    made = replace(made, assignments=tuple(replace(a, id=named(f"task {number} {n}")) for n, a in enumerate(made.assignments)))
    desk.change(None, made)
    return made


def pressed(qtbot: QtBot, desk: FakeDesk, key: Qt.Key) -> MergeForm:
    """A letter on the board opened the form."""
    qtbot.keyClick(desk.board.view, key)
    qtbot.waitUntil(lambda: isinstance(desk.card.form, MergeForm))
    assert isinstance(desk.card.form, MergeForm)
    return desk.card.form


def test_i_attaches_a_report_to_the_likeliest_and_ctrl_enter_sends_one_merge(
    qtbot: QtBot, new_desk: Callable[..., FakeDesk]
) -> None:
    desk = new_desk(count=0)
    worked, other = at(desk, 1, 10, 20, State.FILED), at(desk, 2, 25, 5)
    mine = at(desk, 3, 0, 1)
    desk.selection.choose_incident(mine.incident.id)
    form = pressed(qtbot, desk, Key.Key_I)
    assert form.group.master == worked.incident.id
    assert form.group.sources == (mine.incident.id,)
    assert desk.selection.joined == Joined(worked.incident.place, (mine.incident.place,), 30.0)
    qtbot.keyClick(form.list, Key.Key_3)
    assert form.group.sources == (mine.incident.id, other.incident.id)
    assert worked.incident.number in form.preview.text()
    qtbot.keyClick(form.list, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (order,) = desk.sent
    assert isinstance(order.command, Merge)
    assert (order.incident, order.version) == (worked.incident.id, worked.incident.version)
    assert {source.incident for source in order.command.sources} == {mine.incident.id, other.incident.id}
    merged = desk.commit(order)
    assert len(merged.reports) == 3
    assert desk.selection.incident == worked.incident.id
    assert desk.selection.joined is None


def test_m_preselects_who_is_furthest_and_says_whom_it_recalls(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(count=0)
    sent, report = at(desk, 4, 8, 30, State.DISPATCHED), at(desk, 5, 4, 2)
    desk.selection.choose_incident(report.incident.id)
    form = pressed(qtbot, desk, Key.Key_M)
    assert form.group.master == sent.incident.id
    assert desk.seat.words("merge.recalls.none") == form.warning.text()
    form.lead_by(report.incident.id)
    lead = sent.lead
    assert lead is not None
    assert lead.worker_name in form.warning.text()
    desk.window.act("send")
    (order,) = desk.sent
    assert order.incident == report.incident.id
    desk.commit(order)
    assert desk.situation.cases[sent.incident.id].lead is None


def test_what_cannot_go_in_says_its_number_and_why(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(count=0)
    worked, mine = at(desk, 6, 6, 30, State.HANDLING), at(desk, 7)
    desk.selection.choose_incident(mine.incident.id)
    form = pressed(qtbot, desk, Key.Key_M)
    form.lead_by(mine.incident.id)
    assert not form.group.sources
    qtbot.keyClick(form.list, Key.Key_2)
    assert not form.group.sources
    assert worked.incident.number in form.said.text()
    desk.window.act("send")
    assert not desk.sent


def test_another_is_added_by_the_last_figures_of_its_number(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(count=0)
    far, mine = at(desk, 8, 5000, 10), at(desk, 9)
    desk.selection.choose_incident(mine.incident.id)
    form = pressed(qtbot, desk, Key.Key_M)
    qtbot.keyClicks(form.number, "7008")
    qtbot.keyClick(form.number, Key.Key_Return)
    assert far.incident.id in form.group.sources
    qtbot.keyClicks(form.number, "404")
    qtbot.keyClick(form.number, Key.Key_Return)
    assert form.said.text() == desk.seat.words("merge.number.unknown", number="404")


def test_a_flood_goes_in_as_a_whole(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(count=0)
    flood = [at(desk, n, n / 100, n / 30) for n in range(10, 210)]
    desk.board.take_in()
    desk.selection.choose_incident(flood[0].incident.id)
    form = pressed(qtbot, desk, Key.Key_M)
    assert form.group.rows[1].is_flood
    assert len(form.group.sources) == 199
    assert "199" in form.send_button.text()
    desk.window.act("send")
    (order,) = desk.sent
    assert isinstance(order.command, Merge)
    assert len(order.command.sources) == 199
    merged = desk.commit(order)
    assert len(merged.reports) == 200
    assert len(desk.situation.queues()["intake"]) == 1
    post = Post(desk.seat.officer, desk.situation.rules)
    rings = [case for case in desk.situation.cases.values() if list(facts_of(case, post, desk.now + timedelta(hours=5)))]
    assert {case.incident.id for case in rings} <= {merged.incident.id}


def merged(desk: FakeDesk, qtbot: QtBot) -> tuple[Case, Case]:
    """Two incidents, one merged into the other a moment ago by this officer: master and source."""
    master, mine = at(desk, 301, 10, 20, State.FILED), at(desk, 302)
    desk.selection.choose_incident(mine.incident.id)
    pressed(qtbot, desk, Key.Key_I)
    desk.window.act("send")
    desk.commit(desk.sent[-1])
    cases = desk.situation.cases
    return cases[master.incident.id], cases[mine.incident.id]


@pytest.mark.parametrize("is_master", [True, False])
def test_its_author_takes_a_merge_back_within_five_minutes(
    qtbot: QtBot, new_desk: Callable[..., FakeDesk], is_master: bool
) -> None:
    desk = new_desk(count=0)
    master, source = merged(desk, qtbot)
    desk.selection.choose_incident((master if is_master else source).incident.id)
    undo = desk.card.undo
    assert "5:00" in undo.said.text()
    desk.now += timedelta(seconds=61)
    undo.count_down()
    assert "3:59" in undo.said.text()
    qtbot.mouseClick(undo.back, Qt.MouseButton.LeftButton)
    form = desk.card.form
    assert isinstance(form, UnmergeForm)
    desk.window.act("send")
    assert len(desk.sent) == 1
    form.reason.setText("是两个坑")
    desk.window.act("send")
    assert (desk.sent[-1].command, desk.sent[-1].incident) == (Unmerge("是两个坑"), source.incident.id)
    back = desk.commit(desk.sent[-1])
    assert (back.incident.state, len(back.reports)) == (State.REPORTED, 1)
    assert desk.card.form is None


def test_later_only_a_shift_lead_takes_it_back(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(count=0)
    _, source = merged(desk, qtbot)
    desk.now += timedelta(minutes=6)
    desk.selection.choose_incident(source.incident.id)
    assert desk.card.undo.isVisible()
    assert not desk.card.undo.back.isVisible()
    assert desk.window.why_not("merge")
    desk.seat.officer = replace(SHIFT_LEAD)
    desk.card.refresh()
    assert desk.card.undo.back.isVisible()
    desk.window.act("merge")
    assert isinstance(desk.card.form, UnmergeForm)


def test_many_that_were_merged_in_one_act_come_back_in_one(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(count=0)
    master = at(desk, 401, 10, 20, State.FILED)
    mine = [at(desk, 402 + n, n, n) for n in range(3)]
    desk.selection.choose_incident(mine[0].incident.id)
    form = pressed(qtbot, desk, Key.Key_M)
    assert (form.group.master, len(form.group.sources)) == (master.incident.id, 3)
    desk.window.act("send")
    desk.commit(desk.sent[-1])
    desk.selection.choose_incident(master.incident.id)
    qtbot.mouseClick(desk.card.undo.back, Qt.MouseButton.LeftButton)
    undo = desk.card.form
    assert isinstance(undo, UnmergeForm)
    undo.reason.setText("三件事")
    desk.window.act("send")
    (order,) = desk.sent[1:]
    assert isinstance(order.command, Unmerge)
    assert {order.incident, *(source.incident for source in order.command.sources)} == {each.incident.id for each in mine}
    assert desk.card.form is undo
    desk.commit(order)
    assert desk.card.form is None
    assert desk.situation.cases[master.incident.id].incident.merged_count == 0
    assert all(desk.situation.cases[each.incident.id].incident.state is State.REPORTED for each in mine)


@pytest.mark.parametrize("is_all", [False, True])
def test_a_lead_takes_back_one_or_all_of_the_same_merge(qtbot: QtBot, new_desk: Callable[..., FakeDesk], is_all: bool) -> None:
    desk = new_desk(count=0)
    master = at(desk, 401, 10, 20, State.FILED)
    mine = [at(desk, 402 + n, n, n) for n in range(3)]
    desk.selection.choose_incident(mine[0].incident.id)
    pressed(qtbot, desk, Key.Key_M)
    desk.window.act("send")
    desk.commit(desk.sent[-1])
    desk.now += timedelta(hours=20)
    desk.seat.officer = replace(SHIFT_LEAD)
    chosen = mine[1].incident.id
    desk.selection.choose_incident(chosen)
    desk.window.act("merge")
    undo = desk.card.form
    assert isinstance(undo, UnmergeForm)
    assert undo.extent is not None
    if is_all:
        undo.extent.choose("all")
        undo.changed()
    undo.reason.setText("三件事")
    desk.window.act("send")
    order = desk.sent[-1]
    assert order.incident == chosen
    desk.commit(order)
    assert desk.situation.cases[master.incident.id].incident.merged_count == (0 if is_all else 2)


def test_a_lead_takes_back_from_the_master_what_somebody_else_merged(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(count=0)
    master, source = merged(desk, qtbot)
    desk.now += timedelta(hours=20)
    desk.seat.officer = replace(SHIFT_LEAD)
    desk.selection.choose_incident(master.incident.id)
    desk.card.refresh()
    qtbot.mouseClick(desk.card.undo.back, Qt.MouseButton.LeftButton)
    undo = desk.card.form
    assert isinstance(undo, UnmergeForm)
    assert undo.sources == [source.incident.id]
