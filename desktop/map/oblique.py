"""The oblique parallel projection of the map: plane metres to pixels and back; no Qt.

sx = (x cos b - y sin b) / mpp,  sy_up = ((x sin b + y cos b) cos t + z sin t) / mpp, both from the middle of the picture.
It is affine, so a pan is an exact shift of pixels.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from desktop.map.viewpoint import Viewpoint

DEEPEST_Z_M = 20_000.0


class Oblique:
    """The projection of one viewpoint onto a picture of so many pixels, y down from the top left."""

    def __init__(self, viewpoint: Viewpoint, width_px: float, height_px: float, deep_px: float = 0.0) -> None:
        """A projection ready for use; width and height are those of the picture in pixels.

        `deep_px` is the height of the picture that this one is a part of: parts of one picture share their depths.
        """
        self.viewpoint = viewpoint
        self.width_px = float(max(width_px, 1.0))
        self.height_px = float(max(height_px, 1.0))
        self._deep_px = max(float(deep_px), self.height_px)
        turn, tilt = math.radians(viewpoint.turn_deg), math.radians(viewpoint.tilt_deg)
        self._cos_turn, self._sin_turn = math.cos(turn), math.sin(turn)
        self._cos_tilt, self._sin_tilt = math.cos(tilt), math.sin(tilt)

    def screen(self, x: ArrayLike, y: ArrayLike, z: ArrayLike = 0.0) -> NDArray[np.float64]:
        """Pixels [n, 2] of places in plane metres; z is metres above the ground."""
        view = self.viewpoint
        east = np.asarray(x, np.float64) - view.x
        north = np.asarray(y, np.float64) - view.y
        across = (east * self._cos_turn - north * self._sin_turn) / view.metres_per_pixel
        up = (east * self._sin_turn + north * self._cos_turn) * self._cos_tilt
        up = (up + np.asarray(z, np.float64) * self._sin_tilt) / view.metres_per_pixel
        return np.stack(np.broadcast_arrays(self.width_px / 2 + across, self.height_px / 2 - up), axis=-1)

    def axes_px(self) -> NDArray[np.float64]:
        """Pixels right and down float64[2, 3] of a metre east, a metre north and a metre up."""
        scale = 1.0 / self.viewpoint.metres_per_pixel
        right = [self._cos_turn, -self._sin_turn, 0.0]
        down = [-self._sin_turn * self._cos_tilt, -self._cos_turn * self._cos_tilt, -self._sin_tilt]
        return np.array([right, down]) * scale

    def ground(self, px: float, py: float, z: float = 0.0) -> tuple[float, float]:
        """Plane metres of the point at height z drawn at a pixel."""
        view = self.viewpoint
        across = (px - self.width_px / 2) * view.metres_per_pixel
        up = (self.height_px / 2 - py) * view.metres_per_pixel
        north = (up - z * self._sin_tilt) / self._cos_tilt
        return (
            view.x + across * self._cos_turn + north * self._sin_turn,
            view.y - across * self._sin_turn + north * self._cos_turn,
        )

    def ground_box(self, margin_px: float = 0.0, highest_m: float = 0.0) -> tuple[float, float, float, float]:
        """West, south, east, north in plane metres of all ground whose things can show in the picture.

        `margin_px` widens the picture; `highest_m` is how tall a thing below its lower edge may stand.
        """
        part = (-margin_px, -margin_px, self.width_px + margin_px, self.height_px + margin_px)
        return self.part_box(part, highest_m)

    def part_box(self, part: tuple[float, float, float, float], highest_m: float = 0.0) -> tuple[float, float, float, float]:
        """The same for a part of the picture: left, top, right, bottom in pixels."""
        left, top, right, bottom = part
        corners = [self.ground(left, top), self.ground(right, top)]
        corners += [self.ground(left, bottom, highest_m), self.ground(right, bottom, highest_m)]
        xs, ys = [corner[0] for corner in corners], [corner[1] for corner in corners]
        return min(xs), min(ys), max(xs), max(ys)

    def clip_rows(self) -> NDArray[np.float32]:
        """Three rows float32[3, 3] that take (x - middle, y - middle, z) to OpenGL clip coordinates."""
        view = self.viewpoint
        kx = 2.0 / (self.width_px * view.metres_per_pixel)
        ky = 2.0 / (self.height_px * view.metres_per_pixel)
        depth = 1.0 / (self._deep_px * view.metres_per_pixel * 6.0 + DEEPEST_Z_M)
        c, s, ct, st = self._cos_turn, self._sin_turn, self._cos_tilt, self._sin_tilt
        rows = [
            [c * kx, -s * kx, 0.0],
            [s * ct * ky, c * ct * ky, st * ky],
            [s * st * depth, c * st * depth, -ct * depth],
        ]
        return np.array(rows, np.float32)


def panned(viewpoint: Viewpoint, px: float, py: float) -> Viewpoint:
    """The viewpoint after the map was dragged by so many pixels (right and down positive)."""
    flat = Oblique(viewpoint, 2.0, 2.0)
    x, y = flat.ground(1.0 - px, 1.0 - py)
    return viewpoint.at(x, y)


def zoomed(viewpoint: Viewpoint, width_px: float, height_px: float, factor: float, at: tuple[float, float]) -> Viewpoint:
    """The viewpoint after zooming in by `factor`, the ground under the pixel `at` staying where it is."""
    before = Oblique(viewpoint, width_px, height_px).ground(*at)
    nearer = viewpoint.scaled(viewpoint.metres_per_pixel / factor)
    after = Oblique(nearer, width_px, height_px).ground(*at)
    return nearer.at(nearer.x + before[0] - after[0], nearer.y + before[1] - after[1])


def fitted(outline: NDArray[np.float64], width_px: float, height_px: float, turn_deg: float, tilt_deg: float) -> Viewpoint:
    """The closest viewpoint that shows a whole outline float64[n, 2] with a small rim around it."""
    flat = Oblique(Viewpoint(0.0, 0.0, 1.0, turn_deg, tilt_deg), 2.0, 2.0)
    corners = flat.screen(outline[:, 0], outline[:, 1])
    low, high = corners.min(axis=0), corners.max(axis=0)
    x, y = flat.ground(*((low + high) / 2).tolist())
    rim_px = 24.0
    scale = ((high - low) / (max(width_px - 2 * rim_px, 8.0), max(height_px - 3 * rim_px, 8.0))).max()
    return Viewpoint(x, y, 1.0, turn_deg, tilt_deg).scaled(max(float(scale), 1e-6))
