"""The squares a base map is cut into: rows and columns of one or more levels, in Web Mercator or in plain degrees.

Every scheme (XYZ, TMS in a file, WMTS matrix sets, Tianditu's `w` and `c` sets) is a `Cut`: a list of levels, coarsest first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gis_data.datum import Datum, gcj02_from_wgs84, wgs84_from_gcj02

EARTH_M = 6_378_137.0
HALF_WORLD_M = math.pi * EARTH_M
METRES_PER_DEGREE = HALF_WORLD_M / 180.0
MOST_LEVELS = 26
SHORTEST_TILE_M, FARTHEST_M = 1e-3, 1e9
MOST_TILES_ACROSS = 2**31
NORTHERNMOST_DEG = 85.051_128_779_806_6

Degrees = npt.NDArray[np.float64]


class Square(NamedTuple):
    """One tile: number of its level, column from the west, row from the north."""

    level: int
    column: int
    row: int

    def above(self, steps: int) -> Square:
        """The tile so many levels up that this one lies in, where every level halves the one before."""
        return Square(self.level - steps, self.column >> steps, self.row >> steps)


class Projection(StrEnum):
    """How degrees become units of a cut."""

    MERCATOR = "mercator"
    """Metres of Web Mercator, EPSG:3857."""
    DEGREES = "degrees"
    """Degrees themselves, EPSG:4490 or 4326."""


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a cut: where its first tile begins and how far a tile reaches, in units of the projection."""

    name: str
    """As the service calls it; the zoom where none does."""
    west: float
    north: float
    across: float
    """Units from a tile's west to its east."""
    down: float
    columns: int
    rows: int
    tile_px: int = 256

    def is_possible(self, projection: Projection) -> bool:
        """Whether a map can have it: no tile is next to nothing, none lies farther off than any place can."""
        unit_m = METRES_PER_DEGREE if projection is Projection.DEGREES else 1.0
        return (
            self.tile_px >= 1
            and all(SHORTEST_TILE_M <= each * unit_m <= FARTHEST_M for each in (self.across, self.down))
            and all(abs(each) * unit_m <= FARTHEST_M for each in (self.west, self.north))
            and all(1 <= each <= MOST_TILES_ACROSS for each in (self.columns, self.rows))
        )


@dataclass(frozen=True, slots=True)
class Cut:
    """A projection and its levels, coarsest first."""

    projection: Projection
    levels: tuple[Level, ...]

    @property
    def is_possible(self) -> bool:
        """Whether it has levels, and a map can have all of them."""
        return bool(self.levels) and all(level.is_possible(self.projection) for level in self.levels)

    def halves(self, level: int) -> bool:
        """Whether a level cuts each tile of the one above it into four."""
        if level <= 0:
            return False
        upper, here = self.levels[level - 1], self.levels[level]
        same = math.isclose(upper.west, here.west) and math.isclose(upper.north, here.north)
        return same and math.isclose(upper.across, 2 * here.across) and math.isclose(upper.down, 2 * here.down)

    def metres_per_pixel(self, level: int, lat: float) -> float:
        """Metres on the ground that a pixel of a tile shows at a latitude, from south to north."""
        at = self.levels[level]
        if self.projection is Projection.DEGREES:
            return at.down * METRES_PER_DEGREE / at.tile_px
        return at.down * math.cos(math.radians(lat)) / at.tile_px

    def corners(self, square: Square, pieces: int, datum: Datum) -> Degrees:
        """WGS 84 longitude and latitude float64[pieces + 1, pieces + 1, 2] of a lattice over a tile, from its north-west."""
        lattice: Degrees = self.lattices([square], pieces, datum)[0]
        return lattice

    def lattices(self, squares: Sequence[Square], pieces: int, datum: Datum) -> Degrees:
        """The same of many tiles in one go, float64[tiles, pieces + 1, pieces + 1, 2]."""
        levels = [self.levels[square.level] for square in squares]
        placed = np.array(
            [(at.west, at.north, at.across, at.down, each.column, each.row) for at, each in zip(levels, squares, strict=True)]
        ).reshape(-1, 6, 1)
        west, north, across, down, column, row = (placed[:, number] for number in range(6))
        steps = np.arange(pieces + 1) / pieces
        lon, lat = west + (column + steps) * across, north - (row + steps) * down
        if self.projection is Projection.MERCATOR:
            lon, lat = _from_mercator(lon, lat)
        shape = (len(squares), pieces + 1, pieces + 1)
        places: Degrees = np.stack([np.broadcast_to(lon[:, None, :], shape), np.broadcast_to(lat[:, :, None], shape)], axis=-1)
        if datum is Datum.GCJ02:
            places = wgs84_from_gcj02(places.reshape(-1, 2)).reshape(*shape, 2)
        return places

    def covering(self, degrees: npt.ArrayLike, level: int, datum: Datum) -> tuple[range, range]:
        """Columns and rows of a level that places in WGS 84 degrees, float64[n, 2], lie among."""
        places = np.asarray(degrees, np.float64).reshape(-1, 2)
        if datum is Datum.GCJ02:
            places = gcj02_from_wgs84(places)
        at = self.levels[level]
        lon, lat = places[:, 0], places[:, 1]
        if self.projection is Projection.MERCATOR:
            lon, lat = _to_mercator(lon, lat)
        columns = np.floor((lon - at.west) / at.across)
        rows = np.floor((at.north - lat) / at.down)
        return _within(columns, at.columns), _within(rows, at.rows)


def _within(numbers: npt.NDArray[np.float64], count: int) -> range:
    known = numbers[np.isfinite(numbers)]
    if not len(known):
        return range(0)
    return range(max(int(known.min()), 0), min(int(known.max()) + 1, count))


def _to_mercator(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    within = np.radians(np.clip(lat, -NORTHERNMOST_DEG, NORTHERNMOST_DEG))
    return lon * METRES_PER_DEGREE, EARTH_M * np.arctanh(np.sin(within))


def _from_mercator(x: Degrees, y: Degrees) -> tuple[Degrees, Degrees]:
    return x / METRES_PER_DEGREE, np.degrees(np.arctan(np.sinh(y / EARTH_M)))


@cache
def web_mercator(tile_px: int = 256, levels: int = MOST_LEVELS) -> Cut:
    """The usual cut of XYZ addresses and of files: level z has 2^z by 2^z tiles."""
    whole = 2 * HALF_WORLD_M
    made = (Level(str(z), -HALF_WORLD_M, HALF_WORLD_M, whole / 2**z, whole / 2**z, 2**z, 2**z, tile_px) for z in range(levels))
    return Cut(Projection.MERCATOR, tuple(made))


@cache
def plain_degrees(tile_px: int = 256, levels: int = MOST_LEVELS) -> Cut:
    """Tianditu's `c` cut (EPSG:4490): level z has 2^z columns of 360/2^z degrees each, from 180 W, 90 N."""
    made = (Level(str(z), -180.0, 90.0, 360 / 2**z, 360 / 2**z, 2**z, max(2 ** (z - 1), 1), tile_px) for z in range(levels))
    return Cut(Projection.DEGREES, tuple(made))
