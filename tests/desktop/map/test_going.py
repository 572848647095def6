"""Where the map goes, and who may make it go: the officer only, and so that one sees the way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from OpenGL import GL

from desktop.map.canvas import MapCanvas
from desktop.map.plain_canvas import PlainCanvas
from desktop.map.viewpoint import Viewpoint, between
from desktop.map_panel import MapPanel
from governance.places import LonLat
from tests.desktop.map.conftest import rest
from tests.desktop.map.invented_town import degrees

views = st.builds(
    Viewpoint,
    st.floats(-9e3, 9e3),
    st.floats(-9e3, 9e3),
    st.floats(0.1, 100.0),
    st.floats(0.0, 359.0),
    st.floats(0.0, 65.0),
)


@given(views, views, st.floats(0.0, 1.0))
def test_the_way_lies_between_its_ends(start, end, share):
    on_the_way = between(start, end, share)
    for name in ("x", "y", "metres_per_pixel", "tilt_deg"):
        low, high = sorted((getattr(start, name), getattr(end, name)))
        assert low - 1e-6 * (1 + abs(low)) <= getattr(on_the_way, name) <= high + 1e-6 * (1 + abs(high))
    assert between(start, end, 1.0) == end
    assert between(start, end, 0.0).x == pytest.approx(start.x)


def place(x, y):
    """Longitude and latitude of plane metres."""
    return LonLat(*degrees([(x, y)])[0].tolist())


def test_a_glide_passes_through_the_way_and_ends_where_it_was_sent(canvas, qtbot):
    seen = []
    canvas.viewpoint_changed.connect(lambda: seen.append(canvas.viewpoint.metres_per_pixel))
    began = canvas.viewpoint.metres_per_pixel
    canvas.glide_to(place(300.0, 100.0), 0.6)
    assert canvas.destination.metres_per_pixel == 0.6
    qtbot.waitUntil(lambda: canvas.viewpoint == canvas.destination and canvas._way is None, timeout=4000)
    assert (canvas.viewpoint.x, canvas.viewpoint.y) == pytest.approx((300.0, 100.0), abs=0.01)
    assert seen == sorted(seen, reverse=True)
    assert any(0.6 < scale < began for scale in seen)
    canvas.glide_to_all()
    qtbot.waitUntil(lambda: canvas._way is None, timeout=4000)
    assert canvas.viewpoint.metres_per_pixel == pytest.approx(began)


def test_where_a_glide_went_a_resize_leaves_the_map(canvas, qtbot):
    canvas.fit_all()
    canvas.glide_to(place(300.0, 100.0), 0.6)
    qtbot.waitUntil(lambda: canvas._way is None, timeout=4000)
    here = canvas.viewpoint
    canvas.resize(canvas.width(), canvas.height() - 38)  # as a banner above the map does
    rest(canvas, qtbot)
    assert canvas.viewpoint == here
    canvas.glide_to_all()
    qtbot.waitUntil(lambda: canvas._way is None, timeout=4000)
    canvas.resize(canvas.width() - 200, canvas.height())
    rest(canvas, qtbot)
    assert canvas.viewpoint == canvas._whole(), "the whole district stays whole"


def test_the_hand_of_the_officer_ends_a_glide(canvas, qtbot):
    canvas.glide_to(place(300.0, 100.0), 0.6)
    canvas.pan_by(10, 0)
    here = canvas.viewpoint
    assert canvas.destination == here
    rest(canvas, qtbot)
    assert canvas.viewpoint == here


def test_a_place_far_away_is_jumped_to(canvas, qtbot):
    canvas.go_to(place(0.0, 0.0), 0.1)
    canvas.glide_to(place(600.0, 300.0), 0.1)
    assert (canvas.viewpoint.x, canvas.viewpoint.y) == pytest.approx((600.0, 300.0), abs=0.01)


@pytest.fixture
def panel(qtbot, desk, small_town) -> Iterator[MapPanel]:
    """A panel on OpenGL over the desk's situation."""
    made = MapPanel(desk.seat, MapCanvas)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    qtbot.waitExposed(made)
    made.show_town(small_town, "© somebody")
    rest(made.canvas, qtbot)
    yield made
    made.hide()


