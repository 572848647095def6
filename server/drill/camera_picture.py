"""The whole picture of one simulated camera at one wall time, as Y, U and V planes."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime

import av
import numpy as np
from numpy.typing import NDArray

from server.drill.camera_lettering import TOWN_TIME, lettering_of
from server.drill.camera_scene import Light, light_at, still_picture, street_of
from server.drill.camera_sprite import Planes
from server.drill.camera_strip import camera_crc, draw_camera, draw_frame, row_height
from server.drill.camera_traffic import Traffic

LIGHT_STEP_S = 600
"""How often the still part is drawn again in the light of the hour."""


class CameraPicture:
    """Draws one camera's pictures at one size; used by one thread at a time."""

    def __init__(self, camera: str, name: str, width: int, height: int) -> None:
        self._seed = zlib.crc32(camera.encode())
        self._crc = camera_crc(camera)
        self._size = (width, height)
        self._letters = lettering_of(camera, name, height)
        self._lit_for = -1
        self._light_now: Light | None = None
        self._traffic: Traffic
        self._still: NDArray[np.uint8]
        self._now = np.empty((height * 3 // 2, width), np.uint8)

    def at(self, unix_s: float, frame: int) -> NDArray[np.uint8]:
        """The picture of a wall time with its frame number: yuv420p, uint8[height * 3 / 2, width].

        The array is drawn over by the next call.
        """
        self._light(unix_s)
        self._now[:] = self._still
        planes = self._planes(self._now)
        self._traffic.paste(planes, unix_s)
        self._letters.paste(planes, unix_s, frame)
        self._strip(planes, frame)
        return self._now

    def _light(self, unix_s: float) -> None:
        step = int(unix_s // LIGHT_STEP_S)
        if step == self._lit_for:
            return
        self._lit_for = step
        when = datetime.fromtimestamp(step * LIGHT_STEP_S, UTC).astimezone(TOWN_TIME)
        light = light_at(when.hour + when.minute / 60)
        if light == self._light_now:
            return
        self._light_now = light
        street = street_of(self._seed, *self._size)
        rgb = av.VideoFrame.from_ndarray(still_picture(street, light), format="rgb24")
        self._still = np.asarray(rgb.reformat(format="yuv420p").to_ndarray(), np.uint8)
        self._traffic = Traffic(street, light)

    def _planes(self, yuv: NDArray[np.uint8]) -> Planes:
        width, height = self._size
        return Planes(yuv[:height], yuv[height:].reshape(2, height // 2, width // 2))

    def _strip(self, planes: Planes, frame: int) -> None:
        draw_camera(planes.luma, self._crc)
        draw_frame(planes.luma, frame)
        planes.chroma[:, -row_height(self._size[1]) :] = 128
