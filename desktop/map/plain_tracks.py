"""Tracks on the map without OpenGL: the lines in a picture of their own that moves with the map and grows while they play."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.Qt import internals
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, QPolygonF, QTransform

from desktop.map.oblique import Oblique
from desktop.map.shown import Shown
from desktop.map.track_marks import CASING_PX, LINE_PX, SIZE_PX, MarkKind, TrackMark, standing_marks, tints
from desktop.map.tracks import Stretch
from desktop.map.tracks_shown import TINTS, Strokes, screen_of

MARGIN_PX = 120
CASED_UP_TO = 6_000


class PlainTracks:
    """The tracks of one canvas. Main thread only."""

    def __init__(self) -> None:
        """Nothing painted yet."""
        self._lines = internals.PrimitiveArray(QLineF, 4)
        self._picture = QPixmap()
        self._held: Oblique | None = None
        self._key: tuple[object, ...] = ()
        self._until = -1

    def paint(self, painter: QPainter, shown: Shown, oblique: Oblique, ratio: float, *, moving: bool) -> None:
        """Copy the picture of the lines, brought up to the moment shown, then the marks."""
        tracks = shown.tracks
        if not tracks.ways:
            self._key = ()
            return
        scale = oblique.viewpoint.metres_per_pixel
        strokes = tracks.gather(oblique, scale, shown.raise_m(scale), moving=moving)
        since, until = tracks.ticks()
        size = (round(oblique.width_px), round(oblique.height_px))
        key = (
            tracks.gathered,
            oblique.viewpoint.shape,
            shown.colours,
            shown.loads,
            shown.raise_asked,
            since,
            moving,
            size,
            ratio,
        )
        offset = self._offset(oblique)
        if key != self._key or max(map(abs, offset)) > MARGIN_PX or until < self._until:
            self._begin(oblique, size, ratio)
            self._key, self._until, offset = key, -1, (0, 0)
        if until > self._until:
            self._grow(shown, strokes, since, until, moving=moving)
        painter.drawPixmap(QPointF(offset[0] - MARGIN_PX, offset[1] - MARGIN_PX), self._picture)
        heads = tracks.heads()
        if len(heads):
            self._draw(painter, shown, oblique, heads.records, is_cased=True)
        for mark in standing_marks(shown, scale):
            _paint_mark(painter, shown, oblique, mark)

    def _offset(self, oblique: Oblique) -> tuple[int, int]:
        """By how many pixels, right and down, the picture lies from where it was made."""
        if self._held is None:
            return (0, 0)
        made = self._held.viewpoint
        right, down = (oblique.screen(made.x, made.y) - (oblique.width_px / 2, oblique.height_px / 2)).tolist()
        return round(right), round(down)

    def _begin(self, oblique: Oblique, size: tuple[int, int], ratio: float) -> None:
        wide, high = size[0] + 2 * MARGIN_PX, size[1] + 2 * MARGIN_PX
        self._picture = QPixmap(QSize(wide, high) * ratio)
        self._picture.setDevicePixelRatio(ratio)
        self._picture.fill(QColor(0, 0, 0, 0))
        self._held = Oblique(oblique.viewpoint, wide, high)

    def _grow(self, shown: Shown, strokes: Strokes, since: int, until: int, *, moving: bool) -> None:
        """Paint what ends after the moment the picture is at, up to another."""
        assert self._held is not None
        runs = strokes.runs(since, until, self._until)
        before, self._until = self._until, until
        if not runs:
            return
        painter = QPainter(self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not moving)
        fresh = np.concatenate([strokes.records[first:end] for first, end in runs])
        self._draw(painter, shown, self._held, fresh, is_cased=not moving and len(strokes) <= CASED_UP_TO)
        if not moving:
            self._draw_arrows(painter, shown, self._held, (since, until, before))
        painter.end()

    @staticmethod
    def _draw_arrows(painter: QPainter, shown: Shown, oblique: Oblique, period: tuple[int, int, int]) -> None:
        arrows = shown.tracks.point(oblique)
        z = shown.height_at(arrows.grid, oblique.viewpoint.metres_per_pixel)
        for row in arrows.within(*period).tolist():
            (x, y), (east, north) = arrows.xy[row].tolist(), arrows.along[row].tolist()
            mark = TrackMark(MarkKind.ARROW, (x, y, float(z[row])), (east, north), int(arrows.tint[row]))
            _paint_mark(painter, shown, oblique, mark)

    def _draw(self, painter: QPainter, shown: Shown, oblique: Oblique, records: NDArray[np.void], *, is_cased: bool) -> None:
        ends = screen_of(shown, oblique, records, oblique.viewpoint.metres_per_pixel).reshape(-1, 4)
        inside = (ends.reshape(-1, 2, 2).max(axis=1) > -9).all(axis=1)
        inside &= (ends.reshape(-1, 2, 2).min(axis=1) < (oblique.width_px + 9, oblique.height_px + 9)).all(axis=1)
        tint, seen = records["look"][:, 0], records["look"][:, 1] == Stretch.SEEN
        if is_cased:
            edge = QColor(shown.colours.halo)
            edge.setAlphaF(0.55)
            painter.setPen(QPen(edge, LINE_PX + CASING_PX, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap))
            self._draw_lines(painter, ends[inside & seen])
        for number, colour in enumerate(tints(shown)):
            of = inside & (tint == number)
            painter.setPen(QPen(QColor(colour), LINE_PX, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap))
            self._draw_lines(painter, ends[of & seen])
            dashes = QPen(QColor(colour), LINE_PX * 0.72, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.FlatCap)
            dashes.setDashPattern([2.7, 2.7])
            painter.setPen(dashes)
            self._draw_lines(painter, ends[of & ~seen])

    def _draw_lines(self, painter: QPainter, ends: NDArray[np.float64]) -> None:
        if len(ends):
            self._lines.resize(len(ends))
            self._lines.ndarray()[:] = ends
            painter.drawLines(*self._lines.drawargs())


def _paint_mark(painter: QPainter, shown: Shown, oblique: Oblique, mark: TrackMark) -> None:
    at = QPointF(*oblique.screen(*mark.place).tolist())
    if not QRectF(-12, -12, oblique.width_px + 24, oblique.height_px + 24).contains(at):
        return
    ink, halo, size = QColor(tints(shown)[mark.tint % TINTS]), QColor(shown.colours.halo), SIZE_PX[mark.kind]
    shape = QPainterPath()
    if mark.kind is MarkKind.ARROW:
        right, down = oblique.axes_px()[:, :2] @ np.array(mark.along)
        corners = QPolygonF([QPointF(-0.7 * size, -size), QPointF(size, 0.0), QPointF(-0.7 * size, size)])
        shape.addPolygon(QTransform().rotate(math.degrees(math.atan2(down, right))).map(corners))
        shape.closeSubpath()
    elif mark.kind is MarkKind.END:
        shape.addRect(QRectF(-0.8 * size, -0.8 * size, 1.6 * size, 1.6 * size))
    else:
        shape.addEllipse(QPointF(0.0, 0.0), size, size)
    painter.save()
    painter.translate(at)
    painter.strokePath(shape, QPen(halo, 3.4))
    painter.fillPath(shape, ink)
    if mark.kind is MarkKind.SEEN:
        painter.setPen(QPen(halo, 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(0.0, 0.0), size * 0.58, size * 0.58)
    elif mark.kind in (MarkKind.START, MarkKind.UNSEEN):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(halo)
        painter.drawEllipse(QPointF(0.0, 0.0), size * 0.5, size * 0.5)
    painter.restore()
