"""Tracks: what is kept of them at each scale, what is not drawn as a way, and how they are shown, played and pointed at."""

from __future__ import annotations

import gzip
import time
from itertools import islice, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.map.canvas import MapCanvas
from desktop.map.graphics import METER
from desktop.map.grid_raster import GridRaster
from desktop.map.picking import Found
from desktop.map.simplify import importance_m
from desktop.map.tracks import GAP_S, TOLERANCES_M, Colouring, Stretch, Track, Way, level_at, speed_class
from desktop.map.tracks_shown import TracksShown
from gis_data.town.plane import Plane
from governance.places import LonLat
from tests.desktop.map.conftest import at, pixels, rest
from tests.desktop.map.invented_town import PLANE, degrees
from tests.fakes.shared_data import shared

LONG = "data/tracks/geolife_2users_217653pts.csv.gz"
NOWHERE = GridRaster(np.zeros((0, 2)), np.zeros(1, np.int64), np.zeros(0, np.int32))
START_S = 1_764_500_000.0


def track(xy: object, every_s: float = 10.0, id_: str = "W1") -> Track:
    """A track through plane metres of the small town, a fix every so many seconds."""
    place = degrees(xy)
    return Track.of(id_, place[:, 0], place[:, 1], START_S + np.arange(len(place)) * every_s)


def way(xy: object, every_s: float = 10.0) -> Way:
    """The same, in the plane."""
    return Way.of(track(xy, every_s), PLANE, NOWHERE)


