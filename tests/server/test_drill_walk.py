"""How the drill's people walk, behave, report: on the small town, without any server."""

from __future__ import annotations

import asyncio
import random
import re
from dataclasses import replace
from pathlib import Path
from typing import cast
from uuid import uuid4

import numpy as np
import pytest
import shapely

from gis_data.town.network import RoadNetwork
from gis_data.town.pack import write_packs
from gis_data.town.town import Addresses
from governance.categories import Category
from governance.places import LonLat
from governance.seed_rules import rules_from_toml
from server.drill.credentials import Credentials, Phone
from server.drill.field_force import FieldForce
from server.drill.pavement import Pavement
from server.drill.phone_line import Answer, Line
from server.drill.photograph import taken
from server.drill.report_texts import A_DAY, HOURLY, MATTERS
from server.drill.reporters import IN_SIGHT_DEG, Sites
from server.drill.temper import Temper
from server.drill.town_packs import DrillTown, read_town
from server.drill.walkers import Walkers
from server.evidence import decode
from tests.fakes.small_town import corner, small_town

CATEGORIES = Path(__file__).resolve().parents[2] / "governance" / "categories.toml"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> DrillTown:
    folder = tmp_path_factory.mktemp("packs")
    for name, pack in write_packs(small_town()).items():
        (folder / name).write_bytes(pack)
    return read_town(folder)


@pytest.fixture
def walkers(town: DrillTown) -> Walkers:
    return Walkers(Pavement(town.roads, town.grid_shapes), np.arange(40) % 4, np.random.default_rng(5))


def away_from_roads_m(town: DrillTown, lonlat: np.ndarray) -> np.ndarray:
    lines = [town.roads.coords[a:b] for a, b in zip(town.roads.offsets[:-1], town.roads.offsets[1:], strict=True)]
    squeeze = (np.cos(np.radians(30.25)), 1.0)
    roads = shapely.union_all([shapely.LineString(line * squeeze) for line in lines])
    return shapely.distance(shapely.points(lonlat * squeeze), roads) * 111_195


def test_on_patrol_everybody_stays_on_the_roads_of_his_grid(town: DrillTown, walkers: Walkers) -> None:
    rows = np.arange(40)
    for second in range(0, 900, 3):
        walkers.step(3.0, second)
        if second % 60 == 0:
            places = walkers.lonlat(rows)
            assert away_from_roads_m(town, places).max() < 5
            home = town.grid_shapes[rows % 4]
            assert (shapely.distance(shapely.points(places), home) * 111_195).max() < 30


def test_on_patrol_people_walk_as_fast_as_people(walkers: Walkers) -> None:
    rows = np.arange(40)
    steps = []
    before = walkers.positions(rows)[0]
    for second in range(600):
        walkers.step(1.0, second)
        now = walkers.positions(rows)[0]
        steps.append(np.hypot(*(now - before).T))
        before = now
    moved = np.array(steps)
    assert np.percentile(moved, 99) < 1.6
    assert 0.4 < moved.mean() < 1.4


def test_the_same_seed_walks_the_same_way(town: DrillTown) -> None:
    two = [Walkers(Pavement(town.roads, town.grid_shapes), np.arange(8) % 4, np.random.default_rng(9)) for _ in range(2)]
    for walkers in two:
        for second in range(300):
            walkers.step(1.0, second)
    assert np.array_equal(two[0].lonlat(np.arange(8)), two[1].lonlat(np.arange(8)))


def test_who_is_sent_follows_the_roads_arrives_and_stands(town: DrillTown, walkers: Walkers) -> None:
    network = RoadNetwork.of(town.roads)
    (start,) = walkers.lonlat(np.array([0]))
    goal = corner(3.4, 0.4)
    way = network.route(LonLat(*start), goal)
    length_m = walkers.send_off(0, way, 5.0)
    assert length_m > 2000
    seconds = 0
    while 0 not in walkers.step(1.0, seconds):
        assert away_from_roads_m(town, walkers.lonlat(np.array([0])))[0] < 5
        assert walkers.positions(np.array([0]))[2][0] == 5.0
        seconds += 1
    assert seconds == pytest.approx(length_m / 5.0, abs=2)
    for _ in range(10):
        assert walkers.step(1.0, seconds) == []
    place = LonLat(*walkers.lonlat(np.array([0]))[0])
    assert place.distance_m(goal) < 1
    assert walkers.positions(np.array([0]))[2][0] == 0.0
    walkers.patrol(0)
    walkers.step(30.0, seconds)
    assert LonLat(*walkers.lonlat(np.array([0]))[0]).distance_m(goal) < 300


def test_a_grid_without_any_road_still_has_a_place_to_stand(town: DrillTown) -> None:
    far = shapely.box(120.30, 30.30, 120.31, 30.31)
    pavement = Pavement(town.roads, np.array([*town.grid_shapes, far], dtype=object))
    assert len(pavement.nodes_of(4)) == 1
    walkers = Walkers(pavement, np.array([4]), np.random.default_rng(1))
    for second in range(100):
        walkers.step(1.0, second)


