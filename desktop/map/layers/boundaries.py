"""Boundary lines of grids, communities and streets; overdue grids get a warm edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from OpenGL import GL

from desktop.map.colours import rgb
from desktop.map.graphics import Instances, Uniforms, program
from desktop.map.layer import GRIDS_UNIT, Bench, Frame, Layer
from desktop.map.ring_geometry import FINE_BELOW_M_PER_PX, GridRings
from desktop.map.shown import Shown

if TYPE_CHECKING:
    from desktop.map.layers.grids import GridLayer

LINES_WHILE_MOVING_BELOW_M_PER_PX = 3.0
Colour = tuple[float, float, float, float]


class LineProgram:
    """Draws edges as soft lines."""

    def __init__(self, bench: Bench) -> None:
        """Ready in the current context."""
        self._bench = bench
        self._program = program("line")
        self._uniforms = Uniforms(self._program)

    def draw(
        self,
        edges: Instances,
        runs: list[tuple[int, int]],
        width_px: float,
        colour: Colour,
        *,
        standing: bool,
    ) -> int:
        """Draw runs of edges in a colour; `standing` puts them on the roofs of their grids."""
        self._bench.grids.bind(GRIDS_UNIT)
        uniforms = self._uniforms
        GL.glUseProgram(self._program)
        GL.glUniform1i(uniforms["grids"], GRIDS_UNIT)
        GL.glUniform1f(uniforms["standing"], float(standing))
        GL.glUniform1f(uniforms["width"], width_px)
        GL.glUniform4f(uniforms["tint"], *colour)
        return edges.draw(runs)


class BoundaryLayer(Layer):
    """Boundaries in the cached picture, thinner and fainter the lower their level."""

    name = "boundaries"

    def __init__(self, shown: Shown, grids: GridLayer) -> None:
        """Boundaries drawn from the grids' edges and from rings of communities and streets."""
        super().__init__(shown)
        self._grids = grids
        self._upper: list[tuple[str, bool, GridRings]] = []

    def build(self, bench: Bench) -> None:
        """Make the program."""
        self.bench = bench
        self._lines = LineProgram(bench)
        self._upper = []

    def take_geometry(self) -> None:
        """Upload the rings of communities and streets."""
        geometry = self.shown.geometry
        if geometry is None or self.bench is None:
            return
        base = self.bench.base_instance
        for _, _, rings in self._upper:
            rings.delete()
        self._upper = [
            (level, fine, GridRings(areas.rings if fine else areas.coarse, base))
            for level, areas in (("community", geometry.communities), ("street", geometry.streets))
            for fine in (True, False)
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
            calls += self._lines.draw(rings.edges, rings.edge_runs(frame.box), 1.1, tint, standing=standing)
        for level, fine, upper in self._upper:
            if fine != (scale < FINE_BELOW_M_PER_PX):
                continue
            width = (1.5 if level == "community" else 2.4) if scale < 9 else (1.1 if level == "community" else 2.0)
            tint = (*rgb(colours.community_line if level == "community" else colours.street_line), 0.62)
            calls += self._lines.draw(upper.edges, upper.edge_runs(frame.box), width, tint, standing=False)
        late = rings.tiled.edges_where(self.shown.overdue > 0)
        if late:
            tint = (*rgb(colours.overdue_line), 0.75)
            calls += self._lines.draw(rings.edges, late, 1.8, tint, standing=standing)
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
                runs = rings.tiled.edges_where(np.arange(len(self.shown.open_count)) == number)
                calls += self._lines.draw(rings.edges, runs, width, tint, standing=frame.raise_m > 0)
        return calls
