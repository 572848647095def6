"""Which patches of the plain map must be painted again when only dots moved; pure but for Qt's rectangles."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect
from PySide6.QtGui import QRegion

CELL_PX = 24
MOVED_PX = 0.5
"""A dot that went less than this stays where it was painted."""

MOST_SHARE = 0.3
"""Where more of the picture than this would be patches, all of it is painted."""

Boxes = NDArray[np.float64]


class Patches:
    """Cells of a picture: those to paint."""

    def __init__(self, width_px: int, height_px: int) -> None:
        """No cell yet."""
        self._shape = (-(-height_px // CELL_PX), -(-width_px // CELL_PX))
        self._cells = np.zeros(self._shape, bool)

    @classmethod
    def of_region(cls, region: QRegion, width_px: int, height_px: int) -> Patches:
        """The cells that a region of the picture touches."""
        patches = cls(width_px, height_px)
        rects = (rect.getCoords() for rect in region)
        patches.take(np.array([(left, top, right + 1, bottom + 1) for left, top, right, bottom in rects], float).reshape(-1, 4))
        return patches

    @property
    def share(self) -> float:
        """How much of the picture they are."""
        return float(self._cells.mean()) if self._cells.size else 0.0

    def take(self, boxes: Boxes) -> None:
        """Add the cells that boxes float64[n, 4] (left, top, right, bottom) touch."""
        for left, top, right, bottom in self._spans(boxes).tolist():
            self._cells[top:bottom, left:right] = True

    def touch(self, boxes: Boxes) -> NDArray[np.bool_]:
        """Which boxes float64[n, 4] touch one of the cells, bool[n]."""
        sums = np.zeros((self._shape[0] + 1, self._shape[1] + 1), np.int64)
        sums[1:, 1:] = self._cells.cumsum(axis=0).cumsum(axis=1)
        left, top, right, bottom = self._spans(boxes).T
        return np.asarray(sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left] > 0)

    def _spans(self, boxes: Boxes) -> NDArray[np.int64]:
        """First and last column and row of boxes, those after the last excluded; nothing where a box lies outside."""
        rows, columns = self._shape
        most = np.array([columns, rows, columns, rows])
        wide = boxes / CELL_PX
        spans = np.concatenate([np.floor(wide[:, :2]), np.ceil(wide[:, 2:])], axis=1)
        return np.asarray(np.clip(np.nan_to_num(spans, nan=0.0), 0, most).astype(np.int64))

    def region(self) -> QRegion:
        """The cells as a region in pixels."""
        region = QRegion()
        for row in np.nonzero(self._cells.any(axis=1))[0].tolist():
            edges = np.nonzero(np.diff(np.concatenate([[False], self._cells[row], [False]]).astype(np.int8)))[0].tolist()
            for first, end in list(pairwise(edges))[::2]:
                region += QRect(first * CELL_PX, row * CELL_PX, (end - first) * CELL_PX, CELL_PX)
        return region


def around(px: NDArray[np.float64], reach_px: float) -> Boxes:
    """Boxes float64[n, 4] around points float64[n, 2]."""
    return np.hstack([px - reach_px, px + reach_px])
