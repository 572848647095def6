"""Where the map is looked at from: a plain value, no Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace

CLOSEST_M_PER_PX = 0.08
FARTHEST_M_PER_PX = 2000.0
STEEPEST_TILT_DEG = 65.0


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """The middle of the picture in plane metres, its scale, its turn and its tilt.

    `turn_deg` is the bearing that points up (0 = north, clockwise); `tilt_deg` 0 looks straight down.
    """

    x: float
    y: float
    metres_per_pixel: float
    turn_deg: float = 0.0
    tilt_deg: float = 0.0

    def at(self, x: float, y: float) -> Viewpoint:
        """The same view of another place, plane metres."""
        return replace(self, x=float(x), y=float(y))

    def scaled(self, metres_per_pixel: float) -> Viewpoint:
        """The same middle at another scale, kept within what the map can draw."""
        clamped = min(max(metres_per_pixel, CLOSEST_M_PER_PX), FARTHEST_M_PER_PX)
        return replace(self, metres_per_pixel=float(clamped))

    def turned(self, degrees: float) -> Viewpoint:
        """The same middle after a clockwise turn of the one who looks."""
        return replace(self, turn_deg=float((self.turn_deg + degrees) % 360.0))

    def tilted(self, degrees: float) -> Viewpoint:
        """The same middle leaned back by so many degrees, between straight down and the steepest tilt."""
        return replace(self, tilt_deg=float(min(max(self.tilt_deg + degrees, 0.0), STEEPEST_TILT_DEG)))

    def scaled_by(self, factor: float) -> Viewpoint:
        """The same view with another size of pixel, as between logical and device pixels; not clamped."""
        return replace(self, metres_per_pixel=self.metres_per_pixel * factor)

    @property
    def shape(self) -> tuple[float, float, float]:
        """What must stay equal for a cached picture to remain valid under a pan: scale, turn, tilt."""
        return (self.metres_per_pixel, self.turn_deg, self.tilt_deg)


def between(start: Viewpoint, end: Viewpoint, share: float) -> Viewpoint:
    """A viewpoint on the way from one to another, slow at both ends; `end` itself from a share of 1 on.

    The scale changes by equal factors, and the middle so that it runs straight and evenly over the screen.
    """
    if share >= 1.0:
        return end
    part = max(share, 0.0) ** 2 * (3.0 - 2.0 * max(share, 0.0))
    here, there = start.metres_per_pixel, end.metres_per_pixel
    scale = here * (there / here) ** part
    way = (here - scale) / (here - there) if abs(here - there) > 1e-9 * here else part
    turn = (end.turn_deg - start.turn_deg + 180.0) % 360.0 - 180.0
    return Viewpoint(
        start.x + (end.x - start.x) * way,
        start.y + (end.y - start.y) * way,
        scale,
        (start.turn_deg + turn * part) % 360.0,
        start.tilt_deg + (end.tilt_deg - start.tilt_deg) * part,
    )
