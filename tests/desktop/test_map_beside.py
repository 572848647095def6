"""A list on a small map stands beside what it is about, or the map makes room; what is gone to is where no list covers it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from pytestqt.qtbot import QtBot

from desktop.inside_area import Inside
from desktop.map.plain_canvas import PlainCanvas
from desktop.map.scene import Geometry
from desktop.map_beside import LEAST_PX, ListBeside, free_part, pixels_of
from desktop.map_panel import MapPanel
from desktop.situation.cameras import Cameras
from governance.places import LonLat
from tests.desktop.conftest import shown_panel
from tests.desktop.test_map_here import Tiles, camera
from tests.fakes.desks import FakeDesk
from tests.fakes.small_town import corner

PLACE = corner(0.5, 0.5)
SMALL, ROOMY = (560, 520), (1100, 700)


@pytest.fixture
def panel(qtbot: QtBot, desk: FakeDesk, geometry: Geometry) -> Iterator[MapPanel]:
    desk.situation.cameras = Cameras([camera(number, 0.0, -0.02 * number) for number in range(1, 8)])
    made = shown_panel(qtbot, desk, geometry, PlainCanvas, ROOMY)
    yield made
    made.hide()


def at(panel: MapPanel, place: LonLat) -> QPointF:
    """Where a place is drawn, once the map stands still."""
    geometry = panel.geometry_shown
    assert geometry is not None
    return QPointF(*pixels_of(panel, geometry.plane.to_plane(place.lon, place.lat))[0].tolist())


def look_at(qtbot: QtBot, panel: MapPanel, size: tuple[int, int], px: float) -> None:
    """Let the place be at a share of the width, in the middle of the height."""
    panel.resize(*size)
    column = panel.layout()
    assert column is not None
    column.activate()
    panel.canvas.go_to(PLACE, 1.2)
    panel.canvas.pan_by((px - 0.5) * panel.canvas.width(), 0.0)
    qtbot.waitUntil(lambda: panel.canvas.drawn_oblique().viewpoint == panel.canvas.viewpoint)


@pytest.mark.parametrize(
    ("size", "px", "group"),
    [
        (SMALL, 0.1, "people"),
        (SMALL, 0.5, "cameras"),
        (SMALL, 0.5, "people"),
        (SMALL, 0.95, "cameras"),
        (ROOMY, 0.95, "people"),
    ],
)
def test_the_list_of_a_place_never_covers_the_place(
    qtbot: QtBot, panel: MapPanel, size: tuple[int, int], px: float, group: str
) -> None:
    look_at(qtbot, panel, size, px)
    panel.tools.here.look(PLACE, group)
    shown: ListBeside = panel.tools.here.list
    box = QRectF(shown.geometry())
    assert not box.adjusted(-12, -12, 12, 12).contains(at(panel, PLACE))
    assert free_part(panel).contains(at(panel, PLACE))
    assert panel.rect().contains(shown.geometry())


def test_pictures_that_are_opened_in_the_list_do_not_cover_the_place_either(
    qtbot: QtBot, desk: FakeDesk, panel: MapPanel
) -> None:
    def tiles() -> Tiles:
        made = Tiles()
        made.setFixedHeight(220)
        return made

    desk.seat.new_tiles = tiles
    desk.situation.cameras = Cameras([camera(1, 0.0, -0.02)])
    look_at(qtbot, panel, (724, 668), 0.5)
    here = panel.tools.here
    here.look(PLACE)
    view = panel.canvas.destination
    assert here.list.geometry().bottom() < at(panel, PLACE).y() - 20, "as yet there is room below the list"
    qtbot.keyClicks(here.list.rows, "1")
    assert here.list.height() > 300
    assert not QRectF(here.list.geometry()).adjusted(-12, -12, 12, 12).contains(at(panel, PLACE))
    assert panel.canvas.destination != view
    moved = panel.canvas.destination
    qtbot.keyClicks(here.list.rows, "1")
    qtbot.keyClick(here.list.rows, Qt.Key.Key_Escape)
    assert panel.canvas.destination == moved, "what is closed moves nobody's map"


def test_a_list_with_room_on_either_side_moves_nobodys_map_and_stands_on_the_right(qtbot: QtBot, panel: MapPanel) -> None:
    look_at(qtbot, panel, ROOMY, 0.4)
    before = panel.canvas.destination
    panel.tools.here.look(PLACE)
    assert panel.canvas.destination == before
    assert panel.tools.here.list.x() > panel.width() / 2


def test_a_list_stands_on_the_left_where_the_right_would_cover_the_place(qtbot: QtBot, panel: MapPanel) -> None:
    look_at(qtbot, panel, ROOMY, 0.85)
    before = panel.canvas.destination
    panel.tools.here.look(PLACE)
    assert panel.canvas.destination == before
    assert panel.tools.here.list.geometry().right() < panel.width() / 2


def test_a_list_on_the_left_ends_above_the_layers_that_are_unfolded_there(qtbot: QtBot, panel: MapPanel) -> None:
    look_at(qtbot, panel, ROOMY, 0.85)
    panel.switch_part("layers")
    layers = panel.canvas.furniture.layers
    qtbot.waitUntil(layers.isVisible)
    panel.tools.here.look(PLACE, "people")
    shown = panel.tools.here.list.geometry()
    assert shown.right() < panel.width() / 2
    assert not shown.intersects(layers.geometry()) or shown.height() == LEAST_PX


@pytest.mark.parametrize("drawn", [(0.2, 0.4), (0.45, 0.9), (0.02, 0.98)], ids=["left", "right", "wide"])
def test_what_is_picked_on_a_small_map_stays_in_sight_beside_its_list(
    qtbot: QtBot, panel: MapPanel, drawn: tuple[float, float]
) -> None:
    look_at(qtbot, panel, SMALL, 0.5)
    panel.tools.pick()
    picking, wide, high = panel.tools.picking, panel.canvas.width(), panel.canvas.height()
    picking.put(drawn[0] * wide, 0.3 * high)
    picking.put(drawn[1] * wide, 0.6 * high)
    box = panel.tools.inside.box_about()
    assert box.width() > 50
    assert free_part(panel).adjusted(-2, -2, 2, 2).contains(box)


def test_what_is_gone_to_from_a_list_comes_to_the_middle_of_what_is_free(qtbot: QtBot, panel: MapPanel) -> None:
    look_at(qtbot, panel, SMALL, 0.5)
    here = panel.tools.here
    here.look(PLACE)
    qtbot.keyClick(here.list.rows, Qt.Key.Key_J)
    qtbot.keyClick(here.list.rows, Qt.Key.Key_Return)
    away = at(panel, here.cameras[0].place) - free_part(panel).center()
    assert away.manhattanLength() < 3.0
    covered = panel.canvas.furniture.covered().tolist()
    box = here.list.geometry()
    assert [box.x(), box.y(), box.x() + box.width(), box.y() + box.height()] in covered
    here.step_out()
    assert len(panel.canvas.furniture.lists) == 0


def test_rows_take_the_lines_they_need_and_are_whole(qtbot: QtBot, desk: FakeDesk, panel: MapPanel) -> None:
    long = replace(camera(8, 0.0, -0.01), name="红五月路与沿山港巷口东北角高杆全景球机（朝西南）")
    desk.situation.cameras = Cameras([*desk.situation.cameras.all(), long])
    look_at(qtbot, panel, SMALL, 0.5)
    here = panel.tools.here
    here.look(PLACE)
    rows, metrics = here.list.rows, here.list.rows.fontMetrics()
    assert rows.count() == 8
    for row in range(rows.count()):
        lines = -(-metrics.horizontalAdvance(rows.item(row).text()) // rows.viewport().width())
        assert rows.visualItemRect(rows.item(row)).height() >= lines * metrics.lineSpacing()
        assert rows.item(row).toolTip() in rows.item(row).text()
    (at,) = (row for row in range(rows.count()) if long.name in rows.item(row).text())
    assert rows.visualItemRect(rows.item(at)).height() >= 2 * metrics.lineSpacing()


def test_no_row_of_what_was_picked_is_wider_than_its_list(qtbot: QtBot, panel: MapPanel) -> None:
    look_at(qtbot, panel, SMALL, 0.5)
    inside, words = panel.tools.inside, panel._seat.words
    words.use("en")
    workers = panel._seat.situation.workers.people()
    inside.show_inside(Inside(workers=tuple(workers[0] for _ in range(1_001))))
    rows = inside.rows
    assert rows.item(rows.count() - 1).text() == words("inside.more", count=1)
    assert rows.visualItemRect(rows.item(0)).width() <= rows.viewport().width()
