"""Tracks: pieces of line gathered for the view and uploaded when it leaves them; what plays is sorted out by the shader."""

from __future__ import annotations

import numpy as np
from OpenGL import GL

from desktop.map.colours import rgb
from desktop.map.graphics import METER, Attribute, Instances, Uniforms, program, uploaded
from desktop.map.layer import GRIDS_UNIT, Bench, Frame, Layer
from desktop.map.track_marks import CASING_PX, LINE_PX, SIZE_PX, tints, track_marks
from desktop.map.tracks_shown import STROKE

CASED_UP_TO = 6_000
"""Where the processor draws, more pieces than that have no edge: it costs as much as the line itself."""

STROKES = (
    Attribute(0, 4, GL.GL_FLOAT, 0),
    Attribute(1, 2, GL.GL_INT, 16, whole=True),
    Attribute(2, 2, GL.GL_UNSIGNED_INT, 24, whole=True),
    Attribute(3, 4, GL.GL_UNSIGNED_BYTE, 32, whole=True),
)
MARK = np.dtype([("place", "<f4", 3), ("shape", "<f4", 4), ("tint", "<f4", 3)])
MARKS = (Attribute(0, 3, GL.GL_FLOAT, 0), Attribute(1, 4, GL.GL_FLOAT, 12), Attribute(2, 3, GL.GL_FLOAT, 28))


class TrackLayer(Layer):
    """All tracks shown, drawn in every frame in two to four calls."""

    name = "tracks"
    is_static = False

    def build(self, bench: Bench) -> None:
        """Make the programs and empty buffers."""
        self.bench = bench
        self._line, self._mark = program("track"), program("track_mark")
        self._line_uniforms, self._mark_uniforms = Uniforms(self._line), Uniforms(self._mark)
        self._buffers = [uploaded(np.zeros(1, each), usage=GL.GL_DYNAMIC_DRAW) for each in (STROKE, STROKE, MARK)]
        self._strokes = Instances(self._buffers[0], STROKE.itemsize, STROKES)
        self._heads = Instances(self._buffers[1], STROKE.itemsize, STROKES)
        self._marks = Instances(self._buffers[2], MARK.itemsize, MARKS)
        self._gathered = -1

    def draw(self, frame: Frame) -> int:
        """Draw edges, lines, and the marks on them."""
        tracks = self.shown.tracks
        if not tracks.ways or self.bench is None:
            return 0
        strokes, heads = tracks.gather(frame.oblique, frame.metres_per_pixel, frame.raise_m), tracks.heads()
        if self._gathered != tracks.gathered:
            self._gathered = tracks.gathered
            _fill(self._buffers[0], strokes.records)
        _fill(self._buffers[1], heads.records)
        GL.glDisable(GL.GL_DEPTH_TEST)
        GL.glEnable(GL.GL_BLEND)
        self.bench.grids.bind(GRIDS_UNIT)
        GL.glUseProgram(self._line)
        uniforms, colours = self._line_uniforms, self.shown.colours
        GL.glUniform1i(uniforms["grids"], GRIDS_UNIT)
        GL.glUniform2ui(uniforms["period"], *(max(tick, 0) for tick in tracks.ticks()))
        GL.glUniform3fv(uniforms["tints"], 6, np.array([rgb(tint) for tint in tints(self.shown)], np.float32))
        calls = 0
        is_cased = not self.bench.software or len(strokes) <= CASED_UP_TO
        for casing, width in ((0.55, LINE_PX + CASING_PX), (0.0, LINE_PX))[not is_cased :]:
            GL.glUniform4f(uniforms["casing"], *rgb(colours.halo), casing)
            GL.glUniform1f(uniforms["width"], width)
            calls += self._strokes.draw(len(strokes)) if len(strokes) else 0
            calls += self._heads.draw(len(heads)) if len(heads) else 0
        return calls + self._draw_marks(frame)

    def _draw_marks(self, frame: Frame) -> int:
        marks = track_marks(self.shown, frame.oblique, frame.metres_per_pixel, moving=frame.moving)
        if not marks:
            return 0
        inks = [rgb(tint) for tint in tints(self.shown)]
        records = np.array([(m.place, (m.kind, SIZE_PX[m.kind], *m.along), inks[m.tint]) for m in marks], MARK)
        _fill(self._buffers[2], records)
        GL.glUseProgram(self._mark)
        GL.glUniform3f(self._mark_uniforms["halo"], *rgb(self.shown.colours.halo))
        return self._marks.draw(len(records))


def _fill(buffer: int, records: np.ndarray) -> None:
    GL.glBindBuffer(GL.GL_ARRAY_BUFFER, buffer)
    GL.glBufferData(GL.GL_ARRAY_BUFFER, max(records.nbytes, 4), records if records.nbytes else None, GL.GL_DYNAMIC_DRAW)
    METER.uploaded_bytes += records.nbytes
