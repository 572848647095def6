"""MBTiles 1.3: tiles in an SQLite file, rows counted from the south."""

from __future__ import annotations

import math
import sqlite3
import time
from contextlib import suppress
from pathlib import Path

from gis_data.basemap.packed import gunzipped, is_gzip
from gis_data.basemap.source import MOST_TILE_BYTES, WHOLE_EARTH, About, Kind, Unreadable, Wrong, is_large_png, is_picture
from gis_data.basemap.squares import MOST_LEVELS, Square, web_mercator
from gis_data.datum import Datum

LONGEST_S = 2.0
MOST_SAID, MOST_LETTERS = 200, 2_000
_STEPS = 500
"""After so many steps of SQLite it is looked at how long a question takes: a table of the file may be a view without an end."""
_USED = ("name", "format", "bounds", "attribution")
_FUNCTIONS = ("min", "max", "length", "coalesce", "ifnull", "substr")
"""What a view of the file may reckon with besides."""
HEAD = b"SQLite format 3\x00"
_PICTURES = ("png", "jpg", "jpeg", "webp", "gif")
_VECTORS = ("pbf", "mvt", "application/vnd.mapbox-vector-tile")


class MbTiles:
    """One MBTiles file, opened read-only. One thread at a time."""

    def __init__(self, path: Path, datum: Datum = Datum.WGS84) -> None:
        """Open and look at it; raises Unreadable with one reason."""
        try:
            with path.open("rb") as file:
                head = file.read(len(HEAD))
        except OSError:
            raise Unreadable(Wrong.MISSING_FILE, path.name) from None
        if head != HEAD:
            raise Unreadable(Wrong.NOT_A_FILE, path.name)
        self._name = path.name
        # immutable: a read-only medium has no room for SQLite's own files beside it
        self._file = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        self._file.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_TILE_BYTES + 1_000_000)
        self._file.set_authorizer(_may)
        self._until_s = math.inf
        self._file.set_progress_handler(lambda: time.monotonic() > self._until_s, _STEPS)
        try:
            self._until_s = time.monotonic() + LONGEST_S
            self.about = self._looked_at(datum)
        except (sqlite3.Error, ValueError, OverflowError, TypeError):
            self.close()
            raise Unreadable(Wrong.DAMAGED, path.name) from None
        except Unreadable:
            self.close()
            raise

    def read(self, square: Square) -> bytes | None:
        """The bytes of a tile, unpacked; None where the file has none. Raises Unreadable."""
        row = 2**square.level - 1 - square.row
        asked = "SELECT tile_data FROM tiles WHERE zoom_level=? AND tile_column=? AND tile_row=?"
        try:
            self._until_s = time.monotonic() + LONGEST_S
            found = self._file.execute(asked, (square.level, square.column, row)).fetchone()
        except sqlite3.DataError:
            raise Unreadable(Wrong.TOO_LARGE, self._name) from None
        except sqlite3.Error:
            raise Unreadable(Wrong.DAMAGED, self._name) from None
        if found is None or not isinstance(found[0], bytes) or not found[0]:
            return None
        if len(found[0]) > MOST_TILE_BYTES:
            raise Unreadable(Wrong.TOO_LARGE, self._name)
        return gunzipped(found[0], said=self._name) if is_gzip(found[0]) else found[0]

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _looked_at(self, datum: Datum) -> About:
        asked = f"SELECT name, value FROM (SELECT name, value FROM metadata LIMIT {MOST_SAID}) WHERE name IN (?, ?, ?, ?)"
        said = {str(name): str(value)[:MOST_LETTERS] for name, value in self._file.execute(asked, _USED)}
        asked = "SELECT (SELECT min(zoom_level) FROM tiles), (SELECT max(zoom_level) FROM tiles)"
        lowest, highest = self._file.execute(asked).fetchone()
        if lowest is None:
            raise Unreadable(Wrong.EMPTY, self._name)
        lowest, highest = int(lowest), int(highest)
        if not 0 <= lowest <= highest < MOST_LEVELS:
            raise Unreadable(Wrong.DAMAGED, self._name)
        sample = self._file.execute("SELECT tile_data FROM tiles WHERE length(tile_data) > 0 LIMIT 1").fetchone()
        first = sample[0] if sample and isinstance(sample[0], bytes) else b""
        kind = self._kind(said.get("format", "").lower(), first)
        return About(
            said.get("name") or Path(self._name).stem,
            web_mercator(512 if kind is Kind.VECTOR or is_large_png(first) else 256),
            kind,
            lowest,
            highest,
            bounds_of(said.get("bounds", "")),
            said.get("attribution", ""),
            datum,
        )

    def _kind(self, said: str, sample: bytes) -> Kind:
        """What a tile is, by its first bytes; by what the file says where those say nothing."""
        if is_picture(sample):
            return Kind.PICTURE
        if said in _VECTORS or is_gzip(sample) or sample[:1] == b"\x1a":
            return Kind.VECTOR
        if said in _PICTURES:
            return Kind.PICTURE  # a damaged tile; others may be whole
        raise Unreadable(Wrong.UNKNOWN_TILES, said)


def _may(action: int, _table: str | None, function: str | None, *_of: str | None) -> int:
    """Only what reads: no question without an end, no function that makes much out of nothing."""
    if action == sqlite3.SQLITE_FUNCTION:
        return sqlite3.SQLITE_OK if function in _FUNCTIONS else sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ) else sqlite3.SQLITE_DENY


def bounds_of(text: str) -> tuple[float, float, float, float]:
    """West, south, east, north as a file writes them; the whole earth where that is no good."""
    with suppress(ValueError):
        west, south, east, north = (float(part) for part in text.split(","))
        if all(map(math.isfinite, (west, south, east, north))) and west < east and south < north:
            return west, south, east, north
    return WHOLE_EARTH
