"""A place asked about: the cameras that see it, and who is near; who could go, with why, as the keys number them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.dispatch.offers import near_place, offers
from desktop.map.plain_canvas import PlainCanvas
from desktop.map.scene import Geometry
from desktop.map.sectors import STEPS, fans
from desktop.map_panel import MapPanel
from desktop.phrases import clock_text
from desktop.selection import Ranked, RankedWorker
from desktop.situation.cameras import Cameras
from governance.camera import Camera, CameraState
from governance.people import Duty
from governance.places import LonLat
from tests.desktop.conftest import shown_panel
from tests.fakes.desks import FakeDesk
from tests.fakes.small_town import corner

PLACE, GRID = corner(0.5, 0.5), "330104001001001"


def camera(number: int, east: float, north: float, state: CameraState = CameraState.ONLINE, heading_deg: float = 0.0) -> Camera:
    at = corner(0.5 + east, 0.5 + north)
    return Camera(f"33010400001320{number:06d}", f"探头{number}", at, GRID, "公安", heading_deg, 60.0, 400.0, 0, state)


class Tiles(QWidget):
    """Remembers whose pictures it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def show_cameras(self, cameras: list[Camera], _place: LonLat | None = None) -> None:
        self.shown = [each.name for each in cameras]


@pytest.fixture
def panel(qtbot: QtBot, desk: FakeDesk, geometry: Geometry) -> Iterator[MapPanel]:
    """A map with three cameras south of the place that look north, one of them out of order, and one that looks away."""
    seen = (camera(1, 0.0, -0.1), camera(2, 0.02, -0.2), camera(3, 0.0, -0.05, CameraState.FAULT))
    desk.situation.cameras = Cameras((*seen, camera(4, 0.0, -0.06, heading_deg=180.0)))
    made = shown_panel(qtbot, desk, geometry, PlainCanvas, (1100, 700))
    made.canvas.go_to(PLACE, 1.2)
    yield made
    made.hide()


def test_the_cameras_that_see_a_place_are_listed_nearest_first_and_those_out_of_order_last(panel: MapPanel) -> None:
    view = panel.canvas.viewpoint
    here = panel.tools.here
    here.look(PLACE)
    assert [each.name for each in here.cameras] == ["探头1", "探头2", "探头3"]
    rows = [here.list.rows.item(n).text() for n in range(here.list.rows.count())]
    words = panel._seat.words
    assert [row[0] for row in rows] == ["1", "2", "3"]
    assert words("camera.fault") in rows[2]
    assert words("here.cameras.some_off", count=3, off=1, at=clock_text(panel._seat.now())) == here.list.title.text()
    assert panel.canvas.viewpoint == view, "a question moves nobody's map"
    panel.tools.fit()
    assert here.step_out()
    assert here.list.isHidden()
    assert not here.step_out()


def test_a_number_opens_the_pictures_and_closes_them_again(panel: MapPanel, desk: FakeDesk, qtbot: QtBot) -> None:
    made: list[Tiles] = []
    desk.seat.new_tiles = lambda: made.append(Tiles()) or made[-1]  # type: ignore[func-returns-value]
    here = panel.tools.here
    here.look(PLACE)
    for keys, shown in (("1", ["探头1"]), ("2", ["探头1", "探头2"]), ("1", ["探头2"]), ("9", ["探头2"])):
        qtbot.keyClicks(here.list.rows, keys)
        assert made[0].shown == shown
    assert desk.seat.selection.camera == here.cameras[0].id
    qtbot.keyClick(here.list.rows, Qt.Key.Key_Escape)
    assert made[0].shown == []
    assert here.place is None


def test_a_right_click_asks_about_the_place_and_a_right_drag_does_not(panel: MapPanel, qtbot: QtBot) -> None:
    canvas = panel.canvas
    qtbot.mouseClick(canvas, Qt.MouseButton.RightButton, pos=QPoint(400, 300))
    asked = panel.tools.here.place
    assert asked is not None
    at = panel.tools.here.screen_of([asked])[0]
    assert (abs(at.x() - 400) < 2) & (abs(at.y() - 300) < 2)
    panel.tools.here.step_out()
    qtbot.mousePress(canvas, Qt.MouseButton.RightButton, pos=QPoint(400, 300))
    qtbot.mouseMove(canvas, QPoint(460, 300))
    qtbot.mouseRelease(canvas, Qt.MouseButton.RightButton, pos=QPoint(460, 300))
    assert panel.tools.here.place is None


