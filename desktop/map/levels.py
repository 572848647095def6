"""Rings of areas on the graphics card at three levels of detail, shared by the layers that draw them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from desktop.map.resident import BorderTiles, RingTiles, Shelf
from desktop.map.scene import AFAR_FROM_M_PER_PX, Areas, Geometry, Ints
from desktop.map.tiles import TiledRings

OnCard = TypeVar("OnCard", RingTiles, BorderTiles)


class Levels(Generic[OnCard]):
    """What is drawn of areas with more corners the closer one looks."""

    def __init__(self, areas: Areas, made: Callable[[TiledRings], OnCard]) -> None:
        """Nothing is uploaded before it is drawn."""
        self._areas = areas
        self._made = {id(each): made(each) for each in (areas.fine, areas.middle, areas.far)}

    def delete(self) -> None:
        """Give everything back to the graphics card; the context is current."""
        for each in self._made.values():
            each.delete()

    def at(self, metres_per_pixel: float) -> OnCard:
        """What is drawn at a scale."""
        return self._made[id(self._areas.at(metres_per_pixel))]


class LevelsOfDetail(Levels[RingTiles]):
    """The rings of areas."""

    def __init__(self, areas: Areas, shelf: Shelf) -> None:
        """Nothing is uploaded before it is drawn."""
        super().__init__(areas, lambda rings: RingTiles(rings, shelf))


class StreetsOfDetail(LevelsOfDetail):
    """The rings of streets, which are drawn from still farther away."""

    def __init__(self, geometry: Geometry, shelf: Shelf) -> None:
        """Nothing is uploaded before it is drawn."""
        super().__init__(geometry.streets, shelf)
        self._afar = RingTiles(geometry.streets_from_afar, shelf)

    def delete(self) -> None:
        """Give everything back to the graphics card; the context is current."""
        super().delete()
        self._afar.delete()

    def at(self, metres_per_pixel: float) -> RingTiles:
        """What is drawn at a scale."""
        return self._afar if metres_per_pixel > AFAR_FROM_M_PER_PX else super().at(metres_per_pixel)


class BordersOfDetail(Levels[BorderTiles]):
    """Of the edges of grids those that are borders of what is above them, int64[grids]."""

    def __init__(self, grids: Areas, above: Ints, shelf: Shelf) -> None:
        """Nothing is uploaded before it is drawn."""
        super().__init__(grids, lambda rings: BorderTiles(rings, above, shelf))
