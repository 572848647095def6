"""Rings of areas on the graphics card at three levels of detail, shared by the layers that draw them."""

from __future__ import annotations

from desktop.map.resident import RingTiles, Shelf
from desktop.map.scene import FAR_FROM_M_PER_PX, FINE_BELOW_M_PER_PX, Areas


class LevelsOfDetail:
    """The rings of areas, drawn with more corners the closer one looks."""

    def __init__(self, areas: Areas, shelf: Shelf) -> None:
        """Nothing is uploaded before it is drawn."""
        self._fine, self._middle, self._far = (RingTiles(each, shelf) for each in (areas.fine, areas.middle, areas.far))

    def delete(self) -> None:
        """Give everything back to the graphics card; the context is current."""
        for each in (self._fine, self._middle, self._far):
            each.delete()

    def at(self, metres_per_pixel: float) -> RingTiles:
        """The rings for a scale."""
        if metres_per_pixel < FINE_BELOW_M_PER_PX:
            return self._fine
        return self._middle if metres_per_pixel < FAR_FROM_M_PER_PX else self._far
