"""The map panel: the situation on the canvas, selection both ways, places handed to whoever asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from desktop.link.from_server import PackReceived
from desktop.map.plain_canvas import PlainCanvas
from desktop.map.scene import Geometry
from desktop.map_joined import JoinedLines
from desktop.map_panel import MapPanel
from desktop.selection import Joined
from desktop.situation.grids import side_by_side
from desktop.situation.touched import Touched
from desktop.town_arrival import TownArrival, rings_of_grids
from gis_data.town.pack import AreasPack, manifest_of, read_pack, write_packs
from governance.places import LonLat
from tests.desktop.conftest import shown_panel
from tests.fakes.desks import FakeDesk
from tests.fakes.small_town import corner, small_town
from wire.publications import POSITION
from wire.requests import TownManifest


@pytest.fixture
def panel(qtbot: QtBot, desk: FakeDesk, geometry: Geometry) -> Iterator[MapPanel]:
    """A plain map of the town over the desk's situation."""
    made = shown_panel(qtbot, desk, geometry, PlainCanvas, (900, 600))
    yield made
    made.hide()


def test_a_second_that_passes_before_the_town_is_there_marks_nobody(qtbot: QtBot, desk: FakeDesk, geometry: Geometry) -> None:
    early = MapPanel(desk.seat, PlainCanvas)
    qtbot.addWidget(early)
    (second,) = (timer for timer in early.findChildren(QTimer) if not timer.isSingleShot())
    assert not second.isActive()
    early.show_town(geometry, "")
    assert second.isActive()


def test_a_place_knows_its_grid(panel: MapPanel) -> None:
    inside = corner(0.5, 0.5)
    assert panel.grid_at(inside.lon, inside.lat) == "330104001001001"
    assert panel.grid_at(0.0, 0.0) == ""


def test_an_area_knows_its_middle(panel: MapPanel, geometry: Geometry) -> None:
    for code in geometry.grids.codes:
        middle = panel.place_of_area(code)
        assert middle is not None
        assert panel.grid_at(middle.lon, middle.lat) == code
    assert panel.place_of_area(geometry.streets.codes[0]) is not None
    assert panel.place_of_area("999") is None


def test_a_pin_selects_its_incident_and_a_selected_incident_its_pin(desk: FakeDesk, panel: MapPanel) -> None:
    first, second = list(desk.situation.cases)[:2]
    panel.canvas.picked.emit("incident", str(first))
    assert desk.selection.incident == first
    desk.selection.choose_incident(second)
    assert panel.canvas.shown.selected is not None
    assert panel.canvas.shown.selected.id == str(second)


def test_only_the_workers_that_moved_are_handed_on(desk: FakeDesk, panel: MapPanel) -> None:
    fixes = np.zeros(2, POSITION)
    place = corner(1.0, 0.5)
    for row, number in enumerate((3, 8)):
        fixes[row] = (number, int(desk.now.timestamp()) + 30, place.lon * 1e7, place.lat * 1e7, 0, 0, 0, 0, 0)
    told: list[list[int]] = []
    panel.fix_shown.connect(lambda rows: told.append(rows.tolist()))
    panel.touch(desk.situation.move(fixes))
    assert told == [[2, 7]]
    panel.touch(Touched(moved=0, cases=frozenset()))
    assert len(told) == 1


def test_a_click_while_a_form_asks_for_a_place_gives_it_and_selects_nothing(desk: FakeDesk, panel: MapPanel) -> None:
    desk.window.act("new")
    desk.selection.ask_place(True)
    got: list[LonLat] = []
    desk.selection.place_picked.connect(got.append)
    panel.canvas.pointer_at.emit(120.2051, 30.2540)
    assert panel.canvas.asks_place
    panel.canvas.picked.emit("cluster", "0")
    assert not panel.canvas.asks_place
    assert got == [LonLat(120.2051, 30.2540)]
    assert desk.selection.incident is None


def walk(desk: FakeDesk, panel: MapPanel, row: int, place: LonLat) -> None:
    """Let a fix of one worker come."""
    fix = np.zeros(1, POSITION)
    workers = desk.situation.workers
    number, at_s = int(workers.numbers[row]), int(max(desk.now.timestamp(), workers.at_s[row])) + 30
    fix[0] = (number, at_s, place.lon * 1e7, place.lat * 1e7, 0, 0, 0, 0, 0)
    panel.touch(desk.situation.move(fix))


