"""H.264 of one simulated camera: a picture in, one access unit out, ready for RTP."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from av.video.frame import PictureType
from numpy.typing import NDArray

START_CODE = b"\x00\x00\x01"
NAL_KEY, NAL_SPS, NAL_PPS = 5, 7, 8


@dataclass(frozen=True, slots=True)
class Stream:
    """One of the streams every camera offers."""

    name: str
    width: int
    height: int
    fps: int
    most: int
    """How many cameras may be encoded at this size at a time."""
    quality: int
    """x264's constant rate factor."""


SUB = Stream("sub", 640, 360, 15, 64, 28)
MAIN = Stream("main", 1280, 720, 10, 2, 27)
STREAMS = {stream.name: stream for stream in (SUB, MAIN)}


@dataclass(frozen=True, slots=True)
class AccessUnit:
    """One encoded picture: its NAL units without start codes."""

    nals: tuple[bytes, ...]
    is_key: bool


class Encoder:
    """x264 without delay for one camera: every picture comes out as it goes in. Used by one thread at a time."""

    def __init__(self, stream: Stream) -> None:
        context = av.CodecContext.create("libx264", "w")
        context.width, context.height = stream.width, stream.height
        context.pix_fmt = "yuv420p"
        context.framerate = Fraction(stream.fps)
        context.time_base = Fraction(1, stream.fps)
        context.options = {
            "preset": "ultrafast",
            "tune": "zerolatency",
            "crf": str(stream.quality),
            "x264-params": f"keyint={2 * stream.fps}:scenecut=0:repeat-headers=1:threads=1:sliced-threads=0:aud=0:annexb=1",
        }
        self._context = context
        self._count = 0

    def encode(self, yuv: NDArray[np.uint8], force_key: bool) -> AccessUnit:
        """The access unit of a picture (yuv420p, uint8[height * 3 / 2, width]); a key picture where one is forced."""
        frame = av.VideoFrame.from_ndarray(yuv, format="yuv420p")
        frame.pts = self._count
        self._count += 1
        if force_key:
            frame.pict_type = PictureType.I
        nals = tuple(nal for packet in self._context.encode(frame) for nal in split_nals(bytes(packet)))
        return AccessUnit(nals, any(nal[0] & 31 == NAL_KEY for nal in nals))


def parameter_sets(stream: Stream) -> tuple[bytes, bytes]:
    """The SPS and PPS of a stream; the same for every camera."""
    grey = np.full((stream.height * 3 // 2, stream.width), 128, np.uint8)
    unit = Encoder(stream).encode(grey, force_key=True)
    sps = next(nal for nal in unit.nals if nal[0] & 31 == NAL_SPS)
    pps = next(nal for nal in unit.nals if nal[0] & 31 == NAL_PPS)
    return sps, pps


def split_nals(annex_b: bytes) -> list[bytes]:
    """The NAL units of a byte stream with start codes (ITU-T H.264, annex B)."""
    parts = annex_b.split(START_CODE)
    # A start code of four bytes leaves its first zero at the end of the unit before it.
    return [nal for nal in (part.rstrip(b"\x00") for part in parts) if nal]
