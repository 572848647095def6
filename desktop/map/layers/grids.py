"""Grids: their surface coloured by load, raised as prisms when the view is wide, with an id for every pixel."""

from __future__ import annotations

from OpenGL import GL

from desktop.map.colours import rgb
from desktop.map.graphics import Uniforms, program
from desktop.map.layer import GRIDS_UNIT, Bench, Frame, Layer
from desktop.map.ring_geometry import FINE_BELOW_M_PER_PX, GridRings
from desktop.map.shown import Shown


class GridLayer(Layer):
    """The flat surface of all grids, below everything else."""

    name = "grids"

    def build(self, bench: Bench) -> None:
        """Make the programs; the grids come with the geometry."""
        self.bench = bench
        self._roof, self._wall = program("roof", "flat"), program("wall", "flat")
        self._roof_uniforms, self._wall_uniforms = Uniforms(self._roof), Uniforms(self._wall)
        self._fine: GridRings | None = None
        self._coarse: GridRings | None = None

    def take_geometry(self) -> None:
        """Upload rings and triangles; colours and heights live in a texture of their own."""
        if self.shown.geometry is None or self.bench is None:
            return
        grids = self.shown.geometry.grids
        for rings in (self._fine, self._coarse):
            if rings is not None:
                rings.delete()
        self._fine = GridRings(grids.rings, self.bench.base_instance)
        self._coarse = GridRings(grids.coarse, self.bench.base_instance)

    def at_scale(self, metres_per_pixel: float) -> GridRings | None:
        """The level of detail for a scale; None before there is a geometry."""
        return self._fine if metres_per_pixel < FINE_BELOW_M_PER_PX else self._coarse

    def draw(self, frame: Frame) -> int:
        """Paint every grid flat on the ground, with its id."""
        rings = self.at_scale(frame.metres_per_pixel)
        if rings is None:
            return 0
        GL.glDisable(GL.GL_DEPTH_TEST)
        GL.glDisable(GL.GL_BLEND)
        return self._draw_roofs(frame, rings, 0.0, rings.tiled.triangle_tiles.runs(frame.box))

    def _draw_roofs(self, frame: Frame, rings: GridRings, raised: float, runs: list[tuple[int, int]]) -> int:
        assert self.bench is not None
        self.bench.grids.bind(GRIDS_UNIT)
        GL.glUseProgram(self._roof)
        GL.glUniform1i(self._roof_uniforms["grids"], GRIDS_UNIT)
        GL.glUniform1f(self._roof_uniforms["raised"], raised)
        GL.glUniform1f(self._roof_uniforms["strength"], self.shown.load_strength(frame.metres_per_pixel))
        GL.glUniform3f(self._roof_uniforms["unloaded"], *rgb(self.shown.colours.load[0]))
        return rings.roofs.draw(runs)

    def draw_raised(self, frame: Frame) -> int:
        """Paint walls and roofs of the grids that stand out."""
        rings = self.at_scale(frame.metres_per_pixel)
        if rings is None or frame.raise_m <= 0.0:
            return 0
        GL.glEnable(GL.GL_DEPTH_TEST)
        GL.glDisable(GL.GL_BLEND)
        loaded = self.shown.open_count > 0
        calls = self._draw_roofs(frame, rings, 1.0, rings.tiled.triangles_where(loaded))
        GL.glUseProgram(self._wall)
        GL.glUniform1i(self._wall_uniforms["grids"], GRIDS_UNIT)
        return calls + rings.edges.draw(rings.tiled.edges_where(loaded))


class RaisedGridLayer(Layer):
    """The prisms of loaded grids, over land, water and boundaries."""

    name = "raised grids"

    def __init__(self, shown: Shown, grids: GridLayer) -> None:
        """Prisms drawn from the buffers of the flat layer."""
        super().__init__(shown)
        self._grids = grids

    def build(self, bench: Bench) -> None:
        """Nothing of its own to make."""
        self.bench = bench

    def draw(self, frame: Frame) -> int:
        """Paint the prisms."""
        return self._grids.draw_raised(frame)
