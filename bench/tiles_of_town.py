"""A town cut into vector tiles, or drawn as pictures: a basemap whose every line is known to lie where the town's lies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import shapely
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage

from bench.tiles_written import vector_tile
from desktop.basemap.vector_drawing import drawn
from desktop.map.colours import MapColours
from gis_data.basemap.squares import Square, web_mercator
from gis_data.basemap.vector_tile import read_vector_tile
from gis_data.datum import Datum, gcj02_from_wgs84
from gis_data.town.town import PatchKind, Town

EXTENT = 4096
RIM = 64
"""Units by which a tile reaches over its border."""
ROADS = ("primary", "secondary", "tertiary", "minor", "path")
LANDS = {PatchKind.PARK: "park", PatchKind.FOREST: "wood", PatchKind.FARMLAND: "farmland", PatchKind.COMMERCE: "commercial"}
Features = tuple[int, tuple[str, ...], np.ndarray]


def layers_of(town: Town, datum: Datum) -> dict[str, Features]:
    """Name of a layer -> shape, class of each feature, the features as shapely geometries in degrees of a datum."""

    def moved(coords: np.ndarray) -> np.ndarray:
        return gcj02_from_wgs84(coords) if datum is Datum.GCJ02 else coords

    def rings(coords: np.ndarray, offsets: np.ndarray) -> Any:
        return shapely.polygons(
            shapely.linearrings(moved(coords), indices=np.repeat(np.arange(len(offsets) - 1), np.diff(offsets)))
        )

    roads = town.roads
    lines = shapely.linestrings(moved(roads.coords), indices=np.repeat(np.arange(len(roads)), np.diff(roads.offsets)))
    kinds = tuple(LANDS.get(PatchKind(kind), "residential") for kind in town.land.kind.tolist())
    return {
        "landuse": (3, kinds, rings(town.land.coords, town.land.offsets)),
        "water": (3, ("lake",) * len(town.water), rings(town.water.coords, town.water.offsets)),
        "transportation": (2, tuple(ROADS[min(kind, 4)] for kind in roads.road_class.tolist()), lines),
        "building": (3, ("yes",) * len(town.buildings), rings(town.buildings.coords, town.buildings.offsets)),
    }


def vector_tiles(
    layers: Mapping[str, Features], box: tuple[float, float, float, float], level: int
) -> Iterator[tuple[Square, bytes]]:
    """The tiles of a level over a box of degrees (west, south, east, north), in the datum of the layers."""
    cut = web_mercator(512)
    columns, rows = cut.covering([box[:2], box[2:]], level, Datum.WGS84)
    at = cut.levels[level]

    def units(degrees: np.ndarray) -> np.ndarray:
        x = (degrees[:, 0] + 180.0) / 360.0 * at.columns
        y = (1.0 - np.arctanh(np.sin(np.radians(degrees[:, 1]))) / np.pi) / 2.0 * at.rows
        return np.column_stack([x, y]) * EXTENT

    placed = {name: (shape, kinds, shapely.transform(each, units)) for name, (shape, kinds, each) in layers.items()}
    trees = {name: shapely.STRtree(each[2]) for name, each in placed.items()}
    for column in columns:
        for row in rows:
            left, top = column * EXTENT, row * EXTENT
            frame = (left - RIM, top - RIM, left + EXTENT + RIM, top + EXTENT + RIM)
            made = {}
            for name, (shape, kinds, each) in placed.items():
                near = trees[name].query(shapely.box(*frame))
                cut_off = shapely.clip_by_rect(each[near], *frame)
                made[name] = [
                    (shape, {"class": kinds[number]}, parts)
                    for number, one in zip(near.tolist(), cut_off, strict=True)
                    if (parts := _parts(one, shape, left, top))
                ]
            yield Square(level, column, row), vector_tile(made, EXTENT)


def _parts(one: shapely.Geometry, shape: int, left: float, top: float) -> list[list[tuple[int, int]]]:
    parts = []
    for piece in shapely.get_parts(one):
        if piece.is_empty or shapely.get_dimensions(piece) != shape - 1:
            continue
        whole = [piece.exterior, *piece.interiors] if shape == 3 else [piece]
        for line in whole:
            places = np.rint(shapely.get_coordinates(line) - (left, top)).astype(int).tolist()
            parts.append([tuple(place) for place in (places[:-1] if shape == 3 else places)])
    return [part for part in parts if len(part) >= shape]


def drawn_tile(tile: bytes, metres_per_pixel: float, colours: MapColours, form: str = "PNG") -> bytes:
    """A vector tile as a picture in a file's form."""
    return encoded(drawn(read_vector_tile(tile), (0.0, 0.0, 1.0), metres_per_pixel, colours), form)


def encoded(image: QImage, form: str) -> bytes:
    """A picture as PNG, JPG or WEBP."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, form)  # type: ignore[call-overload]  # its stubs want bytes, it wants str
    return bytes(buffer.data().data())
