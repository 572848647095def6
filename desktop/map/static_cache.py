"""The picture of everything that stands still, kept with a margin so that a pan only moves it.

Edges are smoothed by one pass over the finished picture (FXAA, after T. Lottes 2009) once the view stands still:
four samples a pixel took half a second and 100 MB on a machine without a graphics card.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from OpenGL import GL

from desktop.map.graphics import GraphicsFailed, Uniforms, program
from desktop.map.oblique import Oblique
from desktop.map.viewpoint import Viewpoint

MARGIN_PX = 160


@dataclass(frozen=True, slots=True)
class Held:
    """What the cache holds: from which viewpoint, of which version, how well drawn."""

    viewpoint: Viewpoint
    version: tuple[int, float, tuple[bool, ...]]
    loads: int
    """Which load of the grids it shows."""
    margin_px: int
    """How far beyond the picture it is valid, 0 while the officer turns or zooms."""
    smooth: bool
    """Whether edges were smoothed and ids written."""


class StaticCache:
    """A framebuffer with colour, id and depth, larger than the picture by a margin on each side."""

    def __init__(self, width: int, height: int, coarseness: int = 1) -> None:
        """Make the framebuffers for a picture of that many device pixels; the context is current.

        What is shown while the view moves is drawn with one pixel for `coarseness` by `coarseness` of them.
        """
        self.width, self.height, self.coarseness = width, height, coarseness
        self.quick_width, self.quick_height = -(-width // coarseness), -(-height // coarseness)
        self.full_width, self.full_height = width + 2 * MARGIN_PX, height + 2 * MARGIN_PX
        self.held: Held | None = None
        self._textures: list[int] = []
        colour = (GL.GL_COLOR_ATTACHMENT0, GL.GL_RGBA8, GL.GL_RGBA, GL.GL_UNSIGNED_BYTE)
        ids = (GL.GL_COLOR_ATTACHMENT1, GL.GL_R32UI, GL.GL_RED_INTEGER, GL.GL_UNSIGNED_INT)
        depth = (GL.GL_DEPTH_ATTACHMENT, GL.GL_DEPTH_COMPONENT24, GL.GL_DEPTH_COMPONENT, GL.GL_UNSIGNED_INT)
        whole = (self.full_width, self.full_height)
        self._plain = self._framebuffer((colour, ids, depth), *whole)
        self._smooth = self._framebuffer((colour,), *whole)
        self._quick = self._framebuffer((colour, depth), self.quick_width, self.quick_height)
        self._program = program("smooth")
        self._uniforms = Uniforms(self._program)
        self._corners = int(GL.glGenVertexArrays(1))

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

    def part_of(self, frame_px: NDArray[np.float64]) -> tuple[int, int, int, int] | None:
        """Left, top, right, bottom of the part of the cache around pixels float64[n, 2]; None where none of it is inside."""
        rim = 4
        left, top = (np.floor(frame_px.min(axis=0)).astype(int) - rim).clip(0).tolist()
        right, bottom = np.ceil(frame_px.max(axis=0)).astype(int) + rim
        right, bottom = min(int(right), self.full_width), min(int(bottom), self.full_height)
        return (left, top, right, bottom) if left < right and top < bottom else None

    def only(self, part: tuple[int, int, int, int] | None) -> None:
        """Let drawing reach only a part (left, top, right, bottom, y down); None lifts that."""
        if part is None:
            GL.glDisable(GL.GL_SCISSOR_TEST)
            return
        left, top, right, bottom = part
        GL.glEnable(GL.GL_SCISSOR_TEST)
        GL.glScissor(left, self.full_height - bottom, right - left, bottom - top)

    def offset_px(self, viewpoint: Viewpoint) -> tuple[int, int]:
        """By how many device pixels (right, up) a viewpoint of the same shape lies from the one held."""
        if self.held is None:
            return (0, 0)
        px = Oblique(self.held.viewpoint, 0, 0).screen(viewpoint.x, viewpoint.y)
        return (round(float(px[0]) - 0.5), round(0.5 - float(px[1])))

    def serves(self, viewpoint: Viewpoint, version: tuple[int, float, tuple[bool, ...]]) -> bool:
        """Whether the picture held can be shown for a viewpoint as it is."""
        if self.held is None or self.held.version != version or self.held.viewpoint.shape != viewpoint.shape:
            return False
        right, up = self.offset_px(viewpoint)
        return abs(right) <= self.held.margin_px and abs(up) <= self.held.margin_px

    def begin(self, ground: tuple[float, float, float], *, moving: bool) -> None:
        """Bind and clear for drawing; while the view moves the picture alone is drawn, coarsely and without ids."""
        GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, self._quick if moving else self._plain)
        if moving:
            GL.glViewport(0, 0, self.quick_width, self.quick_height)
        else:
            GL.glViewport(0, 0, self.full_width, self.full_height)
        self.write_ids(not moving)
        GL.glDepthMask(True)
        GL.glClearBufferfv(GL.GL_COLOR, 0, np.array([*ground, 1.0], np.float32))
        if not moving:
            GL.glClearBufferuiv(GL.GL_COLOR, 1, np.zeros(4, np.uint32))
        GL.glClearBufferfv(GL.GL_DEPTH, 0, np.ones(1, np.float32))

    @staticmethod
    def write_ids(wanted: bool) -> None:
        """Let the layers that follow write ids as well as colour, or colour only."""
        both = [GL.GL_COLOR_ATTACHMENT0, GL.GL_COLOR_ATTACHMENT1]
        GL.glDrawBuffers(2 if wanted else 1, both if wanted else both[:1])

    def smooth_edges(self) -> None:
        """Make the smoothed picture from the plain one."""
        GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, self._smooth)
        GL.glDisable(GL.GL_DEPTH_TEST)
        GL.glDisable(GL.GL_BLEND)
        GL.glActiveTexture(GL.GL_TEXTURE0)
        GL.glBindTexture(GL.GL_TEXTURE_2D, self._textures[0])
        GL.glUseProgram(self._program)
        GL.glUniform1i(self._uniforms["plain"], 0)
        GL.glUniform2f(self._uniforms["texel"], 1.0 / self.full_width, 1.0 / self.full_height)
        GL.glBindVertexArray(self._corners)
        GL.glDrawArrays(GL.GL_TRIANGLES, 0, 3)

    def show(self, target: int, offset: tuple[int, int]) -> None:
        """Copy the part for an offset to the target framebuffer and leave that bound for drawing."""
        smooth = self.held is not None and self.held.smooth
        left, low, wide, high = MARGIN_PX + offset[0], MARGIN_PX + offset[1], self.width, self.height
        if not smooth:
            left, low, wide, high = 0, 0, self.quick_width, self.quick_height
        GL.glBindFramebuffer(GL.GL_READ_FRAMEBUFFER, self._smooth if smooth else self._quick)
        GL.glReadBuffer(GL.GL_COLOR_ATTACHMENT0)
        GL.glBindFramebuffer(GL.GL_DRAW_FRAMEBUFFER, target)
        GL.glBlitFramebuffer(
            left,
            low,
            left + wide,
            low + high,
            0,
            0,
            self.width,
            self.height,
            GL.GL_COLOR_BUFFER_BIT,
            GL.GL_NEAREST if smooth or self.coarseness == 1 else GL.GL_LINEAR,
        )
        GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, target)
        GL.glViewport(0, 0, self.width, self.height)

    def id_at(self, x: int, y: int, offset: tuple[int, int]) -> int:
        """Value of the id buffer at a device pixel of the picture, y down."""
        GL.glBindFramebuffer(GL.GL_READ_FRAMEBUFFER, self._plain)
        GL.glReadBuffer(GL.GL_COLOR_ATTACHMENT1)
        value = np.zeros(1, np.uint32)
        left, low = MARGIN_PX + offset[0] + x, MARGIN_PX + offset[1] + self.height - 1 - y
        GL.glReadPixels(left, low, 1, 1, GL.GL_RED_INTEGER, GL.GL_UNSIGNED_INT, value)
        return int(value[0])
