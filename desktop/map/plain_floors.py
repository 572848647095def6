"""Floors of buildings that incidents are on, on the map without OpenGL."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from desktop.map.floor_plates import CHOSEN_FILL, EDGE_PX, FILL, LEADER_PX, plates
from desktop.map.oblique import Oblique
from desktop.map.plain_paths import polygon
from desktop.map.shown import Shown


def paint_floors(painter: QPainter, shown: Shown, oblique: Oblique) -> None:
    """Paint the floors in the picture, each with its edge and a line to the ground."""
    for plate in plates(shown, oblique, oblique.viewpoint.metres_per_pixel):
        path = QPainterPath()
        for ring in plate.rings:
            path.addPolygon(polygon(oblique.screen(ring[:, 0], ring[:, 1], plate.top_m)))
        ground, top = (oblique.screen(*plate.foot, z).tolist() for z in (plate.ground_m, plate.top_m))
        leader = QLineF(QPointF(*ground), QPointF(*top))
        fill, ink, halo = QColor(plate.colour), QColor(plate.colour), QColor(shown.colours.halo)
        fill.setAlphaF(CHOSEN_FILL if plate.is_chosen else FILL)
        halo.setAlphaF(0.6)
        painter.fillPath(path, fill)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, wider in ((halo, 2.0), (ink, 0.0)):
            edge = QPen(colour, EDGE_PX + wider)
            if plate.is_below:
                edge.setDashPattern(np.divide([4.0, 4.0], edge.widthF()).tolist())
            painter.setPen(edge)
            painter.drawPath(path)
            painter.setPen(QPen(colour, LEADER_PX + wider))
            painter.drawLine(leader)
