"""What stands up on either canvas: raised grids and buildings, what they hide, and what a click on them means."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QRegion
from PySide6.QtWidgets import QWidget

from desktop.map.canvas import MapCanvas
from desktop.map.picking import BUILDING_BITS, GRID_BITS
from desktop.map.plain_canvas import PlainCanvas
from desktop.map.plain_ground import PlainGround
from desktop.map.plain_order import sorted_by_pairs
from desktop.map.viewpoint import Viewpoint
from tests.desktop.map.conftest import pixels, rest, shown
from tests.desktop.map.invented_town import degrees, pins


@pytest.mark.parametrize("sort", [MapCanvas, PlainCanvas], ids=["gl", "plain"])
def test_what_is_drawn_at_every_centre_is_its_grid(sort, district, qtbot):
    canvas = shown(sort(), district, qtbot)
    canvas.set_layer_visible("buildings", False)
    rest(canvas, qtbot)
    numbers = [canvas.id_at(*canvas.drawn_oblique().screen(*centre).tolist()) for centre in district.grids.centres]
    right = sum(found == (GRID_BITS, number) for number, found in enumerate(numbers))
    assert right >= 0.98 * len(numbers)


def test_a_roof_holds_the_building_and_a_click_on_it_picks_its_grid(canvas, qtbot):
    geometry = canvas.shown.geometry
    canvas.zoom_by(2.2)
    rest(canvas, qtbot)
    middle = geometry.buildings.rings_of(7)[0][:-1].mean(axis=0)
    roof = canvas.drawn_oblique().screen(*middle, float(geometry.building_height_m[7]))
    assert canvas.id_at(*roof.tolist()) == (BUILDING_BITS, 7)
    code = geometry.grids.codes[geometry.building_grid[7]]
    assert canvas.thing_at(*roof.tolist()) == ("grid", code)


def test_a_tall_building_hides_what_lies_behind_it(canvas, qtbot):
    geometry = canvas.shown.geometry
    canvas.turn(-canvas.viewpoint.turn_deg)
    middle = geometry.buildings.rings_of(11)[0][:-1].mean(axis=0)
    canvas.set_viewpoint(canvas.viewpoint.at(*middle.tolist()).scaled(0.5))
    rest(canvas, qtbot)
    for height in (20.0, 40.0, 58.0):
        south_wall = canvas.drawn_oblique().screen(middle[0], middle[1] - 11.5, height)
        assert canvas.id_at(*south_wall.tolist()) == (BUILDING_BITS, 11)


def test_pins_and_names_stand_on_the_roof_of_a_raised_grid(canvas, qtbot):
    canvas.set_raised(True)
    canvas.tilt_by(60)
    centres = canvas.shown.geometry.grids.centres
    canvas.set_pins(pins(centres[4:5]))
    canvas.set_grid_load(np.array([0, 0, 0, 0, 8, 0], np.int32), np.zeros(6, np.int32))
    rest(canvas, qtbot)
    raised_m = canvas.shown.raise_m(canvas.viewpoint.metres_per_pixel)
    assert raised_m > 20 * canvas.viewpoint.metres_per_pixel
    roof = canvas.drawn_oblique().screen(*centres[4], raised_m)
    _, _, _, bottom = canvas.drawn_pin("SY-0000")
    assert bottom - 3 == pytest.approx(roof[1], abs=2.5)
    assert canvas.id_at(*roof.tolist()) == (GRID_BITS, 4)
    assert np.abs(roof - canvas.drawn_oblique().screen(*centres[4])).max() > 15


def test_the_place_under_the_pointer_lies_on_the_raised_grid(canvas, qtbot):
    told = []
    canvas.pointer_at.connect(lambda lon, lat: told.append((lon, lat)))
    canvas.tilt_by(60)
    canvas.set_viewpoint(canvas.viewpoint.at(0.0, 0.0).scaled(8.0))
    canvas.set_grid_load(np.array([0, 9, 0, 0, 9, 0], np.int32), np.zeros(6, np.int32))
    rest(canvas, qtbot)
    raised_m = canvas.shown.raise_m(8.0)
    assert raised_m == 240.0
    centre = canvas.shown.geometry.grids.centres[1]
    canvas._pointer_moved(*canvas.drawn_oblique().screen(*centre, raised_m).tolist())
    assert degrees([centre])[0] == pytest.approx(told[-1], abs=5e-5)
    for z in (40.0, 100.0, 180.0):
        for x in (-150.0, -20.0, 90.0):
            px, py = canvas.drawn_oblique().screen(x, -399.0, z).tolist()
            canvas._pointer_moved(px, py)
            hovered = canvas.shown.hovered
            plane = canvas.shown.geometry.plane.to_plane(*told[-1])[0]
            assert canvas.shown.geometry.grids.codes[canvas.shown.geometry.grid_raster.at(*plane)[0]] == hovered.id
            assert plane == pytest.approx((x, -399.0), abs=16.0)


def test_the_place_of_a_roof_is_the_building_and_not_what_it_hides(canvas, qtbot):
    geometry = canvas.shown.geometry
    middle = geometry.buildings.rings_of(11)[0][:-1].mean(axis=0)
    canvas.set_viewpoint(canvas.viewpoint.at(*middle.tolist()).scaled(0.5))
    rest(canvas, qtbot)
    roof = canvas.drawn_oblique().screen(*middle, float(geometry.building_height_m[11]))
    assert canvas.place_at(*roof.tolist()) == pytest.approx(tuple(middle), abs=1.5)


def test_grids_are_flat_close_up_and_raised_only_when_the_view_is_wide_or_asked(canvas):
    shown_ = canvas.shown
    assert shown_.raise_m(1.0) == 0
    assert shown_.raise_m(14.0) > 0
    canvas.set_raised(True)
    assert shown_.raise_m(1.0) > 0
    canvas.set_raised(False)
    assert shown_.raise_m(14.0) == 0


def test_the_picture_while_turning_lies_where_the_still_one_does(canvas, qtbot):
    statics = canvas.counters.static_redraws
    canvas.turn(20)
    qtbot.waitUntil(lambda: canvas.counters.static_redraws > statics)
    assert canvas._moving_view
    moving = pixels(canvas).astype(int)
    rest(canvas, qtbot)
    assert (np.abs(pixels(canvas).astype(int) - moving).max(axis=2) > 30).mean() < 0.03


def test_walls_kept_from_before_are_those_of_the_load_now(small_town, qtbot):
    canvas = shown(PlainCanvas(), small_town, qtbot)
    canvas.set_raised(True)
    load = np.array([1, 2, 3, 1, 9, 0], np.int32)
    canvas.set_grid_load(load, load * 0)
    rest(canvas, qtbot)
    before = painted(canvas)
    load = np.array([1, 2, 0, 6, 9, 0], np.int32)
    canvas.set_grid_load(load, load * 0)
    rest(canvas, qtbot)
    kept = painted(canvas)
    canvas._ground = PlainGround(small_town)
    canvas.shown.statics += 1
    rest(canvas, qtbot)
    assert np.array_equal(painted(canvas), kept)
    assert not np.array_equal(before, kept)


def test_grids_that_wait_for_each_other_in_a_circle_are_all_painted():
    facts = ((0, 1, 50.0), (1, 2, 40.0), (2, 0, 3.0), (0, 3, 9.0))
    behind, before, wide_m = (np.array(column) for column in zip(*facts, strict=True))
    assert sorted_by_pairs([3, 2, 1, 0], behind, before, wide_m) == [0, 3, 1, 2]


def painted(made):
    """What is painted, without the furniture on top, int[height, width, 3]."""
    if isinstance(made, MapCanvas):
        return pixels(made).astype(int)
    image = QImage(made.size(), QImage.Format.Format_RGB888)
    made.render(image, QPoint(), QRegion(), QWidget.RenderFlag.DrawWindowBackground)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).astype(int)


@pytest.mark.parametrize("raised", [False, True], ids=["flat", "raised"])
@pytest.mark.parametrize(
    ("scale", "turn_deg", "tilt_deg"), [(4.5, 12.0, 42.0), (1.2, 75.0, 55.0), (9.5, 200.0, 30.0), (2.0, 300.0, 0.0)]
)
def test_both_canvases_paint_the_same_scene(district, qtbot, raised, scale, turn_deg, tilt_deg):
    pictures = []
    load = (np.arange(len(district.grids.codes)) * 7 % 11).astype(np.int32)
    for sort in (MapCanvas, PlainCanvas):
        canvas = shown(sort(), district, qtbot)
        canvas.set_raised(raised)
        canvas.set_layer_visible("labels", False)
        canvas.set_grid_load(load, (load > 8).astype(np.int32))
        canvas.set_viewpoint(Viewpoint(300.0, -200.0, scale, turn_deg, tilt_deg))
        rest(canvas, qtbot)
        pictures.append(painted(canvas))
        canvas.hide()
    differs = np.abs(pictures[0] - pictures[1]).max(axis=2) > 24
    assert differs.mean() < (0.05 if raised else 0.03)
