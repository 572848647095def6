"""By what grids are coloured and raised: classes, chosen apart, asked of the server, kept, told in the legend."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from desktop.figure_legend import ROW_PX
from desktop.grid_classes import UNKNOWN, GridTold, classes_of, counted, drawn, heights_of
from desktop.map.graphics import METER
from desktop.map.plain_canvas import PlainCanvas
from desktop.map.scene import Geometry
from desktop.map_figures import MapFigures
from desktop.map_panel import MapPanel
from desktop.style.palette import DAY, NIGHT, Palette
from governance.refusal import Refused
from tests.desktop.conftest import shown_panel
from tests.fakes.desks import FakeDesk
from wire.visited_requests import ReadVisited, VisitedAre

NOON = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)
"""Noon in China."""


def told(**columns: list[int]) -> GridTold:
    """Six grids of which some figures are told."""
    full = {name: np.zeros(6, np.int64) for name in ("open", "overdue", "covered", "visited")}
    return GridTold(**full | {name: np.array(values) for name, values in columns.items()})  # type: ignore[arg-type]


def ago(**span: float) -> int:
    return int((NOON - timedelta(**span)).timestamp())


@pytest.mark.parametrize(
    ("figure", "known", "classes", "heights"),
    [
        ("open", told(open=[0, 1, 2, 4, 9, 10]), [0, 1, 2, 3, 4, 5], [0, 0.1, 0.2, 0.4, 0.9, 1]),
        ("overdue", told(overdue=[0, 1, 0, 0, 0, 3]), [0, 1, 0, 0, 0, 3], [0, 0.2, 0, 0, 0, 0.6]),
        ("coverage", told(covered=[100, 79, 40, 39, 1, 0]), [0, 1, 2, 3, 4, 5], [0, 0.21, 0.6, 0.61, 0.99, 1]),
        ("coverage", told(covered=[80, 60, UNKNOWN, 20, 19, 0]), [0, 1, UNKNOWN, 3, 4, 5], [0.2, 0.4, 0, 0.8, 0.81, 1]),
        (
            "visited",
            told(visited=[ago(hours=11), ago(hours=13), ago(days=7), ago(days=30), ago(days=31), 0]),
            [0, 1, 2, 3, 4, 5],
            [0, 0.2, 0.4, 0.6, 0.8, 1],
        ),
        (
            "visited",
            told(visited=[ago(hours=-1), ago(days=3), ago(days=4), ago(days=8), UNKNOWN, 0]),
            [0, 1, 2, 3, -1, 5],
            None,
        ),
    ],
)
def test_a_class_is_what_its_name_says(figure: str, known: GridTold, classes: list[int], heights: list[float] | None) -> None:
    now_s = NOON.timestamp()
    assert classes_of(known, figure, now_s).tolist() == classes
    if heights is not None:
        assert heights_of(known, figure, now_s).tolist() == pytest.approx(heights)
    assert sum(counted(classes_of(known, figure, now_s))) == 6


def test_colour_and_height_are_chosen_apart_and_a_class_is_pointed_out() -> None:
    known = told(open=[0, 1, 2, 4, 9, 10], covered=[0, 0, 50, 50, 100, 100])
    both = drawn(known, "open", "coverage", None, 0.0)
    assert both.ramp.tolist() == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1])
    assert both.height.tolist() == [1, 1, 0.5, 0.5, 0, 0]
    assert both.lit is None
    lit = drawn(known, "coverage", "open", 5, 0.0)
    assert lit.lit is not None
    assert lit.lit.tolist() == [True, True, False, False, False, False]
    assert drawn(known, "off", "open", 5, 0.0).lit is None


def lightness(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("palette", [NIGHT, DAY])
def test_the_order_of_classes_is_read_by_lightness_alone(palette: Palette) -> None:
    ramp = [lightness(colour) for colour in palette.map.load]
    steps = np.diff(ramp) * (1 if palette is NIGHT else -1)
    assert len(ramp) == 6
    assert (steps > 8).all()


class Server:
    """Answers what the test says it answers."""

    def __init__(self) -> None:
        self.asked: list[ReadVisited] = []
        self.answer: Any = None

    def __call__(self, request: Any, came: Any) -> None:
        self.asked.append(request)
        came(*((None, self.answer) if isinstance(self.answer, Refused) else (self.answer, None)))


@pytest.fixture
def server(desk: FakeDesk) -> Server:
    made = Server()
    desk.seat.ask = made
    return made


@pytest.fixture
def panel(qtbot: QtBot, desk: FakeDesk, geometry: Geometry, server: Server) -> Iterator[MapPanel]:
    made = shown_panel(qtbot, desk, geometry, PlainCanvas, (1000, 700))
    codes = geometry.grids.codes
    visited = (int((desk.seat.now() - timedelta(days=10)).timestamp()), 0, 0)
    server.answer = VisitedAre(0, desk.seat.now(), codes[:3], visited, (100, 30, 0))
    yield made
    made.hide()


def test_the_server_is_asked_only_when_it_is_shown_and_tells_every_grid(panel: MapPanel, server: Server, qtbot: QtBot) -> None:
    figures = panel.figures
    assert server.asked == []
    figures.colour_by("coverage")
    assert len(server.asked) == 1
    assert panel.canvas.shown.figures.ramp.tolist() == pytest.approx([0, 0.6, 1, 0])
    assert figures.class_rows()[-1] == (panel._seat.words("figures.unknown"), 1)
    assert [count for _, count in figures.class_rows()] == [1, 0, 0, 1, 0, 1, 1]
    figures.raise_by("visited")
    assert len(server.asked) == 1, "what was told within the minute is not asked for again"
    assert panel.canvas.shown.figures.height.tolist() == pytest.approx([0.6, 1, 1, 0])
    codes = panel.geometry_shown.grids.codes  # type: ignore[union-attr]
    words = panel._seat.words
    assert words("figures.tip", covered=100, visited=words("figures.visited.days", days=10)) in panel._tip("grid", codes[0])
    assert words("figures.visited.never") in panel._tip("grid", codes[1])
    assert "%" not in panel._tip("grid", codes[3])


@pytest.mark.parametrize("code", ["not_your_role", "no_answer", "no_session"])
def test_what_cannot_be_told_is_said_and_colours_nothing(panel: MapPanel, server: Server, code: str) -> None:
    panel.switch_part("layers")
    server.answer = Refused(code, role="CK")
    panel.figures.colour_by("visited")
    assert not panel.canvas.shown.figures.ramp.any()
    said, is_old = panel.figures.as_of()
    assert is_old
    assert said == panel.figures.legend.as_of.text()  # type: ignore[union-attr]
    assert len(said) > 4
    server.answer = VisitedAre(0, panel._seat.now() - timedelta(minutes=30), (), (), ())
    panel.figures.ask()
    assert panel.figures.as_of()[1], "half an hour old is said to be old"


def test_a_click_on_a_class_points_its_grids_out_and_esc_lets_go(panel: MapPanel, server: Server, qtbot: QtBot) -> None:
    panel.switch_part("layers")
    panel.figures.colour_by("coverage")
    rows = panel.figures.legend.rows  # type: ignore[union-attr]
    qtbot.mouseClick(rows, Qt.MouseButton.LeftButton, pos=QPoint(20, 5 * ROW_PX + 8))
    lit = panel.canvas.shown.figures.lit
    assert lit is not None
    assert lit.tolist() == [False, False, True, False]
    qtbot.mouseClick(rows, Qt.MouseButton.LeftButton, pos=QPoint(20, 6 * ROW_PX + 8))
    assert panel.figures.lit == 5, "grids nothing is known of are no class"
    assert panel.step_out()
    assert panel.canvas.shown.figures.lit is None
    seen = []
    for _ in range(7):
        panel.figures.next_class()
        seen.append(panel.figures.lit)
    assert seen == [5, 4, 3, 2, 1, 0, None]


def test_what_was_chosen_is_kept_for_the_workstation_and_nonsense_is_not(panel: MapPanel, desk: FakeDesk) -> None:
    panel.figures.colour_by("visited")
    panel.figures.raise_by("overdue")
    panel.figures.switch_raised()
    again = MapFigures(desk.seat, panel)
    assert (again.colour, again.height, again.raised) == ("visited", "overdue", True)
    desk.seat.folder.write("map_figures", {"colour": "pink", "height": 7, "raised": "very"})
    fresh = MapFigures(desk.seat, panel)
    assert (fresh.colour, fresh.height, fresh.raised) == ("open", "open", None)


def test_changes_are_gathered_before_the_grids_are_coloured_anew(panel: MapPanel, desk: FakeDesk, qtbot: QtBot) -> None:
    loads = panel.canvas.shown.loads
    for state in ("filed", "handling", "filed"):
        case = desk.first(state)
        desk.situation.load.open[panel.geometry_shown.grids.codes[0]] += 3  # type: ignore[union-attr]
        panel.figures.show_soon()
        assert case is not None
    assert panel.canvas.shown.loads == loads
    qtbot.waitUntil(lambda: panel.canvas.shown.loads == loads + 1)


def test_a_changed_figure_touches_no_geometry(geometry: Geometry, qtbot: QtBot) -> None:
    from desktop.map.canvas import MapCanvas
    from tests.desktop.map.conftest import rest

    canvas = MapCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(500, 400)
    canvas.set_geometry(geometry)
    canvas.show()
    qtbot.waitExposed(canvas)
    rest(canvas, qtbot)
    count = len(geometry.grids.codes)
    canvas.set_grid_figures(drawn(told_of(count, 20), "coverage", "open", None, 0.0))
    rest(canvas, qtbot)
    before, redraws = METER.uploaded_bytes, canvas.counters.static_redraws
    canvas.set_grid_figures(drawn(told_of(count, 60), "coverage", "open", None, 0.0))
    rest(canvas, qtbot)
    buffers = 2 * count * 4 * 4
    assert METER.uploaded_bytes - before <= buffers + 4096, "the two small buffers of the grids, and marks"
    assert canvas.counters.static_redraws <= redraws + 1
    canvas.hide()


def told_of(count: int, percent: int) -> GridTold:
    zeros = np.zeros(count, np.int64)
    return GridTold(zeros.astype(np.int32), zeros.astype(np.int32), np.full(count, percent), zeros)
