"""Which cameras see a place: by sector and range, and by the buildings in between. Main thread only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from desktop.map.line_of_sight import what_hides
from desktop.seat import Seat
from desktop.video_wall.nearby import Nearby
from governance.camera import Camera, CameraState
from governance.places import LonLat

if TYPE_CHECKING:
    from desktop.map_panel import MapPanel

LOOKED_AT = 120
"""So many of the nearest whose sector holds the place are tried for buildings in between."""
CAMERA_UP_M, EYES_UP_M = 6.0, 1.5
"""How high above the ground a camera hangs of which no height is known, and what it is to see there."""


def seeing(seat: Seat, place: LonLat, most: int) -> list[Nearby]:
    """The cameras whose sector holds a place, the best first: those nothing hides it from, that can be watched, the nearest.

    One that a building hides the place from comes last, with `sees` false.
    """
    found = [
        Nearby(camera, camera.place.distance_m(place), not seat.is_hidden(camera, place))
        for camera in seat.situation.cameras.seeing(place, LOOKED_AT)
    ]
    found.sort(key=lambda near: (not near.sees, near.camera.state is not CameraState.ONLINE, near.distance_m, near.camera.id))
    return found[:most]


def hidden_by(panel: MapPanel) -> Callable[[Camera, LonLat], bool]:
    """Tells whether a building of the town on a map stands between a camera and a place on the ground."""

    def is_hidden(camera: Camera, place: LonLat) -> bool:
        geometry = panel.geometry_shown
        if geometry is None:
            return False
        start, end = (geometry.plane.to_plane(each.lon, each.lat)[0] for each in (camera.place, place))
        return what_hides(geometry, start, CAMERA_UP_M, end, EYES_UP_M) is not None

    return is_hidden
