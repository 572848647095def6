"""Tiles on the graphics card: brought there when they are first in the picture, given back when others need the room.

The canvas's context must be current.
"""

from __future__ import annotations

import ctypes
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from OpenGL import GL

from desktop.map.graphics import METER, Attribute, Uniforms, point_at, uploaded
from desktop.map.tiles import CORNER, SECOND, TiledPieces, TiledRings, Tiles

MOST_BYTES = 96_000_000
"""What all tiles together may take before those not seen longest go."""

_CORNERS = (Attribute(0, 2, GL.GL_UNSIGNED_SHORT, 0), Attribute(1, 1, GL.GL_UNSIGNED_INT, 4, whole=True))
_EDGES = (
    *_CORNERS,
    Attribute(2, 2, GL.GL_UNSIGNED_SHORT, CORNER.itemsize),
    Attribute(3, 1, GL.GL_UNSIGNED_INT, 8, whole=True),
)
BORDER = np.dtype([("start", "<u2", 2), ("owner", "<u4"), ("end", "<u2", 2), ("other", "<u4")])
_BORDERS = (
    *_CORNERS,
    Attribute(2, 2, GL.GL_UNSIGNED_SHORT, 8),
    Attribute(3, 1, GL.GL_UNSIGNED_INT, 12, whole=True),
)
_PIECES = (
    Attribute(0, 2, GL.GL_UNSIGNED_SHORT, 0),
    Attribute(1, 2, GL.GL_UNSIGNED_SHORT, 4),
    Attribute(2, 1, GL.GL_UNSIGNED_INT, 8, whole=True),
)
_INDEX_TYPES = {2: GL.GL_UNSIGNED_SHORT, 4: GL.GL_UNSIGNED_INT}
Key = tuple[int, int]


@dataclass(slots=True, eq=False)
class Card:
    """One tile, uploaded: vertex arrays for its fill and its edges, and how much each draws."""

    buffers: list[int]
    fill: int
    edges: int
    indices: int
    instances: int
    size: int
    seen: int = 0


