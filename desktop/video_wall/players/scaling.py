"""Decoded frames as pictures: at a tile's size, or as large as they came."""

from __future__ import annotations

import itertools
import zlib

from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from PySide6.QtGui import QImage

from desktop.video_wall.players import Picture

_numbers = itertools.count(1)


def next_number() -> int:
    """A number no other picture of this process has: a tile that changes streams never takes two pictures for one."""
    return next(_numbers)


def picture_of(scaler: VideoReformatter, frame: VideoFrame, size: tuple[int, int], at: float) -> Picture:
    """The frame as a 32-bit image that fits a size, never larger than it came, each side even. Any thread."""
    share = min(1.0, max(size[0], 2) / frame.width, max(size[1], 2) / frame.height)
    return _scaled(scaler, frame, max(2, round(frame.width * share / 2) * 2), max(2, round(frame.height * share / 2) * 2), at)


def full_picture(frame: VideoFrame, at: float) -> Picture:
    """The frame as a 32-bit image to the last pixel. Any thread; some milliseconds for a large one."""
    return _scaled(VideoReformatter(), frame, frame.width, frame.height, at)


def digest_of(frame: VideoFrame) -> int:
    """What tells one picture from another: a checksum of its brightness."""
    return zlib.crc32(memoryview(frame.planes[0]))


def _scaled(scaler: VideoReformatter, frame: VideoFrame, width: int, height: int, at: float) -> Picture:
    scaled = scaler.reformat(frame, width, height, "bgr0", interpolation="FAST_BILINEAR")
    plane = scaled.planes[0]
    image = QImage(memoryview(plane), width, height, plane.line_size, QImage.Format.Format_RGB32)
    return Picture(image, scaled, next_number(), at)
