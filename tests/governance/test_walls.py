"""Walls: who may, whose the lease is, which layouts can be shown, and what pops up where."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.camera import Camera, CameraState
from governance.people import Officer, Role
from governance.places import LonLat
from governance.refusal import Refused
from governance.wall import (
    LEASE_OUTLIVES,
    Content,
    Layout,
    Lease,
    PopUp,
    Slot,
    View,
    Wall,
    WallStanding,
    has_lapsed,
    may_look,
    require_arranger,
    require_controller,
    require_lease,
    taken,
)
from governance.wall_layouts import (
    MOST_SLOTS,
    READY,
    pushed,
    require_for_walls,
    require_rev,
    require_sound,
    with_lock,
)
from governance.wall_pop_ups import LONGEST_POP_UP, popped_up, reserved, shown_now, shows, still_up, that_see
from governance.wall_shapes import SHAPES, even_grid, regridded, reshaped, shape_of, swapped

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
DISTRICT, STREET = "330104", "330104005"
MAIN = Wall("main", "主屏", DISTRICT)
EYE = "33010400001320000001"
PLACE = LonLat(120.2, 30.3)


def officer(role: Role, scope: str = DISTRICT, shift: bool = True) -> Officer:
    return Officer(uuid4(), "某", uuid4(), role, scope, 2, uuid4() if shift else None)


LEAD, NIGHT = officer(Role.SHIFT_LEAD), officer(Role.NIGHT_WATCH)


def standing(*slots: Slot, lease: Lease | None = None, pop_ups: tuple[PopUp, ...] = ()) -> WallStanding:
    return WallStanding(MAIN, Layout(6, 6, slots or even_grid(2, 2).slots, rev=3), lease, pop_ups)


def pop_up(slot: int, incident: UUID | None = None, camera: str = EYE, after_s: float = 60.0) -> PopUp:
    return PopUp(slot, camera, incident or uuid4(), "03.01", f"{STREET}001001", NOW + timedelta(seconds=after_s))


def camera(number: int, lon: float = 120.2, share: int = 0, state: CameraState = CameraState.ONLINE) -> Camera:
    return Camera(
        f"3301040000132{number:07d}", f"探头{number}", LonLat(lon, 30.3), f"{STREET}001001", "公安", 0, 360, 500, share, state
    )


@pytest.mark.parametrize(
    ("who", "wall", "code"),
    [
        (officer(Role.SHIFT_LEAD), MAIN, ""),
        (officer(Role.COORDINATOR), MAIN, ""),
        (officer(Role.NIGHT_WATCH), MAIN, ""),
        (officer(Role.OPERATOR, STREET), replace(MAIN, area=STREET), ""),
        (officer(Role.OPERATOR, STREET), MAIN, "not_your_area"),
        (officer(Role.SHIFT_LEAD, STREET), MAIN, "not_your_area"),
        (officer(Role.SHIFT_LEAD, shift=False), MAIN, "off_shift"),
        *((officer(role), MAIN, "not_your_role") for role in (Role.DUTY_OFFICER, Role.DISPATCHER, Role.LEADER, Role.WALL)),
        (officer(Role.ADMINISTRATOR), MAIN, "not_your_role"),
    ],
)
def test_who_may_control_a_wall(who: Officer, wall: Wall, code: str) -> None:
    try:
        require_controller(who, wall)
        said = ""
    except Refused as no:
        said = no.code
    assert said == code
    assert may_look(who, wall) == (code in ("", "off_shift") or who.role is Role.ADMINISTRATOR)


def test_an_administrator_keeps_scenes_also_off_shift() -> None:
    require_arranger(officer(Role.ADMINISTRATOR, shift=False), MAIN)
    with pytest.raises(Refused, match="not_your_role"):
        require_arranger(officer(Role.AUDITOR), MAIN)


def test_one_controls_a_wall_and_only_a_shift_lead_takes_it_over() -> None:
    lease = taken(standing(), NIGHT, "夜间值守", False, NOW)
    held = standing(lease=lease)
    require_lease(held, NIGHT)
    for over, who, code in ((False, LEAD, "wall_held"), (True, officer(Role.COORDINATOR), "wall_only_lead_takes")):
        with pytest.raises(Refused) as no:
            taken(held, who, "值班长", over, NOW)
        assert (no.value.code, no.value.details) == (code, {"by": "夜间值守"})
    with pytest.raises(Refused, match="wall_held"):
        require_lease(held, LEAD)
    with pytest.raises(Refused, match="wall_not_taken"):
        require_lease(standing(), LEAD)
    assert taken(held, LEAD, "值班长", True, NOW).staff == LEAD.staff
    later = taken(held, NIGHT, "夜间值守", False, NOW + timedelta(hours=1))
    assert later.since == lease.since, "asked for again it is the same lease"


@pytest.mark.parametrize(("gone_s", "over"), [(0, False), (59.9, False), (60, True)])
def test_a_lease_outlives_its_desk_by_a_minute(gone_s: float, over: bool) -> None:
    assert has_lapsed(timedelta(seconds=gone_s)) is over
    assert timedelta(seconds=60) == LEASE_OUTLIVES


@pytest.mark.parametrize(
    ("layout", "code", "slot"),
    [
        (Layout(0, 2, (Slot(0, 0, 1, 1),)), "layout_cells", None),
        (Layout(65, 2, (Slot(0, 0, 1, 1),)), "layout_cells", None),
        (Layout(2, 2, ()), "layout_slots", None),
        (replace(even_grid(64, 2), rows=2), "layout_slots", None),
        (Layout(2, 2, (Slot(0, 0, 1, 1), Slot(1, 0, 2, 1))), "slot_outside", "2"),
        (Layout(2, 2, (Slot(-1, 0, 1, 1),)), "slot_outside", "1"),
        (Layout(2, 2, (Slot(0, 0, 0, 1),)), "slot_outside", "1"),
        (Layout(2, 2, (Slot(0, 0, 2, 1), Slot(1, 0, 1, 2))), "slots_overlap", "1"),
        (Layout(2, 2, (Slot(0, 0, 1, 1, Content.CAMERA),)), "slot_camera", "1"),
        (Layout(2, 2, (Slot(0, 0, 1, 1, Content.CLOCK, EYE),)), "slot_camera", "1"),
        (Layout(2, 2, (Slot(0, 0, 1, 1, Content.BOARD, view=View(PLACE, 800.0)),)), "slot_view", "1"),
        (Layout(2, 2, (Slot(0, 0, 1, 1, Content.MAP, view=View(PLACE, 1.0)),)), "slot_view", "1"),
        (Layout(2, 2, (Slot(0, 0, 1, 1),), scene="一" * 21), "bad_value", None),
    ],
)
def test_a_layout_that_cannot_be_shown_says_which_slot_is_wrong(layout: Layout, code: str, slot: str | None) -> None:
    with pytest.raises(Refused) as no:
        require_sound(layout)
    assert (no.value.code, no.value.details.get("slot")) == (code, slot)


@pytest.mark.parametrize("name", READY)
def test_the_scenes_that_come_ready_can_be_shown(name: str) -> None:
    layout = READY[name]
    require_sound(layout)
    assert sum(slot.width * slot.height for slot in layout.slots) == layout.columns * layout.rows, "no cell is left out"
    assert bool(reserved(layout)) == (name == "晴雨表"), "nothing pops up before visitors"


@given(st.integers(1, 8), st.integers(1, 8))
def test_an_even_grid_can_be_shown(columns: int, rows: int) -> None:
    layout = even_grid(columns, rows)
    require_sound(layout)
    assert len(layout.slots) == columns * rows <= MOST_SLOTS


@given(st.integers(1, 8), st.integers(1, 8))
def test_equal_slots_go_on_showing_what_was_there_in_its_order(columns: int, rows: int) -> None:
    before = READY["晴雨表"]
    after = regridded(before, columns, rows)
    require_sound(after)
    went_on = min(len(before.slots), columns * rows)
    assert [slot.content for slot in after.slots[:went_on]] == [slot.content for slot in before.slots[:went_on]]
    assert all(slot.content is Content.EMPTY for slot in after.slots[went_on:])


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_fills_a_wall_and_takes_over_what_was_shown(name: str) -> None:
    shape = SHAPES[name]
    require_sound(shape)
    assert sum(slot.width * slot.height for slot in shape.slots) == shape.columns * shape.rows, "no cell is left out"
    shown = Layout(6, 1, tuple(Slot(n, 0, 1, 1, Content.CLOCK if n % 2 else Content.EMPTY) for n in range(6)), "参观", 4)
    after = reshaped(shown, shape)
    require_sound(after)
    assert (shape_of(after), after.scene, after.rev) == (name, "", 4)
    clocks = sum(slot.content is Content.CLOCK for slot in after.slots)
    assert clocks == min(3, len(shape.slots)), "what is shown goes before what is empty"
    assert shape_of(replace(shape, columns=shape.columns + 1)) == ""


def test_two_slots_exchange_what_they_show_and_keep_their_places() -> None:
    view = View(PLACE, 800.0)
    before = Layout(3, 1, (Slot(0, 0, 2, 1, Content.MAP, view=view), Slot(2, 0, 1, 1, Content.CAMERA, EYE)), "晴雨表", 7)
    after = swapped(before, 1, 2)
    assert after.slots == (Slot(0, 0, 2, 1, Content.CAMERA, EYE), Slot(2, 0, 1, 1, Content.MAP, view=view))
    assert (after.scene, after.rev, swapped(after, 2, 1).slots) == ("", 7, before.slots)
    assert swapped(before, 1, 1) == before
    for layout, other, code in ((with_lock(before, 2, True), 2, "slot_locked"), (before, 3, "no_such_slot")):
        with pytest.raises(Refused, match=code):
            swapped(layout, 1, other)


def test_a_slot_is_locked_and_free_again() -> None:
    locked = with_lock(even_grid(2, 1), 2, True)
    assert [slot.locked for slot in locked.slots] == [False, True]
    assert with_lock(locked, 2, False) == even_grid(2, 1)
    with pytest.raises(Refused, match="no_such_slot"):
        with_lock(locked, 3, True)


def test_a_push_changes_one_slot_where_it_stands_and_nothing_that_is_locked() -> None:
    before = Layout(2, 1, (Slot(0, 0, 1, 1, Content.CLOCK, locked=True), Slot(1, 0, 1, 1)), "参观", 9)
    after = pushed(before, 2, Slot(0, 0, 1, 1, Content.CAMERA, EYE))
    assert after.slots[0] == before.slots[0]
    assert after.slots[1] == Slot(1, 0, 1, 1, Content.CAMERA, EYE)
    assert (after.scene, after.rev) == ("", 9)
    for number, code in ((1, "slot_locked"), (0, "no_such_slot"), (3, "no_such_slot")):
        with pytest.raises(Refused, match=code):
            pushed(before, number, Slot(0, 0, 1, 1, Content.MAP))
    with pytest.raises(Refused, match="stale_rev"):
        require_rev(before, 8)


@pytest.mark.parametrize(
    ("eye", "watches", "code"),
    [
        (camera(1, share=1), True, ""),
        (camera(1, share=2), True, "camera_not_for_walls"),
        (replace(camera(1), is_sensitive=True), True, "camera_not_for_walls"),
        (camera(1), False, "no_such_camera"),
        (None, False, "no_such_camera"),
    ],
)
def test_a_camera_that_not_everybody_may_see_is_on_no_wall(eye: Camera | None, watches: bool, code: str) -> None:
    try:
        require_for_walls(eye, watches)
        said = ""
    except Refused as no:
        said = no.code
    assert said == code


def test_the_cameras_of_a_pop_up_see_the_place_and_work_nearest_first() -> None:
    near, far, broken = camera(1, 120.2001), camera(2, 120.203), camera(3, 120.2, state=CameraState.OFFLINE)
    blind = replace(camera(4, 120.2001), range_m=1.0)
    private = replace(camera(5), is_sensitive=True)
    assert [each.id for each in that_see(PLACE, [private, broken, far, blind, near], 3)] == [near.id, far.id, broken.id]
    assert that_see(PLACE, [near, far], 1) == (near,)
    assert that_see(PLACE, [blind], 3) == ()


ROOMS = (Slot(0, 0, 2, 2, Content.RESERVED), Slot(2, 0, 2, 2, Content.CLOCK), Slot(4, 0, 2, 2, Content.RESERVED))


def test_what_pops_up_goes_into_free_reserved_slots_then_over_what_goes_soonest() -> None:
    stands = standing(*ROOMS)
    first = popped_up(stands, [pop_up(0, camera="a" * 20)], NOW)
    assert [(each.slot, each.camera[0]) for each in first] == [(1, "a")]
    both = popped_up(replace(stands, pop_ups=first), [pop_up(0, camera="b" * 20, after_s=30)], NOW)
    assert [(each.slot, each.camera[0]) for each in both] == [(1, "a"), (3, "b")]
    third = popped_up(replace(stands, pop_ups=both), [pop_up(0, camera="c" * 20)], NOW)
    assert [(each.slot, each.camera[0]) for each in third] == [(1, "a"), (3, "c")]


def test_an_incident_that_comes_up_again_takes_the_place_of_itself() -> None:
    incident = uuid4()
    up = popped_up(standing(*ROOMS), [pop_up(0, incident), pop_up(0, incident)], NOW)
    assert [each.slot for each in up] == [1, 3]
    again = popped_up(standing(*ROOMS, pop_ups=up), [pop_up(0, incident, after_s=90)], NOW)
    assert [(each.slot, each.until) for each in again] == [(1, NOW + timedelta(seconds=90))]


@pytest.mark.parametrize("after_s", [0, 9, LONGEST_POP_UP.total_seconds() + 1])
def test_a_pop_up_is_for_a_time(after_s: float) -> None:
    with pytest.raises(Refused, match="pop_up_time"):
        popped_up(standing(*ROOMS), [pop_up(0, after_s=after_s)], NOW)


def test_without_a_reserved_slot_nothing_pops_up() -> None:
    locked = replace(ROOMS[0], locked=True)
    for slots in ((ROOMS[1],), (locked, ROOMS[1])):
        with pytest.raises(Refused, match="no_reserved_slot"):
            popped_up(standing(*slots), [pop_up(0)], NOW)


slots = st.lists(
    st.builds(
        lambda content, locked: (content, locked),
        st.sampled_from([each for each in Content if each is not Content.CAMERA]),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


@given(slots, st.lists(st.tuples(st.integers(1, 8), st.integers(-60, 60)), max_size=6))
def test_what_pops_up_never_hides_what_is_locked_or_not_reserved(
    given_slots: list[tuple[Content, bool]], ups: list[tuple[int, int]]
) -> None:
    laid = tuple(Slot(n, 0, 1, 1, content, locked=locked) for n, (content, locked) in enumerate(given_slots))
    stands = standing(*laid, pop_ups=tuple(pop_up(slot, after_s=after_s) for slot, after_s in ups))
    now = shown_now(stands, NOW)
    for before, after in zip(laid, now, strict=True):
        if before != after:
            assert before.content is Content.RESERVED
            assert not before.locked
            assert after == replace(before, content=Content.CAMERA, camera=EYE)
    live = {slot for slot, after_s in ups if after_s > 0}
    assert shows(stands, EYE, NOW) == any(number in live for number in reserved(stands.layout))
    assert all(each.until > NOW for each in still_up(stands, NOW))
