"""Tracks: pieces of line gathered for the view and uploaded when it leaves them; what plays is a longer part of the same."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from OpenGL import GL

from desktop.map.colours import rgb
from desktop.map.graphics import METER, Attribute, Uniforms, point_at, program, uploaded
from desktop.map.layer import GRIDS_UNIT, Bench, Frame, Layer
from desktop.map.track_marks import CASING_PX, LINE_PX, SIZE_PX, MarkKind, standing_marks, tints
from desktop.map.track_picture import TrackPicture
from desktop.map.tracks_shown import STROKE, screen_of

PICTURE_FROM, CASED_UP_TO = 1_500, 6_000
"""Where the processor draws: more pieces are drawn once, into a picture; still more have no edge, which costs as much again."""

STROKES = (
    Attribute(0, 4, GL.GL_FLOAT, 0),
    Attribute(1, 2, GL.GL_INT, 16, whole=True),
    Attribute(3, 4, GL.GL_UNSIGNED_BYTE, 32, whole=True),
)
MARK = np.dtype([("place", "<f4", 3), ("shape", "<f4", 4), ("tint", "<f4", 3)])
MARKS = (Attribute(0, 3, GL.GL_FLOAT, 0), Attribute(1, 4, GL.GL_FLOAT, 12), Attribute(2, 3, GL.GL_FLOAT, 28))
Runs = list[tuple[int, int]]


class TrackLayer(Layer):
    """All tracks shown."""

    name = "tracks"
    is_static = False

    def build(self, bench: Bench) -> None:
        """Make the programs and empty buffers."""
        self.bench = bench
        self._line, self._mark = program("track"), program("track_mark")
        self._line_uniforms, self._mark_uniforms = Uniforms(self._line), Uniforms(self._mark)
        self._strokes, self._heads, self._marks = (
            uploaded(np.zeros(1, each), usage=GL.GL_DYNAMIC_DRAW) for each in (STROKE, STROKE, MARK)
        )
        self._line_array, self._mark_array = (int(each) for each in GL.glGenVertexArrays(2))
        self._picture = TrackPicture()
        self._gathered = self._painted_until = -1

    def draw(self, frame: Frame) -> int:
        """Draw the lines, or lay the picture of them over the frame, and the marks on them."""
        tracks = self.shown.tracks
        if not tracks.ways or self.bench is None:
            return 0
        strokes = tracks.gather(frame.oblique, frame.metres_per_pixel, frame.raise_m, moving=frame.moving)
        if self._gathered != tracks.gathered:
            self._gathered = tracks.gathered
            _fill(self._strokes, strokes.records)
        heads = tracks.heads().records
        _fill(self._heads, heads)
        GL.glDisable(GL.GL_DEPTH_TEST)
        GL.glEnable(GL.GL_BLEND)
        self.bench.grids.bind(GRIDS_UNIT)
        since, until = tracks.ticks()
        is_cased = not self.bench.software or len(strokes) <= CASED_UP_TO
        is_bare = self.bench.software and frame.moving and len(strokes) > PICTURE_FROM
        if self.bench.software and len(strokes) > PICTURE_FROM and not frame.moving:
            calls = self._draw_picture(frame, since, until, is_cased=is_cased)
        else:
            runs = strokes.runs(since, until)
            calls = self._draw_bare(runs) if is_bare else self._draw_lines(self._strokes, runs, is_cased=is_cased)
            calls += 0 if frame.moving else self._draw_marks(self._arrows(frame, (since, until, -1)))
        calls += self._draw_lines(self._heads, [(0, len(heads))] if len(heads) else [], is_cased=True)
        return calls + self._draw_marks(self._standing(frame))

    def _draw_picture(self, frame: Frame, since: int, until: int, *, is_cased: bool) -> int:
        """Bring the picture up to the moment shown, from nothing where it no longer serves, and lay it over the frame."""
        shown, strokes = self.shown, self.shown.tracks.strokes
        key = (self._gathered, frame.raise_m, shown.loads, shown.colours, since)
        calls = 0
        if not self._picture.serves(frame, key) or until < self._painted_until:
            ends = screen_of(shown, frame.oblique, strokes.records, frame.metres_per_pixel).reshape(-1, 2)
            self._picture.begin(frame, key, np.array([ends.min(axis=0), ends.max(axis=0)]))
            self._painted_until = -1
        runs = strokes.runs(since, until, self._painted_until)
        if runs and self.bench is not None:
            wide, target = self._picture.enter(frame)
            wide.send_camera(self.bench.camera)
            calls += self._draw_lines(self._strokes, runs, is_cased=is_cased)
            calls += self._draw_marks(self._arrows(wide, (since, until, self._painted_until)))
            self._picture.leave(frame, target)
            frame.send_camera(self.bench.camera)
        self._painted_until = until
        return calls + self._picture.show(frame)

    def _use_line(self) -> Uniforms:
        uniforms = self._line_uniforms
        GL.glUseProgram(self._line)
        GL.glUniform1i(uniforms["grids"], GRIDS_UNIT)
        GL.glUniform3fv(uniforms["tints"], 6, np.array([rgb(tint) for tint in tints(self.shown)], np.float32))
        GL.glBindVertexArray(self._line_array)
        return uniforms

    def _draw_bare(self, runs: Runs) -> int:
        """Lines a pixel wide and neither soft nor mixed: a fifth of the work, for as long as the view turns or zooms."""
        uniforms = self._use_line()
        GL.glUniform4f(uniforms["casing"], 0.0, 0.0, 0.0, 0.0)
        GL.glUniform1f(uniforms["width"], 0.0)
        GL.glDisable(GL.GL_BLEND)
        for first, end in runs:
            self._draw_part(self._strokes, STROKE.itemsize, STROKES, first, end, GL.GL_LINES)
        GL.glEnable(GL.GL_BLEND)
        return len(runs)

    def _draw_lines(self, buffer: int, runs: Runs, *, is_cased: bool) -> int:
        uniforms, colours, calls = self._use_line(), self.shown.colours, 0
        for casing, width in ((0.55, LINE_PX + CASING_PX), (0.0, LINE_PX))[not is_cased :]:
            GL.glUniform4f(uniforms["casing"], *rgb(colours.halo), casing)
            GL.glUniform1f(uniforms["width"], width)
            for first, end in runs:
                calls += self._draw_part(buffer, STROKE.itemsize, STROKES, first, end)
        return calls

    @staticmethod
    def _draw_part(
        buffer: int, stride: int, attributes: tuple[Attribute, ...], first: int, end: int, form: int = GL.GL_TRIANGLE_STRIP
    ) -> int:
        """Draw some records as instances; without base instances (GL 4.2) the attributes begin farther on."""
        point_at(buffer, stride, [each._replace(offset=each.offset + first * stride) for each in attributes], divisor=1)
        GL.glDrawArraysInstanced(form, 0, 2 if form == GL.GL_LINES else 4, end - first)
        return 1

    def _arrows(self, frame: Frame, period: tuple[int, int, int]) -> NDArray[np.void]:
        arrows = self.shown.tracks.point(frame.oblique)
        rows = arrows.within(*period)
        records = np.zeros(len(rows), MARK)
        z = self.shown.height_at(arrows.grid[rows], frame.metres_per_pixel)
        records["place"] = np.column_stack([arrows.xy[rows], z])
        records["shape"][:, :2], records["shape"][:, 2:] = (MarkKind.ARROW, SIZE_PX[MarkKind.ARROW]), arrows.along[rows]
        records["tint"] = np.array([rgb(tint) for tint in tints(self.shown)])[arrows.tint[rows]]
        return records

    def _standing(self, frame: Frame) -> NDArray[np.void]:
        marks, inks = standing_marks(self.shown, frame.metres_per_pixel), [rgb(tint) for tint in tints(self.shown)]
        return np.array([(m.place, (m.kind, SIZE_PX[m.kind], *m.along), inks[m.tint]) for m in marks], MARK)

    def _draw_marks(self, records: NDArray[np.void]) -> int:
        if len(records) == 0:
            return 0
        _fill(self._marks, records)
        GL.glUseProgram(self._mark)
        GL.glUniform3f(self._mark_uniforms["halo"], *rgb(self.shown.colours.halo))
        GL.glBindVertexArray(self._mark_array)
        return self._draw_part(self._marks, MARK.itemsize, MARKS, 0, len(records))


def _fill(buffer: int, records: NDArray[np.void]) -> None:
    GL.glBindBuffer(GL.GL_ARRAY_BUFFER, buffer)
    GL.glBufferData(GL.GL_ARRAY_BUFFER, max(records.nbytes, 4), records if records.nbytes else None, GL.GL_DYNAMIC_DRAW)
    METER.uploaded_bytes += records.nbytes
