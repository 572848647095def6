"""Trails of workers: the rings live in a texture, of which only those that changed are sent."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from OpenGL import GL

from desktop.map.colours import rgb
from desktop.map.graphics import METER, Attribute, Uniforms, point_at, program, uploaded
from desktop.map.layer import BUILDINGS_UNIT, GRIDS_UNIT, Bench, Frame, Layer
from desktop.map.trail_marks import trail_rows, trail_tints, trail_tones
from desktop.map.trails import FADE_S, KEPT

WALKER = np.dtype(
    [("start", "<f4", 2), ("end", "<f4", 2), ("timing", "<f4", 2), ("ring", "<i4", 4), ("on_grid", "<i4")],
)
WALKERS = (
    Attribute(0, 2, GL.GL_FLOAT, 0),
    Attribute(1, 2, GL.GL_FLOAT, 8),
    Attribute(2, 2, GL.GL_FLOAT, 16),
    Attribute(3, 4, GL.GL_INT, 24, whole=True),
    Attribute(4, 1, GL.GL_INT, 40, whole=True),
)


class TrailLayer(Layer):
    """Trails of those told apart, and of those in view where the layer is on."""

    name = "trails"
    is_static = False

    def build(self, bench: Bench) -> None:
        """Make the program and empty buffers; all rings are sent on the next draw."""
        self.bench = bench
        self._program = program("trail", "track")
        self._uniforms = Uniforms(self._program)
        self._walkers = uploaded(np.zeros(1, WALKER), usage=GL.GL_DYNAMIC_DRAW)
        self._array = int(GL.glGenVertexArrays(1))
        GL.glBindVertexArray(self._array)
        point_at(self._walkers, WALKER.itemsize, WALKERS, divisor=KEPT)
        GL.glBindVertexArray(0)
        self._rings = uploaded(np.zeros((1, 4), np.float32), GL.GL_TEXTURE_BUFFER, GL.GL_DYNAMIC_DRAW)
        self._texture = int(GL.glGenTextures(1))
        GL.glBindTexture(GL.GL_TEXTURE_BUFFER, self._texture)
        GL.glTexBuffer(GL.GL_TEXTURE_BUFFER, GL.GL_RGBA32F, self._rings)
        self.shown.trails.all_changed = True
        self._key: tuple[object, ...] = ()
        self._count = 0

    def draw(self, _frame: Frame) -> int:
        """Draw every trail that is wanted in one call."""
        rows = trail_rows(self.shown)
        if len(rows) == 0 or self.bench is None:
            return 0
        self._send_rings()
        self._send_walkers(rows)
        if self._count == 0:
            return 0
        uniforms = self._uniforms
        GL.glDisable(GL.GL_DEPTH_TEST)
        GL.glEnable(GL.GL_BLEND)
        GL.glUseProgram(self._program)
        self.bench.grids.bind(GRIDS_UNIT)
        GL.glActiveTexture(GL.GL_TEXTURE0 + BUILDINGS_UNIT)
        GL.glBindTexture(GL.GL_TEXTURE_BUFFER, self._texture)
        GL.glUniform1i(uniforms["grids"], GRIDS_UNIT)
        GL.glUniform1i(uniforms["places"], BUILDINGS_UNIT)
        GL.glUniform1i(uniforms["kept"], KEPT)
        GL.glUniform1f(uniforms["fade"], FADE_S)
        GL.glUniform3fv(uniforms["tints"], 4, np.array([rgb(tint) for tint in trail_tints(self.shown)], np.float32))
        GL.glBindVertexArray(self._array)
        GL.glDrawArraysInstanced(GL.GL_TRIANGLE_STRIP, 0, 4, self._count * KEPT)
        return 1

    def _send_rings(self) -> None:
        """Send the rings that changed, neighbours together; all where there are others than before."""
        trails = self.shown.trails
        changed = trails.take_changed()
        GL.glBindBuffer(GL.GL_TEXTURE_BUFFER, self._rings)
        if changed is None:
            METER.uploaded_bytes += trails.places.nbytes
            GL.glBufferData(GL.GL_TEXTURE_BUFFER, max(trails.places.nbytes, 16), trails.places, GL.GL_DYNAMIC_DRAW)
            return
        for run in np.split(changed, np.nonzero(np.diff(changed) > 1)[0] + 1) if len(changed) else []:
            part = np.ascontiguousarray(trails.places[run[0] : run[-1] + 1])
            METER.uploaded_bytes += part.nbytes
            GL.glBufferSubData(GL.GL_TEXTURE_BUFFER, int(run[0]) * trails.places.strides[0], part.nbytes, part)

    def _send_walkers(self, rows: NDArray[np.int32]) -> None:
        """Send where those walk who leave a trail, where any of them went on or others are shown."""
        shown = self.shown
        key = (shown.workers.moves, shown.trails.version, rows.tobytes(), shown.candidates.tobytes())
        if key == self._key:
            return
        self._key = key
        trails = shown.trails
        rows = rows[trails.slot_of[rows] >= 0]
        slot, dots = trails.slot_of[rows], shown.workers.records(rows)
        records = np.zeros(len(rows), WALKER)
        records["start"], records["end"] = dots["start"], dots["end"]
        records["timing"] = np.column_stack([dots["began_s"], dots["glide_s"]])
        records["ring"] = np.column_stack([slot, trails.head[slot], trails.count[slot], trail_tones(shown, rows)])
        records["on_grid"] = shown.worker_grid[rows]
        self._count = len(records)
        METER.uploaded_bytes += records.nbytes
        GL.glBindBuffer(GL.GL_ARRAY_BUFFER, self._walkers)
        GL.glBufferData(GL.GL_ARRAY_BUFFER, max(records.nbytes, 4), records if len(records) else None, GL.GL_DYNAMIC_DRAW)
