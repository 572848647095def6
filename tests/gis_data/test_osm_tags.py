"""OpenStreetMap's tags mean what its wiki says they mean."""

from __future__ import annotations

import pytest

from gis_data.town import osm_tags
from gis_data.town.town import BuildingKind, PatchKind, RoadClass


@pytest.mark.parametrize(
    ("tags", "height_m"),
    [
        ({"building": "yes", "height": "12.5"}, 12.5),
        ({"building": "yes", "height": "12,5 m"}, 12.5),
        ({"building": "yes", "height": "40'"}, 12.192),
        ({"building": "yes", "height": "10' 6\""}, 3.2004),
        ({"building": "yes", "height": "20", "building:levels": "3"}, 20.0),
        ({"building": "yes", "building:levels": "7"}, 21.0),
        ({"building": "yes", "building:levels": "2.5"}, 7.5),
        ({"building": "yes", "building:levels": "2", "roof:levels": "1"}, 9.0),
        ({"building": "yes", "height": "tall", "building:levels": "4"}, 12.0),
        ({"building": "yes", "height": "-5"}, 9.0),
        ({"building": "yes", "height": "0"}, 9.0),
        ({"building": "yes", "building:levels": "many"}, 9.0),
        ({"building": "apartments"}, 12.0),
        ({"building": "garage"}, 4.0),
        ({"building": "hospital"}, 18.0),
        ({"building": "yes", "height": "9999"}, 900.0),
        ({"building": "yes", "height": "1e9"}, 9.0),
    ],
)
def test_a_height_is_the_tag_else_the_levels_else_the_default(tags: dict[str, str], height_m: float) -> None:
    assert osm_tags.building_height_m(tags, osm_tags.building_kind(tags)) == pytest.approx(height_m)


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"highway": "motorway_link"}, RoadClass.EXPRESSWAY),
        ({"highway": "primary"}, RoadClass.ARTERIAL),
        ({"highway": "residential"}, RoadClass.STREET),
        ({"highway": "service"}, RoadClass.LANE),
        ({"highway": "steps"}, RoadClass.PATH),
        ({"highway": "proposed"}, None),
        ({"highway": "platform"}, None),
        ({"highway": "pedestrian", "area": "yes"}, None),
        ({}, None),
    ],
)
def test_a_way_has_the_class_of_its_highway(tags: dict[str, str], kind: RoadClass | None) -> None:
    assert osm_tags.road_class(tags) == kind


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"building": "yes", "amenity": "school"}, BuildingKind.SCHOOL),
        ({"building": "yes", "shop": "bakery"}, BuildingKind.SHOP),
        ({"building": "warehouse"}, BuildingKind.INDUSTRY),
        ({"building": "train_station"}, BuildingKind.STATION),
        ({"building": "yes"}, BuildingKind.OTHER),
    ],
)
def test_a_building_is_what_it_is_used_for(tags: dict[str, str], kind: BuildingKind) -> None:
    assert osm_tags.building_kind(tags) == kind


def test_tunnels_and_cellars_are_underground() -> None:
    assert osm_tags.is_underground({"tunnel": "yes"})
    assert osm_tags.is_underground({"layer": "-2"})
    assert not osm_tags.is_underground({"tunnel": "no", "layer": "1"})


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"natural": "water", "water": "river"}, PatchKind.RIVER),
        ({"waterway": "riverbank"}, PatchKind.RIVER),
        ({"natural": "water"}, PatchKind.LAKE),
        ({"landuse": "reservoir"}, PatchKind.LAKE),
        ({"leisure": "swimming_pool"}, None),
    ],
)
def test_water_is_told_from_pools(tags: dict[str, str], kind: PatchKind | None) -> None:
    assert osm_tags.water_kind(tags) == kind


def test_a_name_is_one_line_of_sixty_characters() -> None:
    assert osm_tags.name_of({"name": " Rue \n Grimaldi "}) == "Rue Grimaldi"
    assert osm_tags.name_of({"name": "Rue de l\u2019Orme"}) == "Rue de l'Orme"
    assert len(osm_tags.name_of({"name": "x" * 500})) == 60
    assert osm_tags.name_of({}) == ""


def test_a_name_holds_nothing_that_no_ledger_takes_or_no_eye_sees() -> None:
    assert osm_tags.name_of({"name": "a\x00b\x1b[31m\x9b"}) == "a b [31m"
    assert osm_tags.name_of({"name": "\ud800采荷\u202e路\u2069"}) == "采荷路"
    assert osm_tags.name_of({"name": "x " * 10_000_000}) == "x " * 30


def test_so_many_numbers_are_on_no_house() -> None:
    street, numbers = osm_tags.addresses_of({"addr:street": "\x00", "addr:housenumber": "1"})
    assert (street, numbers) == ("", ())
    many = ";".join(map(str, range(300_000)))
    assert len(osm_tags.addresses_of({"addr:street": "A", "addr:housenumber": many})[1]) == osm_tags.MOST_NUMBERS
