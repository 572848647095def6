"""The cache on disk: as large as it may be, begun anew when it is damaged, of no use but in nobody's way on a full disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.basemap.tile_cache import Kept, TileCache
from gis_data.basemap.squares import Square


def kept(at_s: float, size: int = 1000) -> Kept:
    return Kept(b"x" * size, '"e"', "", at_s, at_s + 60)


def test_what_was_not_looked_at_longest_goes_first(tmp_path: Path) -> None:
    cache = TileCache(tmp_path / "a.sqlite", most_bytes=10_000)
    for number in range(10):
        cache.keep(Square(5, number, 0), kept(1000.0 + number))
    cache.find(Square(5, 0, 0), 1e6)  # looked at again, much later
    cache.keep(Square(5, 10, 0), kept(2000.0))
    there = {number for number in range(11) if cache.find(Square(5, number, 0), 1e6) is not None}
    assert there == {0, 3, 4, 5, 6, 7, 8, 9, 10}
    assert cache.size == 9_000
    cache.close()
    again = TileCache(tmp_path / "a.sqlite", most_bytes=10_000)
    assert (again.size, again.find(Square(5, 10, 0), 1e6)) == (9_000, kept(2000.0))
    again.refresh(Square(5, 10, 0), 3000.0, 4000.0)
    assert again.find(Square(5, 10, 0), 1e6) == Kept(b"x" * 1000, '"e"', "", 3000.0, 4000.0)
    again.close()


@pytest.mark.noisy("damaged and begun anew")
def test_a_damaged_cache_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    path.write_bytes(b"no database at all" * 100)
    cache = TileCache(path)
    cache.keep(Square(1, 0, 0), kept(1.0))
    assert cache.find(Square(1, 0, 0), 2.0) == kept(1.0)
    cache.close()
    assert path.with_suffix(".unreadable").exists()


@pytest.mark.noisy("cannot be opened")
def test_where_nothing_can_be_written_it_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    cache = TileCache(tmp_path / "file" / "a.sqlite")
    cache.keep(Square(1, 0, 0), kept(1.0))
    assert cache.find(Square(1, 0, 0), 2.0) is None
    cache.close()
