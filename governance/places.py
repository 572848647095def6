"""Places of the field: points, levels, areas and the codes that contain one another."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum

EARTH_RADIUS_M = 6_371_008.8

# Digits of a code at each level: GB/T 2260 county, then street, community (12-digit division code), then the 15-digit grid.
CODE_DIGITS = {4: 6, 3: 9, 2: 12, 1: 15}


class Level(IntEnum):
    """Where a thing is handled or watched: grid, community or village, street, district."""

    GRID = 1
    COMMUNITY = 2
    STREET = 3
    DISTRICT = 4

    @property
    def next_up(self) -> Level:
        """The level above, or the district itself at the top."""
        return Level(min(self + 1, Level.DISTRICT))


@dataclass(frozen=True, slots=True)
class LonLat:
    """A point as longitude and latitude in degrees, CGCS2000 (WGS 84 to within centimetres)."""

    lon: float
    lat: float

    def __post_init__(self) -> None:
        """Raise ValueError where the numbers are no place on earth."""
        if not (-180.0 <= self.lon <= 180.0 and -90.0 <= self.lat <= 90.0):
            raise ValueError(f"no place on earth: {self.lon}, {self.lat}")

    def distance_m(self, other: LonLat) -> float:
        """Great-circle metres to another point (sphere; within 0.6 % of the ellipsoid)."""
        lat_1, lat_2 = math.radians(self.lat), math.radians(other.lat)
        half_lat = math.sin((lat_2 - lat_1) / 2) ** 2
        half_lon = math.sin(math.radians(other.lon - self.lon) / 2) ** 2
        return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(half_lat + math.cos(lat_1) * math.cos(lat_2) * half_lon))


def level_of(code: str) -> Level:
    """The level an area code belongs to; ValueError where its digits fit none."""
    for level, digits in CODE_DIGITS.items():
        if len(code) == digits and code.isdigit():
            return Level(level)
    raise ValueError(f"not an area code: {code!r}")


def is_inside(code: str, outer: str) -> bool:
    """Whether the area of one code lies within (or is) the area of another; the empty outer code holds everything."""
    return code.startswith(outer)


def at_level(code: str, level: Level) -> str:
    """The code of the area of that level which holds this one; the code itself where it is no deeper."""
    return code[: CODE_DIGITS[level]]


@dataclass(frozen=True, slots=True)
class Area:
    """A district, street, community, village or grid as it stands in the current boundary edition."""

    code: str
    name: str
    level: Level
    parent: str
    centre: LonLat
    kind: str = ""
    """What the field calls it: 区, 街道, 社区, 村, 网格; empty where the level says enough."""
