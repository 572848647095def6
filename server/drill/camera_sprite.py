"""One thing cut out of a picture: luma, chroma and coverage, ready to be pasted into Y, U and V planes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from server.drill.camera_scene import Street

FINE_FROM_PX = 1000
"""Pictures at least this wide have their sprites drawn at twice the size and scaled down, for smooth edges."""


@dataclass(frozen=True, slots=True)
class Planes:
    """A picture that is being drawn: luma uint8[h, w] and both chroma planes uint8[2, h / 2, w / 2]."""

    luma: NDArray[np.uint8]
    chroma: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Sprite:
    """A cut-out with its place in the picture; colours are already multiplied by the coverage."""

    left: int
    top: int
    luma: NDArray[np.uint16]
    """uint16[h, w], luma times coverage 0 to 256; h and w are even."""
    luma_rest: NDArray[np.uint16]
    """256 minus the coverage."""
    chroma: NDArray[np.uint16]
    """uint16[2, h / 2, w / 2], U and V times coverage."""
    chroma_rest: NDArray[np.uint16]

    @property
    def size_bytes(self) -> int:
        """Bytes of its pixels."""
        return self.luma.nbytes + self.luma_rest.nbytes + self.chroma.nbytes + self.chroma_rest.nbytes

    def paste(self, planes: Planes, right_px: float = 0.0, down_px: float = 0.0) -> None:
        """Lay the cut-out over a picture, moved by whole even pixels, cut at its edges."""
        left = self.left + round(right_px / 2) * 2
        top = self.top + round(down_px / 2) * 2
        _blend(planes.luma, left, top, self.luma, self.luma_rest)
        _blend(planes.chroma, left // 2, top // 2, self.chroma, self.chroma_rest)


def side_by_side(sprites: Sequence[Sprite], left: int, top: int) -> Sprite:
    """One sprite of several of the same height, laid edge to edge from an even place on."""
    return Sprite(
        left, top,
        np.concatenate([s.luma for s in sprites], axis=-1), np.concatenate([s.luma_rest for s in sprites], axis=-1),
        np.concatenate([s.chroma for s in sprites], axis=-1), np.concatenate([s.chroma_rest for s in sprites], axis=-1),
    )  # fmt: skip


def sprite_from(rgba: NDArray[np.uint8], left: int, top: int) -> Sprite:
    """A sprite of an RGBA picture (uint8[h, w, 4], h and w even) at an even place; BT.601, limited range."""
    colour = rgba[:, :, :3].astype(np.float32)
    cover = rgba[:, :, 3].astype(np.float32) * (256 / 255)
    r, g, b = colour[:, :, 0], colour[:, :, 1], colour[:, :, 2]
    y = 16 + 0.257 * r + 0.504 * g + 0.098 * b
    u = 128 - 0.148 * r - 0.291 * g + 0.439 * b
    v = 128 + 0.439 * r - 0.368 * g - 0.071 * b
    small = _halved(np.stack((cover, u * cover, v * cover)))
    return Sprite(
        left, top, (y * cover).astype(np.uint16), (256 - cover).astype(np.uint16),
        small[1:].astype(np.uint16), (256 - small[0]).astype(np.uint16),
    )  # fmt: skip


def sprite_of(
    street: Street, x_m: float, wide_m: float, high_m: float, z_m: float, long_m: float,
    paint: Callable[[ImageDraw.ImageDraw, Street], None],
) -> Sprite | None:  # fmt: skip
    """A sprite of a thing standing on the street, painted by a function that draws in picture pixels.

    The function gets a pen and a street whose projection goes to that pen. None where nothing of it would be seen.
    """
    ends = [street.at(x, y, z) for x in (x_m - wide_m, x_m + wide_m) for y in (-0.3, high_m + 0.3) for z in (z_m, z_m + long_m)]
    left, right = math.floor(min(u for u, _ in ends) / 2) * 2, math.ceil(max(u for u, _ in ends) / 2) * 2
    top, low = math.floor(min(v for _, v in ends) / 2) * 2, math.ceil(max(v for _, v in ends) / 2) * 2
    if right < -40 or left > street.width + 40 or right - left > street.width or right <= left or low <= top:
        return None
    finer = 2 if street.width >= FINE_FROM_PX else 1
    image = Image.new("RGBA", ((right - left) * finer, (low - top) * finer), (0, 0, 0, 0))
    paint(ImageDraw.Draw(image, "RGBA"), _window(street.larger(finer), left * finer, top * finer))
    small = image if finer == 1 else image.resize((right - left, low - top), Image.Resampling.BOX)
    seen = small.getbbox()
    if seen is None:
        return None
    x0, y0, x1, y1 = seen[0] // 2 * 2, seen[1] // 2 * 2, (seen[2] + 1) // 2 * 2, (seen[3] + 1) // 2 * 2
    return sprite_from(np.asarray(small)[y0:y1, x0:x1], left + x0, top + y0)


def _window(street: Street, left: int, top: int) -> Street:
    """The street as a pen sees it whose upper left corner is at this pixel."""
    return Street(
        street.width, street.height, street.seed, street.focal_px, street.horizon_px - top, street.vanish_px - left,
        street.eye_m, street.eye_x_m, street.road_half_m, street.lanes, street.walk_m, street.zebra_m, street.houses,
    )  # fmt: skip


def _halved(planes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Planes (float32[n, h, w]) at half the size, by the mean of every four pixels."""
    upper, lower = planes[:, 0::2], planes[:, 1::2]
    return (upper[:, :, 0::2] + upper[:, :, 1::2] + lower[:, :, 0::2] + lower[:, :, 1::2]) * np.float32(0.25)


def _blend(plane: NDArray[np.uint8], left: int, top: int, colour: NDArray[np.uint16], rest: NDArray[np.uint16]) -> None:
    high, wide = rest.shape
    x0, y0 = max(0, -left), max(0, -top)
    x1, y1 = min(wide, plane.shape[-1] - left), min(high, plane.shape[-2] - top)
    if x1 <= x0 or y1 <= y0:
        return
    under = plane[..., top + y0 : top + y1, left + x0 : left + x1]
    under[:] = (under * rest[y0:y1, x0:x1] + colour[..., y0:y1, x0:x1]) >> 8
