"""The basemap: pictures on the ground, each uploaded once and kept while the room lasts."""

from __future__ import annotations

import ctypes
from collections import OrderedDict

import numpy as np
from OpenGL import GL

from desktop.map.graphics import METER, Attribute, Uniforms, mix_opaquely, point_at, program, uploaded
from desktop.map.ground_pictures import PIECES, Laid
from desktop.map.layer import SHEET_UNIT, Bench, Frame, Layer

MOST_TEXTURE_BYTES = 96_000_000
"""What pictures may take on the card before those not seen longest go; what is in the view stays."""
MOST_MESHES = 2_000
_CORNER = (Attribute(0, 2, GL.GL_FLOAT, 0), Attribute(1, 2, GL.GL_FLOAT, 8))


class BasemapLayer(Layer):
    """Pictures over the flat colour of the grids, under everything else."""

    name = "basemap"

    def build(self, bench: Bench) -> None:
        """Make the program; nothing is uploaded before it is drawn."""
        self.bench = bench
        self._program = program("laid")
        self._uniforms = Uniforms(self._program)
        self._textures: OrderedDict[int, tuple[int, int]] = OrderedDict()
        self._meshes: OrderedDict[int, tuple[int, int, tuple[float, float]]] = OrderedDict()
        self._size = 0
        low = np.arange(PIECES * PIECES, dtype=np.uint16)
        first = low // PIECES * (PIECES + 1) + low % PIECES
        below = first + PIECES + 1
        quads = np.column_stack([first, below, first + 1, first + 1, below, below + 1]).astype(np.uint16)
        self._indices, self._count = uploaded(quads, GL.GL_ELEMENT_ARRAY_BUFFER), quads.size

    def draw(self, frame: Frame) -> int:
        """Paint what lies in the view; what is there already is not uploaded again."""
        pictures = self.shown.basemap
        if pictures is None or self.bench is None:
            return 0
        laid = pictures.laid(frame.oblique, frame.metres_per_pixel)
        if not laid:
            return 0
        (GL.glEnable if frame.raise_m > 0.0 else GL.glDisable)(GL.GL_DEPTH_TEST)  # a raised grid hides the ground behind it
        GL.glDepthMask(False)
        GL.glEnable(GL.GL_BLEND)
        GL.glBlendFuncSeparate(GL.GL_ONE, GL.GL_ONE_MINUS_SRC_ALPHA, GL.GL_ONE, GL.GL_ONE_MINUS_SRC_ALPHA)
        GL.glUseProgram(self._program)
        GL.glUniform1i(self._uniforms["sheet"], SHEET_UNIT)
        GL.glUniform1f(self._uniforms["opacity"], pictures.opacity)
        GL.glActiveTexture(GL.GL_TEXTURE0 + SHEET_UNIT)
        for each in laid:
            array, _, origin = self._kept_mesh(each)
            GL.glBindTexture(GL.GL_TEXTURE_2D, self._kept_texture(each))
            GL.glUniform2f(self._uniforms["origin"], *origin)
            GL.glBindVertexArray(array)
            GL.glDrawElements(GL.GL_TRIANGLES, self._count, GL.GL_UNSIGNED_SHORT, ctypes.c_void_p(0))
            METER.triangles += self._count // 3
        mix_opaquely()
        GL.glDepthMask(True)
        self._trim({each.picture for each in laid}, len(laid))
        return len(laid)

    def _kept_texture(self, laid: Laid) -> int:
        if laid.picture in self._textures:
            self._textures.move_to_end(laid.picture)
            return self._textures[laid.picture][0]
        image, texture = laid.image, int(GL.glGenTextures(1))
        GL.glBindTexture(GL.GL_TEXTURE_2D, texture)
        for name, value in (
            (GL.GL_TEXTURE_MIN_FILTER, GL.GL_LINEAR), (GL.GL_TEXTURE_MAG_FILTER, GL.GL_LINEAR),
            (GL.GL_TEXTURE_WRAP_S, GL.GL_CLAMP_TO_EDGE), (GL.GL_TEXTURE_WRAP_T, GL.GL_CLAMP_TO_EDGE),
        ):  # fmt: skip
            GL.glTexParameteri(GL.GL_TEXTURE_2D, name, value)
        size = image.sizeInBytes()
        pixels = np.frombuffer(image.constBits(), np.uint32, size // 4)
        kinds = (GL.GL_BGRA, GL.GL_UNSIGNED_INT_8_8_8_8_REV)
        GL.glTexImage2D(GL.GL_TEXTURE_2D, 0, GL.GL_RGBA8, image.width(), image.height(), 0, *kinds, pixels)
        METER.uploaded_bytes += size
        self._textures[laid.picture] = (texture, size)
        self._size += size
        return texture

    def _kept_mesh(self, laid: Laid) -> tuple[int, int, tuple[float, float]]:
        if laid.number in self._meshes:
            self._meshes.move_to_end(laid.number)
            return self._meshes[laid.number]
        left, top, right, bottom = laid.part
        across, down = np.meshgrid(np.linspace(left, right, PIECES + 1), np.linspace(top, bottom, PIECES + 1))
        origin = laid.corners[0, 0]
        corners = np.dstack([laid.corners - origin, across, down]).astype(np.float32)
        array = int(GL.glGenVertexArrays(1))
        GL.glBindVertexArray(array)
        buffer = uploaded(corners)
        point_at(buffer, 16, _CORNER)
        GL.glBindBuffer(GL.GL_ELEMENT_ARRAY_BUFFER, self._indices)
        GL.glBindVertexArray(0)
        self._meshes[laid.number] = (array, buffer, (float(origin[0]), float(origin[1])))
        return self._meshes[laid.number]

    def _trim(self, seen: set[int], meshes: int) -> None:
        """While there is too much, what was not in this picture goes, the longest unseen first."""
        while self._size > MOST_TEXTURE_BYTES and next(iter(self._textures)) not in seen:
            texture, size = self._textures.popitem(last=False)[1]
            GL.glDeleteTextures([texture])
            self._size -= size
        while len(self._meshes) > max(MOST_MESHES, meshes):
            array, buffer, _ = self._meshes.popitem(last=False)[1]
            GL.glDeleteVertexArrays(1, [array])
            GL.glDeleteBuffers(1, [buffer])
