"""Blocks are divided into connected parts of balanced weight, each block into exactly one."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_data.town.bad_town import BadTown
from gis_data.town.blocks import boundary_fit, graph_of
from gis_data.town.division import divide_grids, reading_order, share_out
from gis_data.town.faces import cut_faces, faces_of
from gis_data.town.partition import BlockGraph, TooFewBlocks, components, contract, divide
from gis_data.town.town import RoadClass

NO_ROADS = np.zeros(0, dtype=object)


def lattice(wide: int, high: int, seed: int = 0) -> BlockGraph:
    """Square blocks of 100 m with weights between one half and three halves."""
    blocks = squares(wide, high)
    weights = np.random.default_rng(seed).uniform(0.5, 1.5, len(blocks))
    return graph_of(blocks, weights, np.array([shapely.LineString([(-9, -9), (-8, -8)])]), np.zeros(1, np.uint8))


def squares(wide: int, high: int) -> np.ndarray:
    return np.array([shapely.box(i * 100, j * 100, i * 100 + 100, j * 100 + 100) for i in range(wide) for j in range(high)])


@given(st.integers(2, 12), st.integers(2, 12), st.integers(1, 12), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_every_block_is_in_exactly_one_connected_part(wide: int, high: int, parts: int, seed: int) -> None:
    graph = lattice(wide, high, seed)
    if parts > wide * high:
        with pytest.raises(TooFewBlocks):
            divide(graph, range(wide * high), [1.0] * parts)
        return
    try:
        made = divide(graph, range(wide * high), [1.0] * parts)
    except TooFewBlocks:
        assert parts > wide * high / 3
        return
    assert len(made) == parts
    assert sorted(block for part in made for block in part) == list(range(wide * high))
    for part in made:
        assert len(components(graph.neighbours, set(part))) == 1


@given(st.integers(10, 16), st.integers(2, 8), st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_with_many_blocks_the_parts_weigh_alike(side: int, parts: int, seed: int) -> None:
    graph = lattice(side, side, seed)
    weights = [graph.weights[part].sum() for part in divide(graph, range(side * side), [1.0] * parts)]
    assert max(weights) / min(weights) < 1.7


def test_parts_stand_in_proportion_to_their_targets() -> None:
    graph = lattice(20, 20)
    first, second, third = (graph.weights[part].sum() for part in divide(graph, range(400), [1.0, 2.0, 5.0]))
    assert second / first == pytest.approx(2, rel=0.25)
    assert third / first == pytest.approx(5, rel=0.25)


def test_borders_prefer_big_roads() -> None:
    """An arterial runs off the middle; the cut moves to it, for little balance lost."""
    blocks = squares(10, 10)
    road = shapely.LineString([(600, 0), (600, 1000)])
    graph = graph_of(blocks, np.ones(100), np.array([road]), np.array([RoadClass.ARTERIAL], np.uint8))
    parts = divide(graph, range(100), [1.0, 1.0])
    sides = [{int(graph.centres[block, 0] < 600) for block in part} for part in parts]
    assert sorted(map(tuple, sides)) == [(0,), (1,)]


@given(st.lists(st.floats(0, 100), min_size=1, max_size=30), st.integers(0, 60))
def test_shares_sum_to_the_total_and_stay_within_the_room(weights: list[float], extra: int) -> None:
    room = np.full(len(weights), 1 + extra // len(weights) + 1)
    counts = share_out(np.array(weights), room, len(weights) + extra)
    assert counts.sum() == len(weights) + extra
    assert (counts >= 1).all()
    assert (counts <= room).all()


def test_more_grids_than_blocks_are_refused() -> None:
    graph = lattice(3, 3)
    with pytest.raises(BadTown, match="too few blocks"):
        divide_grids(graph, [list(range(9))], [2], 10)


def test_contracting_keeps_weights_and_borders() -> None:
    graph = lattice(4, 4)
    halves = contract(graph, np.repeat([0, 1], 8))
    assert halves.weights.sum() == pytest.approx(graph.weights.sum())
    assert halves.neighbours[0].keys() == {1}
    assert halves.neighbours[0][1] == pytest.approx(4 * 100 * 3.0)


def test_reading_order_goes_from_west_to_east_in_rows_from_the_north() -> None:
    shapes = squares(3, 3)
    rows = [shapely.get_coordinates(shapely.centroid(shapes[k]))[0].tolist() for k in reading_order(shapes)]
    assert rows == [[x, y] for y in (250, 150, 50) for x in (50, 150, 250)]


@pytest.mark.parametrize(("offset", "fit"), [(0.0, 1.0), (4.0, 1.0), (6.0, 0.0)])
def test_the_boundary_fit_counts_what_lies_within_five_metres(offset: float, fit: float) -> None:
    pair = squares(2, 1)
    road = np.array([shapely.LineString([(100 + offset, -50), (100 + offset, 150)])])
    assert boundary_fit(pair, road, NO_ROADS) == pytest.approx(fit)
    lake = np.array([shapely.box(100 + offset, -50, 180, 150)])
    assert boundary_fit(pair, np.array([shapely.LineString([(900, 0), (901, 0)])]), lake) == pytest.approx(fit)


def test_half_a_road_is_half_a_fit() -> None:
    road = np.array([shapely.LineString([(100, -50), (100, 45)])])
    assert boundary_fit(squares(2, 1), road, NO_ROADS) == pytest.approx(0.5, abs=0.06)


def test_streets_suffice_before_lanes_and_paths_are_asked() -> None:
    outline = shapely.box(0, 0, 400, 400)
    lines = [shapely.LineString([(x, -10), (x, 410)]) for x in (100, 200, 300)]
    lines += [shapely.LineString([(-10, y), (410, y)]) for y in (100, 200, 300)]
    classes = np.array([RoadClass.STREET] * 3 + [RoadClass.PATH] * 3, np.uint8)
    assert len(faces_of(outline, np.array(lines), classes, NO_ROADS, 1)) == 4
    assert len(faces_of(outline, np.array(lines), classes, NO_ROADS, 4)) == 16


def test_ground_without_roads_is_cut_until_the_grids_can_be_made() -> None:
    faces = cut_faces(np.array([shapely.box(0, 0, 800, 300)]), 240_000.0, 5)
    assert len(faces) >= 8
    assert shapely.area(faces).sum() == pytest.approx(240_000.0)
    assert shapely.coverage_is_valid(faces)
