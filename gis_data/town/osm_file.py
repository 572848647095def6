"""Reads what a town needs out of an OpenStreetMap file, or says in one line why that cannot be done."""

from __future__ import annotations

import bz2
import gzip
import re
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import osmium
import shapely

from gis_data.town import osm_tags
from gis_data.town.bad_town import BadTown
from gis_data.town.town import BuildingKind, PatchKind, RoadClass

MAX_BUILDINGS = 400_000
MAX_ROADS = 400_000
_SNIFFED = 4096
_LEAST_COMPLETE = 0.5
_MOST_BLOWN_UP, _BLOWN_UP_BYTES = 250, 64 << 20
"""A packed file that opens into more than so much, and into so many times its own size, is no map: those grow tenfold."""
_LEVEL = re.compile(r"[0-9]{1,2}")


@dataclass(slots=True)
class Content:
    """What a file holds, in longitude and latitude."""

    buildings: list[Any] = field(default_factory=list)
    """shapely polygons without holes, in step with heights, kinds and names."""
    heights_m: list[float] = field(default_factory=list)
    building_kinds: list[BuildingKind] = field(default_factory=list)
    building_names: list[str] = field(default_factory=list)
    roads: list[npt.NDArray[np.float64]] = field(default_factory=list)
    road_classes: list[RoadClass] = field(default_factory=list)
    road_names: list[str] = field(default_factory=list)
    underground: list[bool] = field(default_factory=list)
    water: list[tuple[Any, PatchKind, str]] = field(default_factory=list)
    streams: list[npt.NDArray[np.float64]] = field(default_factory=list)
    """Middle lines of rivers, canals and streams."""
    coast: list[npt.NDArray[np.float64]] = field(default_factory=list)
    """Coastline ways: land on their left, sea on their right."""
    land: list[tuple[Any, PatchKind, str]] = field(default_factory=list)
    boundaries: list[tuple[int, str, Any]] = field(default_factory=list)
    """(admin_level, name, polygon)."""
    places: list[tuple[str, str, float, float]] = field(default_factory=list)
    """(place=*, name, longitude, latitude) of named places."""
    addresses: list[tuple[str, str, float, float, int]] = field(default_factory=list)
    """(street, number, longitude, latitude, row of the building it is written on or -1)."""
    epoch: str = ""


def read_file(path: Path) -> Content:
    """The content of a .osm.pbf, .osm, .osm.gz or .osm.bz2 file.

    Raises BadTown: missing, unreadable, empty, not_osm, damaged, too_large, no_buildings, no_roads.
    """
    file_format = _recognise(path)
    content = Content()
    counts = [0, 0]
    try:
        reader = osmium.io.Reader(osmium.io.File(str(path), file_format))
        content.epoch = _epoch(reader)
        reader.close()
        _walk(osmium.io.File(str(path), file_format), content, counts)
    except BadTown:
        raise
    except (RuntimeError, ValueError, OSError, UnicodeError, osmium.InvalidLocationError) as error:
        raise BadTown("damaged", str(error)[:120]) from None
    if counts[0] and counts[1] / counts[0] < _LEAST_COMPLETE:
        raise BadTown("damaged", f"{counts[0] - counts[1]} of {counts[0]} way nodes have no place")
    if not content.buildings:
        raise BadTown("no_buildings", path.name)
    if not content.roads:
        raise BadTown("no_roads", path.name)
    return content


def _recognise(path: Path) -> str:
    """The file's format by its first bytes, as osmium calls it; its name does not matter."""
    start = read_start(path)
    if not start:
        raise BadTown("empty", path.name)
    if b"OSMHeader" in start[:64]:
        return "pbf"
    if start.startswith(b"\x1f\x8b"):
        _check_packed(path, gzip.open, to_the_end=True)
        return _text_format(path, _first_gzip(path), "osm.gz")
    if start.startswith(b"BZh"):
        _check_packed(path, bz2.open, to_the_end=False)
        return _text_format(path, _first_bz2(path), "osm.bz2")
    return _text_format(path, start, "osm")


def read_start(path: Path) -> bytes:
    """The first bytes of a file; raises BadTown where it is missing, is none (a pipe, a device) or cannot be read."""
    try:
        if path.exists() and not path.is_file():
            raise BadTown("unreadable", path.name)
        with path.open("rb") as file:
            return file.read(_SNIFFED)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise BadTown("missing", path.name) from None
    except OSError as error:
        raise BadTown("unreadable", f"{path.name}: {error.strerror}") from None


def _text_format(path: Path, start: bytes, name: str) -> str:
    if b"<osm" not in start or b"<osmChange" in start:
        raise BadTown("not_osm", path.name)
    return name


def _first_gzip(path: Path) -> bytes:
    with gzip.open(path) as file:
        return file.read(_SNIFFED)


