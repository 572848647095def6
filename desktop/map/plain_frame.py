"""One painting of what stands still on the map without OpenGL: from where, how much of it, how high the grids stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.map.layer import TALLEST_M
from desktop.map.oblique import Oblique
from desktop.map.plain_solids import Lean
from desktop.map.shown import Shown
from desktop.map.tiles import Box


@dataclass(frozen=True, slots=True, eq=False)
class PlainFrame:
    """One painting of what stands still."""

    shown: Shown
    oblique: Oblique
    box: Box
    tall_box: Box
    metres_per_pixel: float
    raise_m: float
    height_m: NDArray[np.float64]
    """float64[grids], metres by which each stands out."""
    moving: bool
    """Whether the officer is turning or zooming, so that details may wait."""
    lean: Lean

    @classmethod
    def of(cls, shown: Shown, oblique: Oblique, part: tuple[float, float, float, float], *, moving: bool) -> PlainFrame:
        """The frame of a part (left, top, right, bottom in pixels) of a picture."""
        scale = oblique.viewpoint.metres_per_pixel
        raised = shown.raise_m(scale)
        box, tall_box = oblique.part_box(part, raised), oblique.part_box(part, TALLEST_M + raised)
        return cls(
            shown, oblique, box, tall_box, scale, raised, shown.load_share() * raised, moving, Lean.of(oblique.viewpoint)
        )
