"""Rings of areas on the graphics card: their roofs and edges, shared by the layers that draw them."""

from __future__ import annotations

from OpenGL import GL

from desktop.map.graphics import Attribute, Instances, Triangles, uploaded
from desktop.map.scene import Rings
from desktop.map.tiles import CORNER, Box, tiled_rings

TILE_M = 5000.0
FINE_BELOW_M_PER_PX = 3.0
CORNER_ATTRIBUTES = (Attribute(0, 2, GL.GL_FLOAT, 0), Attribute(1, 1, GL.GL_UNSIGNED_INT, 8, whole=True))
EDGE_ATTRIBUTES = (*CORNER_ATTRIBUTES, Attribute(2, 2, GL.GL_FLOAT, CORNER.itemsize))


class GridRings:
    """Grids at one level of detail, uploaded."""

    def __init__(self, rings: Rings, base_instance: bool) -> None:
        """Sort the rings into tiles and upload them; the context is current."""
        self.tiled = tiled_rings(rings, TILE_M)
        buffer = uploaded(self.tiled.corners)
        self.roofs = Triangles(buffer, CORNER.itemsize, CORNER_ATTRIBUTES, self.tiled.triangles)
        self.edges = Instances(buffer, CORNER.itemsize, EDGE_ATTRIBUTES, base_instance)

    def delete(self) -> None:
        """Give everything back to the graphics card; the context is current."""
        self.roofs.delete()
        self.edges.delete()

    def edge_runs(self, box: Box) -> list[tuple[int, int]]:
        """Edges of what lies in a box."""
        return without_last(self.tiled.edge_tiles.runs(box), len(self.tiled.corners))


def without_last(runs: list[tuple[int, int]], corners: int) -> list[tuple[int, int]]:
    """Runs of edges, none beginning at the very last corner, which has no next one to read."""
    return [(first, min(count, corners - 1 - first)) for first, count in runs]
