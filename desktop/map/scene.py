"""What the map draws, as arrays in plane metres; no Qt.

Everything is stored in longitude and latitude elsewhere; here it is in the drawing plane, a transverse Mercator
centred on the scene, float64, ready to be uploaded as float32 relative to its origin.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING

import mapbox_earcut
import numpy as np
from numpy.typing import NDArray

from desktop.map.borders import Borders
from desktop.map.grid_raster import GridRaster
from gis_data.town.plane import Plane
from governance.floors import Floor
from governance.places import LonLat

if TYPE_CHECKING:
    from desktop.map.tiles import TiledPieces, TiledRings

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Indices = NDArray[np.uint32]

FINE_BELOW_M_PER_PX, FAR_FROM_M_PER_PX = 3.0, 14.0
AFAR_FROM_M_PER_PX = 180.0
"""Scales at which the next level of detail serves; from the last on streets alone are drawn."""

LEVEL_GRID, LEVEL_COMMUNITY, LEVEL_STREET = 1, 2, 3
NO_CATEGORY = 255
"""Of a pin whose incident was reported but not sorted yet."""


class PinState(IntEnum):
    """How far an incident is, as its pin shows it."""

    WAITING = 0
    ON_THE_WAY = 1
    ON_SCENE = 2
    CHECKING = 3


class WorkerMark(IntEnum):
    """How a worker's dot is drawn."""

    ON_DUTY = 0
    ON_TASK = 1
    STALE = 2
    OFF = 3


class CameraState(IntEnum):
    """Whether a camera gives a picture."""

    LIVE = 0
    STALE = 1
    OFFLINE = 2


@dataclass(frozen=True, slots=True, eq=False)
class Rings:
    """Closed rings as flat arrays; ring i is xy[offsets[i]:offsets[i+1]], its last point equal to its first."""

    xy: Floats
    """float64[n, 2], plane metres."""
    offsets: Ints
    """int64[rings + 1]."""
    owner: NDArray[np.int32]
    """int32[rings], number of the thing a ring bounds."""
    triangles: Indices
    """uint32[t, 3], positions in xy that fill the rings."""

    def __len__(self) -> int:
        """How many rings there are."""
        return len(self.offsets) - 1

    def ring(self, number: int) -> Floats:
        """One closed ring float64[n, 2], plane metres."""
        return self.xy[self.offsets[number] : self.offsets[number + 1]]


@dataclass(frozen=True, eq=False)
class Areas:
    """The areas of one level."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    labels: tuple[str, ...]
    """Names without the name of the area above, where they begin with it: 第07网格."""
    centres: Floats
    fine: TiledRings
    """Every corner there is."""
    middle: TiledRings
    """Fewer corners, for wide views; neighbours still share their edges."""
    far: TiledRings
    """As few as tell one area from the next."""

    def at(self, metres_per_pixel: float) -> TiledRings:
        """The rings for a scale."""
        if metres_per_pixel < FINE_BELOW_M_PER_PX:
            return self.fine
        return self.middle if metres_per_pixel < FAR_FROM_M_PER_PX else self.far

    @cached_property
    def number_of(self) -> dict[str, int]:
        """The number of each area by its code."""
        return {code: number for number, code in enumerate(self.codes)}


@dataclass(frozen=True, slots=True, eq=False)
class Surfaces:
    """Flat surfaces, owned by the number of their tint."""

    near: TiledRings
    far: TiledRings
    """Those that are still seen in very wide views."""

    def at(self, metres_per_pixel: float) -> TiledRings:
        """The surfaces for a scale."""
        return self.near if metres_per_pixel < FAR_FROM_M_PER_PX else self.far


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Roads: line i is xy[offsets[i]:offsets[i+1]] of class kinds[i] (0 expressway ... 4 path)."""

    xy: Floats
    offsets: Ints
    kinds: NDArray[np.uint8]
    names: tuple[str, ...]

    def boxes(self) -> Floats:
        """float64[lines, 4], west, south, east, north of each."""
        if len(self.kinds) == 0:
            return np.zeros((0, 4))
        starts = self.offsets[:-1]
        return np.hstack([np.minimum.reduceat(self.xy, starts), np.maximum.reduceat(self.xy, starts)])


@dataclass(frozen=True, slots=True, eq=False)
class Pins:
    """Open incidents to show. urgency 0 一般, 1 紧急, 2 特急; severity 0 not set, 1..4 for Ⅰ..Ⅳ; state as PinState."""

    ids: tuple[str, ...]
    lon: Floats
    lat: Floats
    category: NDArray[np.uint8]
    urgency: NDArray[np.uint8]
    severity: NDArray[np.uint8]
    state: NDArray[np.uint8]
    pending: NDArray[np.bool_]
    overdue: NDArray[np.bool_]
    floors: tuple[Floor | None, ...] = ()
    """The floor each is on, empty where none names one."""

    def __len__(self) -> int:
        """How many pins there are."""
        return len(self.ids)

    def shows_the_same(self, other: Pins) -> bool:
        """Whether another set of pins would look exactly like this one."""
        if self.ids != other.ids or self.floors != other.floors:
            return False
        names = ("lon", "lat", "category", "urgency", "severity", "state", "pending", "overdue")
        return all(np.array_equal(getattr(self, name), getattr(other, name)) for name in names)

    @classmethod
    def none(cls) -> Pins:
        """No pin at all."""
        bytes_, places, claims = np.zeros(0, np.uint8), np.zeros(0), np.zeros(0, bool)
        return cls((), places, places, bytes_, bytes_, bytes_, bytes_, claims, claims)


