"""Which places lie inside a shape: the same as one by one, as shapely says, and as the even-odd rule has it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely import Point, Polygon

from desktop.map.inside import Shape, in_ring, is_something, outline

corner = st.tuples(st.integers(-20, 20), st.integers(-20, 20))
rings = st.lists(corner, min_size=3, max_size=9).map(lambda ring: np.array(ring, np.float64))
# halves never lie on a corner's height, and off every edge through whole numbers but the diagonal ones
places = st.lists(st.tuples(st.integers(-25, 25), st.integers(-25, 25)), max_size=40).map(
    lambda each: np.array(each, np.float64).reshape(-1, 2) + np.array([0.123, 0.457])
)


def one_by_one(ring: np.ndarray, x: float, y: float) -> bool:
    """The even-odd rule in plain Python."""
    odd = False
    for (x_1, y_1), (x_2, y_2) in zip(ring.tolist(), [*ring.tolist()[1:], ring.tolist()[0]], strict=True):
        if (y_1 > y) != (y_2 > y) and x < x_1 + (y - y_1) / (y_2 - y_1) * (x_2 - x_1):
            odd = not odd
    return odd


@given(rings, places)
def test_all_at_once_is_the_same_as_one_by_one(ring: np.ndarray, xy: np.ndarray) -> None:
    found = Shape((ring,)).contains(xy)
    assert found.tolist() == [one_by_one(ring, x, y) for x, y in xy.tolist()]


@given(rings, places)
def test_a_ring_that_does_not_cross_itself_holds_what_shapely_says(ring: np.ndarray, xy: np.ndarray) -> None:
    polygon = Polygon(ring)
    assume(polygon.is_valid and polygon.area > 0)
    clear = [place for place in xy.tolist() if polygon.exterior.distance(Point(place)) > 1e-9]
    found = Shape((ring,)).contains(np.array(clear).reshape(-1, 2))
    assert found.tolist() == [polygon.contains(Point(place)) for place in clear]


@given(st.tuples(st.floats(-50, 50), st.floats(-50, 50)), st.floats(0.5, 60.0), places)
def test_a_circle_holds_what_is_no_farther_than_its_radius(middle: tuple[float, float], radius: float, xy: np.ndarray) -> None:
    found = Shape((), middle, radius).contains(xy)
    assert found.tolist() == [math.hypot(x - middle[0], y - middle[1]) <= radius for x, y in xy.tolist()]


def test_a_hole_is_not_inside_and_two_grids_side_by_side_are() -> None:
    outer = np.array([(0, 0), (10, 0), (10, 10), (0, 10)], np.float64)
    hole = np.array([(4, 4), (6, 4), (6, 6), (4, 6)], np.float64)
    beside = outer + np.array([10, 0])
    shape = Shape((outer, hole, beside))
    xy = np.array([(1, 1), (5, 5), (15, 5), (10, 5), (25, 5), (np.nan, 5)], np.float64)
    assert shape.contains(xy).tolist() == [True, False, True, True, False, False]


def test_a_closed_ring_is_the_ring_itself() -> None:
    ring = np.array([(0, 0), (10, 0), (10, 10), (0, 10)], np.float64)
    xy = np.random.default_rng(1).uniform(-5, 15, (500, 2))
    assert in_ring(ring, xy).tolist() == in_ring(np.vstack([ring, ring[:1]]), xy).tolist()


@pytest.mark.parametrize("ring", [[], [(0, 0)], [(0, 0), (5, 5)], [(0, 0), (5, 0), (9, 0)]])
def test_a_line_surrounds_nothing(ring: list[tuple[float, float]]) -> None:
    rings_ = (np.array(ring, np.float64).reshape(-1, 2),)
    assert not is_something(rings_)
    assert not Shape(rings_).contains(np.array([(1.0, 0.5), (3.0, 0.0)])).any()


def test_a_circle_is_drawn_through_its_rim() -> None:
    (ring,) = outline(Shape((), (3.0, 4.0), 5.0))
    assert np.hypot(ring[:, 0] - 3.0, ring[:, 1] - 4.0) == pytest.approx(np.full(len(ring), 5.0))
