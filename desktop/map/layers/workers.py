"""Workers' dots: one buffer, one draw; positions between two fixes are computed by the shader."""

from __future__ import annotations

import ctypes

import numpy as np
from numpy.typing import NDArray
from OpenGL import GL

from desktop.map.colours import rgb
from desktop.map.graphics import METER, Uniforms, program, uploaded
from desktop.map.layer import Bench, Frame, Layer
from desktop.map.moving import RECORD

PAGE = 128
CALM, LIT = 0.72, 0.9
"""How much of their colour dots show while nobody asks for workers, and while an incident waits for one."""


def radius_px(metres_per_pixel: float) -> float:
    """Radius of a dot in logical pixels at a scale: small from afar, so that pins win."""
    return 3.3 if metres_per_pixel < 2 else 2.6 if metres_per_pixel < 5 else 2.0


class WorkerLayer(Layer):
    """The workers in view, as far as they are no crowd."""

    name = "workers"
    is_static = False

    def build(self, bench: Bench) -> None:
        """Make the program and buffers; everything is uploaded on the next draw."""
        self.bench = bench
        self._program = program("dots")
        self._uniforms = Uniforms(self._program)
        self._buffer = uploaded(np.zeros(1, RECORD), usage=GL.GL_DYNAMIC_DRAW)
        self._ground = uploaded(np.zeros(1, np.float32), usage=GL.GL_DYNAMIC_DRAW)
        self._array = int(GL.glGenVertexArrays(1))
        GL.glBindVertexArray(self._array)
        GL.glBindBuffer(GL.GL_ARRAY_BUFFER, self._buffer)
        for location, parts, offset in ((0, 2, 0), (1, 2, 8), (2, 2, 16)):
            GL.glEnableVertexAttribArray(location)
            GL.glVertexAttribPointer(location, parts, GL.GL_FLOAT, False, RECORD.itemsize, ctypes.c_void_p(offset))
        GL.glEnableVertexAttribArray(3)
        GL.glVertexAttribIPointer(3, 4, GL.GL_UNSIGNED_BYTE, RECORD.itemsize, ctypes.c_void_p(24))
        GL.glBindBuffer(GL.GL_ARRAY_BUFFER, self._ground)
        GL.glEnableVertexAttribArray(4)
        GL.glVertexAttribPointer(4, 1, GL.GL_FLOAT, False, 4, ctypes.c_void_p(0))
        GL.glBindVertexArray(0)
        self._rows: NDArray[np.int32] | None = None

    def upload(self) -> int:
        """Send the records of the dots in view: all where they are others than before, else the pages that changed; bytes."""
        workers, rows = self.shown.workers, self.shown.in_view.rows
        changed = workers.take_changed()
        is_other, self._rows = rows is not self._rows, rows
        if not is_other and changed is not None:
            changed = changed[np.isin(changed, rows, assume_unique=True)]
            if len(changed) == 0:
                return 0
        load, grid = self.shown.load_share(), self.shown.worker_grid[rows]
        ground = np.where(grid >= 0, load[grid] if len(load) else 0.0, 0.0).astype(np.float32)
        sent = _replaced(self._ground, ground)
        if is_other or changed is None:
            return sent + _replaced(self._buffer, workers.records(rows))
        GL.glBindBuffer(GL.GL_ARRAY_BUFFER, self._buffer)
        for page in np.unique(np.searchsorted(rows, changed) // PAGE).tolist():
            part = workers.records(rows[page * PAGE : (page + 1) * PAGE])
            GL.glBufferSubData(GL.GL_ARRAY_BUFFER, page * PAGE * RECORD.itemsize, part.nbytes, part)
            sent += part.nbytes
            METER.uploaded_bytes += part.nbytes
        return sent

    def draw(self, frame: Frame) -> int:
        """Draw every dot where it is at this moment."""
        count = len(self.shown.in_view.rows)
        self.upload()
        if count == 0:
            return 0
        colours = self.shown.colours
        tints = [(*rgb(c), 1.0) for c in (colours.worker, colours.worker_on_task, colours.worker_stale, colours.candidate)]
        GL.glDisable(GL.GL_DEPTH_TEST)
        GL.glEnable(GL.GL_BLEND)
        GL.glEnable(GL.GL_PROGRAM_POINT_SIZE)
        GL.glUseProgram(self._program)
        GL.glUniform4fv(self._uniforms["tints"], 4, np.array(tints, np.float32))
        GL.glUniform1f(self._uniforms["radius"], radius_px(frame.metres_per_pixel))
        GL.glUniform3f(self._uniforms["halo"], *rgb(colours.halo))
        GL.glUniform2f(self._uniforms["wash"], CALM, LIT)
        GL.glBindVertexArray(self._array)
        GL.glDrawArrays(GL.GL_POINTS, 0, count)
        return 1


def _replaced(buffer: int, data: np.ndarray) -> int:
    """Fill a buffer anew; how many bytes went."""
    GL.glBindBuffer(GL.GL_ARRAY_BUFFER, buffer)
    GL.glBufferData(GL.GL_ARRAY_BUFFER, max(data.nbytes, 4), data if data.nbytes else None, GL.GL_DYNAMIC_DRAW)
    METER.uploaded_bytes += data.nbytes
    return int(data.nbytes)
