"""Ways along roads are the shortest, from anywhere to anywhere, and quick."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_data.town.network import RoadNetwork
from gis_data.town.pack import read_pack, write_packs
from gis_data.town.plane import Plane
from gis_data.town.town import Town
from governance.places import LonLat

ORIGIN = LonLat(120.27, 30.305)
PLANE = Plane(ORIGIN)
SIDE, STEP_M = 6, 200.0


def lattice(skip: set[tuple[int, int]] = frozenset()) -> RoadNetwork:  # type: ignore[assignment]
    """Streets every 200 m in both directions, each one line through all its crossings."""
    rows = [[(i * STEP_M, j * STEP_M) for i in range(SIDE)] for j in range(SIDE) if (0, j) not in skip]
    columns = [[(i * STEP_M, j * STEP_M) for j in range(SIDE)] for i in range(SIDE)]
    return network([*rows, *columns])


def network(lines: list[list[tuple[float, float]]]) -> RoadNetwork:
    coords = np.concatenate([PLANE.to_lonlat(*np.array(line).T).round(9) for line in lines])
    return RoadNetwork(coords, np.cumsum([0, *[len(line) for line in lines]]))


def at(x: float, y: float) -> LonLat:
    lon, lat = PLANE.to_lonlat(x, y)[0]
    return LonLat(float(lon), float(lat))


def length_m(way: np.ndarray) -> float:
    return float(np.hypot(*np.diff(PLANE.to_plane(*way.T), axis=0).T).sum())


LATTICE = lattice()
spots = st.tuples(st.integers(0, SIDE - 1), st.floats(0, (SIDE - 1) * STEP_M), st.booleans())


def on_street(spot: tuple[int, float, bool]) -> tuple[float, float]:
    street, along, across = spot
    return (street * STEP_M, along) if across else (along, street * STEP_M)


@given(st.tuples(st.integers(0, 5), st.integers(0, 5)), st.tuples(st.integers(0, 5), st.integers(0, 5)))
def test_between_crossings_of_a_lattice_the_way_is_the_sum_of_both_sides(a: tuple[int, int], b: tuple[int, int]) -> None:
    start, end = at(a[0] * STEP_M, a[1] * STEP_M), at(b[0] * STEP_M, b[1] * STEP_M)
    expected = (abs(a[0] - b[0]) + abs(a[1] - b[1])) * STEP_M
    assert LATTICE.distance_m(start, [(end.lon, end.lat)])[0] == pytest.approx(expected, rel=6e-3, abs=0.01)
    assert length_m(LATTICE.route(start, end)) == pytest.approx(expected, rel=1e-3, abs=0.01)


@given(spots, spots)
@settings(max_examples=150)
def test_the_way_is_as_long_as_the_distance_says_and_never_shorter_than_straight(
    a: tuple[int, float, bool], b: tuple[int, float, bool]
) -> None:
    start, end = at(*on_street(a)), at(*on_street(b))
    way = LATTICE.route(start, end)
    metres = length_m(way)
    assert way[0].tolist() == [start.lon, start.lat]
    assert way[-1] == pytest.approx((end.lon, end.lat), abs=2e-9)
    assert LATTICE.distance_m(start, [(end.lon, end.lat)])[0] == pytest.approx(metres, rel=6e-3, abs=0.02)
    straight = np.hypot(*np.subtract(on_street(a), on_street(b)))
    assert metres >= straight * 0.999 - 0.02
    assert metres <= np.abs(np.subtract(on_street(a), on_street(b))).sum() + 2 * STEP_M


def test_every_stretch_of_a_way_lies_on_a_street() -> None:
    way = PLANE.to_plane(*LATTICE.route(at(37, 0), at(800, 555)).T)
    off = np.abs(way / STEP_M - np.round(way / STEP_M)).min(axis=1) * STEP_M
    assert off.max() < 0.01


def test_a_place_beside_the_road_walks_to_it_first() -> None:
    assert LATTICE.distance_m(at(100, 40), [(at(300, 0).lon, at(300, 0).lat)])[0] == pytest.approx(240, rel=6e-3)


def test_a_closed_street_makes_the_way_longer() -> None:
    broken = lattice(skip={(0, 2)})
    start, end = at(0, 2 * STEP_M), at(SIDE * STEP_M - STEP_M, 2 * STEP_M)
    longer = broken.distance_m(start, [(end.lon, end.lat)])[0]
    assert longer == pytest.approx(LATTICE.distance_m(start, [(end.lon, end.lat)])[0] + 2 * STEP_M, rel=6e-3)


def test_roads_that_only_cross_on_the_map_do_not_meet() -> None:
    """A bridge shares no vertex with the road under it."""
    ring = [(0.0, 0.0), (1000.0, 0.0), (1000.0, 1000.0), (0.0, 1000.0), (0.0, 0.0)]
    bridge = [(500.0, 0.0), (500.0, 1000.0)]
    roads = network([ring, [(0.0, 500.0), (1000.0, 500.0)], bridge])
    assert roads.length_m == pytest.approx(4_000, rel=6e-3)


def test_what_does_not_hang_together_with_the_rest_is_left_out() -> None:
    roads = network([[(0.0, 0.0), (900.0, 0.0)], [(0.0, 400.0), (300.0, 400.0)]])
    assert roads.length_m == pytest.approx(900, rel=6e-3)
    way = PLANE.to_plane(*roads.route(at(0, 400), at(300, 400)).T)
    assert np.abs(way[1:-1, 1]).max() < 0.01


def test_the_same_place_twice_is_no_way() -> None:
    assert LATTICE.distance_m(at(10, 0), [(at(10, 0).lon, at(10, 0).lat)])[0] == pytest.approx(0, abs=0.01)
    assert length_m(LATTICE.route(at(10, 0), at(10, 0))) < 0.01


def test_no_places_have_no_distances_and_no_roads_no_network() -> None:
    assert LATTICE.distance_m(at(0, 0), np.zeros((0, 2))).shape == (0,)
    with pytest.raises(ValueError, match="without roads"):
        RoadNetwork(np.zeros((0, 2)), np.zeros(1, np.int64))


def test_a_pack_gives_the_same_network_as_its_town(district: Town) -> None:
    pack = read_pack("roads", write_packs(district)["roads"])
    rng = np.random.default_rng(3)
    places = district.roads.coords[rng.integers(0, len(district.roads.coords), 40)]
    here = LonLat(*places[0])
    assert np.array_equal(RoadNetwork.of(district).distance_m(here, places), RoadNetwork.of(pack).distance_m(here, places))


def test_a_district_is_asked_in_milliseconds(district: Town) -> None:
    roads = RoadNetwork.of(district)
    rng = np.random.default_rng(4)
    places = district.roads.coords[rng.integers(0, len(district.roads.coords), 1_600)]
    start = time.process_time()
    for k in range(20):
        roads.route(LonLat(*places[k]), LonLat(*places[-k - 1]))
    assert (time.process_time() - start) / 20 < 0.02
    start = time.process_time()
    for k in range(5):
        assert np.isfinite(roads.distance_m(LonLat(*places[k]), places)).all()
    assert (time.process_time() - start) / 5 < 0.05
