"""How far a worker has to go: along the roads once they are there, estimated before."""

from __future__ import annotations

from uuid import UUID

import numpy as np
import pytest

from desktop.dispatch.offers import ROAD_FACTOR, offers, ways_m
from desktop.town_arrival import network_of, places_of
from gis_data.town.network import RoadNetwork
from governance.places import LonLat
from tests.fakes.desks import FakeDesk
from tests.fakes.situations import CENTRE

SOUTH, NORTH, EAST = CENTRE, LonLat(CENTRE.lon, CENTRE.lat + 0.01), LonLat(CENTRE.lon + 0.002, CENTRE.lat)
ONE, OTHER = UUID(int=1), UUID(int=2)


class HairpinRoad:
    """One road that goes a kilometre north and comes back beside itself: the neighbour is far by road."""

    coords = np.array([(p.lon, p.lat) for p in (SOUTH, NORTH, LonLat(EAST.lon, NORTH.lat), EAST)])
    offsets = np.array([0, 4])


def test_before_the_roads_are_there_the_way_is_estimated(desk: FakeDesk) -> None:
    assert ways_m(desk.seat, SOUTH, {ONE: EAST})[ONE] == pytest.approx(SOUTH.distance_m(EAST) * ROAD_FACTOR)


def test_the_way_goes_along_the_roads(desk: FakeDesk) -> None:
    desk.seat.roads = RoadNetwork.of(HairpinRoad())
    ways = ways_m(desk.seat, SOUTH, {ONE: EAST, OTHER: NORTH})
    north_m = SOUTH.distance_m(NORTH)
    assert ways[OTHER] == pytest.approx(north_m, rel=0.01)
    assert ways[ONE] == pytest.approx(2 * north_m + SOUTH.distance_m(EAST), rel=0.01)
    assert ways_m(desk.seat, SOUTH, {}) == {}


def test_the_minutes_a_candidate_needs_are_those_of_the_road(desk: FakeDesk) -> None:
    case = desk.choose("filed")
    straight = offers(desk.seat, case, 9)
    desk.seat.roads = RoadNetwork.of(HairpinRoad())
    by_road = offers(desk.seat, case, 9)
    assert [offer.why for offer in straight] != [offer.why for offer in by_road]


def test_a_town_without_roads_keeps_the_estimate() -> None:
    class NoRoad:
        coords, offsets = np.zeros((0, 2)), np.array([0])

    assert network_of(NoRoad()) is None


def test_everything_with_a_name_has_a_place_on_it() -> None:
    class Named:
        coords = np.array([(120.0, 30.0), (120.1, 30.1), (120.2, 30.2), (121.0, 31.0), (121.1, 31.1)])
        offsets = np.array([0, 3, 5])
        names = np.array(["凯旋路", ""])

    class Nothing:
        coords, offsets, names = np.zeros((0, 2)), np.array([0]), np.array([], dtype=np.str_)

    assert places_of({"roads": Named(), "buildings": Nothing()}) == {"凯旋路": LonLat(120.1, 30.1)}
