"""Rings and roads in tiles of small whole numbers: nothing is lost, moved by more than a step, or drawn by the wrong owner."""

from __future__ import annotations

import mapbox_earcut
import numpy as np
import pytest

from bench.scenes import Scale, geometry_of
from desktop.map.scene import Rings, rings_of
from desktop.map.tiles import NOBODY, PEN_UP, SECOND, Cut, TiledRings, pieces_of, tiled_rings
from desktop.map.unpacking import ROAD_CUTS


def random_rings(count: int, seed: int, spread_m: float, widest_m: float) -> Rings:
    """Stars of three to thirty corners, some of them very large; every seventh has a hole."""
    random, parts, owners = np.random.default_rng(seed), [], []
    for owner in range(count):
        middle, radius = random.uniform(-spread_m, spread_m, 2), widest_m * random.uniform(0.001, 1.0) ** 3
        count_of = int(random.integers(4, 30))
        turns = ((np.arange(count_of) + random.uniform(0, 0.6, count_of)) * 2 * np.pi / count_of)[:, None]
        star = middle + np.hstack([np.cos(turns), np.sin(turns)]) * radius * random.uniform(0.6, 1.0, (len(turns), 1))
        rings = [star] if owner % 7 else [star, middle + (star[::-1] - middle) * 0.3]
        parts += [np.vstack([ring, ring[:1]]) for ring in rings]
        owners += [owner] * len(rings)
    offsets = np.concatenate([[0], np.cumsum([len(part) for part in parts])])
    xy, owner_of = np.concatenate(parts), np.array(owners, np.int32)
    triangles = []
    for owner in range(count):
        mine = np.nonzero(owner_of == owner)[0]
        corners = np.concatenate([np.arange(offsets[ring], offsets[ring + 1] - 1) for ring in mine])
        ends = np.cumsum([offsets[ring + 1] - 1 - offsets[ring] for ring in mine]).astype(np.uint32)
        triangles.append(corners[mapbox_earcut.triangulate_float64(xy[corners], ends)])
    return Rings(xy, offsets, owner_of, np.concatenate(triangles).astype(np.uint32).reshape(-1, 3))


def filled_area(tiled: TiledRings, owners: int) -> np.ndarray:
    """Square metres that the triangles of every owner fill, as they are drawn."""
    area = np.zeros(owners)
    for tile in range(len(tiled.tiles)):
        part = tiled.tiles.part(tile)
        xy = tiled.tiles.metres(tile, tiled.corners["place"][part])
        corners = tiled.triangles[tiled.triangle_first[tile] : tiled.triangle_first[tile + 1]]
        a, b, c = xy[corners[:, 0]], xy[corners[:, 1]], xy[corners[:, 2]]
        twice = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
        np.add.at(area, tiled.corners["owner"][part][corners[:, 0]] & ~PEN_UP, twice / 2)
    return np.abs(area)


@pytest.mark.parametrize(
    "cut", [Cut(300.0, 0.03125), Cut(5_000.0, 0.125), Cut(40_000.0, 1.0)], ids=lambda cut: f"{cut.tile_m:.0f}"
)
@pytest.mark.parametrize("widest_m", [50.0, 30_000.0])
def test_tiles_hold_every_ring_where_it_was(cut, widest_m):
    rings = random_rings(300, 3, 20_000.0, widest_m)
    tiled = tiled_rings(rings, cut, 300)
    assert len(tiled) == len(rings)
    assert tiled.tiles.first[-1] == len(tiled.corners) == len(rings.xy)
    for owner in range(300):
        mine = [rings.ring(number) for number in np.nonzero(rings.owner == owner)[0]]
        step_m = max(cut.step_m, 4 * max(np.ptp(ring, axis=0).max() for ring in mine) / 65_535)
        for ring, held in zip(mine, tiled.rings_of(owner), strict=True):
            assert held == pytest.approx(ring, abs=step_m)
            assert (held[0] == held[-1]).all()
        every = np.concatenate(mine)
        assert tiled.owner_box[owner] == pytest.approx([*every.min(axis=0), *every.max(axis=0)], abs=0.01)


def test_triangles_fill_what_they_filled_holes_left_out():
    rings = random_rings(200, 5, 9_000.0, 4_000.0)
    tiled = tiled_rings(rings, Cut(2_000.0, 0.03125), 200)
    a, b, c = (rings.xy[rings.triangles[:, corner]] for corner in range(3))
    twice = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    ring_of = np.searchsorted(rings.offsets, rings.triangles[:, 0], side="right") - 1
    truth = np.abs(np.bincount(rings.owner[ring_of], twice / 2, 200))
    assert tiled.triangles.dtype == np.uint16
    assert filled_area(tiled, 200) == pytest.approx(truth, rel=0.02, abs=3.0)


