"""Trails of workers on the map without OpenGL."""

from __future__ import annotations

import numpy as np
from pyqtgraph.Qt import internals
from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from desktop.map.oblique import Oblique
from desktop.map.shown import Shown
from desktop.map.trail_marks import trail_rows, trail_tints, trail_tones
from desktop.map.trails import FADE_S

STEPS = 5
"""Into which the fading is cut: a pen for each."""


class PlainTrails:
    """Paints trails. Main thread only."""

    def __init__(self) -> None:
        """Ready."""
        self._lines = internals.PrimitiveArray(QLineF, 4)

    def paint(self, painter: QPainter, shown: Shown, oblique: Oblique, now_s: float) -> None:
        """Paint every trail that is wanted, the oldest part first."""
        rows = trail_rows(shown)
        if len(rows) == 0:
            return
        ends, grids, age_s, row = shown.trails.pieces(rows, shown.workers.at(now_s, rows), now_s)
        z = shown.height_at(grids.ravel(), oblique.viewpoint.metres_per_pixel).reshape(-1, 2)
        px = oblique.screen(ends[..., 0], ends[..., 1], z)
        tone = trail_tones(shown, row)
        step = np.clip(age_s / FADE_S * STEPS, 0, STEPS - 1).astype(int)
        for number in range(STEPS - 1, -1, -1):
            faded = (number + 0.5) / STEPS
            for kind, colour in enumerate(trail_tints(shown)):
                part = px[(step == number) & (tone == kind)]
                if len(part):
                    ink = QColor(colour)
                    ink.setAlphaF(0.7 * (1.0 - faded))
                    painter.setPen(QPen(ink, 2.6 - 1.4 * faded, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
                    self._lines.resize(len(part))
                    self._lines.ndarray()[:] = part.reshape(-1, 4)
                    painter.drawLines(*self._lines.drawargs())
