"""The lists of the sheet of a wall: the shapes it may be cut into, drawn small, and how long what comes up stays."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from desktop.on_wall.buttons_told import LASTS_S, span_told
from desktop.seat import Seat
from desktop.style.painted import without_engine
from governance.wall import Layout
from governance.wall_shapes import SHAPES

WIDE_PX, HIGH_PX = 16, 12
"""Qt shows no larger ones in a list."""


def shapes_menu(seat: Seat, parent: QWidget, current: str, choose: Callable[[str], object]) -> QMenu:
    """The shapes by name and picture; the one the wall has now is marked."""
    menu = QMenu(parent)
    for name, shape in SHAPES.items():
        entry = menu.addAction(shape_icon(shape, seat.palette.text, parent.devicePixelRatioF()), _shape_named(seat, name))
        entry.triggered.connect(lambda _on=False, name=name: choose(name))
        if name == current:
            menu.setActiveAction(entry)
    return menu


def lasts_menu(seat: Seat, parent: QWidget, current_s: int, choose: Callable[[int], object]) -> QMenu:
    """How long what comes up may stay; what is set now is marked."""
    menu = QMenu(parent)
    for seconds in LASTS_S:
        entry: QAction = menu.addAction(span_told(seat, seconds))
        entry.triggered.connect(lambda _on=False, seconds=seconds: choose(seconds))
        if seconds == current_s:
            menu.setActiveAction(entry)
    return menu


def shape_icon(shape: Layout, colour: str, ratio: float = 1.0) -> QIcon:
    """A shape, small."""
    picture = QPixmap(round(WIDE_PX * ratio), round(HIGH_PX * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(QColor(0, 0, 0, 0))
    painter = QPainter(picture)
    painter.setPen(QPen(QColor(colour), 1))
    across, down = (WIDE_PX - 1) / shape.columns, (HIGH_PX - 1) / shape.rows
    for slot in shape.slots:
        painter.drawRect(QRectF(0.5 + slot.left * across, 0.5 + slot.top * down, slot.width * across, slot.height * down))
    painter.end()
    return QIcon(without_engine(picture))


def _shape_named(seat: Seat, name: str) -> str:
    return seat.words("wallsheet.shape.even", n=name) if name.isdecimal() else seat.words(f"wallsheet.shape.{name}")
