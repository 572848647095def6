"""Land and water, flat on the ground."""

from __future__ import annotations

import numpy as np
from OpenGL import GL

from desktop.map.colours import rgb
from desktop.map.graphics import Attribute, Triangles, Uniforms, program, uploaded
from desktop.map.layer import Bench, Frame, Layer
from desktop.map.scene import Geometry, Rings
from desktop.map.shown import Shown
from desktop.map.tiles import CORNER, tiled_rings

TILE_M = 4000.0
PARK_KINDS, FARM_KINDS, BUILT_KINDS, SQUARE_KINDS = (10, 11), (12,), (13, 14, 15, 16), (17,)


def land_tint_number(kind: int) -> int:
    """Which of the four land colours a kind of patch has: park, built, square, farmland."""
    if kind in PARK_KINDS:
        return 0
    if kind in FARM_KINDS:
        return 3
    return 2 if kind in SQUARE_KINDS else 1


def _open_land(geometry: Geometry) -> Rings:
    """Land that looks different from the built-up ground around it; the rest would cost time and show nothing."""
    land = geometry.land
    open_ = ~np.isin(geometry.land_kind, BUILT_KINDS)
    ring_of = np.searchsorted(land.offsets, land.triangles[:, 0], side="right") - 1
    return Rings(land.xy, land.offsets, land.owner, land.triangles[open_[ring_of]])


class SurfaceLayer(Layer):
    """Surfaces of one sort: land in four tints, or water in one."""

    def __init__(self, shown: Shown, name: str) -> None:
        """The land layer or the water layer, by name."""
        super().__init__(shown)
        self.name = name
        self._triangles: Triangles | None = None

    def build(self, bench: Bench) -> None:
        """Make the program; the surfaces come with the geometry."""
        self.bench = bench
        self._program = program("fill", "flat")
        self._uniforms = Uniforms(self._program)
        self._triangles = None

    def take_geometry(self) -> None:
        """Upload the surfaces, sorted into tiles."""
        geometry = self.shown.geometry
        if geometry is None:
            return
        tiled = tiled_rings(geometry.water if self.name == "water" else _open_land(geometry), TILE_M)
        corners = tiled.corners.copy()
        if self.name == "land":
            number = np.array([land_tint_number(kind) for kind in geometry.land_kind.tolist()], np.uint32)
            owner = corners["owner"] & np.uint32(0x7FFFFFFF)
            corners["owner"] = number[owner] if len(number) else owner
        else:
            corners["owner"] = 0
        attributes = (Attribute(0, 2, GL.GL_FLOAT, 0), Attribute(1, 1, GL.GL_UNSIGNED_INT, 8, whole=True))
        if self._triangles is not None:
            self._triangles.delete()
        self._triangles = Triangles(uploaded(corners), CORNER.itemsize, attributes, tiled.triangles)
        self._tiles = tiled.triangle_tiles

    def draw(self, frame: Frame) -> int:
        """Paint the surfaces over the grids' colour."""
        if self._triangles is None:
            return 0
        colours = self.shown.colours
        tints = np.zeros((8, 4), np.float32)
        chosen = (colours.water,) if self.name == "water" else colours.land
        for number, colour in enumerate(chosen):
            tints[number] = (*rgb(colour), 1.0 if self.name == "water" else 0.62)
        GL.glDisable(GL.GL_DEPTH_TEST)
        (GL.glDisable if self.name == "water" else GL.glEnable)(GL.GL_BLEND)
        GL.glUseProgram(self._program)
        GL.glUniform4fv(self._uniforms["tints"], 8, tints)
        return self._triangles.draw(self._tiles.runs(frame.box))
