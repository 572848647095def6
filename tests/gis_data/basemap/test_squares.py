"""Squares of every scheme lie where they lie on the earth, GCJ-02 ones too."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from gis_data.basemap.squares import Cut, Square, plain_degrees, web_mercator
from gis_data.datum import Datum, gcj02_from_wgs84

GEOD = Geod(ellps="WGS84")
china = st.tuples(st.floats(75.0, 134.0), st.floats(3.0, 53.0))
CUTS = (web_mercator(), plain_degrees())


def square_of(cut: Cut, place: tuple[float, float], level: int, datum: Datum) -> Square:
    columns, rows = cut.covering([place], level, datum)
    assert len(columns) == len(rows) == 1
    return Square(level, columns[0], rows[0])


@pytest.mark.parametrize(("place", "level", "column", "row"), [
    ((120.2123, 30.2741), 14, 13662, 6745), ((0.1, 0.1), 1, 1, 0), ((-179.9, 85.0), 3, 0, 0), ((151.21, -33.87), 10, 942, 614),
])  # fmt: skip
def test_a_place_lies_in_the_tile_everybody_numbers_alike(place: tuple, level: int, column: int, row: int) -> None:
    assert square_of(web_mercator(), place, level, Datum.WGS84) == (level, column, row)


def test_corners_are_those_of_web_mercator_as_proj_has_it() -> None:
    to_degrees = Transformer.from_crs(3857, 4326, always_xy=True)
    cut, square = web_mercator(), Square(14, 13662, 6745)
    at = cut.levels[14]
    west, north = at.west + square.column * at.across, at.north - square.row * at.down
    assert cut.corners(square, 4, Datum.WGS84)[0, 0] == pytest.approx(to_degrees.transform(west, north), abs=1e-9)


def test_tianditus_c_tiles_are_squares_of_degrees() -> None:
    corners = plain_degrees().corners(Square(10, 853, 169), 1, Datum.WGS84)
    assert corners[0, 0] == pytest.approx((853 * 360 / 1024 - 180, 90 - 169 * 360 / 1024))
    assert corners[1, 1] - corners[0, 0] == pytest.approx((360 / 1024, -360 / 1024))


@given(china, st.integers(3, 18), st.sampled_from(CUTS))
def test_a_gcj02_tile_lies_where_what_it_shows_lies_within_a_metre(place: tuple, level: int, cut: Cut) -> None:
    square = square_of(cut, place, level, Datum.GCJ02)
    plain, placed = cut.corners(square, 4, Datum.WGS84).reshape(-1, 2), cut.corners(square, 4, Datum.GCJ02).reshape(-1, 2)
    inside = (plain > (73, 1.5)).all(axis=1) & (plain < (137, 55)).all(axis=1)
    again = gcj02_from_wgs84(placed[inside])
    if inside.any():
        assert GEOD.inv(*again.T, *plain[inside].T)[2].max() < 1.0


@given(china, st.integers(9, 18))
def test_what_lies_within_a_gcj02_tile_is_drawn_within_a_pixel(place: tuple, level: int) -> None:
    cut = web_mercator()
    square = square_of(cut, place, level, Datum.GCJ02)
    fine, coarse = cut.corners(square, 8, Datum.GCJ02), cut.corners(square, 4, Datum.GCJ02)
    between = (coarse[:-1, :-1] + coarse[1:, 1:]) / 2
    miss_m = GEOD.inv(*between.reshape(-1, 2).T, *fine[1::2, 1::2].reshape(-1, 2).T)[2]
    assert miss_m.max() < max(cut.metres_per_pixel(level, place[1]), 0.5)


@given(st.tuples(st.floats(-179, 179), st.floats(-84, 84)), st.integers(1, 20), st.sampled_from(CUTS))
def test_neighbours_share_their_corners_exactly(place: tuple, level: int, cut: Cut) -> None:
    at = square_of(cut, place, level, Datum.WGS84)
    here, east = cut.corners(at, 4, Datum.WGS84), cut.corners(Square(level, at.column + 1, at.row), 4, Datum.WGS84)
    assert np.array_equal(here[:, -1], east[:, 0])


def test_nowhere_covers_nothing() -> None:
    columns, rows = web_mercator().covering([(np.inf, np.nan)], 3, Datum.WGS84)
    assert (len(columns), len(rows)) == (0, 0)
    columns, rows = web_mercator().covering(np.zeros((0, 2)), 3, Datum.WGS84)
    assert (len(columns), len(rows)) == (0, 0)
