"""Coordinates that are wrong, shapes that are none, people who jump: nothing stops the map, and what is not drawn is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from desktop.map.empty_shapes import filled
from desktop.map.scene import Geometry
from desktop.situation.grids import side_by_side
from desktop.town_arrival import network_of, rings_of_grids
from gis_data.town.pack import AreasPack, read_pack, write_packs
from tests.desktop.map import invented_town
from tests.desktop.map.conftest import at, move, pixels, put_workers, rest
from tests.desktop.map.invented_town import ORIGIN, pins

Damage = Callable[[np.ndarray], None]
LAST = "330199001002003"


def town_with(layer: str, damage: Damage) -> Geometry:
    """The small town after some of a layer's coordinates were changed."""
    packs = {name: read_pack(name, data) for name, data in write_packs(invented_town.town()).items()}
    coords = np.array(packs[layer].coords)
    damage(coords)
    packs[layer] = replace(packs[layer], coords=coords)
    return Geometry.of(packs, ORIGIN)


def last_grid() -> slice:
    """The corners of the last grid."""
    areas = read_pack("areas", write_packs(invented_town.town())["areas"])
    assert isinstance(areas, AreasPack)
    assert areas.codes[-1] == LAST
    return slice(int(areas.ring_offsets[-2]), int(areas.ring_offsets[-1]))


def to_the_pole(coords: np.ndarray) -> None:
    coords[last_grid(), 1] += 50.0


def across_the_earth(coords: np.ndarray) -> None:
    coords[last_grid()] = (-60.0, -30.0)


def one_corner_across(coords: np.ndarray) -> None:
    coords[last_grid().start + 1] = (-60.0, -30.0)


def crossed(coords: np.ndarray) -> None:
    first = last_grid().start
    coords[[first + 1, first + 2]] = coords[[first + 2, first + 1]]


def flat(coords: np.ndarray) -> None:
    coords[last_grid()] = coords[last_grid().start]


def first_five(coords: np.ndarray) -> None:
    coords[:5] = (-60.0, -30.0)


def first_point(coords: np.ndarray) -> None:
    coords[0] = (10.0, 80.0)


@pytest.mark.parametrize("damage", [to_the_pole, across_the_earth, one_corner_across])
def test_a_grid_far_from_the_others_is_left_out_and_named_and_the_others_fill_the_map(damage, small_town):
    found = town_with("areas", damage)
    assert found.left_out == (f"grid {LAST}",)
    assert found.grids.codes == small_town.grids.codes
    assert len(found.grids.fine) == len(small_town.grids.fine) - 1
    assert found.outline.min(axis=0) == pytest.approx(small_town.outline.min(axis=0), abs=1.0)
    assert found.middle_of(LAST) is None
    assert found.middle_of(small_town.grids.codes[0]) is not None


ELSEWHERE = [("buildings", first_five, "building 0"), ("roads", first_point, "road 0"), ("water", first_five, "water 0")]


@pytest.mark.parametrize(("layer", "damage", "named"), ELSEWHERE, ids=[layer for layer, _, _ in ELSEWHERE])
def test_what_lies_nowhere_near_the_town_is_left_out_and_named(layer, damage, named, small_town):
    found = town_with(layer, damage)
    assert found.left_out == (named,)
    assert (found.outline == small_town.outline).all()
    assert found.building_height_m.shape == small_town.building_height_m.shape
    if layer == "roads":
        assert found.roads.names == ("解放路",)


def emptied(pack, name: str, row: int):
    """A pack after one of its rings lost all its corners, and the triangles between them."""
    offsets = getattr(pack, name)
    first, end = offsets[row : row + 2].tolist()
    ends = offsets - (end - first) * (np.arange(len(offsets)) > row)
    changed = {name: ends, "coords": np.delete(pack.coords, np.s_[first:end], axis=0)}
    if hasattr(pack, "triangles"):
        corners = pack.triangles.astype(np.int64)
        gone = ((corners >= first) & (corners < end)).any(axis=1)
        changed["triangles"] = (corners - (end - first) * (corners >= end))[~gone].astype(pack.triangles.dtype)
        changed["triangle_offsets"] = pack.triangle_offsets - np.concatenate([[0], np.cumsum(gone)])[pack.triangle_offsets]
    return replace(pack, **changed)


