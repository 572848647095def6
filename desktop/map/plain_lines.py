"""Boundaries and roads on the map that is painted without OpenGL: on the ground, and on the roofs of raised grids."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from desktop.map.layers.boundaries import COMMUNITIES_BELOW_M_PER_PX, LINES_WHILE_MOVING_BELOW_M_PER_PX
from desktop.map.layers.roads import widths_px
from desktop.map.plain_frame import PlainFrame
from desktop.map.plain_paths import PathShelf, borders_of, pen, ring_paths, road_path, roads_by_grid, sides, whole_path
from desktop.map.scene import Geometry
from desktop.map.tiles import TiledPieces, TiledRings

GRID_LINES_BELOW_M_PER_PX = 40.0
CASINGS_BELOW_M_PER_PX, CASINGS_WHILE_MOVING_BELOW_M_PER_PX = 5.0, 3.0
CASING_PX = 2.0


class PlainLines:
    """The lines of one frame."""

    def __init__(self, geometry: Geometry, paths: PathShelf, frame: PlainFrame) -> None:
        """Look up what is in the picture; what lies on raised grids apart from the rest."""
        self._geometry, self._paths, self._frame = geometry, paths, frame
        self._grid_lines: dict[int, list[QPainterPath]] = {}
        self._roads: dict[int, list[tuple[int, QPainterPath]]] = {}
        self._borders: dict[int, list[tuple[QPen, QPainterPath]]] = {}
        """Of communities and streets, by the grid on whose roof they lie: the higher of the two on both sides."""
        self._widths = widths_px(frame.metres_per_pixel)
        visible, is_raised = frame.shown.layer_visible, frame.height_m > 0.0
        if visible["boundaries"] and (is_raised.any() or frame.shown.overdue.any()):
            for owned in paths.near(geometry.grids.at(frame.metres_per_pixel), ring_paths, frame.box):
                for owner, path in owned.items():
                    self._grid_lines.setdefault(owner, []).append(path)
        if visible["boundaries"] and is_raised.any():
            self._find_borders()
        if visible["roads"] and is_raised.any():
            for kind, pieces in self._shown_classes():
                for by_grid in paths.near(pieces, roads_by_grid, frame.box):
                    for grid, path in by_grid.items():
                        self._roads.setdefault(grid if grid >= 0 and is_raised[grid] else -1, []).append((kind, path))
        elif visible["roads"]:
            for kind, pieces in self._shown_classes():
                self._roads.setdefault(-1, []).extend((kind, each[0]) for each in paths.near(pieces, road_path, frame.box))

    def _find_borders(self) -> None:
        frame, geometry, height_m = self._frame, self._geometry, self._frame.height_m
        rings, count = geometry.grids.at(frame.metres_per_pixel), len(height_m)
        above = {"communities": geometry.community_of_grid, "streets": geometry.street_of_grid}
        for (name, numbers), (_, ink) in zip(above.items(), self._upper_inks(), strict=True):
            if ink is None:
                continue
            for paths in self._paths.near(rings, borders_of(numbers, name), frame.box):
                for key, path in paths.items():
                    owner, other = sides(key, count)
                    is_higher = other < 0 or (height_m[owner], -owner) > (height_m[other], -other)
                    if is_higher and height_m[owner] > 0.0:
                        self._borders.setdefault(owner, []).append((ink, path))

    def _upper_inks(self) -> tuple[tuple[TiledRings, QPen | None], ...]:
        """Communities and streets, and with which pen their borders are painted at this scale."""
        scale, colours, geometry = self._frame.metres_per_pixel, self._frame.shown.colours, self._geometry
        is_close = scale < 9
        community = pen(colours.community_line, 1.5 if is_close else 1.1, 150) if scale < COMMUNITIES_BELOW_M_PER_PX else None
        streets = geometry.street_rings(scale)
        return (geometry.communities.at(scale), community), (streets, pen(colours.street_line, 2.4 if is_close else 2.0, 150))

    def paint_ground(self, painter: QPainter) -> None:
        """Paint what lies on the ground."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._frame.shown.layer_visible["boundaries"]:
            self._paint_ground_lines(painter)
        self._paint_roads(painter, -1)

    def paint_on(self, painter: QPainter, number: int) -> None:
        """Paint what lies on a raised grid, the painter being lifted to its roof."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for path in self._grid_lines.get(number, ()):
            self._paint_edge(painter, number, path)
        for ink, path in self._borders.get(number, ()):
            painter.setPen(ink)
            painter.drawPath(path)
        self._paint_roads(painter, number)

    def _shows_grid_lines(self) -> bool:
        below = LINES_WHILE_MOVING_BELOW_M_PER_PX if self._frame.moving else GRID_LINES_BELOW_M_PER_PX
        return self._frame.metres_per_pixel < below

    def _grid_pen(self) -> QPen:
        return pen(self._frame.shown.colours.grid_line, 1.0, 190 if self._frame.metres_per_pixel < 6 else 105)

    def _late_pen(self) -> QPen:
        return pen(self._frame.shown.colours.overdue_line, 1.8, 190)

    def _paint_edge(self, painter: QPainter, number: int, path: QPainterPath) -> None:
        if self._shows_grid_lines():
            painter.setPen(self._grid_pen())
            painter.drawPath(path)
        if self._frame.shown.overdue[number] > 0:
            painter.setPen(self._late_pen())
            painter.drawPath(path)

    def _paint_ground_lines(self, painter: QPainter) -> None:
        frame, geometry, is_raised = self._frame, self._geometry, self._frame.height_m > 0.0
        scale = frame.metres_per_pixel
        if self._shows_grid_lines():
            painter.setPen(self._grid_pen())
            if is_raised.any():
                for number, paths in self._grid_lines.items():
                    for path in paths if not is_raised[number] else ():
                        painter.drawPath(path)
            else:
                for whole in self._paths.near(geometry.grids.at(scale), whole_path, frame.box):
                    painter.drawPath(whole[0])
        for rings, ink in self._upper_inks():
            if ink is not None:
                painter.setPen(ink)
                for whole in self._paths.near(rings, whole_path, frame.box):
                    painter.drawPath(whole[0])
        painter.setPen(self._late_pen())
        for number in np.nonzero((frame.shown.overdue > 0) & ~is_raised)[0].tolist():
            for path in self._grid_lines.get(number, ()):
                painter.drawPath(path)

    def _shown_classes(self) -> list[tuple[int, TiledPieces]]:
        return [(kind, pieces) for kind, pieces in enumerate(self._geometry.road_pieces) if self._widths[kind] > 0.0]

    def _paint_roads(self, painter: QPainter, grid: int) -> None:
        """Casings first, and the greater roads last."""
        roads = sorted(self._roads.get(grid, ()), key=lambda road: -road[0])
        if not roads:
            return
        colours, frame = self._frame.shown.colours, self._frame
        below = CASINGS_WHILE_MOVING_BELOW_M_PER_PX if frame.moving else CASINGS_BELOW_M_PER_PX
        for casing in (CASING_PX, 0.0) if frame.metres_per_pixel < below else (0.0,):
            for kind, path in roads:
                if casing and self._widths[kind] < 2.0:
                    continue
                tint = colours.road_casing if casing else colours.road[kind]
                painter.setPen(pen(tint, self._widths[kind] + casing, 255))
                painter.drawPath(path)
