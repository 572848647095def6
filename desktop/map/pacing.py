"""When the map may paint: the repaint policy as pure arithmetic; no Qt, no clock."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from desktop.map.moving import Drawn

SOFTWARE_INTERVAL_S = 0.25
"""Between two frames that only move dots, where the processor draws: a frame costs some 35 ms of it."""

HARDWARE_INTERVAL_S = 1 / 30
SETTLE_S = 0.16
"""After the last turn, tilt or zoom the picture is drawn once more, smooth and with its margin."""


class Pace:
    """Decides when frames that only move dots are due; what the officer does is always painted at once."""

    def __init__(self, software: bool) -> None:
        """A pace for a machine whose processor draws (`software`), or for one with a graphics card."""
        self.interval_s = SOFTWARE_INTERVAL_S if software else HARDWARE_INTERVAL_S
        self._painted_s = -np.inf
        self._painted: Drawn | None = None

    def painted(self, now_s: float, dots: Drawn) -> None:
        """Remember a frame: when it was drawn and where the dots stood."""
        self._painted_s = now_s
        self._painted = dots

    def wait_s(self, now_s: float) -> float:
        """Seconds until the next frame of moving dots is allowed; 0 when it is allowed now."""
        return max(0.0, self._painted_s + self.interval_s - now_s)

    def is_worth_painting(self, dots: Drawn, width_px: float, height_px: float) -> bool:
        """Whether some dot in the picture moved by a pixel or more since the last frame, came or went."""
        before = self._painted
        if before is None:
            return True
        rows, now_at, then_at = np.intersect1d(dots.rows, before.rows, assume_unique=True, return_indices=True)
        came = np.delete(dots.px, now_at, axis=0)
        went = np.delete(before.px, then_at, axis=0)
        if _inside(came, width_px, height_px).any() or _inside(went, width_px, height_px).any():
            return True
        here, there = dots.px[now_at], before.px[then_at]
        moved = np.abs(here - there).max(axis=1, initial=0.0) >= 1.0
        return bool(len(rows) and (moved & (_inside(here, width_px, height_px) | _inside(there, width_px, height_px))).any())


def _inside(px: NDArray[np.float64], width_px: float, height_px: float) -> NDArray[np.bool_]:
    """Which pixels float64[n, 2] lie in a picture or at its very edge."""
    return np.asarray((px > -8.0).all(axis=1) & (px < (width_px + 8.0, height_px + 8.0)).all(axis=1))
