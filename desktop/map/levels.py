"""Rings of areas on the graphics card at three levels of detail, shared by the layers that draw them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from desktop.map.resident import BorderTiles, RingTiles, Shelf
from desktop.map.scene import FAR_FROM_M_PER_PX, FINE_BELOW_M_PER_PX, Areas, Ints
from desktop.map.tiles import TiledRings

OnCard = TypeVar("OnCard", RingTiles, BorderTiles)


class Levels(Generic[OnCard]):
    """What is drawn of areas with more corners the closer one looks."""

    def __init__(self, areas: Areas, made: Callable[[TiledRings], OnCard]) -> None:
        """Nothing is uploaded before it is drawn."""
        self._fine, self._middle, self._far = (made(each) for each in (areas.fine, areas.middle, areas.far))

    def delete(self) -> None:
        """Give everything back to the graphics card; the context is current."""
        for each in (self._fine, self._middle, self._far):
            each.delete()

    def at(self, metres_per_pixel: float) -> OnCard:
        """What is drawn at a scale."""
        if metres_per_pixel < FINE_BELOW_M_PER_PX:
            return self._fine
        return self._middle if metres_per_pixel < FAR_FROM_M_PER_PX else self._far


class LevelsOfDetail(Levels[RingTiles]):
    """The rings of areas."""

    def __init__(self, areas: Areas, shelf: Shelf) -> None:
        """Nothing is uploaded before it is drawn."""
        super().__init__(areas, lambda rings: RingTiles(rings, shelf))


class BordersOfDetail(Levels[BorderTiles]):
    """Of the edges of grids those that are borders of what is above them, int64[grids]."""

    def __init__(self, grids: Areas, above: Ints, shelf: Shelf) -> None:
        """Nothing is uploaded before it is drawn."""
        super().__init__(grids, lambda rings: BorderTiles(rings, above, shelf))
