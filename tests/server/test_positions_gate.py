"""The gate, the newest fixes and the ground: tables and properties."""

from __future__ import annotations

import time

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.people import Duty
from server.positions.fix_gate import rounds
from server.positions.ground import NOWHERE, Ground
from server.positions.latest import ROUNDS, Latest
from wire.publications import POSITION, Positions

NOW = 1_800_000_000
WEST, SOUTH, STEP = 120.20, 30.25, 0.01
CODES = [f"330104{street:03d}001{number:03d}" for street in (1, 2) for number in (1, 2)]


def checkerboard() -> Ground:
    """Four grids of about 1 km in a row from west to east: two of street 001, two of street 002."""
    boxes = [shapely.box(WEST + i * STEP, SOUTH, WEST + (i + 1) * STEP, SOUTH + STEP) for i in range(4)]
    return Ground(CODES, boxes)


def fix(
    worker: int = 1, at: float = NOW, east: float = 0.5, north: float = 0.5, lon: float | None = None, lat: float | None = None
) -> Positions:
    """One fix, `east` and `north` in cells from the south-west corner."""
    one = np.zeros(1, POSITION)
    one["worker"], one["at"] = worker, int(at)
    one["lon"] = round((WEST + east * STEP if lon is None else lon) * 1e7)
    one["lat"] = round((SOUTH + north * STEP if lat is None else lat) * 1e7)
    one["accuracy"], one["battery"] = 100, 90
    return one


def latest(*workers: tuple[int, str, Duty]) -> Latest:
    newest = Latest(checkerboard())
    newest.employ(workers or ((1, CODES[0], Duty.ON_DUTY), (2, CODES[1], Duty.ON_TASK)), NOW)
    return newest


def offered(newest: Latest, fixes: Positions, now: float = NOW, enrolled: bool = True) -> Positions:
    kept, _ = newest.take(fixes, np.full(len(fixes), enrolled), now)
    return kept


@pytest.mark.parametrize(
    ("name", "one", "enrolled", "verdict"),
    [
        ("a good fix", fix(), True, "passed"),
        ("a sender that may not speak for the worker", fix(), False, "not_enrolled"),
        ("an unknown worker", fix(worker=77), True, "not_enrolled"),
        ("a worker off duty", fix(worker=3), True, "off_duty"),
        ("just young enough", fix(at=NOW - 3600), True, "passed"),
        ("a second too old", fix(at=NOW - 3601), True, "stale"),
        ("a clock a little ahead", fix(at=NOW + 30), True, "passed"),
        ("a clock too far ahead", fix(at=NOW + 31), True, "clock_skew"),
        ("the null island", fix(lon=0.0, lat=0.0), True, "datum"),
        ("no latitude at all", fix(lon=120.0, lat=95.0), True, "datum"),
        ("a street away from the district", fix(east=4.4), True, "passed"),
        ("a kilometre outside", fix(east=5.1), True, "outside"),
        ("another country", fix(lon=2.35, lat=48.85), True, "outside"),
    ],
)
def test_the_first_check_that_fails_names_the_verdict(name: str, one: Positions, enrolled: bool, verdict: str) -> None:
    newest = latest((1, CODES[0], Duty.ON_DUTY), (3, CODES[0], Duty.OFF))
    kept = offered(newest, one, enrolled=enrolled)
    assert dict(newest.stopped) == {verdict: 1}
    assert len(kept) == (verdict == "passed")


def test_exchanged_axes_are_a_wrong_datum_where_both_readings_are_possible() -> None:
    ground = Ground([CODES[0]], [shapely.box(30.0, 40.0, 30.1, 40.1)])
    newest = Latest(ground)
    newest.employ([(1, CODES[0], Duty.ON_DUTY)], NOW)
    offered(newest, fix(lon=40.05, lat=30.05))
    assert dict(newest.stopped) == {"datum": 1}


@pytest.mark.parametrize(("after_s", "cells", "passes"), [(5, 0.2, True), (5, 1.0, False), (20, 1.0, True), (3000, 3.9, True)])
def test_a_jump_is_what_no_vehicle_could_have_made(after_s: int, cells: float, passes: bool) -> None:
    newest = latest()
    offered(newest, fix(at=NOW - 3000, east=0.05))
    kept = offered(newest, fix(at=NOW - 3000 + after_s, east=0.05 + cells))
    assert len(kept) == passes
    assert newest.stopped["jump"] == (not passes)


def test_an_older_fix_does_not_move_a_worker_back() -> None:
    newest = latest()
    offered(newest, fix(at=NOW - 10, east=0.5))
    assert len(offered(newest, fix(at=NOW - 20, east=0.4))) == 0
    assert newest.stopped["stale"] == 1
    fixes, _ = newest.moved()
    assert fixes["lon"].tolist() == fix(east=0.5)["lon"].tolist()


def test_a_batch_with_several_fixes_of_one_worker_is_taken_in_order() -> None:
    newest = latest()
    batch = np.concatenate([fix(at=NOW - 1, east=0.3), fix(at=NOW - 9, east=0.1), fix(2, NOW - 4), fix(at=NOW - 5, east=0.2)])
    kept = offered(newest, batch)
    assert newest.stopped == {"passed": 4}
    mine = kept[kept["worker"] == 1]
    assert mine["at"].tolist() == [NOW - 9, NOW - 5, NOW - 1]
    assert newest.moved()[0]["at"].tolist() == [NOW - 1, NOW - 4]


