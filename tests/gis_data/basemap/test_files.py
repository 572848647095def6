"""Files of tiles are read as their formats say; a bad one has one reason."""

from __future__ import annotations

import gzip
import sqlite3
import struct
import time
from pathlib import Path

import pytest

from bench.tiles_written import png, varint, vector_tile, write_mbtiles, write_pmtiles
from gis_data.basemap import mbtiles
from gis_data.basemap.files import open_tiles
from gis_data.basemap.pmtiles import number_of
from gis_data.basemap.source import Kind, Unreadable, Wrong
from gis_data.basemap.squares import Square

KEPT = Path(__file__).parent / "kept"
RED = png(4, 4, (255, 0, 0))
WATER = vector_tile({"water": [(3, {}, [[(0, 0), (0, 9), (9, 9)]])]})


def test_an_mbtiles_file_of_pictures_counts_its_rows_from_the_south(tmp_path: Path) -> None:
    path = write_mbtiles(
        tmp_path / "a.mbtiles", {Square(3, 6, 1): RED}, name="区图", bounds="120,30,121,31", attribution="© 区"
    )
    tiles = open_tiles(path)
    assert (tiles.about.name, tiles.about.kind, tiles.about.lowest, tiles.about.highest) == ("区图", Kind.PICTURE, 3, 3)
    assert (tiles.about.bounds, tiles.about.attribution) == ((120, 30, 121, 31), "© 区")
    assert tiles.read(Square(3, 6, 1)) == RED
    assert tiles.read(Square(3, 6, 6)) is None
    tiles.close()


@pytest.mark.parametrize("side", [256, 512])
def test_pictures_for_fine_screens_are_told_by_their_size(tmp_path: Path, side: int) -> None:
    tiles = open_tiles(write_mbtiles(tmp_path / "a.mbtiles", {Square(0, 0, 0): png(side, side, (1, 2, 3))}))
    assert tiles.about.cut.levels[0].tile_px == side
    tiles.close()


def test_vector_tiles_are_unpacked(tmp_path: Path) -> None:
    tiles = open_tiles(write_mbtiles(tmp_path / "a.mbtiles", {Square(0, 0, 0): gzip.compress(WATER)}, format="pbf"))
    assert (tiles.about.kind, tiles.read(Square(0, 0, 0))) == (Kind.VECTOR, WATER)
    tiles.close()


@pytest.mark.parametrize("leaf", [0, 3])
def test_a_pmtiles_file_is_read_through_its_directories(tmp_path: Path, leaf: int) -> None:
    squares = {Square(2, x, y): png(2, 2, (x * 50, y * 50, 9)) for x in range(4) for y in range(3)}
    tiles = open_tiles(write_pmtiles(tmp_path / "a.pmtiles", squares, 2, leaf, name="片", attribution="© 省"))
    assert (tiles.about.name, tiles.about.attribution, tiles.about.kind) == ("片", "© 省", Kind.PICTURE)
    assert {at: tiles.read(at) for at in squares} == squares
    assert tiles.read(Square(2, 1, 3)) is None
    assert tiles.read(Square(5, 1, 3)) is None
    tiles.close()


def test_a_file_that_protomaps_own_program_wrote_is_read() -> None:
    tiles = open_tiles(KEPT / "protomaps_writer.pmtiles")
    assert (tiles.about.kind, tiles.about.lowest, tiles.about.highest, tiles.about.attribution) == (
        Kind.VECTOR,
        0,
        3,
        "© somebody",
    )
    for level in range(4):
        for column in range(2**level):
            for row in range(2**level):
                is_there = level < 3 or (column + row) % 2 == 0
                wanted = f"tile {level}/{column}/{row}".encode() if is_there else None
                assert tiles.read(Square(level, column, row)) == wanted
    tiles.close()


@pytest.mark.parametrize(("square", "number"), [
    ((0, 0, 0), 0), ((1, 0, 0), 1), ((1, 1, 0), 4), ((5, 17, 9), 1213), ((14, 13683, 6740), 305324938),
    ((20, 875000, 431000), 1250609424767),
])  # fmt: skip
def test_tiles_are_numbered_as_protomaps_numbers_them(square: tuple[int, int, int], number: int) -> None:
    assert number_of(Square(*square)) == number


def whole(tmp_path: Path) -> bytes:
    return write_mbtiles(tmp_path / "whole", {Square(9, x, 5): RED * 40 for x in range(40)}).read_bytes()


def pm(tmp_path: Path) -> bytes:
    return write_pmtiles(tmp_path / "pm", {Square(2, x, 1): RED for x in range(4)}, 2).read_bytes()


