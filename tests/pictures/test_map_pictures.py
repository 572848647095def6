"""The map as it looks: by night and day, whole and close up, in 2.5D and plain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from desktop.map.canvas import MapCanvas
from desktop.map.grid_figures import GridFigures
from desktop.map.plain_canvas import PlainCanvas
from desktop.map.scene import PinState, WorkerMark
from desktop.map.tracks import Track
from desktop.style.palette import DAY
from governance.floors import Floor
from governance.places import LonLat
from tests.desktop.map.conftest import Canvas, rest
from tests.desktop.map.invented_town import cameras, degrees, pins

PLACES = [(-480.0, -120.0), (-150.0, -330.0), (300.0, 250.0), (480.0, -250.0), (60.0, -120.0), (-380.0, 260.0), (120.0, 330.0)]


def dressed(canvas: Canvas, geometry, qtbot) -> Canvas:
    """A canvas with something of everything."""
    qtbot.addWidget(canvas)
    canvas.resize(760, 520)
    canvas.set_geometry(geometry)
    canvas.set_pins(
        pins(
            PLACES,
            urgency=[0, 1, 2, 0, 1, 0, 0],
            severity=[0, 0, 0, 1, 2, 3, 4],
            state=[PinState.WAITING, PinState.ON_THE_WAY, PinState.ON_SCENE, 0, 1, 2, PinState.CHECKING],
        )
    )
    canvas.set_grid_load(np.array([1, 0, 2, 1, 5, 2], np.int32), np.array([0, 0, 1, 0, 0, 0], np.int32))
    place = degrees([(x * 0.8 + 50, y * 0.7 + 60) for x, y in PLACES])
    canvas.set_workers([f"W{n}" for n in range(len(place))], place[:, 0], place[:, 1])
    canvas.set_worker_marks(np.array([1, 2, 3]), np.array([WorkerMark.ON_TASK, WorkerMark.STALE, WorkerMark.OFF]))
    canvas.set_cameras(cameras([(-150.0, 20.0), (-250.0, 130.0)]))
    canvas.show()
    qtbot.waitExposed(canvas)
    rest(canvas, qtbot)
    return canvas


def picture(canvas: Canvas):
    """What the canvas painted; for GL without the furniture, which is painted by widgets."""
    return canvas.grabFramebuffer() if isinstance(canvas, MapCanvas) else canvas.grab().toImage()


@pytest.mark.parametrize("sort", [MapCanvas, PlainCanvas], ids=["gl", "plain"])
def test_the_town_by_night(sort, small_town, like_kept, qtbot):
    canvas = dressed(sort(), small_town, qtbot)
    like_kept(f"night_{'gl' if sort is MapCanvas else 'plain'}", picture(canvas))


@pytest.mark.parametrize("sort", [MapCanvas, PlainCanvas], ids=["gl", "plain"])
def test_the_town_by_day(sort, small_town, like_kept, qtbot):
    canvas = dressed(sort(), small_town, qtbot)
    canvas.set_theme(DAY)
    rest(canvas, qtbot)
    like_kept(f"day_{'gl' if sort is MapCanvas else 'plain'}", picture(canvas))


@pytest.mark.parametrize("sort", [MapCanvas, PlainCanvas], ids=["gl", "plain"])
def test_raised_grids(sort, small_town, like_kept, qtbot):
    canvas = dressed(sort(), small_town, qtbot)
    canvas.set_raised(True)
    canvas.turn(30)
    canvas.fit_all()
    rest(canvas, qtbot)
    like_kept(f"raised_{'gl' if sort is MapCanvas else 'plain'}", picture(canvas))


@pytest.mark.parametrize("sort", [MapCanvas, PlainCanvas], ids=["gl", "plain"])
def test_a_selected_incident_with_candidates_close_up(sort, small_town, like_kept, qtbot):
    canvas = dressed(sort(), small_town, qtbot)
    lon, lat = degrees([(-250.0, 150.0)])[0].tolist()
    canvas.go_to(LonLat(lon, lat), 0.7)
    canvas.select("incident", "SY-0005")
    canvas.set_candidates([5, 0, 4])
    rest(canvas, qtbot)
    like_kept(f"chosen_{'gl' if sort is MapCanvas else 'plain'}", picture(canvas))


@pytest.mark.parametrize("sort", [MapCanvas, PlainCanvas], ids=["gl", "plain"])
def test_a_selected_camera(sort, small_town, like_kept, qtbot):
    canvas = dressed(sort(), small_town, qtbot)
    lon, lat = degrees([(-150.0, 50.0)])[0].tolist()
    canvas.go_to(LonLat(lon, lat), 0.5)
    canvas.select("camera", "C000")
    rest(canvas, qtbot)
    like_kept(f"camera_{'gl' if sort is MapCanvas else 'plain'}", picture(canvas))


@pytest.mark.parametrize("sort", [MapCanvas, PlainCanvas], ids=["gl", "plain"])
def test_tracks_by_time_and_of_two_workers(sort, small_town, like_kept, qtbot):
    canvas = dressed(sort(), small_town, qtbot)
    x = np.linspace(-540.0, 540.0, 200)
    at_s = 1_764_500_000.0 + np.arange(200) * 10.0 + np.where(np.arange(200) > 120, 900.0, 0.0)
    walks = [np.column_stack([x, 120 * np.sin(x / 110) + shift]) for shift in (-60.0, 160.0)]
    tracks = [Track.of(f"W{n}", *degrees(xy).T, at_s + 300 * n, name="") for n, xy in enumerate(walks)]
    canvas.show_tracks(tracks[:1], until=at_s[170])
    rest(canvas, qtbot)
    like_kept(f"track_{'gl' if sort is MapCanvas else 'plain'}", picture(canvas))
    canvas.set_theme(DAY)
    canvas.show_tracks(tracks)
    rest(canvas, qtbot)
    like_kept(f"tracks_day_{'gl' if sort is MapCanvas else 'plain'}", picture(canvas))


@pytest.mark.parametrize("sort", [MapCanvas, PlainCanvas], ids=["gl", "plain"])
def test_trails_of_those_in_view(sort, small_town, like_kept, qtbot):
    now_s = [0.0]
    canvas = dressed(sort(clock=lambda: now_s[0]), small_town, qtbot)
    for step in range(1, 30):
        now_s[0] = step * 12.0
        place = degrees([(x * 0.8 + 50 + 12.0 * step, y * 0.7 + 60 + 40 * np.sin(step / 4)) for x, y in PLACES])
        canvas.move_workers(np.arange(len(place), dtype=np.int32), place[:, 0], place[:, 1])
    now_s[0] += 1.0
    canvas.set_layer_visible("trails", True)
    rest(canvas, qtbot)
    like_kept(f"trails_{'gl' if sort is MapCanvas else 'plain'}", picture(canvas))


@pytest.mark.parametrize("sort", [MapCanvas, PlainCanvas], ids=["gl", "plain"])
def test_the_sectors_of_cameras_in_view(sort, small_town, like_kept, qtbot):
    canvas = dressed(sort(), small_town, qtbot)
    lon, lat = degrees([(-200.0, 75.0)])[0].tolist()
    canvas.go_to(LonLat(lon, lat), 1.0)
    canvas.set_layer_visible("sectors", True)
    rest(canvas, qtbot)
    like_kept(f"sectors_{'gl' if sort is MapCanvas else 'plain'}", picture(canvas))


@pytest.mark.parametrize("sort", [MapCanvas, PlainCanvas], ids=["gl", "plain"])
def test_grids_coloured_by_one_figure_and_raised_by_another(sort, small_town, like_kept, qtbot):
    canvas = dressed(sort(), small_town, qtbot)
    ramp, height = np.linspace(0.0, 1.0, 6), np.array([0.0, 0.2, 0.0, 0.9, 0.3, 0.0])
    canvas.set_grid_figures(GridFigures(ramp, height, np.zeros(6, np.bool_)))
    canvas.set_raised(True)
    canvas.fit_all()
    rest(canvas, qtbot)
    like_kept(f"figures_{'gl' if sort is MapCanvas else 'plain'}", picture(canvas))


@pytest.mark.parametrize("sort", [MapCanvas, PlainCanvas], ids=["gl", "plain"])
def test_incidents_on_floors_and_a_building_that_fades(sort, small_town, like_kept, qtbot):
    canvas = dressed(sort(), small_town, qtbot)
    places = [(492.0, 221.0), (402.0, 161.0), (312.0, 101.0), (222.0, 221.0), (432.0, 190.0)]
    floors = (Floor(12), Floor(-1), None, Floor(is_roof=True), None)
    canvas.set_pins(replace(pins(places, urgency=[2, 1, 0, 0, 0]), floors=floors))
    lon, lat = degrees([(400.0, 190.0)])[0].tolist()
    canvas.go_to(LonLat(lon, lat), 0.55)
    canvas.set_theme(DAY)
    canvas.select("incident", "SY-0000")
    rest(canvas, qtbot)
    like_kept(f"floors_{'gl' if sort is MapCanvas else 'plain'}", picture(canvas))
