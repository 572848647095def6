"""Ways and areas on the ellipsoid: known geodesics, and what no figure can be told of."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.map.measuring import crosses_itself, enclosed, legs_m, way_m
from governance.places import LonLat

SEMI_MAJOR_M = 6_378_137.0
QUARTER_MERIDIAN_M = 10_001_965.729
"""Of WGS 84, from equator to pole."""
WHOLE_EARTH_M2 = 5.10065621724e14
near = st.tuples(st.floats(119.9, 120.5), st.floats(30.0, 30.6)).map(lambda pair: LonLat(*pair))


@pytest.mark.parametrize(
    ("places", "metres"),
    [
        ([LonLat(0, 0), LonLat(1, 0)], SEMI_MAJOR_M * math.pi / 180),
        ([LonLat(0, 0), LonLat(0, 90)], QUARTER_MERIDIAN_M),
        ([LonLat(0, 0), LonLat(0, 45), LonLat(0, 90)], QUARTER_MERIDIAN_M),
        ([LonLat(179.5, 0), LonLat(-179.5, 0)], SEMI_MAJOR_M * math.pi / 180),
        # Vincenty's sheet of 1975 as republished by Geoscience Australia: Flinders Peak to Buninyong (GRS 80)
        ([LonLat(144.42486788, -37.95103342), LonLat(143.92649553, -37.65282114)], 54_972.271),
        ([LonLat(120, 30)], 0.0),
        ([], 0.0),
    ],
)
def test_a_way_is_as_long_as_the_geodesic(places: list[LonLat], metres: float) -> None:
    assert way_m(places) == pytest.approx(metres, abs=0.01)
    assert sum(legs_m(places)) == pytest.approx(metres, abs=0.01)


def test_an_eighth_of_the_earth_is_an_eighth() -> None:
    octant = [LonLat(0, 0), LonLat(90, 0), LonLat(0, 90)]
    area, length = enclosed(octant)
    assert area == pytest.approx(WHOLE_EARTH_M2 / 8, rel=1e-9)
    assert length == pytest.approx(2 * QUARTER_MERIDIAN_M + SEMI_MAJOR_M * math.pi / 2, rel=1e-9)


@given(st.lists(near, min_size=3, max_size=6, unique=True))
def test_which_way_round_a_ring_runs_and_where_it_begins_does_not_matter(places: list[LonLat]) -> None:
    area, length = enclosed(places)
    for other in (places[::-1], [*places[2:], *places[:2]]):
        assert enclosed(other) == pytest.approx((area, length), rel=1e-6, abs=1e-3)
    assert length >= way_m(places) - 1e-6


def test_a_ring_that_crosses_itself_is_known() -> None:
    square = [LonLat(120, 30), LonLat(120.1, 30), LonLat(120.1, 30.1), LonLat(120, 30.1)]
    assert not crosses_itself(square)
    assert crosses_itself([square[0], square[2], square[1], square[3]])
    assert not crosses_itself(square[:3])
