"""A folder of GeoJSON layers becomes a town, with houses or without; a rectangle is cut out of a large one."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from gis_data.topology import check_cover
from gis_data.town import BadTown, geojson_folder
from gis_data.town.cut import box_of, cut_out
from gis_data.town.geojson_folder import layers_of
from gis_data.town.osm import ATTRIBUTION, CODE, read_osm
from gis_data.town.osm_file import Content
from gis_data.town.pack import BuildingsPack, read_pack, write_packs
from gis_data.town.town import BuildingKind, PatchKind, RoadClass
from governance.places import Level
from tests.gis_data.drawn_town import osm_xml

STEP = 0.002


def square(column: float, row: float, size: float = 0.5) -> list[list[list[float]]]:
    corners = ((0, 0), (size, 0), (size, size), (0, size), (0, 0))
    return [[[120 + (column + x) * STEP, 30 + (row + y) * STEP] for x, y in corners]]


def layer(features: list[tuple[str, Any, dict[str, object]]], **more: object) -> bytes:
    rows = [
        {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": tags}
        for kind, coordinates, tags in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": rows, **more}).encode()


def roads(count: int = 7) -> bytes:
    ends = [[[120 + c * STEP, 30 + r * STEP] for c in range(count)] for r in range(count)]
    lines = [*ends, *([row[k] for row in ends] for k in range(count))]
    return layer([("LineString", line, {"id": k}) for k, line in enumerate(lines)])


LAND = [("Polygon", square(2, 2), {"fclass": "residential", "name": "采荷小区"}), ("Polygon", square(3, 3), {"fclass": "park"})]
HOUSE = {"building": "school", "building:levels": "5", "addr:street": "A", "addr:housenumber": "3"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mainroads.geojson").write_bytes(roads())
    (tmp_path / "landuse.geojson").write_bytes(layer(LAND))
    (tmp_path / "water.geojson").write_bytes(layer([("MultiPolygon", [square(1, 4)], {"fclass": "river", "name": "贴沙河"})]))
    (tmp_path / "readme.txt").write_text("no layer")
    return tmp_path


def test_a_town_without_a_house_is_whole(folder: Path) -> None:
    town = read_osm(folder, 9)
    assert check_cover(town.areas).is_exact
    assert len(town.at(Level.GRID)) == 9
    assert town.boundary_fit > 0.9
    assert len(town.buildings) == len(town.buildings.addresses) == 0
    assert set(town.roads.road_class.tolist()) == {RoadClass.ARTERIAL}
    assert set(town.land.kind.tolist()) == {PatchKind.HOUSING, PatchKind.PARK}
    assert (set(town.water.kind.tolist()), set(town.water.names)) == ({PatchKind.RIVER}, {"贴沙河"})
    assert "采荷小区" in {area.name for area in town.areas}
    assert town.attribution == ATTRIBUTION


def test_houses_of_a_folder_have_height_use_and_number(folder: Path) -> None:
    houses = [("Polygon", square(c + 0.2, r + 0.2, 0.1), HOUSE) for c in range(6) for r in range(6)]
    (folder / "buildings.geojson").write_bytes(layer(houses))
    town = read_osm(folder, 4)
    assert len(town.buildings) == 36
    assert set(town.buildings.height_m.tolist()) == {15.0}
    assert set(town.buildings.kind.tolist()) == {BuildingKind.SCHOOL}
    assert town.buildings.addresses.building.tolist() == list(range(36))


def test_a_rectangle_is_cut_out_of_a_folder_and_of_a_file(folder: Path, tmp_path: Path) -> None:
    town = read_osm(folder, 4, within=(120 + 0.1 * STEP, 30 + 0.1 * STEP, 120 + 4.1 * STEP, 30 + 4.1 * STEP))
    low, high = (120 + 0.1 * STEP - 1e-9, 30 + 0.1 * STEP - 1e-9), (120 + 4.1 * STEP + 1e-9, 30 + 4.1 * STEP + 1e-9)
    for coords in (town.roads.coords, town.land.coords, town.water.coords):
        assert ((coords >= low) & (coords <= high)).all()
    assert len(town.roads) == 8
    file = tmp_path / "drawn.osm"
    file.write_text(osm_xml(10, 50))
    whole, part = read_osm(file, 4), read_osm(file, 4, within=(10.0, 50.0, 10.006, 50.004))
    assert 0 < len(part.buildings) < len(whole.buildings)
    kept = part.buildings.coords[:4]
    assert any(np.array_equal(kept, whole.buildings.coords[k : k + 4]) for k in range(len(whole.buildings.coords)))


def test_what_is_cut_out_keeps_its_houses_numbers_and_no_point_of_a_road() -> None:
    content, box = Content(), (0.0, 0.0, 1.0, 1.0)
    content.buildings = [shapely.box(x, 0.4, x + 0.2, 0.6) for x in (-0.5, 0.4, 0.7)]
    content.heights_m, content.building_names = [1.0, 2.0, 3.0], ["a", "b", "c"]
    content.building_kinds = [BuildingKind.OTHER] * 3
    content.addresses = [("A", str(row), x, 0.5, row) for row, x in ((0, -0.4), (1, 0.5), (2, 0.8), (0, 0.1), (-1, 0.2))]
    touching, across, outside = ([[-1.0, 0.0], [0.0, 1.0], [-1.0, 2.0]], [[-1.0, 0.5], [2.0, 0.5]], [[5.0, 5.0], [6.0, 6.0]])
    content.roads = [np.array(line) for line in (touching, across, outside)]
    content.road_classes, content.road_names = [RoadClass.STREET] * 3, ["x", "y", "z"]
    content.underground = [False, True, False]
    part = cut_out(content, box)
    assert (part.building_names, part.heights_m) == (["b", "c"], [2.0, 3.0])
    assert [(number, row) for _, number, _, _, row in part.addresses] == [("1", 0), ("2", 1), ("0", -1), ("-1", -1)]
    assert [line.tolist() for line in part.roads] == [[[0.0, 0.5], [1.0, 0.5]]]
    assert (part.road_names, part.underground) == (["y"], [True])


def test_the_real_layers_of_hangzhou_are_cut_out_and_refused_as_a_whole(towns: Path) -> None:
    town = read_osm(towns / "hangzhou_osm", within=(120.15, 30.24, 120.20, 30.29))
    assert check_cover(town.areas).is_exact
    assert town.boundary_fit >= 0.7
    assert len(town.at(Level.GRID)) >= 20
    assert len(town.land) > 250
    assert len(town.water) > 30
    with pytest.raises(BadTown) as caught:
        read_osm(towns / "hangzhou_osm", within=(119.6, 29.9, 120.7, 30.6))
    assert caught.value.reason_code == "too_large"


METRES = layer([("LineString", [[500_000.0, 3_300_000.0], [500_100.0, 3_300_000.0]], {})])
BAD = {
    "cut.geojson": (roads()[:-40], "damaged"),
    "list.geojson": (b"[1, 2]", "not_geojson"),
    "deep.geojson": (b"[" * 100_000, "damaged"),
    "empty.geojson": (b"", "damaged"),
    "roads_in_metres.geojson": (METRES, "not_degrees"),
    "roads_of_a_zone.geojson": (layer([], crs={"properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}), "not_degrees"),
    "nothing.geojson": (layer([]), "no_roads"),
    "notes.txt": (b"", "no_layers"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_folder_that_is_no_town_gets_one_reason(tmp_path: Path, name: str) -> None:
    data, reason = BAD[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(BadTown) as caught:
        read_osm(tmp_path, 4)
    assert caught.value.reason_code == reason
    assert "\n" not in caught.value.say("zh")


def test_a_pipe_or_a_link_to_nothing_is_no_layer_and_a_folder_is_passed_over(folder: Path) -> None:
    (folder / "older.geojson").mkdir()
    assert len(read_osm(folder, 4).land) == 2
    os.mkfifo(folder / "pipe.geojson")
    (folder / "loop.json").symlink_to("loop.json")
    for name in ("loop.json", "pipe.geojson"):
        with pytest.raises(BadTown) as caught:
            read_osm(folder, 4)
        assert (caught.value.reason_code, caught.value.detail[: len(name)]) == ("unreadable", name)
        (folder / name).unlink()
    (folder / "gone.geojson").symlink_to("/nowhere")
    with pytest.raises(BadTown) as caught:
        read_osm(folder, 4)
    assert caught.value.reason_code == "missing"
    with pytest.raises(BadTown) as caught:
        layers_of(folder / "nowhere")
    assert caught.value.reason_code == "unreadable"


def test_a_house_without_ground_has_no_number_and_takes_nobody_elses(folder: Path) -> None:
    flat = [[[120.001, 30.001], [120.003, 30.003], [120.001, 30.001], [120.001, 30.001]]]
    houses = [("Polygon", square(c + 0.2, r + 0.2, 0.1), {"building": "yes"}) for c in range(6) for r in range(6)]
    rows = [("Polygon", flat, HOUSE), *houses, ("Polygon", flat, HOUSE)]
    (folder / "buildings.geojson").write_bytes(layer(rows))
    town = read_osm(folder, 4)
    assert len(town.buildings) == 36
    assert town.buildings.addresses.building.tolist() == [-1, -1]
    assert isinstance(read_pack("buildings", write_packs(town)["buildings"]), BuildingsPack)


def test_names_of_a_file_go_into_every_ledger_and_pack(folder: Path) -> None:
    named = {"fclass": "residential", "name": "\ud800采\x00荷\u202e"}
    (folder / "landuse.geojson").write_bytes(layer([("Polygon", square(2, 2), named)]))
    named_so = folder.rename(folder.with_name(b"\xff.layers".decode(errors="surrogateescape")))
    town = read_osm(named_so, 4)
    assert town.name == CODE
    assert "采 荷" in {area.name for area in town.areas}
    assert write_packs(town).keys()


def test_more_houses_or_roads_than_a_desk_shows_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    houses = [("Polygon", square(c + 0.2, r + 0.2, 0.1), HOUSE) for c in range(6) for r in range(6)]
    (folder / "buildings.geojson").write_bytes(layer(houses))
    for limit, many in (("MAX_BUILDINGS", "35 buildings"), ("MAX_ROADS", "13 roads")):
        monkeypatch.setattr(geojson_folder, limit, int(many.split()[0]))
        with pytest.raises(BadTown) as caught:
            read_osm(folder, 4)
        assert (caught.value.reason_code, caught.value.detail) == ("too_large", many)
        monkeypatch.undo()


def test_a_shape_that_is_none_is_left_out_and_the_rest_stands(folder: Path) -> None:
    odd: list[tuple[str, Any, dict[str, object]]] = [
        ("Polygon", [[[120.0, 30.0]]], {"fclass": "park"}),
        ("Polygon", [], {"fclass": "park"}),
        ("Polygon", "x", {"fclass": "park"}),
        ("LineString", [[10**400, 30], [120, 30]], {"highway": "residential"}),
        ("Polygon", square(1, 1), ["fclass"]),  # type: ignore[list-item]
        ("LineString", [[120.0, 30.0], [120.0, 30.0]], {"highway": "residential"}),
        ("Polygon", [[[120.001, 30.001], [120.003, 30.003], [120.003, 30.001], [120.001, 30.003], [120.001, 30.001]]], {}),
        ("Polygon", square(1, 1), {"fclass": "moonbase"}),
    ]
    (folder / "odd.geojson").write_bytes(layer(odd))
    deep = '{"type": "GeometryCollection", "geometries": [' * 300 + "]}" * 300
    features = f'{{"type": "FeatureCollection", "features": [{{"properties": {{}}, "geometry": {deep}}}]}}'
    (folder / "nested.geojson").write_text(features)
    assert len(read_osm(folder, 4).land) == 2


@pytest.mark.parametrize("text", ["", "1,2,3", "a,b,c,d", "3,1,2,4", "0,0,181,1", "nan,0,1,1", "0,-91,1,1"])
def test_a_rectangle_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadTown) as caught:
        box_of(text)
    assert caught.value.reason_code == "bad_box"
