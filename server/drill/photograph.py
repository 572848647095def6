"""A photo as a phone would take it: a little street scene, each different, as a JPEG."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import numpy.typing as npt

WIDE, HIGH = 640, 480


def taken(seed: int) -> bytes:
    """A JPEG of 640x480, about 20-60 kB; the same seed gives the same scene."""
    rng = np.random.default_rng(seed)
    frame = av.VideoFrame.from_ndarray(_scene(rng), format="rgb24").reformat(format="yuvj420p")
    encoder = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = WIDE, HIGH, "yuvj420p"
    encoder.time_base = Fraction(1, 25)
    packets = [*encoder.encode(frame), *encoder.encode(None)]
    return b"".join(bytes(packet) for packet in packets)


def _scene(rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Sky, walls, a road and some things that lie about."""
    picture = np.zeros((HIGH, WIDE, 3), np.float64)
    horizon = int(rng.integers(180, 260))
    picture[:horizon] = np.linspace((150, 180, 215), (215, 225, 235), horizon)[:, None]
    picture[horizon:] = np.linspace((120, 118, 112), (78, 78, 80), HIGH - horizon)[:, None]
    for _ in range(int(rng.integers(3, 7))):
        left, wide = int(rng.integers(0, WIDE - 80)), int(rng.integers(60, 200))
        top = int(rng.integers(30, horizon - 60))
        picture[top : horizon + 20, left : left + wide] = rng.uniform(90, 200) + rng.uniform(-15, 15, 3)
        picture[top + 15 : horizon : 34, left + 10 : left + wide - 10] *= 0.6
    for _ in range(int(rng.integers(4, 12))):
        left, top = int(rng.integers(0, WIDE - 60)), int(rng.integers(horizon + 30, HIGH - 50))
        picture[top : top + int(rng.integers(10, 45)), left : left + int(rng.integers(15, 60))] = rng.uniform(30, 220, 3)
    picture += rng.normal(0, 6, picture.shape)
    return np.clip(picture, 0, 255).astype(np.uint8)
