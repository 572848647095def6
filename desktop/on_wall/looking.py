"""Where the map of a desk looks, as a wall may be told."""

from __future__ import annotations

from typing import Any

from desktop.video_wall.arrangement import HIGH, WIDE
from governance.wall import View
from governance.wall_layouts import FARTHEST_M, NEAREST_M


def view_of(panel: Any) -> View | None:
    """The view of a map panel (map_panel.MapPanel); None before its town is there."""
    middle, at = panel.centre(), panel.canvas.viewpoint
    if middle is None:
        return None
    wide_px = max(panel.canvas.width(), panel.canvas.height() * WIDE / HIGH)
    across_m = min(max(at.metres_per_pixel * wide_px, NEAREST_M), FARTHEST_M)
    return View(middle, across_m, at.turn_deg, at.tilt_deg)
