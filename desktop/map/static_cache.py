"""The picture of everything that stands still, kept while the map is panned: only what comes into sight is drawn.

Edges are smoothed by one pass over the finished picture (FXAA, after T. Lottes 2009) once the view stands still:
four samples a pixel took half a second and 100 MB on a machine without a graphics card.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from OpenGL import GL

from desktop.map.graphics import GraphicsFailed, Uniforms, program
from desktop.map.oblique import Oblique
from desktop.map.torus import Part, Torus
from desktop.map.viewpoint import Viewpoint

AHEAD_PX = 192
"""How far beyond the picture a pan draws at once, so that it need not draw in every frame."""

SPARE = 4
"""The picture may become so many times smaller before the textures are made anew: drivers hold on to textures that were deleted
(llvmpipe until it works at as many pictures at once again: up to 90 MB), and a window changes its size often."""

RIM_PX = 8
"""What is drawn around the picture, so that its edges are smoothed by what lies behind them."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the cache holds: counted from the frame of which viewpoint, of which version, how well drawn."""

    viewpoint: Viewpoint
    version: tuple[int, float, tuple[bool, ...]]
    loads: int
    """Which load of the grids it shows."""
    filled: Part | None
    """What of the endless picture is there, smooth and with ids; None while the officer turns or zooms."""

    @property
    def smooth(self) -> bool:
        """Whether edges were smoothed and ids written."""
        return self.filled is not None


