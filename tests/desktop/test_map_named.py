"""What was found is seen on the map: the name beside a selected worker or camera, the border of the area that was gone to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from desktop.acts import go_to_found
from desktop.command.find import Entry
from desktop.map.canvas import MapCanvas
from desktop.map.plain_canvas import PlainCanvas
from desktop.map.scene import Geometry
from desktop.map_beside import free_part
from desktop.map_panel import MapPanel
from desktop.selection import Ranked, RankedWorker
from desktop.situation.cameras import Cameras
from tests.desktop.conftest import shown_panel
from tests.desktop.test_map_here import camera
from tests.desktop.test_map_panel import walk
from tests.fakes.desks import FakeDesk
from tests.fakes.small_town import corner


@pytest.fixture(params=[MapCanvas, PlainCanvas], ids=["gl", "plain"])
def panel(request: pytest.FixtureRequest, qtbot: QtBot, desk: FakeDesk, geometry: Geometry) -> Iterator[MapPanel]:
    desk.situation.cameras = Cameras([camera(1, 0.0, -0.02)])
    made = shown_panel(qtbot, desk, geometry, request.param, (900, 600))
    yield made
    made.hide()


def entry(group: str, id_: str, name: str) -> Entry:
    return Entry(group, id_, name, "", "", "")


def test_a_worker_that_was_found_is_named_beside_the_dot_and_the_name_goes_along(
    qtbot: QtBot, desk: FakeDesk, panel: MapPanel
) -> None:
    desk.window.map_panel = panel
    row, named = 2, panel.tools.named
    person = desk.situation.workers.person(desk.situation.workers.ids[row])
    assert person is not None
    walk(desk, panel, row, corner(0.5, 0.5))
    assert named.isHidden()
    go_to_found(desk.window, entry("workers", str(person.id), person.name))
    qtbot.waitUntil(named.isVisible)
    qtbot.waitUntil(lambda: panel.canvas.viewpoint == panel.canvas.destination)
    assert (named.said() or pytest.fail("nothing is named"))[0] == f"{person.name} #{person.number}"
    qtbot.waitUntil(lambda: named._painted is not None and abs(named._painted[1].x() - 450) < 3)
    at = named._painted[1] if named._painted is not None else pytest.fail("gone")
    assert at.y() == pytest.approx(300, abs=3)
    walk(desk, panel, row, corner(0.55, 0.5))
    qtbot.waitUntil(lambda: named._painted is not None and named._painted[1].x() > at.x() + 10)
    image = panel.grab().toImage()
    beside = named._painted[1].toPoint() if named._painted is not None else pytest.fail("gone")
    colours = {image.pixelColor(beside.x() + x, beside.y()).name() for x in range(18, 60)}
    assert desk.seat.palette.panel.lower() in colours
    desk.selection.rank(Ranked(corner(0.5, 0.5), (RankedWorker(person.id, person.name, "why"),)))
    assert named.said() is None, "it is said with the reason already"
    desk.selection.rank(None)
    desk.selection.choose_worker(None)
    panel.chosen.step_out()
    desk.selection.choose_incident(next(iter(desk.situation.cases)))
    qtbot.waitUntil(named.isHidden)


def test_a_selected_camera_is_named(qtbot: QtBot, desk: FakeDesk, panel: MapPanel) -> None:
    desk.selection.choose_camera(desk.situation.cameras.all()[0].id)
    qtbot.waitUntil(panel.tools.named.isVisible)
    assert (panel.tools.named.said() or pytest.fail("nothing is named"))[0] == "探头1"


def test_an_area_that_was_gone_to_is_whole_in_view_with_its_border_until_esc(
    qtbot: QtBot, desk: FakeDesk, panel: MapPanel, geometry: Geometry
) -> None:
    desk.window.map_panel = panel
    marked = panel.tools.marked
    for areas in (geometry.grids, geometry.communities, geometry.streets):
        go_to_found(desk.window, entry("places", areas.codes[0], areas.names[0]))
        qtbot.waitUntil(lambda: panel.canvas.viewpoint == panel.canvas.destination)
        qtbot.waitUntil(lambda: panel.canvas.drawn_oblique().viewpoint == panel.canvas.viewpoint)
        rings = marked.outline()
        assert rings
        assert all(free_part(panel).contains(ring.boundingRect()) for ring in rings)
        assert marked.name == areas.names[0]
        edge = (rings[0][0] + rings[0][1]) / 2
        image, near = panel.grab().toImage(), (-1, 0, 1)
        colours = {image.pixelColor(round(edge.x()) + x, round(edge.y()) + y).name() for x in near for y in near}
        assert desk.seat.palette.urgent.lower() in colours
    assert panel.tools.step_out()
    assert marked.outline() == []
    panel.tools.go_to(corner(0.5, 0.5), "here")
    assert marked.outline() == [], "a mere place has no border"
    before = panel.canvas.destination
    assert not panel.tools.go_to_area("999", "nowhere")
    assert panel.canvas.destination == before
