"""What is painted around things that are selected, pointed at or under way, on the map without OpenGL."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from desktop.map.layers.rings import HEAD_RADIUS_PX, HEAD_UP_PX, SHARES
from desktop.map.moving import Drawn
from desktop.map.oblique import Oblique
from desktop.map.picking import Found
from desktop.map.plain_ground import PlainGround
from desktop.map.plain_paths import pen, polygon, transform
from desktop.map.plain_solids import Lean
from desktop.map.plain_standing import lifted
from desktop.map.sectors import in_sight, sectors_of
from desktop.map.shown import Shown


def _height_m(shown: Shown, oblique: Oblique, grid: int) -> float:
    return float(shown.height_at(np.array([grid], np.int32), oblique.viewpoint.metres_per_pixel)[0])


def paint_highlights(painter: QPainter, shown: Shown, oblique: Oblique, ground: PlainGround) -> None:
    """Outline the grid selected or under the pointer, on its roof; fill the sector of the selected camera."""
    painter.save()
    painter.setTransform(transform(oblique), True)
    for found, width, alpha in ((shown.hovered, 1.6, 150), (shown.selected, 2.6, 240)):
        number = shown.grid_number(found.id) if found is not None and found.kind == "grid" else None
        if number is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(pen(shown.colours.focus, width, alpha))
            with lifted(painter, Lean.of(oblique.viewpoint), _height_m(shown, oblique, number)):
                painter.drawPath(ground.outline(number, oblique.viewpoint.metres_per_pixel))
    live, off = in_sight(shown, oblique)
    selected, chosen = shown.selected, np.zeros(0, np.int64)
    if selected is not None and selected.kind == "camera" and selected.id in shown.cameras.ids:
        chosen = np.array([shown.cameras.ids.index(selected.id)])
    painter.setPen(Qt.PenStyle.NoPen)
    inks = (shown.colours.focus, shown.colours.camera_off, shown.colours.focus)
    for rows, colour, share in zip((live, off, chosen), inks, SHARES, strict=True):
        ink = QColor(colour)
        ink.setAlphaF(share)
        painter.setBrush(ink)
        seen = QPainterPath()  # one shape of all of them: what several cameras see is tinted once
        seen.setFillRule(Qt.FillRule.WindingFill)
        for corners in sectors_of(shown, rows) if len(rows) else ():
            seen.addPolygon(polygon(corners))
        painter.drawPath(seen)
    painter.restore()


def paint_rings(painter: QPainter, shown: Shown, oblique: Oblique, now: float, dots: Drawn) -> None:
    """Circle what is selected or under the pointer, with walking dashes what is on its way to the server."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    wanted = [(Found("incident", shown.pins.ids[row]), 1.8, True) for row in np.nonzero(shown.pins.pending)[0]]
    wanted += [(found, width, False) for found, width in ((shown.hovered, 1.4), (shown.selected, 2.4)) if found]
    for found, width, dashed in wanted:
        place = shown.place_of(found) if found.kind != "grid" else None
        if place is None:
            continue
        x, y, grid = place
        row = shown.workers.row(found.id) if found.kind == "worker" else None
        z = _height_m(shown, oblique, grid) + shown.floor_m(found, oblique.viewpoint.metres_per_pixel)
        at = dots.of(row) if row is not None else oblique.screen(x, y, z).tolist()
        if at is None:
            continue
        is_pin = found.kind == "incident"
        ink = QPen(QColor(shown.colours.text if dashed else shown.colours.focus), width)
        if dashed:
            ink.setDashPattern([4.0, 3.0])
            ink.setDashOffset(now * 6.0)
        painter.setPen(ink)
        radius = HEAD_RADIUS_PX - 2.5 * dashed if is_pin else 10.0
        painter.drawEllipse(QPointF(at[0], at[1] - (HEAD_UP_PX if is_pin else 0.0)), radius, radius)
