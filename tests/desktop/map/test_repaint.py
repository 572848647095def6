"""When a canvas paints: what moves redraws nothing that stands still, and where nothing changed nothing is painted."""

from __future__ import annotations

import numpy as np

from desktop.map.moving import GLIDE_S
from desktop.map.plain_canvas import PlainCanvas
from tests.desktop.map.conftest import SPREAD, move, pixels, put_workers, rest
from tests.desktop.map.invented_town import pins


def test_workers_that_move_do_not_redraw_what_stands_still(canvas, qtbot):
    put_workers(canvas, SPREAD, qtbot)
    statics, frames = canvas.counters.static_redraws, canvas.counters.dynamic_frames
    layouts = canvas.counters.layouts
    for step in range(1, 4):
        move(canvas, 0, (-450.0 + 40 * step, -100.0))
        qtbot.waitUntil(lambda: not canvas.shown.workers.is_gliding(canvas.now_s()))
    qtbot.waitUntil(lambda: canvas.counters.dynamic_frames > frames + 2)
    assert canvas.counters.static_redraws == statics
    assert canvas.counters.layouts == layouts


def test_a_dot_arrives_within_a_pixel_of_its_fix(canvas, qtbot):
    put_workers(canvas, SPREAD, qtbot)
    move(canvas, 1, (120.0, 200.0))
    target = canvas.drawn_oblique().screen(120.0, 200.0)
    qtbot.waitUntil(lambda: np.hypot(*(np.array(canvas.where_drawn("W1")) - target)) <= 1.0, timeout=3000)


def test_nothing_is_painted_when_nothing_changed(canvas, qtbot, spin):
    put_workers(canvas, SPREAD, qtbot)
    canvas.set_pins(pins(SPREAD))
    rest(canvas, qtbot)
    spin(50)
    frames = canvas.counters.dynamic_frames
    spin(500)
    assert canvas.counters.dynamic_frames == frames


def test_the_same_pins_again_paint_nothing(canvas, qtbot, spin):
    canvas.set_pins(pins(SPREAD))
    rest(canvas, qtbot)
    spin(50)
    frames = canvas.counters.dynamic_frames
    canvas.set_pins(pins(SPREAD))
    spin(200)
    assert canvas.counters.dynamic_frames == frames
    canvas.set_pins(pins(SPREAD, state=2))
    qtbot.waitUntil(lambda: canvas.counters.dynamic_frames > frames)


def test_a_move_of_less_than_a_pixel_paints_nothing(canvas, qtbot, spin):
    put_workers(canvas, SPREAD, qtbot)
    spin(50)
    frames = canvas.counters.dynamic_frames
    step_m = 0.4 * canvas.viewpoint.metres_per_pixel
    move(canvas, 0, (SPREAD[0][0] + step_m, SPREAD[0][1]))
    spin(int(GLIDE_S * 1000) + 500)
    assert canvas.counters.dynamic_frames == frames


def test_moving_dots_are_painted_at_the_pace_and_no_faster(canvas, qtbot, spin):
    put_workers(canvas, SPREAD, qtbot)
    frames = canvas.counters.dynamic_frames
    for step in range(40):
        move(canvas, 0, (-450.0 + 10 * step, -100.0))
        spin(25)
    painted = canvas.counters.dynamic_frames - frames
    assert 2 <= painted <= 11


def test_a_hidden_map_paints_nothing_and_catches_up_when_shown(canvas, qtbot, spin):
    put_workers(canvas, SPREAD, qtbot)
    canvas.hide()
    frames = canvas.counters.dynamic_frames
    move(canvas, 0, (0.0, 300.0))
    spin(900)
    assert canvas.counters.dynamic_frames == frames
    canvas.show()
    target = canvas.drawn_oblique().screen(0.0, 300.0)
    qtbot.waitUntil(lambda: np.hypot(*(np.array(canvas.where_drawn("W0")) - target)) <= 1.0, timeout=3000)


def test_a_small_pan_shifts_the_picture_and_redraws_nothing(canvas, qtbot):
    before, statics = pixels(canvas).astype(int), canvas.counters.static_redraws
    canvas.pan_by(60, 35)
    rest(canvas, qtbot)
    after = pixels(canvas).astype(int)
    assert canvas.counters.static_redraws == statics
    shifted = np.abs(after[100:500, 150:700] - before[65:465, 90:640]).sum(axis=2)
    assert (shifted > 12).mean() < 0.02


def test_a_plain_map_is_painted_anew_once_a_pan_leaves_its_margin(canvas, qtbot):
    statics = canvas.counters.static_redraws
    canvas.pan_by(360, 0)
    rest(canvas, qtbot)
    assert (canvas.counters.static_redraws > statics) == isinstance(canvas, PlainCanvas)


def test_a_frame_number_follows_every_swap(canvas, qtbot):
    seen = []
    canvas.frame_swapped.connect(seen.append)
    for _ in range(3):
        rest(canvas, qtbot)
    qtbot.waitUntil(lambda: len(seen) >= 3)
    assert seen == list(range(seen[0], seen[0] + len(seen)))
