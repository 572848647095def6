"""Rectangles of an endless picture kept in a texture that wraps around; no Qt, no OpenGL.

The picture is counted in whole pixels, x right and y up, from the lower left corner of the frame it began with. A pixel lies in
the texture at its number modulo the texture's size, so a pan moves nothing: what comes into sight is drawn over what went out.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Part:
    """A rectangle of whole pixels: left and low belong to it, right and high do not."""

    left: int
    low: int
    right: int
    high: int

    @property
    def wide(self) -> int:
        """Pixels across."""
        return self.right - self.left

    @property
    def tall(self) -> int:
        """Pixels up."""
        return self.high - self.low

    @property
    def is_empty(self) -> bool:
        """Whether no pixel belongs to it."""
        return self.wide <= 0 or self.tall <= 0

    def holds(self, other: Part) -> bool:
        """Whether every pixel of the other is one of this."""
        inside = self.left <= other.left and self.low <= other.low
        return inside and self.right >= other.right and self.high >= other.high

    def shared_with(self, other: Part) -> Part:
        """The pixels of both; empty where there are none."""
        return Part(
            max(self.left, other.left), max(self.low, other.low), min(self.right, other.right), min(self.high, other.high)
        )

    def wider(self, rim: int) -> Part:
        """So many pixels more on each side."""
        return Part(self.left - rim, self.low - rim, self.right + rim, self.high + rim)

    def without(self, other: Part) -> tuple[Part, ...]:
        """What remains when the pixels of the other are taken away: at most four rectangles that share no pixel."""
        cut = self.shared_with(other)
        if cut.is_empty:
            return () if self.is_empty else (self,)
        sides = (
            Part(self.left, self.low, self.right, cut.low),
            Part(self.left, cut.high, self.right, self.high),
            Part(self.left, cut.low, cut.left, cut.high),
            Part(cut.right, cut.low, self.right, cut.high),
        )
        return tuple(side for side in sides if not side.is_empty)


@dataclass(frozen=True, slots=True)
class Torus:
    """A texture so wide and tall whose edges meet; its corner holds the pixel that lies `rim` before the first on both axes."""

    wide: int
    tall: int
    rim: int = 0

    def pieces(self, part: Part) -> list[Part]:
        """A part no larger than the texture, cut where it crosses an edge: at most four pieces."""
        columns = _cuts(part.left, part.right, self.wide, self.rim)
        rows = _cuts(part.low, part.high, self.tall, self.rim)
        return [Part(left, low, right, high) for low, high in pairwise(rows) for left, right in pairwise(columns)]

    def corner(self, x: int, y: int) -> tuple[int, int]:
        """Where in the texture a pixel of the picture lies."""
        return (x + self.rim) % self.wide, (y + self.rim) % self.tall

    def kept(self, filled: Part, wanted: Part, ahead: int) -> Part:
        """What the texture is to hold so that `wanted` is in it: `ahead` more on the side it grows, less on the other.

        All of `filled` stays that there is room for.
        """
        left, right = _span(filled.left, filled.right, wanted.left, wanted.right, self.wide, ahead)
        low, high = _span(filled.low, filled.high, wanted.low, wanted.high, self.tall, ahead)
        return Part(left, low, right, high)


def _cuts(first: int, last: int, size: int, rim: int) -> list[int]:
    edge = ((first + rim) // size + 1) * size - rim
    return [first, edge, last] if first < edge < last else [first, last]


def _span(held: int, held_end: int, asked: int, asked_end: int, size: int, ahead: int) -> tuple[int, int]:
    """One axis of `kept`."""
    ahead = min(ahead, size - (asked_end - asked))
    if held_end <= asked or held >= asked_end:
        return asked, asked_end
    first = asked - ahead if asked < held else held
    last = asked_end + ahead if asked_end > held_end else held_end
    if last - first > size:  # the side that is not asked for gives way
        if asked_end > held_end:
            first = last - size
        else:
            last = first + size
    return first, last
