"""Pictures that lie on the ground of the map, as a basemap lays them: what both canvases are given to paint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from desktop.map.oblique import Oblique

PIECES = 4
"""A picture is laid as so many by so many quadrangles: a tile is no rectangle in plane metres, least of all in GCJ-02."""


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """A part of a picture on the ground. Pieces never overlap each other."""

    number: int
    """Its own; another one wherever anything of it changed."""
    picture: int
    """Number of the picture, of which several parts may be laid."""
    image: QImage
    """32 bits a pixel, premultiplied."""
    part: tuple[float, float, float, float]
    """Left, top, right, bottom of the part, as shares of the picture."""
    corners: NDArray[np.float64]
    """float64[PIECES + 1, PIECES + 1, 2], plane metres, from the part's top left."""


class GroundPictures(Protocol):
    """Whoever lays pictures. Main thread only."""

    @property
    def opacity(self) -> float:
        """How much of the ground below they hide, 0 to 1."""

    def laid(self, oblique: Oblique, metres_per_pixel: float) -> Sequence[Laid]:
        """What there is at once for a part of the picture, as a camera sees it. The scale is that of logical pixels."""

    def look(self, oblique: Oblique) -> None:
        """Have what is missing brought for the view of now, logical pixels; told of after every frame of a view at rest."""
