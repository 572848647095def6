"""The town around a place as GeoJSON: cut to a box, as fine as its scale needs, WGS 84; plain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from desktop.map.scene import FAR_FROM_M_PER_PX, Geometry
from desktop.map.tiles import Box, TiledRings
from desktop.style.palette import DAY

STEPS_ACROSS = 2400
"""Corners nearer to each other than such a part of the box are one: a page is seldom shown wider."""
BUILDINGS_WITHIN_M, MOST_BUILDINGS = 3000.0, 6000
GRIDS_WITHIN_M, COMMUNITIES_WITHIN_M = 9000.0, 40_000.0
ROAD_WEIGHTS = (5.0, 4.0, 3.0, 2.0, 1.2)
PLACES = 6
"""Digits of a degree: a tenth of a metre."""
MAP = DAY.map

Collection = dict[str, Any]


def town_around(geometry: Geometry, box: Box) -> dict[str, Collection]:
    """Layers by name (land, water, buildings, roads, grids, communities, streets), from the lowest up, none empty."""
    across_m = max(box[2] - box[0], box[3] - box[1])
    sheet = _Sheet(geometry, box, across_m / STEPS_ACROSS)
    scale = across_m / 1000
    far = FAR_FROM_M_PER_PX if scale > FAR_FROM_M_PER_PX else 0.0
    found = {
        "land": [
            sheet.feature(rings, _fill(MAP.land[tint % len(MAP.land)]))
            for tint, rings in sheet.rings(geometry.land.at(far)).items()
        ],
        "water": [sheet.feature(rings, _fill(MAP.water)) for rings in sheet.rings(geometry.water.at(far)).values()],
        "buildings": sheet.buildings() if across_m <= BUILDINGS_WITHIN_M else [],
        "roads": list(sheet.roads()),
    }
    if across_m <= GRIDS_WITHIN_M:
        found["grids"] = sheet.outlines(geometry.grids.fine, MAP.grid_line, 1.0)
    if across_m <= COMMUNITIES_WITHIN_M:
        found["communities"] = sheet.outlines(geometry.communities.middle, MAP.community_line, 1.6)
    found["streets"] = sheet.outlines(geometry.streets.middle, MAP.street_line, 2.6)
    whole = {name: [each for each in features if each is not None] for name, features in found.items()}
    return {name: {"type": "FeatureCollection", "features": features} for name, features in whole.items() if features}


def names_around(geometry: Geometry, box: Box) -> list[tuple[str, str, float, float]]:
    """Code, name, longitude and latitude of the areas whose middle lies in a box: grids, or what is above them from afar."""
    across_m = max(box[2] - box[0], box[3] - box[1])
    areas = geometry.grids if across_m <= GRIDS_WITHIN_M / 2 else geometry.communities
    areas = geometry.streets if across_m > GRIDS_WITHIN_M else areas
    x, y = areas.centres[:, 0], areas.centres[:, 1]
    inside = np.nonzero((x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3]))[0]
    places = geometry.plane.to_lonlat(x[inside], y[inside]) if len(inside) else np.zeros((0, 2))
    return [
        (areas.codes[number], areas.labels[number], round(lon, PLACES), round(lat, PLACES))
        for number, (lon, lat) in zip(inside.tolist(), places.tolist(), strict=True)
    ]


class _Sheet:
    """Cuts to the box and thins out."""

    def __init__(self, geometry: Geometry, box: Box, step_m: float) -> None:
        self._geometry, self._box, self._step_m = geometry, box, step_m
        self._frame = shapely.box(*box)

    def rings(self, rings: TiledRings) -> dict[int, list[BaseGeometry]]:
        """Surfaces inside the box by their owner."""
        found: defaultdict[int, list[BaseGeometry]] = defaultdict(list)
        for tile in rings.tiles.near(self._box).tolist():
            for owner, ring in rings.rings_in(tile):
                if len(ring) >= 4:
                    found[owner].append(shapely.polygons(ring))
        return {owner: self._cut(shapes) for owner, shapes in sorted(found.items())}

    def outlines(self, rings: TiledRings, colour: str, weight: float) -> list[Collection | None]:
        """Edges of areas as one feature."""
        lines = [
            shapely.linestrings(ring)
            for tile in rings.tiles.near(self._box).tolist()
            for _, ring in rings.rings_in(tile)
            if len(ring) >= 2
        ]
        merged = [shapely.line_merge(shapely.union_all(self._cut(lines)))] if lines else []
        return [self.feature(merged, _line(colour, weight))]

    def buildings(self) -> list[Collection | None]:
        """Footprints as one feature; none where there would be too many to draw."""
        shapes = [shape for shapes in self.rings(self._geometry.buildings).values() for shape in shapes]
        style = _fill(MAP.roof) | {"stroke": True, "color": MAP.tall_roof, "weight": 0.6}
        return [self.feature(shapes, style)] if len(shapes) <= MOST_BUILDINGS else []

    def roads(self) -> Iterator[Collection | None]:
        """One feature for the casing and one for the road of each class, the smallest class first."""
        lines, boxes = self._geometry.roads, self._geometry.road_boxes
        west, south, east, north = self._box
        near = (boxes[:, 0] < east) & (boxes[:, 2] > west) & (boxes[:, 1] < north) & (boxes[:, 3] > south)
        for kind in sorted(np.unique(lines.kinds[near]).tolist(), reverse=True):
            rows = np.nonzero(near & (lines.kinds == kind))[0].tolist()
            shapes = self._cut([shapely.linestrings(lines.xy[lines.offsets[row] : lines.offsets[row + 1]]) for row in rows])
            weight = ROAD_WEIGHTS[min(kind, len(ROAD_WEIGHTS) - 1)]
            yield self.feature(shapes, _line(MAP.road_casing, weight + 1.6))
            yield self.feature(shapes, _line(MAP.road[min(kind, len(MAP.road) - 1)], weight))

    def _cut(self, shapes: Iterable[BaseGeometry]) -> list[BaseGeometry]:
        cut = (shapely.intersection(shapely.make_valid(shape), self._frame) for shape in shapes)
        thin = (shapely.simplify(shape, self._step_m) for shape in cut if not shape.is_empty)
        return [shape for shape in thin if not shape.is_empty]

    def feature(self, shapes: Iterable[BaseGeometry], style: dict[str, object]) -> Collection | None:
        """All shapes as one feature in degrees; None where there is none."""
        parts = [part for shape in shapes for part in _simple(shape)]
        if not parts:
            return None
        is_area = parts[0].geom_type == "Polygon"
        coordinates = [self._area(part) if is_area else self._degrees(part) for part in parts]
        return {
            "type": "Feature",
            "properties": {"style": style},
            "geometry": {"type": "MultiPolygon" if is_area else "MultiLineString", "coordinates": coordinates},
        }

    def _area(self, part: BaseGeometry) -> list[list[list[float]]]:
        return [self._degrees(ring) for ring in (part.exterior, *part.interiors)]

    def _degrees(self, line: BaseGeometry) -> list[list[float]]:
        xy: NDArray[np.float64] = shapely.get_coordinates(line)
        degrees: list[list[float]] = np.round(self._geometry.plane.to_lonlat(xy[:, 0], xy[:, 1]), PLACES).tolist()
        return degrees


def _simple(shape: BaseGeometry) -> list[BaseGeometry]:
    """The polygons, or where it has none the lines, of a shape."""
    parts = list(shapely.get_parts(shape))
    wanted: Callable[[str], list[BaseGeometry]] = lambda kind: [each for each in parts if each.geom_type == kind]  # noqa: E731
    return wanted("Polygon") or wanted("LineString")


def _fill(colour: str) -> dict[str, object]:
    return {"stroke": False, "fill": True, "fillColor": colour, "fillOpacity": 1.0}


def _line(colour: str, weight: float) -> dict[str, object]:
    return {"color": colour, "weight": weight, "fill": False, "opacity": 1.0}
