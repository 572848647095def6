"""Roads by class with a dark casing, as wide as they are once that is more than a hairline."""

from __future__ import annotations

from OpenGL import GL

from desktop.map.colours import rgb
from desktop.map.graphics import Uniforms, program
from desktop.map.layer import GRIDS_UNIT, Bench, Frame, Layer
from desktop.map.resident import PieceTiles

WIDTH_M = (24.0, 16.0, 10.0, 5.5, 2.5)
THINNEST_PX = (1.9, 1.5, 1.05, 0.9, 0.8)
CASED_FROM_PX = 2.0
SHOWN_BELOW_M_PER_PX = (1e9, 60.0, 17.0, 5.0, 1.6)


def widths_px(metres_per_pixel: float) -> tuple[float, ...]:
    """Drawn width of each road class in pixels; 0 hides the class at this scale."""
    return tuple(
        max(width / metres_per_pixel, thinnest) if metres_per_pixel < below else 0.0
        for width, thinnest, below in zip(WIDTH_M, THINNEST_PX, SHOWN_BELOW_M_PER_PX, strict=True)
    )


class RoadLayer(Layer):
    """All roads of the scene."""

    name = "roads"

    def build(self, bench: Bench) -> None:
        """Make the program."""
        self.bench = bench
        self._program = program("road")
        self._uniforms = Uniforms(self._program)
        self._classes: tuple[PieceTiles, ...] = ()

    def take_geometry(self) -> None:
        """Take the roads of another town."""
        geometry = self.shown.geometry
        if geometry is None or self.bench is None:
            return
        for each in self._classes:
            each.delete()
        self._classes = tuple(PieceTiles(each, self.bench.shelf) for each in geometry.road_pieces)

    def draw(self, frame: Frame) -> int:
        """Paint all casings, then all roads."""
        widths = widths_px(frame.metres_per_pixel)
        if self.bench is None or not any(map(len, self._classes)):
            return 0
        colours, uniforms = self.shown.colours, self._uniforms
        GL.glEnable(GL.GL_BLEND)
        GL.glDepthMask(False)
        (GL.glEnable if frame.raise_m > 0 else GL.glDisable)(GL.GL_DEPTH_TEST)
        self.bench.grids.bind(GRIDS_UNIT)
        GL.glUseProgram(self._program)
        GL.glUniform1i(uniforms["grids"], GRIDS_UNIT)
        near = {kind: self._classes[kind].tiles.near(frame.box) for kind in reversed(range(len(widths))) if widths[kind] > 0.0}
        calls = 0
        for casing in (1.0, 0.0) if frame.metres_per_pixel < (3 if frame.moving else 8) else (0.0,):
            GL.glUniform1f(uniforms["casing"], casing)
            for kind, tiles in near.items():
                if casing and widths[kind] < CASED_FROM_PX:
                    continue
                GL.glUniform1f(uniforms["width"], widths[kind])
                tint = (*rgb(colours.road_casing), 0.9) if casing else (*rgb(colours.road[kind]), 1.0)
                GL.glUniform4f(uniforms["tint"], *tint)
                calls += self._classes[kind].draw(tiles, uniforms)
        GL.glDepthMask(True)
        return calls