class Shelf:
    """All tiles of one context, the one seen last at the end."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        """Nothing is there yet."""
        self._most_bytes = most_bytes
        self._cards: OrderedDict[Key, Card] = OrderedDict()
        self._frame = 0
        self._shelves = 0
        self.size = 0
        """Bytes that all tiles take."""

    def __len__(self) -> int:
        """How many tiles are there."""
        return len(self._cards)

    def place(self) -> int:
        """A number for one more set of tiles."""
        self._shelves += 1
        return self._shelves

    def find(self, key: Key) -> Card | None:
        """A tile that is there, seen now."""
        card = self._cards.get(key)
        if card is not None:
            card.seen = self._frame
            self._cards.move_to_end(key)
        return card

    def put(self, key: Key, card: Card) -> Card:
        """One more tile."""
        card.seen = self._frame
        self._cards[key] = card
        self.size += card.size
        return card

    def trim(self) -> None:
        """After a picture: while there is too much, what was not in it goes, the longest unseen first."""
        while self.size > self._most_bytes:
            key, card = next(iter(self._cards.items()))
            if card.seen == self._frame:
                break
            self._drop(key)
        self._frame += 1

    def clear(self, place: int) -> None:
        """Every tile of one set goes."""
        for key in [key for key in self._cards if key[0] == place]:
            self._drop(key)

    def _drop(self, key: Key) -> None:
        card = self._cards.pop(key)
        self.size -= card.size
        GL.glDeleteVertexArrays(2, [card.fill, card.edges])
        GL.glDeleteBuffers(len(card.buffers), card.buffers)


class _OnCard:
    """Tiles that are drawn one after the other; `tile` is a uniform vec3 of origin and step."""

    def __init__(self, tiles: Tiles, shelf: Shelf) -> None:
        self.tiles, self._shelf, self._place = tiles, shelf, shelf.place()
        self._frames = np.column_stack([tiles.origins, tiles.steps_m]).tolist()

    def delete(self) -> None:
        """Give everything back."""
        self._shelf.clear(self._place)

    def _made(self, number: int) -> Card:
        raise NotImplementedError

    def _cards(self, numbers: Iterable[int], uniforms: Uniforms) -> Iterable[Card]:
        at = uniforms["tile"]
        for number in numbers:
            key = (self._place, number)
            card = self._shelf.find(key) or self._shelf.put(key, self._made(number))
            GL.glUniform3f(at, *self._frames[number])
            yield card

    def _strips(self, numbers: NDArray[np.int64], uniforms: Uniforms) -> int:
        """Two triangles for every instance of some tiles."""
        calls = 0
        for card in self._cards(numbers.tolist(), uniforms):
            GL.glBindVertexArray(card.edges)
            GL.glDrawArraysInstanced(GL.GL_TRIANGLE_STRIP, 0, 4, card.instances)
            METER.triangles += 2 * card.instances
            calls += 1
        return calls


def _of_instances(records: NDArray[np.void], attributes: tuple[Attribute, ...], count: int) -> Card:
    """A tile of which so many records are drawn, an instance each."""
    buffer = uploaded(records)
    array = int(GL.glGenVertexArrays(1))
    GL.glBindVertexArray(array)
    point_at(buffer, records.dtype.itemsize, attributes, divisor=1)
    GL.glBindVertexArray(0)
    return Card([buffer], array, array, 0, count, records.nbytes)


class RingTiles(_OnCard):
    """Rings: their fill by triangles, their edges by instances that know their two ends."""

    def __init__(self, rings: TiledRings, shelf: Shelf) -> None:
        """Nothing is uploaded before it is drawn."""
        super().__init__(rings.tiles, shelf)
        self.rings = rings

    def _made(self, number: int) -> Card:
        part = self.rings.tiles.part(number)
        triangles = self.rings.triangles[self.rings.triangle_first[number] : self.rings.triangle_first[number + 1]]
        corners = uploaded(self.rings.corners[part])
        fill = int(GL.glGenVertexArrays(1))
        GL.glBindVertexArray(fill)
        point_at(corners, CORNER.itemsize, _CORNERS)
        indices = uploaded(triangles, GL.GL_ELEMENT_ARRAY_BUFFER)
        edges = int(GL.glGenVertexArrays(1))
        GL.glBindVertexArray(edges)
        point_at(corners, CORNER.itemsize, _EDGES, divisor=1)
        GL.glBindVertexArray(0)
        count = part.stop - part.start
        return Card([corners, indices], fill, edges, triangles.size, count - 1, count * CORNER.itemsize + triangles.nbytes)

    def fill(self, numbers: NDArray[np.int64], uniforms: Uniforms) -> int:
        """Draw the surfaces of some tiles; the number of draw calls comes back."""
        kind = _INDEX_TYPES[self.rings.triangles.itemsize]
        calls = 0
        for card in self._cards(numbers.tolist(), uniforms):
            GL.glBindVertexArray(card.fill)
            GL.glDrawElements(GL.GL_TRIANGLES, card.indices, kind, ctypes.c_void_p(0))
            METER.triangles += card.indices // 3
            calls += 1
        return calls

    def edges(self, numbers: NDArray[np.int64], uniforms: Uniforms) -> int:
        """Draw one strip of two triangles for every edge of some tiles; the number of draw calls comes back."""
        return self._strips(numbers, uniforms)


class BorderTiles(_OnCard):
    """Those edges of rings of grids on whose two sides something greater is different: borders of streets, of communities."""

    def __init__(self, rings: TiledRings, above: NDArray[np.int64], shelf: Shelf) -> None:
        """`above` int64[grids] is the number of what each grid lies in; nothing is uploaded before it is drawn."""
        super().__init__(rings.tiles, shelf)
        self._rings, self._above = rings, above

    def _made(self, number: int) -> Card:
        corners = self._rings.corners[self._rings.tiles.part(number)]
        begin = self._rings.borders_in(number, self._above)
        begin = begin[(corners["other"][begin] & SECOND) == 0]
        edges = np.zeros(max(len(begin), 1), BORDER)
        if len(begin):
            edges["start"], edges["end"] = corners["place"][begin], corners["place"][begin + 1]
            edges["owner"], edges["other"] = corners["owner"][begin], corners["other"][begin]
        return _of_instances(edges, _BORDERS, len(begin))

    def edges(self, numbers: NDArray[np.int64], uniforms: Uniforms) -> int:
        """Draw one strip of two triangles for every edge of some tiles; the number of draw calls comes back."""
        return self._strips(numbers, uniforms)


class PieceTiles(_OnCard):
    """Pieces of road, an instance each."""

    def __init__(self, pieces: TiledPieces, shelf: Shelf) -> None:
        """Nothing is uploaded before it is drawn."""
        super().__init__(pieces.tiles, shelf)
        self._pieces = pieces

    def __len__(self) -> int:
        """How many pieces there are."""
        return len(self._pieces)

    def _made(self, number: int) -> Card:
        part = self._pieces.pieces[self.tiles.part(number)]
        return _of_instances(part, _PIECES, len(part))

    def draw(self, numbers: NDArray[np.int64], uniforms: Uniforms) -> int:
        """Draw the pieces of some tiles; the number of draw calls comes back."""
        return self._strips(numbers, uniforms)
