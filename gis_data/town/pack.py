"""A town as packs, one per layer, that a server hands out by hash and a desk reads without any library of shapes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from gis_data.town.container import Array, BadPack, check_offsets, freeze, read_text, take, thaw, write_text
from gis_data.town.town import Addresses, Buildings, Coords, Offsets, Patches, Roads, Town, TownArea
from gis_data.town.triangles import Triangles, stack, triangulate, triangulate_rings
from governance.places import Level, LonLat

LAYERS = ("areas", "buildings", "roads", "water", "land", "cameras")
Text = npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a town consists of; a desk fetches each layer by its hash."""

    name: str
    code: str
    attribution: str
    origin: LonLat
    epoch: str
    boundary_fit: float
    layers: dict[str, tuple[str, int]]
    """Layer -> (sha256 as hex, size in bytes)."""

    def to_bytes(self) -> bytes:
        """The manifest as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    @staticmethod
    def from_bytes(data: bytes) -> Manifest:
        """The manifest again; raises BadPack for anything else."""
        try:
            raw = json.loads(data)
            layers = {str(k): (str(digest), int(size)) for k, (digest, size) in raw.pop("layers").items()}
            words = {k: str(raw[k]) for k in ("name", "code", "attribution", "epoch")}
            origin = LonLat(float(raw["origin"]["lon"]), float(raw["origin"]["lat"]))
            manifest = Manifest(**words, origin=origin, boundary_fit=float(raw["boundary_fit"]), layers=layers)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise BadPack("unreadable manifest") from None
        if set(manifest.layers) != set(LAYERS):
            raise BadPack("a manifest without all layers")
        return manifest


@dataclass(frozen=True, slots=True, eq=False)
class AreasPack:
    """Areas, district first. Area i has parts part_offsets[i:i+2], part p has rings ring ... of polygon_offsets[p:p+2]."""

    codes: Text
    names: Text
    levels: npt.NDArray[np.uint8]
    parents: Text
    kinds: Text
    centres: Coords
    """float64[n, 2], a point inside each area."""
    coords: Coords
    ring_offsets: Offsets
    polygon_offsets: Offsets
    """First ring of each polygon; its shell comes first, then its holes."""
    area_offsets: Offsets
    """First polygon of each area."""
    triangles: Triangles
    """uint32[m, 3] into coords; of grids only."""
    triangle_offsets: Offsets


@dataclass(frozen=True, slots=True, eq=False)
class BuildingsPack:
    """Footprints, heights and the triangles of the roofs."""

    coords: Coords
    offsets: Offsets
    height_m: npt.NDArray[np.float32]
    kind: npt.NDArray[np.uint8]
    names: Text
    triangles: Triangles
    triangle_offsets: Offsets
    addresses: Addresses
    """None at all in a pack that was made before numbers were kept."""


@dataclass(frozen=True, slots=True, eq=False)
class RoadsPack:
    """Centre lines with their class; roads that meet share a vertex exactly."""

    coords: Coords
    offsets: Offsets
    road_class: npt.NDArray[np.uint8]
    names: Text


@dataclass(frozen=True, slots=True, eq=False)
class PatchesPack:
    """Water or land with its triangles."""

    coords: Coords
    offsets: Offsets
    kind: npt.NDArray[np.uint8]
    names: Text
    triangles: Triangles
    triangle_offsets: Offsets


@dataclass(frozen=True, slots=True, eq=False)
class CamerasPack:
    """Cameras without any stream address."""

    ids: Text
    names: Text
    grids: Text
    owners: Text
    places: Coords
    heading_deg: npt.NDArray[np.float32]
    field_of_view_deg: npt.NDArray[np.float32]
    range_m: npt.NDArray[np.float32]
    share_level: npt.NDArray[np.uint8]


Pack = AreasPack | BuildingsPack | RoadsPack | PatchesPack | CamerasPack


def write_packs(town: Town) -> dict[str, bytes]:
    """The packs of all layers; equal towns give equal bytes."""
    return {
        "areas": areas_pack(town.areas),
        "buildings": freeze("buildings", _building_arrays(town.buildings)),
        "roads": freeze("roads", _road_arrays(town.roads)),
        "water": freeze("water", _patch_arrays(town.water)),
        "land": freeze("land", _patch_arrays(town.land)),
        "cameras": freeze("cameras", _camera_arrays(town)),
    }


def areas_pack(areas: Sequence[TownArea]) -> bytes:
    """The pack of areas alone, the district first, then each level in the order of codes."""
    return freeze("areas", _area_arrays(areas))


def manifest_of(town: Town, packs: Mapping[str, bytes]) -> Manifest:
    """The manifest that goes with a town's packs."""
    layers = {name: (hashlib.sha256(data).hexdigest(), len(data)) for name, data in sorted(packs.items())}
    return Manifest(town.name, town.code, town.attribution, town.origin, town.epoch, town.boundary_fit, layers)


