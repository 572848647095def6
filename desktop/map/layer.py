"""A layer of the map: built once per GL context, painted into the cached picture or into every frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from OpenGL import GL
from pyqtgraph.opengl.GLGraphicsItem import GLGraphicsItem

from desktop.map.graphics import CAMERA_BINDING, ValueTexture
from desktop.map.oblique import Oblique
from desktop.map.shown import Shown
from desktop.map.tiles import Box

if TYPE_CHECKING:
    from desktop.map.atlas import Atlas
    from desktop.map.resident import Shelf

TALLEST_M = 250.0
GRIDS_UNIT, BUILDINGS_UNIT, SHEET_UNIT, LATE_UNIT, NUMBERS_UNIT = 0, 1, 2, 3, 4


@dataclass(frozen=True, slots=True, eq=False)
class Bench:
    """What the layers of one GL context share."""

    software: bool
    grids: ValueTexture
    """Colour and height of every grid."""
    late: ValueTexture
    """Whether a grid has overdue incidents, in red."""
    atlas: Atlas
    shelf: Shelf
    camera: int
    """The buffer that all programs read the camera from."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One painting: the camera in device pixels, what it sees, and when."""

    oblique: Oblique
    box: Box
    """West, south, east, north of the ground that can show, plane metres."""
    tall_box: Box
    """The same, wide enough for towers whose feet lie below the picture."""
    metres_per_pixel: float
    """Metres per logical pixel: what decides which details are drawn."""
    pixel_ratio: float
    """Device pixels per logical pixel."""
    now_s: float
    """Seconds on the canvas's own clock."""
    raise_m: float
    moving: bool
    """Whether the officer is turning or zooming at this moment, so that details may wait."""

    def send_camera(self, buffer: int) -> None:
        """Let every program see from here on what this frame sees, through a uniform buffer."""
        camera = np.zeros((5, 4), np.float32)
        camera[:3, :3] = self.oblique.clip_rows()
        view = self.oblique.viewpoint
        camera[3] = (view.x, view.y, self.raise_m, self.now_s)
        camera[4] = (self.oblique.width_px, self.oblique.height_px, self.pixel_ratio, view.metres_per_pixel)
        GL.glBindBuffer(GL.GL_UNIFORM_BUFFER, buffer)
        GL.glBufferSubData(GL.GL_UNIFORM_BUFFER, 0, camera.nbytes, camera)
        GL.glBindBufferBase(GL.GL_UNIFORM_BUFFER, CAMERA_BINDING, buffer)


class Layer(GLGraphicsItem):
    """One layer; subclasses name themselves, build their buffers and paint, returning how many draw calls it took."""

    name = ""
    is_static = True

    def __init__(self, shown: Shown) -> None:
        """A layer of what is shown; nothing is built before the context exists."""
        super().__init__()
        self.shown = shown
        self.bench: Bench | None = None

    def build(self, bench: Bench) -> None:
        """Make programs and buffers in the current context; called again when the context is a new one."""
        raise NotImplementedError

    def take_geometry(self) -> None:
        """Upload what the geometry holds for this layer; the context is current."""

    def draw(self, frame: Frame) -> int:
        """Paint into the current framebuffer; the number of draw calls comes back."""
        raise NotImplementedError
