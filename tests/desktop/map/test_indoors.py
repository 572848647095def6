"""Incidents on floors of buildings, and buildings that fade when they would hide what is selected."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from desktop.map.canvas import MapCanvas
from desktop.map.graphics import METER
from desktop.map.indoors import BESIDE_M, Indoors, building_at, hiders
from desktop.map.picking import Found
from desktop.map.scene import Geometry
from desktop.map.shown import FLOORS_BELOW_M_PER_PX, RAISED_FROM_M_PER_PX, Shown
from desktop.map.viewpoint import Viewpoint
from governance.floors import Floor
from governance.places import LonLat
from tests.desktop.map.conftest import at, pixels, rest
from tests.desktop.map.invented_town import degrees, pins

# House n is 45 m by 22 m from (-520 + 90 n, 90 + 60 (n mod 3)); the last is 60 m high.
TOWER = 11
INSIDE, BEHIND, BEFORE = (492.0, 221.0), (492.0, 245.0), (492.0, 190.0)


def look(tilt_deg: float = 45.0, turn_deg: float = 0.0) -> Viewpoint:
    """A view of the tower."""
    return Viewpoint(*INSIDE, 0.5, turn_deg, tilt_deg)


def flat(geometry: Geometry) -> np.ndarray:
    """Every building stands on the ground."""
    return np.zeros(len(geometry.building_height_m))


@pytest.mark.parametrize(
    ("place", "found"),
    [
        (INSIDE, TOWER),
        ((470.0 - BESIDE_M + 1, 221.0), TOWER),
        ((470.0 - BESIDE_M - 1, 221.0), None),
        ((0.0, 0.0), None),
        ((-500.0, 100.0), 0),
    ],
)
def test_a_place_lies_in_a_building_or_just_beside_it(small_town, place, found):
    assert building_at(small_town, np.array(place)) == found


def test_an_incident_stands_on_its_floor_where_it_names_one_and_lies_in_a_building(small_town):
    xy = np.array([INSIDE, INSIDE, INSIDE, (0.0, 0.0), (np.nan, np.nan)])
    found = Indoors.of(small_town, xy, (Floor(12), None, Floor(-2), Floor(3), Floor(3)))
    assert found.height_m.tolist() == [33.0, 0.0, -6.0, 0.0, 0.0]
    assert found.building.tolist() == [TOWER, -1, TOWER, -1, -1]
    assert found.floor == (Floor(12), None, Floor(-2), None, None)


@pytest.mark.parametrize(
    ("place", "height_m", "tilt", "turn", "hidden"),
    [
        (BEHIND, 0.0, 45.0, 0.0, True),
        (BEFORE, 0.0, 45.0, 0.0, False),
        (INSIDE, 0.0, 45.0, 0.0, True),  # behind its own walls
        (INSIDE, 60.0, 45.0, 0.0, False),  # on its roof
        ((492.0, 232.0 + 55.0), 0.0, 45.0, 0.0, True),  # where the shadow of the view ends: 60 m behind the wall that faces us
        ((492.0, 232.0 + 65.0), 0.0, 45.0, 0.0, False),
        (BEHIND, 0.0, 0.0, 0.0, False),  # from straight above nothing hides anything
        (BEFORE, 0.0, 45.0, 180.0, True),  # seen from the other side
        (BEHIND, 0.0, 45.0, 180.0, False),
    ],
)
def test_a_building_hides_what_stands_behind_it(small_town, place, height_m, tilt, turn, hidden):
    found = hiders(small_town, np.array(place), height_m, flat(small_town), look(tilt, turn))
    assert (TOWER in found) == hidden


def test_what_hides_a_place_is_what_the_pixel_of_that_place_shows(canvas, small_town, qtbot):
    """The pure arithmetic against what is painted: the ids of the OpenGL map, the faces of the plain one."""
    canvas.set_viewpoint(replace(look(), turn_deg=25.0))
    rest(canvas, qtbot)
    for x in (440.0, 480.0, 500.0, 530.0):
        for y in (215.0, 238.0, 250.0, 270.0, 300.0):
            there = at(canvas, x, y)
            found = hiders(small_town, np.array([x, y]), 0.0, flat(small_town), canvas.viewpoint)
            shows = canvas.id_at(there.x(), there.y())
            if shows is not None and shows[0] == 2:
                assert shows[1] in found


def test_pins_climb_to_their_floors_only_close_up(canvas, qtbot):
    canvas.set_pins(replace(pins([INSIDE, (200.0, -300.0)]), floors=(Floor(12), None)))
    lon, lat = degrees([INSIDE])[0].tolist()
    canvas.go_to(LonLat(lon, lat), 0.5)
    rest(canvas, qtbot)
    box, foot = canvas.drawn_pin("SY-0000"), at(canvas, *INSIDE)
    up_px = 33.0 * np.sin(np.radians(canvas.viewpoint.tilt_deg)) / 0.5
    assert foot.y() - box[3] + 3 == pytest.approx(up_px, abs=2.5)
    things, boxes = canvas.mark_boxes("pins")
    named = [tuple(map(float, box)) for thing, box in zip(things, boxes, strict=True) if thing == Found("incident", "SY-0000")]
    assert len(named) == 2  # the pin, and the name of its floor beside it
    assert canvas.thing_at((named[0][0] + named[0][2]) / 2, (named[0][1] + named[0][3]) / 2) == Found("incident", "SY-0000")
    canvas.go_to(LonLat(lon, lat), FLOORS_BELOW_M_PER_PX * 1.1)
    rest(canvas, qtbot)
    assert at(canvas, *INSIDE).y() - canvas.drawn_pin("SY-0000")[3] + 3 == pytest.approx(0.0, abs=2.5)


def test_the_floor_is_a_plate_and_below_the_ground_it_lies_below(canvas, qtbot):
    lon, lat = degrees([INSIDE])[0].tolist()
    canvas.go_to(LonLat(lon, lat), 0.5)
    rest(canvas, qtbot)
    empty = pixels(canvas).astype(int)

    def is_changed(z: float) -> bool:
        px = canvas.drawn_oblique().screen(INSIDE[0] - 15.0, INSIDE[1], z).round().astype(int)
        part = (slice(px[1] - 1, px[1] + 2), slice(px[0] - 1, px[0] + 2))
        return bool((np.abs(pixels(canvas).astype(int) - empty)[part].max(axis=2) > 12).all())

    for floor, z, other_z in ((Floor(12), 33.0, -30.0), (Floor(-2), -6.0, 33.0)):
        canvas.set_pins(replace(pins([INSIDE], urgency=2), floors=(floor,)))
        rest(canvas, qtbot)
        assert is_changed(z)
        assert not is_changed(other_z)
    canvas.set_layer_visible("incidents", False)
    rest(canvas, qtbot)
    assert not is_changed(-6.0)


def test_a_building_fades_while_it_would_hide_what_is_selected(canvas, qtbot):
    canvas.set_pins(pins([BEHIND]))
    canvas.set_viewpoint(look())
    rest(canvas, qtbot)
    solid = pixels(canvas).astype(int)
    px = canvas.drawn_oblique().screen(INSIDE[0] + 15.0, 225.0, 60.0).round().astype(int)  # on its roof
    assert canvas.id_at(*px.tolist()) == (2, TOWER)

    def roof_changed() -> float:
        part = (slice(px[1] - 2, px[1] + 3), slice(px[0] - 2, px[0] + 3))
        return float(np.abs(pixels(canvas).astype(int) - solid)[part].max(axis=2).mean())

    canvas.select("incident", "SY-0000")
    rest(canvas, qtbot)
    assert canvas.shown.faded == {TOWER}
    assert roof_changed() > 5
    redraws = canvas.counters.static_redraws
    canvas.pan_by(10, 5)
    rest(canvas, qtbot)
    assert canvas.counters.static_redraws == redraws  # whom it hides does not depend on where the picture lies
    canvas.pan_by(-10, -5)
    canvas.select("incident", None)
    rest(canvas, qtbot)
    assert canvas.shown.faded == frozenset()
    assert roof_changed() < 2


def test_fading_sends_one_value_and_no_geometry(gl_canvas: MapCanvas, qtbot):
    gl_canvas.set_pins(pins([BEHIND]))
    gl_canvas.set_viewpoint(look())
    rest(gl_canvas, qtbot)
    sent = METER.uploaded_bytes
    gl_canvas.select("incident", "SY-0000")
    rest(gl_canvas, qtbot)
    assert METER.uploaded_bytes - sent < 4_000  # values of grids and records of nobody; a tile of buildings alone is more


def test_grids_are_flat_close_up():
    shown = Shown()
    assert RAISED_FROM_M_PER_PX[0] >= FLOORS_BELOW_M_PER_PX
    assert shown.raise_m(RAISED_FROM_M_PER_PX[0]) == 0.0
    assert shown.raise_m(RAISED_FROM_M_PER_PX[1]) > 0.0