def in_middle(panel: MapPanel, place: LonLat) -> bool:
    """Whether the map is about to show a place in its middle."""
    view, plane = panel.canvas.destination, panel.canvas.shown.geometry.plane
    x, y = plane.to_plane(place.lon, place.lat)[0].tolist()
    return bool(np.hypot(view.x - x, view.y - y) <= 25.0 * view.metres_per_pixel)


LETTING_GO = {
    "Esc": lambda _desk, panel: panel.step_out(),
    "another selection": lambda desk, _panel: desk.selection.choose_incident(next(iter(desk.situation.cases))),
    "another worker": lambda desk, _panel: desk.selection.choose_worker(desk.situation.workers.ids[5]),
    "a hand on the map": lambda _desk, panel: panel.canvas.handled.emit(),
    "home": lambda _desk, panel: panel.home(),
}


@pytest.mark.parametrize("way", LETTING_GO)
def test_a_worker_is_followed_until_let_go(desk: FakeDesk, panel: MapPanel, way: str) -> None:
    worker = desk.situation.workers.ids[2]
    walk(desk, panel, 2, corner(0.5, 0.5))
    desk.selection.choose_worker(worker)
    panel.follow()
    assert in_middle(panel, corner(0.5, 0.5))
    assert desk.situation.workers.person(worker).name in panel.hint.text()
    assert panel.hint.isVisible()
    for place in (corner(1.5, 0.5), corner(1.5, 1.5)):
        walk(desk, panel, 2, place)
        assert in_middle(panel, place)
    LETTING_GO[way](desk, panel)
    assert panel.hint.isHidden()
    there = panel.canvas.destination
    walk(desk, panel, 2, corner(0.2, 0.2))
    assert panel.canvas.destination == there
    assert desk.selection.worker is (desk.situation.workers.ids[5] if way == "another worker" else worker)


def test_following_goes_on_when_the_officer_asks_for_the_place_of_a_report(desk: FakeDesk, panel: MapPanel) -> None:
    desk.selection.choose_worker(desk.situation.workers.ids[2])
    panel.follow()
    followed = panel.hint.text()
    desk.selection.ask_place(True)
    assert panel.hint.text() != followed
    desk.selection.ask_place(False)
    assert panel.hint.text() == followed


def test_candidates_stay_numbered_and_dots_lit_after_a_snapshot(desk: FakeDesk, panel: MapPanel) -> None:
    desk.choose("filed")
    ids = [desk.situation.workers.ids[row] for row in (4, 1)]
    desk.selection.offer(tuple(ids))
    panel.touch(Touched(everything=True))
    assert panel.canvas.shown.candidates.tolist() == [4, 1]
    look = panel.canvas.shown.workers.look
    assert look[:, 1].all()
    assert look[[4, 1], 2].tolist() == [1, 2]


def test_switches_go_round(panel: MapPanel) -> None:
    seen = []
    for _ in range(6):
        seen.append(panel.buttons["metric"].text())
        panel.figures.next_colour()
    assert seen[0] == seen[5]
    assert len(set(seen)) == 5
    panel.switch_buildings()
    assert not panel.canvas.shown.layer_visible["buildings"]
    box = panel.canvas.furniture.layers.boxes["trails"]
    assert [panel.switch_layer("trails"), box.isChecked(), panel.switch_layer("trails"), box.isChecked()] == [
        True,
        True,
        False,
        False,
    ]
    assert "图层 行踪" in box.toolTip()


def test_an_order_on_its_way_shows_on_the_pin(desk: FakeDesk, panel: MapPanel) -> None:
    case = desk.choose("filed")
    desk.window.act("assign")
    desk.window.act("send")
    pins = panel.canvas.shown.pins
    assert pins.pending[pins.ids.index(str(case.incident.id))]
    desk.commit(desk.sent[-1])
    panel.touch(Touched(cases=frozenset({case.incident.id})))
    assert not panel.canvas.shown.pins.pending.any()