@dataclass(frozen=True, slots=True, eq=False)
class Cameras:
    """Cameras to show; headings in degrees clockwise from north, field of view in degrees, reach in metres."""

    ids: tuple[str, ...]
    lon: Floats
    lat: Floats
    heading_deg: NDArray[np.float32]
    view_deg: NDArray[np.float32]
    reach_m: NDArray[np.float32]
    state: NDArray[np.uint8]

    @classmethod
    def none(cls) -> Cameras:
        """No camera at all."""
        figures = np.zeros(0, np.float32)
        return cls((), np.zeros(0), np.zeros(0), figures, figures, figures, np.zeros(0, np.uint8))


@dataclass(frozen=True, eq=False)
class Geometry:
    """A town that does not change during a shift, in the drawing plane centred on it."""

    plane: Plane
    grids: Areas
    communities: Areas
    streets: Areas
    streets_from_afar: TiledRings
    """Their rings with the fewest corners, for views of a whole province."""
    buildings: TiledRings
    building_height_m: NDArray[np.float32]
    building_grid: NDArray[np.int32]
    roads: Lines
    """Roads with their names, whole."""
    road_pieces: tuple[TiledPieces, ...]
    """The same as they are drawn, one entry for each class, the greatest first."""
    water: Surfaces
    land: Surfaces
    """Land that looks different from the built-up ground around it, owned by the number of its tint."""
    grid_raster: GridRaster
    outline: Floats
    """float64[n, 2], corners of the hull of all areas, plane metres."""
    left_out: tuple[str, ...] = ()
    """What is not drawn because its coordinates lie nowhere near the rest: layer and code or number."""
    borders: Borders = field(default_factory=Borders.none)
    """The grids' borders as they are recorded; none in a scene that was not made of packs."""

    @cached_property
    def road_boxes(self) -> Floats:
        """float64[lines, 4] around each road."""
        return self.roads.boxes()

    def street_rings(self, metres_per_pixel: float) -> TiledRings:
        """The rings of streets for a scale."""
        return self.streets_from_afar if metres_per_pixel > AFAR_FROM_M_PER_PX else self.streets.at(metres_per_pixel)

    @cached_property
    def street_of_grid(self) -> Ints:
        """int64[grids], a number for the street that each grid lies in."""
        return self._above(self.streets)

    @cached_property
    def community_of_grid(self) -> Ints:
        """int64[grids], a number for the community that each grid lies in."""
        return self._above(self.communities)

    def _above(self, areas: Areas) -> Ints:
        digits = len(areas.codes[0]) if areas.codes else 0
        _, above = np.unique([code[:digits] for code in self.grids.codes], return_inverse=True)
        return above.astype(np.int64)

    def middle_of(self, code: str) -> LonLat | None:
        """The middle of a grid, community or street; None where there is none of that code."""
        for areas in (self.grids, self.communities, self.streets):
            number = areas.number_of.get(code)
            if number is not None:
                x, y = areas.centres[number].tolist()
                if not np.isfinite(x):
                    return None
                lon, lat = self.plane.to_lonlat(x, y)[0].tolist()
                return LonLat(lon, lat)
        return None

    @classmethod
    def of(cls, packs: Mapping[str, object], origin: LonLat) -> Geometry:
        """The geometry of town packs by name: areas, buildings, roads, water, land, each as read by `read_pack`."""
        from desktop.map.unpacking import geometry_of

        return geometry_of(packs, origin)


def triangulated(xy: Floats, offsets: Ints) -> Indices:
    """Triangles uint32[t, 3] that fill each ring on its own (earcut; their number is not always n - 2)."""
    parts = []
    for first, end in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True):
        ring = xy[first : end - 1]
        if len(ring) >= 3:
            parts.append(mapbox_earcut.triangulate_float64(ring, np.array([len(ring)], np.uint32)) + np.uint32(first))
    return np.concatenate(parts).astype(np.uint32).reshape(-1, 3) if parts else np.zeros((0, 3), np.uint32)


def rings_of(xy: Floats, offsets: Ints, owner: NDArray[np.int32] | None = None) -> Rings:
    """Closed rings with their triangles; without `owner` ring i belongs to thing i."""
    owners = np.arange(len(offsets) - 1, dtype=np.int32) if owner is None else owner.astype(np.int32)
    return Rings(xy, offsets.astype(np.int64), owners, triangulated(xy, offsets))
