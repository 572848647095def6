"""The place somebody went to by its coordinates or its name, marked on the map until Esc; of an area its border as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from desktop.map_sheet import MapSheet
from desktop.seat import Seat
from governance.places import LonLat

if TYPE_CHECKING:
    from desktop.map_panel import MapPanel

ARM_PX, GAP_PX, RING_PX = 15.0, 4.0, 9.0
APART_PX = 12.0


class MarkedPlace(MapSheet):
    """One place with what it is called; none to begin with. Main thread only."""

    on_paper = "paper.mark.place"

    def __init__(self, seat: Seat, panel: MapPanel) -> None:
        """Nothing is marked."""
        self.place: LonLat | None = None
        self.name = self.area = ""
        super().__init__(seat, panel)

    def has_something(self) -> bool:
        """Whether a place is marked."""
        return self.place is not None

    def mark(self, place: LonLat | None, name: str = "", area: str = "") -> None:
        """Mark a place, or none; with the border of the grid, community or street of a code, where one is given."""
        self.place, self.name, self.area = place, name, area
        self.refresh()

    def at(self) -> QPointF | None:
        """Where the mark is drawn; None where none is."""
        return self.screen_of([self.place])[0] if self.place is not None and self._panel.geometry_shown is not None else None

    def corners(self) -> NDArray[np.float64]:
        """Plane metres float64[n, 2] of all corners of the area that is marked."""
        rings = self._rings()[0]
        return np.vstack(rings) if rings else np.zeros((0, 2))

    def outline(self) -> list[QPolygonF]:
        """The border of the area that is marked, in pixels; none where a mere place is."""
        (rings, grid), view = self._rings(), self.view
        top_m = 0.0
        if grid is not None:
            top_m = float(self._panel.canvas.shown.height_at(np.array([grid]), view.viewpoint.metres_per_pixel)[0])
        pixels = (view.screen(ring[:, 0], ring[:, 1], top_m).tolist() for ring in rings)
        return [QPolygonF([QPointF(x, y) for x, y in ring]) for ring in pixels]

    def _rings(self) -> tuple[list[NDArray[np.float64]], int | None]:
        """The rings of the area that is marked, and its number where it is a grid."""
        geometry = self._panel.geometry_shown
        if geometry is None:
            return [], None
        for areas in (geometry.grids, geometry.communities, geometry.streets):
            number = areas.number_of.get(self.area)
            if number is not None:
                return areas.fine.rings_of(number), number if areas is geometry.grids else None
        return [], None

    def draw_marks(self, painter: QPainter) -> None:
        """A ring with four arms that leaves the place itself free, and its name beside it."""
        at, palette = self.at(), self.ink
        if at is None:
            return
        self._draw_outline(painter)
        for pen in (QPen(QColor(palette.ground), 5.0), QPen(QColor(palette.urgent), 2.2)):
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(at, RING_PX, RING_PX)
            for right, down in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                arm = QPointF(right, down)
                painter.drawLine(at + arm * GAP_PX, at + arm * ARM_PX)
        if self.name:
            self.draw_plate(painter, at, ARM_PX + APART_PX, self.name, palette.urgent)

    def _draw_outline(self, painter: QPainter) -> None:
        """The border of the area that was gone to, on its roof where it is a grid that is raised."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ring in self.outline():
            for pen in (QPen(QColor(self.ink.ground), 5.0), QPen(QColor(self.ink.urgent), 2.4)):
                painter.setPen(pen)
                painter.drawPolygon(ring)
