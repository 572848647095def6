"""A plain map on which only dots move paints patches, and what is on the screen is what painting all of it would show."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QRegion

from desktop.map.plain_canvas import PlainCanvas
from desktop.map.plain_patches import CELL_PX, Patches, around
from tests.desktop.map.conftest import put_workers, rest, shown
from tests.desktop.map.invented_town import degrees, pins

SPREAD = [(x, y) for x in range(-520, 560, 90) for y in range(-330, 360, 110)]


def on_screen(canvas: PlainCanvas) -> np.ndarray:
    """Pixels that the X server shows of the canvas, int[height, width, 3]."""
    image = canvas.screen().grabWindow(canvas.winId()).toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).astype(int)


def all_stand_where_they_are(canvas: PlainCanvas) -> bool:
    """Whether nobody is under way and every dot was painted within a pixel of its place."""
    now_s = canvas.now_s()
    away = np.abs(canvas._stood.px - canvas.dots_px(now_s).px).max()
    return away < 1.0 and not canvas.shown.workers.is_gliding(now_s) and not canvas._flushed.isActive()


def test_patches_leave_on_the_screen_what_a_whole_frame_would(small_town, qtbot):
    canvas = shown(PlainCanvas(), small_town, qtbot)
    canvas.set_pins(pins(SPREAD[::5]))
    put_workers(canvas, SPREAD, qtbot)
    rest(canvas, qtbot)
    random, patched = np.random.default_rng(5), canvas.counters.patched
    for _ in range(4):
        rows = random.choice(len(SPREAD), 3, replace=False).astype(np.int32)
        place = degrees(np.array(SPREAD)[rows] + random.uniform(-60, 60, (3, 2)))
        canvas.move_workers(rows, place[:, 0], place[:, 1])
        qtbot.waitUntil(lambda: all_stand_where_they_are(canvas))
    assert canvas.counters.patched > patched
    frames, before = canvas.counters.dynamic_frames, on_screen(canvas)
    canvas.update()
    qtbot.waitUntil(lambda: canvas.counters.dynamic_frames > frames and not canvas._flushed.isActive())
    differs = np.abs(on_screen(canvas) - before).max(axis=2) > 40
    assert differs.mean() < 1e-3
    row, column = np.nonzero(differs)  # less than a pixel of way is not painted: only rims of dots may differ
    dots = canvas.dots_px(canvas.now_s()).px
    away = np.hypot(dots[:, 0, None] - column, dots[:, 1, None] - row).min(axis=0, initial=np.inf)
    assert away.max(initial=0.0) <= 7.0


def test_who_is_selected_is_painted_with_all_that_goes_along(small_town, qtbot):
    canvas = shown(PlainCanvas(), small_town, qtbot)
    put_workers(canvas, SPREAD, qtbot)
    canvas.select("worker", "W3")
    rest(canvas, qtbot)
    frames, patched = canvas.counters.dynamic_frames, canvas.counters.patched
    place = degrees(np.array(SPREAD[:1]) + 90.0)
    canvas.move_workers(np.array([0], np.int32), place[:, 0], place[:, 1])
    qtbot.waitUntil(lambda: canvas.counters.dynamic_frames > frames)
    assert canvas.counters.patched == patched


box = st.tuples(st.integers(-40, 260), st.integers(-40, 200), st.integers(1, 90), st.integers(1, 90))


@settings(max_examples=60)
@given(st.lists(box, max_size=6), box)
def test_a_box_touches_the_patches_where_their_cells_meet(taken, asked):
    patches = Patches(200, 150)
    patches.take(np.array([(x, y, x + w, y + h) for x, y, w, h in taken], float).reshape(-1, 4))
    region = patches.region()
    x, y, w, h = asked
    cells = QRect(x // CELL_PX * CELL_PX, y // CELL_PX * CELL_PX, 0, 0)
    cells.setRight(-(-(x + w) // CELL_PX) * CELL_PX - 1)
    cells.setBottom(-(-(y + h) // CELL_PX) * CELL_PX - 1)
    assert bool(patches.touch(np.array([[x, y, x + w, y + h]], float))[0]) == region.intersects(cells)
    again = Patches.of_region(region & QRegion(0, 0, 200, 150), 200, 150).region()
    assert again == region


@pytest.mark.parametrize("px", [(np.nan, 3.0), (-1e6, -1e6), (1e9, 5.0)])
def test_a_dot_that_is_nowhere_makes_no_patch(px):
    patches = Patches(200, 150)
    patches.take(around(np.array([px]), 5.0))
    assert patches.share == 0.0
