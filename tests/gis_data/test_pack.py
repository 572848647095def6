"""Packs come back as they went in, are the same for the same town, and are refused when anything is wrong with them."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_data.town.container import BadPack, freeze, thaw
from gis_data.town.pack import (
    LAYERS,
    AreasPack,
    BuildingsPack,
    CamerasPack,
    Manifest,
    PatchesPack,
    RoadsPack,
    manifest_of,
    read_pack,
    write_packs,
)
from gis_data.town.town import Town
from governance.places import Level
from tests.fakes.small_town import small_town


@pytest.fixture(scope="module")
def packs(district: Town) -> dict[str, bytes]:
    """The packs of the generated district."""
    return write_packs(district)


SMALL = write_packs(small_town())


def surface(coords: np.ndarray, triangles: np.ndarray) -> float:
    a, b, c = (coords[triangles[:, k]] for k in range(3))
    return float(np.abs((b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])).sum() / 2)


def test_there_is_one_pack_for_each_layer(packs: dict[str, bytes]) -> None:
    assert tuple(packs) == LAYERS
    assert sum(map(len, packs.values())) < 16_000_000


def test_areas_come_back_with_their_codes_names_and_rings(district: Town, packs: dict[str, bytes]) -> None:
    areas = read_pack("areas", packs["areas"])
    assert isinstance(areas, AreasPack)
    assert areas.codes.tolist() == [area.code for area in district.areas]
    assert areas.names.tolist() == [area.name for area in district.areas]
    assert areas.parents.tolist() == [area.parent for area in district.areas]
    assert areas.levels.tolist() == [area.level for area in district.areas]
    for k in (0, 5, 300, -1):
        area, row = district.areas[k], range(len(district.areas))[k]
        first = areas.polygon_offsets[areas.area_offsets[row]]
        ring = areas.coords[areas.ring_offsets[first] : areas.ring_offsets[first + 1]]
        assert np.array_equal(ring, shapely.get_coordinates(shapely.get_parts(area.polygon)[0].exterior))
        assert area.polygon.contains(shapely.Point(areas.centres[row]))


def test_triangles_of_grids_cover_each_grid_exactly(district: Town, packs: dict[str, bytes]) -> None:
    areas = read_pack("areas", packs["areas"])
    assert isinstance(areas, AreasPack)
    for row, area in enumerate(district.areas):
        mine = areas.triangles[areas.triangle_offsets[row] : areas.triangle_offsets[row + 1]]
        expected = area.polygon.area if area.level is Level.GRID else 0.0
        assert surface(areas.coords, mine) == pytest.approx(expected, rel=1e-6, abs=1e-15)


def test_triangles_of_roofs_cover_each_roof(district: Town, packs: dict[str, bytes]) -> None:
    buildings = read_pack("buildings", packs["buildings"])
    assert isinstance(buildings, BuildingsPack)
    assert np.array_equal(buildings.coords, district.buildings.coords)
    assert np.array_equal(buildings.height_m, district.buildings.height_m)
    corners = buildings.coords[:-1], buildings.coords[1:]
    same = np.repeat(np.arange(len(buildings.offsets) - 1), np.diff(buildings.offsets))
    cross = (corners[0][:, 0] - 120) * (corners[1][:, 1] - 30) - (corners[1][:, 0] - 120) * (corners[0][:, 1] - 30)
    rings = np.abs(np.bincount(same[:-1], weights=np.where(same[1:] == same[:-1], cross, 0)) / 2).sum()
    assert surface(buildings.coords, buildings.triangles) == pytest.approx(rings, rel=1e-6)


def test_roads_waters_and_cameras_come_back(district: Town, packs: dict[str, bytes]) -> None:
    roads, water, cameras = (read_pack(name, packs[name]) for name in ("roads", "water", "cameras"))
    assert isinstance(roads, RoadsPack)
    assert isinstance(water, PatchesPack)
    assert isinstance(cameras, CamerasPack)
    assert tuple(roads.names.tolist()) == district.roads.names
    assert np.array_equal(roads.road_class, district.roads.road_class)
    assert np.array_equal(water.coords, district.water.coords)
    assert cameras.ids.tolist() == [camera.id for camera in district.cameras]
    assert cameras.names.tolist() == [camera.name for camera in district.cameras]
    assert np.array_equal(cameras.places[0], (district.cameras[0].place.lon, district.cameras[0].place.lat))


def test_equal_towns_give_equal_bytes_and_a_change_changes_only_its_layer() -> None:
    again = write_packs(small_town())
    assert again == SMALL
    town = small_town()
    higher = replace(town, buildings=replace(town.buildings, height_m=town.buildings.height_m + 1))
    changed = write_packs(higher)
    assert [name for name in LAYERS if changed[name] != SMALL[name]] == ["buildings"]


def test_what_is_read_cannot_be_written() -> None:
    roads = read_pack("roads", SMALL["roads"])
    assert isinstance(roads, RoadsPack)
    with pytest.raises(ValueError, match="read-only"):
        roads.coords[0, 0] = 1.0


def test_a_manifest_comes_back_and_names_every_layer_by_hash(district: Town, packs: dict[str, bytes]) -> None:
    manifest = manifest_of(district, packs)
    assert Manifest.from_bytes(manifest.to_bytes()) == manifest
    assert set(manifest.layers) == set(LAYERS)
    assert manifest.layers["roads"][1] == len(packs["roads"])
    assert manifest.boundary_fit == district.boundary_fit


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"null", b"\xff", b'{"layers": {}}', b"[" * 5000, b'{"layers": 3}'])
def test_a_manifest_that_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(BadPack):
        Manifest.from_bytes(data)


@pytest.mark.parametrize("layer", LAYERS)
def test_a_pack_cut_anywhere_is_refused(layer: str) -> None:
    data = SMALL[layer]
    for length in {*range(min(len(data), 400)), *range(0, len(data), 97), len(data) - 1}:
        with pytest.raises(BadPack):
            read_pack(layer, data[:length])
    with pytest.raises(BadPack):
        read_pack(layer, data + b"\0")


@pytest.mark.parametrize("layer", LAYERS)
def test_a_pack_of_another_layer_is_refused(layer: str) -> None:
    for other in LAYERS:
        if other != layer:
            with pytest.raises(BadPack):
                read_pack(other, SMALL[layer])


@given(st.sampled_from(LAYERS), st.data())
@settings(max_examples=400, deadline=None)
def test_flipped_bytes_are_refused_or_harmless(layer: str, data: st.DataObject) -> None:
    """Never another exception, and what passes still has offsets and triangles that stay inside its arrays."""
    raw = bytearray(SMALL[layer])
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        pack = read_pack(layer, bytes(raw))
    except BadPack:
        return
    for field in fields(pack):
        array = getattr(pack, field.name)
        if field.name == "triangles" and len(array):
            assert int(array.max()) < len(pack.coords)  # type: ignore[union-attr]
        if field.name.endswith("offsets"):
            assert (np.diff(array) >= 0).all()


@given(st.binary(max_size=300))
def test_any_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(BadPack):
        read_pack("roads", data)
    with pytest.raises(BadPack):
        thaw("roads", b"GWPACK01" + data)


def test_objects_never_enter_a_pack() -> None:
    with pytest.raises(TypeError):
        freeze("roads", {"coords": np.array([object()])})


def test_an_unknown_layer_is_refused() -> None:
    with pytest.raises(BadPack, match="no such layer"):
        read_pack("people", SMALL["roads"])
