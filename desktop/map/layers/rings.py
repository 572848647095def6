"""Rings around what is selected, under the pointer or on its way to the server; and the sector a camera sees."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from OpenGL import GL

from desktop.map.colours import rgb
from desktop.map.graphics import METER, Attribute, Instances, Uniforms, program, uploaded
from desktop.map.layer import Bench, Frame, Layer
from desktop.map.oblique import Oblique
from desktop.map.picking import Found
from desktop.map.sectors import STEPS, in_sight, sectors_of

RECORD = np.dtype([("place", "<f4", 3), ("shape", "<f4", 4), ("tint", "<f4", 4)])
ATTRIBUTES = (
    Attribute(0, 3, GL.GL_FLOAT, 0),
    Attribute(1, 4, GL.GL_FLOAT, 12),
    Attribute(2, 4, GL.GL_FLOAT, 28),
)
HEAD_UP_PX = 26.0
HEAD_RADIUS_PX = 21.0
CORNERS = (STEPS - 1) * 3
"""Of the triangles of one sector."""
SHARES = (0.13, 0.1, 0.2)
"""How much of the colour of a sector shows: of those in view, of those out of order, of the selected one."""
DEPTHS = (0.75, 0.5, 0.25)
"""Where each of the three lies while it is painted: a place that several cameras see is tinted once, not once for each."""


class RingLayer(Layer):
    """Rings drawn in every frame above everything else."""

    name = "rings"
    is_static = False

    def build(self, bench: Bench) -> None:
        """Make the program and an empty buffer."""
        self.bench = bench
        self._program = program("ring")
        self._buffer = uploaded(np.zeros(1, RECORD), usage=GL.GL_DYNAMIC_DRAW)
        self._instances = Instances(self._buffer, RECORD.itemsize, ATTRIBUTES)

    def draw(self, frame: Frame) -> int:
        """Draw what deserves a ring now."""
        rings = self._rings(frame)
        if not rings:
            return 0
        records = np.array(rings, RECORD)
        GL.glBindBuffer(GL.GL_ARRAY_BUFFER, self._buffer)
        GL.glBufferData(GL.GL_ARRAY_BUFFER, records.nbytes, records, GL.GL_DYNAMIC_DRAW)
        GL.glDisable(GL.GL_DEPTH_TEST)
        GL.glEnable(GL.GL_BLEND)
        GL.glUseProgram(self._program)
        return self._instances.draw(len(records))

    def _rings(self, frame: Frame) -> list[tuple[object, ...]]:
        shown, rings = self.shown, []
        focus = rgb(shown.colours.focus)
        if shown.layer_visible["incidents"]:
            for row in np.nonzero(shown.pins.pending)[0].tolist():
                found = Found("incident", shown.pins.ids[row])
                ring = self._ring(found, frame, (HEAD_UP_PX, 18.5, 1.8, 8.0), (*rgb(shown.colours.text), 0.9))
                rings.extend(ring)
        if shown.hovered is not None and shown.hovered != shown.selected:
            rings.extend(self._ring(shown.hovered, frame, self._shape(shown.hovered, 1.4), (*focus, 0.7)))
        if shown.selected is not None:
            rings.extend(self._ring(shown.selected, frame, self._shape(shown.selected, 2.4), (*focus, 1.0)))
        return rings

    @staticmethod
    def _shape(found: Found, width: float) -> tuple[float, float, float, float]:
        """Offset up, radius, width and dashes of the ring around a thing."""
        if found.kind == "incident":
            return (HEAD_UP_PX, HEAD_RADIUS_PX, width, 0.0)
        return (0.0, 9.0 if found.kind == "worker" else 11.0, width, 0.0)

    def _ring(
        self,
        found: Found,
        frame: Frame,
        shape: tuple[float, float, float, float],
        tint: tuple[float, float, float, float],
    ) -> list[tuple[object, ...]]:
        place = self.shown.place_of(found) if found.kind != "grid" else None
        if place is None or not np.isfinite(place[0]):
            return []
        x, y, grid = place
        row = self.shown.workers.row(found.id) if found.kind == "worker" else None
        if row is not None:
            x, y = self.shown.workers.at(frame.now_s, np.array([row]))[0].tolist()
        z = float(self.shown.height_at(np.array([grid]), frame.metres_per_pixel)[0])
        z += self.shown.floor_m(found, frame.metres_per_pixel)
        return [((x, y, z), shape, tint)]


class SectorLayer(Layer):
    """What cameras see, as sectors on the ground: the selected one's, and all of those in view where that is asked for."""

    name = "sector"
    is_static = False

    def build(self, bench: Bench) -> None:
        """Make the program and an empty buffer."""
        self.bench = bench
        self._program = program("fill", "flat")
        self._uniforms = Uniforms(self._program)
        self._buffer = uploaded(np.zeros(3, np.float32), usage=GL.GL_DYNAMIC_DRAW)
        self._held: tuple[object, ...] = ()
        self._array = int(GL.glGenVertexArrays(1))
        GL.glBindVertexArray(self._array)
        GL.glBindBuffer(GL.GL_ARRAY_BUFFER, self._buffer)
        GL.glEnableVertexAttribArray(0)
        GL.glVertexAttribPointer(0, 2, GL.GL_FLOAT, False, 8, None)
        GL.glBindVertexArray(0)

    def draw(self, frame: Frame) -> int:
        """Draw the sectors in view, and over them that of the selected camera."""
        logical = Oblique(
            frame.oblique.viewpoint.scaled_by(frame.pixel_ratio),
            frame.oblique.width_px / frame.pixel_ratio,
            frame.oblique.height_px / frame.pixel_ratio,
        )
        live, off = in_sight(self.shown, logical)
        selected, chosen = self.shown.selected, np.zeros(0, np.int64)
        if selected is not None and selected.kind == "camera" and selected.id in self.shown.cameras.ids:
            chosen = np.array([self.shown.cameras.ids.index(selected.id)])
        if not len(live) + len(off) + len(chosen):
            return 0
        self._fill((live, off, chosen))
        colours, tints = self.shown.colours, np.zeros((8, 4), np.float32)
        GL.glBindVertexArray(self._array)
        self._begin_tinting_once()
        GL.glEnable(GL.GL_BLEND)
        GL.glUseProgram(self._program)
        GL.glUniform3f(self._uniforms["tile"], 0.0, 0.0, 1.0)
        GL.glVertexAttribI4ui(1, 0, 0, 0, 0)
        begin, calls = 0, 0
        inks = (colours.focus, colours.camera_off, colours.focus)
        for rows, colour, share, depth in zip((live, off, chosen), inks, SHARES, DEPTHS, strict=True):
            if len(rows):
                tints[0] = (*rgb(colour), share)
                GL.glUniform4fv(self._uniforms["tints"], 8, tints)
                GL.glDepthRange(depth, depth)
                GL.glDrawArrays(GL.GL_TRIANGLES, begin, len(rows) * CORNERS)
                begin += len(rows) * CORNERS
                calls += 1
        GL.glDepthRange(0.0, 1.0)
        GL.glDisable(GL.GL_DEPTH_TEST)
        return calls

    @staticmethod
    def _begin_tinting_once() -> None:
        """Of what is painted at one depth only the first reaches a pixel."""
        GL.glEnable(GL.GL_DEPTH_TEST)
        GL.glDepthMask(True)
        GL.glDepthFunc(GL.GL_LESS)
        GL.glClearBufferfv(GL.GL_DEPTH, 0, np.ones(1, np.float32))

    def _fill(self, parts: tuple[NDArray[np.int64], ...]) -> None:
        """Upload the sectors, where they are others than those that are there."""
        held = (id(self.shown.cameras), *(part.tobytes() for part in parts))
        if held == self._held:
            return
        self._held = held
        corners = sectors_of(self.shown, np.concatenate(parts)).astype(np.float32)
        apex = np.broadcast_to(corners[:, :1], (len(corners), STEPS - 1, 2))
        triangles = np.ascontiguousarray(np.stack([apex, corners[:, 1:-1], corners[:, 2:]], axis=2))
        METER.uploaded_bytes += triangles.nbytes
        GL.glBindBuffer(GL.GL_ARRAY_BUFFER, self._buffer)
        GL.glBufferData(GL.GL_ARRAY_BUFFER, triangles.nbytes, triangles, GL.GL_DYNAMIC_DRAW)
