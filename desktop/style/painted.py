"""Pictures that were painted once and are kept."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtGui import QImage, QPixmap

Picture = TypeVar("Picture", QImage, QPixmap)


def without_engine(painted: Picture) -> Picture:
    """The same picture without what painted it.

    Qt keeps the engine of a QPainter with the image it painted on, some 150 KB, for as long as that image lives: many times
    what a name or an icon takes itself.
    """
    return painted.copy()
