"""The shapes that say severity and state, so that nothing is said by colour alone; no shape is used twice."""

from __future__ import annotations

import math
from enum import Enum

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF


class Mark(Enum):
    """One shape each: Ⅰ to Ⅳ, no severity, and how far the handling is."""

    OCTAGON = "severity I"
    TRIANGLE = "severity II"
    DIAMOND = "severity III"
    DISC = "severity IV"
    DOT = "no severity"
    RING = "waiting"
    HALF = "on the way"
    FULL = "on scene"
    SQUARE = "to be checked"
    CHECKED = "over"


SEVERITY_MARKS = (Mark.DOT, Mark.OCTAGON, Mark.TRIANGLE, Mark.DIAMOND, Mark.DISC)
"""By governance.incident.Severity: NONE, I, II, III, IV."""

STROKE = 1.6
NOTCH_PX, NOTCH_GAP_PX = 10.0, 4.0


def _polygon(middle: QPointF, radius: float, corners: int, turn_deg: float) -> QPolygonF:
    """A regular polygon around a point."""
    angles = (math.radians(turn_deg + 360.0 * n / corners) for n in range(corners))
    return QPolygonF([QPointF(middle.x() + radius * math.cos(a), middle.y() + radius * math.sin(a)) for a in angles])


def draw_mark(painter: QPainter, mark: Mark, middle: QPointF, size: float, colour: str) -> None:
    """Draw one shape of so many pixels across around a point."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ink, half = QColor(colour), size / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    if mark is Mark.OCTAGON:
        painter.drawPolygon(_polygon(middle, half * 1.05, 8, 22.5))
    elif mark is Mark.TRIANGLE:
        painter.drawPolygon(_polygon(middle + QPointF(0, half * 0.2), half * 1.15, 3, -90))
    elif mark is Mark.DIAMOND:
        painter.drawPolygon(_polygon(middle, half * 1.1, 4, 0))
    elif mark is Mark.DISC:
        painter.drawEllipse(middle, half * 0.95, half * 0.95)
    elif mark is Mark.DOT:
        painter.drawEllipse(middle, max(2.0, half * 0.35), max(2.0, half * 0.35))
    else:
        _draw_state(painter, mark, middle, half, ink)
    painter.restore()


def _draw_state(painter: QPainter, mark: Mark, middle: QPointF, half: float, ink: QColor) -> None:
    """How far the handling is: an outline that fills."""
    box = QRectF(middle.x() - half, middle.y() - half, 2 * half, 2 * half).adjusted(1, 1, -1, -1)
    painter.setPen(QPen(ink, STROKE))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if mark in (Mark.SQUARE, Mark.CHECKED):
        painter.drawRect(box)
    else:
        painter.drawEllipse(box)
    if mark is Mark.HALF:
        painter.setBrush(ink)
        painter.drawPie(box, 90 * 16, 180 * 16)
    elif mark is Mark.FULL:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawEllipse(box.adjusted(2.2, 2.2, -2.2, -2.2))
    elif mark is Mark.CHECKED:
        tick = [
            QPointF(box.left() + box.width() * 0.22, middle.y()),
            QPointF(middle.x() - half * 0.1, box.bottom() - box.height() * 0.25),
            QPointF(box.right() - box.width() * 0.15, box.top() + box.height() * 0.25),
        ]
        painter.drawPolyline(QPolygonF(tick))


def draw_hatching(painter: QPainter, box: QRectF, colour: str) -> None:
    """The edge of what is overdue: slanted bars."""
    painter.save()
    painter.fillRect(box, QBrush(QColor(colour), Qt.BrushStyle.BDiagPattern))
    painter.restore()


def draw_hollow_edge(painter: QPainter, box: QRectF, colour: str) -> None:
    """The edge of what is due by the clock and not put down as overdue yet: the outline of the bars to come."""
    painter.save()
    painter.setPen(QPen(QColor(colour), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box.adjusted(0.5, 0.5, -1.5, -0.5))
    painter.restore()


def draw_notches(painter: QPainter, box: QRectF, count: int, colour: str) -> None:
    """The edge of what has used half of its time (one notch) or most of it (two): as many bars, in the middle of the edge."""
    top = box.center().y() - (NOTCH_PX * count + NOTCH_GAP_PX * (count - 1)) / 2
    for number in range(count):
        bar = QRectF(box.left(), top + number * (NOTCH_PX + NOTCH_GAP_PX), box.width(), NOTCH_PX)
        painter.fillRect(bar, QColor(colour))


def draw_dashes(painter: QPainter, box: QRectF, colour: str, phase: float) -> None:
    """The frame of what is sent but not committed: dashes that walk with `phase` (pixels)."""
    painter.save()
    pen = QPen(QColor(colour), STROKE)
    pen.setDashPattern([4.0, 3.0])
    pen.setDashOffset(phase / STROKE)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box.adjusted(1, 1, -1, -1))
    painter.restore()


def draw_share(painter: QPainter, box: QRectF, share: float, colour: str, track: str) -> None:
    """A thin line that fills from the left: how much of the time is used (0 to 1)."""
    painter.setPen(QPen(QColor(track), 1))
    middle = box.center().y()
    painter.drawLine(QLineF(box.left(), middle, box.right(), middle))
    if share > 0:
        painter.fillRect(QRectF(box.left(), middle - 1, box.width() * min(share, 1.0), 2), QColor(colour))
