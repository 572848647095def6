"""Loops of coded pictures or sound on disk: made once, then served to any number of viewers at no cost."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType
from numpy.typing import NDArray

from server.drill.camera_picture import CameraPicture
from server.drill.camera_strip import Strip, camera_crc, draw

KEY_EVERY_S = 2
PARAMETERS = {
    "libx264": ("x264-params", "scenecut=0:repeat-headers=1:threads=1:sliced-threads=0:bframes=0:annexb=1"),
    "libx265": ("x265-params", "scenecut=0:repeat-headers=1:pools=none:frame-threads=1:bframes=0:annexb=1:log-level=none"),
}
NAMES = {"libx264": "h264", "libx265": "hevc"}
UNIT = struct.Struct(">?I")
SOUND_FPS, SOUND_BYTES = 50, 160


@dataclass(frozen=True, slots=True)
class Loop:
    """What one stream sends, again and again, one unit a tick of the wall clock."""

    codec: str
    """h264, hevc or pcmu; svac for what nothing decodes."""
    fps: int
    units: tuple[tuple[bool, bytes], ...]
    """Whether it is a key picture, and its bytes, with start codes where it is a picture."""

    def save(self, path: Path) -> None:
        """Write it to a file."""
        with path.open("wb") as file:
            file.write(json.dumps({"codec": self.codec, "fps": self.fps}).encode() + b"\n")
            for is_key, data in self.units:
                file.write(UNIT.pack(is_key, len(data)) + data)

    @staticmethod
    def load(path: Path) -> Loop:
        """Read it back."""
        with path.open("rb") as file:
            head = json.loads(file.readline())
            units = []
            while unit := file.read(UNIT.size):
                is_key, size = UNIT.unpack(unit)
                units.append((is_key, file.read(size)))
        return Loop(head["codec"], head["fps"], tuple(units))

    def then(self, other: Loop) -> Loop:
        """This one and then another: a camera that changes what it sends in the middle of it."""
        return Loop(self.codec, self.fps, self.units + other.units)


def coded(pictures: Iterable[NDArray[np.uint8]], size: tuple[int, int], fps: int, encoder: str = "libx264",
          layout: str = "yuv420p", crf: int = 28) -> Loop:  # fmt: skip
    """A loop of pictures (in the layout, as PyAV's from_ndarray takes them) with a key picture every two seconds."""
    context = av.CodecContext.create(encoder, "w")
    assert isinstance(context, VideoCodecContext)
    context.width, context.height = size
    context.pix_fmt, context.framerate, context.time_base = layout, Fraction(fps), Fraction(1, fps)
    name, parameters = PARAMETERS[encoder]
    context.options = {"preset": "ultrafast", "tune": "zerolatency", "crf": str(crf)}
    context.options |= {name: f"keyint={max(1, KEY_EVERY_S * fps)}:{parameters}"}
    units: list[tuple[bool, bytes]] = []
    for number, picture in enumerate(pictures):
        frame = av.VideoFrame.from_ndarray(picture, format=layout)
        frame.pts = number
        frame.pict_type = PictureType.I if number == 0 else PictureType.NONE
        units += [(packet.is_keyframe, bytes(packet)) for packet in context.encode(frame)]
    units += [(packet.is_keyframe, bytes(packet)) for packet in context.encode(None)]
    return Loop(NAMES[encoder], fps, tuple(units))


def street(camera: str, size: tuple[int, int], fps: int, seconds: int) -> Iterator[NDArray[np.uint8]]:
    """Pictures of a simulated street with the strip that tells the camera and the number of the picture in the loop."""
    picture = CameraPicture(camera, camera[-4:], *size)
    for number in range(fps * seconds):
        yield picture.at(1_700_000_000.0 + number / fps, number).copy()


def plain(camera: str, size: tuple[int, int], count: int, layout: str = "yuv420p") -> Iterator[NDArray[np.uint8]]:
    """Grey pictures with the strip and a wandering bar: quick to make, of any size (yuv444p where it is odd)."""
    width, height = size
    for number in range(count):
        luma = np.full((height, width), 90, np.uint8)
        luma[: height // 2, number * 13 % width :][:, : width // 8] = 200
        draw(luma, Strip(camera_crc(camera), number))
        if layout == "yuv444p":
            yield np.stack([luma, np.full_like(luma, 128), np.full_like(luma, 128)])
        else:
            yield np.vstack([luma, np.full((height // 2, width), 128, np.uint8)])


def sound(seconds: int) -> Loop:
    """A loop of µ-law silence: a camera that sends sound alone."""
    return Loop("pcmu", SOUND_FPS, ((True, b"\xff" * SOUND_BYTES),) * (SOUND_FPS * seconds))
