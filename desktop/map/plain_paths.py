"""Tiles of the town as Qt paths in plane metres, made when they are first in the picture; for the map without OpenGL."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator

import numpy as np
import pyqtgraph.functions as pg_functions
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainterPath, QPen, QPolygonF, QTransform

from desktop.map.oblique import Oblique
from desktop.map.tiles import NOBODY, Box, TiledPieces, TiledRings

MOST_TILES = 600
Paths = dict[int, QPainterPath]


def polygon(xy: NDArray[np.float64]) -> QPolygonF:
    """A Qt polygon of points float64[n, 2]."""
    made: QPolygonF = pg_functions.create_qpolygonf(len(xy))
    pg_functions.ndarray_from_qpolygonf(made)[:] = xy
    return made


def many(rings: NDArray[np.float64]) -> QPainterPath:
    """One path of rings of as many corners each, float64[n, corners, 2]; what lies in any of them is inside."""
    closed = np.concatenate([rings, rings[:, :1]], axis=1)
    goes_on = np.ones(closed.shape[:2], np.int32)
    goes_on[:, -1] = 0
    path: QPainterPath = pg_functions.arrayToQPath(closed[..., 0].ravel(), closed[..., 1].ravel(), connect=goes_on.ravel())
    path.setFillRule(Qt.FillRule.WindingFill)
    return path


def ring_paths(rings: TiledRings, tile: int) -> Paths:
    """One path for each owner of a tile; holes are left out by the odd-even rule."""
    paths: Paths = {}
    for owner, ring in rings.rings_in(tile):
        paths.setdefault(owner, QPainterPath()).addPolygon(polygon(ring))
    return paths


def borders_of(above: NDArray[np.int64], name: str) -> Callable[[TiledRings, int], Paths]:
    """What makes the borders of things above grids from the edges of those: one path for each grid and its neighbour.

    `above` int64[grids]; `name` keeps them apart on the shelf. Keys are those of `sides`.
    """

    def borders(rings: TiledRings, tile: int) -> Paths:
        begin = rings.borders_in(tile, above)
        corners = rings.corners[rings.tiles.part(tile)]
        xy = rings.tiles.metres(tile, corners["place"])
        other = (corners["other"][begin] & NOBODY).astype(np.int64)
        owner = (corners["owner"][begin] & NOBODY).astype(np.int64)
        key = owner * len(above) * 2 + np.where(other == NOBODY, len(above), other)
        paths = Paths()
        for one in np.unique(key).tolist():
            at = begin[key == one]
            ends = np.stack([xy[at], xy[at + 1]], axis=1).reshape(-1, 2)
            paths[one] = pg_functions.arrayToQPath(*ends.T, connect="pairs")
        return paths

    borders.__name__ = f"borders of {name}"
    return borders


def sides(key: int, grids: int) -> tuple[int, int]:
    """The grid whose edge it is and the grid on the far side, -1 for none."""
    owner, other = divmod(key, grids * 2)
    return owner, other if other < grids else -1


def whole_path(rings: TiledRings, tile: int) -> Paths:
    """One path of all rings of a tile."""
    path = QPainterPath()
    for _, ring in rings.rings_in(tile):
        path.addPolygon(polygon(ring))
    path.setFillRule(Qt.FillRule.WindingFill)
    return {0: path}


def road_path(pieces: TiledPieces, tile: int) -> Paths:
    """One path of all pieces of a tile."""
    return {0: pg_functions.arrayToQPath(*_ends(pieces, tile).reshape(-1, 2).T, connect="pairs")}


def roads_by_grid(pieces: TiledPieces, tile: int) -> Paths:
    """One path for each grid that pieces of a tile stand on; -1 for none."""
    grid = pieces.pieces["grid"][pieces.tiles.part(tile)].astype(np.int64) - 1
    order = np.argsort(grid, kind="stable")
    ends, paths = _ends(pieces, tile), Paths()
    for rows in np.split(order, np.nonzero(np.diff(grid[order]))[0] + 1):
        paths[int(grid[rows[0]])] = pg_functions.arrayToQPath(*ends[rows].reshape(-1, 2).T, connect="pairs")
    return paths


def _ends(pieces: TiledPieces, tile: int) -> NDArray[np.float64]:
    """float64[n, 2, 2], start and end of every piece of a tile."""
    part = pieces.pieces[pieces.tiles.part(tile)]
    return np.stack([pieces.tiles.metres(tile, part[end]) for end in ("start", "end")], axis=1)


class PathShelf:
    """Paths of tiles, those that were in the picture last."""

    def __init__(self) -> None:
        """Nothing is made before it is in the picture."""
        self._made: OrderedDict[tuple[int, str, int], Paths] = OrderedDict()

    def near(self, rings: TiledRings | TiledPieces, make: Callable[..., Paths], box: Box) -> Iterator[Paths]:
        """The paths of the tiles that touch a box."""
        for tile in rings.tiles.near(box).tolist():
            key = (id(rings), make.__name__, tile)
            paths = self._made.get(key)
            if paths is None:
                paths = self._made[key] = make(rings, tile)
            self._made.move_to_end(key)
            yield paths

    def forget(self) -> None:
        """Let go of what was not in the picture for longest."""
        while len(self._made) > MOST_TILES:
            self._made.popitem(last=False)


def faint(colour: str, alpha: int) -> QColor:
    """A colour one can see through, alpha 0..255."""
    ink = QColor(colour)
    ink.setAlpha(alpha)
    return ink


def pen(colour: str, width: float, alpha: int) -> QPen:
    """A pen as wide as so many pixels at any scale."""
    made = QPen(faint(colour, alpha), width)
    made.setCosmetic(True)
    made.setCapStyle(Qt.PenCapStyle.RoundCap)
    made.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return made


def transform(oblique: Oblique) -> QTransform:
    """Plane metres to pixels as Qt writes it."""
    origin, east, north = oblique.screen([0.0, 1.0, 0.0], [0.0, 0.0, 1.0]).tolist()
    return QTransform(
        east[0] - origin[0], east[1] - origin[1], north[0] - origin[0], north[1] - origin[1], origin[0], origin[1]
    )
