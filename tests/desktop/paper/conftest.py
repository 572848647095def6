"""A desk, and a map of the small town over its situation, with one confidential incident among the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from pytestqt.qtbot import QtBot

from desktop.map.canvas import MapCanvas
from desktop.map.plain_canvas import PlainCanvas
from desktop.map.scene import Geometry
from desktop.map_panel import MapPanel
from desktop.paper.paper_desk import PaperDesk
from desktop.situation.touched import Touched
from gis_data.town.pack import read_pack, write_packs
from governance.incident import Case
from tests.fakes.desks import FakeDesk
from tests.fakes.small_town import corner, small_town

GRID = "330104001001001"


@dataclass
class Scene:
    """What a test looks at."""

    desk: FakeDesk
    panel: MapPanel
    paper: PaperDesk
    case: Case
    secret: Case


@pytest.fixture(scope="session")
def town_geometry() -> Geometry:
    """A town of four grids."""
    town = small_town()
    return Geometry.of({name: read_pack(name, data) for name, data in write_packs(town).items()}, town.origin)


def put(desk: FakeDesk, state: str, east: float, north: float, **what: object) -> Case:
    """A case in a state, moved to a place of the small town."""
    before = desk.first(state)
    moved = replace(before.incident, place=corner(east, north), grid=GRID, version=before.incident.version + 1, **what)
    case = replace(before, incident=moved)
    desk.change(before, case)
    return case


@pytest.fixture(params=[MapCanvas, PlainCanvas], ids=["gl", "plain"])
def kind(request: pytest.FixtureRequest) -> type:
    """Either canvas."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def new_scene(qtbot: QtBot, desk: FakeDesk, town_geometry: Geometry) -> Iterator[Callable[..., Scene]]:
    """Makes the scene with a canvas."""
    shown: list[MapPanel] = []

    def make(kind: type = PlainCanvas) -> Scene:
        case = put(desk, "handling", 0.42, 0.55, text="王先生 13912345678 来电", title="请打 13912345678")
        secret = put(desk, "filed", 0.46, 0.62, confidentiality=2)
        panel = MapPanel(desk.seat, kind)
        qtbot.addWidget(panel)
        panel.resize(900, 600)
        panel.show()
        qtbot.waitExposed(panel)
        panel.show_town(town_geometry, "© somebody")
        panel.canvas.go_to(corner(0.5, 0.5), 1.0)
        panel.touch(Touched(moved=0, cases=frozenset({case.incident.id, secret.incident.id})))
        desk.seat.grid_at = panel.grid_at
        paper = PaperDesk(desk.seat, panel, desk.window)
        paper.browse = lambda _url: True
        shown.append(panel)
        return Scene(desk, panel, paper, case, secret)

    yield make
    for panel in shown:
        panel.hide()