def away_m(points: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Metres from points to one piece of line, worked out another way than the code does."""
    steps = np.linspace(0.0, 1.0, 801)[:, None]
    line = start + (end - start) * steps
    return np.hypot(*(points[:, None, :] - line[None]).transpose(2, 0, 1)).min(axis=1)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(3, 60), st.sampled_from([1.0, 8.0, 40.0]), st.booleans())
def test_what_is_left_out_lies_no_farther_from_the_line_than_the_tolerance(seed, count, tolerance, with_gaps):
    random = np.random.default_rng(seed)
    xy = np.cumsum(random.normal(0, 12, (count, 2)), axis=0)
    apart = np.where(random.random(count - 1) < 0.2, np.hypot(*np.diff(xy, axis=0).T), 0.0) * with_gaps
    kept = np.nonzero(importance_m(xy, apart) >= tolerance)[0]
    assert kept[0] == 0
    assert kept[-1] == count - 1
    for first, last in pairwise(kept):
        if last - first > 1:
            assert away_m(xy[first + 1 : last], xy[first], xy[last]).max() <= tolerance * 1.01 + 0.1
            assert apart[first:last].max() < tolerance


@pytest.mark.parametrize("shape", ["spiral", "gaps", "one place", "to and fro"])
def test_no_line_takes_long_to_weigh(shape):
    count = 20_000
    turn = np.arange(count) * 0.01
    xy = {
        "spiral": np.column_stack([np.cos(turn) * turn, np.sin(turn) * turn]),
        "gaps": np.column_stack([turn * 100, turn * 0]),
        "one place": np.zeros((count, 2)),
        "to and fro": np.column_stack([turn % 1.0, turn * 0]),
    }[shape]
    apart = np.sort(np.random.default_rng(1).random(count - 1)) * 1e4 if shape == "gaps" else np.zeros(count - 1)
    began_s = time.process_time()
    matters = importance_m(xy, apart)
    assert time.process_time() - began_s < 2.0  # 0.1 s; forty times that if every point had a pass of its own
    assert np.isinf(matters[[0, -1]]).all()


def test_a_track_is_put_in_order_and_what_has_no_place_is_left_out():
    lon, lat = [120.2, 120.3, np.nan, 120.4, 400.0, 120.5], [30.3] * 6
    made = Track.of("W1", lon, lat, [50.0, 20.0, 30.0, 20.0, 60.0, np.inf])
    assert made.at_s.tolist() == [20.0, 50.0]
    assert made.lon.tolist() == [120.3, 120.2]
    assert made.left_out == 4
    with pytest.raises(ValueError):
        Track.of("W1", lon, lat[:-1], [0.0] * 6)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_track_of_next_to_nothing_is_a_way(count):
    made = way(np.zeros((count, 2)) + 5.0)
    assert [len(level) for level in made.levels] == [count] * len(TOLERANCES_M)
    assert (made.spot(START_S) is None) == (count == 0)


def test_nobody_is_drawn_where_nobody_was_seen():
    place = degrees([(0, 0), (50, 0), (300, 0), (350, 0), (50_000, 0), (50_050, 0)])
    at_s = np.cumsum([0.0, 10, GAP_S + 1, 10, 20, 10])
    made = Way.of(Track.of("W1", place[:, 0], place[:, 1], at_s), PLANE, NOWHERE)
    assert made.stretch.tolist() == [Stretch.SEEN, Stretch.UNSEEN, Stretch.SEEN, Stretch.IMPOSSIBLE, Stretch.SEEN]
    pieces = made.pieces(level_at(200.0), (-1e6, -1e6, 1e6, 1e6))
    assert made.known(*pieces).tolist() == made.stretch.tolist()
    assert made.spot(at_s[1] + 200).row == 1
    assert not made.spot(at_s[1] + 200).is_seen


@pytest.mark.parametrize(
    ("moment", "x", "row", "is_seen"),
    [(0.0, 0.0, 0, True), (5.0, 50.0, 0, True), (15.0, 150.0, 1, True), (20.0, 200.0, 2, True), (99.0, 200.0, 2, False)],
)
def test_the_mark_stands_where_somebody_was_at_the_moment(moment, x, row, is_seen):
    spot = way([(0, 0), (100, 0), (200, 0)]).spot(START_S + moment)
    assert (spot.x, spot.row, spot.is_seen) == (pytest.approx(x, abs=0.1), row, is_seen)


@pytest.mark.parametrize(("speed", "found"), [(0.0, 0), (1.4, 1), (4.0, 2), (8.0, 3), (15.0, 4), (33.0, 5)])
def test_speeds_have_classes_a_person_would_name(speed, found):
    assert speed_class(np.array([speed], np.float32)).tolist() == [found]


def test_a_long_track_has_fewer_fixes_the_farther_one_looks_and_still_runs_the_same_way():
    with gzip.open(shared(LONG), "rt") as lines:
        rows = [line.split(",") for line in islice(lines, 1, 40_001)]
    lat, lon = (np.array([float(row[column]) for row in rows]) for column in (0, 1))
    at_s = np.array([row[2].replace(" ", "T") for row in rows], "datetime64[s]").astype(float)
    made = Way.of(Track.of("001", lon, lat, at_s), Plane(LonLat(116.33, 39.98)), NOWHERE)
    counts = [len(level) for level in made.levels]
    assert counts[0] == len(at_s) == 40_000
    assert counts == sorted(counts, reverse=True)
    assert counts[level_at(2.0)] < 20_000
    assert counts[level_at(30.0)] < 4_000
    for finer, coarser in zip(made.levels[:-1], made.levels[1:], strict=True):
        assert np.isin(coarser, finer).all()
    level = level_at(30.0)
    kept = made.levels[level]
    for first, last in islice(pairwise(kept), 0, None, 40):
        if last - first > 1:
            assert away_m(made.xy[first + 1 : last], made.xy[first], made.xy[last]).max() <= TOLERANCES_M[level] + 1.0


CROSSING = [(x, -60.0 + 30.0 * np.sin(x / 90.0)) for x in np.arange(-500.0, 501.0, 10.0)]


def test_an_officer_looks_at_a_track_plays_it_and_points_at_a_fix(canvas, qtbot):
    empty = pixels(canvas).astype(int)
    walked = track(CROSSING)
    canvas.show_tracks([walked], until=START_S + 500.0)  # seconds UTC: half of it, with a mark where W1 was then
    assert canvas.are_tracks_ready
    rest(canvas, qtbot)

    def is_drawn(row: int) -> bool:
        there = at(canvas, *CROSSING[row])
        part = (slice(there.y() - 3, there.y() + 4), slice(there.x() - 3, there.x() + 4))
        return bool((np.abs(pixels(canvas).astype(int) - empty)[part].max(axis=2) > 60).any())

    assert is_drawn(20)
    assert is_drawn(50)
    assert not is_drawn(70)
    redraws = canvas.counters.static_redraws
    canvas.show_tracks([walked], until=START_S + 800.0)
    rest(canvas, qtbot)
    assert is_drawn(70)
    assert canvas.counters.static_redraws == redraws  # nothing that stands still is painted for it
    there = at(canvas, *CROSSING[40])
    found = canvas.thing_at(there.x(), there.y() + 1)
    assert found == Found("fix", "W1#40")
    assert canvas.track_fix(found.id) == (walked, 40)
    there = at(canvas, *CROSSING[90])
    assert canvas.thing_at(there.x(), there.y()).kind == "grid"  # not walked yet
    canvas.show_tracks([])
    rest(canvas, qtbot)
    assert not is_drawn(20)
    assert canvas.track_fix(found.id) is None


def test_a_hidden_layer_of_tracks_is_neither_drawn_nor_pointed_at(canvas, qtbot):
    canvas.show_tracks([track(CROSSING)])
    canvas.set_layer_visible("tracks", False)
    rest(canvas, qtbot)
    there = at(canvas, *CROSSING[40])
    assert canvas.thing_at(there.x(), there.y()).kind == "grid"


def test_playing_uploads_next_to_nothing(gl_canvas: MapCanvas, qtbot):
    walked = track(CROSSING)
    gl_canvas.show_tracks([walked], until=START_S + 300.0)
    rest(gl_canvas, qtbot)
    gathered, sent = gl_canvas.shown.tracks.gathered, METER.uploaded_bytes
    for moment in range(310, 400, 10):
        gl_canvas.show_tracks([walked], until=START_S + moment)
        rest(gl_canvas, qtbot)
    assert gl_canvas.shown.tracks.gathered == gathered
    frames = 2 * 9
    assert METER.uploaded_bytes - sent < frames * 2_500  # the marks


def test_a_long_track_is_made_ready_elsewhere_and_a_newer_wish_wins(canvas, qtbot):
    turn = np.arange(30_000) * 0.01
    long = track(np.column_stack([np.cos(turn), np.sin(turn)]) * turn[:, None], 5.0, "W2")
    canvas.show_tracks([long])
    assert not canvas.are_tracks_ready
    canvas.show_tracks([long, track(CROSSING)])
    qtbot.waitUntil(lambda: canvas.are_tracks_ready, timeout=10_000)
    assert [each.track.id for each in canvas.shown.tracks.ways] == ["W2", "W1"]


def test_tracks_survive_a_new_town_and_another_canvas(canvas, small_town, qtbot):
    walked = track(CROSSING)
    canvas.show_tracks([walked], until=START_S + 10.0)
    canvas.set_geometry(small_town)
    assert canvas.are_tracks_ready
    other = type(canvas)()
    qtbot.addWidget(other)
    other.set_geometry(small_town)
    canvas.hand_tracks_to(other)
    assert other.are_tracks_ready
    assert other.shown.tracks.until_s == START_S + 10.0


def test_of_several_tracks_each_has_a_tint_of_its_own_and_one_tells_the_time():
    ways = [way(CROSSING), way([(x, y + 50) for x, y in CROSSING])]
    shown = TracksShown()
    shown.show(ways, Colouring.OWN, -np.inf, np.inf)
    assert [shown.tint_of(number, 10) for number in range(2)] == [0, 1]
    shown.show(ways, Colouring.TIME, -np.inf, np.inf)
    assert [shown.tint_of(0, row) for row in (0, 50, 100)] == [0, 3, 5]


def test_a_dense_track_plays_in_a_picture_that_moves_with_the_map(canvas, qtbot):
    """Enough pieces that both canvases keep a picture of them; it has to show what single lines would."""
    random = np.random.default_rng(3)
    dense = np.column_stack([np.linspace(-500, 500, 4_000), -100 + random.normal(0, 20, 4_000)])
    walked = track(dense, 1.0)
    empty = pixels(canvas).astype(int)
    canvas.show_tracks([walked], until=START_S + 2_000.0)
    rest(canvas, qtbot)
    assert len(canvas.shown.tracks.strokes) > 1_500

    def share(x: float) -> float:
        there = at(canvas, x, -100.0)
        part = (slice(there.y() - 8, there.y() + 9), slice(there.x() - 8, there.x() + 9))
        return float((np.abs(pixels(canvas).astype(int) - empty)[part].max(axis=2) > 60).mean())

    assert share(-200.0) > 0.5 > 0.1 > share(300.0)
    canvas.show_tracks([walked], until=START_S + 3_900.0)
    rest(canvas, qtbot)
    assert share(300.0) > 0.5
    before = pixels(canvas).astype(int)
    canvas.pan_by(30, 20)
    rest(canvas, qtbot)
    there = at(canvas, 0.0, -100.0)
    part = pixels(canvas).astype(int)[there.y() - 40 : there.y() + 40, there.x() - 120 : there.x() + 120]
    was = before[there.y() - 60 : there.y() + 20, there.x() - 150 : there.x() + 90]
    assert (np.abs(part - was).max(axis=2) > 40).mean() < 0.05
    canvas.show_tracks([walked], until=START_S + 1_000.0)  # and back
    canvas.pan_by(-30, -20)
    rest(canvas, qtbot)
    assert share(300.0) < 0.1


def test_a_track_is_on_the_map_while_one_zooms(canvas, qtbot):
    random = np.random.default_rng(3)
    dense = np.column_stack([np.linspace(-500, 500, 4_000), -100 + random.normal(0, 20, 4_000)])
    canvas.show_tracks([track(dense, 1.0)])
    rest(canvas, qtbot)
    tint = np.array([int(canvas.shown.colours.track[3][1 + 2 * n : 3 + 2 * n], 16) for n in range(3)])
    frames = canvas.counters.dynamic_frames
    canvas.zoom_by(1.02)
    qtbot.waitUntil(lambda: canvas.counters.dynamic_frames > frames, timeout=5_000)
    there = at(canvas, 100.0, -100.0)
    part = pixels(canvas)[there.y() - 12 : there.y() + 13, there.x() - 40 : there.x() + 41].astype(int)
    assert (np.abs(part - tint).max(axis=2) < 40).sum() > 30
