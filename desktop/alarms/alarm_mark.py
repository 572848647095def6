"""The shapes of alarms: one for each kind, drawn fuller the graver it is, so that nothing is said by colour alone."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from desktop.alarms.kinds import AlarmKind, Priority, Sound
from desktop.style.palette import Palette

STROKE = 1.6


def ink_of(palette: Palette, priority: Priority) -> str:
    """The colour of a priority, as a word and as a mark."""
    return {Priority.CRITICAL: palette.immediate, Priority.HIGH: palette.urgent, Priority.LOW: palette.dim}[priority]


def draw_alarm(
    painter: QPainter, kind: AlarmKind | Sound, middle: QPointF, size: float, palette: Palette, priority: Priority
) -> None:
    """Draw the shape of a kind so many pixels across around a point: filled where it is critical, else an outline."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ink = QColor(ink_of(palette, priority))
    is_filled = priority is Priority.CRITICAL
    painter.setPen(QPen(ink, STROKE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(ink if is_filled else Qt.BrushStyle.NoBrush)
    painter.drawPath(_outline(kind, middle, size / 2))
    inside = QColor(palette.panel) if is_filled else ink
    painter.setPen(QPen(inside, STROKE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for line in _strokes(kind, middle, size / 2):
        painter.drawPolyline(QPolygonF(line))
    painter.restore()


def _outline(kind: AlarmKind | Sound, middle: QPointF, half: float) -> QPainterPath:
    """A triangle for an urgent report, a square for what is late, a bubble for what waits for a word, a ring for the line."""
    path = QPainterPath()
    box = QRectF(middle.x() - half, middle.y() - half, 2 * half, 2 * half).adjusted(0.8, 0.8, -0.8, -0.8)
    if kind == AlarmKind.URGENT:
        path.addPolygon(QPolygonF([QPointF(middle.x(), box.top()), box.bottomRight(), box.bottomLeft()]))
        path.closeSubpath()
    elif kind == AlarmKind.OVERDUE:
        path.addRoundedRect(box.adjusted(0.6, 0.6, -0.6, -0.6), 1.5, 1.5)
    elif kind == AlarmKind.LINK:
        path.addEllipse(box)
    else:
        path.addRoundedRect(box.adjusted(0, 0.4, 0, -half * 0.5), 2.5, 2.5)
        tail = [QPointF(-0.45, 0.5), QPointF(-0.35, 0.98), QPointF(0.15, 0.5)]
        path.addPolygon(QPolygonF([middle + point * half for point in tail]))
    return path.simplified()


def _strokes(kind: AlarmKind | Sound, middle: QPointF, half: float) -> list[list[QPointF]]:
    """What is drawn inside: an exclamation mark, the hands of a clock, a dash, a slash."""
    lines: list[list[tuple[float, float]]]
    if kind == AlarmKind.URGENT:
        lines = [[(0, -0.25), (0, 0.25)], [(0, 0.58), (0, 0.6)]]
    elif kind == AlarmKind.OVERDUE:
        lines = [[(0, -0.45), (0, 0.05), (0.35, 0.3)]]
    elif kind == AlarmKind.LINK:
        lines = [[(-0.4, 0.4), (0.4, -0.4)]]
    else:
        lines = [[(-0.45, -0.2), (0.45, -0.2)]]
    return [[middle + QPointF(x, y) * half for x, y in line] for line in lines]
