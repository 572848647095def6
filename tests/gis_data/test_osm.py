"""Real and drawn OpenStreetMap files become towns; anything else is refused in one line."""

from __future__ import annotations

import bz2
import gzip
import os
from pathlib import Path

import numpy as np
import pytest
import shapely

from gis_data.topology import check_cover
from gis_data.town import BadTown
from gis_data.town.network import RoadNetwork
from gis_data.town.osm import ATTRIBUTION, CODE, read_osm
from gis_data.town.pack import read_pack, write_packs
from gis_data.town.plane import Plane
from gis_data.town.town import PatchKind, RoadClass, Town
from governance.places import Level, at_level, level_of
from tests.gis_data.drawn_town import osm_xml

REAL = ("monaco.osm.pbf", "krems.osm.gz", "helsinki.osm.pbf")


@pytest.fixture(scope="module")
def real(towns: Path) -> dict[str, Town]:
    """The three real towns, each with as many grids as suit it."""
    return {name: read_osm(towns / name) for name in REAL}


@pytest.mark.parametrize("name", REAL)
def test_a_real_town_is_whole(real: dict[str, Town], name: str) -> None:
    town = real[name]
    assert check_cover(town.areas).is_exact
    assert town.boundary_fit >= 0.7
    assert len(town.at(Level.DISTRICT)) == 1
    assert len(town.at(Level.GRID)) >= 10
    assert len(town.buildings) >= 400
    assert len(town.cameras) == 7 * len(town.at(Level.GRID))
    assert town.attribution == ATTRIBUTION
    assert RoadNetwork.of(town).length_m > 5_000
    for layer, data in write_packs(town).items():
        read_pack(layer, data)


@pytest.mark.parametrize("name", REAL)
def test_codes_of_a_real_town_contain_one_another(real: dict[str, Town], name: str) -> None:
    town = real[name]
    assert town.code == CODE
    codes = [area.code for area in town.areas]
    assert len(set(codes)) == len(codes)
    for area in town.areas:
        assert level_of(area.code) is area.level
        assert area.name
        if area.level is not Level.DISTRICT:
            assert area.parent == at_level(area.code, area.level.next_up)


@pytest.mark.parametrize("name", REAL)
def test_the_district_holds_most_houses_and_every_camera_its_grid(real: dict[str, Town], name: str) -> None:
    town = real[name]
    offsets = town.buildings.offsets[:-1]
    corners = shapely.points(town.buildings.coords[offsets])
    shapely.prepare(town.areas[0].polygon)
    assert shapely.contains(town.areas[0].polygon, corners).mean() > 0.55
    grids = {area.code: area.polygon for area in town.at(Level.GRID)}
    for camera in town.cameras:
        assert grids[camera.grid].distance(shapely.Point(camera.place.lon, camera.place.lat)) < 1e-8


def test_monacos_quarters_are_its_streets(real: dict[str, Town]) -> None:
    monaco = real["monaco.osm.pbf"]
    assert monaco.name == "Monaco"
    names = {area.name for area in monaco.at(Level.STREET)}
    assert names == {"La Rousse", "Monte-Carlo", "Fontvieille", "Monaco-Ville", "La Condamine", "Larvotto"}
    assert PatchKind.SEA in set(monaco.water.kind.tolist())
    assert monaco.epoch == "2021-04-21"


def test_the_sea_lies_beside_monaco_not_on_it(real: dict[str, Town]) -> None:
    monaco = real["monaco.osm.pbf"]
    water = monaco.water
    rows = np.flatnonzero(water.kind == PatchKind.SEA)
    sea = shapely.union_all([shapely.Polygon(water.coords[water.offsets[k] : water.offsets[k + 1]]).buffer(0) for k in rows])
    shapely.prepare(sea)
    houses = shapely.points(monaco.buildings.coords[monaco.buildings.offsets[:-1]])
    assert shapely.contains(sea, houses).mean() < 0.02
    assert sea.contains(shapely.Point(7.440, 43.733))


def test_heights_come_from_the_height_tag_the_levels_or_the_kind(real: dict[str, Town]) -> None:
    heights = real["monaco.osm.pbf"].buildings.height_m
    assert len(np.unique(heights)) > 10
    assert heights.max() < 250
    assert heights.min() > 0


