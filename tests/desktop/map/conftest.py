"""A town, and a canvas of either sort on a real screen."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from desktop.map.canvas import MapCanvas
from desktop.map.plain_canvas import PlainCanvas
from desktop.map.scene import Geometry
from tests.desktop.map import invented_town

Canvas = MapCanvas | PlainCanvas
WIDTH, HEIGHT = 900, 640


@pytest.fixture(scope="session")
def small_town() -> Geometry:
    """The town of six grids."""
    return invented_town.geometry()


@pytest.fixture(scope="session")
def district() -> Geometry:
    """The generated district, 543 grids."""
    from gis_data.town.generate import generate
    from gis_data.town.pack import read_pack, write_packs

    town = generate(seed=1)
    return Geometry.of({name: read_pack(name, data) for name, data in write_packs(town).items()}, town.origin)


def shown(made: Canvas, geometry: Geometry, qtbot) -> Canvas:
    """A canvas on the screen with a town, drawn and at rest."""
    qtbot.addWidget(made)
    made.resize(WIDTH, HEIGHT)
    made.set_geometry(geometry)
    made.show()
    qtbot.waitExposed(made)
    rest(made, qtbot)
    return made


def rest(made: Canvas, qtbot) -> None:
    """Wait until the canvas has painted what was asked and stands still."""
    before = made.counters.dynamic_frames
    made.update()
    qtbot.waitUntil(lambda: made.counters.dynamic_frames > before and not made._settle.isActive(), timeout=10_000)
    settled = made.counters.dynamic_frames
    made.update()
    qtbot.waitUntil(lambda: made.counters.dynamic_frames > settled, timeout=10_000)


@pytest.fixture(params=[MapCanvas, PlainCanvas], ids=["gl", "plain"])
def canvas(request: pytest.FixtureRequest, small_town: Geometry, qtbot) -> Canvas:
    """Either canvas, showing the small town."""
    return shown(request.param(), small_town, qtbot)


@pytest.fixture
def gl_canvas(small_town: Geometry, qtbot) -> MapCanvas:
    """The GL canvas, showing the small town."""
    return shown(MapCanvas(), small_town, qtbot)


@pytest.fixture
def spin(qtbot) -> Callable[[int], None]:
    """Let the event loop run for some milliseconds, where the claim is that nothing happens."""
    return qtbot.wait


def pixels(made: Canvas) -> np.ndarray:
    """What is painted, uint8[height, width, 3]."""
    image = made.grabFramebuffer() if isinstance(made, MapCanvas) else made.grab().toImage()
    image = image.convertToFormat(image.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()


def at(made: Canvas, x: float, y: float) -> QPoint:
    """The pixel of a place in plane metres."""
    px = made.drawn_oblique().screen(x, y)
    return QPoint(round(float(px[0])), round(float(px[1])))


def flush() -> None:
    """Handle what is queued now."""
    QApplication.processEvents()


SPREAD = [(-450.0, -100.0), (-100.0, -150.0), (300.0, 250.0), (450.0, -250.0)]


def put_workers(canvas: Canvas, xy, qtbot) -> None:
    """Show workers W0, W1, ... at plane metres."""
    place = invented_town.degrees(xy)
    canvas.set_workers([f"W{n}" for n in range(len(place))], place[:, 0], place[:, 1])
    rest(canvas, qtbot)


def move(canvas: Canvas, row: int, xy) -> None:
    """Let one worker go to a place in plane metres."""
    place = invented_town.degrees([xy])
    canvas.move_workers(np.array([row], np.int32), place[:, 0], place[:, 1])
