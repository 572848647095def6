"""When the map may paint: the repaint policy as pure arithmetic; no Qt, no clock."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

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
        self._painted_px: NDArray[np.float64] | None = None

    def painted(self, now_s: float, dots_px: NDArray[np.float64]) -> None:
        """Remember a frame: when it was drawn and at which pixels float64[n, 2] the dots stood."""
        self._painted_s = now_s
        self._painted_px = dots_px

    def wait_s(self, now_s: float) -> float:
        """Seconds until the next frame of moving dots is allowed; 0 when it is allowed now."""
        return max(0.0, self._painted_s + self.interval_s - now_s)

    def is_worth_painting(self, dots_px: NDArray[np.float64], width_px: float, height_px: float) -> bool:
        """Whether some dot in the picture moved by a pixel or more since the last frame."""
        before = self._painted_px
        if before is None or len(before) != len(dots_px):
            return True
        moved = np.abs(dots_px - before).max(axis=1, initial=0.0) >= 1.0
        inside = (dots_px > -8.0).all(axis=1) & (dots_px < (width_px + 8.0, height_px + 8.0)).all(axis=1)
        was_inside = (before > -8.0).all(axis=1) & (before < (width_px + 8.0, height_px + 8.0)).all(axis=1)
        return bool((moved & (inside | was_inside)).any())
