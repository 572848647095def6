"""What many tiles paint alike, made once: fonts, widths of words, the marks of states, and the plates that say them.

Each call into Qt lets go of Python's lock, and with dozens of streams decoding it may take milliseconds to get it back. A tile
that paints with few calls is painted soon. Main thread only.
"""

from __future__ import annotations

import math
from functools import cache, lru_cache
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter

from desktop.style.painted import without_engine
from desktop.style.type_face import face
from desktop.video_wall.sight_marks import draw_sight
from desktop.video_wall.watchdog import Sight

KEPT = 4096
PLATES_KEPT = 64
CENTRED = Qt.AlignmentFlag.AlignCenter


@cache
def face_of(pixels: int, bold: bool = False) -> QFont:
    """The font of the desk at a size; not to be changed."""
    return face(pixels, bold)


@cache
def metrics_of(pixels: int, bold: bool = False) -> QFontMetrics:
    """The measures of that font."""
    return QFontMetrics(face_of(pixels, bold))


@lru_cache(KEPT)
def width_px(text: str, pixels: int, bold: bool = False) -> int:
    """How wide a text is in that font, in pixels."""
    return metrics_of(pixels, bold).horizontalAdvance(text)


@lru_cache(KEPT)
def elided(text: str, pixels: int, mode: Qt.TextElideMode, room_px: int) -> str:
    """As much of a text as has room."""
    return metrics_of(pixels).elidedText(text, mode, room_px)


@lru_cache(KEPT)
def mark(sight: Sight, size_px: float, colour: str, ratio: float) -> QImage:
    """The shape of a state; the middle of it is half a pixel below the middle of the image."""
    side = 2 * math.ceil(size_px * 0.75 + 1.0)
    image = _clear(side, side, ratio)
    painter = QPainter(image)
    draw_sight(painter, sight, QPointF(side / 2, side / 2 + 0.5), size_px, colour)
    painter.end()
    return without_engine(image)


class Plate(NamedTuple):
    """What a plate in the middle of a picture says, and how it looks; sizes in pixels."""

    sight: Sight
    lines: tuple[str, ...]
    room: int
    """How wide it may be at most."""
    base: int
    small: int
    mark: int
    colour: str
    text: str
    dim: str
    ground: str
    """The colour behind the words; empty for none."""
    ratio: float
    """Pixels of the screen for one of ours."""


@lru_cache(PLATES_KEPT)
def plate(said: Plate) -> QImage:
    """The mark of a state above its words."""
    line_px = metrics_of(said.base).height()
    wide = min(said.room, max((width_px(text, said.base) for text in said.lines), default=0)) + 24
    high = said.mark + 6 + line_px * len(said.lines) + 14
    image = _clear(wide, high, said.ratio)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if said.ground:
        ground = QColor(said.ground)
        ground.setAlpha(215)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(0, 0, wide, high), 6, 6)
    draw_sight(painter, said.sight, QPointF(wide / 2, 7 + said.mark / 2), said.mark, said.colour)
    for number, text in enumerate(said.lines):
        size = said.small if number else said.base
        painter.setPen(QColor(said.dim if number else said.text))
        painter.setFont(face_of(size))
        line = QRectF(0, 7 + said.mark + 6 + number * line_px, wide, line_px)
        painter.drawText(line, CENTRED, elided(text, size, Qt.TextElideMode.ElideRight, said.room))
    painter.end()
    return without_engine(image)


def _clear(wide: int, high: int, ratio: float) -> QImage:
    image = QImage(math.ceil(wide * ratio), math.ceil(high * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    return image
