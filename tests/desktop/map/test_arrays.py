"""The arithmetic behind the layers: raster, tiles, moving dots, pace, clusters, names, picking."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from desktop.map.clusters import CELL_PX, clustered
from desktop.map.colours import NIGHT
from desktop.map.graphics import Uniforms  # noqa: F401  the module must be importable without a context
from desktop.map.labels import LabelKind, fitting, road_names
from desktop.map.marks_layout import Room, laid_out, pin_look
from desktop.map.moving import GLIDE_S, Drawn, MovingDots
from desktop.map.oblique import Oblique
from desktop.map.pacing import SOFTWARE_INTERVAL_S, Pace
from desktop.map.picking import nearest, topmost, unpacked_id
from desktop.map.scene import Lines, WorkerMark, rings_of
from desktop.map.shown import Shown
from desktop.map.sprites import Sprites
from desktop.map.viewpoint import Viewpoint
from desktop.map_marks import category_number
from tests.desktop.map.invented_town import geometry, pins


def test_the_raster_knows_the_grid_of_a_place(district):
    raster, fine = district.grid_raster, district.grids.fine
    random = np.random.default_rng(4)
    (west, south), (east, north) = fine.owner_box[:, :2].min(axis=0), fine.owner_box[:, 2:].max(axis=0)
    xy = random.uniform((west, south), (east, north), (4000, 2))
    tree = shapely.STRtree([shapely.Polygon(fine.ring(number)) for number in range(len(fine))])
    point, ring = tree.query(shapely.points(xy), predicate="within")
    truth = np.full(len(xy), -1)
    truth[point] = fine.ring_owner[ring]
    assert (raster.at(xy[:, 0], xy[:, 1]) == truth).mean() > 0.95
    assert (raster.at(*district.grids.centres.T) == np.arange(len(district.grids.codes))).mean() > 0.99


def test_the_raster_says_outside_of_everything():
    rings = rings_of(np.array([(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)], float), np.array([0, 5]))
    from desktop.map.grid_raster import GridRaster

    raster = GridRaster(rings.xy, rings.offsets, rings.owner)
    assert raster.at([5, -5, 500], [5, 5, 5]).tolist() == [0, -1, -1]


# Moving dots and the pace of painting


@given(st.floats(0, 2 * GLIDE_S), st.floats(-400, 400), st.floats(-400, 400))
def test_a_dot_goes_straight_from_fix_to_fix(after_s, x, y):
    dots = MovingDots()
    dots.start_with(["W1", "W2"], np.array([[0.0, 0.0], [5.0, 5.0]]))
    dots.move(np.array([0], np.int32), np.array([[x, y]]), 10.0)
    share = min(after_s / GLIDE_S, 1.0)
    assert dots.at(10.0 + after_s) == pytest.approx(np.array([[x * share, y * share], [5.0, 5.0]]), abs=1e-6)
    assert dots.is_gliding(10.0 + after_s) == (10.0 + after_s < 10.0 + GLIDE_S)


def test_a_second_fix_glides_on_from_where_the_dot_is():
    dots = MovingDots()
    dots.start_with(["W1"], np.zeros((1, 2)))
    dots.move(np.array([0], np.int32), np.array([[10.0, 0.0]]), 0.0)
    dots.move(np.array([0], np.int32), np.array([[5.0, 8.0]]), GLIDE_S / 2)
    assert dots.at(GLIDE_S / 2) == pytest.approx(np.array([[5.0, 0.0]]))
    assert dots.at(2 * GLIDE_S) == pytest.approx(np.array([[5.0, 8.0]]))


def test_a_record_is_the_whole_of_a_dot_and_what_went_is_remembered_but_not_for_ever():
    dots = MovingDots()
    dots.start_with(["W1", "W2", "W3"], np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    dots.mark(np.array([1]), np.array([WorkerMark.ON_TASK], np.uint8))
    dots.light(True, np.array([2]))
    dots.move(np.array([1], np.int32), np.array([[30.0, 40.0]]), 7.0)
    made = dots.records(np.array([1, 2], np.int32))
    assert made["start"].tolist() == [[3.0, 4.0], [5.0, 6.0]]
    assert made["end"].tolist() == [[30.0, 40.0], [5.0, 6.0]]
    assert (made["began_s"][0], made["glide_s"][0]) == (7.0, pytest.approx(GLIDE_S))
    assert made["look"][:, :3].tolist() == [[WorkerMark.ON_TASK, 1, 0], [dots.look[2, 0], 1, 1]]
    before = dots.moves
    dots.move(np.array([0], np.int32), np.array([[9.0, 9.0]]), 8.0)
    assert dots.went_since(before).tolist() == [0]
    for second in range(50):
        dots.move(np.array([0], np.int32), np.array([[9.0, float(second)]]), 9.0 + second)
    assert dots.went_since(before) is None, "more than all of them together is as good as anybody"
    assert len(dots._went) <= len(dots)
    assert dots.went_since(dots.moves).tolist() == []


def test_a_first_fix_and_a_wild_one_are_jumps():
    dots = MovingDots()
    dots.start_with(["W1", "W2"], np.array([[np.nan, np.nan], [0.0, 0.0]]))
    assert dots.shown().tolist() == [False, True]
    dots.move(np.array([0, 1], np.int32), np.array([[7.0, 8.0], [5000.0, 0.0]]), 1.0)
    assert dots.at(1.0).tolist() == [[7.0, 8.0], [5000.0, 0.0]]
    assert dots.shown().all()


def test_only_changed_records_are_sent_again():
    dots = MovingDots()
    dots.start_with([f"W{n}" for n in range(50)], np.zeros((50, 2)))
    assert dots.take_changed() is None
    dots.move(np.array([7, 3], np.int32), np.ones((2, 2)), 1.0)
    dots.mark(np.array([9], np.int32), np.array([WorkerMark.STALE], np.uint8))
    assert dots.take_changed().tolist() == [3, 7, 9]
    assert dots.take_changed().tolist() == []


def test_the_glide_is_no_longer_than_the_design_allows():
    assert GLIDE_S <= 0.8


def drawn(px) -> Drawn:
    """Dots of the first workers at these pixels."""
    return Drawn(np.arange(len(px), dtype=np.int32), np.array(px, float))


@pytest.mark.parametrize(("by", "worth"), [((0.6, 0.6), False), ((0.99, 0.0), False), ((1.0, 0.0), True), ((0.0, -3.0), True)])
def test_less_than_a_pixel_is_not_worth_a_frame(by, worth):
    pace = Pace(software=True)
    before = np.array([[100.0, 100.0], [50.0, 50.0]])
    pace.painted(0.0, drawn(before))
    assert pace.is_worth_painting(drawn(before + np.array([by, (0, 0)])), 800, 600) is worth


def test_what_moves_outside_the_picture_is_not_worth_a_frame():
    pace = Pace(software=True)
    pace.painted(0.0, drawn([[-900.0, 100.0]]))
    assert not pace.is_worth_painting(drawn([[-700.0, 100.0]]), 800, 600)
    assert pace.is_worth_painting(drawn([[10.0, 100.0]]), 800, 600)


@pytest.mark.parametrize("x", [10.0, 799.0])
def test_a_dot_that_comes_into_the_picture_or_leaves_it_is_worth_a_frame(x):
    few, many = drawn([[100.0, 100.0]]), drawn([[100.0, 100.0], [x, 50.0]])
    for before, after in ((few, many), (many, few)):
        pace = Pace(software=True)
        pace.painted(0.0, before)
        assert pace.is_worth_painting(after, 800, 600)
    outside = drawn([[100.0, 100.0], [x + 1000.0, 50.0]])
    pace = Pace(software=True)
    pace.painted(0.0, few)
    assert not pace.is_worth_painting(outside, 800, 600)


def test_moving_dots_alone_paint_at_most_ten_times_a_second():
    assert SOFTWARE_INTERVAL_S >= 0.1
    pace = Pace(software=True)
    pace.painted(5.0, Drawn.none())
    assert pace.wait_s(5.0) == pytest.approx(SOFTWARE_INTERVAL_S)
    assert pace.wait_s(6.0) == 0.0


# Clusters, names, picking


@given(arrays(float, st.tuples(st.integers(0, 60), st.just(2)), elements=st.floats(-300, 300)))
def test_every_pin_is_alone_or_in_one_cluster(px):
    alone = np.arange(len(px)) % 7 == 0
    groups = clustered(px, alone)
    assert sorted([*groups.alone.tolist(), *np.nonzero(groups.member >= 0)[0].tolist()]) == list(range(len(px)))
    assert set(np.nonzero(alone)[0]) <= set(groups.alone.tolist())
    assert (groups.count >= 2).all()
    for number, count in enumerate(groups.count.tolist()):
        members = px[groups.member == number]
        assert len(members) == count
        assert members.mean(axis=0) == pytest.approx(groups.middle_px[number], abs=1e-6)
        assert np.ptp(members, axis=0).max() <= 8 * CELL_PX


boxes_of = arrays(float, st.tuples(st.integers(0, 40), st.just(2)), elements=st.floats(0, 700))


@given(boxes_of, boxes_of)
def test_names_never_cover_pins_or_one_another(corners, pins):
    boxes = np.hstack([corners, corners + np.array([60, 16])])
    taken = np.hstack([pins, pins + np.array([30, 40])])
    kept = boxes[fitting(boxes, taken, (-50, -50, 900, 900))]
    every = np.vstack([kept, taken])
    for n, one in enumerate(kept):
        others = np.delete(every, n, axis=0)
        touching = (others[:, 0] < one[2]) & (others[:, 2] > one[0]) & (others[:, 1] < one[3]) & (others[:, 3] > one[1])
        assert not touching.any()


def test_the_first_name_wins_and_the_other_place_of_a_name_is_tried():
    boxes = np.array([[0, 0, 50, 10], [20, 0, 70, 10], [20, 40, 70, 50], [20, 80, 70, 90]], float)
    assert fitting(boxes, np.zeros((0, 4)), (-9, -9, 400, 400), group=[0, 1, 1, 1]) == [0, 2]


def test_a_straight_road_is_named_along_its_course_and_never_upside_down():
    line = np.array([(0, 0), (300, 300), (600, 600)], float)
    roads = Lines(line[::-1].copy(), np.array([0, 3]), np.array([1], np.uint8), ("人民路",))
    names = road_names(roads, roads.boxes(), Oblique(Viewpoint(300, 300, 1.0), 900, 900), {}, 0.0)
    assert [(name.text, name.kind, name.turn_deg) for name in names] == [("人民路", LabelKind.ROAD, -45)] * len(names)
    assert names


def test_a_winding_lane_is_not_named_where_the_text_would_leave_it():
    across = np.arange(0, 400, 8.0)
    lane = np.stack([across, 20 * (np.arange(len(across)) % 2)], axis=1)
    roads = Lines(lane, np.array([0, len(lane)]), np.array([1], np.uint8), ("弯弯巷",))
    assert road_names(roads, roads.boxes(), Oblique(Viewpoint(200, 0, 1.0), 900, 900), {}, 0.0) == []


def test_the_nearest_mark_within_reach_is_picked():
    px = np.array([[10.0, 10.0], [14.0, 10.0], [np.nan, np.nan], [200.0, 10.0]])
    assert nearest(px, 13, 10) == 1
    assert nearest(px, 100, 100) is None
    assert nearest(np.zeros((0, 2)), 0, 0) is None


def test_what_was_drawn_last_is_picked_first():
    boxes = np.array([[0, 0, 20, 20], [10, 10, 30, 30]], float)
    assert topmost(boxes, 15, 15) == 1
    assert topmost(boxes, 5, 5) == 0
    assert topmost(boxes, 50, 5) is None


def test_an_id_says_kind_and_number():
    assert unpacked_id(0) is None
    assert unpacked_id((2 << 28) | 77) == (2, 77)


# Glyphs of pins


@pytest.mark.parametrize(
    ("code", "glyph"),
    [
        ("", "报"),
        ("01", "党"),
        ("0302", "城"),
        ("100101", "市"),
        ("1", "党"),
        ("00", "报"),
        ("11", "报"),
        ("其他", "报"),
        ("²3", "报"),
    ],
)
def test_a_pin_shows_its_category_and_a_neutral_glyph_where_there_is_none(code, glyph):
    shown = Shown()
    shown.show_geometry(geometry())
    one = pins([(0.0, 0.0)])
    shown.show_pins(replace(one, category=np.array([category_number(code)], np.uint8)))
    assert pin_look(shown, 0).glyph == glyph


def test_a_layout_asks_of_a_look_once_however_many_marks_share_it(small_town, qtbot):
    state, count = Shown(), 2000
    state.show_geometry(small_town)
    state.layer_visible["labels"] = False
    xy = np.random.default_rng(4).uniform(-590, 590, (count, 2))
    state.show_pins(pins(xy, pending=True))
    sprites = Sprites(NIGHT, 1.0)
    oblique = Oblique(Viewpoint(0.0, 0.0, 1.5), 900, 700)
    room = Room(0.0, (0.0, 0.0, 900.0, 700.0), np.zeros((0, 4)))
    layout = laid_out(state, oblique, sprites, oblique.ground_box(), room, moving=False)
    assert len(layout.pins.looks) == count
    assert len({id(look) for look in layout.pins.looks}) == len(set(layout.pins.looks)) < 50


def test_clusters_hold_what_they_hold_wherever_the_picture_ends(small_town, qtbot):
    state = Shown()
    state.show_geometry(small_town)
    xy = np.random.default_rng(5).uniform(-590, 590, (300, 2))
    state.show_pins(pins(xy))
    sprites, oblique = Sprites(NIGHT, 1.0), Oblique(Viewpoint(0.0, 0.0, 4.0), 900, 700)
    room = Room(0.0, (0.0, 0.0, 900.0, 700.0), np.zeros((0, 4)))
    seen = []
    for box in (oblique.ground_box(), (-210.0, -180.0, 210.0, 180.0)):
        layout = laid_out(state, oblique, sprites, box, room, moving=False)
        inside = layout.pins.only((np.abs(layout.pins.place_array()[:, :2]) < (200, 170)).all(axis=1))
        assert layout.clusters is not None
        clusters = [layout.clusters.of(int(f.id)) for f in inside.found if f is not None and f.kind == "cluster"]
        seen.append((sorted(clusters), sorted(map(tuple, inside.place_array().round(6).tolist()))))
    assert seen[0] == seen[1]
    assert seen[0][0]
