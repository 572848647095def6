"""Floors of buildings that incidents are on: a plate, its edge, and a line to the ground, in two calls."""

from __future__ import annotations

import numpy as np
from OpenGL import GL

from desktop.map.colours import rgb
from desktop.map.floor_plates import CHOSEN_FILL, EDGE_PX, FILL, LEADER_PX, Plate, plates
from desktop.map.graphics import METER, Attribute, Instances, point_at, program, uploaded
from desktop.map.layer import Bench, Frame, Layer
from desktop.map.scene import triangulated

STROKE = np.dtype([("start", "<f4", 3), ("end", "<f4", 3), ("tint", "<f4", 4), ("shape", "<f4", 2)])
STROKES = (
    Attribute(0, 3, GL.GL_FLOAT, 0),
    Attribute(1, 3, GL.GL_FLOAT, 12),
    Attribute(2, 4, GL.GL_FLOAT, 24),
    Attribute(3, 2, GL.GL_FLOAT, 40),
)
CORNER = np.dtype([("place", "<f4", 3), ("tint", "<f4", 4)])
CORNERS = (Attribute(0, 3, GL.GL_FLOAT, 0), Attribute(1, 4, GL.GL_FLOAT, 12))
DASH_PX = 4.0


class FloorLayer(Layer):
    """The floors in the picture."""

    name = "floors"
    is_static = False

    def build(self, bench: Bench) -> None:
        """Make the programs and empty buffers."""
        self.bench = bench
        self._plate, self._stroke = program("plate"), program("stroke", "track")
        self._corners, self._strokes = (uploaded(np.zeros(1, each), usage=GL.GL_DYNAMIC_DRAW) for each in (CORNER, STROKE))
        self._array = int(GL.glGenVertexArrays(1))
        GL.glBindVertexArray(self._array)
        point_at(self._corners, CORNER.itemsize, CORNERS)
        GL.glBindVertexArray(0)
        self._instances = Instances(self._strokes, STROKE.itemsize, STROKES)

    def draw(self, frame: Frame) -> int:
        """Draw the plates, then the edges and lines."""
        found = plates(self.shown, frame.oblique, frame.metres_per_pixel)
        if not found:
            return 0
        corners = np.concatenate([_corners(each) for each in found])
        strokes = np.concatenate([_strokes(each, rgb(self.shown.colours.halo)) for each in found])
        _fill(self._corners, corners)
        _fill(self._strokes, strokes)
        GL.glDisable(GL.GL_DEPTH_TEST)
        GL.glEnable(GL.GL_BLEND)
        GL.glUseProgram(self._plate)
        GL.glBindVertexArray(self._array)
        GL.glDrawArrays(GL.GL_TRIANGLES, 0, len(corners))
        GL.glUseProgram(self._stroke)
        return 1 + self._instances.draw(len(strokes))


def _corners(plate: Plate) -> np.ndarray:
    xy = np.concatenate([ring[triangulated(ring, np.array([0, len(ring)]))].reshape(-1, 2) for ring in plate.rings])
    corners = np.zeros(len(xy), CORNER)
    corners["place"] = np.column_stack([xy, np.full(len(xy), plate.top_m)])
    corners["tint"] = (*rgb(plate.colour), CHOSEN_FILL if plate.is_chosen else FILL)
    return corners


def _strokes(plate: Plate, halo: tuple[float, float, float]) -> np.ndarray:
    """The edge of the plate and the line from the ground to it, each over a wider one that sets it off."""
    starts = np.concatenate([ring[:-1] for ring in plate.rings])
    ends = np.concatenate([ring[1:] for ring in plate.rings])
    strokes = np.zeros(len(starts) + 1, STROKE)
    strokes["start"][:-1], strokes["end"][:-1] = (
        np.column_stack([each, np.full(len(each), plate.top_m)]) for each in (starts, ends)
    )
    strokes["start"][-1], strokes["end"][-1] = (*plate.foot, plate.ground_m), (*plate.foot, plate.top_m)
    strokes["tint"] = (*rgb(plate.colour), 1.0)
    strokes["shape"] = (EDGE_PX, DASH_PX if plate.is_below else 0.0)
    strokes["shape"][-1, 0] = LEADER_PX
    around = strokes.copy()
    around["tint"], around["shape"][:, 0] = (*halo, 0.6), strokes["shape"][:, 0] + 2.0
    return np.concatenate([around, strokes])


def _fill(buffer: int, records: np.ndarray) -> None:
    GL.glBindBuffer(GL.GL_ARRAY_BUFFER, buffer)
    GL.glBufferData(GL.GL_ARRAY_BUFFER, records.nbytes, records, GL.GL_DYNAMIC_DRAW)
    METER.uploaded_bytes += records.nbytes
