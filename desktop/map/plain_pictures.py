"""Pictures on the ground painted without OpenGL."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QTransform

from desktop.map.ground_pictures import PIECES, GroundPictures, Laid
from desktop.map.oblique import Oblique

OVERLAP_PX = 0.2
"""Neighbours are painted so much over each other: for want of it, single pixels between them are painted by neither."""
MOST_BENT_PX = 0.4
"""A picture whose middle would lie farther off than that is painted piece by piece."""


def paint_pictures(painter: QPainter, pictures: GroundPictures, oblique: Oblique, *, moving: bool) -> None:
    """Paint what lies in the view; the painter stands in pixels of the view, and again afterwards."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not moving)
    painter.setOpacity(pictures.opacity)
    whole = painter.transform()
    for laid in pictures.laid(oblique, oblique.viewpoint.metres_per_pixel):
        corners = oblique.screen(laid.corners[..., 0], laid.corners[..., 1])
        step = 1 if _bent_px(corners) > MOST_BENT_PX else PIECES
        for row in range(0, PIECES, step):
            for column in range(0, PIECES, step):
                _paint(painter, whole, laid, corners, row, column, step)
    painter.restore()


def _bent_px(corners: NDArray[np.float64]) -> float:
    """How far a lattice float64[n, n, 2] is from the plane through three of its corners, in pixels."""
    across, down = corners[0, -1] - corners[0, 0], corners[-1, 0] - corners[0, 0]
    shares = np.linspace(0.0, 1.0, len(corners))
    flat = corners[0, 0] + shares[None, :, None] * across + shares[:, None, None] * down
    return float(np.abs(flat - corners).max())


def _paint(
    painter: QPainter, whole: QTransform, laid: Laid, corners: NDArray[np.float64], row: int, column: int, step: int
) -> None:
    """One quadrangle, by the affine transform of three of its corners."""
    left, top, right, bottom = laid.part
    wide, high = (right - left) / PIECES, (bottom - top) / PIECES
    image = laid.image
    source = QRectF(
        (left + column * wide) * image.width(), (top + row * high) * image.height(),
        step * wide * image.width(), step * high * image.height(),
    )  # fmt: skip
    (x, y), (right_x, right_y), (low_x, low_y) = (
        corners[at].tolist() for at in ((row, column), (row, column + step), (row + step, column))
    )
    width, height = source.width(), source.height()
    turned = QTransform((right_x - x) / width, (right_y - y) / width, (low_x - x) / height, (low_y - y) / height, x, y)
    painter.setTransform(turned * whole)
    wide, high = (OVERLAP_PX * length / max(np.hypot(*edge), 1e-6) for length, edge in (
        (width, (right_x - x, right_y - y)), (height, (low_x - x, low_y - y))))  # fmt: skip
    painter.drawImage(QRectF(-wide, -high, width + 2 * wide, height + 2 * high), image, source)
