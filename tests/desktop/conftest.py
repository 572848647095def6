"""A desk of one officer for every test that asks for one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.map.canvas import MapCanvas
from desktop.map.plain_canvas import PlainCanvas
from desktop.map.scene import Geometry
from desktop.map_panel import MapPanel
from desktop.style.sheet import sheet
from gis_data.town.pack import read_pack, write_packs
from tests.fakes.desks import FakeDesk
from tests.fakes.small_town import small_town


@pytest.fixture
def new_desk(qtbot: QtBot, tmp_path: Path) -> Callable[..., FakeDesk]:
    """Makes desks, shown at a size; all of them share one home."""

    def make(width: int = 1920, height: int = 1080, **how: object) -> FakeDesk:
        desk = FakeDesk(tmp_path, **how)  # type: ignore[arg-type]
        desk.window.setStyleSheet(sheet(desk.seat.palette))
        qtbot.addWidget(desk.window)
        desk.window.resize(width, height)
        desk.window.show()
        qtbot.waitExposed(desk.window)
        desk.window.activateWindow()
        desk.window.give_keys_back()
        qtbot.waitUntil(desk.board.view.hasFocus)
        return desk

    return make


@pytest.fixture
def desk(new_desk: Callable[..., FakeDesk]) -> FakeDesk:
    """A duty officer's desk at 1920x1080, in Chinese, at night."""
    return new_desk()


@pytest.fixture
def opened(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> FakeDesk:
    """A desk whose tiles are shown and have the keys."""
    desk = new_desk()
    desk.window.act("panel_video")
    return desk


@pytest.fixture(scope="module")
def geometry() -> Geometry:
    """A town of four grids."""
    town = small_town()
    return Geometry.of({name: read_pack(name, data) for name, data in write_packs(town).items()}, town.origin)


def shown_panel(
    qtbot: QtBot, desk: FakeDesk, geometry: Geometry, canvas: type[MapCanvas | PlainCanvas], size: tuple[int, int]
) -> MapPanel:
    """A map of a town over the situation of a desk, on the screen."""
    made = MapPanel(desk.seat, canvas)
    qtbot.addWidget(made)
    made.resize(*size)
    made.show()
    qtbot.waitExposed(made)
    made.show_town(geometry, "© somebody")
    return made