def test_packs_become_a_town_with_names_and_neighbours(qtbot: QtBot) -> None:
    town = small_town()
    packs = write_packs(town)
    layers = manifest_of(town, packs).layers
    manifest = TownManifest(town.name, town.code, "", town.origin.lon, town.origin.lat, dict(layers))
    arrival = TownArrival()
    with qtbot.waitSignal(arrival.ready, timeout=20_000) as ready:
        for layer, data in packs.items():
            arrival.came(PackReceived(layer, layers[layer][0], data), manifest)
    made = ready.args[0]
    assert made.names["330104001"] == "第1街道"
    assert made.beside["330104001001001"] == frozenset({"330104001001002"})
    areas = read_pack("areas", packs["areas"])
    assert isinstance(areas, AreasPack)
    assert side_by_side(rings_of_grids(areas)) == made.beside


def test_what_is_to_be_merged_is_drawn_to_the_master_and_follows_the_view(
    qtbot: QtBot, desk: FakeDesk, panel: MapPanel
) -> None:
    lines = JoinedLines(desk.seat, panel)
    assert not lines.isVisible()
    master, source = corner(0.5, 0.5), corner(1.5, 0.5)
    desk.selection.join(Joined(master, (source,), 100.0))
    assert lines.isVisible()
    assert lines.geometry() == panel.canvas.geometry()
    middle, others, ring = lines.points() or pytest.fail("nothing is drawn")
    assert len(others) == 1
    assert others[0].x() > middle.x()
    box = ring.boundingRect()
    assert box.contains(middle)
    panel.canvas.set_viewpoint(replace(panel.canvas.viewpoint, metres_per_pixel=panel.canvas.viewpoint.metres_per_pixel / 2))
    qtbot.waitUntil(lambda: (lines.points() or pytest.fail("gone"))[2].boundingRect().width() > box.width() * 1.9)
    shown = panel.grab().toImage()
    at = (lines.points() or pytest.fail("gone"))[1][0]
    assert shown.pixelColor(at.toPoint()).name().lower() == desk.seat.palette.focus.lower()
    desk.selection.join(None)
    assert not lines.isVisible()


def test_from_afar_the_map_comes_close_to_what_is_to_be_merged_once(qtbot: QtBot, desk: FakeDesk, panel: MapPanel) -> None:
    JoinedLines(desk.seat, panel)
    far = replace(panel.canvas.viewpoint, metres_per_pixel=40.0)
    panel.canvas.set_viewpoint(far)
    desk.selection.join(Joined(corner(0.5, 0.5), (), 30.0))
    desk.selection.join(None)
    assert panel.canvas.destination.metres_per_pixel == far.metres_per_pixel
    desk.selection.join(Joined(corner(0.5, 0.5), (corner(0.6, 0.5),), 30.0))
    qtbot.waitUntil(lambda: panel.canvas.viewpoint.metres_per_pixel < 4.0)
    panel.canvas.set_viewpoint(far)
    desk.selection.join(Joined(corner(0.5, 0.5), (corner(0.7, 0.5),), 30.0))
    assert panel.canvas.destination.metres_per_pixel == far.metres_per_pixel


def test_shapes_that_are_not_drawn_are_named_beside_the_source(qtbot: QtBot, desk: FakeDesk, panel: MapPanel) -> None:
    geometry = panel.geometry_shown
    assert geometry is not None
    panel.show_town(replace(geometry, left_out=("grid 330104001001009", "road 4", "road 7", "road 9")), "© 某源")
    said = panel.canvas.furniture.attribution.text()
    assert said.startswith("© 某源 · 4 处")
    assert "grid 330104001001009" in said
    assert "road 9" not in said
    panel.show_town(geometry, "© 某源")
    assert panel.canvas.furniture.attribution.text() == "© 某源"


def test_an_incident_whose_coordinates_are_far_off_is_named_until_they_are_put_right(desk: FakeDesk, panel: MapPanel) -> None:
    case = next(iter(desk.situation.cases.values()))
    said = panel.canvas.furniture.attribution.text()
    for place in (LonLat(-60.0, -30.0), case.incident.place):
        desk.situation.cases[case.incident.id] = replace(case, incident=replace(case.incident, place=place))
        panel.touch(Touched(cases=frozenset({case.incident.id})))
        told = panel.canvas.furniture.attribution.text()
        assert (case.incident.number in told) == (place != case.incident.place)
    assert told == said