def test_what_arrives_never_moves_the_map(panel, desk, qtbot):
    desk.selection.choose_incident(next(iter(desk.situation.cases)))
    qtbot.waitUntil(lambda: panel.canvas._way is None, timeout=4000)
    panel.canvas.go_to(place(0.0, 0.0), 0.2)
    here = panel.canvas.viewpoint
    panel.show_all()
    assert panel.canvas.destination == here
    rest(panel.canvas, qtbot)
    assert panel.canvas.viewpoint == here
    assert panel.canvas.shown.selected.id == str(desk.selection.incident)


def test_choosing_an_incident_out_of_view_brings_it_in_at_the_same_scale(panel, desk, qtbot):
    panel.canvas.go_to(place(0.0, 0.0), 0.2)
    chosen = next(iter(desk.situation.cases.values())).incident
    desk.selection.choose_incident(chosen.id)
    qtbot.waitUntil(lambda: panel.canvas._way is None, timeout=4000)
    px, py = panel.canvas._oblique().screen(*panel.geometry_shown.plane.to_plane(chosen.place.lon, chosen.place.lat)[0])
    assert (px, py) == pytest.approx((panel.canvas.width() / 2, panel.canvas.height() / 2), abs=1.0)
    assert panel.canvas.viewpoint.metres_per_pixel == 0.2


def test_choosing_an_incident_in_view_leaves_the_map_alone(panel, desk):
    chosen = next(iter(desk.situation.cases.values())).incident
    panel.canvas.go_to(chosen.place, 2.0)
    here = panel.canvas.viewpoint
    desk.selection.choose_incident(chosen.id)
    assert panel.canvas.destination == here


@pytest.mark.noisy("the map cannot be painted")
def test_an_error_only_the_driver_knows_of_brings_the_plain_map_too(panel, qtbot):
    first = panel.canvas._painter.layers.ordered[0]
    draw = first.draw

    def refused(frame):
        GL.glEnable(GL.GL_TEXTURE_2D_ARRAY)
        return draw(frame)

    first.draw = refused
    panel.canvas.update()
    rest(panel.canvas, qtbot)
    with qtbot.waitSignal(panel.canvas_changed):
        panel.canvas.zoom_by(2.0)
    assert isinstance(panel.canvas, PlainCanvas)
    assert "简易地图" in panel.canvas.furniture.banner.text()
    rest(panel.canvas, qtbot)
    panel.home()


@pytest.mark.noisy("the map cannot be painted")
def test_a_lost_context_brings_the_plain_map(panel, qtbot):
    class Lost:
        def isValid(self):
            return False

    panel.canvas.context = Lost
    with qtbot.waitSignal(panel.canvas_changed):
        panel.canvas.update()
    assert isinstance(panel.canvas, PlainCanvas)


@pytest.mark.noisy("the map cannot be painted")
def test_when_opengl_fails_the_plain_map_goes_on_and_says_so(panel, desk, qtbot):
    desk.selection.choose_incident(next(iter(desk.situation.cases)))
    qtbot.waitUntil(lambda: panel.canvas._way is None, timeout=4000)
    panel.canvas.go_to(place(100.0, 0.0), 0.7)
    panel.switch_buildings()

    def broken(_frame):
        raise RuntimeError("the driver lost its mind")

    panel.canvas._painter.layers.ordered[-1].draw = broken
    with qtbot.waitSignal(panel.canvas_changed):
        panel.canvas.update()
    canvas = panel.canvas
    assert isinstance(canvas, PlainCanvas)
    assert "简易地图" in canvas.furniture.banner.text()
    assert "\n" not in canvas.furniture.banner.text()
    rest(canvas, qtbot)
    assert canvas.isVisible()
    assert (canvas.viewpoint.x, canvas.viewpoint.metres_per_pixel) == pytest.approx((100.0, 0.7), abs=0.01)
    assert canvas.shown.layer_visible["buildings"] is False
    assert canvas.shown.selected.id == str(desk.selection.incident)
    assert len(canvas.shown.pins) > 0
    assert canvas.furniture.attribution.text() == "© somebody"
    panel.home()
    with qtbot.waitSignal(desk.selection.worker_changed):
        canvas.picked.emit("worker", str(int(desk.situation.workers.numbers[0])))