@pytest.mark.parametrize(("name", "grids"), [("monaco.osm.pbf", 40), ("krems.osm.gz", 60), ("helsinki.osm.pbf", 3)])
def test_exactly_the_grids_asked_for_are_made(towns: Path, name: str, grids: int) -> None:
    town = read_osm(towns / name, grids)
    assert len(town.at(Level.GRID)) == grids
    assert town.boundary_fit >= 0.7


def test_reading_a_file_twice_gives_the_same_bytes(towns: Path) -> None:
    first, second = (write_packs(read_osm(towns / "krems.osm.gz", 30)) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(-70.65, -33.45), (179.98, -16.8), (-179.99, 66.0), (15.63, 78.22), (0.0, 0.0), (-0.001, 51.48), (120.2, 30.3)],
    ids=["Santiago", "beside the 180th meridian", "Chukotka", "Longyearbyen", "null island", "Greenwich", "Hangzhou"],
)
def test_a_town_anywhere_on_earth_works(tmp_path: Path, lon: float, lat: float) -> None:
    file = tmp_path / "drawn.osm"
    file.write_text(osm_xml(lon, lat))
    town = read_osm(file, 6)
    assert len(town.at(Level.GRID)) == 6
    assert len(town.buildings) == 144
    assert town.boundary_fit > 0.9
    metres = Plane(town.origin).to_plane(*town.buildings.coords.T)
    assert np.abs(metres).max() < 1_500
    assert town.origin.distance_m(town.cameras[0].place) < 1_500
    assert set(town.buildings.height_m.tolist()) == {6.0, 9.0, 12.0, 15.0, 18.0}
    assert set(town.roads.road_class.tolist()) == {RoadClass.STREET}


def test_a_file_is_read_by_its_content_whatever_its_name(tmp_path: Path) -> None:
    text = osm_xml(10.0, 50.0).encode()
    for name, data in {"a.txt": text, "b.osm": gzip.compress(text), "c.pbf": bz2.compress(text)}.items():
        (tmp_path / name).write_bytes(data)
        assert len(read_osm(tmp_path / name, 4).buildings) == 144


BAD_LATITUDES = {"lat_word": "xx", "lat_nan": "nan"}


