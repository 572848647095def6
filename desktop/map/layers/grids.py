"""Grids: their surface coloured by load, raised as prisms when the view is wide, with an id for every pixel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from OpenGL import GL

from desktop.map.colours import rgb
from desktop.map.graphics import METER, Uniforms, program
from desktop.map.grid_raster import GridRaster
from desktop.map.layer import GRIDS_UNIT, NUMBERS_UNIT, Bench, Frame, Layer
from desktop.map.levels import LevelsOfDetail
from desktop.map.resident import RingTiles
from desktop.map.scene import FAR_FROM_M_PER_PX
from desktop.map.shown import Shown


class FromAfar:
    """All grids as one picture of the raster: what a view costs in which a grid is a few pixels wide."""

    def __init__(self, bench: Bench) -> None:
        """Make the program; the numbers come with the geometry, and go to the card when they are first drawn."""
        self._bench = bench
        self._program = program("ground_raster")
        self._uniforms = Uniforms(self._program)
        self._array = int(GL.glGenVertexArrays(1))
        self._texture = int(GL.glGenTextures(1))
        self._raster: GridRaster | None = None
        self._is_there = False

    def take(self, raster: GridRaster) -> None:
        """The raster of another town."""
        self._raster, self._is_there = raster, False

    def serves(self, frame: Frame) -> bool:
        """Whether a cell is no wider than what a pixel shows; half as wide will do while the view moves."""
        if self._raster is None:
            return False
        return frame.metres_per_pixel > max(FAR_FROM_M_PER_PX, self._raster.cell_m / (2.0 if frame.moving else 1.0))

    def draw(self, shown: Shown, strength: float) -> int:
        """Draw every grid flat on the ground, with its id."""
        assert self._raster is not None
        raster = self._raster
        rows, columns = raster.cells.shape
        GL.glActiveTexture(GL.GL_TEXTURE0 + NUMBERS_UNIT)
        GL.glBindTexture(GL.GL_TEXTURE_2D, self._texture)
        if not self._is_there:
            self._upload(raster)
        self._bench.grids.bind(GRIDS_UNIT)
        uniforms = self._uniforms
        GL.glUseProgram(self._program)
        GL.glUniform1i(uniforms["numbers"], NUMBERS_UNIT)
        GL.glUniform1i(uniforms["grids"], GRIDS_UNIT)
        GL.glUniform2f(uniforms["cells"], columns, rows)
        east, north = raster.west + columns * raster.cell_m, raster.south + rows * raster.cell_m
        GL.glUniform4f(uniforms["box"], raster.west, raster.south, east, north)
        GL.glUniform1f(uniforms["strength"], strength)
        GL.glUniform3f(uniforms["unloaded"], *rgb(shown.colours.load[0]))
        GL.glBindVertexArray(self._array)
        GL.glDrawArrays(GL.GL_TRIANGLE_STRIP, 0, 4)
        METER.triangles += 2
        return 1

    def _upload(self, raster: GridRaster) -> None:
        cells = np.ascontiguousarray(raster.cells)
        METER.uploaded_bytes += cells.nbytes
        GL.glPixelStorei(GL.GL_UNPACK_ALIGNMENT, 4)
        rows, columns = cells.shape
        GL.glTexImage2D(GL.GL_TEXTURE_2D, 0, GL.GL_R32I, columns, rows, 0, GL.GL_RED_INTEGER, GL.GL_INT, cells)
        for parameter in (GL.GL_TEXTURE_MIN_FILTER, GL.GL_TEXTURE_MAG_FILTER):
            GL.glTexParameteri(GL.GL_TEXTURE_2D, parameter, GL.GL_NEAREST)
        self._is_there = True


class GridLayer(Layer):
    """The flat surface of all grids, below everything else."""

    name = "grids"

    def build(self, bench: Bench) -> None:
        """Make the programs; the grids come with the geometry."""
        self.bench = bench
        self._roof, self._wall = program("roof", "flat"), program("wall", "flat")
        self._roof_uniforms, self._wall_uniforms = Uniforms(self._roof), Uniforms(self._wall)
        self._levels: LevelsOfDetail | None = None
        self._from_afar = FromAfar(bench)

    def take_geometry(self) -> None:
        """Take the rings of another town; colours and heights live in a texture of their own."""
        if self.shown.geometry is None or self.bench is None:
            return
        if self._levels is not None:
            self._levels.delete()
        self._levels = LevelsOfDetail(self.shown.geometry.grids, self.bench.shelf)
        self._from_afar.take(self.shown.geometry.grid_raster)

    def at_scale(self, metres_per_pixel: float) -> RingTiles | None:
        """The level of detail for a scale; None before there is a geometry."""
        return self._levels.at(metres_per_pixel) if self._levels is not None else None

    def draw(self, frame: Frame) -> int:
        """Paint every grid with its id: flat on the ground, or as high as its load.

        A raised grid hides the ground it stands on, so that need not be painted.
        """
        rings = self.at_scale(frame.metres_per_pixel)
        if rings is None:
            return 0
        is_raised = frame.raise_m > 0.0
        GL.glDisable(GL.GL_BLEND)
        GL.glDisable(GL.GL_DEPTH_TEST)
        near = rings.tiles.near(frame.box)
        standing = np.intersect1d(near, rings.rings.tiles_of(self.shown.load_share() > 0)) if is_raised else near[:0]
        calls = 0
        if self._from_afar.serves(frame):
            calls = self._from_afar.draw(self.shown, self.shown.load_strength(frame.metres_per_pixel))
            near = standing
        if is_raised:
            GL.glEnable(GL.GL_DEPTH_TEST)
            calls += self._draw_walls(rings, standing)
        return calls + self._draw_roofs(frame, rings, near)

    def _draw_roofs(self, frame: Frame, rings: RingTiles, tiles: NDArray[np.int64]) -> int:
        assert self.bench is not None
        uniforms = self._roof_uniforms
        self.bench.grids.bind(GRIDS_UNIT)
        GL.glUseProgram(self._roof)
        GL.glUniform1i(uniforms["grids"], GRIDS_UNIT)
        GL.glUniform1f(uniforms["strength"], self.shown.load_strength(frame.metres_per_pixel))
        GL.glUniform3f(uniforms["unloaded"], *rgb(self.shown.colours.load[0]))
        return rings.fill(tiles, uniforms)

    def _draw_walls(self, rings: RingTiles, tiles: NDArray[np.int64]) -> int:
        assert self.bench is not None
        self.bench.grids.bind(GRIDS_UNIT)
        GL.glUseProgram(self._wall)
        GL.glUniform1i(self._wall_uniforms["grids"], GRIDS_UNIT)
        return rings.edges(tiles, self._wall_uniforms)
