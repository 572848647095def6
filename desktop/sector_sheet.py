"""A camera's sector as it would be, drawn over the map: what buildings hide of it, its handles, its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from desktop.map.line_of_sight import Floats, hidden_parts
from desktop.map.sectors import fans
from desktop.map_mode import MapMode
from desktop.seat import Seat
from desktop.sector_draft import SectorDraft, sector_of
from desktop.seeing import CAMERA_UP_M, EYES_UP_M
from governance.sectors import Sector

if TYPE_CHECKING:
    from desktop.map_panel import MapPanel

GRIP_PX, HANDLE_PX, LARGER_PX, BESIDE_PX = 12.0, 6.0, 2.0, 18.0
WASH, SHADE = 52, 165
HANDLES = ("place", "ahead", "left", "right")


class SectorSheet(MapMode):
    """Draws a draft; what the hand does with it is its child's. Main thread only."""

    def __init__(self, seat: Seat, panel: MapPanel) -> None:
        """No camera."""
        self.draft: SectorDraft | None = None
        self.grip = self.near = ""
        """The handle that is held, and the one under the pointer."""
        self._hidden: tuple[object, list[Floats]] = ((), [])
        super().__init__(seat, panel)

    def corners(self) -> Floats:
        """Corners of the sector, plane metres float64[n, 2]; none without a camera."""
        return self._ring(self.draft.now) if self.draft is not None else np.zeros((0, 2))

    def handles(self) -> dict[str, QPointF]:
        """Where the handles are, in pixels."""
        if self.draft is None:
            return {}
        ring, now = self._ring(self.draft.now), self.draft.now
        heading = np.radians(now.heading_deg)
        ahead = ring[0] + np.array([np.sin(heading), np.cos(heading)]) * now.range_m
        spots = self.screen_xy(np.array([ring[0], ahead, ring[1], ring[-1]]))
        return dict(zip(HANDLES, spots, strict=True))

    def handle_at(self, px: float, py: float) -> str:
        """The handle at a pixel; empty where there is none."""
        away = {name: (spot - QPointF(px, py)).manhattanLength() for name, spot in self.handles().items()}
        name = min(away, key=lambda each: away[each], default="")
        return name if name and away[name] <= GRIP_PX else ""

    def seen_from_camera(self, px: float, py: float) -> tuple[float, float]:
        """In which direction, in whole degrees, and how many metres off a pixel lies from where the camera would stand."""
        if self.draft is None:
            return 0.0, 0.0
        own, other = self.plane_of([self.draft.now.place or self.draft.camera.place, self.place_at(px, py)])
        east, north = (other - own).tolist()
        return float(round(np.degrees(np.arctan2(east, north))) % 360), float(np.hypot(east, north))

    def told(self) -> tuple[str, ...]:
        """The figures, for beside the pointer."""
        if self.draft is None:
            return ()
        now, figures = self.draft.now, ("heading_deg", "field_of_view_deg", "range_m")
        heading, view, reach = (f"{getattr(now, name):g}" for name in figures)
        return (self._seat.words("sector.figures", heading=heading, view=view, reach=reach),)

    def draw(self, painter: QPainter) -> None:
        """The sector with what is hidden in it, its handles, the figures beside the pointer."""
        if self.draft is None:
            return
        self._draw_sectors(painter, self.draft)
        handles = self.handles()
        self._draw_handles(painter, handles)
        beside = self._cross if self.grip or self.near else handles["ahead"]
        self.draw_plate(painter, beside, BESIDE_PX, self.told()[0], self.ink.focus)

    def _ring(self, sector: Sector) -> Floats:
        xy = self.plane_of([sector.place]) if sector.place is not None else np.zeros((1, 2))
        rings: Floats = fans(xy, [sector.heading_deg], [sector.field_of_view_deg], [sector.range_m])
        return np.asarray(rings[0], np.float64)

    def _draw_sectors(self, painter: QPainter, draft: SectorDraft) -> None:
        """As it would be, with shadows; dashed as it is, where that is another."""
        focus, halo = QColor(self.ink.focus), QColor(self.ink.ground)
        ring = QPolygonF(self.screen_xy(self._ring(draft.now)))
        wash, shade = QColor(focus), QColor(halo)
        wash.setAlpha(WASH)
        shade.setAlpha(SHADE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(wash)
        painter.drawPolygon(ring)
        shadow = QPainterPath()
        shadow.setFillRule(Qt.FillRule.WindingFill)
        for wedge in self.hidden(draft.now):
            shadow.addPolygon(QPolygonF(self.screen_xy(wedge)))
        painter.fillPath(shadow, shade)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if draft.is_changed:
            painter.setPen(QPen(QColor(self.ink.dim), 1.4, Qt.PenStyle.DashLine))
            painter.drawPolygon(QPolygonF(self.screen_xy(self._ring(sector_of(draft.camera)))))
        for pen in (QPen(halo, 4.5), QPen(focus, 2.0)):
            painter.setPen(pen)
            painter.drawPolygon(ring)

    def hidden(self, sector: Sector) -> list[Floats]:
        """What buildings hide of a sector; worked out once for each."""
        geometry = self._panel.geometry_shown
        known = (sector, id(geometry))
        if geometry is not None and sector.place is not None and self._hidden[0] != known:
            up_m = CAMERA_UP_M if sector.height_m is None else max(sector.height_m, EYES_UP_M)
            at = self.plane_of([sector.place])[0]
            figures = sector.heading_deg, sector.field_of_view_deg, sector.range_m
            self._hidden = known, hidden_parts(geometry, at, up_m, EYES_UP_M, *figures)
        return self._hidden[1]

    def _draw_handles(self, painter: QPainter, handles: dict[str, QPointF]) -> None:
        """Discs ahead and at the sides, a square where the camera stands; the one that can be dragged is larger."""
        focus, halo, text = QColor(self.ink.focus), QColor(self.ink.ground), QColor(self.ink.text)
        painter.setPen(QPen(focus, 1.2, Qt.PenStyle.DotLine))
        painter.drawLine(handles["place"], handles["ahead"])
        for name, spot in handles.items():
            size = HANDLE_PX + (LARGER_PX if name in (self.grip, self.near) else 0.0)
            painter.setPen(QPen(halo, 2.0))
            painter.setBrush(text if name in ("ahead", "place") else focus)
            box = QRectF(spot.x() - size, spot.y() - size, 2 * size, 2 * size)
            if name == "place":
                painter.drawRect(box)
            else:
                painter.drawEllipse(box)
