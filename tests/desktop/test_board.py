"""The board: what arrives waits, and nothing that comes from outside moves the selected row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from time import process_time
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.dispatch.board_model import CASE, GONE
from desktop.dispatch.board_rows import BoardRows
from desktop.dispatch.queue_tabs import QueueTabs
from desktop.situation.incidents import QUEUES
from governance.incident import Case, State
from governance.people import Role
from tests.fakes.desks import FakeDesk
from tests.fakes.situations import WAYS, case, cases, reported


def moved_to(made: Case, state: State) -> Case:
    """The same case in another state."""
    return replace(made, incident=replace(made.incident, state=state, version=made.incident.version + 1))


def shown(desk: FakeDesk) -> list[UUID]:
    """The cases on the board, from top to bottom."""
    return [row.case for row in desk.board.model.rows.rows if row.case is not None]


def test_arrivals_wait_and_move_neither_row_nor_focus_nor_card_nor_map(desk: FakeDesk) -> None:
    desk.board.tabs.choose("intake")
    desk.window.act("next")
    before, chosen, focus = shown(desk), desk.selection.incident, QApplication.focusWidget()
    asked, card = list(desk.map.asked), desk.card.head.number.text()
    arrived = [desk.arrive(number).incident.id for number in range(12)]
    assert shown(desk) == before
    assert desk.board.arrivals.text() == "新 12 ↑"
    assert (desk.selection.incident, QApplication.focusWidget()) == (chosen, focus)
    assert (desk.map.asked, desk.card.head.number.text()) == (asked, card)
    desk.window.act("arrivals")
    assert set(arrived) <= set(shown(desk))
    assert desk.selection.incident == chosen
    assert not desk.board.arrivals.isEnabled()


def test_while_nothing_is_selected_arrivals_stand_in_the_list_at_once(desk: FakeDesk) -> None:
    desk.board.tabs.choose("intake")
    desk.selection.choose_incident(None)
    arrived = desk.arrive(1).incident.id
    assert arrived in shown(desk)
    bar = desk.board.view.verticalScrollBar()
    desk.board.tabs.choose("all")
    bar.setValue(bar.maximum())
    later = desk.arrive(2).incident.id
    assert later not in shown(desk)
    assert desk.board.arrivals.text() == "新 1 ↑"


@pytest.mark.parametrize(
    ("role", "queue"), [(Role.CHECKER, "check"), (Role.DISPATCHER, "dispatch"), (Role.DUTY_OFFICER, "intake")]
)
def test_the_board_opens_where_the_post_works(desk: FakeDesk, role: Role, queue: str) -> None:
    seat = replace(desk.window.seat, officer=replace(desk.window.seat.officer, role=role))
    assert QueueTabs(seat).current == queue


def test_a_second_snapshot_moves_neither_row_nor_scroll_nor_card(desk: FakeDesk) -> None:
    desk.board.tabs.choose("all")
    rows, bar = shown(desk), desk.board.view.verticalScrollBar()
    desk.selection.choose_incident(rows[30])
    bar.setValue(bar.value() + 200)
    at, card = bar.value(), desk.card.head.number.text()
    row = desk.board.view.visualRect(desk.board.model.index(desk.board.model.rows.row_of(rows[30]))).top()
    came = tuple(reported(number) for number in range(6))
    desk.resync(came)
    assert shown(desk) == rows
    assert desk.board.view.visualRect(desk.board.model.index(desk.board.model.rows.row_of(rows[30]))).top() == row
    assert (bar.value(), desk.selection.incident, desk.card.head.number.text()) == (at, rows[30], card)
    assert desk.board.arrivals.text() == "新 6 ↑"
    desk.window.act("arrivals")
    assert {made.incident.id for made in came} <= set(shown(desk))


def test_counts_follow_at_once(desk: FakeDesk) -> None:
    before = desk.board.tabs.buttons["intake"].text()
    desk.arrive(1)
    count = int(before.split()[-1])
    assert desk.board.tabs.buttons["intake"].text() == f"待受理 {count + 1}"


def test_what_left_the_queue_above_the_selected_row_stays_dimmed_until_refilled(desk: FakeDesk) -> None:
    desk.board.tabs.choose("intake")
    rows = shown(desk)
    desk.selection.choose_incident(rows[3])
    top = desk.board.view.visualRect(desk.board.model.index(desk.board.model.rows.row_of(rows[3]))).top()
    first = desk.situation.cases[rows[0]]
    desk.change(first, moved_to(first, State.CLOSED))
    assert desk.board.model.index(0).data(GONE)
    row = desk.board.model.rows.row_of(rows[3])
    assert desk.board.view.visualRect(desk.board.model.index(row)).top() == top
    desk.window.act("arrivals")
    assert rows[0] not in shown(desk)


def test_what_left_the_queue_below_goes_at_once(desk: FakeDesk) -> None:
    desk.board.tabs.choose("intake")
    rows = shown(desk)
    desk.selection.choose_incident(rows[0])
    last = desk.situation.cases[rows[2]]
    desk.change(last, moved_to(last, State.CLOSED))
    assert rows[2] not in shown(desk)
    assert desk.board.model.index(0).data(CASE).incident.id == rows[0]


NUMBERS = st.integers(0, 39)


@settings(max_examples=60, deadline=None)
@given(
    queue=st.sampled_from(QUEUES),
    chosen=st.integers(0, 200),
    changes=st.lists(st.tuples(NUMBERS, st.sampled_from(WAYS)), min_size=1, max_size=40),
)
def test_no_sequence_of_changes_moves_the_selected_row(queue: str, chosen: int, changes: list[tuple[int, State]]) -> None:
    held = {made.incident.id: made for made in cases(30)}
    rows = BoardRows()
    rows.fill(held, queue)
    there = [row.case for row in rows.rows if row.case is not None]
    if not there:
        return
    selected = there[chosen % len(there)]
    before = rows.row_of(selected)
    for number, state in changes:
        made = held.get(case(number, state).incident.id, case(number, state))
        held[made.incident.id] = moved_to(made, state)
        rows.touch(held, [made.incident.id], selected)
        assert rows.row_of(selected) == before


def test_a_tab_shows_its_queue_first_by_urgency(desk: FakeDesk) -> None:
    desk.board.tabs.choose("dispatch")
    urgencies = [
        int(desk.situation.cases[row.case].incident.urgency)
        for row in desk.board.model.rows.rows
        if row.case is not None and row.section == "dispatch"
    ]
    assert urgencies == sorted(urgencies, reverse=True)
    assert len(urgencies) == len(desk.situation.queues()["dispatch"])


@pytest.mark.parametrize("queue", QUEUES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_empty_queue_says_what_will_appear(new_desk: Callable[..., FakeDesk], queue: str, language: str) -> None:
    desk = new_desk(count=0, language=language)
    desk.board.tabs.choose(queue)
    assert desk.board.empty.isVisible()
    assert desk.board.empty.text() == desk.seat.words(f"board.empty.{queue}")


def test_the_first_arrival_at_an_empty_board_is_shown_at_once(new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(count=0)
    made = desk.arrive(1)
    assert shown(desk) == [made.incident.id]


def test_an_empty_queue_shows_what_comes_whatever_is_selected_elsewhere(new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(count=0)
    made = desk.arrive(1)
    desk.selection.choose_incident(made.incident.id)
    desk.board.tabs.choose("check")
    assert shown(desk) == []
    desk.change(made, moved_to(made, State.RESOLVED))
    assert shown(desk) == [made.incident.id]
    assert not desk.board.arrivals.isEnabled()


def test_the_filter_finds_by_text_place_number_and_initials(qtbot: QtBot, desk: FakeDesk) -> None:
    desk.board.tabs.choose("all")
    everything = len(shown(desk))
    for wanted in ("燃气", "rqxl", "景芳", "0012"):
        desk.board.filter.setText(wanted)
        qtbot.waitUntil(lambda: 0 < len(shown(desk)) < everything)
    desk.board.filter.setText("没有这样的事")
    qtbot.waitUntil(lambda: shown(desk) == [])
    assert "没有这样的事" in desk.board.empty.text()
    desk.window.act("back")
    qtbot.waitUntil(lambda: len(shown(desk)) == everything)


def test_a_pending_order_shows_on_row_and_card_until_the_feed_brings_it(desk: FakeDesk) -> None:
    desk.choose("filed")
    desk.window.act("assign")
    desk.window.act("send")
    order = desk.sent[-1]
    assert order.incident is not None
    assert desk.orders.is_pending(order.incident)
    assert desk.board.view.dashes.isActive()
    assert desk.seat.words("order.dispatch") in desk.card.notice.text()
    assert desk.situation.cases[order.incident].incident.state is State.FILED
    desk.commit(order)
    assert desk.situation.cases[order.incident].incident.state is State.DISPATCHED
    assert not desk.orders.is_pending(order.incident)
    assert not desk.board.view.dashes.isActive()


def test_ten_thousand_rows_stay_quick(new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(count=10_000)
    desk.board.tabs.choose("all")
    chosen = shown(desk)[5000]
    desk.selection.choose_incident(chosen)
    held = list(desk.situation.cases.values())
    QApplication.processEvents()
    random, began = Random(3), process_time()
    for _ in range(20):
        made = random.choice(held)
        desk.board.touch([made.incident.id])
        QApplication.processEvents()
    assert process_time() - began < 20 * 0.1, "a tenth of a second for a change at the most"
    assert desk.selection.incident == chosen


def test_offline_the_top_bar_says_so_since_when_and_how_many_orders_wait(desk: FakeDesk) -> None:
    desk.choose("filed")
    desk.window.act("assign")
    desk.window.act("send")
    desk.seat.is_online = False
    desk.top.tell_link(False, desk.now, 9.0)
    assert desk.top.link.text() == "离线 · 自 14:32 起 · 1 条命令待发"
    assert desk.top.property("alarm")
    desk.top.tell_link(True, desk.now, 0.3)
    assert desk.top.link.text() == "实时 0.3 s"
    assert not desk.top.property("alarm")