def _check_packed(path: Path, opened: Callable[[Path], Any], to_the_end: bool) -> None:
    """Refuse what opens into too much; a gzip to its end: its checksum tells a damaged or cut file, the XML alone need not."""
    size, most = 0, max(_BLOWN_UP_BYTES, _MOST_BLOWN_UP * path.stat().st_size)
    try:
        with opened(path) as file:
            while size <= most and (to_the_end or size <= _BLOWN_UP_BYTES) and (part := file.read(1 << 20)):
                size += len(part)
    except (OSError, EOFError, zlib.error) as error:
        raise BadTown("damaged", str(error)[:120]) from None
    if size > most:
        raise BadTown("damaged", f"{path.name}: > {most >> 20} MiB")


def _first_bz2(path: Path) -> bytes:
    with bz2.open(path) as file:
        return file.read(_SNIFFED)


def _epoch(reader: Any) -> str:
    """The date the file says it was taken, as YYYY-MM-DD; empty where it says none."""
    stamp = reader.header().get("osmosis_replication_timestamp", "")
    return stamp[:10] if len(stamp) >= 10 and stamp[4] == stamp[7] == "-" else ""


def _walk(file: Any, content: Content, counts: list[int]) -> None:
    """Sort every object of the file; counts gets way nodes and how many of them have a place."""
    shapes = osmium.geom.WKBFactory()
    things: Iterable[Any] = osmium.FileProcessor(file).with_areas()
    for thing in things:
        tags = {tag.k: tag.v for tag in thing.tags} if len(thing.tags) else {}
        if thing.is_way():
            _take_way(thing, tags, content, counts)
        elif thing.is_area() and tags:
            _take_area(thing, tags, content, shapes)
        elif thing.is_node() and tags and thing.location.valid():
            _take_node(thing, tags, content)


def _take_node(node: Any, tags: dict[str, str], content: Content) -> None:
    lon, lat = node.location.lon, node.location.lat
    if "place" in tags and osm_tags.name_of(tags):
        content.places.append((tags["place"], osm_tags.name_of(tags), lon, lat))
    _take_addresses(tags, content, lon, lat, -1)


def _take_addresses(tags: dict[str, str], content: Content, lon: float, lat: float, building: int) -> None:
    street, numbers = osm_tags.addresses_of(tags)
    content.addresses += [(street, number, lon, lat, building) for number in numbers]


def _take_way(way: Any, tags: dict[str, str], content: Content, counts: list[int]) -> None:
    kind = osm_tags.road_class(tags)
    is_stream = tags.get("waterway") in ("river", "canal", "stream")
    is_coast = tags.get("natural") == "coastline"
    if kind is None and not is_stream and not is_coast and "building" not in tags:
        return
    known = [(node.location.lon, node.location.lat) for node in way.nodes if node.location.valid()]
    counts[0] += len(way.nodes)
    counts[1] += len(known)
    line = [point for k, point in enumerate(known) if k == 0 or point != known[k - 1]]
    if len(line) < 2:
        return
    if kind is not None:
        if len(content.roads) >= MAX_ROADS:
            raise BadTown("too_large", f"{MAX_ROADS} roads")
        content.roads.append(np.array(line))
        content.road_classes.append(kind)
        content.road_names.append(osm_tags.name_of(tags))
        content.underground.append(osm_tags.is_underground(tags))
    elif is_stream and not osm_tags.is_underground(tags):
        content.streams.append(np.array(line))
    elif is_coast:
        content.coast.append(np.array(line))


def _take_area(area: Any, tags: dict[str, str], content: Content, shapes: Any) -> None:
    is_building = tags.get("building", "no") != "no"
    water, land = osm_tags.water_kind(tags), osm_tags.land_kind(tags)
    is_boundary = tags.get("boundary") == "administrative" and _LEVEL.fullmatch(tags.get("admin_level", "")) is not None
    is_site = "addr:housenumber" in tags
    if not (is_building or water is not None or land is not None or is_boundary or is_site):
        return
    try:
        shape = shapely.from_wkb(shapes.create_multipolygon(area))
    except RuntimeError:
        return  # A ring that does not close: osmium gives no shape for it, and one house less is no damage.
    name = osm_tags.name_of(tags)
    if is_site:
        inside = shapely.point_on_surface(shape)
        _take_addresses(tags, content, inside.x, inside.y, len(content.buildings) if is_building and not is_boundary else -1)
    if is_boundary:
        content.boundaries.append((int(tags["admin_level"]), name, shape))
    elif is_building:
        if len(content.buildings) >= MAX_BUILDINGS:
            raise BadTown("too_large", f"{MAX_BUILDINGS} buildings")
        kind = osm_tags.building_kind(tags)
        content.buildings.append(shape)
        content.building_kinds.append(kind)
        content.heights_m.append(osm_tags.building_height_m(tags, kind))
        content.building_names.append(name)
    elif water is not None:
        content.water.append((shape, water, name))
    elif land is not None:
        content.land.append((shape, land, name))