class StaticCache:
    """A framebuffer with colour, id and depth, larger than the picture and wrapping around."""

    def __init__(self, width: int, height: int, coarseness: int = 1, room: tuple[int, int] = (0, 0)) -> None:
        """Make the framebuffers for a picture of that many device pixels, with at least that much room; the context is current.

        What is shown while the view moves is drawn with one pixel for `coarseness` by `coarseness` of them.
        """
        self.coarseness, self.room = coarseness, (max(width, room[0]), max(height, room[1]))
        around = AHEAD_PX + 2 * RIM_PX
        self.torus = Torus(self.room[0] + around, self.room[1] + around, RIM_PX)
        self.resize(*self.room)
        self._textures: list[int] = []
        colour = (GL.GL_COLOR_ATTACHMENT0, GL.GL_RGBA8, GL.GL_RGBA, GL.GL_UNSIGNED_BYTE)
        ids = (GL.GL_COLOR_ATTACHMENT1, GL.GL_R32UI, GL.GL_RED_INTEGER, GL.GL_UNSIGNED_INT)
        depth = (GL.GL_DEPTH_ATTACHMENT, GL.GL_DEPTH_COMPONENT24, GL.GL_DEPTH_COMPONENT, GL.GL_UNSIGNED_INT)
        whole = (self.torus.wide, self.torus.tall)
        self._plain = self._framebuffer((colour, ids, depth), *whole)
        self._smooth = self._framebuffer((colour,), *whole)
        self._quick = self._framebuffer((colour, depth), self.quick_width, self.quick_height)
        self._program = program("smooth")
        self._uniforms = Uniforms(self._program)
        self._corners = int(GL.glGenVertexArrays(1))
        self.resize(width, height)

    def resize(self, width: int, height: int) -> None:
        """Begin anew with a picture of another size that there is room for."""
        self.width, self.height = width, height
        self.quick_width, self.quick_height = -(-width // self.coarseness), -(-height // self.coarseness)
        self.held: Held | None = None

    def has_room_for(self, width: int, height: int) -> bool:
        """Whether a picture of that size finds room, and does not leave most of it empty."""
        return width <= self.room[0] and height <= self.room[1] and self.is_worth(width, height)

    def is_worth(self, width: int, height: int) -> bool:
        """Whether a picture of that size uses enough of the room there is."""
        return width * height * SPARE >= self.room[0] * self.room[1]

    def _framebuffer(self, wanted: tuple[tuple[int, int, int, int], ...], width: int, height: int) -> int:
        framebuffer = int(GL.glGenFramebuffers(1))
        GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, framebuffer)
        for attachment, inner, outer, sort in wanted:
            texture = int(GL.glGenTextures(1))
            self._textures.append(texture)
            GL.glBindTexture(GL.GL_TEXTURE_2D, texture)
            GL.glTexImage2D(GL.GL_TEXTURE_2D, 0, inner, width, height, 0, outer, sort, None)
            smooth = GL.GL_LINEAR if attachment == GL.GL_COLOR_ATTACHMENT0 else GL.GL_NEAREST
            for parameter in (GL.GL_TEXTURE_MIN_FILTER, GL.GL_TEXTURE_MAG_FILTER):
                GL.glTexParameteri(GL.GL_TEXTURE_2D, parameter, smooth)
            for parameter in (GL.GL_TEXTURE_WRAP_S, GL.GL_TEXTURE_WRAP_T):
                GL.glTexParameteri(GL.GL_TEXTURE_2D, parameter, GL.GL_REPEAT)
            GL.glFramebufferTexture2D(GL.GL_FRAMEBUFFER, attachment, GL.GL_TEXTURE_2D, texture, 0)
        status = GL.glCheckFramebufferStatus(GL.GL_FRAMEBUFFER)
        if status != GL.GL_FRAMEBUFFER_COMPLETE:
            raise GraphicsFailed(f"framebuffer is not complete: {int(status):#x}")
        return framebuffer

    def delete(self) -> None:
        """Give the memory back; the context is current."""
        GL.glDeleteFramebuffers(3, [self._plain, self._smooth, self._quick])
        GL.glDeleteTextures(self._textures)
        GL.glDeleteProgram(self._program)
        GL.glDeleteVertexArrays(1, [self._corners])

    def seen(self, offset: tuple[int, int]) -> Part:
        """What of the endless picture a frame shows that lies so many pixels right and up of the first."""
        return Part(offset[0], offset[1], offset[0] + self.width, offset[1] + self.height)

    def offset_px(self, viewpoint: Viewpoint) -> tuple[int, int]:
        """By how many device pixels (right, up) a viewpoint of the same shape lies from the one held."""
        if self.held is None:
            return (0, 0)
        px = Oblique(self.held.viewpoint, 0, 0).screen(viewpoint.x, viewpoint.y)
        return (round(float(px[0]) - 0.5), round(0.5 - float(px[1])))

    def serves(self, viewpoint: Viewpoint, version: tuple[int, float, tuple[bool, ...]]) -> bool:
        """Whether what is held belongs to the picture of a viewpoint; parts of that may be missing."""
        if self.held is None or self.held.version != version or self.held.viewpoint.shape != viewpoint.shape:
            return False
        return self.held.smooth or self.offset_px(viewpoint) == (0, 0)

    def begin(self, ground: tuple[float, float, float], piece: Part | None) -> None:
        """Bind and clear for drawing one piece that crosses no edge of the texture.

        None is the whole frame while the view moves: the picture alone, coarsely and without ids. Where nothing but the
        piece is held all is cleared at once, which costs drivers less than clearing a part.
        """
        assert self.held is not None
        GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, self._quick if piece is None else self._plain)
        if piece is None:
            GL.glViewport(0, 0, self.quick_width, self.quick_height)
        else:
            GL.glViewport(*self.torus.corner(piece.left, piece.low), piece.wide, piece.tall)
            if piece != self.held.filled:
                self._only(piece)
        self.write_ids(piece is not None)
        GL.glDepthMask(True)
        GL.glClearBufferfv(GL.GL_COLOR, 0, np.array([*ground, 1.0], np.float32))
        if piece is not None:
            GL.glClearBufferuiv(GL.GL_COLOR, 1, np.zeros(4, np.uint32))
        GL.glClearBufferfv(GL.GL_DEPTH, 0, np.ones(1, np.float32))

    def _only(self, piece: Part) -> None:
        """Let drawing reach only one piece."""
        GL.glEnable(GL.GL_SCISSOR_TEST)
        GL.glScissor(*self.torus.corner(piece.left, piece.low), piece.wide, piece.tall)

    @staticmethod
    def end() -> None:
        """Drawing reaches everything again."""
        GL.glDisable(GL.GL_SCISSOR_TEST)

    @staticmethod
    def write_ids(wanted: bool) -> None:
        """Let the layers that follow write ids as well as colour, or colour only."""
        both = [GL.GL_COLOR_ATTACHMENT0, GL.GL_COLOR_ATTACHMENT1]
        GL.glDrawBuffers(2 if wanted else 1, both if wanted else both[:1])

    def smooth_edges(self, part: Part) -> None:
        """Make a part of the smoothed picture from the plain one."""
        GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, self._smooth)
        GL.glViewport(0, 0, self.torus.wide, self.torus.tall)
        GL.glDisable(GL.GL_DEPTH_TEST)
        GL.glDisable(GL.GL_BLEND)
        GL.glActiveTexture(GL.GL_TEXTURE0)
        GL.glBindTexture(GL.GL_TEXTURE_2D, self._textures[0])
        GL.glUseProgram(self._program)
        GL.glUniform1i(self._uniforms["plain"], 0)
        GL.glUniform2i(self._uniforms["size"], self.torus.wide, self.torus.tall)
        GL.glBindVertexArray(self._corners)
        for piece in self.torus.pieces(part):
            self._only(piece)
            GL.glDrawArrays(GL.GL_TRIANGLES, 0, 3)
        self.end()

    def show(self, target: int, offset: tuple[int, int]) -> None:
        """Copy the frame of an offset to the target framebuffer and leave that bound for drawing."""
        smooth = self.held is not None and self.held.smooth
        GL.glBindFramebuffer(GL.GL_READ_FRAMEBUFFER, self._smooth if smooth else self._quick)
        GL.glReadBuffer(GL.GL_COLOR_ATTACHMENT0)
        GL.glBindFramebuffer(GL.GL_DRAW_FRAMEBUFFER, target)
        if smooth:
            for piece in self.torus.pieces(self.seen(offset)):
                left, low = self.torus.corner(piece.left, piece.low)
                to = (piece.left - offset[0], piece.low - offset[1], piece.right - offset[0], piece.high - offset[1])
                _copy((left, low, left + piece.wide, low + piece.tall), to, GL.GL_NEAREST)
        else:
            sort = GL.GL_NEAREST if self.coarseness == 1 else GL.GL_LINEAR
            _copy((0, 0, self.quick_width, self.quick_height), (0, 0, self.width, self.height), sort)
        GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, target)
        GL.glViewport(0, 0, self.width, self.height)

    def id_at(self, x: int, y: int, offset: tuple[int, int]) -> int:
        """Value of the id buffer at a device pixel of the frame, y down."""
        GL.glBindFramebuffer(GL.GL_READ_FRAMEBUFFER, self._plain)
        GL.glReadBuffer(GL.GL_COLOR_ATTACHMENT1)
        value = np.zeros(1, np.uint32)
        left, low = self.torus.corner(offset[0] + x, offset[1] + self.height - 1 - y)
        GL.glReadPixels(left, low, 1, 1, GL.GL_RED_INTEGER, GL.GL_UNSIGNED_INT, value)
        return int(value[0])


def _copy(source: tuple[int, int, int, int], to: tuple[int, int, int, int], sort: int) -> None:
    GL.glBlitFramebuffer(*source, *to, GL.GL_COLOR_BUFFER_BIT, sort)
