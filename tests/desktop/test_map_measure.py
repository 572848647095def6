"""Measuring on the map by mouse and by keys: points, taking back, closing, ending, leaving; drawn after the view."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.map.measuring import enclosed, way_m
from desktop.map.plain_canvas import PlainCanvas
from desktop.map.scene import Geometry
from desktop.map_measure import Measuring
from desktop.map_panel import MapPanel
from desktop.phrases import area_text, length_text
from desktop.words import Words
from tests.fakes.desks import FakeDesk
from tests.fakes.small_town import corner

KEY = Qt.Key
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot: QtBot, desk: FakeDesk, geometry: Geometry) -> Iterator[MapPanel]:
    """A plain map of the town over the desk's situation, nothing raised."""
    made = MapPanel(desk.seat, PlainCanvas)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.show_town(geometry, "© somebody")
    made.canvas.go_to(corner(1.0, 1.0), 2.0)
    qtbot.waitUntil(lambda: made.canvas.drawn_oblique().viewpoint == made.canvas.viewpoint)
    yield made
    made.hide()


@pytest.fixture
def measuring(qtbot: QtBot, panel: MapPanel) -> Measuring:
    """Measuring has begun."""
    panel.tools.acts()["measure"]()
    qtbot.waitUntil(panel.tools.measuring.hasFocus)
    return panel.tools.measuring


def click(qtbot: QtBot, on: QWidget, x: int, y: int) -> None:
    qtbot.mouseMove(on, QPoint(x, y))
    qtbot.mouseClick(on, LEFT, pos=QPoint(x, y))


def test_clicks_measure_a_way_and_select_nothing(qtbot: QtBot, desk: FakeDesk, panel: MapPanel, measuring: Measuring) -> None:
    with qtbot.assertNotEmitted(panel.canvas.picked):
        for x, y in ((300, 300), (600, 300), (600, 500)):
            click(qtbot, panel.canvas, x, y)
    assert len(measuring.places) == 3
    assert length_text(desk.seat.words, way_m(measuring.places)) in measuring.told()[0]
    qtbot.keyClick(measuring, KEY.Key_Backspace)
    assert len(measuring.places) == 2
    qtbot.keyClick(measuring, KEY.Key_Return)
    assert not measuring.is_on
    assert measuring.isVisible(), "what was measured stays"
    assert panel.canvas.hand is None
    assert panel.step_out()
    assert not measuring.isVisible()


def test_the_first_place_once_more_closes_the_ring(qtbot: QtBot, desk: FakeDesk, panel: MapPanel, measuring: Measuring) -> None:
    for x, y in ((300, 300), (600, 300), (600, 500), (302, 301)):
        click(qtbot, panel.canvas, x, y)
    assert measuring.is_closed
    assert len(measuring.places) == 3
    area, length = enclosed(measuring.places)
    said = measuring.told()[0]
    assert area_text(desk.seat.words, area) in said
    assert length_text(desk.seat.words, length) in said
    qtbot.keyClick(measuring, KEY.Key_Backspace)
    assert not measuring.is_closed
    assert len(measuring.places) == 3


