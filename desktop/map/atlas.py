"""One texture that holds every small picture on the map."""

from __future__ import annotations

import numpy as np
from OpenGL import GL

from desktop.map.sprites import Look, Size, Sprite, Sprites

ATLAS_PX = 2048


class AtlasFull(RuntimeError):
    """No room is left; empty the atlas and lay out anew."""


class Shelves:
    """Packs boxes into a square, row by row."""

    def __init__(self, side_px: int) -> None:
        """An empty square."""
        self._side = side_px
        self._x = self._y = self._row_height = 0

    def place(self, width: int, height: int) -> tuple[int, int]:
        """Top left corner for a box, with a pixel of air; AtlasFull where it does not fit."""
        if self._x + width + 1 > self._side:
            self._x, self._y, self._row_height = 0, self._y + self._row_height + 1, 0
        if self._y + height + 1 > self._side or width + 1 > self._side:
            raise AtlasFull
        corner = (self._x, self._y)
        self._x += width + 1
        self._row_height = max(self._row_height, height)
        return corner


class Atlas:
    """Pictures uploaded side by side; the context must be current."""

    def __init__(self, sprites: Sprites) -> None:
        """An empty texture for the pictures of one theme."""
        self.side_px = ATLAS_PX
        self._texture = int(GL.glGenTextures(1))
        GL.glBindTexture(GL.GL_TEXTURE_2D, self._texture)
        GL.glTexImage2D(GL.GL_TEXTURE_2D, 0, GL.GL_RGBA8, ATLAS_PX, ATLAS_PX, 0, GL.GL_RGBA, GL.GL_UNSIGNED_BYTE, None)
        for parameter in (GL.GL_TEXTURE_MIN_FILTER, GL.GL_TEXTURE_MAG_FILTER):
            GL.glTexParameteri(GL.GL_TEXTURE_2D, parameter, GL.GL_NEAREST)
        self.start_over(sprites)

    def start_over(self, sprites: Sprites) -> None:
        """Forget everything, for another theme or because it was full."""
        self.sprites = sprites
        self._shelves = Shelves(self.side_px)
        self._cells: dict[Look, tuple[int, int, Size]] = {}

    def cell(self, look: Look) -> tuple[int, int, Size]:
        """Corner of a picture in the texture, and its size; the picture itself need not be kept."""
        found = self._cells.get(look)
        if found is None:
            sprite = self.sprites.sprite(look)
            x, y = self._shelves.place(sprite.image.width(), sprite.image.height())
            self._upload(sprite, x, y)
            found = self._cells[look] = (x, y, self.sprites.size(look))
        return found

    def _upload(self, sprite: Sprite, x: int, y: int) -> None:
        image = sprite.image
        pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        pixels = np.ascontiguousarray(pixels[:, : image.width() * 4])
        GL.glBindTexture(GL.GL_TEXTURE_2D, self._texture)
        GL.glPixelStorei(GL.GL_UNPACK_ALIGNMENT, 4)
        GL.glTexSubImage2D(GL.GL_TEXTURE_2D, 0, x, y, image.width(), image.height(), GL.GL_RGBA, GL.GL_UNSIGNED_BYTE, pixels)

    def bind(self, unit: int) -> None:
        """Make the texture readable at a unit."""
        GL.glActiveTexture(GL.GL_TEXTURE0 + unit)
        GL.glBindTexture(GL.GL_TEXTURE_2D, self._texture)
