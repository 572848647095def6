"""The shapes that say what a picture is worth, one for each state and none of them a shape of severity or handling."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from desktop.video_wall.watchdog import Sight

# On a square from -1 to 1.
PLAY = ((-0.65, -0.85), (0.85, 0.0), (-0.65, 0.85))
DOUBLE_BACK = (((0.85, -0.75), (-0.05, 0.0), (0.85, 0.75)), ((0.0, -0.75), (-0.9, 0.0), (0.0, 0.75)))
HOURGLASS = ((-0.7, -0.9), (0.7, -0.9), (-0.7, 0.9), (0.7, 0.9))


def draw_sight(painter: QPainter, sight: Sight, middle: QPointF, size: float, colour: str) -> None:
    """Draw the shape of a state, `size` pixels across, around a point."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(middle)
    half = size / 2
    painter.scale(half, half)
    ink = QColor(colour)
    painter.setBrush(ink)
    painter.setPen(Qt.PenStyle.NoPen)
    if sight is Sight.LIVE:
        painter.drawPolygon(_polygon(PLAY))
    elif sight is Sight.STALE:
        painter.drawPolygon(_polygon(HOURGLASS))
    elif sight is Sight.PLAYBACK:
        for triangle in DOUBLE_BACK:
            painter.drawPolygon(_polygon(triangle))
    elif sight is Sight.ENDED:
        painter.drawRect(QRectF(-0.7, -0.7, 1.4, 1.4))
    elif sight is Sight.FROZEN:
        for left in (-0.75, 0.2):
            painter.drawRect(QRectF(left, -0.85, 0.55, 1.7))
    elif sight in (Sight.CONNECTING, Sight.WAITING):
        _draw_dots(painter, ink, hollow=sight is Sight.WAITING)
    else:
        _draw_lines(painter, sight, ink)
    painter.restore()


def _draw_dots(painter: QPainter, ink: QColor, hollow: bool) -> None:
    if hollow:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(ink, 0.14))
    for x in (-0.72, 0.0, 0.72):
        painter.drawEllipse(QPointF(x, 0.0), 0.24, 0.24)


def _draw_lines(painter: QPainter, sight: Sight, ink: QColor) -> None:
    """An open ring with an arrow (reconnecting), a lock (refused), a cross (wrong address), a barred frame (no video)."""
    pen = QPen(ink, 0.28)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    if sight is Sight.WRONG_ADDRESS:
        painter.setPen(pen)
        painter.drawLine(QPointF(-0.7, -0.7), QPointF(0.7, 0.7))
        painter.drawLine(QPointF(-0.7, 0.7), QPointF(0.7, -0.7))
        return
    if sight is Sight.NO_VIDEO:
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(-0.85, -0.6, 1.7, 1.2))
        painter.drawLine(QPointF(-0.85, 0.6), QPointF(0.85, -0.6))
        return
    if sight is Sight.REFUSED:
        painter.drawRoundedRect(QRectF(-0.75, -0.1, 1.5, 1.05), 0.15, 0.15)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawArc(QRectF(-0.45, -0.85, 0.9, 1.2), 0, 180 * 16)
        return
    painter.drawPolygon(_polygon(((0.3, -0.35), (1.05, -0.35), (0.9, -1.0))))
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawArc(QRectF(-0.75, -0.75, 1.5, 1.5), 40 * 16, 290 * 16)


def _polygon(points: tuple[tuple[float, float], ...]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in points])