def test_nobody_sees_it_and_that_is_said(panel: MapPanel) -> None:
    panel.tools.here.look(corner(0.95, 0.95))
    assert panel.tools.here.list.title.text() == panel._seat.words("here.cameras.none", at=clock_text(panel._seat.now()))
    assert panel.tools.here.list.rows.count() == 0


def put_near(desk: FakeDesk, count: int, step: float = 0.03) -> list[int]:
    """Rows of so many workers on duty, one beside the other from the place on."""
    workers = desk.situation.workers
    rows = [row for row, person in enumerate(workers.people()) if person.duty is Duty.ON_DUTY][:count]
    for n, row in enumerate(rows):
        spot = corner(0.5 + step * (n + 1), 0.5)
        workers.lon[row], workers.lat[row], workers.at_s[row] = spot.lon, spot.lat, desk.seat.now().timestamp()
    return rows


def test_who_is_near_a_place_is_drawn_and_chosen_by_number(panel: MapPanel, desk: FakeDesk, qtbot: QtBot) -> None:
    rows = put_near(desk, 3)
    ids = [desk.situation.workers.ids[row] for row in rows]
    here = panel.tools.here
    here.look(PLACE, "people")
    assert [each.worker for each in here.people[:3]] == ids
    ranked = desk.selection.ranked
    assert ranked is not None
    assert (ranked.asker, ranked.place) == ("here", PLACE)
    assert panel.canvas.shown.candidates[:3].tolist() == rows
    qtbot.keyClicks(here.list.rows, "2")
    assert desk.selection.worker == ids[1]
    assert desk.selection.ranked.chosen == ids[1]  # type: ignore[union-attr]
    qtbot.keyClick(here.list.rows, Qt.Key.Key_Tab)
    assert here.group == "cameras"
    assert desk.selection.ranked is None


def test_near_people_who_are_silent_come_after_those_on_duty_and_say_so(desk: FakeDesk) -> None:
    rows = put_near(desk, 3)
    workers = desk.situation.workers
    found = near_place(desk.seat, PLACE, 9)
    ids = [workers.ids[row] for row in rows]
    assert [each.worker for each in found[:3]] == ids
    assert desk.seat.words("why.free") in found[0].why or "1" in found[0].why
    assert all(not each.is_out for each in found[:3])


@pytest.fixture
def choosing(panel: MapPanel, desk: FakeDesk) -> tuple[MapPanel, FakeDesk]:
    """A case near the place with the form that sends somebody open."""
    put_near(desk, 5, 0.05)
    before = desk.first("filed")
    moved = replace(before.incident, place=PLACE, version=before.incident.version + 1)
    desk.change(before, replace(before, incident=moved))
    desk.selection.choose_incident(moved.id)
    desk.window.act("assign")
    return panel, desk


def test_candidates_are_numbered_on_the_map_as_the_keys_are(choosing: tuple[MapPanel, FakeDesk], qtbot: QtBot) -> None:
    panel, desk = choosing
    form = desk.card.open_form
    listed = [offer.worker for offer in form.list.offers]  # type: ignore[union-attr]
    row_of = desk.situation.workers.row_of
    assert panel.canvas.shown.candidates.tolist() == [row_of[worker] for worker in listed if worker is not None]
    qtbot.keyClicks(form.list, "3")  # type: ignore[union-attr]
    ranked = desk.selection.ranked
    assert ranked is not None
    assert [each.worker for each in ranked.people] == listed, "whom one chooses keeps his number"
    assert ranked.chosen == listed[2]
    assert panel.canvas.shown.candidates.tolist() == [row_of[worker] for worker in listed if worker is not None]
    desk.window.act("back")
    assert desk.selection.ranked is None


def test_what_is_said_beside_them_overlaps_nothing_and_says_why(choosing: tuple[MapPanel, FakeDesk]) -> None:
    panel, desk = choosing
    panel.canvas.go_to(PLACE, 2.0)
    lines = panel.tools.candidates
    labels = lines.labels()
    assert len(labels) >= 5
    boxes = [label.box for label in labels if label.box is not None]
    assert len(boxes) >= 3
    assert not any(one.intersects(other) for n, one in enumerate(boxes) for other in boxes[:n])
    assert all(lines.room.contains(box) for box in boxes)
    ranked = desk.selection.ranked
    assert ranked is not None
    for label in labels:
        assert label.text.startswith(f"{label.number} {label.person.name[:1]}")
        assert ranked.people[label.number - 1] == label.person


