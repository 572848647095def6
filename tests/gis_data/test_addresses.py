"""An address leads to its house: in a drawn district by a rule, in a real town by what its file knows."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from gis_data.town import osm_tags
from gis_data.town.address_book import MOST_LETTERS, AddressBook
from gis_data.town.container import BadPack, freeze, thaw, write_text
from gis_data.town.house_numbers import number_houses
from gis_data.town.osm import read_osm
from gis_data.town.pack import BuildingsPack, read_pack, write_packs
from gis_data.town.town import Addresses, RoadClass, Town
from governance.places import LonLat
from tests.fakes.small_town import small_town
from tests.gis_data.drawn_town import osm_xml

HERE, THERE, NEAR, FAR = (LonLat(float(n), 30.0) for n in (120, 121, 122, 123))


@pytest.fixture(scope="module")
def book() -> AddressBook:
    """Some houses of several countries."""
    return AddressBook([
        ("凯旋路", "12", HERE),
        ("凯旋路", "14-18", NEAR),
        ("旋路", "13", FAR),
        ("Rue Grimaldi", "12 bis", HERE),
        ("Rue Grimaldi", "5", THERE),
        ("Mannerheimintie", "2 A", HERE),
        ("Am Berg", "3/2", THERE),
        ("解放路", "12", THERE),
        ("Quai de l'Hirondelle", "3", NEAR),
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("address", "label", "place"),
    [
        ("凯旋路12号", "凯旋路12号", HERE),
        ("江干区凯旋路 12 号三楼有人被困", "凯旋路12号", HERE),
        ("凯旋路１２号", "凯旋路12号", HERE),
        ("凯旋路12号附近", "凯旋路12号", HERE),
        ("凯旋路 12", "凯旋路12号", HERE),
        ("凯旋路16号", "凯旋路14-18号", NEAR),
        ("凯旋路12b号", "凯旋路12号", HERE),
        ("凯旋路和解放路12号", "解放路12号", THERE),
        ("12 bis, rue Grimaldi", "Rue Grimaldi 12 bis", HERE),
        ("Rue Grimaldi 5, 3e étage", "Rue Grimaldi 5", THERE),
        ("fire at 5 rue grimaldi", "Rue Grimaldi 5", THERE),
        ("mannerheimintie 2a", "Mannerheimintie 2 A", HERE),
        ("Am Berg 3", "Am Berg 3/2", THERE),
        ("3 quai de l\u2019hirondelle", "Quai de l'Hirondelle 3", NEAR),
    ],
)
def test_an_address_leads_to_its_house(book: AddressBook, address: str, label: str, place: LonLat) -> None:
    found = book.house(address)
    assert found is not None
    assert (found.label, found.place) == (label, place)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "12号",
        "凯旋路",
        "凯旋路99号",
        "凯旋路13号",
        "凯旋路15号",
        "凯旋路12号线施工",
        "凯旋路 12 号机",
        "凯旋路12层",
        "凯旋路12:30",
        "凯旋路3单元",
        "Am Bergweg 3",
        "凯旋路" + "1" * 5_000,
        "\0",
    ],
)
def test_what_names_no_known_house_leads_to_none(book: AddressBook, address: str) -> None:
    """A number within the name of a longer street, one that is not there, and digits that are no number of a house."""
    assert book.house(address) is None


def test_a_text_without_end_is_looked_through_at_its_beginning_alone() -> None:
    book = AddressBook([("凯旋路", "1", HERE), ("凯旋路", "12", THERE), ("1", "1", NEAR), ("", "7", FAR), ("\u3000", "8", FAR)])
    assert len(book) == 2
    began = time.process_time()
    for text in ("凯旋路" * 1_000_000, "1a2" * 1_000_000, "1-" * 1_000_000 + "1 凯旋路"):
        assert book.house(text) is None or text.startswith("1-")
    assert time.process_time() - began < 1.0
    before = "x" * (MOST_LETTERS - len("凯旋路1"))
    assert book.house(f"{before}凯旋路12号") is None
    found = book.house(f"凯旋路12号{before}{before}")
    assert found is not None
    assert found.place == THERE


def test_houses_of_a_road_are_odd_on_the_left_and_even_on_the_right_in_their_order() -> None:
    road = shapely.LineString([(0, 0), (60, 0), (100, 0)])
    houses = np.array([shapely.box(x, y, x + 10, y + 10) for x, y in ((80, 20), (10, 20), (20, -40), (50, -30), (40, 15))])
    far = shapely.box(5_000, 0, 5_010, 10)
    fast = shapely.LineString([(0, 40), (100, 40)])
    classes = np.array([RoadClass.STREET, RoadClass.EXPRESSWAY, RoadClass.LANE], np.uint8)
    lines = np.array([road, fast, shapely.LineString([(0, 16), (100, 16)])])
    made = number_houses(np.append(houses, far), lines, classes, ("凯旋路", "德胜快速路", ""), lambda xy: xy)
    assert dict(zip(made.building.tolist(), made.numbers, strict=True)) == {1: "1", 4: "3", 0: "5", 2: "2", 3: "4"}
    assert set(made.streets) == {"凯旋路"}
    for row, place in zip(made.building, made.places, strict=True):
        assert houses[row].contains(shapely.Point(place))


def test_numbers_run_on_over_the_pieces_of_a_road() -> None:
    pieces = np.array([shapely.LineString([(x, 0), (x + 100, 0)]) for x in (0, 100)])
    houses = np.array([shapely.box(x, 20, x + 10, 30) for x in (170, 80, 110, 10)])
    made = number_houses(houses, pieces, np.full(2, RoadClass.STREET, np.uint8), ("凯旋路", "凯旋路"), lambda xy: xy)
    assert dict(zip(made.building.tolist(), made.numbers, strict=True)) == {3: "1", 1: "3", 2: "5", 0: "7"}


def test_every_house_of_the_district_has_one_number_and_no_address_comes_twice(district: Town) -> None:
    known = district.buildings.addresses
    assert Counter(known.building.tolist()) == dict.fromkeys(range(len(district.buildings)), 1)
    assert max(Counter(zip(known.streets, known.numbers, strict=True)).values()) == 1
    assert set(known.streets) <= set(district.roads.names)
    sides: dict[tuple[str, int], list[int]] = defaultdict(list)
    for street, number in zip(known.streets, known.numbers, strict=True):
        sides[street, int(number) % 2].append(int(number))
    for numbers in sides.values():
        assert sorted(numbers) == list(range(min(numbers), 2 * len(numbers) + 1, 2))
    offsets, coords = district.buildings.offsets, district.buildings.coords
    for n in range(0, len(known), 97):
        row = int(known.building[n])
        house = shapely.Polygon(coords[offsets[row] : offsets[row + 1]])
        assert house.contains(shapely.Point(known.places[n]))


@pytest.mark.parametrize(
    ("name", "addresses", "inside", "address", "row"),
    [
        ("monaco.osm.pbf", 240, 190, "16 Boulevard de Suisse", ("Boulevard de Suisse", "16")),
        ("krems.osm.gz", 280, 250, "Rechte Kremszeile 54", ("Rechte Kremszeile", "54")),
        ("helsinki.osm.pbf", 1_400, 1_250, "aleksanterinkatu 15b", ("Aleksanterinkatu", "15 B")),
    ],
)
def test_the_numbers_of_a_real_town_are_read(
    towns: Path, name: str, addresses: int, inside: int, address: str, row: tuple[str, str]
) -> None:
    known = read_osm(towns / name, 4).buildings.addresses
    assert len(known) >= addresses
    assert (known.building >= 0).sum() >= inside
    book = AddressBook(
        (s, n, LonLat(*place)) for s, n, place in zip(known.streets, known.numbers, known.places.tolist(), strict=True)
    )
    found = book.house(address)
    at = list(zip(known.streets, known.numbers, strict=True)).index(row)
    assert found is not None
    assert found.place == LonLat(*known.places[at].tolist())


def test_an_entrance_belongs_to_the_building_it_is_in(tmp_path: Path) -> None:
    """A number written on a house, one on a door inside it, one at a gate far from any, and one without a street."""
    text = osm_xml(10, 50)
    on_house = '<tag k="addr:street" v="Row 1"/><tag k="addr:housenumber" v="7;9"/>'
    text = text.replace('<tag k="building" v="apartments"/>', f'<tag k="building" v="apartments"/>{on_house}', 1)
    door = '<node id="9{n}" version="1" lon="{lon}" lat="{lat}"><tag k="addr:housenumber" v="{n}"/>{street}</node>'
    street = '<tag k="addr:street" v="Row 1"/>'
    shrink, metre = 1 / 71_556, 1 / 110_900
    nodes = door.format(n=11, lon=10 + 40 * shrink, lat=50 + 40 * metre, street=street)
    nodes += door.format(n=13, lon=10 + 70 * shrink, lat=50 + 70 * metre, street=street)
    nodes += door.format(n=15, lon=10, lat=50, street="")
    file = tmp_path / "drawn.osm"
    file.write_text(text.replace("<way", f"{nodes}<way", 1))
    known = read_osm(file, 4).buildings.addresses
    assert dict(zip(known.numbers, known.building.tolist(), strict=True)) == {"7": 0, "9": 0, "11": 0, "13": -1}


@pytest.mark.parametrize(
    ("tags", "numbers"),
    [
        ({"addr:street": "A", "addr:housenumber": "1, 3;3"}, ("1", "3")),
        ({"addr:place": "A", "addr:housenumber": " 4 a\n"}, ("4 a",)),
        ({"addr:street": "A"}, ()),
        ({"addr:housenumber": "5"}, ()),
        ({"addr:street": "A", "addr:housenumber": ";"}, ()),
    ],
)
def test_a_number_is_worth_something_with_its_street(tags: dict[str, str], numbers: tuple[str, ...]) -> None:
    assert osm_tags.addresses_of(tags)[1] == numbers


def test_numbers_come_back_from_a_pack_and_an_older_pack_has_none() -> None:
    town = small_town()
    known = Addresses(np.array([(120.2, 30.25), (120.3, 30.26)]), np.array([0, -1]), ("凯旋路", "凯旋路"), ("1", "3 甲"))
    data = write_packs(replace(town, buildings=replace(town.buildings, addresses=known)))["buildings"]
    pack = read_pack("buildings", data)
    assert isinstance(pack, BuildingsPack)
    assert (pack.addresses.streets, pack.addresses.numbers) == (known.streets, known.numbers)
    assert np.array_equal(pack.addresses.places, known.places)
    arrays = thaw("buildings", data)
    older = read_pack("buildings", freeze("buildings", {n: a for n, a in arrays.items() if not n.startswith("address")}))
    assert isinstance(older, BuildingsPack)
    assert len(older.addresses) == 0
    bad: list[dict[str, Any]] = [{"address_building": np.array([0, row])} for row in (1, -2)]
    bad.append(write_text("address_streets", ("路" * 400, "凯旋路")))
    for each in bad:
        with pytest.raises(BadPack):
            read_pack("buildings", freeze("buildings", arrays | each))
