"""Trails of live workers: what a ring keeps of whom, and how it is drawn without anything that stands still."""

from __future__ import annotations

import numpy as np
import pytest

from desktop.map.canvas import MapCanvas
from desktop.map.graphics import METER
from desktop.map.moving import JUMP_M
from desktop.map.scene import WorkerMark
from desktop.map.trail_marks import trail_rows
from desktop.map.trails import FADE_S, KEPT, MOST_IN_VIEW, SLOTS, STEP_M, Trails
from tests.desktop.map.conftest import SPREAD, at, move, pixels, put_workers, rest


def rows(*numbers: int) -> np.ndarray:
    """Rows int32[n]."""
    return np.array(numbers, np.int32)


def walk(trails: Trails, row: int, xy: object, *, began_s: float = 0.0, every_s: float = 10.0) -> np.ndarray:
    """Let one worker walk along; where they are in the end float64[1, 2]."""
    places = np.asarray(xy, float)
    for number in range(len(places) - 1):
        grid = np.zeros(1, np.int32)
        trails.leave(rows(row), places[number : number + 1], grid, places[number + 1 : number + 2], began_s + number * every_s)
    return places[-1:]


def ends_of(trails: Trails, row: int, here: np.ndarray, now_s: float) -> list[list[list[float]]]:
    """Pieces of a trail, the newest first."""
    return trails.pieces(rows(row), here, now_s)[0].tolist()


def test_a_trail_is_the_way_back_from_where_somebody_is():
    trails = Trails()
    trails.start_with(3)
    here = walk(trails, 1, [(0, 0), (20, 0), (40, 0)])
    assert ends_of(trails, 1, here, 30.0) == [[[20, 0], [40, 0]], [[0, 0], [20, 0]]]
    assert ends_of(trails, 0, here, 30.0) == []


def test_a_ring_keeps_the_last_places_only():
    trails = Trails()
    trails.start_with(1)
    here = walk(trails, 0, [(20.0 * n, 0.0) for n in range(KEPT * 3)], every_s=1.0)
    found = ends_of(trails, 0, here, KEPT * 3.0)
    assert len(found) == KEPT
    assert found[0][1] == here[0].tolist()
    assert found[-1][0] == [20.0 * (KEPT * 3 - 1 - KEPT), 0.0]


def test_trembling_fills_no_ring_and_an_old_trail_is_gone():
    trails = Trails()
    trails.start_with(1)
    random = np.random.default_rng(1)
    here = walk(trails, 0, random.normal(0, STEP_M / 8, (100, 2)))
    assert trails.count.tolist() == [1]
    here = walk(trails, 0, [*here.tolist(), (50, 0), (90, 0)], began_s=2_000.0)
    assert len(ends_of(trails, 0, here, 2_020.0)) == 2
    assert ends_of(trails, 0, here, 2_020.0 + FADE_S) == []


def test_no_trail_leads_across_a_jump_or_from_nowhere():
    trails = Trails()
    trails.start_with(1)
    here = walk(trails, 0, [(np.nan, np.nan), (0, 0), (20, 0), (JUMP_M + 100, 0), (JUMP_M + 130, 0)])
    assert ends_of(trails, 0, here, 50.0) == [
        [[JUMP_M + 100, 0], [JUMP_M + 130, 0]],
        [[0, 0], [20, 0]],
    ]


def test_of_a_province_only_those_in_view_keep_rings_and_who_was_wanted_longest_ago_loses_theirs():
    trails = Trails()
    trails.start_with(402_400)
    assert trails.size < 2_000_000
    first, second = np.arange(SLOTS, dtype=np.int32), np.arange(200_000, 200_100, dtype=np.int32)
    trails.keep(first)
    walk(trails, 17, [(0, 0), (20, 0), (40, 0)])
    trails.keep(first[100:])
    trails.keep(second)
    assert (trails.slot_of[second] >= 0).all()
    assert (trails.slot_of[first[:100]] == -1).all()
    assert (trails.slot_of[first[100:]] >= 0).all()
    held = trails.slot_of[trails.slot_of >= 0]
    assert len(np.unique(held)) == len(held) == SLOTS
    here = walk(trails, 200_050, [(5, 5), (25, 5)])
    assert len(ends_of(trails, 200_050, here, 20.0)) == 1  # nothing is left of who had the ring before
    trails.keep(np.arange(300_000, 300_000 + 2 * SLOTS, dtype=np.int32))
    assert (trails.slot_of >= 0).sum() == SLOTS


