"""What only the OpenGL canvas does: ids, raised grids, contexts that come and go, drivers that lack or fail."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from OpenGL import GL
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMainWindow

from desktop.map import gl_check
from desktop.map.canvas import MapCanvas
from desktop.map.gl_check import gl_is_usable
from tests.desktop.map.conftest import SPREAD, pixels, put_workers, rest
from tests.desktop.map.invented_town import ORIGIN, degrees, pins

REPOSITORY = Path(__file__).resolve().parents[3]


def test_only_changed_workers_are_uploaded(gl_canvas, qtbot):
    count = 4000
    random = np.random.default_rng(1)
    place = degrees(random.uniform(-380, 380, (count, 2)))
    gl_canvas.set_workers([f"W{n}" for n in range(count)], place[:, 0], place[:, 1])
    rest(gl_canvas, qtbot)
    layer = next(layer for layer in gl_canvas._painter.layers.ordered if layer.name == "workers")
    gl_canvas.shown.move_workers(np.array([5, 6], np.int32), place[:2, 0], place[:2, 1], gl_canvas.now_s())
    gl_canvas.makeCurrent()
    sent = layer.upload()
    gl_canvas.doneCurrent()
    assert 0 < sent < count * 32 / 4


@pytest.mark.parametrize("raised", [False, True])
def test_a_changed_grid_is_drawn_alone_and_leaves_the_same_picture(gl_canvas, qtbot, raised):
    gl_canvas.set_raised(raised)
    gl_canvas.tilt_by(20)
    load = np.array([1, 2, 3, 1, 9, 0], np.int32)
    gl_canvas.set_grid_load(load, load * 0)
    rest(gl_canvas, qtbot)
    counters = gl_canvas.counters
    statics, repairs = counters.static_redraws, counters.repairs
    load[2], load[3] = 0, 6
    gl_canvas.set_grid_load(load, np.array([0, 0, 0, 2, 0, 0], np.int32))
    rest(gl_canvas, qtbot)
    assert (counters.static_redraws, counters.repairs) == (statics, repairs + 1)
    repaired = pixels(gl_canvas).astype(int)
    gl_canvas.shown.statics += 1
    rest(gl_canvas, qtbot)
    assert counters.static_redraws > statics
    assert (np.abs(pixels(gl_canvas).astype(int) - repaired).max(axis=2) > 6).mean() < 0.0005


def test_after_any_pan_the_picture_and_its_ids_are_those_of_a_fresh_one(gl_canvas, qtbot):
    gl_canvas.set_raised(True)
    gl_canvas.tilt_by(20)
    load = np.array([1, 2, 3, 1, 9, 0], np.int32)
    gl_canvas.set_grid_load(load, load * 0)
    rest(gl_canvas, qtbot)
    counters = gl_canvas.counters
    statics, spots = counters.static_redraws, [(x, y) for x in range(20, 880, 61) for y in range(20, 620, 53)]
    for right, down in ((40, -70), (230, 30), (-530, 160), (-20, -480), (900, 900), (-610, -640), (-150, 120)):
        gl_canvas.pan_by(right, down)
        rest(gl_canvas, qtbot)
        load[counters.strips % 4] += 1
        gl_canvas.set_grid_load(load, load * 0)
        rest(gl_canvas, qtbot)
    assert counters.static_redraws == statics
    assert counters.strips >= 6
    panned, ids = pixels(gl_canvas).astype(int), [gl_canvas.id_at(*spot) for spot in spots]
    gl_canvas.shown.statics += 1
    rest(gl_canvas, qtbot)
    assert counters.static_redraws > statics
    assert (np.abs(pixels(gl_canvas).astype(int) - panned).max(axis=2) > 6).mean() < 0.002
    assert [gl_canvas.id_at(*spot) for spot in spots] == ids
    assert len(set(ids)) >= 5


def test_a_smaller_window_shows_what_one_made_so_small_shows_in_the_textures_there_were(gl_canvas, small_town, qtbot):
    gl_canvas.turn(20)
    rest(gl_canvas, qtbot)
    cache = gl_canvas._painter._cache
    gl_canvas.resize(611, 407)
    rest(gl_canvas, qtbot)
    for right, down in ((250, -160), (-700, 300), (330, -90)):
        gl_canvas.pan_by(right, down)
        rest(gl_canvas, qtbot)
    assert gl_canvas._painter._cache is cache
    fresh = MapCanvas()
    qtbot.addWidget(fresh)
    fresh.resize(611, 407)
    fresh.set_geometry(small_town)
    fresh.show()
    fresh.set_viewpoint(gl_canvas.viewpoint)
    rest(fresh, qtbot)
    assert fresh._painter._cache.room == (611, 407)
    assert (np.abs(pixels(gl_canvas).astype(int) - pixels(fresh)).max(axis=2) > 6).mean() < 0.002
    spots = [(x, y) for x in range(10, 600, 31) for y in range(10, 400, 29)]
    assert [gl_canvas.id_at(*spot) for spot in spots] == [fresh.id_at(*spot) for spot in spots]
    room = cache.room
    for size, kept in (
        ((room[0], room[1] + 20), (room[0], room[1] + 20)),
        ((700, 500), (room[0], room[1] + 20)),
        ((240, 200), (240, 200)),
    ):
        gl_canvas.resize(*size)
        rest(gl_canvas, qtbot)
        assert gl_canvas._painter._cache.room == kept


def test_turning_draws_without_margin_and_standing_still_draws_once_more(gl_canvas, qtbot):
    counters = gl_canvas.counters
    smooth, statics = counters.smooth_redraws, counters.static_redraws
    gl_canvas.turn(15)
    qtbot.waitUntil(lambda: counters.static_redraws > statics)
    assert counters.smooth_redraws == smooth
    qtbot.waitUntil(lambda: counters.smooth_redraws == smooth + 1)


def test_the_map_survives_its_panel_moving_to_another_window(gl_canvas, qtbot):
    gl_canvas.set_pins(pins([(0.0, 100.0)]))
    rest(gl_canvas, qtbot)
    before = pixels(gl_canvas).astype(int)
    other = QMainWindow()
    qtbot.addWidget(other)
    other.resize(gl_canvas.size())
    other.setCentralWidget(gl_canvas)
    other.show()
    qtbot.waitExposed(other)
    gl_canvas.fit_all()
    rest(gl_canvas, qtbot)
    after = pixels(gl_canvas).astype(int)
    assert after.shape == before.shape
    assert (np.abs(after - before).sum(axis=2) > 12).mean() < 0.02
    gl_canvas.setParent(None)
    qtbot.addWidget(gl_canvas)


@pytest.mark.noisy("the map cannot be painted")
def test_a_failure_while_painting_is_logged_and_said_on_the_map(gl_canvas, qtbot):
    class Broken:
        name, is_static = "broken", False

        def draw(self, frame):
            raise RuntimeError("the driver lost its mind")

    gl_canvas._painter.layers.ordered[-1].draw = Broken().draw
    with qtbot.waitSignal(gl_canvas.failed) as failed:
        gl_canvas.update()
    assert "lost its mind" in failed.args[0]
    assert gl_canvas.furniture.banner.isVisible()
    assert "日志" in gl_canvas.furniture.banner.text()


def test_a_full_atlas_keeps_pins_and_ranks_and_drops_names(gl_canvas, qtbot):
    put_workers(gl_canvas, SPREAD, qtbot)
    gl_canvas.go_to(ORIGIN, 1.5)
    rest(gl_canvas, qtbot)
    _, before = gl_canvas.mark_boxes("names")
    assert len(before) > 3
    atlas = gl_canvas._painter._bench.atlas
    atlas.side_px = 150
    atlas.start_over(atlas.sprites)
    gl_canvas.set_pins(pins(SPREAD))
    gl_canvas.set_candidates([0, 1, 2])
    rest(gl_canvas, qtbot)
    assert gl_canvas.drawn_pin("SY-0002") is not None
    _, after = gl_canvas.mark_boxes("names")
    assert len(after) < len(before)
    assert not gl_canvas._broken


def test_the_picture_is_opaque_everywhere(gl_canvas, qtbot):
    put_workers(gl_canvas, SPREAD, qtbot)
    gl_canvas.set_pins(pins([(0.0, 100.0)]))
    gl_canvas.select("incident", "SY-0000")
    rest(gl_canvas, qtbot)
    image = gl_canvas.grabFramebuffer().convertToFormat(QImage.Format.Format_RGBA8888)
    alpha = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)[:, 3::4]
    assert alpha.min() >= 254


def live_names() -> tuple[int, int]:
    """Buffers and vertex arrays that exist in the current context."""
    return sum(map(bool, map(GL.glIsBuffer, range(1, 600)))), sum(map(bool, map(GL.glIsVertexArray, range(1, 600))))


def test_another_town_gives_the_buffers_of_the_last_one_back(gl_canvas, small_town, qtbot):
    counts = []
    for _ in range(3):
        gl_canvas.set_geometry(replace(small_town))
        rest(gl_canvas, qtbot)
        gl_canvas.makeCurrent()
        counts.append(live_names())
        gl_canvas.doneCurrent()
    assert counts[0] == counts[1] == counts[2]
    assert counts[0][0] > 10


def test_keys_are_left_to_the_desk(gl_canvas, qtbot):
    before = gl_canvas.viewpoint
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_A):
        qtbot.keyClick(gl_canvas, key)
    assert gl_canvas.viewpoint == before


# Drivers


def ask(**environment: str) -> tuple[bool, str]:
    """What the check says in an environment of its own."""
    run = subprocess.run(
        [sys.executable, "-c", "import json; from desktop.map.gl_check import gl_is_usable; print(json.dumps(gl_is_usable()))"],
        env={**os.environ, **environment},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    usable, reason = json.loads(run.stdout.splitlines()[-1])
    return usable, reason


def test_opengl_works_on_this_screen(gl_canvas):
    usable, renderer = ask()
    assert usable
    assert renderer


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({"GRIDWARDEN_GL": "off"}, "GRIDWARDEN_GL=off"),
        ({"MESA_GL_VERSION_OVERRIDE": "2.1"}, "OpenGL"),
        ({"DISPLAY": ":31999"}, "display"),
    ],
    ids=["switched off", "too old", "no screen"],
)
def test_without_usable_opengl_the_reason_is_said(environment, reason):
    usable, said = ask(**environment)
    assert not usable
    assert reason in said


def test_the_check_is_asked_once():
    assert gl_is_usable() is gl_is_usable()
    assert gl_check.ASK_S <= 30


PICTURE = """
import sys, numpy as np
from PySide6.QtWidgets import QApplication
app = QApplication([])
from desktop.map.canvas import MapCanvas
from tests.desktop.map.invented_town import geometry, pins
canvas = MapCanvas()
canvas.resize(640, 480)
canvas.set_geometry(geometry())
canvas.set_pins(pins([(-450.0, -100.0), (300.0, 250.0)], urgency=[1, 2]))
canvas.set_grid_load(np.array([0, 3, 0, 9, 1, 0], np.int32), np.array([0, 0, 0, 1, 0, 0], np.int32))
canvas.show()
while canvas.counters.smooth_redraws < 1:
    app.processEvents()
canvas.grabFramebuffer().save(sys.argv[1])
print(*canvas.context().format().version())
"""


def picture(path: Path, **environment: str) -> tuple[str, np.ndarray]:
    """The small town painted by a process of its own: what it said of the driver, and the pixels."""
    run = subprocess.run(
        [sys.executable, "-c", PICTURE, str(path)],
        env={**os.environ, **environment},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return run.stdout.strip(), rows[:, : image.width() * 3].astype(int)


def test_the_oldest_driver_that_serves_paints_the_same_picture(xvfb, tmp_path):
    _, new = picture(tmp_path / "new.png")
    said, old = picture(tmp_path / "old.png", MESA_GL_VERSION_OVERRIDE="3.3", MESA_EXTENSION_OVERRIDE="-GL_ARB_base_instance")
    assert said == "3 3"
    assert old.shape == new.shape
    assert (np.abs(old - new) > 8).mean() < 0.001
