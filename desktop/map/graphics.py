"""Programs, buffers and instanced draws on OpenGL 3.3 core; the canvas's context must be current."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import OpenGL

OpenGL.ERROR_CHECKING = False  # asking after every call costs more than drawing; debug contexts ask instead

from OpenGL import GL  # noqa: E402


@dataclass(slots=True)
class Meter:
    """What was sent to the graphics card since the program began; who measures looks at differences."""

    uploaded_bytes: int = 0
    triangles: int = 0
    """Of the static layers: what they ask for, before anything is left out by a shader."""


METER = Meter()
SHADERS = files("desktop.map") / "shaders"
CAMERA_BINDING = 0


class GraphicsFailed(RuntimeError):
    """The driver refused a shader or a buffer."""


class Attribute(NamedTuple):
    """One attribute of a record in a buffer."""

    location: int
    parts: int
    gl_type: int
    offset: int
    whole: bool = False
    """Read as integers."""
    share: bool = False
    """Bytes read as 0..1."""


def program(name: str, fragment: str | None = None) -> int:
    """A linked program from shaders/NAME.vert.glsl and shaders/FRAGMENT.frag.glsl (NAME when not given)."""
    head = "#version 330 core\n" + (SHADERS / "camera.glsl").read_text("utf-8")
    linked = GL.glCreateProgram()
    sources = (
        (GL.GL_VERTEX_SHADER, f"{name}.vert.glsl"),
        (GL.GL_FRAGMENT_SHADER, f"{fragment or name}.frag.glsl"),
    )
    for kind, file_name in sources:
        shader = GL.glCreateShader(kind)
        GL.glShaderSource(shader, head + (SHADERS / file_name).read_text("utf-8"))
        GL.glCompileShader(shader)
        if not GL.glGetShaderiv(shader, GL.GL_COMPILE_STATUS):
            raise GraphicsFailed(f"{file_name}: {GL.glGetShaderInfoLog(shader)!r}")
        GL.glAttachShader(linked, shader)
        GL.glDeleteShader(shader)
    GL.glLinkProgram(linked)
    if not GL.glGetProgramiv(linked, GL.GL_LINK_STATUS):
        raise GraphicsFailed(f"{name}: {GL.glGetProgramInfoLog(linked)!r}")
    block = GL.glGetUniformBlockIndex(linked, "Camera")
    if block != GL.GL_INVALID_INDEX:
        GL.glUniformBlockBinding(linked, block, CAMERA_BINDING)
    return int(linked)


class Uniforms:
    """Locations of a program's uniforms, asked once each."""

    def __init__(self, linked: int) -> None:
        """Uniforms of a linked program."""
        self._program = linked
        self._locations: dict[str, int] = {}

    def __getitem__(self, name: str) -> int:
        """Location of a uniform; -1 where the driver removed it."""
        if name not in self._locations:
            self._locations[name] = GL.glGetUniformLocation(self._program, name)
        return self._locations[name]


def uploaded(data: np.ndarray, target: int = GL.GL_ARRAY_BUFFER, usage: int = GL.GL_STATIC_DRAW) -> int:
    """A new buffer holding an array."""
    buffer = int(GL.glGenBuffers(1))
    GL.glBindBuffer(target, buffer)
    contiguous = np.ascontiguousarray(data)
    METER.uploaded_bytes += contiguous.nbytes
    GL.glBufferData(target, max(contiguous.nbytes, 4), contiguous if contiguous.nbytes else None, usage)
    return buffer


class ValueTexture:
    """A small array of vec4 that shaders look up by number: colour and height of each grid, and the like."""

    def __init__(self) -> None:
        """An empty texture; the context must be current."""
        self._buffer = uploaded(np.zeros((1, 4), np.float32), GL.GL_TEXTURE_BUFFER, GL.GL_DYNAMIC_DRAW)
        self._texture = int(GL.glGenTextures(1))
        GL.glBindTexture(GL.GL_TEXTURE_BUFFER, self._texture)
        GL.glTexBuffer(GL.GL_TEXTURE_BUFFER, GL.GL_RGBA32F, self._buffer)

    def upload(self, values: np.ndarray) -> None:
        """Replace the values, float32[n, 4]."""
        data = np.ascontiguousarray(values, np.float32)
        METER.uploaded_bytes += data.nbytes
        GL.glBindBuffer(GL.GL_TEXTURE_BUFFER, self._buffer)
        GL.glBufferData(GL.GL_TEXTURE_BUFFER, max(data.nbytes, 16), data if data.nbytes else None, GL.GL_DYNAMIC_DRAW)

    def patch(self, number: int, value: Sequence[float]) -> None:
        """Replace one of the values, four numbers."""
        data = np.array(value, np.float32)
        METER.uploaded_bytes += data.nbytes
        GL.glBindBuffer(GL.GL_TEXTURE_BUFFER, self._buffer)
        GL.glBufferSubData(GL.GL_TEXTURE_BUFFER, number * data.nbytes, data.nbytes, data)

    def bind(self, unit: int) -> None:
        """Make the values readable at a texture unit."""
        GL.glActiveTexture(GL.GL_TEXTURE0 + unit)
        GL.glBindTexture(GL.GL_TEXTURE_BUFFER, self._texture)


def point_at(buffer: int, stride: int, attributes: Sequence[Attribute], divisor: int = 0) -> None:
    """Let the vertex array that is bound read records `stride` bytes apart; with `divisor` 1 one for each instance."""
    GL.glBindBuffer(GL.GL_ARRAY_BUFFER, buffer)
    for a in attributes:
        GL.glEnableVertexAttribArray(a.location)
        if a.whole:
            GL.glVertexAttribIPointer(a.location, a.parts, a.gl_type, stride, ctypes.c_void_p(a.offset))
        else:
            GL.glVertexAttribPointer(a.location, a.parts, a.gl_type, a.share, stride, ctypes.c_void_p(a.offset))
        if divisor:
            GL.glVertexAttribDivisor(a.location, divisor)


class Instances:
    """Records in a buffer, one instance each."""

    def __init__(self, buffer: int, stride: int, attributes: Sequence[Attribute]) -> None:
        """A vertex array over a buffer whose records are `stride` bytes apart."""
        self._array = int(GL.glGenVertexArrays(1))
        GL.glBindVertexArray(self._array)
        point_at(buffer, stride, attributes, divisor=1)
        GL.glBindVertexArray(0)

    def draw(self, count: int) -> int:
        """Draw the first so many records; the number of draw calls comes back."""
        GL.glBindVertexArray(self._array)
        GL.glDrawArraysInstanced(GL.GL_TRIANGLE_STRIP, 0, 4, count)
        return 1


def check() -> None:
    """Raise GraphicsFailed where the driver refused anything since this was last asked. It waits for nothing drawn."""
    error = int(GL.glGetError())
    if error != GL.GL_NO_ERROR:
        raise GraphicsFailed(f"the driver reports {error:#06x}")


def mix_opaquely() -> None:
    """Blend colours by their alpha and leave the picture itself opaque, so that no window behind it shines through."""
    GL.glBlendFuncSeparate(GL.GL_SRC_ALPHA, GL.GL_ONE_MINUS_SRC_ALPHA, GL.GL_ONE, GL.GL_ONE_MINUS_SRC_ALPHA)


def is_software() -> bool:
    """Whether the processor draws for want of a graphics card."""
    renderer = GL.glGetString(GL.GL_RENDERER) or b""
    return any(name in renderer.lower() for name in (b"llvmpipe", b"softpipe", b"swrast", b"software"))
