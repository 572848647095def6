"""Many of everything: workers too many to tell apart, pins by the thousand in one place, a view of a whole province."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bench.scenes import Scale, geometry_of
from desktop.map.canvas import MapCanvas
from desktop.map.crowd import CELL_PX, CrowdCount, crowd_picture
from desktop.map.marks_layout import MOST_ALONE
from desktop.map.oblique import Oblique
from desktop.map.picking import GRID_BITS
from desktop.map.scene import Geometry, WorkerMark
from desktop.map.shown import MOST_DOTS, Shown
from desktop.map.viewpoint import Viewpoint
from tests.desktop.map.conftest import at, pixels, rest, shown
from tests.desktop.map.invented_town import degrees, pins

COUNT = MOST_DOTS + 2_000


@pytest.fixture(scope="module")
def wide_scene() -> Geometry:
    """A thousand grids."""
    return geometry_of(Scale(grids=1_000, buildings=50, workers=0, cameras=0, pins=0))


def put(canvas, xy: np.ndarray, qtbot) -> None:
    """Workers at plane metres of the small town."""
    place = degrees(xy)
    canvas.set_workers([f"W{n}" for n in range(len(place))], place[:, 0], place[:, 1])
    rest(canvas, qtbot)


def crowd(seed: int = 1) -> np.ndarray:
    """Places of a crowd in the south-west of the small town."""
    return np.random.default_rng(seed).uniform((-550, -350), (-50, -50), (COUNT, 2))


def test_a_crowd_is_drawn_as_how_many_stand_where_and_single_dots_again_close_up(canvas, qtbot):
    empty = pixels(canvas).astype(int)
    put(canvas, crowd(), qtbot)
    assert canvas.shown.in_view.is_crowd
    changed = np.abs(pixels(canvas).astype(int) - empty).sum(axis=2) > 20
    here, there = at(canvas, -300.0, -200.0), at(canvas, 300.0, 200.0)
    assert changed[here.y() - 20 : here.y() + 20, here.x() - 20 : here.x() + 20].mean() > 0.5
    assert changed[there.y() - 20 : there.y() + 20, there.x() - 20 : there.x() + 20].mean() < 0.05
    assert canvas.where_drawn("W0") is None
    assert canvas.thing_at(here.x(), here.y()).kind == "grid"


def test_whom_one_selected_has_a_dot_even_in_a_crowd(canvas, qtbot):
    xy = crowd()
    put(canvas, xy, qtbot)
    canvas.select("worker", "W7")
    rest(canvas, qtbot)
    assert canvas.where_drawn("W7") == pytest.approx(at(canvas, *xy[7]).toTuple(), abs=1.5)
    canvas.set_candidates([3, 5])
    rest(canvas, qtbot)
    assert canvas.where_drawn("W5") == pytest.approx(at(canvas, *xy[5]).toTuple(), abs=1.5)


def test_a_crowd_moves_along_with_the_map_and_is_counted_again_when_it_went_on(canvas, qtbot):
    put(canvas, crowd(), qtbot)
    before = pixels(canvas).astype(int)
    canvas.pan_by(40, 0)
    rest(canvas, qtbot)
    after = pixels(canvas).astype(int)
    inner = (slice(150, 500), slice(150, 600))
    moved = np.roll(before, 40, axis=1)
    assert (np.abs(after[inner] - moved[inner]).max(axis=2) > 40).mean() < 0.08
    place = degrees(crowd() + np.array([300.0, 250.0]))
    canvas.move_workers(np.arange(COUNT, dtype=np.int32), place[:, 0], place[:, 1])
    there = at(canvas, 0.0, 50.0)

    def is_there() -> bool:
        part = pixels(canvas).astype(int)[there.y() - 15 : there.y() + 15, there.x() - 15 : there.x() + 15]
        was = after[there.y() - 15 : there.y() + 15, there.x() - 15 : there.x() + 15]
        return bool((np.abs(part - was).sum(axis=2) > 20).mean() > 0.5)

    qtbot.waitUntil(is_there, timeout=10_000)


@pytest.mark.parametrize(("turn", "tilt"), [(0.0, 0.0), (33.0, 50.0), (200.0, 20.0)])
def test_everybody_on_duty_in_the_picture_is_counted_where_the_camera_sees_him(small_town, turn, tilt):
    state = Shown()
    state.show_geometry(small_town)
    state.raise_asked = True
    state.show_load(np.array([0, 4, 0, 2, 1, 0], np.int32), np.zeros(6, np.int32))
    xy = np.random.default_rng(2).uniform(-500, 500, (500, 2))
    place = degrees(xy)
    state.show_workers([f"W{n}" for n in range(500)], place[:, 0], place[:, 1])
    state.workers.mark(np.arange(50, dtype=np.int32), np.full(50, WorkerMark.OFF, np.uint8))
    camera = Oblique(Viewpoint(0.0, 0.0, 2.0, turn, tilt), 400.0, 300.0)
    found = crowd_picture(state, camera, 32)
    z = state.height_at(state.worker_grid, camera.viewpoint.metres_per_pixel)
    px = camera.screen(xy[:, 0], xy[:, 1], z)[50:] + 32
    rows, columns = found.pixels.shape[:2]
    inside = (px >= 0).all(axis=1) & (px < (columns * CELL_PX, rows * CELL_PX)).all(axis=1)
    assert abs(found.counted - inside.sum()) <= 2
    cell = (px[inside] / CELL_PX).astype(int)
    filled = found.pixels[..., 3] > 0
    assert filled[cell[:, 1], cell[:, 0]].mean() > 0.98
    assert filled.sum() <= inside.sum()


def test_a_crowd_that_went_on_is_counted_as_if_anew(small_town):
    state, random = Shown(), np.random.default_rng(4)
    state.show_geometry(small_town)
    place = degrees(random.uniform(-700, 700, (400, 2)))
    state.show_workers([f"W{n}" for n in range(400)], place[:, 0], place[:, 1])
    camera = Oblique(Viewpoint(0.0, 0.0, 2.0, 20.0, 40.0), 400.0, 300.0)
    counted = CrowdCount(state, camera, 32)
    for share in (5, 40, 300, 1, 400, 0):
        rows = random.choice(400, share, replace=False).astype(np.int32)
        place = degrees(random.uniform(-700, 700, (share, 2)))
        state.move_workers(rows, place[:, 0], place[:, 1], 1.0)
        state.workers.mark(rows[:3], random.choice([WorkerMark.OFF, WorkerMark.ON_DUTY], len(rows[:3])).astype(np.uint8))
        counted.follow(state)
        anew = crowd_picture(state, camera, 32)
        assert counted.picture(state).counted == anew.counted
        assert (counted.picture(state).pixels == anew.pixels).all()


def test_fifty_thousand_pins_in_one_place_are_one_cluster_and_stop_nothing(canvas, qtbot):
    many = pins(np.full((50_000, 2), 110.0), urgency=2)
    canvas.set_pins(many)
    rest(canvas, qtbot)
    things, boxes = canvas.mark_boxes("pins")
    assert [thing.kind for thing in things] == ["cluster"]
    assert len(canvas.cluster_ids(things[0].id)) == 50_000
    assert ((boxes[0, :2] + boxes[0, 2:]) / 2) == pytest.approx(at(canvas, 110.0, 110.0).toTuple(), abs=40)


def test_grave_incidents_stand_alone_while_one_can_look_at_them_all(canvas, qtbot):
    xy = np.random.default_rng(4).uniform(-100, 100, (MOST_ALONE, 2))
    canvas.set_pins(pins(xy, urgency=2))
    rest(canvas, qtbot)
    things, _ = canvas.mark_boxes("pins")
    assert {thing.kind for thing in things} == {"incident"}
    canvas.set_pins(pins(np.vstack([xy, xy[:1]]), urgency=2))
    rest(canvas, qtbot)
    things, _ = canvas.mark_boxes("pins")
    assert "cluster" in {thing.kind for thing in things}


def test_from_afar_the_id_buffer_still_holds_the_grid_under_every_centre(wide_scene, qtbot):
    canvas = shown(MapCanvas(), wide_scene, qtbot)
    canvas.set_viewpoint(canvas.viewpoint.at(0.0, 0.0).scaled(wide_scene.grid_raster.cell_m * 1.5))
    rest(canvas, qtbot)
    inside = (np.abs(wide_scene.grids.centres) < 4_000).all(axis=1)
    numbers = np.nonzero(inside)[0].tolist()
    places = canvas.drawn_oblique().screen(*wide_scene.grids.centres[inside].T)
    found = [canvas.id_at(*place) for place in places.tolist()]
    right = sum(each == (GRID_BITS, number) for number, each in zip(numbers, found, strict=True))
    assert right >= 0.98 * len(numbers) > 50


def test_a_tile_not_in_the_picture_is_not_on_the_card_and_goes_when_others_need_the_room(wide_scene, qtbot):
    canvas = shown(MapCanvas(), wide_scene, qtbot)
    shelf = canvas._painter._bench.shelf
    canvas.set_viewpoint(canvas.viewpoint.at(-6_000.0, -6_000.0).scaled(1.0))
    rest(canvas, qtbot)
    held = shelf.size
    everything = sum(len(each.corners) for each in (wide_scene.grids.fine, wide_scene.grids.middle)) * 8
    assert 0 < held < everything
    shelf._most_bytes = held
    for x in (0.0, 6_000.0, -6_000.0):
        canvas.set_viewpoint(canvas.viewpoint.at(x, 0.0))
        rest(canvas, qtbot)
    assert shelf.size <= 2 * held


def test_a_scene_replaced_while_it_is_shown_takes_its_tiles_along(gl_canvas, small_town, qtbot):
    shelf = gl_canvas._painter._bench.shelf
    before = len(shelf)
    for _ in range(3):
        gl_canvas.set_geometry(replace(small_town))
        rest(gl_canvas, qtbot)
    assert len(shelf) == before
