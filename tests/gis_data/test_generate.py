"""The generated district: its size, its order, and that it is what it says it is."""

from __future__ import annotations

import hashlib
import itertools
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely

from gis_data.topology import check_cover
from gis_data.town.camera_sites import roads_told
from gis_data.town.generate import generate
from gis_data.town.network import RoadNetwork
from gis_data.town.pack import write_packs
from gis_data.town.plane import Plane
from gis_data.town.town import PatchKind, RoadClass, Town
from governance.places import Level, LonLat, at_level, is_inside, level_of

ROOT = Path(__file__).resolve().parents[2]


def on_plane(town: Town, shapes: np.ndarray) -> np.ndarray:
    plane = Plane(town.origin)
    return np.asarray(shapely.transform(shapes, lambda degrees: plane.to_plane(degrees[:, 0], degrees[:, 1])))


def pieces(coords: np.ndarray, offsets: np.ndarray) -> list[np.ndarray]:
    return [coords[a:b] for a, b in itertools.pairwise(offsets)]


@pytest.fixture(scope="module")
def grids(district: Town) -> np.ndarray:
    """The grids on the plane."""
    return on_plane(district, np.array([area.polygon for area in district.at(Level.GRID)], dtype=object))


@pytest.fixture(scope="module")
def houses(district: Town) -> np.ndarray:
    """The buildings on the plane."""
    rings = pieces(district.buildings.coords, district.buildings.offsets)
    return on_plane(district, np.array([shapely.Polygon(ring) for ring in rings], dtype=object))


def test_it_is_a_district_of_jianggans_size(district: Town) -> None:
    counts = {level: len(district.at(level)) for level in Level}
    assert counts == {Level.DISTRICT: 1, Level.STREET: 8, Level.COMMUNITY: 147, Level.GRID: 543}
    assert Counter(area.kind for area in district.at(Level.COMMUNITY)) == {"社区": 143, "村": 4}
    assert len(district.cameras) == 3790
    assert len(district.buildings) == pytest.approx(20_000, rel=0.05)
    whole = on_plane(district, np.array([district.areas[0].polygon], dtype=object))
    assert shapely.area(whole)[0] == pytest.approx(105e6, rel=0.001)


def test_another_process_makes_the_same_town_byte_for_byte(district: Town) -> None:
    program = (
        "import hashlib; from gis_data.town.generate import generate; from gis_data.town.pack import write_packs;"
        "print(hashlib.sha256(b''.join(write_packs(generate(1)).values())).hexdigest())"
    )
    out = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "77"}
    )
    assert out.stdout.strip() == hashlib.sha256(b"".join(write_packs(district).values())).hexdigest()


def test_another_seed_is_another_town_as_complete_and_as_quick(district: Town) -> None:
    start = time.process_time()
    other = generate(20_261_122)
    assert time.process_time() - start < 10.0
    assert [len(other.at(level)) for level in Level] == [543, 147, 8, 1]
    assert len(other.cameras) == 3790
    assert len(other.buildings) == pytest.approx(20_000, rel=0.05)
    assert other.boundary_fit >= 0.7
    assert not np.array_equal(other.roads.coords, district.roads.coords)


def test_every_area_is_the_exact_sum_of_the_areas_below_it(district: Town) -> None:
    cover = check_cover(district.areas)
    assert cover.is_exact
    assert cover.parents == 1 + 8 + 147


def test_codes_contain_one_another_and_names_are_chinese(district: Town) -> None:
    codes = [area.code for area in district.areas]
    assert len(set(codes)) == len(codes)
    for area in district.areas:
        assert level_of(area.code) is area.level
        assert area.parent == (at_level(area.code, area.level.next_up) if area.level is not Level.DISTRICT else "")
        assert re.search(r"[\u4e00-\u9fff]", area.name)
    assert {area.name for area in district.at(Level.STREET)} >= {"凯旋街道", "采荷街道", "九堡街道", "丁兰街道"}
    communities = [area.name for area in district.at(Level.COMMUNITY)]
    assert len(set(communities)) == len(communities)


