"""A grid with neither worker nor leader: whoever sees to it is warned, once for all of them, and told whom to call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from desktop.alarms.alarm_words import placed, said
from desktop.alarms.kinds import AlarmKind, Priority, Sound
from desktop.alarms.staffing import MOST_NAMED
from desktop.situation.workers import Workers
from governance.people import Officer, Role, Unit, Worker
from governance.staffing import unstaffed
from tests.fakes import situations
from tests.fakes.desks import FakeDesk
from tests.fakes.situations import OFFICER, SHIFT_LEAD, TEAM_UNIT, named

COMMUNITY = next(iter(situations.COMMUNITIES))
FIRST, SECOND = f"{COMMUNITY}001", f"{COMMUNITY}002"
OFFICE = Unit(named("office"), "O1", "景芳社区工作站", "community_office", 2, COMMUNITY)
GIS = replace(OFFICER, role=Role.GIS_STAFF)


def worker(grid: str, role: Role = Role.GRID_WORKER) -> Worker:
    """Somebody who is assigned to a grid."""
    return Worker(named(f"{grid} {role}"), 1, "李建国", grid, TEAM_UNIT.id, role)


@pytest.mark.parametrize(
    ("people", "bare"),
    [
        ((worker(FIRST), worker(SECOND)), ()),
        ((worker(FIRST), worker(SECOND, Role.GRID_LEADER)), ()),
        ((worker(FIRST), worker(SECOND, Role.HANDLER)), (SECOND,)),
        ((worker(FIRST), worker(FIRST, Role.GRID_LEADER)), (SECOND,)),
        ((), (FIRST, SECOND)),
    ],
)
def test_a_grid_needs_a_worker_or_a_leader(people: tuple[Worker, ...], bare: tuple[str, ...]) -> None:
    assert unstaffed((SECOND, FIRST), people) == bare


def show(desk: FakeDesk, *people: Worker, grids: tuple[str, ...] = (FIRST, SECOND)) -> None:
    """The desk knows a town with these grids, and these workers."""
    desk.seat.area_names |= {grid: f"第 {grid[-2:]} 网格" for grid in grids}
    desk.situation.units[OFFICE.id] = OFFICE
    desk.situation.workers = Workers(people)
    desk.alarms.touch_staff()


def warned(desk: FakeDesk) -> list[AlarmKind]:
    """The kinds of what stands."""
    return [row.fact.kind for row in desk.alarms.rows if row.fact.kind is AlarmKind.UNSTAFFED]


@pytest.mark.parametrize(
    ("officer", "is_told"),
    [
        (SHIFT_LEAD, True),
        (GIS, True),
        (OFFICER, False),
        (replace(SHIFT_LEAD, scope="330104008"), False),
    ],
)
def test_who_sees_to_it_is_warned_within_his_area(new_desk: Callable[..., FakeDesk], officer: Officer, is_told: bool) -> None:
    desk = new_desk(officer=officer)
    show(desk, worker(FIRST))
    assert bool(warned(desk)) is is_told
    show(desk, worker(FIRST), worker(SECOND))
    assert warned(desk) == [], "somebody was assigned"


def test_it_says_how_many_where_and_whom_to_call(new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(officer=SHIFT_LEAD)
    many = tuple(f"{COMMUNITY}{number:03d}" for number in range(1, 8))
    show(desk, worker(FIRST), grids=many)
    (row,) = (row for row in desk.alarms.rows if row.fact.kind is AlarmKind.UNSTAFFED)
    assert row.priority is Priority.LOW
    assert row.fact.sound is Sound.ANSWER
    assert said(desk.seat, row) == "6 个网格没有网格员 · 请致电景芳社区工作站补派"
    names = placed(desk.seat, row)
    assert names.count("、") == MOST_NAMED - 1
    assert names.endswith("…")
    desk.window.speak("en")
    assert said(desk.seat, row).endswith("call 景芳社区工作站")


def test_another_grid_is_another_turn_and_the_same_one_rings_once(new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(officer=SHIFT_LEAD)
    show(desk, worker(FIRST))
    desk.alarms.see()
    show(desk, worker(FIRST))
    assert [row.is_seen for row in desk.alarms.rows if row.fact.kind is AlarmKind.UNSTAFFED] == [True]
    show(desk, worker(f"{COMMUNITY}003"))
    assert [row.is_seen for row in desk.alarms.rows if row.fact.kind is AlarmKind.UNSTAFFED] == [False]


def test_a_desk_that_knows_no_workers_or_no_town_says_nothing(new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(officer=SHIFT_LEAD)
    show(desk)
    assert warned(desk) == []
    show(desk, worker(FIRST), grids=())
    for grid in (FIRST, SECOND):
        desk.seat.area_names.pop(grid, None)
    desk.alarms.touch_staff()
    assert warned(desk) == []