def test_all_of_it_works_by_keys_alone(qtbot: QtBot, panel: MapPanel, measuring: Measuring) -> None:
    qtbot.keyClick(measuring, KEY.Key_Space)
    for _ in range(20):
        qtbot.keyClick(measuring, KEY.Key_Right)
    qtbot.keyClick(measuring, KEY.Key_Space)
    for _ in range(10):
        qtbot.keyClick(measuring, KEY.Key_Down)
    qtbot.keyClick(measuring, KEY.Key_Space)
    first, second, _third = measuring.places
    assert way_m([first, second]) == pytest.approx(20 * 12 * panel.canvas.viewpoint.metres_per_pixel, rel=0.01)
    qtbot.keyClick(measuring, KEY.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert measuring.is_closed
    assert not measuring.is_on


def test_esc_leaves_with_what_was_drawn_and_gives_the_keys_back(
    qtbot: QtBot, desk: FakeDesk, panel: MapPanel, measuring: Measuring
) -> None:
    click(qtbot, panel.canvas, 300, 300)
    qtbot.keyClick(measuring, KEY.Key_Escape)
    assert not measuring.is_on
    assert measuring.places == []
    assert not measuring.isVisible()
    with qtbot.waitSignal(panel.canvas.picked):
        click(qtbot, panel.canvas, 500, 350)


def test_a_drag_still_moves_the_map_and_what_is_drawn_follows(qtbot: QtBot, panel: MapPanel, measuring: Measuring) -> None:
    click(qtbot, panel.canvas, 400, 300)
    click(qtbot, panel.canvas, 600, 300)
    before = measuring.screen_of(measuring.places)[0]
    qtbot.mousePress(panel.canvas, LEFT, pos=QPoint(500, 500))
    for x in (520, 560, 600):
        qtbot.mouseMove(panel.canvas, QPoint(x, 500))
    qtbot.mouseRelease(panel.canvas, LEFT, pos=QPoint(600, 500))
    if panel.canvas.viewpoint == panel.canvas.drawn_oblique().viewpoint:
        panel.canvas.pan_by(100, 0)
    qtbot.waitUntil(lambda: (measuring.screen_of(measuring.places)[0] - before).x() == pytest.approx(100, abs=3))
    assert len(measuring.places) == 2
    drawn = panel.grab().toImage()
    at = measuring.screen_of(measuring.places)
    line = drawn.pixelColor(round(at[0].x() + 40), round(at[0].y()))
    assert line.name().lower() == panel._seat.palette.urgent.lower()


def test_another_canvas_goes_on_measuring(qtbot: QtBot, panel: MapPanel, measuring: Measuring) -> None:
    click(qtbot, panel.canvas, 400, 300)
    panel.canvas.hand = None
    measuring.follow_canvas()
    click(qtbot, panel.canvas, 600, 300)
    assert len(measuring.places) == 2


def test_an_edge_that_crosses_itself_has_no_area(qtbot: QtBot, desk: FakeDesk, panel: MapPanel, measuring: Measuring) -> None:
    for x, y in ((300, 300), (600, 500), (600, 300), (300, 500)):
        click(qtbot, panel.canvas, x, y)
    qtbot.keyClick(measuring, KEY.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    told = measuring.told()[0]
    assert told.startswith(desk.seat.words("measure.crosses", length="")[:6])


@pytest.mark.parametrize(
    ("square_metres", "zh", "en"),
    [
        (3250.0, "3,250 平方米（4.9 亩）", "3,250 m² (4.9 mu)"),
        (666_666.667, "666,667 平方米（1,000 亩）", "666,667 m² (1,000 mu)"),
        (1_240_000.0, "1.24 平方公里（1,860 亩）", "1.24 km² (1,860 mu)"),
    ],
)
def test_an_area_is_said_in_metres_mu_or_kilometres(square_metres: float, zh: str, en: str) -> None:
    assert area_text(Words("zh"), square_metres) == zh
    assert area_text(Words("en"), square_metres) == en


@pytest.mark.parametrize(
    ("metres", "zh"), [(38.44, "38.4 米"), (384.4, "384 米"), (2440.0, "2.44 公里"), (123_456.0, "123 公里")]
)
def test_a_length_is_said_as_exactly_as_one_can_point(metres: float, zh: str) -> None:
    assert length_text(Words("zh"), metres) == zh


def test_a_form_that_asks_for_a_place_goes_first(
    qtbot: QtBot, desk: FakeDesk, panel: MapPanel, measuring: Measuring, new_desk: Callable[..., FakeDesk]
) -> None:
    desk.selection.ask_place(True)
    with qtbot.waitSignal(desk.selection.place_picked):
        click(qtbot, panel.canvas, 500, 350)
    assert measuring.places == []