def test_a_backlog_of_one_worker_is_taken_over_some_turns_and_nobody_waits_for_it() -> None:
    newest = latest()
    backlog = np.concatenate([fix(at=NOW - 500 + n, east=0.1 + n / 1000) for n in range(500)])
    kept = [offered(newest, np.concatenate([backlog, fix(2)]))]
    assert sorted(kept[0]["worker"].tolist()) == [1] * ROUNDS + [2]
    while newest.has_waiting():
        kept.append(offered(newest, fix(1)[:0]))
        assert 0 < len(kept[-1]) <= ROUNDS
    mine = np.concatenate(kept)
    assert mine["at"][mine["worker"] == 1].tolist() == backlog["at"].tolist()
    assert newest.stopped == {"passed": 501}


def test_a_flood_of_one_worker_costs_a_bounded_turn() -> None:
    newest = latest()
    flood = np.concatenate([np.repeat(fix(at=NOW - n, lon=2.35, lat=48.85), 20) for n in range(2_000)])
    began_s = time.process_time()
    for turn in range(10):
        assert offered(newest, np.concatenate([flood, fix(2, NOW - 100 + turn)]))["worker"].tolist() == [2]
    assert time.process_time() - began_s < 10 * 0.1, "10 turns of 40,000 fixes each"
    assert newest.stopped["too_many"] >= 10 * 39_000


def test_fixes_a_sender_may_not_send_cost_no_rounds_and_are_counted() -> None:
    newest = latest((1, CODES[0], Duty.ON_DUTY), (3, CODES[0], Duty.OFF))
    offered(newest, fix(1, NOW - 5))
    others = np.repeat(np.concatenate([fix(2, NOW), fix(77, NOW), fix(3, NOW), fix(1, NOW - 9), fix(1, NOW + 99)]), 1_000)
    assert len(offered(newest, others)) == 0
    assert newest.stopped == {"passed": 1, "not_enrolled": 2_000, "off_duty": 1_000, "stale": 1_000, "clock_skew": 1_000}
    assert not newest.has_waiting()


def test_who_moved_is_told_once() -> None:
    newest = latest()
    offered(newest, fix())
    fixes, grids = newest.moved()
    assert fixes["worker"].tolist() == [1]
    assert grids.tolist() == [0]
    assert len(newest.moved()[0]) == 0
    assert newest.unsaved()[0]["worker"].tolist() == [1]
    assert len(newest.unsaved()[0]) == 0


def test_who_goes_off_duty_is_not_shown_any_more() -> None:
    newest = latest()
    offered(newest, fix())
    newest.employ([(1, CODES[0], Duty.OFF)], NOW)
    assert len(newest.moved()[0]) == 0


def test_outside_every_grid_but_near_keeps_the_last_grid() -> None:
    newest = latest()
    offered(newest, fix(at=NOW - 600, east=3.99))
    offered(newest, fix(at=NOW, east=4.2))
    assert newest.moved()[1].tolist() == [3]


def test_silence_is_lost_and_a_fix_brings_back() -> None:
    newest = latest()
    offered(newest, fix(1))
    assert newest.silent(NOW + 29, 30).tolist() == []
    offered(newest, fix(2, NOW + 20), now=NOW + 20)
    assert newest.silent(NOW + 31, 30).tolist() == [1]
    newest.employ([(1, CODES[0], Duty.LOST), (2, CODES[1], Duty.ON_TASK)], NOW + 31)
    assert newest.silent(NOW + 31, 30).tolist() == []
    assert newest.returned(NOW + 31, 30).tolist() == []
    offered(newest, fix(1, NOW + 40), now=NOW + 40)
    assert newest.returned(NOW + 40, 30).tolist() == [1]


def test_who_comes_on_duty_is_not_lost_at_once() -> None:
    newest = latest((1, CODES[0], Duty.OFF))
    newest.employ([(1, CODES[0], Duty.ON_DUTY)], NOW + 1000)
    assert newest.silent(NOW + 1029, 30).tolist() == []
    assert newest.silent(NOW + 1031, 30).tolist() == [1]


def test_a_new_edition_locates_every_worker_again() -> None:
    newest = latest()
    offered(newest, fix(1, east=1.5))
    offered(newest, fix(2, east=1.6))
    halves = [shapely.box(WEST + i * 2 * STEP, SOUTH, WEST + (i + 1) * 2 * STEP, SOUTH + STEP) for i in range(2)]
    newest.stand_on(Ground(["330104009001001", CODES[0]], halves))
    assert newest.moved()[1].tolist() == [0, 0]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9)), max_size=40))
def test_rounds_hold_every_row_once_and_each_worker_once_in_time_order(rows: list[tuple[int, int]]) -> None:
    workers = np.array([worker for worker, _ in rows], np.uint32)
    at = np.array([second for _, second in rows], np.uint32)
    turns = rounds(workers, at)
    assert sorted(int(row) for turn in turns for row in turn) == list(range(len(rows)))
    for turn in turns:
        assert len(set(workers[turn].tolist())) == len(turn)
    for worker in set(workers.tolist()):
        seen = [int(at[row]) for turn in turns for row in turn if workers[row] == worker]
        assert seen == sorted(seen)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(-1.0, 5.0) | st.sampled_from([0.0, 1.0, 2.0]), st.floats(-0.5, 1.5), st.integers(-1, 3)), min_size=1
    )
)
def test_the_previous_grid_never_changes_the_answer(points: list[tuple[float, float, int]]) -> None:
    ground = checkerboard()
    lon = np.array([WEST + east * STEP for east, _, _ in points])
    lat = np.array([SOUTH + north * STEP for _, north, _ in points])
    before = np.array([grid for _, _, grid in points], np.int32)
    afresh = ground.located(lon, lat, np.full(len(points), NOWHERE, np.int32))
    assert ground.located(lon, lat, before).tolist() == afresh.tolist()
