"""What every base map says of itself, and how a file that is one is read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from gis_data.basemap.squares import Cut, Square
from gis_data.datum import Datum

MOST_TILE_BYTES = 8_000_000
WHOLE_EARTH = (-180.0, -90.0, 180.0, 90.0)


class Wrong(StrEnum):
    """Why a base map, or one tile of it, cannot be shown; each has words on the desk."""

    MISSING_FILE = "missing_file"
    NOT_A_FILE = "not_a_file"
    """Neither MBTiles nor PMTiles, or damaged at its head."""
    DAMAGED = "damaged"
    """The file begins well and then does not hold what it says."""
    EMPTY = "empty"
    UNKNOWN_TILES = "unknown_tiles"
    BAD_ADDRESS = "bad_address"
    BAD_CAPABILITIES = "bad_capabilities"
    NO_LAYER = "no_layer"
    OFFLINE = "offline"
    TIMEOUT = "timeout"
    NO_ACCESS = "no_access"
    MISSING = "missing"
    """The service has no tile there."""
    BUSY = "busy"
    REFUSED = "refused"
    """The service says no to this tile, as where it lies beyond its last row."""
    NOT_A_TILE = "not_a_tile"
    """Something else came, as the page of a network's sign-on."""
    TOO_LARGE = "too_large"


class Unreadable(Exception):
    """A base map or a tile that cannot be read; `why` is the one reason, `said` what it concerns, never an address."""

    def __init__(self, why: Wrong, said: str = "") -> None:
        """One reason."""
        super().__init__(f"{why}: {said}" if said else str(why))
        self.why, self.said = why, said


class Kind(StrEnum):
    """What the bytes of a tile are."""

    PICTURE = "picture"
    VECTOR = "vector"


@dataclass(frozen=True, slots=True)
class About:
    """What a base map says of itself."""

    name: str
    cut: Cut
    kind: Kind
    lowest: int
    """The coarsest level that has tiles, and the finest."""
    highest: int
    bounds: tuple[float, float, float, float] = WHOLE_EARTH
    """West, south, east, north in degrees of its own datum."""
    attribution: str = ""
    datum: Datum = Datum.WGS84


class TileFile(Protocol):
    """A file of tiles, open for reading. One thread at a time."""

    about: About

    def read(self, square: Square) -> bytes | None:
        """The bytes of a tile, unpacked; None where the file has none. Raises Unreadable."""

    def close(self) -> None:
        """Let go of the file."""


def is_picture(tile: bytes) -> bool:
    """Whether bytes begin as PNG, JPEG, WebP or GIF do."""
    return tile[:8] == b"\x89PNG\r\n\x1a\n" or tile[:3] == b"\xff\xd8\xff" or tile[:4] == b"GIF8" or _is_webp(tile)


def is_large_png(tile: bytes) -> bool:
    """Whether a PNG says that it is 512 pixels high, as tiles for fine screens are."""
    return tile[:4] == b"\x89PNG" and tile[20:24] == (512).to_bytes(4, "big")


def _is_webp(tile: bytes) -> bool:
    return tile[:4] == b"RIFF" and tile[8:12] == b"WEBP"


def is_markup(tile: bytes) -> bool:
    """Whether bytes are a page or an error in HTML, XML or JSON."""
    return tile[:512].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"<", b"{", b"[")