def read_pack(name: str, data: bytes) -> Pack:
    """One layer again, its arrays read-only; raises BadPack for damaged, foreign or self-contradicting bytes."""
    if name not in LAYERS:
        raise BadPack(f"no such layer: {name[:20]!r}")
    arrays = thaw(name, data)
    if name == "areas":
        return _read_areas(arrays)
    if name == "cameras":
        return _read_cameras(arrays)
    coords, offsets = _read_shapes(name, arrays)
    count = len(offsets) - 1
    names = read_text(name, "names", arrays, count)
    if name == "roads":
        return RoadsPack(coords, offsets, take(name, arrays, "road_class", "uint8", (count,)), names)
    kind = take(name, arrays, "kind", "uint8", (count,))
    triangles = _read_triangles(name, arrays, len(coords), count)
    if name == "buildings":
        height = take(name, arrays, "height_m", "float32", (count,))
        if not (np.isfinite(height) & (height >= 0)).all():
            raise BadPack("buildings: a height that is none")
        return BuildingsPack(coords, offsets, height, kind, names, *triangles, _read_addresses(arrays, count))
    return PatchesPack(coords, offsets, kind, names, *triangles)


def _road_arrays(roads: Roads) -> dict[str, Array]:
    arrays: dict[str, Array] = {"coords": roads.coords, "offsets": roads.offsets, "road_class": roads.road_class}
    return arrays | write_text("names", roads.names)


def _building_arrays(buildings: Buildings) -> dict[str, Array]:
    triangles, offsets = triangulate_rings(buildings.coords, buildings.offsets)
    arrays: dict[str, Array] = {"coords": buildings.coords, "offsets": buildings.offsets}
    arrays |= {"height_m": buildings.height_m, "kind": buildings.kind}
    arrays |= {"triangles": triangles, "triangle_offsets": offsets}
    known = buildings.addresses
    arrays |= {"address_places": known.places, "address_building": known.building}
    arrays |= write_text("address_streets", known.streets) | write_text("address_numbers", known.numbers)
    return arrays | write_text("names", buildings.names)


def _patch_arrays(patches: Patches) -> dict[str, Array]:
    triangles, offsets = triangulate_rings(patches.coords, patches.offsets)
    arrays: dict[str, Array] = {"coords": patches.coords, "offsets": patches.offsets, "kind": patches.kind}
    arrays |= {"triangles": triangles, "triangle_offsets": offsets}
    return arrays | write_text("names", patches.names)


def _area_arrays(areas: Sequence[TownArea]) -> dict[str, Array]:
    shapes = np.array([area.polygon for area in areas], dtype=object)
    parts, area_of = shapely.get_parts(shapes, return_index=True)
    rings, part_of = shapely.get_rings(parts, return_index=True)
    coords, ring_of = shapely.get_coordinates(rings, return_index=True)
    ring_offsets, polygon_offsets = _starts(ring_of, len(rings)), _starts(part_of, len(parts))
    area_offsets = _starts(area_of, len(shapes))
    triangles = []
    for k, area in enumerate(areas):
        polygons = range(area_offsets[k], area_offsets[k + 1]) if area.level is Level.GRID else ()
        pieces = [triangulate(coords, ring_offsets[polygon_offsets[p] : polygon_offsets[p + 1] + 1]) for p in polygons]
        triangles.append(stack(pieces)[0])
    stacked, triangle_offsets = stack(triangles)
    arrays: dict[str, Array] = {"levels": np.array([area.level for area in areas], np.uint8)}
    arrays |= {"centres": shapely.get_coordinates(shapely.point_on_surface(shapes)), "coords": coords}
    arrays |= {"ring_offsets": ring_offsets, "polygon_offsets": polygon_offsets, "area_offsets": area_offsets}
    arrays |= {"triangles": stacked, "triangle_offsets": triangle_offsets}
    for name in ("code", "name", "parent", "kind"):
        arrays |= write_text(f"{name}s", tuple(str(getattr(area, name)) for area in areas))
    return arrays


