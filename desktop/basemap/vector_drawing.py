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
from desktop.style.painted import without_engine
from gis_data.basemap.source import Unreadable, Wrong
from gis_data.basemap.vector_tile import Shape, VectorLayer

PICTURE_PX = 512
BUILDINGS_BELOW_M_PER_PX = 5.0
MARGIN_PX = 256.0
"""So far beyond the picture lines go on: further than half of the widest road."""
FINEST_PX = 0.5
MOST_LENGTH_PX, MOST_DASHED_PX = 1_000_000.0, 20_000.0
"""Qt lets no other thread run while it draws a path: a tile with longer ones is not drawn, dashes only where they are few."""
POINT_PX = 2.0
"""A point takes as long as so much of a line."""
Paths = dict[Role, QPainterPath]
Points = NDArray[np.float64]
Borders = NDArray[np.int64]


def drawn(
    layers: tuple[VectorLayer, ...], part: tuple[float, float, float], metres_per_pixel: float, colours: MapColours
) -> QImage:
    """A picture of a part of a tile: its left and top as shares of the tile, and what share of it is as wide as the picture."""
    image = QImage(PICTURE_PX, PICTURE_PX, FORMAT)
    image.fill(QColor(colours.inside))
    paths, dashes = _paths(layers, part, metres_per_pixel)
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
    _stroke(painter, paths.get(Role.RAIL), colours.dim, max(3.0 / metres_per_pixel, 0.8), dashes)
    _draw_roads(painter, paths, metres_per_pixel, colours)
    _stroke(painter, paths.get(Role.OTHER), colours.dim, 1.0)
    painter.end()
    return without_engine(image)


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


def _paths(
    layers: tuple[VectorLayer, ...], part: tuple[float, float, float], metres_per_pixel: float
) -> tuple[Paths, Qt.PenStyle]:
    """What is to be drawn, by role, in pixels of the picture, and how rails are; raises Unreadable where it is too much."""
    paths: Paths = {}
    length = rails = 0.0
    left, top, wide = part
    for layer in layers:
        if not len(layer.part_feature):
            continue
        scale = PICTURE_PX / (layer.extent * wide)
        px = (layer.points - np.array([left, top]) * layer.extent) * scale
        for role, is_area, chosen in _by_role(layer):
            if role is Role.BUILDING and metres_per_pixel > BUILDINGS_BELOW_M_PER_PX:
                continue
            lines = thinned(*within(*_parts(px, layer.part_first, chosen), is_area), is_area)
            long = length_px(*lines)
            length, rails = length + long, rails + long * (role is Role.RAIL)
            if length > MOST_LENGTH_PX:
                raise Unreadable(Wrong.TOO_LARGE)
            if not len(lines[0]):
                continue
            path = _path(*lines, is_area)
            if role in paths:
                paths[role].addPath(path)
            else:
                paths[role] = path
            paths[role].setFillRule(Qt.FillRule.WindingFill)
    return paths, Qt.PenStyle.DashLine if rails <= MOST_DASHED_PX else Qt.PenStyle.SolidLine


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


def _parts(px: Points, first: Borders, chosen: Borders) -> tuple[Points, Borders]:
    """Some of the parts: their points, and where those of each begin."""
    counts = first[chosen + 1] - first[chosen]
    begins = np.append(0, np.cumsum(counts))
    return px[np.repeat(first[chosen] - begins[:-1], counts) + np.arange(int(begins[-1]))], np.unique(begins)


def within(px: Points, first: Borders, is_area: bool) -> tuple[Points, Borders]:
    """Parts cut off along the four sides of the picture and its margin.

    What goes out and comes in again goes along the side in between, beyond the picture, of lines too.
    """
    for axis in (0, 1):
        for side, sign in ((-MARGIN_PX, -1.0), (PICTURE_PX + MARGIN_PX, 1.0)):
            inside = sign * (px[:, axis] - side) <= 0.0
            if inside.all():
                continue
            following = np.arange(1, len(px) + 1)
            following[first[1:] - 1] = first[:-1] if is_area else first[1:] - 1
            crosses = inside != inside[following]
            steps = px[following] - px
            share = np.where(crosses, (side - px[:, axis]) / np.where(crosses, steps[:, axis], 1.0), 0.0)
            crossing = px + share[:, None] * steps
            crossing[:, axis] = side
            kept = np.stack([inside, crosses], axis=1).ravel()
            px = np.stack([px, crossing], axis=1).reshape(-1, 2)[kept]
            first = np.unique(np.append(0, np.cumsum(kept))[2 * first])
    return px, first


def thinned(px: Points, first: Borders, is_area: bool) -> tuple[Points, Borders]:
    """Parts without points that nobody would see apart from the one before, and without those of which nothing is left."""
    if not len(px):
        return px, first
    cell = np.floor(px / FINEST_PX)
    kept = np.append(True, (np.diff(cell, axis=0) != 0.0).any(axis=1))
    kept[first[:-1]] = True
    sizes = np.diff(np.append(0, np.cumsum(kept))[first])
    enough = sizes >= 2 + is_area
    return px[kept][np.repeat(enough, sizes)], np.append(0, np.cumsum(sizes[enough]))


def length_px(px: Points, first: Borders) -> float:
    """How much there is to draw."""
    if not len(px):
        return 0.0
    steps = np.hypot(*np.diff(px, axis=0).T)
    steps[first[1:-1] - 1] = 0.0
    return float(steps.sum()) + POINT_PX * len(px)


def _path(px: Points, first: Borders, is_area: bool) -> QPainterPath:
    """One path of many parts; rings are closed."""
    begins, counts = first[:-1], np.diff(first)
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
