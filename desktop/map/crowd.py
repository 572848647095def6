"""Workers too many to tell apart: how many stand where, as a picture of small cells; no Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.map.colours import rgb
from desktop.map.oblique import Oblique
from desktop.map.shown import Shown

CELL_PX = 4
FAINTEST, STRONGEST = 0.06, 0.45
"""How opaque a cell with one worker is, and one among the fullest."""

REFRESH_S = 0.5
CROWD_RIM_PX = 160
"""How far beyond the frame a crowd is counted, so that a pan need not count it anew."""


@dataclass(frozen=True, slots=True, eq=False)
class CrowdPicture:
    """A picture of cells, red, green, blue and alpha uint8[rows, columns, 4] from the top; colours are multiplied by alpha."""

    pixels: NDArray[np.uint8]
    left_px: float
    """Where its left edge lies in the frame it was made for."""
    top_px: float
    counted: int


class CrowdCount:
    """How many stand in each cell as seen through a camera, and so many pixels around; those off duty are left out."""

    def __init__(self, shown: Shown, oblique: Oblique, margin_px: int, one_in: int = 1) -> None:
        """Count everybody, or one in so many and each for as many."""
        self._columns = int(np.ceil((oblique.width_px + 2 * margin_px) / CELL_PX))
        self._rows = int(np.ceil((oblique.height_px + 2 * margin_px) / CELL_PX))
        self._oblique, self._margin_px, self._one_in = oblique, margin_px, one_in
        self._raised = shown.raise_m(oblique.viewpoint.metres_per_pixel)
        self._count_all(shown)

    def _count_all(self, shown: Shown) -> None:
        self._cells = self._cells_of(shown, slice(None, None, self._one_in))
        self._count = np.bincount(self._cells, minlength=self._rows * self._columns + 1)
        self._moves = shown.workers.moves

    def _cells_of(self, shown: Shown, rows: NDArray[np.int32] | slice) -> NDArray[np.int32]:
        """The cell of each of some workers; the one after the last for whom nothing shows."""
        x, y, hidden = shown.workers.places32(rows)
        view, axes, rim = self._oblique.viewpoint, self._oblique.axes_px().astype(np.float32), self._margin_px
        east, north = x - np.float32(view.x), y - np.float32(view.y)
        across = east * axes[0, 0] + north * axes[0, 1] + np.float32(self._oblique.width_px / 2 + rim)
        down = east * axes[1, 0] + north * axes[1, 1] + np.float32(self._oblique.height_px / 2 + rim)
        if self._raised > 0.0 and len(shown.load_share()):
            share = shown.load_share().astype(np.float32) * np.float32(self._raised * axes[1, 2])
            grid = shown.worker_grid[rows]
            down += np.where(grid >= 0, share[grid], np.float32(0.0))
        with np.errstate(invalid="ignore"):  # who has no place is in no cell
            column, row = (np.floor(px / CELL_PX).astype(np.int32) for px in (across, down))
        inside = (column.view(np.uint32) < self._columns) & (row.view(np.uint32) < self._rows) & ~hidden
        return np.where(inside, row * np.int32(self._columns) + column, np.int32(self._rows * self._columns))

    def follow(self, shown: Shown) -> None:
        """Count whoever went on since in the cell where he is now."""
        rows = shown.workers.went_since(self._moves)
        if rows is None or self._one_in > 1 or len(self._cells) != len(shown.workers):
            self._count_all(shown)
            return
        if len(rows):
            cells = self._cells_of(shown, rows)
            np.subtract.at(self._count, self._cells[rows], 1)
            np.add.at(self._count, cells, 1)
            self._cells[rows] = cells
        self._moves = shown.workers.moves

    def picture(self, shown: Shown) -> CrowdPicture:
        """What was counted, in the colours of now."""
        count = self._count[:-1]
        pixels = _inks(shown, full := _fullest(count))[np.minimum(count, full)].reshape(self._rows, self._columns, 4)
        return CrowdPicture(pixels, -self._margin_px, -self._margin_px, int(count.sum()) * self._one_in)


def crowd_picture(shown: Shown, oblique: Oblique, margin_px: int) -> CrowdPicture:
    """Where workers stand as seen through a camera, and so many pixels around; those off duty are left out."""
    return CrowdCount(shown, oblique, margin_px).picture(shown)


def _fullest(count: NDArray[np.int64]) -> int:
    """How many are in a cell that is fuller than all but a twentieth of those where anybody is."""
    filled = count[count > 0]
    at = int(len(filled) * 0.95)
    return int(np.partition(filled, at)[at]) if at < len(filled) else 1


def _inks(shown: Shown, full: int) -> NDArray[np.uint8]:
    """The colour of a cell by how many are in it, uint8[full + 1, 4]."""
    share = np.arange(full + 1) / full
    strength = np.where(share > 0, FAINTEST + (STRONGEST - FAINTEST) * share, 0.0)[:, None]
    return np.rint(strength * np.array([*rgb(shown.colours.worker), 1.0]) * 255).astype(np.uint8)