def test_a_long_reason_takes_two_lines_and_is_cut_between_its_parts_with_all_of_it_as_a_tooltip(
    choosing: tuple[MapPanel, FakeDesk],
) -> None:
    panel, desk = choosing
    ranked = desk.selection.ranked
    assert ranked is not None
    why = "380 m · ~5 min · hazardous goods · busy (2) · seen 12 min ago · own community · declined 2 today"
    desk.selection.rank(replace(ranked, people=tuple(replace(each, why=why) for each in ranked.people), chosen=None))
    desk.selection.point_at(None)
    for label in panel.tools.candidates.labels():
        name, shown = label.text.split("\n")
        assert name == f"{label.number} {label.person.name}"
        assert why.startswith(shown)
        assert why[len(shown) :].startswith(" · "), "it ends where a part ends"
        row = desk.situation.workers.row_of[label.person.worker]
        assert panel.canvas.tooltip("worker", str(int(desk.situation.workers.numbers[row]))).endswith(why)


def test_the_pointer_on_a_row_is_the_pointer_on_the_dot_and_the_reverse(
    choosing: tuple[MapPanel, FakeDesk], qtbot: QtBot
) -> None:
    panel, desk = choosing
    form, workers = desk.card.open_form, desk.situation.workers
    first = form.list.offers[0].worker  # type: ignore[union-attr]
    panel.canvas.hovered.emit("worker", str(int(workers.numbers[workers.row_of[first]])))
    assert desk.selection.pointed == first
    assert first in panel.tools.candidates._marked()
    panel.canvas.hovered.emit("", "")
    assert desk.selection.pointed is None


def test_the_map_stays_until_the_key_is_pressed_that_shows_all(choosing: tuple[MapPanel, FakeDesk], qtbot: QtBot) -> None:
    panel, _ = choosing
    panel.canvas.go_to(corner(0.05, 0.05), 0.6)
    view = panel.canvas.viewpoint
    assert panel.canvas.viewpoint == view
    panel.tools.fit()
    lines = panel.tools.candidates
    qtbot.waitUntil(lambda: all(lines.room.contains(point) for point in lines.screen_of(lines.places())))


def test_who_said_no_or_is_off_the_matrix_is_out_of_the_run(desk: FakeDesk) -> None:
    case = desk.first("filed")
    found = offers(desk.seat, case, 200)
    out = [each for each in found if each.is_out]
    assert all(each.is_out for each in found if each.is_off_rule or each.is_silent)
    assert len(out) < len(found)


def test_one_who_asks_does_not_end_what_another_asked(desk: FakeDesk) -> None:
    person = RankedWorker(desk.situation.workers.ids[0], "李", "近")
    desk.selection.rank(Ranked(PLACE, (person,), None, "here"))
    desk.selection.unrank("card")
    desk.selection.offer(())
    assert desk.selection.ranked is not None
    desk.selection.unrank("here")
    assert desk.selection.ranked is None


def test_a_sector_is_as_wide_as_the_camera_sees_and_begins_at_it() -> None:
    corners = fans(np.array([[10.0, 20.0]]), np.array([90.0]), np.array([60.0]), np.array([100.0]))
    assert corners.shape == (1, STEPS + 1, 2)
    assert corners[0, 0].tolist() == [10.0, 20.0]
    middle = corners[0, 1:].mean(axis=0) - corners[0, 0]
    assert middle[0] > 90
    assert abs(middle[1]) < 1e-6
    bearings = np.degrees(np.arctan2(*(corners[0, [1, -1]] - corners[0, 0]).T))
    assert bearings.tolist() == pytest.approx([60.0, 120.0])


def test_nothing_is_drawn_over_the_list_of_layers(choosing: tuple[MapPanel, FakeDesk], qtbot: QtBot) -> None:
    panel, _ = choosing
    panel.switch_part("layers")
    lines, box = panel.tools.candidates, panel.canvas.furniture.layers.geometry()
    assert box.width() > 100
    assert not lines._free().intersects(box.adjusted(1, 1, -1, -1))
    assert lines._free().contains(QPoint(box.right() + 30, box.top()))