def _camera_arrays(town: Town) -> dict[str, Array]:
    cameras = town.cameras
    arrays: dict[str, Array] = {
        "places": np.array([(c.place.lon, c.place.lat) for c in cameras], np.float64).reshape(-1, 2),
        "heading_deg": np.array([c.heading_deg for c in cameras], np.float32),
        "field_of_view_deg": np.array([c.field_of_view_deg for c in cameras], np.float32),
        "range_m": np.array([c.range_m for c in cameras], np.float32),
        "share_level": np.array([c.share_level for c in cameras], np.uint8),
    }
    for name in ("id", "name", "grid", "owner"):
        arrays |= write_text(f"{name}s", tuple(str(getattr(camera, name)) for camera in cameras))
    return arrays


def _read_areas(arrays: Mapping[str, Array]) -> AreasPack:
    levels = take("areas", arrays, "levels", "uint8", (None,))
    count = len(levels)
    if not np.isin(levels, [level.value for level in Level]).all():
        raise BadPack("areas: an unknown level")
    coords = take("areas", arrays, "coords", "float64", (None, 2))
    _check_degrees("areas", coords)
    centres = take("areas", arrays, "centres", "float64", (count, 2))
    _check_degrees("areas", centres)
    ring_offsets = take("areas", arrays, "ring_offsets", "int64", (None,))
    polygon_offsets = take("areas", arrays, "polygon_offsets", "int64", (None,))
    area_offsets = take("areas", arrays, "area_offsets", "int64", (count + 1,))
    check_offsets("areas", "ring_offsets", ring_offsets, len(coords))
    check_offsets("areas", "polygon_offsets", polygon_offsets, len(ring_offsets) - 1)
    check_offsets("areas", "area_offsets", area_offsets, len(polygon_offsets) - 1)
    text = {name: read_text("areas", name, arrays, count) for name in ("codes", "names", "parents", "kinds")}
    triangles, triangle_offsets = _read_triangles("areas", arrays, len(coords), count)
    return AreasPack(
        levels=levels,
        centres=centres,
        coords=coords,
        ring_offsets=ring_offsets,
        polygon_offsets=polygon_offsets,
        area_offsets=area_offsets,
        triangles=triangles,
        triangle_offsets=triangle_offsets,
        **text,
    )


def _read_addresses(arrays: Mapping[str, Array], buildings: int) -> Addresses:
    if "address_places" not in arrays:
        return Addresses.none()
    places = take("buildings", arrays, "address_places", "float64", (None, 2))
    _check_degrees("buildings", places)
    building = take("buildings", arrays, "address_building", "int64", (len(places),))
    if ((building < -1) | (building >= buildings)).any():
        raise BadPack("buildings: a number of a building that is none")
    streets, numbers = (read_text("buildings", f"address_{of}", arrays, len(places)) for of in ("streets", "numbers"))
    return Addresses(places, building, tuple(streets.tolist()), tuple(numbers.tolist()))


def _read_cameras(arrays: Mapping[str, Array]) -> CamerasPack:
    places = take("cameras", arrays, "places", "float64", (None, 2))
    _check_degrees("cameras", places)
    count = len(places)
    text: dict[str, Any] = {name: read_text("cameras", name, arrays, count) for name in ("ids", "names", "grids", "owners")}
    for name in ("heading_deg", "field_of_view_deg", "range_m"):
        text[name] = take("cameras", arrays, name, "float32", (count,))
        if not np.isfinite(text[name]).all():
            raise BadPack(f"cameras: {name} that is no number")
    return CamerasPack(places=places, share_level=take("cameras", arrays, "share_level", "uint8", (count,)), **text)


def _read_shapes(layer: str, arrays: Mapping[str, Array]) -> tuple[Coords, Offsets]:
    coords = take(layer, arrays, "coords", "float64", (None, 2))
    _check_degrees(layer, coords)
    offsets = take(layer, arrays, "offsets", "int64", (None,))
    check_offsets(layer, "offsets", offsets, len(coords))
    return coords, offsets


def _read_triangles(layer: str, arrays: Mapping[str, Array], points: int, count: int) -> tuple[Triangles, Offsets]:
    triangles = take(layer, arrays, "triangles", "uint32", (None, 3))
    offsets = take(layer, arrays, "triangle_offsets", "int64", (count + 1,))
    check_offsets(layer, "triangle_offsets", offsets, len(triangles))
    if len(triangles) and int(triangles.max()) >= points:
        raise BadPack(f"{layer}: a triangle without a corner")
    return triangles, offsets


def _check_degrees(layer: str, coords: Array) -> None:
    """Raise BadPack unless all coordinates are places on earth."""
    if not (np.abs(coords) <= (180.0, 90.0)).all():
        raise BadPack(f"{layer}: a place not on earth")


def _starts(owner: npt.NDArray[np.int64], count: int) -> Offsets:
    """Where the rows of each owner begin, for owners in ascending order."""
    return np.searchsorted(owner, np.arange(count + 1)).astype(np.int64)
