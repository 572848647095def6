"""What cameras see, as sectors on the ground: by heading, angle of view and range. Walls are not considered; no Qt."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from desktop.map.oblique import Oblique
from desktop.map.scene import CameraState
from desktop.map.shown import Shown

STEPS = 24
SHOWN_BELOW_M_PER_PX = 4.0
"""From farther off the sectors of a town are one wash."""
MOST = 300


def fans(xy: NDArray[np.float64], heading_deg: ArrayLike, view_deg: ArrayLike, reach_m: ArrayLike) -> NDArray[np.float64]:
    """Corners float64[n, STEPS + 1, 2] of what each of n cameras sees, plane metres, beginning at the camera."""
    half = np.minimum(np.asarray(view_deg, np.float64), 360.0) / 2
    spread = np.linspace(-1.0, 1.0, STEPS)
    angles = np.radians(np.asarray(heading_deg, np.float64)[:, None] + half[:, None] * spread)
    arc = np.stack([np.sin(angles), np.cos(angles)], axis=2) * np.asarray(reach_m, np.float64)[:, None, None]
    return np.concatenate([xy[:, None, :], xy[:, None, :] + arc], axis=1)


def sectors_of(shown: Shown, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """The sectors of some cameras."""
    cameras = shown.cameras
    return fans(shown.camera_xy[rows], cameras.heading_deg[rows], cameras.view_deg[rows], cameras.reach_m[rows])


def in_sight(shown: Shown, oblique: Oblique) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of the cameras whose sectors are shown: those that can be watched, then those out of order.

    The nearest to the middle where there are too many; none where the layer is hidden or the view too wide.
    """
    none = np.zeros(0, np.int64)
    is_near = oblique.viewpoint.metres_per_pixel <= SHOWN_BELOW_M_PER_PX
    if not shown.layer_visible["sectors"] or not is_near or not shown.cameras.ids:
        return none, none
    west, south, east, north = oblique.ground_box(0.0)
    x, y, reach = shown.camera_xy[:, 0], shown.camera_xy[:, 1], shown.cameras.reach_m
    inside = (x + reach > west) & (x - reach < east) & (y + reach > south) & (y - reach < north)
    rows = np.nonzero(inside)[0]
    if len(rows) > MOST:
        away = np.hypot(x[rows] - oblique.viewpoint.x, y[rows] - oblique.viewpoint.y)
        rows = np.sort(rows[np.argpartition(away, MOST)[:MOST]])
    is_live = shown.cameras.state[rows] == int(CameraState.LIVE)
    return rows[is_live], rows[~is_live]