EMPTY = [
    ("buildings", "offsets", 0, "building 0"),
    ("buildings", "offsets", 11, "building 11"),
    ("water", "offsets", 0, "water 0"),
    ("roads", "offsets", 1, "road 1"),
    ("areas", "ring_offsets", 9, f"grid {LAST}"),
    ("areas", "ring_offsets", 4, "grid"),
]


@pytest.mark.parametrize(("layer", "name", "row", "named"), EMPTY, ids=[f"{layer} {row}" for layer, _, row, _ in EMPTY])
def test_a_shape_without_a_corner_is_left_out_and_named(layer, name, row, named, small_town, canvas, qtbot):
    packs = {each: read_pack(each, data) for each, data in write_packs(invented_town.town()).items()}
    assert filled(packs, ORIGIN)[layer] is packs[layer], "what is whole stays the same object"
    packs[layer] = emptied(packs[layer], name, row)
    found = Geometry.of(packs, ORIGIN)
    assert [each.startswith(named) for each in found.left_out] == [True]
    lost = int(layer == "buildings"), int(layer == "areas")
    assert (len(small_town.buildings) - len(found.buildings), len(small_town.grids.fine) - len(found.grids.fine)) == lost
    canvas.set_geometry(found)
    rest(canvas, qtbot)
    whole = filled(packs, ORIGIN)
    assert len(side_by_side(rings_of_grids(whole["areas"]))) == 6
    assert network_of(whole["roads"]) is not None or layer == "roads"


@pytest.mark.parametrize("damage", [to_the_pole, crossed, flat])
def test_a_town_with_a_bad_grid_is_painted_and_its_other_grids_are_clicked(canvas, qtbot, damage):
    canvas.set_geometry(town_with("areas", damage))
    rest(canvas, qtbot)
    geometry = canvas.shown.geometry
    for number in range(5):
        place = at(canvas, *geometry.grids.centres[number])
        assert canvas.thing_at(place.x(), place.y()) == ("grid", geometry.grids.codes[number])
    canvas.set_grid_load(np.full(6, 3, np.int32), np.full(6, 1, np.int32))
    canvas.select("grid", LAST)
    rest(canvas, qtbot)
    assert canvas.counters.dynamic_frames > 0


def test_places_that_are_none_are_drawn_nowhere_and_stop_nothing(canvas, qtbot):
    bad = [(np.nan, 30.3), (np.inf, 30.3), (120.2, -np.inf), (-60.0, -30.0), (120.2, 30.3)]
    lon, lat = np.array(bad).T
    canvas.set_workers([f"W{n}" for n in range(5)], lon, lat)
    one = pins([(0.0, 0.0)] * 5)
    canvas.set_pins(replace(one, lon=lon, lat=lat))
    rest(canvas, qtbot)
    assert [canvas.where_drawn(f"W{n}") is not None for n in range(5)] == [False, False, False, False, True]
    assert [canvas.drawn_pin(f"SY-{n:04d}") is not None for n in range(5)] == [False, False, False, False, True]
    canvas.select("incident", "SY-0000")
    canvas.select("worker", "W1")
    rest(canvas, qtbot)


def test_a_worker_who_jumps_ten_kilometres_and_back_is_where_he_is(canvas, qtbot):
    put_workers(canvas, [(0.0, 0.0), (100.0, 100.0)], qtbot)
    move(canvas, 0, (10_000.0, 0.0))
    rest(canvas, qtbot)
    assert canvas.where_drawn("W0") != pytest.approx(at(canvas, 0.0, 0.0).toTuple(), abs=5)
    move(canvas, 0, (50.0, 0.0))
    rest(canvas, qtbot)
    assert canvas.where_drawn("W0") == pytest.approx(at(canvas, 50.0, 0.0).toTuple(), abs=1.5)


def test_a_town_in_which_nothing_is_right_is_painted_all_the_same(qtbot, canvas):
    def all_over(coords: np.ndarray) -> None:
        coords[:] = np.random.default_rng(1).uniform((-179, -80), (179, 80), coords.shape)

    canvas.set_geometry(town_with("areas", all_over))
    rest(canvas, qtbot)
    assert np.isfinite(canvas.viewpoint.metres_per_pixel)
    assert pixels(canvas).shape[2] == 3
