"""A screen that goes away or changes its resolution takes no map with it: real monitors of the X server come and go."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow
from Xlib import display
from Xlib.ext import randr
from Xlib.protocol import rq

from desktop.map.canvas import MapCanvas
from desktop.map.plain_canvas import PlainCanvas
from tests.desktop.map.conftest import pixels, rest

PutMonitor = Callable[[str, QRect | None], None]


class SetMonitor(rq.Request):  # type: ignore[misc]
    """RRSetMonitor of RandR 1.5; what Xlib offers under that name cannot be sent."""

    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(43),
        rq.RequestLength(),
        rq.Window("window"),
        rq.Card32("name"),
        rq.Bool("primary"),
        rq.Bool("automatic"),
        rq.LengthOf("outputs", 2),
        rq.Int16("x"),
        rq.Int16("y"),
        rq.Card16("width"),
        rq.Card16("height"),
        rq.Card32("width_mm"),
        rq.Card32("height_mm"),
        rq.List("outputs", rq.Card32Obj),
    )


@pytest.fixture
def monitor(qtbot) -> Iterator[PutMonitor]:
    """Sets or removes a monitor of the display by name; afterwards there are only those of before."""
    server = display.Display()
    root = server.screen().root
    output = randr.get_screen_resources(root).outputs[0]
    names: set[str] = set()

    def put(name: str, box: QRect | None) -> None:
        atom = server.intern_atom(name)
        if box is None:
            randr.delete_monitor(root, atom)
            names.discard(name)
        else:
            SetMonitor(
                display=server.display,
                opcode=server.display.get_extension_major(randr.extname),
                window=root,
                name=atom,
                primary=not names,
                automatic=False,
                x=box.x(),
                y=box.y(),
                width=box.width(),
                height=box.height(),
                width_mm=box.width() // 4,
                height_mm=box.height() // 4,
                outputs=[] if names else [output],
            )
            names.add(name)
        server.sync()
        qtbot.waitUntil(lambda: {screen.name() for screen in QGuiApplication.screens()} >= names, timeout=5_000)
        qtbot.waitUntil(lambda: box is not None or name not in {screen.name() for screen in QGuiApplication.screens()})

    yield put
    for name in sorted(names, reverse=True):
        put(name, None)
    server.close()


def is_painted(canvas: MapCanvas | PlainCanvas) -> bool:
    """Whether there is a picture of something, not of one colour."""
    return len(np.unique(pixels(canvas).reshape(-1, 3), axis=0)) > 20


@pytest.mark.parametrize("sort", [MapCanvas, PlainCanvas], ids=["gl", "plain"])
def test_a_screen_that_disappears_or_shrinks_takes_no_map_with_it(sort, small_town, monitor, qtbot):
    monitor("desk-left", QRect(0, 0, 960, 1080))
    monitor("desk-right", QRect(960, 0, 960, 1080))
    window, canvas = QMainWindow(), sort()
    qtbot.addWidget(window)
    window.setCentralWidget(canvas)
    canvas.set_geometry(small_town)
    window.setGeometry(1000, 60, 700, 500)
    window.show()
    qtbot.waitExposed(window)
    rest(canvas, qtbot)
    right = next(screen for screen in QGuiApplication.screens() if screen.name() == "desk-right")
    assert window.screen() is right
    before = canvas.viewpoint
    monitor("desk-right", None)
    assert window.screen().name() == "desk-left"
    rest(canvas, qtbot)
    assert is_painted(canvas)
    assert canvas.viewpoint.shape == before.shape
    monitor("desk-right", QRect(960, 0, 640, 480))  # it is back, with another resolution
    window.setGeometry(980, 20, 600, 400)
    rest(canvas, qtbot)
    assert is_painted(canvas)
    assert canvas.isVisible()
