"""Tiles of a file or of a service, drawn: the two ways in which bytes come, and how they become pictures."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from desktop.basemap.network import Brought, Network, Standing
from desktop.basemap.pictures import picture_of
from desktop.basemap.vector_drawing import drawn
from desktop.map.colours import MapColours, is_dark
from gis_data.basemap.source import About, Kind, TileFile
from gis_data.basemap.squares import Square
from gis_data.basemap.vector_tile import VectorLayer, read_vector_tile

CLOSER_LEVELS = 5
"""Vector tiles are drawn so many levels closer than they are cut."""
MOST_READ = 12
SHARPEST = 2
"""A picture keeps so many times the pixels that its cut has across: a view of small tiles must not fill the memory."""


class TilesDrawn(QObject):
    """Tiles and how they are drawn. `made` and `made_of` may be called from any thread, the rest from the main one."""

    come = Signal()
    """A service brought something, or stands otherwise."""

    def __init__(self, about: About, file: TileFile | None) -> None:
        """Tiles of an open file, or of a service that `serve` names."""
        super().__init__()
        self.about, self._file = about, file
        self.is_file = file is not None
        is_vector = about.kind is Kind.VECTOR
        self.highest = min(about.highest + (CLOSER_LEVELS if is_vector else 0), len(about.cut.levels) - 1)
        self._lock = threading.Lock()
        self._read: OrderedDict[Square, tuple[VectorLayer, ...]] = OrderedDict()
        self._network: Network | None = None

    def serve(self, network: Network) -> None:
        """Tiles come from this service."""
        self._network = network

    @property
    def standing(self) -> Standing:
        """How the service does; a file does well."""
        return self._network.standing if self._network is not None else Standing()

    def want(self, squares: Sequence[Square]) -> None:
        """Have the tiles brought that these are drawn from."""
        if self._network is not None:
            self._network.want(list(dict.fromkeys(self._tile_of(square) for square in squares)))

    def taken(self) -> list[Brought]:
        """What the service brought."""
        return self._network.taken() if self._network is not None else []

    def drawn_from(self, tile: Square, squares: Sequence[Square]) -> list[Square]:
        """Those of some squares that are drawn from a tile."""
        return [square for square in dict.fromkeys(squares) if self._tile_of(square) == tile]

    def made(self, square: Square, colours: MapColours) -> QImage | None:
        """The picture of a square out of the file; None where the file has nothing there. Raises Unreadable."""
        assert self._file is not None
        tile = self._tile_of(square)
        with self._lock:
            layers = self._read.get(tile)
            data = self._file.read(tile) if layers is None else b""
        return None if data is None else self._picture(square, tile, data, layers, colours)

    def made_of(self, square: Square, data: bytes, colours: MapColours) -> QImage | None:
        """The picture of a square out of the bytes of its tile. Raises Unreadable."""
        return self._picture(square, self._tile_of(square), data, None, colours)

    def close(self) -> None:
        """Let go of the file, or of the service."""
        if self._network is not None:
            self._network.close()
        with self._lock:
            if self._file is not None:
                self._file.close()

    def _tile_of(self, square: Square) -> Square:
        return square.above(max(square.level - self.about.highest, 0))

    def _picture(
        self, square: Square, tile: Square, data: bytes, layers: tuple[VectorLayer, ...] | None, colours: MapColours
    ) -> QImage | None:
        if self.about.kind is Kind.PICTURE:
            most_px = SHARPEST * self.about.cut.levels[square.level].tile_px
            return picture_of(data, by_night=is_dark(colours), most_px=most_px)
        if layers is None:
            layers = read_vector_tile(data)
            with self._lock:
                self._read[tile] = layers
                while len(self._read) > MOST_READ:
                    self._read.popitem(last=False)
        share = 1.0 / (1 << (square.level - tile.level))
        left, top = (
            (at - (corner << (square.level - tile.level))) * share
            for at, corner in ((square.column, tile.column), (square.row, tile.row))
        )
        middle = self.about.cut.corners(square, 2, self.about.datum)[1, 1]
        return drawn(layers, (left, top, share), self.about.cut.metres_per_pixel(square.level, float(middle[1])), colours)
