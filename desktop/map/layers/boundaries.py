"""Boundary lines of grids, communities and streets; overdue grids get a warm edge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from OpenGL import GL

from desktop.map.colours import rgb
from desktop.map.graphics import Uniforms, program
from desktop.map.layer import GRIDS_UNIT, LATE_UNIT, Bench, Frame, Layer
from desktop.map.levels import BordersOfDetail, LevelsOfDetail, StreetsOfDetail
from desktop.map.resident import BorderTiles, RingTiles
from desktop.map.shown import Shown

if TYPE_CHECKING:
    from desktop.map.layers.grids import GridLayer

LINES_WHILE_MOVING_BELOW_M_PER_PX = 3.0
GRIDS_BELOW_M_PER_PX = COMMUNITIES_BELOW_M_PER_PX = 40.0
STREETS_WHILE_MOVING_BELOW_M_PER_PX = 60.0
Stroke = tuple[float, tuple[float, float, float, float]]
"""Width in pixels and colour of a line."""
NO_STROKE: Stroke = (1.0, (0.0, 0.0, 0.0, 0.0))
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
        rings: RingTiles | BorderTiles,
        tiles: NDArray[np.int64],
        strokes: Sequence[Stroke],
        *,
        standing: bool,
        only: int = EVERY_RING,
    ) -> int:
        """Draw the edges of some tiles; `standing` puts them on the roofs of their grids.

        One stroke is for all edges; three are for the borders of streets, of communities and of grids, where the rings are
        those of grids. `only` is the number of the one area whose edges are wanted, or EVERY_RING, or LATE_RINGS.
        """
        self._bench.grids.bind(GRIDS_UNIT)
        self._bench.late.bind(LATE_UNIT)
        uniforms = self._uniforms
        GL.glUseProgram(self._program)
        GL.glUniform1i(uniforms["grids"], GRIDS_UNIT)
        GL.glUniform1i(uniforms["late"], LATE_UNIT)
        GL.glUniform1i(uniforms["only"], only)
        GL.glUniform1f(uniforms["standing"], float(standing))
        every = tuple(strokes) if len(strokes) == 3 else tuple(strokes) * 3
        GL.glUniform1f(uniforms["by_level"], float(len(strokes) == 3))
        GL.glUniform3f(uniforms["widths"], *(width for width, _ in every))
        GL.glUniform4fv(uniforms["tints"], 3, np.array([colour for _, colour in every], np.float32))
        return rings.edges(tiles, uniforms)


class BoundaryLayer(Layer):
    """Boundaries in the cached picture, thinner and fainter the lower their level."""

    name = "boundaries"

    def __init__(self, shown: Shown, grids: GridLayer) -> None:
        """Boundaries drawn from the grids' edges and from rings of communities and streets."""
        super().__init__(shown)
        self._grids = grids
        self._upper: list[LevelsOfDetail] = []
        """Communities and streets, on the ground."""
        self._standing: list[BordersOfDetail] = []
        """The same where grids stand out: of the edges of grids those of communities or streets, and those of streets."""

    def build(self, bench: Bench) -> None:
        """Make the program."""
        self.bench = bench
        self._lines = LineProgram(bench)
        self._upper, self._standing = [], []

    def take_geometry(self) -> None:
        """Take the rings of communities and streets of another town."""
        geometry = self.shown.geometry
        if geometry is None or self.bench is None:
            return
        for levels in (*self._upper, *self._standing):
            levels.delete()
        shelf = self.bench.shelf
        self._upper = [LevelsOfDetail(geometry.communities, shelf), StreetsOfDetail(geometry, shelf)]
        above = (geometry.community_of_grid, geometry.street_of_grid)
        self._standing = [BordersOfDetail(geometry.grids, numbers, shelf) for numbers in above]

    def draw(self, frame: Frame) -> int:
        """Paint grid lines first, then the stronger ones; where grids stand out each line lies on the higher of its two."""
        rings = self._grids.at_scale(frame.metres_per_pixel)
        if rings is None:
            return 0
        GL.glEnable(GL.GL_BLEND)
        GL.glDepthMask(False)
        (GL.glEnable if frame.raise_m > 0 else GL.glDisable)(GL.GL_DEPTH_TEST)
        standing = frame.raise_m > 0
        strokes = self._strokes(frame)
        if standing:
            drawn = self._edges(frame, rings, strokes)
            calls = self._lines.draw(drawn, drawn.tiles.near(frame.box), strokes, standing=True)
        else:
            calls = self._draw_flat(frame, rings, strokes)
        late = np.intersect1d(rings.rings.tiles_of(self.shown.overdue > 0), rings.tiles.near(frame.box))
        if len(late):
            stroke = (1.8, (*rgb(self.shown.colours.overdue_line), 0.75))
            calls += self._lines.draw(rings, late, [stroke], standing=standing, only=LATE_RINGS)
        GL.glDepthMask(True)
        return calls

    def _strokes(self, frame: Frame) -> list[Stroke]:
        """How the borders of streets, communities and grids are drawn at a scale."""
        scale, colours, moving = frame.metres_per_pixel, self.shown.colours, frame.moving
        bold = scale < 9
        street = (2.4 if bold else 2.0, (*rgb(colours.street_line), 0.62))
        community = (1.5 if bold else 1.1, (*rgb(colours.community_line), 0.62))
        grid = (1.1, (*rgb(colours.grid_line), 0.8 if scale < 6 else 0.42))
        shown = (
            not moving or scale <= STREETS_WHILE_MOVING_BELOW_M_PER_PX,
            scale <= COMMUNITIES_BELOW_M_PER_PX,
            scale < (LINES_WHILE_MOVING_BELOW_M_PER_PX if moving else GRIDS_BELOW_M_PER_PX),
        )
        return [stroke if is_on else NO_STROKE for stroke, is_on in zip((street, community, grid), shown, strict=True)]

    def _edges(self, frame: Frame, rings: RingTiles, strokes: list[Stroke]) -> RingTiles | BorderTiles:
        """The fewest edges of grids among which all lie that are drawn."""
        _, community, grid = (stroke is not NO_STROKE for stroke in strokes)
        communities, streets = (levels.at(frame.metres_per_pixel) for levels in self._standing)
        return rings if grid else communities if community else streets

    def _draw_flat(self, frame: Frame, rings: RingTiles, strokes: list[Stroke]) -> int:
        """Draw the borders of all levels on the ground, from the rings of each: few from afar, where grids are many."""
        calls = 0
        drawn = (rings, *(levels.at(frame.metres_per_pixel) for levels in self._upper))
        for upper, stroke in zip(drawn, reversed(strokes), strict=True):
            if stroke is not NO_STROKE:
                calls += self._lines.draw(upper, upper.tiles.near(frame.box), [stroke], standing=False)
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
                calls += self._lines.draw(rings, tiles, [(width, tint)], standing=frame.raise_m > 0, only=number)
        return calls
