"""Pictures from the atlas: names and cameras below the workers, pins and ranks above them."""

from __future__ import annotations

import numpy as np
from OpenGL import GL

from desktop.map.graphics import Attribute, Instances, Uniforms, mix_opaquely, program, uploaded
from desktop.map.layer import SHEET_UNIT, Bench, Frame, Layer
from desktop.map.marks_layout import Stand
from desktop.map.shown import Shown
from desktop.map.sprites import RankLook

RECORD = np.dtype([("place", "<f4", 3), ("anchor", "<i2", 2), ("size", "<u2", 2), ("cell", "<u2", 2), ("tint", "u1", 4)])
MOST_RANKS = 9
ATTRIBUTES = (
    Attribute(0, 3, GL.GL_FLOAT, 0),
    Attribute(1, 2, GL.GL_SHORT, 12),
    Attribute(2, 2, GL.GL_UNSIGNED_SHORT, 16),
    Attribute(3, 2, GL.GL_UNSIGNED_SHORT, 20),
    Attribute(4, 4, GL.GL_UNSIGNED_BYTE, 24, share=True),
)


class SpriteLayer(Layer):
    """One batch of pictures, drawn in one call."""

    is_static = False

    def __init__(self, shown: Shown, name: str) -> None:
        """A batch by the name of what it shows."""
        super().__init__(shown)
        self.name = name
        self._count = 0

    def build(self, bench: Bench) -> None:
        """Make the program and an empty buffer."""
        self.bench = bench
        self._program = program("sprite")
        self._uniforms = Uniforms(self._program)
        self._buffer = uploaded(np.zeros(1, RECORD), usage=GL.GL_DYNAMIC_DRAW)
        self._instances = Instances(self._buffer, RECORD.itemsize, ATTRIBUTES)
        self._count = 0

    def take(self, stand: Stand) -> None:
        """Upload a batch; AtlasFull where its pictures do not fit beside those already there."""
        if self.bench is None:
            return
        records = np.zeros(len(stand.looks), RECORD)
        records["place"] = stand.place_array()
        records["tint"] = 255
        cells = [self.bench.atlas.cell(look) for look in stand.looks]
        if cells:
            records["cell"] = [(x, y) for x, y, _ in cells]
            records["size"] = [(size.wide, size.tall) for _, _, size in cells]
            records["anchor"] = [(-round(size.foot_x), -round(size.foot_y)) for _, _, size in cells]
        self._count = len(records)
        GL.glBindBuffer(GL.GL_ARRAY_BUFFER, self._buffer)
        data = records if len(records) else np.zeros(1, RECORD)
        GL.glBufferData(GL.GL_ARRAY_BUFFER, data.nbytes, data, GL.GL_DYNAMIC_DRAW)

    def draw(self, _frame: Frame) -> int:
        """Draw the batch pixel for pixel."""
        if self._count == 0 or self.bench is None:
            return 0
        GL.glDisable(GL.GL_DEPTH_TEST)
        GL.glEnable(GL.GL_BLEND)
        GL.glBlendFunc(GL.GL_ONE, GL.GL_ONE_MINUS_SRC_ALPHA)
        GL.glUseProgram(self._program)
        self.bench.atlas.bind(SHEET_UNIT)
        GL.glUniform1i(self._uniforms["sheet"], SHEET_UNIT)
        calls = self._instances.draw(self._count)
        mix_opaquely()
        return calls


class RankLayer(SpriteLayer):
    """The numbers of the candidates, gliding with their dots."""

    def __init__(self, shown: Shown) -> None:
        """The ranks of what is shown."""
        super().__init__(shown, "ranks")

    def reserve(self) -> None:
        """Have a place for every number beforehand: amid a frame there is no other; AtlasFull where there is none."""
        if self.bench is not None:
            for rank in range(1, MOST_RANKS + 1):
                self.bench.atlas.cell(RankLook(rank))

    def draw(self, frame: Frame) -> int:
        """Place the numbers anew, then draw them."""
        rows = self.shown.candidates[:MOST_RANKS]
        if len(rows) == 0 or not self.shown.layer_visible["workers"]:
            return 0
        stand = Stand()
        at = self.shown.workers.at(frame.now_s, rows)
        z = self.shown.height_at(self.shown.worker_grid[rows], frame.metres_per_pixel)
        for rank in range(len(rows) - 1, -1, -1):
            if np.isfinite(at[rank, 0]):
                stand.add(RankLook(rank + 1), (float(at[rank, 0]), float(at[rank, 1]), float(z[rank])))
        self.take(stand)
        return super().draw(frame)
