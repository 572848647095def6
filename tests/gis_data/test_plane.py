"""The drawing plane works anywhere on earth and is true to scale across a district."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from gis_data.town.plane import Plane
from governance.places import LonLat

GEOD = Geod(ellps="WGS84")
origins = st.builds(LonLat, st.floats(-180, 180), st.floats(-84, 84))


@given(origins, st.floats(-25_000, 25_000), st.floats(-25_000, 25_000))
def test_a_place_comes_back_to_a_tenth_of_a_millimetre(origin: LonLat, east: float, north: float) -> None:
    plane = Plane(origin)
    lon, lat = plane.to_lonlat(east, north)[0]
    assert np.abs(plane.to_plane(lon, lat)[0] - (east, north)).max() < 1e-4


@given(origins, st.floats(0, 360), st.floats(10, 25_000))
def test_lengths_from_the_origin_are_geodesic_to_a_hundredth_of_a_percent(origin: LonLat, turn: float, length: float) -> None:
    lon, lat, _ = GEOD.fwd(origin.lon, origin.lat, turn, length)
    point = Plane(origin).to_plane(lon, lat)[0]
    assert abs(float(np.hypot(*point)) - length) <= length * 1e-4
    assert abs((np.degrees(np.arctan2(point[0], point[1])) - turn + 180) % 360 - 180) < 0.01


def test_the_origin_is_zero() -> None:
    assert np.abs(Plane(LonLat(120.27, 30.305)).to_plane(120.27, 30.305)).max() < 1e-6
