"""Which camera stands where: slots, turns, and layouts that are kept."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.settings import DeskFolder
from desktop.video_wall.board_places import beside, places_of
from desktop.video_wall.kept_layouts import Kept, KeptLayouts, fields_of, kept_of
from desktop.video_wall.slots import MOST, SIDES, WHOLE, Slot, Square, TileSet, Zoom
from desktop.video_wall.turns import AHEAD_S, Turns

IDS = st.sampled_from(["", *(f"C{n:02d}" for n in range(30))])
SLOTS = st.builds(
    lambda camera, is_locked, cells: Slot(camera, is_locked and bool(camera), cells), IDS, st.booleans(), st.integers(1, 3)
)
SETS = st.builds(
    lambda side, slots: TileSet(side, tuple(slots) + (Slot(),) * (MOST - len(slots))),
    st.sampled_from(SIDES),
    st.lists(SLOTS, max_size=MOST),
)


def showing(*cameras: str, side: int = 2) -> TileSet:
    """A set whose first slots show these."""
    return TileSet(side, tuple(Slot(camera) for camera in cameras) + (Slot(),) * (MOST - len(cameras)))


@given(SETS)
def test_no_two_slots_share_a_cell_and_none_leaves_the_lattice(tiles: TileSet) -> None:
    taken = set()
    for square in filter(None, tiles.squares()):
        cells = {(square.column + right, square.row + down) for right in range(square.cells) for down in range(square.cells)}
        assert not cells & taken
        assert all(0 <= column < tiles.side and 0 <= row < tiles.side for column, row in cells)
        taken |= cells


@pytest.mark.parametrize("side", SIDES)
def test_as_many_tiles_as_cells(side: int) -> None:
    assert len(TileSet(side).seen()) == side * side


@pytest.mark.parametrize(
    ("side", "cells", "wanted"),
    [
        (3, [2], 1 + 5),
        (4, [3], 1 + 7),
        (4, [2, 2], 2 + 8),
        (2, [2], 1),
        (1, [3], 1),
    ],
)
def test_one_large_picture_among_small_ones(side: int, cells: list[int], wanted: int) -> None:
    tiles = TileSet(side)
    for at, size in enumerate(cells):
        tiles = tiles.enlarged(at, size - 1)
    assert len(tiles.seen()) == wanted
    assert tiles.squares()[0] == Square(0, 0, min(cells[0], side))


@given(SETS, st.integers(0, MOST - 1), st.integers(0, MOST - 1))
def test_exchanging_twice_changes_nothing_and_no_camera_is_lost(tiles: TileSet, one: int, other: int) -> None:
    once = tiles.swapped(one, other)
    assert sorted(slot.camera for slot in once.slots) == sorted(slot.camera for slot in tiles.slots)
    assert [slot.cells for slot in once.slots] == [slot.cells for slot in tiles.slots]
    assert once.swapped(one, other) == tiles


@given(SETS, st.lists(IDS.filter(bool), max_size=40))
def test_opening_several_keeps_locked_ones_and_shows_each_once(tiles: TileSet, cameras: list[str]) -> None:
    locked = {at: slot for at, slot in enumerate(tiles.slots) if slot.is_locked}
    after = tiles.opened(cameras)
    assert {at: after.slots[at] for at in locked} == locked
    held = [after.slots[at].camera for at in after.seen() if after.slots[at].is_locked]
    wanted = [camera for camera in dict.fromkeys(cameras) if camera not in held]
    shown = [after.slots[at].camera for at in after.seen() if not after.slots[at].is_locked and after.slots[at].camera]
    assert shown == wanted[: len(shown)]
    assert len(shown) == len(wanted) or after.side == SIDES[-1]


@given(SETS, st.sampled_from(SIDES))
def test_a_larger_lattice_hides_no_camera_that_was_seen(tiles: TileSet, side: int) -> None:
    before = {tiles.slots[at].camera for at in tiles.seen()} - {""}
    after = tiles.of_side(side)
    shown = {after.slots[at].camera for at in after.seen()} - {""}
    assert before <= shown or not all(slot.cells == 1 for slot in tiles.slots) or side < tiles.side
    assert sorted(slot.camera for slot in after.slots) == sorted(slot.camera for slot in tiles.slots)


def test_cameras_come_forward_when_there_is_less_room() -> None:
    tiles = TileSet(3).put(7, "A").put(8, "B")
    assert tiles.of_side(1).cameras() == ("A",)
    assert tiles.of_side(2).cameras() == ("A", "B")


def test_one_more_camera_takes_an_empty_slot_then_one_that_is_not_locked() -> None:
    tiles = showing("A", "B", "C").locked(0, True)
    tiles, at = tiles.with_camera("D")
    assert (at, tiles.cameras()) == (3, ("A", "B", "C", "D"))
    assert tiles.with_camera("C") == (tiles, 2)
    tiles, at = tiles.with_camera("E")
    assert (at, tiles.cameras()) == (1, ("A", "E", "C", "D"))
    for each in range(4):
        tiles = tiles.locked(each, True)
    assert tiles.with_camera("F") == (tiles, None)


def test_the_slot_beside_another() -> None:
    places = places_of(TileSet(3).enlarged(0, 1), 300, 300, 0, 0)  # 0 takes two by two; 1 and 2 stand to its right
    assert [beside(places, 0, *way) for way in ((1, 0), (0, 1), (-1, 0), (0, -1))] == [1, 3, 0, 0]
    assert beside(places, 2, -1, 0) == 0
    assert beside(places, 5, 0, -1) == 2
    assert beside({}, 3, 1, 0) == 3


@given(SETS, st.integers(160, 2000), st.integers(120, 1200))
def test_tiles_lie_within_their_board_and_cover_no_other(tiles: TileSet, width: int, height: int) -> None:
    places = places_of(tiles, width, height, 38, 6)
    boxes = list(places.values())
    for box in boxes:
        assert box.left >= 0
        assert box.top >= 0
        assert box.left + box.width <= width
        assert box.top + box.height <= height
    for one, other in itertools.combinations(boxes, 2):
        apart = one.left + one.width <= other.left or other.left + other.width <= one.left
        assert apart or one.top + one.height <= other.top or other.top + other.height <= one.top


def test_cameras_that_are_gone_leave_their_slots_empty() -> None:
    tiles = showing("A", "B").locked(0, True).zoomed(0, Zoom(0.3, 0.3, 4.0))
    assert tiles.without(["A"]).slots[:2] == (Slot(), Slot("B"))


@given(st.floats(1.0, 8.0), st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.2, 5.0), st.floats(0, 1), st.floats(0, 1))
def test_a_picture_is_enlarged_around_the_pointer_and_shows_nothing_beside_it(
    times: float, x: float, y: float, factor: float, at_x: float, at_y: float
) -> None:
    before = Zoom(x, y, times).within()
    after = before.by(factor, at_x, at_y)
    left, top, size = after.part()
    assert -1e-9 <= left <= 1 - size + 1e-9
    assert -1e-9 <= top <= 1 - size + 1e-9
    if factor >= 1.0:  # nothing is pushed back from an edge then
        was = before.part()
        assert left + at_x * size == pytest.approx(was[0] + at_x * was[2], abs=1e-6)
    assert before.by(1 / 100).part() == pytest.approx((0.0, 0.0, 1.0))


def test_turns_show_one_page_after_the_other_and_open_the_next_before() -> None:
    turns = Turns(tuple("ABCDE"), dwell_s=10.0)
    assert turns.page(2) == ("A", "B")
    assert turns.coming(2, 10.0 - AHEAD_S - 0.1) == ()
    assert turns.coming(2, 10.0 - AHEAD_S) == ("C", "D")
    assert turns.at(9.9, 2) is turns
    second = turns.at(10.0, 2)
    assert second.page(2) == ("C", "D")
    assert second.at(20.0, 2).page(2) == ("E", "A")
    assert second.turned(-2, 12.0).page(2) == ("A", "B")
    assert turns.at(1e6, 2).page(2) == ("C", "D"), "a machine that slept turns one page"


def test_turns_that_stand_still_keep_what_was_left() -> None:
    still = Turns(tuple("ABC"), dwell_s=10.0).paused(4.0)
    assert still.left_s(1000.0) == 6.0
    assert still.at(1000.0, 1) is still
    assert still.coming(1, 1000.0) == ()
    again = still.paused(1000.0)
    assert again.left_s(1000.0) == 6.0
    assert again.at(1006.0, 1).page(1) == ("B",)


@given(st.lists(st.sampled_from("ABCDEFG"), unique=True, max_size=7), st.integers(1, 9))
def test_every_camera_has_its_turn(cameras: list[str], room: int) -> None:
    turns, seen = Turns(tuple(cameras), dwell_s=5.0), set[str]()
    for page in range(len(cameras) + 1):
        shown = turns.page(room)
        assert len(set(shown)) == len(shown) == min(room, len(cameras))
        seen |= set(shown)
        turns = turns.at((page + 1) * 5.0, room)
    assert seen == set(cameras)


@given(SETS)
def test_what_is_kept_comes_back_as_it_was(tiles: TileSet) -> None:
    kept = Kept(tiles, {"路口": tiles.of_side(2)}, {"夜间": (("A", "B"), 20.0)})
    assert kept_of(fields_of(kept)) == (kept, ())


def test_a_zoomed_picture_is_kept() -> None:
    tiles = showing("A").zoomed(0, WHOLE.by(2.0))
    assert kept_of(fields_of(Kept(tiles)))[0].now == tiles


@pytest.mark.parametrize(
    ("layout", "is_right"),
    [
        ({"side": 2, "slots": [{"camera": "A"}]}, True),
        ({"side": 2, "slots": []}, True),
        ({"side": 7, "slots": []}, False),
        ({"side": True, "slots": []}, False),
        ({"side": 2.0, "slots": []}, False),
        ({"side": 2, "slots": [{"camera": "A", "cells": 2.0}]}, False),
        ({"side": 2, "slots": [{"camera": "A", "zoom": [0.5, 0.5, 10**400]}]}, False),
        ({"side": 2}, False),
        ({"side": 2, "slots": [{"camera": 5}]}, False),
        ({"side": 2, "slots": [{"camera": "A" * 65}]}, False),
        ({"side": 2, "slots": [{"camera": "A", "cells": 9}]}, False),
        ({"side": 2, "slots": [{"camera": "A", "locked": "yes"}]}, False),
        ({"side": 2, "slots": [{"camera": "A", "zoom": [0.5, 0.5, 99]}]}, False),
        ({"side": 2, "slots": [{"camera": "A", "zoom": [float("nan"), 0.5, 2]}]}, False),
        ({"side": 2, "slots": [{"camera": "A", "zoom": "near"}]}, False),
        ({"side": 2, "slots": [{"camera": "A"}] * 37}, False),
        (None, False),
        ([], False),
        ("2x2", False),
    ],
)
def test_a_damaged_layout_is_named_and_the_others_stay(layout: Any, is_right: bool) -> None:
    fields = {"now": fields_of(Kept())["now"], "layouts": {"好": {"side": 1, "slots": []}, "这个": layout}, "turns": {}}
    kept, wrong = kept_of(fields)
    assert ("这个" in kept.layouts) is is_right
    assert wrong == (() if is_right else ("这个",))
    assert kept.layouts["好"] == TileSet(1)


@pytest.mark.parametrize(
    "turn", [{}, {"cameras": "AB"}, {"cameras": [1]}, {"cameras": ["A"], "dwell_s": 0}, {"cameras": ["A"], "dwell_s": True}, 7]
)
def test_a_damaged_list_for_turns_is_named(turn: Any) -> None:
    assert kept_of({"turns": {"夜间": turn}}) == (Kept(), ("夜间",))


def test_layouts_that_cannot_be_kept_are_named() -> None:
    layout = {"side": 1, "slots": []}
    many = {"x" * 41: layout, "": layout} | {f"n{n}": layout for n in range(62)}
    kept, wrong = kept_of({"layouts": many})
    assert len(kept.layouts) == 60
    assert wrong == ("x" * 40, "layouts", "n60", "n61")


def test_a_file_of_something_else_is_named_and_costs_nothing(tmp_path: Path) -> None:
    folder = DeskFolder(tmp_path)
    files = KeptLayouts(folder, "wangming")
    assert files.read() == (Kept(), ())
    kept = Kept(showing("A"), {"路口": showing("B")})
    files.write(kept)
    assert files.read() == (kept, ())
    path = next(tmp_path.rglob("video.json"))
    path.write_text("{")
    assert files.read() == (Kept(), ())
    assert [aside.name for _, aside in folder.set_aside] == ["video.unreadable"]
    folder.write("officers/wangming/video", {"now": 5, "layouts": 7})
    assert files.read() == (Kept(), ("", "layouts"))


def test_what_has_no_room_comes_back() -> None:
    tiles = showing(*"ABCDEFGHI", side=3)
    assert tiles.of_side(2).cameras() == tuple("ABCD")
    assert tiles.of_side(2).of_side(3) == tiles
    assert replace(tiles, side=1).cameras() == ("A",)
