"""Boundary lines of grids, communities and streets; overdue grids get a warm edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from OpenGL import GL

from desktop.map.colours import rgb
from desktop.map.graphics import Uniforms, program
from desktop.map.layer import GRIDS_UNIT, LATE_UNIT, Bench, Frame, Layer
from desktop.map.levels import LevelsOfDetail
from desktop.map.resident import RingTiles
from desktop.map.shown import Shown

if TYPE_CHECKING:
    from desktop.map.layers.grids import GridLayer

LINES_WHILE_MOVING_BELOW_M_PER_PX = 3.0
COMMUNITIES_BELOW_M_PER_PX, STREETS_WHILE_MOVING_BELOW_M_PER_PX = 40.0, 60.0
Colour = tuple[float, float, float, float]
EVERY_RING, LATE_RINGS = -1, -2


class LineProgram:
    """Draws edges as soft lines."""

    def __init__(self, bench: Bench) -> None:
        """Ready in the current context."""
        self._bench = bench
        self._program = program("line")
        self._uniforms = Uniforms(self._program)

    def draw(
        self,
        rings: RingTiles,
        tiles: NDArray[np.int64],
        width_px: float,
        colour: Colour,
        *,
        standing: bool,
        only: int = EVERY_RING,
    ) -> int:
        """Draw the edges of some tiles in a colour; `standing` puts them on the roofs of their grids.

        `only` is the number of the one area whose edges are wanted, or EVERY_RING, or LATE_RINGS.
        """
        self._bench.grids.bind(GRIDS_UNIT)
        self._bench.late.bind(LATE_UNIT)
        uniforms = self._uniforms
        GL.glUseProgram(self._program)
        GL.glUniform1i(uniforms["grids"], GRIDS_UNIT)
        GL.glUniform1i(uniforms["late"], LATE_UNIT)
        GL.glUniform1i(uniforms["only"], only)
        GL.glUniform1f(uniforms["standing"], float(standing))
        GL.glUniform1f(uniforms["width"], width_px)
        GL.glUniform4f(uniforms["tint"], *colour)
        return rings.edges(tiles, uniforms)


class BoundaryLayer(Layer):
    """Boundaries in the cached picture, thinner and fainter the lower their level."""

    name = "boundaries"

    def __init__(self, shown: Shown, grids: GridLayer) -> None:
        """Boundaries drawn from the grids' edges and from rings of communities and streets."""
        super().__init__(shown)
        self._grids = grids
        self._upper: list[tuple[str, LevelsOfDetail]] = []

    def build(self, bench: Bench) -> None:
        """Make the program."""
        self.bench = bench
        self._lines = LineProgram(bench)
        self._upper = []

    def take_geometry(self) -> None:
        """Take the rings of communities and streets of another town."""
        geometry = self.shown.geometry
        if geometry is None or self.bench is None:
            return
        for _, levels in self._upper:
            levels.delete()
        self._upper = [
            (name, LevelsOfDetail(areas, self.bench.shelf))
            for name, areas in (("community", geometry.communities), ("street", geometry.streets))
        ]

    def draw(self, frame: Frame) -> int:
        """Paint grid lines first, then the stronger ones."""
        rings = self._grids.at_scale(frame.metres_per_pixel)
        if rings is None:
            return 0
        GL.glEnable(GL.GL_BLEND)
        GL.glDepthMask(False)
        (GL.glEnable if frame.raise_m > 0 else GL.glDisable)(GL.GL_DEPTH_TEST)
        scale, colours = frame.metres_per_pixel, self.shown.colours
        calls = 0
        standing = frame.raise_m > 0
        if scale < (LINES_WHILE_MOVING_BELOW_M_PER_PX if frame.moving else 40):
            faint = 0.8 if scale < 6 else 0.42
            tint = (*rgb(colours.grid_line), faint)
            calls += self._lines.draw(rings, rings.tiles.near(frame.box), 1.1, tint, standing=standing)
        for level, levels in self._upper:
            below = COMMUNITIES_BELOW_M_PER_PX if level == "community" else STREETS_WHILE_MOVING_BELOW_M_PER_PX
            if scale > below and (frame.moving or level == "community"):
                continue
            upper = levels.at(scale)
            width = (1.5 if level == "community" else 2.4) if scale < 9 else (1.1 if level == "community" else 2.0)
            tint = (*rgb(colours.community_line if level == "community" else colours.street_line), 0.62)
            calls += self._lines.draw(upper, upper.tiles.near(frame.box), width, tint, standing=False)
        late = np.intersect1d(rings.rings.tiles_of(self.shown.overdue > 0), rings.tiles.near(frame.box))
        if len(late):
            tint = (*rgb(colours.overdue_line), 0.75)
            calls += self._lines.draw(rings, late, 1.8, tint, standing=standing, only=LATE_RINGS)
        GL.glDepthMask(True)
        return calls


class HighlightLayer(Layer):
    """The outline of the grid that is selected or under the pointer, drawn in every frame."""

    name = "highlight"
    is_static = False

    def __init__(self, shown: Shown, grids: GridLayer) -> None:
        """Outlines drawn from the grids' edges."""
        super().__init__(shown)
        self._grids = grids

    def build(self, bench: Bench) -> None:
        """Make the program."""
        self.bench = bench
        self._lines = LineProgram(bench)

    def draw(self, frame: Frame) -> int:
        """Outline the hovered grid faintly and the selected one strongly."""
        rings, calls = self._grids.at_scale(frame.metres_per_pixel), 0
        if rings is None:
            return 0
        GL.glDisable(GL.GL_DEPTH_TEST)
        GL.glEnable(GL.GL_BLEND)
        for found, width, alpha in ((self.shown.hovered, 1.6, 0.6), (self.shown.selected, 2.6, 0.95)):
            number = self.shown.grid_number(found.id) if found is not None and found.kind == "grid" else None
            if number is not None:
                tint = (*rgb(self.shown.colours.focus), alpha)
                tiles = rings.rings.tiles_of(np.arange(len(self.shown.overdue)) == number)
                calls += self._lines.draw(rings, tiles, width, tint, standing=frame.raise_m > 0, only=number)
        return calls
