"""Workers, cameras and grids as the replica keeps them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.situation.cameras import Cameras
from desktop.situation.grids import side_by_side
from desktop.situation.workers import Workers
from governance.camera import Camera, CameraState
from governance.changes import CameraChanged, WorkerChanged
from governance.people import Duty, Worker
from governance.places import LonLat
from tests.governance.field import GRID, NOON, PLACE, UNITS, named
from wire.publications import POSITION, Positions

NOW_S = int(NOON.timestamp())


def crew(count: int) -> Workers:
    return Workers(Worker(named(f"w{n}"), n * 3 + 1, f"w{n}", GRID, UNITS["community"]) for n in range(count))


def fixes(*rows: tuple[int, int, float, float]) -> Positions:
    """Number, seconds after noon, longitude, latitude."""
    made = np.zeros(len(rows), POSITION)
    for n, (number, after_noon, lon, lat) in enumerate(rows):
        made[n]["worker"], made[n]["at"] = number, NOW_S + after_noon
        made[n]["lon"], made[n]["lat"] = round(lon * 1e7), round(lat * 1e7)
    return made


def test_the_newest_fix_counts_whatever_the_order() -> None:
    workers = crew(3)
    assert workers.move(fixes((4, 9, 120.3, 30.3), (4, 5, 120.2, 30.2), (999, 9, 1, 1), (2, 9, 1, 1))) == 1
    assert workers.place(named("w1")) == LonLat(120.3, 30.3)
    assert workers.move(fixes((4, 7, 120.1, 30.1))) == 0
    assert workers.place(named("w1")) == LonLat(120.3, 30.3)
    assert workers.place(named("w0")) is None
    assert workers.last_fixes() == {named("w1"): (LonLat(120.3, 30.3), NOW_S + 9)}


def test_each_asker_is_told_the_rows_that_moved_since_he_asked() -> None:
    workers = crew(4)
    workers.move(fixes((1, 1, 120, 30), (7, 1, 120, 30)))
    rows, mark = workers.moved_since(0)
    assert rows.tolist() == [0, 2]
    workers.move(fixes((7, 2, 120.1, 30)))
    assert workers.moved_since(mark)[0].tolist() == [2]
    assert workers.moved_since(0)[0].tolist() == [0, 2]
    assert workers.moved_since(workers.moved_since(mark)[1])[0].tolist() == []


places = st.tuples(st.floats(120.0, 120.4), st.floats(30.1, 30.4))


@given(st.lists(st.tuples(places, st.sampled_from(list(Duty)), st.integers(0, 300)), max_size=30), st.integers(1, 8))
def test_the_nearest_are_those_a_plain_search_finds(rows: list[tuple[tuple[float, float], Duty, int]], count: int) -> None:
    workers = crew(len(rows))
    for n, (_, duty, _) in enumerate(rows):
        assert workers.change(WorkerChanged(named(f"w{n}"), duty, 0, 0))
    workers.move(fixes(*((n * 3 + 1, -age, *place) for n, (place, _, age) in enumerate(rows))))
    fit = [
        (PLACE.distance_m(LonLat(float(workers.lon[n]), float(workers.lat[n]))), n)
        for n, (_, duty, age) in enumerate(rows)
        if duty in (Duty.ON_DUTY, Duty.ON_TASK) and age <= 120
    ]
    found = workers.nearest(PLACE, count, NOW_S)
    assert found.dtype == np.int32
    assert workers.metres_from(PLACE)[found].tolist() == pytest.approx([away for away, _ in sorted(fit)[:count]], abs=1e-3)


def test_only_who_has_the_skill_is_near() -> None:
    fitter = Worker(named("f"), 2, "f", GRID, UNITS["community"], skills=("gas",))
    workers = Workers([Worker(named("p"), 1, "p", GRID, UNITS["community"]), fitter])
    workers.move(fixes((1, 0, PLACE.lon, PLACE.lat), (2, 0, PLACE.lon + 0.01, PLACE.lat)))
    assert workers.nearest(PLACE, 5, NOW_S, skill="gas").tolist() == [1]
    assert workers.nearest(PLACE, 5, NOW_S).tolist() == [0, 1]


def test_numbers_lead_to_rows_and_back() -> None:
    workers = crew(5)
    assert [workers.row_of_number(int(number)) for number in workers.numbers] == list(range(5))
    assert workers.row_of_number(2) is None
    assert workers.row_of_number(10**6) is None
    assert not workers.change(WorkerChanged(named("stranger"), Duty.OFF, 0, 0))


def test_nobody_at_all_is_no_trouble() -> None:
    nobody = Workers()
    assert (nobody.move(fixes((1, 1, 120, 30))), nobody.nearest(PLACE, 3, NOW_S).tolist()) == (0, [])
    assert Cameras().seeing(PLACE, 3) == []


CAMERA = Camera("c0", "c0", PLACE, GRID, "公安", 90, 60, 150)
cameras = st.builds(
    lambda lon, lat, heading, width, reach: replace(
        CAMERA, place=LonLat(lon, lat), heading_deg=heading, field_of_view_deg=width, range_m=reach
    ),
    st.floats(120.19, 120.23),
    st.floats(30.26, 30.28),
    st.floats(0, 360),
    st.sampled_from([40.0, 90.0, 360.0]),
    st.sampled_from([80.0, 400.0, 2500.0]),
)


@given(st.lists(cameras, max_size=25))
def test_the_cameras_that_see_a_place_are_those_a_plain_search_finds(found: list[Camera]) -> None:
    standing = [replace(camera, id=f"c{n}") for n, camera in enumerate(found)]
    wanted = sorted((c.place.distance_m(PLACE), c.id) for c in standing if c.sees(PLACE))
    assert [c.id for c in Cameras(standing).seeing(PLACE, 100)] == [camera for _, camera in wanted]


def test_a_camera_that_is_off_comes_after_those_that_can_be_watched() -> None:
    west = replace(CAMERA, id="far", place=LonLat(PLACE.lon - 0.001, PLACE.lat))
    standing = Cameras([CAMERA, west])
    assert [c.id for c in standing.seeing(PLACE, 5)] == ["c0", "far"]
    assert standing.change(CameraChanged("c0", CameraState.OFFLINE))
    assert [c.id for c in standing.seeing(PLACE, 5)] == ["far", "c0"]
    assert standing.seeing(PLACE, 1)[0].id == "far"
    assert not standing.change(CameraChanged("?", CameraState.FAULT))
    assert [c.id for c in standing.in_grid(GRID[:9])] == ["c0", "far"]
    found = standing.get("c0")
    assert found is not None
    assert found.state is CameraState.OFFLINE


def test_a_camera_that_goes_to_another_stream_ends_the_same_whichever_is_heard_first() -> None:
    moved = replace(CAMERA, share_level=2, range_m=10.0, version=2)
    leaves = [CameraChanged("c0", CameraState.FAULT, 1), CameraChanged("c0", CameraState.FAULT, 2, is_gone=True)]
    arrives = [CameraChanged("c0", CameraState.ONLINE, 2, moved), CameraChanged("c0", CameraState.OFFLINE, 2)]
    ends = replace(moved, state=CameraState.OFFLINE)
    for heard in (leaves + arrives, arrives + leaves, [arrives[0], *leaves, arrives[1]], [leaves[0], *arrives, leaves[1]]):
        standing = Cameras([CAMERA])
        for fact in heard:
            standing.change(fact)
        assert standing.all() == [ends]
        assert not standing.change(CameraChanged("c0", CameraState.ONLINE, 1, CAMERA))
        assert standing.seeing(PLACE, 5) == [ends] if ends.sees(PLACE) else not standing.seeing(PLACE, 5)
    only = Cameras([CAMERA])
    for fact in leaves:
        only.change(fact)
    assert only.all() == []
    assert len(only) == 0


def test_grids_with_a_common_stretch_lie_side_by_side_and_those_with_a_corner_do_not() -> None:
    def square(x: float, y: float) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        return np.array([(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)])

    beside = side_by_side({"a": square(0, 0), "b": square(1, 0), "c": square(1, 1), "d": square(5, 5)})
    assert beside == {"a": {"b"}, "b": {"a", "c"}, "c": {"b"}, "d": frozenset()}
