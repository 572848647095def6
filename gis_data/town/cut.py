"""What of a large file lies in a rectangle: a district is cut out of a whole city's data."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import shapely

from gis_data.town.bad_town import BadTown
from gis_data.town.osm_file import Content

Box: TypeAlias = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


def box_of(text: str) -> Box:
    """The rectangle that a text of four numbers names; raises BadTown where it is none on earth."""
    try:
        west, south, east, north = (float(part) for part in text.replace("，", ",").split(","))
    except ValueError:
        raise BadTown("bad_box", text[:60]) from None
    if not (-180 <= west < east <= 180 and -90 < south < north < 90):
        raise BadTown("bad_box", text[:60])
    return west, south, east, north


def cut_out(content: Content, box: Box) -> Content:
    """The content within a rectangle: surfaces and roads cut at its edge, buildings whose middle lies inside whole."""
    roads = [(line, row) for row, road in enumerate(content.roads) for line in _inside(road, box)]
    inside = _are_inside([shapely.centroid(shape) for shape in content.buildings], box)
    row_of = dict(zip(inside, range(len(inside)), strict=True))
    return Content(
        buildings=[content.buildings[k] for k in inside],
        heights_m=[content.heights_m[k] for k in inside],
        building_kinds=[content.building_kinds[k] for k in inside],
        building_names=[content.building_names[k] for k in inside],
        roads=[line for line, _ in roads],
        road_classes=[content.road_classes[k] for _, k in roads],
        road_names=[content.road_names[k] for _, k in roads],
        underground=[content.underground[k] for _, k in roads],
        water=_surfaces(content.water, box),
        streams=[line for stream in content.streams for line in _inside(stream, box)],
        coast=[line for coast in content.coast for line in _inside(coast, box)],
        land=_surfaces(content.land, box),
        boundaries=content.boundaries,
        places=[each for each in content.places if _holds(box, each[2], each[3])],
        addresses=[
            (street, number, lon, lat, row_of.get(row, -1))
            for street, number, lon, lat, row in content.addresses
            if _holds(box, lon, lat)
        ],
        epoch=content.epoch,
    )


def _inside(line: npt.NDArray[np.float64], box: Box) -> list[npt.NDArray[np.float64]]:
    """The parts of a line that lie in the rectangle; a line wholly inside is itself, to the last digit."""
    if (line >= box[:2]).all() and (line <= box[2:]).all():
        return [line]
    parts = shapely.get_parts(shapely.clip_by_rect(shapely.LineString(line), *box))
    return [shapely.get_coordinates(part) for part in parts if part.geom_type == "LineString" and part.length > 0]


def _surfaces(surfaces: list[tuple[Any, Any, str]], box: Box) -> list[tuple[Any, Any, str]]:
    if not surfaces:
        return []
    shapes = shapely.make_valid(np.array([shape for shape, _, _ in surfaces], dtype=object))
    cut = shapely.clip_by_rect(shapes, *box)
    return [(shape, kind, name) for shape, (_, kind, name) in zip(cut, surfaces, strict=True) if shape.area > 0]


def _are_inside(points: list[Any], box: Box) -> list[int]:
    return [k for k, point in enumerate(points) if _holds(box, point.x, point.y)]


def _holds(box: Box, lon: float, lat: float) -> bool:
    return box[0] <= lon <= box[2] and box[1] <= lat <= box[3]
