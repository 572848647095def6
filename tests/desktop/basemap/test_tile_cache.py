"""The cache on disk: as large as it may be, begun anew when it is damaged, of no use but in nobody's way on a full disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.basemap.tile_cache import ROW_BYTES, Kept, TileCache
from gis_data.basemap.squares import Square

ROW = 1000 + len('"e"') + ROW_BYTES


def kept(at_s: float, size: int = 1000) -> Kept:
    return Kept(b"x" * size, '"e"', "", at_s, at_s + 60)


def test_what_was_not_looked_at_longest_goes_first(tmp_path: Path) -> None:
    cache = TileCache(tmp_path / "a.sqlite", most_bytes=12_040)
    for number in range(10):
        cache.keep(Square(5, number, 0), kept(1000.0 + number))
    cache.find(Square(5, 0, 0), 1e6)  # looked at again, much later
    cache.keep(Square(5, 10, 0), kept(2000.0))
    there = {number for number in range(11) if cache.find(Square(5, number, 0), 1e6) is not None}
    assert there == {0, 3, 4, 5, 6, 7, 8, 9, 10}
    assert cache.size == 9 * ROW
    cache.close()
    again = TileCache(tmp_path / "a.sqlite", most_bytes=12_040)
    assert (again.size, again.find(Square(5, 10, 0), 1e6)) == (9 * ROW, kept(2000.0))
    again.refresh(Square(5, 10, 0), 3000.0, 4000.0)
    assert again.find(Square(5, 10, 0), 1e6) == Kept(b"x" * 1000, '"e"', "", 3000.0, 4000.0)
    again.close()


@pytest.mark.noisy("damaged and begun anew")
def test_a_damaged_cache_goes(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    path.write_bytes(b"no database at all" * 100)
    path.with_name("a.sqlite-wal").write_bytes(b"of before")
    cache = TileCache(path)
    cache.keep(Square(1, 0, 0), kept(1.0))
    assert cache.find(Square(1, 0, 0), 2.0) == kept(1.0)
    cache.close()
    assert [each.name for each in tmp_path.iterdir()] == ["a.sqlite"]


def test_what_is_kept_besides_a_tile_counts_and_long_marks_are_not_kept(tmp_path: Path) -> None:
    cache = TileCache(tmp_path / "a.sqlite", most_bytes=20_000)
    for number in range(200):
        cache.keep(Square(9, number, 0), Kept(b"", "e" * 100, "m" * 100, 1000.0 + number, 2000.0))
    assert 0 < sum(cache.find(Square(9, number, 0), 1.0) is not None for number in range(200)) <= 50
    cache.keep(Square(9, 0, 0), Kept(b"x", "e" * 60_000, "m", 2000.0, 3000.0))
    assert cache.find(Square(9, 0, 0), 1.0) == Kept(b"x", "", "", 2000.0, 3000.0)
    cache.close()


@pytest.mark.noisy("cannot be opened")
def test_where_nothing_can_be_written_it_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    cache = TileCache(tmp_path / "file" / "a.sqlite")
    cache.keep(Square(1, 0, 0), kept(1.0))
    assert cache.find(Square(1, 0, 0), 2.0) is None
    cache.close()
