"""Where workers are too many to tell apart: one picture of how many stand where, moved along with the map."""

from __future__ import annotations

import numpy as np
from OpenGL import GL

from desktop.map.crowd import CELL_PX, CROWD_RIM_PX, REFRESH_S, CrowdCount, CrowdPicture
from desktop.map.graphics import METER, Uniforms, mix_opaquely, program
from desktop.map.layer import SHEET_UNIT, Bench, Frame, Layer
from desktop.map.oblique import Oblique
from desktop.map.viewpoint import Viewpoint

ONE_IN_WHILE_MOVING = 4
"""While the view turns or zooms one worker in so many is counted, in every frame anew."""


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
        self._counted: CrowdCount | None = None
        self._picture: CrowdPicture | None = None
        self._made_for: tuple[Viewpoint, float] | None = None
        self._version: tuple[object, ...] = ()
        self._shown_moves, self._shown_s = -1, 0.0

    def draw(self, frame: Frame) -> int:
        """Draw the picture where its ground lies now; count anew where it no longer serves."""
        if not self.shown.in_view.is_crowd:
            return 0
        right, down = self._offset(frame)
        if self._counted is None or max(abs(right), abs(down)) > CROWD_RIM_PX or self._is_other(frame):
            self._count_anew(frame)
            right = down = 0.0
        elif not frame.moving:
            self._counted.follow(self.shown)
            if self._is_old(frame):
                self._show(frame.now_s)
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

    def _is_other(self, frame: Frame) -> bool:
        """Whether what was counted stands elsewhere now, or was counted in a hurry."""
        shown = self.shown
        return self._version != (shown.loads, shown.colours, shown.raise_asked, frame.moving)

    def _is_old(self, frame: Frame) -> bool:
        return self._shown_moves != self.shown.workers.moves and frame.now_s - self._shown_s >= REFRESH_S

    def _count_anew(self, frame: Frame) -> None:
        oblique, ratio, shown = frame.oblique, frame.pixel_ratio, self.shown
        logical = Oblique(oblique.viewpoint.scaled_by(ratio), oblique.width_px / ratio, oblique.height_px / ratio)
        self._counted = CrowdCount(shown, logical, CROWD_RIM_PX, ONE_IN_WHILE_MOVING if frame.moving else 1)
        self._made_for = (oblique.viewpoint, ratio)
        self._version = (shown.loads, shown.colours, shown.raise_asked, frame.moving)
        self._show(frame.now_s)

    def _show(self, now_s: float) -> None:
        assert self._counted is not None
        self._picture = self._counted.picture(self.shown)
        self._shown_moves, self._shown_s = self.shown.workers.moves, now_s
        pixels = self._picture.pixels
        METER.uploaded_bytes += pixels.nbytes
        GL.glBindTexture(GL.GL_TEXTURE_2D, self._texture)
        GL.glPixelStorei(GL.GL_UNPACK_ALIGNMENT, 4)
        rows, columns = pixels.shape[:2]
        GL.glTexImage2D(GL.GL_TEXTURE_2D, 0, GL.GL_RGBA8, columns, rows, 0, GL.GL_RGBA, GL.GL_UNSIGNED_BYTE, pixels)
