"""Vector tiles are read as another program wrote them; noise is refused and stops nothing."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.tiles_written import vector_tile, zigzag
from gis_data.basemap.source import Unreadable
from gis_data.basemap.vector_tile import Shape, VectorLayer, read_vector_tile

KEPT = Path(__file__).parent / "kept" / "mapbox_writer.mvt"
place = st.tuples(st.integers(-500, 5000), st.integers(-500, 5000))


def parts_of(layer: VectorLayer) -> list[list[tuple[int, ...]]]:
    borders = layer.part_first.tolist()
    return [[tuple(each) for each in layer.points[first:last].tolist()] for first, last in pairwise(borders)]


def test_a_tile_that_mapboxs_own_program_wrote_is_read() -> None:
    water, roads = read_vector_tile(KEPT.read_bytes())
    assert (water.name, water.extent, water.shapes.tolist()) == ("water", 4096, [Shape.AREA, Shape.POINT])
    assert [sorted(part) for part in parts_of(water)] == [
        [(0, 0), (0, 1000), (1000, 0), (1000, 1000)], [(200, 200), (200, 400), (400, 200), (400, 400)], [(10, 20)], [(30, 40)],
    ]  # fmt: skip
    assert water.part_feature.tolist() == [0, 0, 1, 1]
    assert water.said(water.tags[0]) == {"class": "lake", "depth": 3, "deep": True, "level": -2, "area": 1.5}
    assert parts_of(roads) == [[(0, 0), (100, 100), (200, 50)], [(5, 5), (6, 7)]]
    assert roads.said(roads.tags[0]) == {"class": "primary", "name": "解放路"}


@settings(max_examples=30)
@given(st.lists(st.tuples(st.sampled_from([2, 3]), st.lists(st.lists(place, min_size=2, max_size=6), min_size=1, max_size=4))))
def test_whatever_is_written_is_read_again(features: list) -> None:
    tile = vector_tile({"any": [(shape, {"class": str(shape)}, parts) for shape, parts in features]})
    (layer,) = read_vector_tile(tile)
    assert parts_of(layer) == [part for _, parts in features for part in parts]
    assert layer.part_feature.tolist() == [number for number, (_, parts) in enumerate(features) for _ in parts]


@pytest.mark.parametrize("tile", [
    b"<html>sign on</html>", b"\xff" * 60, b"\x1a\x7f", b"\x1a\x02\x28\x00", b"\x08\x01",
    vector_tile({"a": [(3, {}, [[(0, 0), (5, 5)]])]})[:-7],
])  # fmt: skip
def test_what_is_no_vector_tile_is_refused(tile: bytes) -> None:
    with pytest.raises(Unreadable):
        read_vector_tile(tile)


def test_a_count_beyond_the_tile_is_refused() -> None:
    whole = vector_tile({"a": [(2, {}, [[(1, 1), (2, 2)]])]})
    line_to = bytes([2 | 1 << 3]) + zigzag(1) + zigzag(1)
    with pytest.raises(Unreadable):
        read_vector_tile(whole.replace(line_to, bytes([2 | 9 << 3]) + line_to[1:]))


def test_noise_is_read_or_refused_and_nothing_else() -> None:
    whole, chance = bytearray(KEPT.read_bytes()), random.Random(7)
    for _ in range(1500):
        tile = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            tile[chance.randrange(len(tile))] = chance.randrange(256)
        try:
            for layer in read_vector_tile(bytes(tile)):
                for tags in layer.tags:
                    layer.said(tags)
        except Unreadable:
            pass
