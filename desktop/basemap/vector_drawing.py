"""Vector tiles drawn as plain pictures in the colours of a theme. Any thread.

All of one role in one path: a handful of calls of Qt for a tile, however many features it has.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyqtgraph.functions as pg_functions
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from desktop.basemap.pictures import FORMAT
from desktop.basemap.vector_style import ROADS, Role, role_of
from desktop.map.colours import MapColours
from desktop.map.layers.roads import CASED_FROM_PX, widths_px
from gis_data.basemap.vector_tile import Shape, VectorLayer

PICTURE_PX = 512
BUILDINGS_BELOW_M_PER_PX = 5.0
FARTHEST_PX = 16_000.0
"""A tile of noise may say that a point lies at the other end of the world; Qt would draw a long time."""
Paths = dict[Role, QPainterPath]


def drawn(
    layers: tuple[VectorLayer, ...], part: tuple[float, float, float], metres_per_pixel: float, colours: MapColours
) -> QImage:
    """A picture of a part of a tile: its left and top as shares of the tile, and what share of it is as wide as the picture."""
    image = QImage(PICTURE_PX, PICTURE_PX, FORMAT)
    image.fill(QColor(colours.inside))
    paths = _paths(layers, part, metres_per_pixel)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    land = {Role.LAND: colours.inside, Role.GREEN: colours.land[0], Role.BUILT: colours.land[1], Role.FIELD: colours.land[3]}
    for role, colour in {**land, Role.WATER: colours.water}.items():
        if role in paths:
            painter.fillPath(paths[role], QColor(colour))
    _stroke(painter, paths.get(Role.WATERWAY), colours.water, max(6.0 / metres_per_pixel, 1.2))
    if Role.BUILDING in paths:
        painter.fillPath(paths[Role.BUILDING], QColor(colours.roof))
        _stroke(painter, paths[Role.BUILDING], colours.wall, 0.8)
    _stroke(painter, paths.get(Role.RAIL), colours.dim, max(3.0 / metres_per_pixel, 0.8), Qt.PenStyle.DashLine)
    _draw_roads(painter, paths, metres_per_pixel, colours)
    _stroke(painter, paths.get(Role.OTHER), colours.dim, 1.0)
    painter.end()
    return image


def _draw_roads(painter: QPainter, paths: Paths, metres_per_pixel: float, colours: MapColours) -> None:
    """All casings, then all roads, the small ones first."""
    widths = widths_px(metres_per_pixel)
    for is_casing in (True, False):
        for rank in reversed(range(len(ROADS))):
            width = widths[rank]
            if width <= 0.0 or (is_casing and width < CASED_FROM_PX):
                continue
            colour = colours.road_casing if is_casing else colours.road[rank]
            _stroke(painter, paths.get(ROADS[rank]), colour, width + 1.6 * is_casing)


def _stroke(
    painter: QPainter, path: QPainterPath | None, colour: str, width_px: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine
) -> None:
    if path is not None:
        join, cap = Qt.PenJoinStyle.RoundJoin, Qt.PenCapStyle.RoundCap if width_px > 2.0 else Qt.PenCapStyle.FlatCap
        painter.strokePath(path, QPen(QColor(colour), width_px, style, cap, join))


def _paths(layers: tuple[VectorLayer, ...], part: tuple[float, float, float], metres_per_pixel: float) -> Paths:
    """What is to be drawn, by role, in pixels of the picture."""
    paths: Paths = {}
    left, top, wide = part
    for layer in layers:
        if not len(layer.part_feature):
            continue
        scale = PICTURE_PX / (layer.extent * wide)
        px = ((layer.points - np.array([left, top]) * layer.extent) * scale).clip(-FARTHEST_PX, FARTHEST_PX)
        for role, is_area, chosen in _by_role(layer):
            if role is Role.BUILDING and metres_per_pixel > BUILDINGS_BELOW_M_PER_PX:
                continue
            path = _path(px, layer.part_first, chosen, is_area)
            if role in paths:
                paths[role].addPath(path)
            else:
                paths[role] = path
            paths[role].setFillRule(Qt.FillRule.WindingFill)
    return paths


def _by_role(layer: VectorLayer) -> Iterator[tuple[Role, bool, NDArray[np.int64]]]:
    """Role, whether its parts are rings, and numbers of the parts."""
    known: dict[tuple[int, tuple[int, ...]], Role | None] = {}
    roles = list[Role | None]()
    for shape, tags in zip(layer.shapes.tolist(), layer.tags, strict=True):
        key = (shape, tags)
        if key not in known:
            known[key] = role_of(layer.name, Shape(shape), layer.said(tags))
        roles.append(known[key])
    order = list(Role)
    numbers = np.array([order.index(role) if role is not None else -1 for role in roles], np.int64)
    of_part = numbers[layer.part_feature] * 4 + layer.shapes[layer.part_feature]
    for number in np.unique(of_part[of_part >= 0]).tolist():
        yield order[number // 4], number % 4 == Shape.AREA, np.flatnonzero(of_part == number)


def _path(px: NDArray[np.float64], first: NDArray[np.int64], chosen: NDArray[np.int64], is_area: bool) -> QPainterPath:
    """One path of many parts; rings are closed."""
    begins, counts = first[chosen], first[chosen + 1] - first[chosen]
    sizes = counts + is_area
    ends = np.cumsum(sizes)
    within = np.arange(int(ends[-1])) - np.repeat(ends - sizes, sizes)
    at = np.repeat(begins, sizes) + np.where(within == np.repeat(counts, sizes), 0, within)
    goes_on = np.ones(len(at), np.int32)
    goes_on[ends - 1] = 0
    path: QPainterPath = pg_functions.arrayToQPath(
        np.ascontiguousarray(px[at, 0]), np.ascontiguousarray(px[at, 1]), connect=goes_on, finiteCheck=False
    )
    return path
