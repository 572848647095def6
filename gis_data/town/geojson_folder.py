"""Reads what a town needs out of a folder of GeoJSON layers, as they are cut from OpenStreetMap (`fclass` or plain tags)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import shapely
import shapely.errors
from shapely.geometry import shape as shape_of

from gis_data.town import osm_tags
from gis_data.town.bad_town import BadTown
from gis_data.town.osm_file import MAX_BUILDINGS, MAX_ROADS, Content, read_start
from gis_data.town.town import RoadClass

_MOST_BYTES = 400_000_000
_KEYS = ("landuse", "leisure", "natural", "amenity", "place")
_SAME = {"farm": "farmland", "allotments": "farmland", "riverbank": "river", "nature_reserve": "wood", "heath": "scrub"}
_WATERS = ("water", "river", "riverbank", "reservoir", "wetland", "canal", "dock", "lake", "basin")


def read_folder(folder: Path) -> Content:
    """The content of all *.geojson files of a folder, in the order of their names.

    A file is roads, water or buildings by what its features say; where they say nothing, by its name. Raises BadTown:
    no_layers, missing, unreadable, not_geojson, not_degrees, damaged, too_large, no_roads.
    """
    content = Content()
    for file in layers_of(folder):
        for feature in _features(file):
            _take(feature, file.stem.lower(), content)
    if not content.roads:
        raise BadTown("no_roads", folder.name)
    return content


def layers_of(folder: Path) -> list[Path]:
    """The GeoJSON files of a folder, in the order of their names; raises BadTown where it has none or cannot be read."""
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix.lower() in (".geojson", ".json") and not path.is_dir())
    except OSError as error:
        raise BadTown("unreadable", f"{folder.name}: {error.strerror}") from None
    if not files:
        raise BadTown("no_layers", folder.name)
    return files


def _features(file: Path) -> list[dict[str, Any]]:
    read_start(file)
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise BadTown("too_large", file.name)
        raw = json.loads(file.read_bytes())
        crs = json.dumps(raw.get("crs") or "") if isinstance(raw, dict) else ""
    except OSError as error:
        raise BadTown("unreadable", f"{file.name}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise BadTown("damaged", f"{file.name}: {str(error)[:80]}") from None
    features = raw.get("features") if isinstance(raw, dict) and raw.get("type") == "FeatureCollection" else None
    if not isinstance(features, list):
        raise BadTown("not_geojson", file.name)
    if raw.get("crs") and not any(known in crs for known in ("CRS84", "4326", "4490")):
        raise BadTown("not_degrees", f"{file.name}: {crs[:60]}")
    return [feature for feature in features if isinstance(feature, dict) and feature.get("geometry")]


def _take(feature: dict[str, Any], layer: str, content: Content) -> None:
    """Sort one feature; one whose geometry is none is left out, as osmium leaves out a ring that does not close."""
    try:
        shape = shapely.force_2d(shape_of(feature["geometry"]))
        given = (feature.get("properties") or {}).items()
        tags = {key: str(value)[: osm_tags.MOST_LETTERS] for key, value in given if value not in (None, "")}
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError, shapely.errors.ShapelyError):
        return
    if shape.is_empty or not np.isfinite(shapely.get_coordinates(shape)).all():
        return
    if (np.abs(shapely.get_coordinates(shape)) > (180.0, 90.0)).any():
        raise BadTown("not_degrees", layer)
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        _take_surface(shape, tags, layer, content)
    elif shape.geom_type in ("LineString", "MultiLineString"):
        _take_road(shape, tags, layer, content)


def _take_road(shape: Any, tags: dict[str, str], layer: str, content: Content) -> None:
    word = tags.get("highway") or tags.get("fclass") or ""
    kind = osm_tags.road_class(tags | {"highway": word})
    if kind is None and not word and "road" in layer:
        kind = RoadClass.ARTERIAL if "main" in layer else RoadClass.STREET
    if kind is None:
        return
    for part in shapely.get_parts(shape):
        if len(content.roads) >= MAX_ROADS:
            raise BadTown("too_large", f"{MAX_ROADS} roads")
        xy = shapely.get_coordinates(part)
        xy = xy[np.r_[True, (np.diff(xy, axis=0) != 0).any(axis=1)]]
        if len(xy) < 2:
            continue
        content.roads.append(xy)
        content.road_classes.append(kind)
        content.road_names.append(osm_tags.name_of(tags))
        content.underground.append(osm_tags.is_underground(tags))


def _take_surface(shape: Any, tags: dict[str, str], layer: str, content: Content) -> None:
    name, word = osm_tags.name_of(tags), tags.get("fclass", "")
    if tags.get("building", "no") != "no" or word == "building" or (not word and "building" in layer):
        if len(content.buildings) >= MAX_BUILDINGS:
            raise BadTown("too_large", f"{MAX_BUILDINGS} buildings")
        kind = osm_tags.building_kind(tags | {"building": tags.get("building") or tags.get("type", "")})
        inside = shapely.point_on_surface(shape)
        street, numbers = osm_tags.addresses_of(tags)
        content.addresses += [(street, number, inside.x, inside.y, len(content.buildings)) for number in numbers]
        content.buildings.append(shape)
        content.building_kinds.append(kind)
        content.heights_m.append(osm_tags.building_height_m(tags, kind))
        content.building_names.append(name)
        return
    water = osm_tags.water_kind({"natural": "water", "water": word} if word in _WATERS or "water" in layer else tags)
    if water is not None:
        content.water.append((shape, water, name))
        return
    word = _SAME.get(word, word)
    land = osm_tags.land_kind({key: tags.get(key, word) for key in _KEYS})
    if land is not None:
        content.land.append((shape, land, name))
        if name and word == "residential":
            middle = shapely.point_on_surface(shape)
            content.places.append(("neighbourhood", name, middle.x, middle.y))
