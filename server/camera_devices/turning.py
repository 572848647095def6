"""Turning a camera: how fast it moves which way, and the views it remembers."""

from __future__ import annotations

import math
from dataclasses import dataclass

MOST_PRESETS = 100


@dataclass(frozen=True, slots=True)
class Move:
    """Speeds from -1 to 1: right, up, nearer; all nought is a stop."""

    pan: float = 0.0
    tilt: float = 0.0
    zoom: float = 0.0

    @property
    def is_stop(self) -> bool:
        """Whether nothing moves."""
        return not (self.pan or self.tilt or self.zoom)

    @property
    def is_possible(self) -> bool:
        """Whether the numbers are speeds."""
        return all(math.isfinite(speed) and -1.0 <= speed <= 1.0 for speed in (self.pan, self.tilt, self.zoom))


@dataclass(frozen=True, slots=True)
class Preset:
    """A view a camera can be sent to (预置位)."""

    token: str
    name: str