def _with_node(place: str) -> bytes:
    """A drawn town with one more node, a named hamlet."""
    node = f'<node id="900000" version="1" {place}><tag k="place" v="hamlet"/><tag k="name" v="Off"/></node>'
    return osm_xml(10, 50).replace("<way", f"{node}<way", 1).encode()


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory, towns: Path) -> Path:
    """Files with every kind of damage."""
    folder = tmp_path_factory.mktemp("spoiled")
    monaco, krems = (towns / "monaco.osm.pbf").read_bytes(), (towns / "krems.osm.gz").read_bytes()
    noise = os.urandom(5_000)
    text = gzip.decompress(krems)
    files = {
        "empty.osm.pbf": b"",
        "cut_short.osm.pbf": monaco[:120],
        "cut_half.osm.pbf": monaco[: len(monaco) // 2],
        "cut_end.osm.pbf": monaco[:-7],
        "overwritten.osm.pbf": monaco[:100_000] + bytes(900) + monaco[100_900:],
        "cut_half.osm.gz": krems[: len(krems) // 2],
        "overwritten.osm.gz": krems[:90_000] + b"oops" + krems[90_004:],
        "noise.osm.gz": gzip.compress(noise),
        "no_gzip.osm.gz": b"\x1f\x8b" + noise,
        "cut_half.osm": text[: len(text) // 2],
        "picture.png": b"\x89PNG\r\n\x1a\n" + noise,
        "page.html": b"<!doctype html><html><body>openstreetmap</body></html>",
        "no_houses.osm": osm_xml(10, 50, houses=False).encode(),
        "no_roads.osm": osm_xml(10, 50, roads=False).encode(),
        "nothing.osm": b'<?xml version="1.0"?><osm version="0.6"></osm>',
        "no_nodes.osm": b'<?xml version="1.0"?><osm version="0.6">'
        + osm_xml(10, 50).partition("<way")[2].join(["<way", ""]).encode(),
    }
    much = b'<osm version="0.6"><node id="1">' + b" " * 75_000_000
    files |= {"blown_up.osm.gz": gzip.compress(much), "blown_up.osm.bz2": bz2.compress(much, 1)}
    files |= {f"{name}.osm": _with_node(f'lon="10" lat="{lat}"') for name, lat in BAD_LATITUDES.items()}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    (folder / "folder.osm").mkdir()
    os.mkfifo(folder / "pipe.osm")
    return folder


@pytest.mark.parametrize("place", ["", 'lon="10" lat="91"', 'lon="10" lat="1e400"'], ids=["nowhere", "beyond the pole", "huge"])
def test_a_named_place_without_a_place_is_passed_over(tmp_path: Path, place: str) -> None:
    file = tmp_path / "drawn.osm"
    file.write_bytes(_with_node(place))
    assert len(read_osm(file, 4).buildings) == 144


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("absent.osm.pbf", "missing"),
        ("folder.osm", "no_layers"),
        ("empty.osm.pbf", "empty"),
        ("cut_short.osm.pbf", "damaged"),
        ("cut_half.osm.pbf", "damaged"),
        ("cut_end.osm.pbf", "damaged"),
        ("overwritten.osm.pbf", "damaged"),
        ("cut_half.osm.gz", "damaged"),
        ("overwritten.osm.gz", "damaged"),
        ("noise.osm.gz", "not_osm"),
        ("no_gzip.osm.gz", "damaged"),
        ("cut_half.osm", "damaged"),
        ("picture.png", "not_osm"),
        ("page.html", "not_osm"),
        ("no_houses.osm", "no_buildings"),
        ("no_roads.osm", "no_roads"),
        ("nothing.osm", "no_buildings"),
        ("no_nodes.osm", "damaged"),
        ("lat_word.osm", "damaged"),
        ("lat_nan.osm", "damaged"),
        ("blown_up.osm.gz", "damaged"),
        ("blown_up.osm.bz2", "damaged"),
        ("pipe.osm", "unreadable"),
    ],
)
def test_a_file_that_is_no_town_gets_one_clear_line(spoiled: Path, name: str, reason: str) -> None:
    with pytest.raises(BadTown) as caught:
        read_osm(spoiled / name)
    assert caught.value.reason_code == reason
    for language in ("zh", "en"):
        line = caught.value.say(language)
        assert line
        assert "\n" not in line
        assert str(spoiled) not in line
        assert len(line) < 200
    assert caught.value.say("zh") != caught.value.say("en")


@pytest.mark.parametrize("grids", [0, -3, 1_000_000])
def test_an_impossible_number_of_grids_is_refused(tmp_path: Path, grids: int) -> None:
    file = tmp_path / "drawn.osm"
    file.write_text(osm_xml(10, 50))
    with pytest.raises(BadTown) as caught:
        read_osm(file, grids)
    assert caught.value.reason_code == "bad_grids"


def test_a_town_across_the_180th_meridian_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "drawn.osm"
    text = osm_xml(179.997, -16.8)
    for k in range(20):
        text = text.replace(f'lon="180.00{k:02d}', f'lon="-179.99{99 - k:02d}')
    file.write_text(text)
    with pytest.raises(BadTown) as caught:
        read_osm(file)
    assert caught.value.reason_code == "antimeridian"


def test_one_odd_word_spoils_no_file(tmp_path: Path) -> None:
    file = tmp_path / ".osm"
    house = '<tag k="building" v="apartments"/>'
    odd = f'<tag k="boundary" v="administrative"/><tag k="admin_level" v="²"/>{house}'
    file.write_text(osm_xml(10, 50).replace(house, odd))
    town = read_osm(file, 4)
    assert (town.name, len(town.buildings)) == ("osm", 144)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('v="residential"/>', 'v="residential"/><tag k="tunnel" v="yes"/>'),
        ('"tertiary"', '"footway"'),
        ('v="apartments"/>', 'v="roof"/><tag k="name" v="&lt;b&gt;&#10;网格"/>'),
        ('nd ref="7"', 'nd ref="31"'),
    ],
    ids=["half of the streets in tunnels", "paths instead of streets", "odd names", "streets that cross themselves"],
)
def test_an_odd_town_is_still_whole(tmp_path: Path, old: str, new: str) -> None:
    file = tmp_path / "drawn.osm"
    text = osm_xml(10, 50)
    assert old in text
    file.write_text(text.replace(old, new))
    town = read_osm(file, 5)
    assert check_cover(town.areas).is_exact
    assert len(town.at(Level.GRID)) == 5
    assert len(town.cameras) == 35
