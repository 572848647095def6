"""The machine-readable strip along the bottom of a simulated picture: which camera, which frame.

Two rows of black and white cells over the full width, each a twentieth of the picture high. The lowest row is 1,0, sixteen
bits of the frame number, 0,1; the row above is 1,0, the 32 bits of the CRC32 of the camera id, 0,1. Frame n of a stream
is the picture of wall time n / fps, counted from 1970 UTC modulo 65536, so the exact age of any screenshot can be read.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FRAMES = 1 << 16
ROW_SHARE = 1 / 20
FRAME_BITS = 16
CAMERA_BITS = 32
DARK, BRIGHT = 24, 208
MIN_CONTRAST = 12.0
UNSURE_SHARE = 0.12


@dataclass(frozen=True, slots=True)
class Strip:
    """What the strip of one picture says."""

    camera_crc: int
    frame: int

    def is_of(self, camera: str) -> bool:
        """Whether the picture is of this camera."""
        return self.camera_crc == camera_crc(camera)

    def age_s(self, fps: float, unix_s: float) -> float:
        """How old the picture is at a wall time, in seconds; ambiguous beyond 65536 / fps."""
        return (unix_s - self.frame / fps) % (FRAMES / fps)


def camera_crc(camera: str) -> int:
    """The CRC32 of a camera id, as the strip bears it."""
    return zlib.crc32(camera.encode())


def frame_at(unix_s: float, fps: float) -> int:
    """The number of the frame that is due at a wall time, modulo 65536."""
    return int(unix_s * fps) % FRAMES


def row_height(height: int) -> int:
    """Pixels of one row of cells in a picture of this height, even as 4:2:0 chroma needs it."""
    return max(2, round(height * ROW_SHARE / 2) * 2)


def draw(luma: NDArray[np.uint8], strip: Strip) -> None:
    """Paint both rows into a luma plane (uint8[height, width]) in place."""
    draw_camera(luma, strip.camera_crc)
    draw_frame(luma, strip.frame)


def draw_camera(luma: NDArray[np.uint8], crc: int) -> None:
    """Paint the upper row, which never changes for a camera."""
    high = row_height(luma.shape[0])
    luma[-2 * high : -high] = _cells(crc, CAMERA_BITS, luma.shape[1])


def draw_frame(luma: NDArray[np.uint8], frame: int) -> None:
    """Paint the lower row, the frame number modulo 65536."""
    luma[-row_height(luma.shape[0]) :] = _cells(frame % FRAMES, FRAME_BITS, luma.shape[1])


def read(image: NDArray[np.uint8]) -> Strip | None:
    """What the strip of a picture says, or None where it bears no strip that can be read for sure.

    The image is uint8[height, width] or uint8[height, width, 3 or more] and holds exactly the camera's picture; it may
    be scaled down to about 160x90, dimmed or greyed.
    """
    frame = read_frame(image)
    camera = None if frame is None else _row(_grey(image), 1, CAMERA_BITS)
    return None if camera is None or frame is None else Strip(camera, frame)


def read_frame(image: NDArray[np.uint8]) -> int | None:
    """What the lowest row of a picture says, or None; for pictures whose strip tells no camera."""
    if image.shape[0] < 60 or image.shape[1] < 120:
        return None
    return _row(_grey(image), 0, FRAME_BITS)


def _grey(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    return image.astype(np.float32) if image.ndim == 2 else image[:, :, :3].mean(axis=2, dtype=np.float32)


def _cells(value: int, bits: int, width: int) -> NDArray[np.uint8]:
    pattern = [1, 0, *((value >> (bits - 1 - k)) & 1 for k in range(bits)), 0, 1]
    cell_of = np.arange(width) * len(pattern) // width
    return np.where(np.array(pattern)[cell_of] == 1, BRIGHT, DARK).astype(np.uint8)


def _row(grey: NDArray[np.float32], row: int, bits: int) -> int | None:
    """The value of a row (0 the lowest), from the mean of the middle of every cell."""
    height, width = grey.shape
    middle = height * (1 - ROW_SHARE * (row + 0.5))
    reach = max(0.5, height * ROW_SHARE * 0.2)
    line = grey[round(middle - reach) : round(middle + reach) or height].mean(axis=0)
    cell = width / (bits + 4)
    edges = [(int((k + 0.3) * cell), max(int((k + 0.3) * cell) + 1, int(np.ceil((k + 0.7) * cell)))) for k in range(bits + 4)]
    levels = np.array([line[a:b].mean() for a, b in edges])
    bright, dark = min(levels[0], levels[-1]), max(levels[1], levels[-2])
    if bright - dark < MIN_CONTRAST:
        return None
    share = (levels[2:-2] - dark) / (bright - dark)
    if bool((np.abs(share - 0.5) < UNSURE_SHARE).any()):
        return None
    return int("".join("1" if s > 0.5 else "0" for s in share), 2)
