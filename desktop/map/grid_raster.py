"""Which grid a place lies in, looked up in a raster: fast enough for every fix, exact to one cell."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

CELLS_ACROSS = 1400


class GridRaster:
    """An image of grid numbers over the scene.

    Good for heights and highlighting; a place within a cell of a boundary may get the neighbour, so nothing that is
    recorded may come from here.
    """

    def __init__(self, xy: NDArray[np.float64], offsets: NDArray[np.int64], owner: NDArray[np.int32]) -> None:
        """Fill the raster from closed rings; ring i of xy[offsets[i]:offsets[i+1]] belongs to grid owner[i]."""
        if len(xy) == 0:
            self.west = self.south = 0.0
            self.cell_m = 1.0
            self.cells = np.full((1, 1), -1, np.int32)
            return
        low, high = xy.min(axis=0), xy.max(axis=0)
        self.west, self.south = float(low[0]), float(low[1])
        self.cell_m = max(float((high - low).max()) / CELLS_ACROSS, 0.5)
        columns, rows = (np.ceil((high - low) / self.cell_m).astype(int) + 1).tolist()
        self.cells = self._filled(xy, offsets, owner, columns, rows)

    @classmethod
    def of(cls, west: float, south: float, cell_m: float, cells: NDArray[np.int32]) -> GridRaster:
        """A raster that was filled before."""
        made = cls(np.zeros((0, 2)), np.zeros(1, np.int64), np.zeros(0, np.int32))
        made.west, made.south, made.cell_m, made.cells = west, south, cell_m, cells
        return made

    def _filled(
        self,
        xy: NDArray[np.float64],
        offsets: NDArray[np.int64],
        owner: NDArray[np.int32],
        columns: int,
        rows: int,
    ) -> NDArray[np.int32]:
        """Even-odd filling of all rings at once: each crossing of a row's centre line switches a grid on or off."""
        start = np.delete(np.arange(len(xy)), offsets[1:-1] - 1)[:-1]
        ring = np.searchsorted(offsets, start, side="right") - 1
        row_from = (xy[start, 1] - self.south) / self.cell_m - 0.5
        row_to = (xy[start + 1, 1] - self.south) / self.cell_m - 0.5
        first = np.ceil(np.minimum(row_from, row_to)).astype(int)
        count = np.ceil(np.maximum(row_from, row_to)).astype(int) - first
        edge = np.repeat(np.arange(len(start)), count)
        row = first[edge] + np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
        share = (row - row_from[edge]) / (row_to - row_from)[edge]
        x = xy[start[edge], 0] * (1 - share) + xy[start[edge] + 1, 0] * share
        column = np.clip(np.ceil((x - self.west) / self.cell_m - 0.5).astype(int), 0, columns)
        order = np.lexsort((column, row, owner[ring[edge]]))
        number = owner[ring[edge]][order] + 1
        sign = np.where(np.arange(len(order)) % 2 == 0, 1, -1)
        steps = np.zeros((rows, columns + 1), np.int64)
        np.add.at(steps, (np.clip(row[order], 0, rows - 1), column[order]), number * sign)
        filled = np.cumsum(steps, axis=1)[:, :columns] - 1
        filled[(filled < -1) | (filled > owner.max())] = -1
        return filled.astype(np.int32)

    def at(self, x: ArrayLike, y: ArrayLike) -> NDArray[np.int32]:
        """Grid number int32[n] under each place in plane metres; -1 outside every grid."""
        column = np.floor((np.atleast_1d(np.asarray(x, np.float64)) - self.west) / self.cell_m)
        row = np.floor((np.atleast_1d(np.asarray(y, np.float64)) - self.south) / self.cell_m)
        rows, columns = self.cells.shape
        inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        found = np.full(len(row), -1, np.int32)
        found[inside] = self.cells[row[inside].astype(int), column[inside].astype(int)]
        return found