BAD = {
    "a text": (lambda _: b"no tiles at all", Wrong.NOT_A_FILE),
    "nothing": (lambda _: b"", Wrong.NOT_A_FILE),
    "SQLite cut off": (lambda at: whole(at)[:3000], Wrong.DAMAGED),
    "SQLite of something else": (lambda at: write_mbtiles(at / "e", {}).read_bytes(), Wrong.EMPTY),
    "PMTiles of another magic": (lambda at: b"PMTilez" + pm(at)[7:], Wrong.NOT_A_FILE),
    "PMTiles 2": (lambda at: pm(at)[:7] + b"\x02" + pm(at)[8:], Wrong.NOT_A_FILE),
    "PMTiles cut off": (lambda at: pm(at)[:130], Wrong.DAMAGED),
    "a head alone": (lambda at: pm(at)[:90], Wrong.NOT_A_FILE),
    "a directory of noise": (lambda at: pm(at)[:127] + bytes(range(256)) * 9, Wrong.DAMAGED),
    "unknown tiles": (
        lambda at: write_mbtiles(at / "u", {Square(0, 0, 0): b"????"}, format="xyz").read_bytes(),
        Wrong.UNKNOWN_TILES,
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_has_one_reason(tmp_path: Path, name: str) -> None:
    make, why = BAD[name]
    path = tmp_path / "bad.mbtiles"
    path.write_bytes(make(tmp_path))
    with pytest.raises(Unreadable) as caught:
        open_tiles(path)
    assert (caught.value.why, caught.value.said[:3]) == (why, "xyz" if "unknown" in name else "bad")


TABLES = ("CREATE TABLE metadata(name, value)", "CREATE TABLE tiles(zoom_level, tile_column, tile_row, tile_data)")
ONE_TILE = "CREATE VIEW tiles AS SELECT 3 AS zoom_level, 0 AS tile_column, 0 AS tile_row, "
MANY = "CREATE TABLE n AS WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c LIMIT 3000) SELECT i FROM c"
TRAPS = {
    "words without an end": (
        "CREATE VIEW metadata AS WITH RECURSIVE c(name) AS (SELECT 1 UNION ALL SELECT name + 1 FROM c)"
        " SELECT name, 0 AS value FROM c",
        TABLES[1],
    ),
    "a gigabyte out of nothing": (TABLES[0], ONE_TILE + "zeroblob(1000000000) AS tile_data"),
    "more rows than anybody counts": (
        TABLES[0],
        MANY,
        ONE_TILE.replace("3", "a.i + b.i + c.i") + "0 AS tile_data FROM n a, n b, n c",
    ),
    "a level that is no number": (TABLES[0], ONE_TILE.replace("3", "'x'") + "x'89504e47' AS tile_data"),
}


@pytest.mark.parametrize("name", TRAPS)
def test_a_file_whose_tables_are_traps_is_refused_in_time(tmp_path: Path, monkeypatch, name: str) -> None:
    monkeypatch.setattr(mbtiles, "LONGEST_S", 0.2)
    path = tmp_path / "trap.mbtiles"
    with sqlite3.connect(path) as file:
        for each in TRAPS[name]:
            file.execute(each)
    file.close()
    begun_s = time.monotonic()
    with pytest.raises(Unreadable) as caught:
        open_tiles(path)
    assert caught.value.why is Wrong.DAMAGED
    assert time.monotonic() - begun_s < 5.0


def test_tiles_may_be_a_view_that_joins_two_tables(tmp_path: Path) -> None:
    path = tmp_path / "joined.mbtiles"
    with sqlite3.connect(path) as file:
        file.execute(TABLES[0])
        file.execute("CREATE TABLE map(zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_id TEXT)")
        file.execute("CREATE TABLE images(tile_id TEXT, tile_data BLOB)")
        file.execute("INSERT INTO map VALUES (1, 0, 1, 'a')")
        file.execute("INSERT INTO images VALUES ('a', ?)", (RED,))
        file.execute(
            "CREATE VIEW tiles AS SELECT zoom_level, tile_column, tile_row, tile_data FROM map JOIN images USING (tile_id)"
        )
    file.close()
    tiles = open_tiles(path)
    assert (tiles.read(Square(1, 0, 0)), tiles.about.highest) == (RED, 1)
    tiles.close()


def test_a_directory_of_very_many_entries_is_refused(tmp_path: Path) -> None:
    count, head = 150_000, pm(tmp_path)
    packed = gzip.compress(varint(count) + b"\x01" * 3 * count + b"\x02" * count)
    path = tmp_path / "many.pmtiles"
    path.write_bytes(head[:8] + struct.pack("<2Q", 127, len(packed)) + head[24:97] + b"\x02" + head[98:127] + packed)
    with pytest.raises(Unreadable) as caught:
        open_tiles(path)
    assert caught.value.why is Wrong.DAMAGED


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.mbtiles", tmp_path):
        with pytest.raises(Unreadable) as caught:
            open_tiles(path)
        assert caught.value.why is Wrong.MISSING_FILE


def test_a_small_tile_that_unpacks_to_a_gigabyte_is_too_large(tmp_path: Path) -> None:
    tiles = open_tiles(write_mbtiles(tmp_path / "bomb", {Square(0, 0, 0): gzip.compress(b"\x1a" * 30_000_000)}, format="pbf"))
    with pytest.raises(Unreadable) as caught:
        tiles.read(Square(0, 0, 0))
    assert caught.value.why is Wrong.TOO_LARGE
    tiles.close()


def test_a_tile_cut_off_within_is_damaged(tmp_path: Path) -> None:
    tiles = open_tiles(write_mbtiles(tmp_path / "cut", {Square(0, 0, 0): gzip.compress(WATER)[:-9]}, format="pbf"))
    with pytest.raises(Unreadable) as caught:
        tiles.read(Square(0, 0, 0))
    assert caught.value.why is Wrong.DAMAGED
    tiles.close()
