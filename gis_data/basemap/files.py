"""Opens a file of tiles by what it is, whatever its name."""

from __future__ import annotations

from pathlib import Path

from gis_data.basemap import mbtiles, pmtiles
from gis_data.basemap.mbtiles import MbTiles
from gis_data.basemap.pmtiles import PmTiles
from gis_data.basemap.source import TileFile, Unreadable, Wrong
from gis_data.datum import Datum

SUFFIXES = (".mbtiles", ".pmtiles")


def open_tiles(path: Path, datum: Datum = Datum.WGS84) -> TileFile:
    """A file of tiles, open; raises Unreadable with the one reason why not."""
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError:
        raise Unreadable(Wrong.MISSING_FILE, path.name) from None
    if head == mbtiles.HEAD:
        return MbTiles(path, datum)
    if head[:7] == pmtiles.HEAD:
        return PmTiles(path, datum)
    raise Unreadable(Wrong.NOT_A_FILE, path.name)
