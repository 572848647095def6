"""The lines of long tracks in a picture of their own, where the processor draws: it moves with the map and grows as they play.

The canvas's context must be current.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from OpenGL import GL

from desktop.map.graphics import GraphicsFailed, Uniforms, mix_opaquely, program
from desktop.map.layer import SHEET_UNIT, Frame
from desktop.map.oblique import Oblique

MARGIN_PX = 120


class TrackPicture:
    """A framebuffer with colour and opacity, larger than the picture by a margin on each side."""

    def __init__(self) -> None:
        """Nothing is held."""
        self._program = program("crowd")
        self._uniforms = Uniforms(self._program)
        self._array = int(GL.glGenVertexArrays(1))
        self._framebuffer, self._texture = int(GL.glGenFramebuffers(1)), int(GL.glGenTextures(1))
        self._held: Oblique | None = None
        self._key: tuple[object, ...] = ()
        self._extent = np.zeros((2, 2))

    def serves(self, frame: Frame, key: tuple[object, ...]) -> bool:
        """Whether what is held can be shown in a frame; `key` is what it was made of."""
        return (
            self._held is not None and key == self._key and max(map(abs, self._offset(frame))) <= MARGIN_PX * frame.pixel_ratio
        )

    def begin(self, frame: Frame, key: tuple[object, ...], extent_px: NDArray[np.float64]) -> None:
        """Make room for a frame, with nothing on it yet; lines will be within pixels float64[2, 2] of it, low and high."""
        margin = self._margin(frame)
        oblique = frame.oblique
        held = Oblique(oblique.viewpoint, oblique.width_px + 2 * margin, oblique.height_px + 2 * margin)
        size = (round(held.width_px), round(held.height_px))
        if self._held is None or (round(self._held.width_px), round(self._held.height_px)) != size:
            self._make(*size)
        self._held, self._key, self._extent = held, key, extent_px
        _, target = self.enter(frame)
        GL.glClearBufferfv(GL.GL_COLOR, 0, np.zeros(4, np.float32))
        self.leave(frame, target)

    def enter(self, frame: Frame) -> tuple[Frame, int]:
        """Let drawing go to it from here on; the frame to draw, and what `leave` wants."""
        assert self._held is not None
        target = int(GL.glGetIntegerv(GL.GL_DRAW_FRAMEBUFFER_BINDING))
        GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, self._framebuffer)
        GL.glViewport(0, 0, round(self._held.width_px), round(self._held.height_px))
        return replace(frame, oblique=self._held), target

    @staticmethod
    def leave(frame: Frame, target: int) -> None:
        """Let drawing go to the frame again."""
        GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, target)
        GL.glViewport(0, 0, round(frame.oblique.width_px), round(frame.oblique.height_px))

    def show(self, frame: Frame) -> int:
        """Lay it over the frame, where its ground lies now; the number of draw calls comes back."""
        assert self._held is not None
        right, down = self._offset(frame)
        margin = self._margin(frame)
        left, top = right - margin, down - margin
        (low_x, low_y), (high_x, high_y) = (
            np.clip(self._extent + (right, down) + [[-9, -9], [9, 9]], 0, 2**20).astype(int).tolist()
        )
        box = (left, top + self._held.height_px, left + self._held.width_px, top)
        GL.glBlendFunc(GL.GL_ONE, GL.GL_ONE_MINUS_SRC_ALPHA)
        GL.glUseProgram(self._program)
        GL.glActiveTexture(GL.GL_TEXTURE0 + SHEET_UNIT)
        GL.glBindTexture(GL.GL_TEXTURE_2D, self._texture)
        GL.glUniform1i(self._uniforms["cells"], SHEET_UNIT)
        GL.glUniform4f(self._uniforms["box"], *box)
        GL.glBindVertexArray(self._array)
        GL.glEnable(GL.GL_SCISSOR_TEST)
        GL.glScissor(low_x, max(round(frame.oblique.height_px) - high_y, 0), max(high_x - low_x, 0), max(high_y - low_y, 0))
        GL.glDrawArrays(GL.GL_TRIANGLE_STRIP, 0, 4)
        GL.glDisable(GL.GL_SCISSOR_TEST)
        mix_opaquely()
        return 1

    @staticmethod
    def _margin(frame: Frame) -> int:
        return round(MARGIN_PX * frame.pixel_ratio)

    def _offset(self, frame: Frame) -> tuple[int, int]:
        """By how many device pixels, right and down, it lies from where it was made; as far as can be for another shape."""
        held, now = self._held, frame.oblique
        if held is None or held.viewpoint.shape != now.viewpoint.shape:
            return (2**31, 2**31)
        if (held.width_px, held.height_px) != (now.width_px + 2 * self._margin(frame), now.height_px + 2 * self._margin(frame)):
            return (2**31, 2**31)
        right, down = (now.screen(held.viewpoint.x, held.viewpoint.y) - (now.width_px / 2, now.height_px / 2)).tolist()
        return round(right), round(down)

    def _make(self, width: int, height: int) -> None:
        target = int(GL.glGetIntegerv(GL.GL_DRAW_FRAMEBUFFER_BINDING))
        GL.glBindTexture(GL.GL_TEXTURE_2D, self._texture)
        GL.glTexImage2D(GL.GL_TEXTURE_2D, 0, GL.GL_RGBA8, width, height, 0, GL.GL_RGBA, GL.GL_UNSIGNED_BYTE, None)
        for parameter in (GL.GL_TEXTURE_MIN_FILTER, GL.GL_TEXTURE_MAG_FILTER):
            GL.glTexParameteri(GL.GL_TEXTURE_2D, parameter, GL.GL_NEAREST)
        GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, self._framebuffer)
        GL.glFramebufferTexture2D(GL.GL_FRAMEBUFFER, GL.GL_COLOR_ATTACHMENT0, GL.GL_TEXTURE_2D, self._texture, 0)
        status = GL.glCheckFramebufferStatus(GL.GL_FRAMEBUFFER)
        GL.glBindFramebuffer(GL.GL_FRAMEBUFFER, target)
        if status != GL.GL_FRAMEBUFFER_COMPLETE:
            raise GraphicsFailed(f"framebuffer is not complete: {int(status):#x}")