def test_grids_are_numbered_from_one_in_each_community(district: Town) -> None:
    numbers: dict[str, list[int]] = {}
    for area in district.at(Level.GRID):
        numbers.setdefault(area.parent, []).append(int(area.code[12:]))
    assert len(numbers) == 147
    for found in numbers.values():
        assert sorted(found) == list(range(1, len(found) + 1))


def test_grids_follow_roads_or_water_as_an_independent_walk_finds(district: Town, grids: np.ndarray) -> None:
    """Points every 3 m along the boundaries between grids, against buffers of 5 m: another way than the maker's."""
    lines = on_plane(
        district, np.array([shapely.LineString(line) for line in pieces(district.roads.coords, district.roads.offsets)])
    )
    water = on_plane(
        district, np.array([shapely.Polygon(ring) for ring in pieces(district.water.coords, district.water.offsets)])
    )
    outer = shapely.boundary(shapely.union_all(grids, grid_size=0.001))
    inner = shapely.difference(shapely.union_all(shapely.boundary(grids), grid_size=0.001), outer.buffer(0.05))
    points = shapely.get_coordinates(shapely.segmentize(shapely.get_parts(shapely.line_merge(inner)), 3.0))
    near = shapely.union_all(np.concatenate([shapely.buffer(lines, 5.0, quad_segs=16), shapely.buffer(water, 5.0)]))
    shapely.prepare(near)
    share = shapely.intersects_xy(near, points).mean()
    assert share >= 0.7
    assert district.boundary_fit == pytest.approx(share, abs=0.02)


def test_no_grid_is_a_sliver_or_a_whole_quarter(grids: np.ndarray) -> None:
    area = shapely.area(grids)
    thickness = 2 * area / shapely.length(grids)
    assert thickness.min() > 60.0
    assert area.min() > 20_000
    assert np.percentile(area, 90) < 400_000


def test_all_roads_hang_together(district: Town) -> None:
    network = RoadNetwork.of(district)
    plane = Plane(district.origin)
    metres = plane.to_plane(*district.roads.coords.T)
    length = sum(np.hypot(*np.diff(line, axis=0).T).sum() for line in pieces(metres, district.roads.offsets))
    assert network.length_m == pytest.approx(length, rel=0.005)


def test_roads_have_classes_and_chinese_names(district: Town) -> None:
    kinds = Counter(RoadClass(k) for k in district.roads.road_class)
    assert kinds[RoadClass.ARTERIAL] > 20
    assert kinds[RoadClass.STREET] > 200
    assert kinds[RoadClass.LANE] > 400
    assert all(re.search(r"[\u4e00-\u9fff]", name) for name in district.roads.names)


def test_houses_stand_apart_and_clear_of_roads_and_water(district: Town, houses: np.ndarray) -> None:
    assert shapely.is_valid(houses).all()
    tree = shapely.STRtree(houses)
    first, second = tree.query(houses, predicate="intersects")
    assert (first == second).all()
    roads = on_plane(
        district, np.array([shapely.LineString(line) for line in pieces(district.roads.coords, district.roads.offsets)])
    )
    assert not len(tree.query(shapely.buffer(roads, 3.0), predicate="intersects")[0])
    water = on_plane(
        district, np.array([shapely.Polygon(ring) for ring in pieces(district.water.coords, district.water.offsets)])
    )
    assert not len(tree.query(water, predicate="intersects")[0])
    assert (district.buildings.height_m >= 3).all()
    assert (district.buildings.height_m < 260).all()


def test_most_communities_have_houses_and_most_grids_too(grids: np.ndarray, houses: np.ndarray) -> None:
    counts = np.bincount(shapely.STRtree(grids).query(shapely.centroid(houses), predicate="within")[1], minlength=len(grids))
    assert (counts > 0).mean() > 0.95
    assert np.median(counts) > 20


