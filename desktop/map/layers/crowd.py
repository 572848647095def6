"""Where workers are too many to tell apart: one picture of how many stand where, moved along with the map."""

from __future__ import annotations

import numpy as np
from OpenGL import GL

from desktop.map.crowd import CELL_PX, REFRESH_S, CrowdPicture, crowd_picture
from desktop.map.graphics import METER, Uniforms, mix_opaquely, program
from desktop.map.layer import SHEET_UNIT, Bench, Frame, Layer
from desktop.map.oblique import Oblique
from desktop.map.static_cache import MARGIN_PX
from desktop.map.viewpoint import Viewpoint


class CrowdLayer(Layer):
    """The crowd, counted twice a second and when the view is another."""

    name = "crowd"
    is_static = False

    def build(self, bench: Bench) -> None:
        """Make the program and an empty texture."""
        self.bench = bench
        self._program = program("crowd")
        self._uniforms = Uniforms(self._program)
        self._texture = int(GL.glGenTextures(1))
        GL.glBindTexture(GL.GL_TEXTURE_2D, self._texture)
        for parameter in (GL.GL_TEXTURE_MIN_FILTER, GL.GL_TEXTURE_MAG_FILTER):
            GL.glTexParameteri(GL.GL_TEXTURE_2D, parameter, GL.GL_NEAREST)
        self._array = int(GL.glGenVertexArrays(1))
        self._picture: CrowdPicture | None = None
        self._made_for: tuple[Viewpoint, float, float] | None = None
        self._version: tuple[object, ...] = ()

    def draw(self, frame: Frame) -> int:
        """Draw the picture where its ground lies now; count anew where it no longer serves."""
        if not self.shown.in_view.is_crowd:
            return 0
        right, down = self._offset(frame)
        if self._picture is None or max(abs(right), abs(down)) > MARGIN_PX or self._is_old(frame):
            self._count(frame)
            right = down = 0.0
        picture = self._picture
        assert picture is not None
        rows, columns = picture.pixels.shape[:2]
        ratio = frame.pixel_ratio
        left, top = (picture.left_px + right) * ratio, (picture.top_px + down) * ratio
        wide, high = columns * CELL_PX * ratio, rows * CELL_PX * ratio
        GL.glDisable(GL.GL_DEPTH_TEST)
        GL.glEnable(GL.GL_BLEND)
        GL.glBlendFunc(GL.GL_ONE, GL.GL_ONE_MINUS_SRC_ALPHA)
        GL.glUseProgram(self._program)
        GL.glActiveTexture(GL.GL_TEXTURE0 + SHEET_UNIT)
        GL.glBindTexture(GL.GL_TEXTURE_2D, self._texture)
        GL.glUniform1i(self._uniforms["cells"], SHEET_UNIT)
        GL.glUniform4f(self._uniforms["box"], left, top, left + wide, top + high)
        GL.glBindVertexArray(self._array)
        GL.glDrawArrays(GL.GL_TRIANGLE_STRIP, 0, 4)
        mix_opaquely()
        return 1

    def _offset(self, frame: Frame) -> tuple[float, float]:
        """By how many logical pixels, right and down, the picture lies from where it was made."""
        view = frame.oblique.viewpoint
        if self._made_for is None or self._made_for[0].shape != view.shape or self._made_for[1] != frame.pixel_ratio:
            return (np.inf, np.inf)
        made = self._made_for[0]
        here = Oblique(view, 0.0, 0.0).screen(made.x, made.y) - 0.5
        return float(here[0]) / frame.pixel_ratio, float(here[1]) / frame.pixel_ratio

    def _is_old(self, frame: Frame) -> bool:
        assert self._made_for is not None
        is_other = self._version[1:] != self._state()[1:]
        return is_other or (self._version != self._state() and frame.now_s - self._made_for[2] >= REFRESH_S)

    def _state(self) -> tuple[object, ...]:
        shown = self.shown
        return (shown.workers.moves, shown.loads, shown.colours, shown.raise_asked)

    def _count(self, frame: Frame) -> None:
        oblique, ratio = frame.oblique, frame.pixel_ratio
        logical = Oblique(oblique.viewpoint.scaled_by(ratio), oblique.width_px / ratio, oblique.height_px / ratio)
        self._picture = crowd_picture(self.shown, logical, MARGIN_PX)
        self._made_for, self._version = (oblique.viewpoint, ratio, frame.now_s), self._state()
        pixels = self._picture.pixels
        METER.uploaded_bytes += pixels.nbytes
        GL.glBindTexture(GL.GL_TEXTURE_2D, self._texture)
        GL.glPixelStorei(GL.GL_UNPACK_ALIGNMENT, 4)
        rows, columns = pixels.shape[:2]
        GL.glTexImage2D(GL.GL_TEXTURE_2D, 0, GL.GL_RGBA8, columns, rows, 0, GL.GL_RGBA, GL.GL_UNSIGNED_BYTE, pixels)
