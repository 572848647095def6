"""Land and water, flat on the ground."""

from __future__ import annotations

import numpy as np
from OpenGL import GL

from desktop.map.colours import rgb
from desktop.map.graphics import Uniforms, program
from desktop.map.layer import Bench, Frame, Layer
from desktop.map.resident import RingTiles
from desktop.map.scene import FAR_FROM_M_PER_PX
from desktop.map.shown import Shown


class SurfaceLayer(Layer):
    """Surfaces of one sort: land in four tints, or water in one."""

    def __init__(self, shown: Shown, name: str) -> None:
        """The land layer or the water layer, by name."""
        super().__init__(shown)
        self.name = name
        self._near: RingTiles | None = None
        self._far: RingTiles | None = None

    def build(self, bench: Bench) -> None:
        """Make the program; the surfaces come with the geometry."""
        self.bench = bench
        self._program = program("fill", "flat")
        self._uniforms = Uniforms(self._program)
        self._near = self._far = None

    def take_geometry(self) -> None:
        """Take the surfaces of another town."""
        geometry = self.shown.geometry
        if geometry is None or self.bench is None:
            return
        for each in (self._near, self._far):
            if each is not None:
                each.delete()
        surfaces = geometry.water if self.name == "water" else geometry.land
        self._near, self._far = (RingTiles(each, self.bench.shelf) for each in (surfaces.near, surfaces.far))

    def draw(self, frame: Frame) -> int:
        """Paint the surfaces over the grids' colour."""
        surfaces = self._near if frame.metres_per_pixel < FAR_FROM_M_PER_PX else self._far
        if surfaces is None:
            return 0
        colours = self.shown.colours
        tints = np.zeros((8, 4), np.float32)
        chosen = (colours.water,) if self.name == "water" else colours.land
        for number, colour in enumerate(chosen):
            tints[number] = (*rgb(colour), 1.0 if self.name == "water" else 0.62)
        (GL.glEnable if frame.raise_m > 0.0 else GL.glDisable)(GL.GL_DEPTH_TEST)
        GL.glDepthMask(False)
        (GL.glDisable if self.name == "water" else GL.glEnable)(GL.GL_BLEND)
        GL.glUseProgram(self._program)
        GL.glUniform4fv(self._uniforms["tints"], 8, tints)
        calls = surfaces.fill(surfaces.tiles.near(frame.box), self._uniforms)
        GL.glDepthMask(True)
        return calls
