"""A town to work on: its areas, buildings, roads, water, land use and cameras, whatever it was made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from shapely.geometry import MultiPolygon, Polygon

from governance.camera import Camera
from governance.places import Level, LonLat

Coords: TypeAlias = npt.NDArray[np.float64]
Offsets: TypeAlias = npt.NDArray[np.int64]


class RoadClass(IntEnum):
    """How much a road carries; the drawn width and the drill's speed follow it."""

    EXPRESSWAY = 0
    ARTERIAL = 1
    STREET = 2
    LANE = 3
    PATH = 4


class BuildingKind(IntEnum):
    """What a building is used for, as far as its source says."""

    OTHER = 0
    HOUSING = 1
    OFFICE = 2
    SHOP = 3
    INDUSTRY = 4
    SCHOOL = 5
    HOSPITAL = 6
    VILLAGE_HOUSE = 7
    STATION = 8


class PatchKind(IntEnum):
    """What covers a patch of ground or water."""

    OTHER = 0
    RIVER = 1
    CANAL = 2
    LAKE = 3
    SEA = 4
    PARK = 10
    FOREST = 11
    FARMLAND = 12
    HOUSING = 13
    COMMERCE = 14
    INDUSTRY = 15
    SCHOOL = 16
    SQUARE = 17


@dataclass(frozen=True, slots=True)
class TownArea:
    """A district, street, community, village or grid with its boundary in longitude and latitude."""

    code: str
    name: str
    level: Level
    kind: str
    """What the field calls it: 区, 街道, 社区, 村, 网格."""
    parent: str
    """Code of the area above; empty for the district."""
    polygon: Polygon | MultiPolygon


@dataclass(frozen=True, slots=True, eq=False)
class Addresses:
    """House numbers: where each is, and along which street."""

    places: Coords
    """float64[n, 2], longitude and latitude; inside the building where it is known."""
    building: Offsets
    """int64[n], row of the building, -1 where the number stands in none (at a gate)."""
    streets: tuple[str, ...]
    numbers: tuple[str, ...]

    def __len__(self) -> int:
        """How many numbers there are."""
        return len(self.numbers)

    @staticmethod
    def none() -> Addresses:
        """No number at all."""
        return Addresses(np.zeros((0, 2)), np.zeros(0, np.int64), (), ())


@dataclass(frozen=True, slots=True, eq=False)
class Buildings:
    """Footprints as flat arrays; ring i is coords[offsets[i]:offsets[i + 1]], closed, without holes."""

    coords: Coords
    """float64[n, 2], longitude and latitude in degrees."""
    offsets: Offsets
    """int64[k + 1]."""
    height_m: npt.NDArray[np.float32]
    """float32[k], from the ground to the roof."""
    kind: npt.NDArray[np.uint8]
    """uint8[k] of BuildingKind."""
    names: tuple[str, ...]
    """Empty where a building has none."""
    addresses: Addresses = field(default_factory=Addresses.none)

    def __len__(self) -> int:
        """How many buildings there are."""
        return len(self.offsets) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Roads:
    """Centre lines as flat arrays; line i is coords[offsets[i]:offsets[i + 1]]. Roads that meet share a vertex exactly."""

    coords: Coords
    offsets: Offsets
    road_class: npt.NDArray[np.uint8]
    """uint8[k] of RoadClass."""
    names: tuple[str, ...]

    def __len__(self) -> int:
        """How many roads there are."""
        return len(self.offsets) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Patches:
    """Surfaces of water or land as flat arrays of closed rings without holes (a surface with holes is cut into such)."""

    coords: Coords
    offsets: Offsets
    kind: npt.NDArray[np.uint8]
    """uint8[k] of PatchKind."""
    names: tuple[str, ...]

    def __len__(self) -> int:
        """How many patches there are."""
        return len(self.offsets) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Town:
    """Everything about a town that does not change during a shift, in longitude and latitude (WGS 84)."""

    name: str
    code: str
    """Six digits of the district; 9900xx where the source carries none."""
    seed: int
    attribution: str
    """What must be shown beside the map; empty for a generated town."""
    origin: LonLat
    """Centre of the drawing plane."""
    epoch: str
    """ISO date as of which the boundaries and buildings stand."""
    areas: tuple[TownArea, ...]
    """The district first, then streets, communities and grids, each level in code order."""
    buildings: Buildings
    roads: Roads
    water: Patches
    land: Patches
    cameras: tuple[Camera, ...]
    boundary_fit: float
    """Share of the length of inner grid boundaries within 5 m of a road or water, 0 to 1."""

    def at(self, level: Level) -> tuple[TownArea, ...]:
        """The areas of one level, in code order."""
        return tuple(area for area in self.areas if area.level is level)