def test_a_tile_that_holds_too_many_corners_is_made_two_and_a_ring_too_large_keeps_its_triangles():
    squares = np.array([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)], float)
    many = np.concatenate([squares + np.array([n % 100, n // 100]) for n in range(20_000)])
    tiled = tiled_rings(rings_of(many, np.arange(0, 100_001, 5)), Cut(1_000.0, 0.03125), 20_000)
    assert len(tiled.tiles) > 1
    assert np.diff(tiled.tiles.first).max() <= 65_535
    assert filled_area(tiled, 20_000) == pytest.approx(np.ones(20_000))
    turns = np.linspace(0, 2 * np.pi, 70_001)[:, None]
    coast = np.hstack([np.cos(turns), np.sin(turns)]) * 800.0
    coast[-1] = coast[0]
    one = tiled_rings(rings_of(coast, np.array([0, 70_001])), Cut(1_000.0, 0.03125), 1)
    assert one.triangles.dtype == np.uint32
    assert filled_area(one, 1) == pytest.approx([np.pi * 800.0**2], rel=1e-3)


def test_neighbours_in_two_tiles_share_their_corners_exactly(district):
    for tiled in (district.grids.fine, district.grids.middle, district.grids.far):
        assert (tiled.tiles.steps_m == tiled.tiles.steps_m[0]).all()
        assert (np.abs(tiled.tiles.origins % tiled.tiles.steps_m[0]) == 0).all()


def test_every_inner_edge_knows_its_far_side_and_is_drawn_once(district):
    for tiled in (district.grids.fine, district.grids.middle):
        begins = np.nonzero((tiled.corners["owner"] & PEN_UP) == 0)[0]
        owner, other = tiled.corners["owner"][begins], tiled.corners["other"][begins]
        shared = (other & ~SECOND) != NOBODY
        assert shared.mean() > 0.9
        pairs, counts = np.unique(np.sort(np.stack([owner, other & ~SECOND], 1)[shared], axis=1), axis=0, return_counts=True)
        assert (counts % 2 == 0).all()
        assert (pairs[:, 0] != pairs[:, 1]).mean() > 0.99
        assert ((other & SECOND) != 0).sum() * 2 == shared.sum()


def test_a_box_gets_the_tiles_it_touches_and_no_others(district):
    tiles = district.buildings.tiles
    middle = np.median(tiles.boxes[:, :2], axis=0)
    box = (*(middle - 400), *(middle + 400))
    drawn = np.zeros(len(district.buildings.corners), bool)
    xy = np.zeros((len(drawn), 2))
    for tile in range(len(tiles)):
        xy[tiles.part(tile)] = tiles.metres(tile, district.buildings.corners["place"][tiles.part(tile)])
    for tile in tiles.near(box).tolist():
        drawn[tiles.part(tile)] = True
    inside = (xy > box[:2]).all(axis=1) & (xy < box[2:]).all(axis=1)
    assert inside.any()
    assert drawn[inside].all()
    assert drawn.mean() < 0.5


def test_the_tiles_of_some_owners_hold_all_their_rings(district):
    fine = district.grids.fine
    wanted = np.random.default_rng(2).random(len(district.grids.codes)) < 0.02
    held = {owner for tile in fine.tiles_of(wanted).tolist() for owner, _ in fine.rings_in(tile)}
    assert set(np.nonzero(wanted)[0].tolist()) <= held
    assert len(fine.tiles_of(wanted & False)) == 0


@pytest.mark.parametrize("kind", range(5))
def test_roads_of_a_class_lie_where_they_lay(district, kind):
    drawn = district.road_pieces[kind]
    starts, lines = pieces_of(district.roads)
    starts = starts[district.roads.kinds[lines] == kind]
    assert len(drawn.pieces) == len(starts)
    held = [np.zeros((0, 4))]
    for tile in range(len(drawn.tiles)):
        part = drawn.pieces[drawn.tiles.part(tile)]
        held.append(np.hstack([drawn.tiles.metres(tile, part[end]) for end in ("start", "end")]))
    truth = np.hstack([district.roads.xy[starts], district.roads.xy[starts + 1]])
    for axis in range(4):
        assert np.sort(np.concatenate(held)[:, axis]) == pytest.approx(np.sort(truth[:, axis]), abs=ROAD_CUTS[kind].step_m)


def test_from_afar_only_large_surfaces_are_left(district):
    for each in (district.land, district.water):
        near, far = (sum(len(rings.rings_in(tile)) for tile in range(len(rings.tiles))) for rings in (each.near, each.far))
        assert 0 < far < near
        assert each.at(2.0) is each.near
        assert each.at(50.0) is each.far


@pytest.mark.parametrize("level", ["fine", "far"])
def test_borders_of_streets_among_the_edges_of_grids_are_the_outlines_of_streets(level):
    town = geometry_of(Scale(150, 10, 0, 0, 0))
    grids, streets = getattr(town.grids, level), getattr(town.streets, level)
    outer_m, again_m = border_lengths(grids, np.zeros(150, np.int64))
    assert outer_m == again_m > 0
    for above, areas in ((town.street_of_grid, streets), (town.community_of_grid, getattr(town.communities, level))):
        every_m, once_m = border_lengths(grids, above)
        around = [np.hypot(*np.diff(areas.ring(number), axis=0).T).sum() for number in range(len(areas))]
        assert every_m == pytest.approx(sum(around), rel=1e-4)
        assert 2 * once_m == pytest.approx(every_m + outer_m, rel=1e-6)


def border_lengths(grids: TiledRings, above: np.ndarray) -> tuple[float, float]:
    """Metres of the borders of what lies above grids, both sides counted, and each drawn once."""
    every_m = once_m = 0.0
    for tile in range(len(grids.tiles)):
        begin, corners = grids.borders_in(tile, above), grids.corners[grids.tiles.part(tile)]
        xy = grids.tiles.metres(tile, corners["place"])
        lengths = np.hypot(*(xy[begin + 1] - xy[begin]).T)
        every_m += lengths.sum()
        once_m += lengths[(corners["other"][begin] & SECOND) == 0].sum()
    return every_m, once_m