STREET = [(-500.0 + 25.0 * n, -120.0) for n in range(12)]


def is_drawn(canvas, empty: np.ndarray, x: float, y: float) -> bool:
    """Whether something is painted at a place that was not before."""
    there = at(canvas, x, y)
    part = (slice(there.y() - 2, there.y() + 3), slice(there.x() - 2, there.x() + 3))
    return bool((np.abs(pixels(canvas).astype(int) - empty)[part].max(axis=2) > 25).any())


def test_who_is_selected_or_followed_leaves_a_trail_the_others_with_the_layer_on(canvas, qtbot):
    put_workers(canvas, SPREAD, qtbot)
    empty = pixels(canvas).astype(int)
    for place in STREET:
        move(canvas, 0, place)
    rest(canvas, qtbot)
    assert not is_drawn(canvas, empty, *STREET[6])
    redraws = canvas.counters.static_redraws
    canvas.select("worker", "W0")
    rest(canvas, qtbot)
    assert is_drawn(canvas, empty, *STREET[6])
    canvas.select("worker", None)
    canvas.set_followed(["W0"])
    rest(canvas, qtbot)
    assert is_drawn(canvas, empty, *STREET[6])
    canvas.set_followed([])
    rest(canvas, qtbot)
    assert not is_drawn(canvas, empty, *STREET[6])
    assert canvas.counters.static_redraws == redraws
    canvas.set_layer_visible("trails", True)
    rest(canvas, qtbot)
    assert is_drawn(canvas, empty, *STREET[6])
    canvas.set_layer_visible("workers", False)
    rest(canvas, qtbot)
    assert not is_drawn(canvas, empty, *STREET[6])


def test_a_worker_delta_with_trails_redraws_nothing_that_stands_still_and_sends_one_ring(gl_canvas: MapCanvas, qtbot):
    put_workers(gl_canvas, SPREAD, qtbot)
    gl_canvas.set_layer_visible("trails", True)
    rest(gl_canvas, qtbot)
    counters, trails = gl_canvas.counters, gl_canvas.shown.trails
    before = (counters.static_redraws, counters.repairs)
    for place in STREET[:4]:
        sent, frames = METER.uploaded_bytes, counters.dynamic_frames
        move(gl_canvas, 2, place)
        qtbot.waitUntil(lambda frames=frames: counters.dynamic_frames > frames, timeout=5_000)
        assert METER.uploaded_bytes - sent < 2 * (trails.places[0].nbytes + 4 * 44) + 2_000
    assert (counters.static_redraws, counters.repairs) == before


@pytest.mark.parametrize(("count", "wanted"), [(MOST_IN_VIEW, MOST_IN_VIEW), (MOST_IN_VIEW + 1, 1)])
def test_more_trails_than_anyone_could_tell_apart_are_not_drawn(gl_canvas: MapCanvas, qtbot, count, wanted):
    put_workers(gl_canvas, np.random.default_rng(1).uniform(-300, 300, (count, 2)), qtbot)
    gl_canvas.set_layer_visible("trails", True)
    gl_canvas.select("worker", "W3")
    assert len(trail_rows(gl_canvas.shown)) == wanted
    gl_canvas.set_worker_marks(rows(3), np.array([WorkerMark.OFF], np.uint8))
    assert len(trail_rows(gl_canvas.shown)) == wanted - 1


def test_the_trail_of_whom_one_follows_grows_as_they_walk(canvas, qtbot):
    put_workers(canvas, SPREAD, qtbot)
    canvas.set_followed(["W0"])
    rest(canvas, qtbot)
    empty = pixels(canvas).astype(int)
    for place in STREET[:3]:
        frames = canvas.counters.dynamic_frames
        move(canvas, 0, place)
        qtbot.waitUntil(lambda frames=frames: canvas.counters.dynamic_frames > frames, timeout=5_000)
    x, y = STREET[1][0] + 12.0, STREET[1][1]
    qtbot.waitUntil(lambda: is_drawn(canvas, empty, x, y), timeout=5_000)
    assert canvas.counters.patched == 0  # of the plain map: dots alone are painted in patches, which would cut a trail
