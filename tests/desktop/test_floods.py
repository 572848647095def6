"""Floods on the board: many reports of one kind from one place are one row with a count, which unfolds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.dispatch.board_model import FLOOD
from desktop.dispatch.board_rows import BoardRows
from desktop.dispatch.floods import FEWEST, GAP, floods
from governance.incident import Case, State, Urgency
from governance.places import LonLat
from tests.fakes.desks import FakeDesk
from tests.fakes.situations import NOW, reported


def alike(number: int, minutes: float = 0.0, **other: object) -> Case:
    """One of many reports of overflowing bins in one community."""
    made = reported(number)
    told = {
        "category": "08.01",
        "place": LonLat(120.21, 30.27),
        "grid": f"330104005051{number % 7 + 1:03d}",
        "urgency": Urgency.NORMAL,
    } | other
    at = NOW - timedelta(minutes=minutes)
    return replace(made, incident=replace(made.incident, reported_at=at, **told))  # type: ignore[arg-type]


SMELL = "垃圾桶满了没人清，味道很大，堵在楼道口"
WORDS = ("路灯不亮", "井盖丢了", "有人打架", "水管爆裂", "树倒了压车", "流浪狗伤人", "电梯困人", "噪音扰民")
FAR = [LonLat(120.21 + 0.02 * n, 30.27) for n in range(8)]
RISING = (Urgency.URGENT, Urgency.NORMAL)


@pytest.mark.parametrize(
    ("cases", "sizes"),
    [
        ([alike(n) for n in range(FEWEST)], [FEWEST]),
        ([alike(n) for n in range(FEWEST - 1)], []),
        ([alike(n, minutes=11.0 * n) for n in range(20)], []),
        ([alike(n, minutes=9.0 * n) for n in range(20)], [20]),
        ([alike(n, minutes=n + 60 * (n % 2)) for n in range(20)], [10, 10]),
        ([alike(n, category="08.01" if n % 2 else "08.02") for n in range(8)], [8]),
        ([alike(n, category="08.01" if n % 2 else "03.01") for n in range(8)], []),
        ([alike(n, category="", text=WORDS[n]) for n in range(8)], []),
        ([alike(n, category="", text=f"{SMELL}{n}") for n in range(FEWEST)], [FEWEST]),
        ([alike(n, category="", text=f"{SMELL}{n}") for n in range(FEWEST - 1)], []),
        ([alike(n, category="", text=f"{SMELL}{n}", place=FAR[n]) for n in range(8)], []),
        ([alike(n, minutes=11.0 * n, category="", text=SMELL) for n in range(8)], []),
        ([alike(n, category="08.01" if n < 3 else "", text=f"{SMELL}{n}") for n in range(6)], [6]),
        ([alike(n, category="08.01" if n < 5 else "", text=SMELL if n < 5 else WORDS[n]) for n in range(8)], [5]),
        ([alike(n, category="08.01" if n < 5 else "", text=SMELL, urgency=RISING[n // 5]) for n in range(8)], [8]),
        ([alike(n, category="08.01" if n < 5 else "", text=SMELL, urgency=RISING[1 - n // 5]) for n in range(8)], [5]),
        ([alike(n, category=("08.01", "03.01")[n % 2] if n < 6 else "", text=SMELL) for n in range(8)], [5]),
        ([alike(n, urgency=Urgency.IMMEDIATE if n < 3 else Urgency.NORMAL) for n in range(7)], []),
        ([alike(n, grid=f"33010400505{n % 4}001") for n in range(16)], []),
        ([alike(n, state=State.FILED) for n in range(8)], []),
    ],
)
def test_reports_of_one_kind_place_and_urgency_within_a_while_are_a_flood(cases: list[Case], sizes: list[int]) -> None:
    assert timedelta(minutes=10) == GAP
    assert sorted(len(flood) for flood in floods(cases)) == sizes


def flooded(desk: FakeDesk, count: int = 8) -> list[UUID]:
    """So many reports alike came, and were taken in; a more urgent one above them is selected."""
    desk.window.act("next")
    cases = [alike(number) for number in range(count)]
    for case in cases:
        desk.change(None, case)
    desk.window.act("arrivals")
    return [case.incident.id for case in cases]


def heading(desk: FakeDesk) -> int:
    """The row of the only flood."""
    rows = desk.board.model.rows.rows
    return next(number for number, row in enumerate(rows) if row.flood is not None)


def seen(desk: FakeDesk, among: list[UUID]) -> list[UUID]:
    """Which of them have a row."""
    return [row.case for row in desk.board.model.rows.rows if row.case in among]


def test_a_flood_is_one_row_with_its_count_and_unfolds_by_click_and_by_enter(qtbot: QtBot, desk: FakeDesk) -> None:
    came = flooded(desk)
    index = desk.board.model.index(heading(desk))
    assert index.data(FLOOD) == (desk.seat.words("board.flood", place="景芳社区", kind="环境卫生", count=8), False)
    first = seen(desk, came)
    assert len(first) == 1
    for _ in range(2):
        place = desk.board.view.visualRect(desk.board.model.index(heading(desk))).center()
        qtbot.mouseClick(desk.board.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert len(seen(desk, came)) in (8, 1)
    assert seen(desk, came) == first
    desk.selection.choose_incident(first[0])
    desk.window.act("open")
    assert set(seen(desk, came)) == set(came)
    assert desk.selection.incident == first[0]


def test_a_folded_report_that_is_chosen_on_the_map_is_shown(desk: FakeDesk) -> None:
    came = flooded(desk)
    hidden = next(case for case in came if case not in seen(desk, came))
    desk.selection.choose_incident(hidden)
    row = desk.board.view.currentIndex().row()
    assert desk.board.model.rows.rows[row].case == hidden


def test_a_folded_report_that_is_filed_is_counted_no_more(desk: FakeDesk) -> None:
    came = flooded(desk)
    for left, incident in zip(range(7, -1, -1), [*reversed(came)], strict=True):
        case = desk.situation.cases[incident]
        desk.change(
            case, replace(case, incident=replace(case.incident, state=State.REJECTED, version=case.incident.version + 1))
        )
        assert len(seen(desk, came)) == min(left, 1)
    assert all(row.flood is None for row in desk.board.model.rows.rows)


def test_the_heading_above_a_chosen_report_still_says_what_flood_it_was(desk: FakeDesk) -> None:
    came = flooded(desk)
    last = seen(desk, came)[0]
    desk.selection.choose_incident(last)
    for incident in (*(each for each in came if each != last), last):
        case = desk.situation.cases[incident]
        desk.change(
            case, replace(case, incident=replace(case.incident, state=State.REJECTED, version=case.incident.version + 1))
        )
    said = desk.seat.words("board.flood", place="景芳社区", kind="环境卫生", count=0)
    assert desk.board.model.index(heading(desk)).data(FLOOD)[0] == said


def test_another_report_of_the_flood_waits_as_any_other(desk: FakeDesk) -> None:
    flooded(desk)
    desk.change(None, alike(30))
    assert desk.board.arrivals.text() == "新 1 ↑"
    desk.window.act("arrivals")
    assert "9" in desk.board.model.index(heading(desk)).data(FLOOD)[0]


def test_folding_keeps_what_waits_waiting() -> None:
    held = {case.incident.id: case for case in (alike(n) for n in range(6))}
    rows = BoardRows()
    rows.fill(held, "intake")
    late = alike(40)
    held[late.incident.id] = late
    rows.touch(held, [late.incident.id], None)
    first = next(row.flood for row in rows.rows if row.flood is not None)
    rows.fold(first, True)
    assert rows.waiting == (late.incident.id,)
    assert len([row for row in rows.rows if row.case is not None]) == 6


def test_the_words_of_a_flood_in_english(new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(language="en")
    flooded(desk)
    assert desk.board.model.index(heading(desk)).data(FLOOD)[0] == "景芳社区 · Sanitation: 8"
