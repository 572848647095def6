"""Buildings as extruded footprints with quiet shading."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from OpenGL import GL

from desktop.map.colours import rgb
from desktop.map.graphics import Uniforms, ValueTexture, program
from desktop.map.layer import BUILDINGS_UNIT, GRIDS_UNIT, Bench, Frame, Layer
from desktop.map.resident import RingTiles

SHOWN_BELOW_M_PER_PX = 9.0
WALLS_BELOW_M_PER_PX = 5.5
WALLS_WHILE_MOVING_BELOW_M_PER_PX = 3.0
FADED = 0.32
"""Opacity of a building that would hide what is selected."""


class BuildingLayer(Layer):
    """All buildings of the scene."""

    name = "buildings"

    def build(self, bench: Bench) -> None:
        """Make the programs and the table of heights."""
        self.bench = bench
        self._roof, self._wall = program("building_roof", "flat"), program("building_wall")
        self._roof_uniforms, self._wall_uniforms = Uniforms(self._roof), Uniforms(self._wall)
        self._heights = ValueTexture()
        self._footprints: RingTiles | None = None

    def take_geometry(self) -> None:
        """Take the footprints of another town, and upload the heights."""
        geometry = self.shown.geometry
        if geometry is None or self.bench is None:
            return
        if self._footprints is not None:
            self._footprints.delete()
        self._footprints = RingTiles(geometry.buildings, self.bench.shelf)
        values = np.zeros((len(geometry.building_height_m), 4), np.float32)
        values[:, 0], values[:, 1] = geometry.building_height_m, geometry.building_grid
        self._heights.upload(values)
        self._values, self._faded = values, frozenset[int]()

    def draw(self, frame: Frame) -> int:
        """Paint walls, then roofs; from afar roofs alone, fading into the ground."""
        if self._footprints is None or self.bench is None or frame.metres_per_pixel >= SHOWN_BELOW_M_PER_PX:
            return 0
        self._fade()
        GL.glEnable(GL.GL_DEPTH_TEST)
        GL.glDisable(GL.GL_BLEND)
        self.bench.grids.bind(GRIDS_UNIT)
        self._heights.bind(BUILDINGS_UNIT)
        tiles = self._footprints.tiles.near(frame.tall_box)
        below = WALLS_WHILE_MOVING_BELOW_M_PER_PX if frame.moving else WALLS_BELOW_M_PER_PX
        has_walls = frame.metres_per_pixel < below and frame.oblique.viewpoint.tilt_deg > 1.0
        calls = self._draw(self._footprints, tiles, has_walls=has_walls, opacity=1.0)
        if self._faded:
            wanted = np.zeros(len(self._values), bool)
            wanted[list(self._faded)] = True
            GL.glEnable(GL.GL_BLEND)
            GL.glDepthMask(False)
            few = np.intersect1d(self._footprints.rings.tiles_of(wanted), tiles)
            calls += self._draw(self._footprints, few, has_walls=has_walls, opacity=FADED)
            GL.glDepthMask(True)
        return calls

    def _draw(self, footprints: RingTiles, tiles: NDArray[np.int64], *, has_walls: bool, opacity: float) -> int:
        """Paint the buildings of some tiles that do not fade, or with an opacity below 1 those that do."""
        calls = 0
        if has_walls:
            self._use(self._wall, self._wall_uniforms, opacity)
            calls += footprints.edges(tiles, self._wall_uniforms)
        self._use(self._roof, self._roof_uniforms, opacity)
        return calls + footprints.fill(tiles, self._roof_uniforms)

    def _fade(self) -> None:
        """Tell the shaders which buildings fade: one value for each that does so from now on, or no more."""
        for number in self._faded ^ self.shown.faded:
            self._values[number, 2] = float(number in self.shown.faded)
            self._heights.patch(number, self._values[number].tolist())
        self._faded = self.shown.faded

    def _use(self, linked: int, uniforms: Uniforms, opacity: float) -> None:
        colours = self.shown.colours
        GL.glUseProgram(linked)
        GL.glUniform1i(uniforms["grids"], GRIDS_UNIT)
        GL.glUniform1i(uniforms["buildings"], BUILDINGS_UNIT)
        GL.glUniform3f(uniforms["low_tint"], *rgb(colours.roof))
        GL.glUniform3f(uniforms["tall_tint"], *rgb(colours.tall_roof))
        GL.glUniform3f(uniforms["wall_tint"], *rgb(colours.wall))
        GL.glUniform1f(uniforms["upright"], 1.0)
        GL.glUniform1f(uniforms["opacity"], opacity)