def test_some_decline_some_stay_silent_and_an_eager_drill_does_neither() -> None:
    orders = [(worker, ordinal) for worker in range(1, 401) for ordinal in range(10)]
    usual = [Temper(seed=3).intent(*order) for order in orders]
    assert 0.04 < sum(i.answers and not i.goes for i in usual) / 4000 < 0.08
    assert 0.01 < sum(not i.answers for i in usual) / 4000 < 0.03
    assert all(Temper(seed=3, eager=True).intent(*order).goes for order in orders)
    assert [Temper(seed=3).intent(*order) for order in orders] == usual
    assert [Temper(seed=4).intent(*order) for order in orders] != usual


class DeafLine:
    """A line on which nothing is ever done, and everything asked is written down."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def as_phone(self, phone: Phone, method: str, path: str, **_content: object) -> Answer:
        self.asked.append(phone.device)
        return Answer(404, {})


def heard(town: DrillTown, walkers: Walkers, orders: list[tuple[str, int]]) -> tuple[dict[str, int], list[str], int]:
    """How errands of a force ended when these orders came and went one by one, who asked for them, what is remembered."""
    phones = tuple(Phone(f"d{n}", f"w{n}", n, "", "", "") for n in range(1, 41))
    line = DeafLine()

    async def day() -> tuple[dict[str, int], int]:
        temper = Temper(seed=3, pace=1e6)
        force = FieldForce(cast(Line, line), Credentials(phones, ""), walkers, RoadNetwork.of(town.roads), temper)
        for n, order in enumerate(orders):
            for _ in range(2):
                force.heed(dict([order]))
            while force.counted.total() <= n:
                await asyncio.sleep(0.001)
            force.heed(dict([order]))
        force.heed({})
        return dict(force.counted), force.errands

    ended, remembered = asyncio.run(day())
    return ended, line.asked, remembered


def test_the_same_seed_meets_the_same_behaviour_whatever_the_orders_are_called(town: DrillTown, walkers: Walkers) -> None:
    workers = [1 + n * 7 % 40 for n in range(300)]
    first = heard(town, walkers, [(str(uuid4()), worker) for worker in workers])
    assert heard(town, walkers, [(str(uuid4()), worker) for worker in workers]) == first
    assert first[0]["errand silent"] > 0
    assert first[2] == 0


def test_an_order_that_stands_is_begun_once(town: DrillTown, walkers: Walkers) -> None:
    ended, asked, remembered = heard(town, walkers, [("one", 3)])
    assert ended == {"errand gone": 1}
    assert (asked, remembered) == (["d3"], 0)


def test_people_travel_at_human_speed_and_never_fly() -> None:
    assert Temper().speed_m_s(100) == 1.3
    assert Temper().speed_m_s(1000) == 5.0
    assert Temper(pace=1000).speed_m_s(1000) == 50.0
    assert Temper(pace=4).seconds(60) == 15.0
    assert Temper(eager=True).seconds(60) == 3.0


def test_every_leaf_of_the_categories_is_reported_and_nothing_else() -> None:
    categories, _ = rules_from_toml(CATEGORIES.read_text(encoding="utf-8"))
    leaves = {code for code, category in categories.items() if isinstance(category, Category) and category.is_leaf}
    assert {matter.category for matter in MATTERS} == leaves
    assert all("{place}" in text for matter in MATTERS for text in matter.texts)


def test_a_day_has_24_hours_and_most_reports_come_by_day() -> None:
    assert len(HOURLY) == 24
    assert sum(HOURLY[8:20]) > 2 * (sum(HOURLY) - sum(HOURLY[8:20]))
    assert 91 <= A_DAY <= 420


def test_things_happen_on_roads_and_in_buildings_of_the_district(town: DrillTown) -> None:
    district = shapely.union_all(town.grid_shapes)
    sites = Sites(town.buildings, town.roads, lambda place: bool(shapely.contains_xy(district, *place)))
    dice = random.Random(1)
    for _ in range(200):
        place, name, floor = sites.one(dice, indoors=False)
        assert shapely.contains_xy(district, *place)
        assert away_from_roads_m(town, np.array([place]))[0] < 1
        assert "号" in name
        assert floor == ""
        assert sites.one(dice, indoors=True)[1] == "一号楼"


def test_people_say_the_address_that_the_town_has(town: DrillTown) -> None:
    known = Addresses(town.buildings.coords[:1], np.array([0]), ("凯旋路",), ("12",))
    nameless = replace(town.buildings, names=np.array([""]), addresses=known)
    dice = random.Random(1)
    assert Sites(nameless, town.roads, lambda _place: True).one(dice, indoors=True)[1] == "凯旋路12号"
    told = [Sites(nameless, town.roads, lambda _place: True).one(dice, indoors=False)[:2] for _ in range(300)]
    near = [name for place, name in told if np.abs(place - known.places[0]).sum() < IN_SIGHT_DEG]
    assert set(near) == {"凯旋路12号附近"}
    assert all(re.fullmatch(r"\d+号路附近", name) for _, name in told if name not in near)


def test_a_photo_is_one_the_intake_takes() -> None:
    first, again, other = taken(1), taken(1), taken(2)
    assert first == again != other
    assert decode(first).mime == "image/jpeg"
    assert 5_000 < len(first) < 200_000
