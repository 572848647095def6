"""The basemap on the ground: which squares a view needs, which pictures there are, what stands in until the rest comes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from desktop.basemap.network import Standing
from desktop.basemap.tiles_drawn import TilesDrawn
from desktop.basemap.workshop import Job, Made, Workshop
from desktop.map.colours import MapColours
from desktop.map.ground_pictures import PIECES, Laid
from desktop.map.oblique import Oblique
from gis_data.basemap.source import About, Wrong
from gis_data.basemap.squares import Square
from gis_data.datum import Datum
from gis_data.town.plane import Plane

MOST_IMAGE_BYTES = 128_000_000
MOST_SQUARES = 400
"""A view that would need more of the coarsest level shows none: it looks at far more than the basemap has."""
SHARPER = 1.5
"""A pixel of a tile may be drawn so much wider than one of the screen before the next level is taken."""
REPAINT_PAUSE_MS = 150
MOST_NOTED = 20_000
AROUND_PX = 160.0
"""So far beyond the view tiles are brought as well."""
_RIM = np.array([(x, y) for x in np.linspace(0, 1, 5) for y in np.linspace(0, 1, 5)])
Floats = NDArray[np.float64]


@dataclass(slots=True, eq=False)
class _Picture:
    number: int
    made: Made
    size: int


class Basemap(QObject):
    """Lays the pictures of one source on the plane of one town; see GroundPictures. Main thread only."""

    changed = Signal()
    """Other pictures are to be painted."""
    told = Signal()
    """What is to be said of it may be something else now."""
    _made = Signal()

    def __init__(self, tiles: TilesDrawn, plane: Plane, colours: MapColours, opacity: float) -> None:
        """Nothing is read before a view asks."""
        super().__init__()
        self.about: About = tiles.about
        self.opacity = opacity
        self.pixel_ratio = 1.0
        self._tiles, self._plane, self._colours = tiles, plane, colours
        self._pictures: OrderedDict[Square, _Picture] = OrderedDict()
        self._size = 0
        self._none: dict[Square, Wrong] = {}
        self._corners: dict[Square, Floats] = {}
        self._laid: dict[tuple[Square, int], Laid] = {}
        self._numbers, self._wanted, self._shown = count(1), tuple[Square, ...](), tuple[Square, ...]()
        self._is_stale, self._numbers_given, self._theme = False, 0, 0
        self._seen: tuple[object, ...] = ()
        self._made.connect(self._take)
        self._workshop = Workshop(self._made.emit)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(REPAINT_PAUSE_MS)
        self._pause.timeout.connect(self._catch_up)
        tiles.come.connect(self._tiles_came)

    def close(self) -> None:
        """End the threads behind it."""
        self._pause.stop()
        self._tiles.close()
        self._workshop.close()

    def set_colours(self, colours: MapColours) -> None:
        """Draw everything in the colours of another theme."""
        if colours is not self._colours:
            self._colours = colours
            self._theme += 1
            self._workshop.replace(())
            self._workshop.taken()
            self._pictures.clear()
            self._laid.clear()
            self._size, self._wanted, self._seen = 0, (), ()

    @property
    def standing(self) -> Standing:
        """How its service does."""
        return self._tiles.standing

    @property
    def counts(self) -> dict[Wrong, int]:
        """How many tiles in memory have no picture, by reason."""
        return {why: list(self._none.values()).count(why) for why in set(self._none.values())}

    @property
    def oldest_s(self) -> float:
        """When the oldest tile in the view was fetched, seconds since 1970; 0 where none came over the network."""
        pictures = (self._pictures.get(square) for square in self._shown)
        return min((each.made.fetched_s for each in pictures if each and each.made.fetched_s), default=0.0)

    @property
    def in_hand(self) -> tuple[Square, ...]:
        """Whose pictures the last view shows."""
        return self._shown

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing more is on its way for the last view."""
        return not self._is_stale and all(square in self._pictures or square in self._none for square in self._wanted)

    @property
    def shows_anything(self) -> bool:
        """Whether the last view had a picture in it."""
        return bool(self._shown)

    # ---- what lies in a view ---------------------------------------------------------------------------------------

    def laid(self, oblique: Oblique, metres_per_pixel: float) -> Sequence[Laid]:
        """What there is at once for a part of the picture."""
        laid = list[Laid]()
        for square in self._in_view(oblique, metres_per_pixel):
            for piece, source in self._pieces(square, {}):
                self._pictures.move_to_end(source)
                laid.append(piece)
        return laid

    def look(self, oblique: Oblique) -> None:
        """Ask for what is missing in the view of now and a little around it; what left the view is asked for no more."""
        seen = (oblique.viewpoint, oblique.width_px, oblique.height_px, len(self._none), self._numbers_given)
        if seen == self._seen:
            return
        self._seen = seen
        around = Oblique(oblique.viewpoint, oblique.width_px + 2 * AROUND_PX, oblique.height_px + 2 * AROUND_PX)
        wanted, shown = dict[Square, None](), dict[Square, None]()
        for square in self._in_view(around, oblique.viewpoint.metres_per_pixel):
            for _, source in self._pieces(square, wanted):
                shown[source] = None
                if self._pictures[source].made.is_old:
                    wanted[source] = None  # it is asked about until the service said whether it is still the same
        if tuple(shown) != self._shown:
            self._shown = tuple(shown)
            self.told.emit()
        self._want(tuple(wanted))

    def _in_view(self, oblique: Oblique, metres_per_pixel: float) -> list[Square]:
        """Squares of the level that suits a scale, those in the middle of the view first."""
        across, down = _RIM[:, 0] * oblique.width_px, _RIM[:, 1] * oblique.height_px
        rim = np.array([oblique.ground(px, py) for px, py in zip(across.tolist(), down.tolist(), strict=True)])
        degrees = self._plane.to_lonlat(rim[:, 0], rim[:, 1])
        level = self._level(metres_per_pixel / self.pixel_ratio)
        while True:
            columns, rows = self._within_bounds(degrees, level)
            if len(columns) * len(rows) <= MOST_SQUARES:
                break
            if level == self.about.lowest:
                return []
            level -= 1
        squares = [Square(level, column, row) for row in rows for column in columns]
        if not squares:
            return []
        corners = self._placed(squares)
        px = oblique.screen(corners[..., 0], corners[..., 1]).reshape(len(squares), -1, 2)
        low, high = px.min(axis=1), px.max(axis=1)
        inside = (high > 0).all(axis=1) & (low < (oblique.width_px, oblique.height_px)).all(axis=1)
        away = np.hypot(*((low + high) / 2 - (oblique.width_px / 2, oblique.height_px / 2)).T)
        return [squares[number] for number in np.argsort(away).tolist() if inside[number]]

    def _level(self, metres_per_pixel: float) -> int:
        """The coarsest level whose pixels are fine enough, of those there are or can be made."""
        cut = self.about.cut
        for level in range(self.about.lowest, self._tiles.highest + 1):
            if cut.metres_per_pixel(level, self._plane.origin.lat) <= metres_per_pixel * SHARPER:
                return level
        return self._tiles.highest

    def _within_bounds(self, degrees: Floats, level: int) -> tuple[range, range]:
        about = self.about
        west, south, east, north = about.bounds
        seen = about.cut.covering(degrees, level, about.datum)
        has = about.cut.covering([(west, south), (east, north)], level, Datum.WGS84)
        return _both(seen[0], has[0]), _both(seen[1], has[1])

    def _placed(self, squares: Sequence[Square]) -> Floats:
        """Plane metres float64[squares, PIECES + 1, PIECES + 1, 2] of the lattices over some squares."""
        missing = [square for square in squares if square not in self._corners]
        if missing:
            if len(self._corners) > 8 * MOST_SQUARES:
                self._corners.clear()
                missing = list(squares)
            degrees = self.about.cut.lattices(missing, PIECES, self.about.datum)
            places = self._plane.to_plane(degrees[..., 0].ravel(), degrees[..., 1].ravel()).reshape(degrees.shape)
            self._corners.update(zip(missing, places, strict=True))
        return np.array([self._corners[square] for square in squares])

    def _pieces(self, square: Square, wanted: dict[Square, None]) -> list[tuple[Laid, Square]]:
        """What is laid on a square, and whose picture: its own, else a part of one above, else what lies below it."""
        if square in self._pictures:
            return [(self._piece(square, square), square)]
        if square not in self._none:
            wanted[square] = None
        above = square
        while above.level > self.about.lowest and self.about.cut.halves(above.level):
            above = above.above(1)
            if above in self._pictures:
                return [(self._piece(square, above), above)]
            if square in self._none and above not in self._none:
                wanted[above] = None
        if not self.about.cut.halves(min(square.level + 1, len(self.about.cut.levels) - 1)):
            return []
        level, column, row = square.level + 1, 2 * square.column, 2 * square.row
        below = [Square(level, column + right, row + low) for right in (0, 1) for low in (0, 1)]
        return [(self._piece(each, each), each) for each in below if each in self._pictures]

    def _piece(self, square: Square, source: Square) -> Laid:
        picture = self._pictures[source]
        key = (square, picture.number)
        if key not in self._laid:
            if len(self._laid) > 8 * MOST_SQUARES:
                self._laid.clear()
            steps = square.level - source.level
            share = 1.0 / (1 << steps)
            left, top = (square.column - (source.column << steps)) * share, (square.row - (source.row << steps)) * share
            image = picture.made.image
            assert image is not None
            part = (left, top, left + share, top + share)
            self._laid[key] = Laid(next(self._numbers), picture.number, image, part, self._placed([square])[0])
        return self._laid[key]

    # ---- what is on its way ----------------------------------------------------------------------------------------

    def _want(self, squares: tuple[Square, ...]) -> None:
        if squares == self._wanted:
            return
        self._wanted = squares
        if self._tiles.is_file:
            self._workshop.replace(
                [Job(square, partial(self._tiles.made, square, self._colours), theme=self._theme) for square in squares]
            )
        else:
            self._tiles.want(squares)

    def _tiles_came(self) -> None:
        """Tiles of a service are there: those that are still wanted become pictures."""
        for brought in self._tiles.taken():
            for square in self._tiles.drawn_from(brought.square, (*self._wanted, *self._shown)):
                held = self._pictures.get(square)
                if brought.is_same and held is not None:
                    held.made = Made(square, held.made.image, None, brought.fetched_s, brought.is_old)
                elif brought.data:
                    make = partial(self._tiles.made_of, square, brought.data, self._colours)
                    self._workshop.add(Job(square, make, brought.fetched_s, brought.is_old, self._theme))
                else:
                    self._note(square, Wrong.MISSING)
                    self._is_stale = True
        self._look_again()
        self.told.emit()

    def _take(self) -> None:
        """Pictures are made."""
        for made in self._workshop.taken():
            if made.theme != self._theme:
                self._wanted, self._seen = (), ()  # it was under way when the colours changed: once more
            elif made.image is None:
                self._note(made.square, made.why or Wrong.MISSING)
            else:
                self._none.pop(made.square, None)
                self._put(made)
            self._is_stale = True
        self._look_again()
        self.told.emit()

    def _note(self, square: Square, why: Wrong) -> None:
        """There is no picture of a square: it is asked for no more, until there are very many of them."""
        if len(self._none) > MOST_NOTED:
            self._none.clear()
        self._none[square] = why

    def _put(self, made: Made) -> None:
        assert made.image is not None
        if (before := self._pictures.pop(made.square, None)) is not None:
            self._size -= before.size
        self._numbers_given = next(self._numbers)
        picture = _Picture(self._numbers_given, made, made.image.sizeInBytes())
        self._pictures[made.square] = picture
        self._size += picture.size
        while self._size > MOST_IMAGE_BYTES and next(iter(self._pictures)) not in self._shown:
            self._size -= self._pictures.popitem(last=False)[1].size

    def _look_again(self) -> None:
        """Have it painted, at most once in a while."""
        if self._is_stale and not self._pause.isActive():
            self._catch_up()

    def _catch_up(self) -> None:
        if self._is_stale:
            self._is_stale = False
            self._pause.start()
            self.changed.emit()


def _both(one: range, other: range) -> range:
    return range(max(one.start, other.start), min(one.stop, other.stop))
