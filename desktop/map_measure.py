"""Ctrl+R: how far it is from place to place, and, closed, how large what lies inside; on the ellipsoid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPen, QPolygonF

from desktop.map.measuring import crosses_itself, enclosed, legs_m, way_m
from desktop.map_mode import MapMode
from desktop.phrases import area_text, length_text
from desktop.seat import Seat
from desktop.style.type_face import SMALL_PX, face
from governance.places import LonLat

if TYPE_CHECKING:
    from desktop.map_panel import MapPanel

CLOSE_PX, POINT_PX, LEAST_LEG_PX = 9.0, 4.0, 60.0
MOST_POINTS = 500


class Measuring(MapMode):
    """Places one after another; the first once more closes the ring. Main thread only."""

    on_paper = "paper.mark.measured"

    def __init__(self, seat: Seat, panel: MapPanel) -> None:
        """No place yet."""
        self.places: list[LonLat] = []
        self.is_closed = False
        super().__init__(seat, panel)

    def has_something(self) -> bool:
        """Whether it is in use, or what was measured still stands there."""
        return self.is_on or bool(self.places)

    def put(self, px: float, py: float) -> None:
        """The next place; near the first one it closes the ring. After that it begins anew."""
        if self.is_closed:
            self.forget()
        if len(self.places) >= 3 and (self.screen_of(self.places[:1])[0] - QPointF(px, py)).manhattanLength() <= CLOSE_PX:
            self.is_closed = True
            return
        place = self.place_at(px, py)
        if len(self.places) < MOST_POINTS and np.isfinite([place.lon, place.lat]).all() and self.places[-1:] != [place]:
            self.places.append(place)

    def take_back(self) -> None:
        """Open the ring again, else take the last place back."""
        if self.is_closed:
            self.is_closed = False
        elif self.places:
            self.places.pop()

    def finish(self) -> None:
        """Leave the mode; where there is a way, it stays."""
        if len(self.places) < 2:
            self.forget()
        self.end()

    def forget(self) -> None:
        """No place is left."""
        self.places, self.is_closed = [], False

    def pressed(self, event: QKeyEvent) -> bool:
        """Shift+Enter closes the ring and ends."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if not is_enter or not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            return False
        self.is_closed = len(self.places) >= 3
        self.finish()
        return True

    def told(self) -> tuple[str, ...]:
        """Length, and of a ring the area; then the keys."""
        words = self._seat.words
        if not self.places:
            found = words("measure.begin")
        elif self.is_closed and crosses_itself(self.places):
            found = words("measure.crosses", length=length_text(words, enclosed(self.places)[1]))
        elif self.is_closed:
            area, length = enclosed(self.places)
            found = words("measure.ring", area=area_text(words, area), length=length_text(words, length))
        else:
            found = words("measure.way", length=length_text(words, way_m(self._with_cross())), count=len(self.places))
        return (found, words("measure.keys" if self.is_on else "measure.done"))

    def _with_cross(self) -> list[LonLat]:
        """The places, and while it goes on the one under the cross-hair."""
        goes_on = self.is_on and bool(self.places) and not self.is_closed and self._paper is None
        return [*self.places, self.cross] if goes_on else self.places

    def draw_marks(self, painter: QPainter) -> None:
        """The way with its places, the length of each leg that is long enough to bear it, and the inside of a ring."""
        palette = self.ink
        line, halo = QColor(palette.urgent), QColor(palette.ground)
        fixed, shown = self.screen_of(self.places), self.screen_of(self._with_cross())
        if self.is_closed:
            wash = QColor(line)
            wash.setAlpha(40)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(wash)
            painter.drawPolygon(QPolygonF(fixed))
        ring = [*fixed, *fixed[:1]] if self.is_closed else fixed
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (QPen(halo, 5.0), QPen(line, 2.2)):
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            painter.drawPolyline(QPolygonF(ring))
        if len(shown) > len(fixed):
            painter.setPen(QPen(line, 1.6, Qt.PenStyle.DashLine))
            painter.drawLine(shown[-2], shown[-1])
        for number, at in enumerate(fixed):
            painter.setPen(QPen(halo, 1.5))
            painter.setBrush(line if number else QColor(palette.text))
            painter.drawEllipse(at, POINT_PX + (number == 0), POINT_PX + (number == 0))
        places = [*self.places, *self.places[:1]] if self.is_closed else self._with_cross()
        self._draw_legs(painter, places)

    def _draw_legs(self, painter: QPainter, places: list[LonLat]) -> None:
        font, palette = face(SMALL_PX), self.ink
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        at = self.screen_of(places)
        for begin, end, length in zip(at, at[1:], legs_m(places), strict=False):
            if (end - begin).manhattanLength() < LEAST_LEG_PX:
                continue
            text = length_text(self._seat.words, length)
            box = metrics.boundingRect(text).adjusted(-4, -1, 4, 1)
            box.moveCenter((begin + end) * 0.5)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.panel))
            painter.drawRoundedRect(box, 3.0, 3.0)
            painter.setPen(QColor(palette.text))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
