"""Which cameras see a place: by sector and range, and by the buildings in between. Main thread only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.map.line_of_sight import Floats, first_wall_m, what_hides
from desktop.map.scene import Geometry
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


def look_over(seat: Seat, panel: MapPanel) -> None:
    """Let a seat ask the town on a map: for the grid of a place, and for buildings between two; never before there is one."""

    def between(start: LonLat, end: LonLat) -> tuple[Geometry, Floats, Floats] | None:
        geometry = panel.geometry_shown
        if geometry is None:
            return None
        first, last = (geometry.plane.to_plane(each.lon, each.lat)[0] for each in (start, end))
        return geometry, first, last

    def is_hidden(camera: Camera, place: LonLat) -> bool:
        found = between(camera.place, place)
        if found is None:
            return False
        up_m = CAMERA_UP_M if camera.height_m is None else camera.height_m
        return what_hides(found[0], found[1], up_m, found[2], EYES_UP_M) is not None

    def wall_at(start: LonLat, end: LonLat) -> float | None:
        found = between(start, end)
        return None if found is None else first_wall_m(*found)

    seat.grid_at, seat.is_hidden, seat.wall_at = panel.grid_at, is_hidden, wall_at
