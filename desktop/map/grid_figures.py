"""How every grid is drawn: where on the ramp its colour lies, how high it stands, whether its edge is warm; no Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.map.colours import MapColours, rgb

FULL_LOAD = 5


@dataclass(frozen=True, slots=True, eq=False)
class GridFigures:
    """One row for each grid, in the order of the geometry."""

    ramp: NDArray[np.float64]
    """0 the quietest colour, 1 the strongest: the order is one of lightness, so that it is read without colour."""
    height: NDArray[np.float64]
    """0 flat, 1 as high as grids stand."""
    overdue: NDArray[np.bool_]
    lit: NDArray[np.bool_] | None = None
    """Grids that are pointed out: they alone have a colour, and it is that of what is chosen."""

    @classmethod
    def none(cls, count: int) -> GridFigures:
        """Nothing to tell of any grid."""
        return cls(np.zeros(count), np.zeros(count), np.zeros(count, np.bool_))

    @classmethod
    def of_load(cls, open_count: NDArray[np.int32], overdue: NDArray[np.int32]) -> GridFigures:
        """Colour and height by open incidents, against the most loaded grid, at least five."""
        share = open_count / max(FULL_LOAD, int(open_count.max(initial=0)))
        return cls(share**0.7, share, np.asarray(overdue) > 0)

    def differs(self, other: GridFigures) -> NDArray[np.bool_]:
        """Which grids look otherwise."""
        changed = (self.ramp != other.ramp) | (self.height != other.height) | (self.overdue != other.overdue)
        if (self.lit is None) != (other.lit is None):
            return np.ones(len(changed), np.bool_)
        return np.asarray(changed if self.lit is None else changed | (self.lit != other.lit))

    def tints(self, colours: MapColours) -> NDArray[np.float64]:
        """Red, green and blue of every grid, float64[g, 3]."""
        ramp = np.array([rgb(colour) for colour in colours.load])
        if self.lit is not None:
            return np.where(self.lit[:, None], np.array(rgb(colours.focus)), ramp[0])
        place = self.ramp * (len(ramp) - 1)
        step = np.minimum(place.astype(int), len(ramp) - 2)
        part = (place - step)[:, None]
        return np.asarray(ramp[step] * (1 - part) + ramp[step + 1] * part)
