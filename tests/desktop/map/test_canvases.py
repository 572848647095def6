"""What both canvases promise: where things stand, what a click means, and when nothing is painted."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from desktop.map.plain_canvas import PlainCanvas
from desktop.map.scene import WorkerMark
from desktop.style.palette import DAY
from tests.desktop.map.conftest import SPREAD, at, flush, move, pixels, put_workers, rest, shown
from tests.desktop.map.invented_town import ORIGIN, cameras, degrees, pins


def point_at(canvas, x, y):
    """Move the pointer over the canvas without a button; the real one stays where it is."""
    QApplication.sendEvent(canvas, pointer(canvas, x, y, Qt.MouseButton.NoButton))


def pointer(canvas, x, y, button):
    spot, keys = QPointF(x, y), Qt.KeyboardModifier.NoModifier
    return QMouseEvent(QEvent.Type.MouseMove, spot, canvas.mapToGlobal(spot), button, button, keys)


# Where things are


def test_a_click_on_a_pin_picks_its_incident(canvas, qtbot):
    canvas.set_pins(pins(SPREAD))
    rest(canvas, qtbot)
    for id_ in canvas.shown.pins.ids:
        left, top, right, bottom = canvas.drawn_pin(id_)
        with qtbot.waitSignal(canvas.picked) as picked:
            qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(int(left + right) // 2, int(top + bottom) // 2))
        assert picked.args == ["incident", id_]


def test_a_pin_stands_on_its_place(canvas, qtbot):
    canvas.set_pins(pins(SPREAD))
    rest(canvas, qtbot)
    for id_, place in zip(canvas.shown.pins.ids, SPREAD, strict=True):
        left, _, right, bottom = canvas.drawn_pin(id_)
        foot = at(canvas, *place)
        assert (left + right) / 2 == pytest.approx(foot.x(), abs=1.5)
        assert bottom - 3 == pytest.approx(foot.y(), abs=2.5)


def test_a_click_on_a_dot_picks_the_worker(canvas, qtbot):
    put_workers(canvas, SPREAD, qtbot)
    x, y = canvas.where_drawn("W2")
    with qtbot.waitSignal(canvas.picked) as picked:
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    assert picked.args == ["worker", "W2"]


def test_the_dot_is_painted_where_the_canvas_says(canvas, qtbot):
    empty = pixels(canvas).astype(int)
    put_workers(canvas, SPREAD, qtbot)
    changed = np.abs(pixels(canvas).astype(int) - empty).sum(axis=2) > 40
    for number in range(len(SPREAD)):
        x, y = canvas.where_drawn(f"W{number}")
        rows, columns = np.nonzero(changed[round(y) - 9 : round(y) + 10, round(x) - 9 : round(x) + 10])
        assert rows.mean() - 9 == pytest.approx(0, abs=1.2)
        assert columns.mean() - 9 == pytest.approx(0, abs=1.2)


def test_elsewhere_a_click_picks_the_grid_of_the_place(canvas, qtbot):
    geometry = canvas.shown.geometry
    for number, (x, y) in enumerate(geometry.grids.centres.tolist()):
        with qtbot.waitSignal(canvas.picked) as picked:
            qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at(canvas, x, y))
        assert picked.args == ["grid", geometry.grids.codes[number]]


def test_outside_the_district_a_click_picks_nothing(canvas, qtbot):
    with qtbot.assertNotEmitted(canvas.picked):
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))


def test_pins_at_one_place_stand_together_until_one_is_selected(canvas, qtbot):
    canvas.set_pins(pins([(0.0, 100.0), (2.0, 101.0), (1.0, 99.0)]))
    rest(canvas, qtbot)
    assert canvas.drawn_pin("SY-0001") is None
    assert sorted(canvas.cluster_ids("0")) == ["SY-0000", "SY-0001", "SY-0002"]
    canvas.select("incident", "SY-0001")
    rest(canvas, qtbot)
    assert canvas.drawn_pin("SY-0001") is not None
    assert sorted(canvas.cluster_ids("0")) == ["SY-0000", "SY-0002"]


def test_a_place_asked_for_on_a_cluster_is_given_and_nothing_zooms(canvas, qtbot):
    canvas.set_pins(pins([(0.0, 100.0), (2.0, 101.0), (1.0, 99.0)]))
    rest(canvas, qtbot)
    told = []
    canvas.pointer_at.connect(lambda lon, lat: told.append((lon, lat)))
    here, spot = canvas.viewpoint, at(canvas, 1.0, 100.0)
    canvas.asks_place = True
    with qtbot.waitSignal(canvas.picked) as picked:
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=spot)
    assert picked.args[0] == "cluster"
    assert canvas.viewpoint == here
    assert told[-1] == pytest.approx(degrees([(1.0, 100.0)])[0].tolist(), abs=3e-5)


def test_the_most_urgent_is_never_hidden_in_a_cluster(canvas, qtbot):
    canvas.set_pins(pins([(0.0, 100.0), (2.0, 101.0), (1.0, 99.0)], urgency=[0, 2, 0]))
    rest(canvas, qtbot)
    assert canvas.drawn_pin("SY-0001") is not None


def test_names_lie_on_no_pin_and_on_no_other_name(canvas, qtbot):
    centres = canvas.shown.geometry.grids.centres
    canvas.set_pins(pins(np.vstack([centres, SPREAD])))
    rest(canvas, qtbot)
    _, names = canvas.mark_boxes("names")
    _, marks = canvas.mark_boxes("pins")
    assert len(names) >= 3
    every = np.vstack([names, marks])
    for n, one in enumerate(names):
        others = np.delete(every, n, axis=0)
        touching = (others[:, 0] < one[2]) & (others[:, 2] > one[0]) & (others[:, 1] < one[3]) & (others[:, 3] > one[1])
        assert not touching.any()


def test_the_place_under_the_pointer_is_told(canvas):
    told = []
    canvas.pointer_at.connect(lambda lon, lat: told.append((lon, lat)))
    point_at(canvas, canvas.width() / 2, canvas.height() / 2)
    x, y = canvas.drawn_oblique().ground(canvas.width() / 2, canvas.height() / 2)
    assert told[-1] == pytest.approx(degrees([(x, y)])[0].tolist(), abs=1e-6)


def test_hovering_tells_the_thing_once_and_then_that_it_is_gone(canvas):
    heard = []
    canvas.hovered.connect(lambda kind, id_: heard.append((kind, id_)))
    middle = at(canvas, *canvas.shown.geometry.grids.centres[1].tolist())
    for step in range(4):
        point_at(canvas, middle.x() + step, middle.y())
    assert heard == [("grid", canvas.shown.geometry.grids.codes[1])]
    canvas._pointer_left()
    assert heard[-1] == ("", "")


# Moving the view


def test_the_wheel_zooms_at_the_pointer(canvas, qtbot):
    scale, place = canvas.viewpoint.metres_per_pixel, canvas.drawn_oblique().ground(300, 200)
    spot = QPointF(300, 200)
    turn = QWheelEvent(
        spot,
        canvas.mapToGlobal(spot),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, turn)
    rest(canvas, qtbot)
    assert canvas.viewpoint.metres_per_pixel < scale
    assert canvas.drawn_oblique().screen(*place) == pytest.approx([300, 200], abs=1.0)


def test_a_drag_pans_and_picks_nothing(canvas, qtbot):
    place = canvas.drawn_oblique().ground(400, 300)
    with qtbot.assertNotEmitted(canvas.picked):
        qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(400, 300))
        for step in range(1, 8):
            QApplication.sendEvent(canvas, pointer(canvas, 400 + 10 * step, 300 + 5 * step, Qt.MouseButton.LeftButton))
        qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(470, 335))
    rest(canvas, qtbot)
    assert canvas.drawn_oblique().screen(*place) == pytest.approx([470, 335], abs=1.5)


def test_going_to_a_place_puts_it_in_the_middle(canvas, qtbot):
    canvas.go_to(ORIGIN, 0.5)
    rest(canvas, qtbot)
    assert canvas.viewpoint.metres_per_pixel == 0.5
    assert at(canvas, 0, 0) == QPoint(canvas.width() // 2, canvas.height() // 2)


def test_the_whole_district_is_in_view_at_first_and_again_when_asked(canvas, qtbot):
    def all_in_view():
        px = canvas.drawn_oblique().screen(*canvas.shown.geometry.outline.T)
        return bool((px >= 0).all() and (px <= (canvas.width(), canvas.height())).all())

    assert all_in_view()
    canvas.zoom_by(6)
    rest(canvas, qtbot)
    assert not all_in_view()
    canvas.fit_all()
    rest(canvas, qtbot)
    assert all_in_view()


# How it looks


def test_the_load_colours_the_grid_and_the_same_load_changes_nothing(canvas, qtbot):
    canvas.set_raised(False)
    rest(canvas, qtbot)
    centre = canvas.shown.geometry.grids.centres[2]
    spot = at(canvas, centre[0] + 110, centre[1] + 60)
    before = pixels(canvas)[spot.y(), spot.x()].astype(int)

    def redrawn():
        return canvas.counters.static_redraws + canvas.counters.repairs

    drawn = redrawn()
    load = np.array([0, 0, 9, 0, 0, 0], np.int32)
    canvas.set_grid_load(load, load * 0)
    rest(canvas, qtbot)
    after = pixels(canvas)[spot.y(), spot.x()].astype(int)
    assert (after - before).sum() > 20
    assert redrawn() == drawn + 1
    canvas.set_grid_load(load, load * 0)
    rest(canvas, qtbot)
    assert redrawn() == drawn + 1


def test_the_load_must_have_a_figure_for_every_grid(canvas):
    with pytest.raises(ValueError, match="each grid"):
        canvas.set_grid_load(np.zeros(2, np.int32), np.zeros(2, np.int32))


def test_a_worker_off_duty_has_no_dot(canvas, qtbot):
    put_workers(canvas, SPREAD, qtbot)
    x, y = canvas.where_drawn("W3")
    canvas.set_worker_marks(np.array([3]), np.array([WorkerMark.OFF]))
    rest(canvas, qtbot)
    assert canvas.where_drawn("W3") is None
    assert canvas.thing_at(x, y).kind == "grid"
    assert canvas.where_drawn("nobody") is None


def test_a_worker_without_a_place_appears_with_the_first_fix(canvas, qtbot):
    place = degrees(SPREAD)
    place[1] = np.nan
    canvas.set_workers(["W0", "W1", "W2", "W3"], place[:, 0], place[:, 1])
    rest(canvas, qtbot)
    assert canvas.where_drawn("W1") is None
    move(canvas, 1, (-100.0, -150.0))
    target = canvas.drawn_oblique().screen(-100.0, -150.0)
    qtbot.waitUntil(lambda: canvas.where_drawn("W1") is not None, timeout=3000)
    assert canvas.where_drawn("W1") == pytest.approx(target, abs=0.5)


def test_candidates_carry_their_number(canvas, qtbot):
    put_workers(canvas, SPREAD, qtbot)
    x, y = canvas.where_drawn("W2")
    part = (slice(round(y) - 11, round(y) + 11), slice(round(x) - 11, round(x) + 11))
    before = pixels(canvas)[part].astype(int)
    canvas.set_candidates([2, 0])
    rest(canvas, qtbot)
    assert (np.abs(pixels(canvas)[part].astype(int) - before).sum(axis=2) > 60).sum() > 150
    canvas.set_candidates([])
    rest(canvas, qtbot)
    assert (np.abs(pixels(canvas)[part].astype(int) - before).sum(axis=2) > 60).sum() == 0


def test_a_selected_camera_shows_what_it_sees(canvas, qtbot):
    canvas.set_cameras(cameras([(300.0, 100.0)]))
    canvas.go_to(ORIGIN, 1.2)
    rest(canvas, qtbot)
    spot = at(canvas, 330.0, 130.0)
    before = pixels(canvas)[spot.y(), spot.x()].astype(int)
    canvas.select("camera", "C000")
    rest(canvas, qtbot)
    after = pixels(canvas)[spot.y(), spot.x()].astype(int)
    assert (after - before)[2] > 8


def test_what_several_cameras_see_is_tinted_once(canvas, qtbot):
    canvas.go_to(ORIGIN, 1.2)
    tints = []
    for count, is_visible in ((1, False), (1, True), (3, True)):
        canvas.set_cameras(cameras([(300.0, 100.0)] * count))
        canvas.set_layer_visible("sectors", is_visible)
        rest(canvas, qtbot)
        spot = at(canvas, 330.0, 130.0)
        tints.append(pixels(canvas)[spot.y(), spot.x()].astype(int))
    bare, once, thrice = tints
    assert (once - bare)[2] > 3
    assert np.abs(thrice - once).max() <= 1


@pytest.mark.parametrize("layer", ["roads", "buildings", "water", "land", "boundaries", "labels", "incidents", "workers"])
def test_a_hidden_layer_is_not_painted(canvas, qtbot, layer):
    canvas.set_pins(pins(SPREAD))
    put_workers(canvas, [(x + 60, y + 60) for x, y in SPREAD], qtbot)
    whole = pixels(canvas).astype(int)
    canvas.set_layer_visible(layer, False)
    rest(canvas, qtbot)
    assert (np.abs(pixels(canvas).astype(int) - whole).sum(axis=2) > 8).any()


def test_an_unknown_layer_is_refused(canvas):
    with pytest.raises(KeyError):
        canvas.set_layer_visible("unicorns", True)


def test_the_day_theme_is_light(canvas, qtbot):
    night = pixels(canvas).mean()
    canvas.set_theme(DAY)
    rest(canvas, qtbot)
    assert pixels(canvas).mean() > night + 100


def test_dashes_walk_while_an_order_is_on_its_way(canvas, qtbot):
    canvas.set_pins(pins(SPREAD, pending=[True, False, False, False]))
    rest(canvas, qtbot)
    frames = canvas.counters.dynamic_frames
    qtbot.waitUntil(lambda: canvas.counters.dynamic_frames >= frames + 2, timeout=3000)
    canvas.set_pins(pins(SPREAD))
    rest(canvas, qtbot)
    qtbot.waitUntil(lambda: not canvas._motion.isActive() and not canvas._settle.isActive(), timeout=3000)
    frames = canvas.counters.dynamic_frames
    for _ in range(3):
        flush()
    assert canvas.counters.dynamic_frames == frames, "no frame is due"
    assert not canvas._motion.isActive(), "and none will be"


def test_the_source_of_the_data_is_named(canvas):
    canvas.set_attribution("© OpenStreetMap contributors, ODbL")
    label = canvas.furniture.attribution
    assert label.isVisible()
    assert "OpenStreetMap" in label.text()
    assert canvas.rect().contains(label.geometry())
    assert not label.geometry().intersects(canvas.furniture.ruler.geometry())


@pytest.mark.noisy("the plain map cannot be painted")
def test_the_plain_map_says_when_it_cannot_be_painted_and_goes_on(small_town, qtbot):
    canvas = shown(PlainCanvas(), small_town, qtbot)
    said, paint = canvas.furniture.banner.text(), canvas._paint_rings

    def broken(*_):
        raise RuntimeError("no more ink")

    canvas._paint_rings = broken
    canvas.update()
    qtbot.waitUntil(lambda: canvas.furniture.banner.text() != said, timeout=3000)
    assert "日志" in canvas.furniture.banner.text()
    canvas._paint_rings = paint
    rest(canvas, qtbot)
    assert canvas.furniture.banner.text() == said