def test_a_big_river_and_canals_run_through_it(district: Town) -> None:
    kinds = Counter(PatchKind(k) for k in district.water.kind)
    assert kinds[PatchKind.RIVER] == 1
    assert kinds[PatchKind.CANAL] >= 3
    assert "钱塘江" in district.water.names


def test_every_camera_stands_in_its_grid_beside_a_road(district: Town, grids: np.ndarray) -> None:
    codes = [area.code for area in district.at(Level.GRID)]
    plane = Plane(district.origin)
    xy = plane.to_plane([c.place.lon for c in district.cameras], [c.place.lat for c in district.cameras])
    own = np.array([codes.index(camera.grid) for camera in district.cameras])
    assert (shapely.distance(grids[own], shapely.points(xy)) < 0.01).all()
    roads = on_plane(
        district, np.array([shapely.LineString(line) for line in pieces(district.roads.coords, district.roads.offsets)])
    )
    near, _ = shapely.STRtree(roads).query(shapely.points(xy), predicate="dwithin", distance=12.0)
    assert len(set(near.tolist())) == len(xy)


def test_cameras_carry_what_a_control_room_needs(district: Town) -> None:
    ids, roads = [camera.id for camera in district.cameras], {*district.roads.names, "无名路"}
    assert len(set(ids)) == len(ids)
    for camera in district.cameras:
        assert re.fullmatch(r"330104\d{4}132\d{7}", camera.id)
        assert roads.issuperset(roads_told(camera.name) or [camera.name]), camera.name
        assert 0 <= camera.heading_deg < 360
        assert 30 <= camera.field_of_view_deg <= 360
        assert 100 <= camera.range_m <= 250
    owners = Counter(camera.owner for camera in district.cameras)
    assert set(owners) == {"公安", "城管", "食药监", "社会"}


@pytest.mark.parametrize("what", ["roads", "buildings"])
def test_cameras_see_most_places_where_something_happens(district: Town, what: str) -> None:
    shapes = getattr(district, what)
    rows = np.random.default_rng(5).integers(0, len(shapes.offsets) - 1, 60)
    places = [LonLat(*shapes.coords[shapes.offsets[k] : shapes.offsets[k + 1]].mean(axis=0)) for k in rows]
    seen = [sum(camera.sees(place) for camera in district.cameras) for place in places]
    assert sum(count > 0 for count in seen) >= 40
    assert max(seen) <= 12, "and none of them is looked at by everything there is"


def test_no_two_cameras_hang_together_and_look_the_same_way(district: Town) -> None:
    xy = Plane(district.origin).to_plane([c.place.lon for c in district.cameras], [c.place.lat for c in district.cameras])
    heading = np.array([camera.heading_deg for camera in district.cameras])
    one, other = shapely.STRtree(shapely.points(xy)).query(shapely.points(xy), predicate="dwithin", distance=60.0)
    turn = np.abs((heading[one] - heading[other] + 180.0) % 360.0 - 180.0)
    assert not (turn[one < other] < 30.0).any()


def test_whoever_watches_the_making_can_stop_it() -> None:
    shares: list[float] = []

    def watch(share: float, _what: str) -> None:
        shares.append(share)
        if share > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(1, watch)
    assert shares == [0.0, 0.15]


def test_streets_hold_their_own_communities(district: Town) -> None:
    counts = Counter(area.parent for area in district.at(Level.COMMUNITY))
    by_name = {area.name: counts[area.code] for area in district.at(Level.STREET)}
    assert by_name["凯旋街道"] == 15
    assert by_name["丁兰街道"] == 26
    villages = [area for area in district.at(Level.COMMUNITY) if area.kind == "村"]
    assert {area.name for area in villages} >= {"沿山村", "皋城村"}
    assert all(is_inside(area.code, area.parent) and area.code[9] == "2" for area in villages)
