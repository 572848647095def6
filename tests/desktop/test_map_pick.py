"""Picking an area on the map: drawn by mouse or keys, listed, walked through, gone to, copied; Esc takes it away."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.inside_area import Inside, as_csv, inside_of
from desktop.map.inside import Shape
from desktop.map.plain_canvas import PlainCanvas
from desktop.map.scene import Geometry
from desktop.map_beside import free_part, pixels_of
from desktop.map_panel import MapPanel
from desktop.situation.cameras import Cameras
from desktop.situation.workers import DUTY_CODES
from governance.camera import Camera
from governance.incident import TERMINAL, Case
from governance.people import Duty
from governance.places import LonLat
from tests.fakes.desks import FakeDesk
from tests.fakes.records import Records
from tests.fakes.small_town import corner

KEY = Qt.Key
LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def panel(qtbot: QtBot, desk: FakeDesk, geometry: Geometry) -> Iterator[MapPanel]:
    """A plain map of the town; three incidents stand in it, two in its first grid and one in its second."""
    open_cases = [case for case in desk.situation.cases.values() if case.incident.state not in TERMINAL][:3]
    places = (corner(0.4, 0.4), corner(0.6, 0.6), corner(1.5, 0.5))
    for case in list(desk.situation.cases.values()):
        at = next((place for one, place in zip(open_cases, places, strict=True) if one is case), LonLat(121.4, 31.2))
        desk.situation.cases[case.incident.id] = replace(case, incident=replace(case.incident, place=at))
    workers = desk.situation.workers
    workers.lon[:], workers.lat[:] = 121.4, 31.2
    workers.lon[:3], workers.lat[:3] = corner(0.5, 0.5).lon, corner(0.5, 0.5).lat
    workers.duty[:3] = [DUTY_CODES[Duty.ON_DUTY], DUTY_CODES[Duty.ON_TASK], DUTY_CODES[Duty.OFF]]
    made = MapPanel(desk.seat, PlainCanvas)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.show_town(geometry, "© somebody")
    made.tilt(-90)
    made.turn(-made.canvas.viewpoint.turn_deg)
    made.canvas.fit_all()
    qtbot.waitUntil(lambda: made.canvas.drawn_oblique().viewpoint == made.canvas.viewpoint)
    yield made
    made.hide()


def pixel(panel: MapPanel, east: float, north: float) -> QPoint:
    return panel.tools.picking.screen_of([corner(east, north)])[0].toPoint()


def pair(panel: MapPanel, east: float, north: float) -> tuple[float, float]:
    at = pixel(panel, east, north)
    return float(at.x()), float(at.y())


def drag(qtbot: QtBot, on: QWidget, *way: QPoint) -> None:
    qtbot.mousePress(on, LEFT, pos=way[0])
    for at in way[1:]:
        qtbot.mouseMove(on, at)
    qtbot.mouseRelease(on, LEFT, pos=way[-1])


def begin(qtbot: QtBot, panel: MapPanel, kind: str) -> None:
    panel.tools.acts()["pick_area"]()
    panel.tools.picking.use(kind)
    qtbot.waitUntil(panel.tools.picking.hasFocus)


def numbers(panel: MapPanel) -> int:
    return len(panel.tools.inside.inside.cases)


def expected(desk: FakeDesk) -> list[Case]:
    return [case for case in desk.situation.cases.values() if case.incident.place == corner(0.4, 0.4)]


def test_a_box_is_two_corners_by_keys(qtbot: QtBot, desk: FakeDesk, panel: MapPanel) -> None:
    begin(qtbot, panel, "box")
    picking = panel.tools.picking
    picking.pointed(*pair(panel, 0.05, 0.05))
    qtbot.keyClick(picking, KEY.Key_Space)
    picking.pointed(*pair(panel, 0.95, 0.95))
    qtbot.keyClick(picking, KEY.Key_Space)
    assert panel.tools.inside.isVisible()
    assert numbers(panel) == 2
    assert {worker.id for worker in panel.tools.inside.inside.workers} == set(desk.situation.workers.ids[:2])
    assert panel.canvas.hand is None, "the pointer is the map's again"
    full_px = panel.tools.inside.height()
    panel.tools.inside.show_inside(Inside())
    assert panel.tools.inside.height() < full_px / 2, "where there is nothing there is no tall list of it"


def test_a_box_a_circle_and_a_lasso_are_drawn_by_dragging(qtbot: QtBot, panel: MapPanel) -> None:
    drawn = {
        "box": ((0.05, 0.05), (0.5, 0.5), (0.95, 0.95)),
        "circle": ((0.5, 0.5), (0.6, 0.6), (0.75, 0.75)),
        "lasso": ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9), (0.1, 0.2)),
    }
    for kind, way in drawn.items():
        begin(qtbot, panel, kind)
        before = panel.canvas.viewpoint
        drag(qtbot, panel.canvas, *(pixel(panel, *at) for at in way))
        if panel.tools.picking.shape is None:  # the platform of the test swallowed the drag's moves
            picking = panel.tools.picking
            for number, at in enumerate(way):
                picking.drawn(*pair(panel, *at), pair(panel, *way[0]), number == len(way) - 1)
        assert panel.canvas.viewpoint == before, "the map stays while one draws"
        assert numbers(panel) == 2, kind


def test_grids_are_clicked_one_by_one(qtbot: QtBot, panel: MapPanel) -> None:
    begin(qtbot, panel, "grids")
    for east, north in ((0.5, 0.5), (1.5, 0.5), (2.5, 0.5), (2.5, 0.6)):
        qtbot.mouseClick(panel.canvas, LEFT, pos=pixel(panel, east, north))
    assert len(panel.tools.picking.grids) == 2
    qtbot.keyClick(panel.tools.picking, KEY.Key_Return)
    assert numbers(panel) == 3


def test_the_list_is_walked_by_keys_and_a_row_is_gone_to(qtbot: QtBot, desk: FakeDesk, panel: MapPanel) -> None:
    begin(qtbot, panel, "grids")
    qtbot.mouseClick(panel.canvas, LEFT, pos=pixel(panel, 0.5, 0.5))
    qtbot.keyClick(panel.tools.picking, KEY.Key_Return)
    rows = panel.tools.inside.rows
    qtbot.waitUntil(rows.hasFocus)
    cases = panel.tools.inside.inside.cases
    for case in cases:
        qtbot.keyClick(rows, KEY.Key_J)
        assert desk.selection.incident == case.incident.id
    qtbot.keyClick(rows, KEY.Key_Down)
    assert desk.selection.worker == panel.tools.inside.inside.workers[0].id
    qtbot.keyClick(rows, KEY.Key_K)
    assert desk.selection.incident == cases[-1].incident.id
    qtbot.keyClick(rows, KEY.Key_Return)
    place = cases[-1].incident.place
    xy = panel.geometry_shown.plane.to_plane(place.lon, place.lat)  # type: ignore[union-attr]
    middle = free_part(panel).center()
    assert pixels_of(panel, xy)[0].tolist() == pytest.approx((middle.x(), middle.y()))
    qtbot.keyClick(rows, KEY.Key_Escape)
    assert not panel.tools.inside.isVisible()
    assert not panel.tools.picking.isVisible()


def test_the_list_is_copied_as_a_table_without_what_is_confidential(qtbot: QtBot, desk: FakeDesk, panel: MapPanel) -> None:
    (secret,) = expected(desk)
    told = replace(secret.incident, confidentiality=2, title="=SUM(1)")
    desk.situation.cases[told.id] = replace(secret, incident=told)
    (other,) = (case for case in desk.situation.cases.values() if case.incident.place == corner(0.6, 0.6))
    desk.situation.cases[other.incident.id] = replace(other, incident=replace(other.incident, title="=1+1"))
    desk.seat.ask = Records()
    begin(qtbot, panel, "grids")
    qtbot.mouseClick(panel.canvas, LEFT, pos=pixel(panel, 0.5, 0.5))
    qtbot.keyClick(panel.tools.picking, KEY.Key_Return)
    qtbot.keyClick(panel.tools.inside.rows, KEY.Key_C, CTRL)
    rows = list(csv.reader(io.StringIO(QGuiApplication.clipboard().text())))
    assert len({len(row) for row in rows}) == 1
    assert told.number not in [row[1] for row in rows]
    (mine,) = (row for row in rows if row[1] == other.incident.number)
    assert mine[2] == "'=1+1"
    workers = [row for row in rows if row[1].startswith("#")]
    assert len(workers) == 2
    assert all(row[5:] == ["", ""] for row in workers), "where people stand is not told"
    assert "1" in panel.tools.inside.said.text()


@pytest.mark.parametrize("seed", range(4))
def test_what_is_listed_is_what_one_by_one_would_find(desk: FakeDesk, geometry: Geometry, seed: int) -> None:
    """Against a plain loop over everything the situation holds."""
    chance = np.random.default_rng(seed)
    middle = corner(1.0, 1.0)
    workers = desk.situation.workers
    workers.lon[:] = middle.lon + chance.normal(0, 0.01, len(workers.lon))
    workers.lat[:] = middle.lat + chance.normal(0, 0.01, len(workers.lat))
    workers.lon[0] = np.nan
    x, y = geometry.plane.to_plane(middle.lon, middle.lat)[0].tolist()
    ring = np.array([x, y]) + chance.normal(0, 900, (7, 2))
    for shape in (Shape((ring,)), Shape((), (x, y), 800.0)):
        found = inside_of(desk.seat, shape, geometry.plane)
        slow = set()
        for row, person in enumerate(workers.people()):
            at = geometry.plane.to_plane(workers.lon[row], workers.lat[row])
            if workers.duty[row] != DUTY_CODES[Duty.OFF] and not np.isnan(workers.lon[row]) and shape.contains(at)[0]:
                slow.add(person.id)
        assert {worker.id for worker in found.workers} == slow
        for case in desk.situation.cases.values():
            at = geometry.plane.to_plane(case.incident.place.lon, case.incident.place.lat)
            is_in = bool(shape.contains(at)[0]) and case.incident.state not in TERMINAL
            assert (case in found.cases) == is_in
        assert len(as_csv(desk.seat, found)[0].splitlines()) >= 1


def test_only_one_mode_holds_the_pointer(qtbot: QtBot, panel: MapPanel) -> None:
    begin(qtbot, panel, "box")
    panel.tools.acts()["measure"]()
    held: object = panel.canvas.hand
    assert held is panel.tools.measuring
    assert not panel.tools.picking.is_on
    panel.tools.acts()["pick_area"]()
    held = panel.canvas.hand
    assert held is panel.tools.picking
    assert not panel.tools.measuring.is_on


def test_a_click_without_a_drag_draws_nothing_and_tab_chooses_another_shape(qtbot: QtBot, panel: MapPanel) -> None:
    begin(qtbot, panel, "circle")
    picking = panel.tools.picking
    at = pixel(panel, 0.5, 0.5)
    qtbot.mouseClick(panel.canvas, LEFT, pos=at)
    qtbot.mouseClick(panel.canvas, LEFT, pos=at)
    assert picking.shape is None
    qtbot.keyClick(picking, KEY.Key_Tab)
    assert picking.kind == "grids"
    qtbot.keyClick(picking, KEY.Key_1)
    assert picking.kind == "box"


def test_what_was_selected_is_gone_through_one_by_one_and_its_cameras_are_watched(
    qtbot: QtBot, desk: FakeDesk, panel: MapPanel
) -> None:
    class Tiles(QWidget):
        shown: tuple[str, ...] = ()

        def show_cameras(self, cameras: list[Camera], _place: LonLat | None = None) -> None:
            self.shown = tuple(camera.id for camera in cameras)

    made: list[Tiles] = []
    desk.situation.cameras = Cameras(
        (Camera("33010400001320000001", "探头", corner(0.6, 0.4), "330104001001001", "公安", 0.0, 60.0, 80.0),)
    )
    desk.seat.new_tiles = lambda: made.append(Tiles()) or made[-1]  # type: ignore[func-returns-value]
    begin(qtbot, panel, "grids")
    qtbot.mouseClick(panel.canvas, LEFT, pos=pixel(panel, 0.5, 0.5))
    qtbot.keyClick(panel.tools.picking, KEY.Key_Return)
    inside = panel.tools.inside
    things = (*inside.inside.cases, *inside.inside.workers, *inside.inside.cameras)
    places = []
    for _ in things:
        qtbot.keyClick(inside.rows, KEY.Key_Right)
        places.append((panel.canvas.destination.x, panel.canvas.destination.y))
    assert len(set(places)) > 1, "the map goes along"
    assert desk.selection.camera == inside.inside.cameras[-1].id
    qtbot.keyClick(inside.rows, KEY.Key_V)
    assert made[0].shown == (inside.inside.cameras[-1].id,)
    qtbot.keyClick(inside.rows, KEY.Key_Escape)
    assert made[0].shown == (), "no stream stays open"
