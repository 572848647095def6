"""Whether a building stands between two places."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Polygon

from desktop.map.line_of_sight import crossings, first_wall_m, what_hides

HOUSE = np.array([(-10.0, -5.0), (10.0, -5.0), (10.0, 5.0), (-10.0, 5.0), (-10.0, -5.0)])
YARD = np.array([(-6.0, -3.0), (-6.0, 3.0), (6.0, 3.0), (6.0, -3.0), (-6.0, -3.0)])


def town(*houses: tuple[list[np.ndarray], float]) -> SimpleNamespace:
    """As much of a scene as is asked: buildings of rings, each of a height."""
    rings = [rings for rings, _ in houses]
    box = np.array([[*each[0].min(axis=0), *each[0].max(axis=0)] for each in rings]).reshape(-1, 4)
    buildings = SimpleNamespace(owner_box=box, rings_of=lambda number: rings[number])
    return SimpleNamespace(buildings=buildings, building_height_m=np.array([height for _, height in houses]))


@pytest.mark.parametrize(
    ("height_m", "start", "start_m", "end", "end_m", "hides"),
    [
        (20.0, (0, -60), 6.0, (0, 60), 1.5, True),
        (3.0, (0, -60), 6.0, (0, 60), 1.5, False),  # the line passes over the roof
        (20.0, (40, -60), 6.0, (40, 60), 1.5, False),  # and past the house
        (20.0, (0, -60), 60.0, (0, 60), 1.5, False),  # from a tower
        (20.0, (0, -60), 60.0, (0, 7), 1.5, True),  # whose line comes down behind the house
        (20.0, (0, -6), 6.0, (0, -60), 1.5, False),  # the camera hangs on the house and looks away
        (20.0, (0, -60), 6.0, (0, 0), 9.0, False),  # what happens in the house itself
        (20.0, (0, -4.9), 6.0, (0, -60), 1.5, False),  # the camera was drawn into its wall
        (20.0, (0, 5), 6.0, (0, 9), 1.5, False),
    ],
)
def test_a_house_hides_what_lies_behind_it(height_m, start, start_m, end, end_m, hides):
    found = what_hides(town(([HOUSE], height_m)), np.array(start, float), start_m, np.array(end, float), end_m)
    assert found == (0 if hides else None)


def test_the_one_that_hides_most_is_named():
    houses = town(([HOUSE], 8.0), ([np.add(HOUSE, (0.0, 30.0))], 40.0), ([np.add(HOUSE, (300.0, 0.0))], 90.0))
    assert what_hides(houses, np.array((0.0, -60.0)), 6.0, np.array((0.0, 90.0)), 1.5) == 1


def test_a_yard_is_no_house_but_its_walls_are():
    yard = town(([HOUSE, YARD], 20.0))
    assert what_hides(yard, np.array((0.0, -60.0)), 6.0, np.array((0.0, 0.0)), 1.5) == 0


@pytest.mark.parametrize(
    ("start", "end", "metres"),
    [
        ((0, -60), (0, 60), 55.0),
        ((0, -60), (0, -20), None),
        ((0, -5), (0, 60), 10.0),  # the camera hangs on the house and looks through it: the far wall
        ((0, 5), (0, 60), None),
    ],
)
def test_the_first_wall_on_the_way(start, end, metres):
    found = first_wall_m(town(([HOUSE], 20.0)), np.array(start, float), np.array(end, float))
    assert found == (None if metres is None else pytest.approx(metres))


def test_a_town_without_buildings_hides_nothing():
    assert what_hides(town(), np.zeros(2), 6.0, np.array((0.0, 90.0)), 1.5) is None


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(-50, 50), st.floats(-50, 50))
def test_a_line_crosses_a_ring_where_geometry_says_so(x0, y0, x1, y1):
    line = LineString([(x0, y0), (x1, y1)])
    if line.length < 1e-3:
        return
    cut = Polygon(HOUSE).intersection(line).length
    shares = crossings(HOUSE, np.array((x0, y0)), np.array((x1 - x0, y1 - y0)))
    if cut > 1e-6 and not Polygon(HOUSE).buffer(1e-6).contains(line):
        assert shares
    if not Polygon(HOUSE).buffer(1e-6).intersects(line):
        assert not shares
