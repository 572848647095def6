"""Datums convert both ways within the error they state, and numbers that are no place are refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from gis_data.datum import (
    GCJ02_INVERSE_ERROR_M,
    BadDegrees,
    Datum,
    check_degrees,
    gcj02_from_wgs84,
    to_wgs84,
    wgs84_from_gcj02,
)
from governance.places import LonLat

GEOD = Geod(ellps="WGS84")
china = st.tuples(st.floats(74.0, 134.0), st.floats(3.0, 53.0))


def metres(a: np.ndarray, b: np.ndarray) -> float:
    return float(GEOD.inv(a[0], a[1], b[0], b[1])[2])


@given(china)
def test_there_and_back_through_gcj02_stays_within_the_stated_error(place: tuple[float, float]) -> None:
    back = wgs84_from_gcj02(gcj02_from_wgs84(place))[0]
    assert metres(np.array(place), back) <= GCJ02_INVERSE_ERROR_M


@given(china)
def test_the_shift_within_china_is_hundreds_of_metres(place: tuple[float, float]) -> None:
    assert 20 < metres(np.array(place), gcj02_from_wgs84(place)[0]) < 1_000


@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [
        # Points of the published implementation (eviltransform): Shanghai, Shenzhen, Beijing.
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
)
def test_the_shift_is_the_published_one(wgs84: tuple[float, float], gcj02: tuple[float, float]) -> None:
    assert metres(gcj02_from_wgs84(wgs84)[0], np.array(gcj02)) < 0.01


@pytest.mark.parametrize("place", [(7.42, 43.73), (15.6, 48.4), (-74.0, 40.7), (151.2, -33.9), (139.7, 35.7)])
def test_outside_china_gcj02_is_wgs84(place: tuple[float, float]) -> None:
    assert to_wgs84(place, Datum.GCJ02).tolist() == [list(place)]
    assert gcj02_from_wgs84(place).tolist() == [list(place)]


@pytest.mark.parametrize("datum", [Datum.WGS84, Datum.CGCS2000])
def test_cgcs2000_and_wgs84_are_taken_as_they_are(datum: Datum) -> None:
    assert to_wgs84([(120.27, 30.305)], datum).tolist() == [[120.27, 30.305]]


@pytest.mark.parametrize(
    ("place", "word"),
    [
        ((30.27, 120.2), "latitude before longitude"),
        ((200.0, 30.0), "not on earth"),
        ((200.0, 100.0), "not on earth"),
        ((-180.1, 0.0), "not on earth"),
        ((float("nan"), 30.0), "not a number"),
        ((120.0, float("inf")), "not a number"),
    ],
)
def test_numbers_that_are_no_place_are_refused(place: tuple[float, float], word: str) -> None:
    with pytest.raises(BadDegrees, match=word):
        to_wgs84([(120.27, 30.305), place], Datum.WGS84)


def test_swapped_axes_are_noticed_where_a_latitude_could_be_either() -> None:
    monaco = LonLat(7.42, 43.73)
    assert check_degrees([(7.43, 43.74)], around=monaco).shape == (1, 2)
    with pytest.raises(BadDegrees, match="latitude before longitude"):
        check_degrees([(43.74, 7.43)], around=monaco)
