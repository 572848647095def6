"""Whether a place can be seen on the map as it is, and how far it is from the middle; no widget of its own."""

from __future__ import annotations

from typing import Any

import numpy as np

from desktop.map.looking import GO_TO_M_PER_PX
from desktop.map.oblique import Oblique
from desktop.map.scene import Geometry
from governance.places import LonLat

EDGE_PX = 40
STRAY_PX = 24.0
"""How far from the middle of the map a worker who is followed may walk before it moves after them."""


def is_in_sight(canvas: Any, geometry: Geometry, place: LonLat) -> bool:
    """Whether a place is on the map, and not under what stands on its edge."""
    x, y = geometry.plane.to_plane(place.lon, place.lat)[0].tolist()
    px, py = Oblique(canvas.destination, canvas.width(), canvas.height()).screen(x, y).tolist()
    inside = EDGE_PX <= px <= canvas.width() - EDGE_PX and EDGE_PX <= py <= canvas.height() - EDGE_PX
    over = canvas.furniture.covered()
    hidden = (over[:, 0] <= px) & (px <= over[:, 2]) & (over[:, 1] <= py) & (py <= over[:, 3])
    return bool(inside and not hidden.any())


def has_strayed(canvas: Any, geometry: Geometry, place: LonLat) -> bool:
    """Whether a place left the middle of the map, or is seen from too far away to tell its buildings."""
    view = canvas.destination
    x, y = geometry.plane.to_plane(place.lon, place.lat)[0].tolist()
    away_px = np.hypot(*(Oblique(view, 0, 0).screen(x, y) - 0.5))
    return bool(away_px > STRAY_PX or view.metres_per_pixel > GO_TO_M_PER_PX)
