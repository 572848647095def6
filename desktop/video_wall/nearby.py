"""Which cameras to open for a place: those that see it first, then the nearest others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from governance.camera import Camera, CameraState
from governance.places import LonLat


@dataclass(frozen=True, slots=True)
class Nearby:
    """One camera near a place."""

    camera: Camera
    distance_m: float | None
    """None where no place is asked about."""
    sees: bool
    """Whether the place lies in its sector (walls are not considered)."""


def cameras_near(place: LonLat, cameras: Iterable[Camera], limit: int, within_m: float = 400.0) -> list[Nearby]:
    """At most `limit` cameras for a place, best first.

    Cameras that see the place come first, then those that do not but stand within `within_m`; among equals one that works
    goes before one that is known to be out of order, then the nearer, then the lower id.
    """
    found = []
    for camera in cameras:
        distance_m = camera.place.distance_m(place)
        sees = camera.sees(place)
        if sees or distance_m <= within_m:
            found.append(Nearby(camera, distance_m, sees))
    found.sort(key=lambda near: (not near.sees, near.camera.state is not CameraState.ONLINE, near.distance_m, near.camera.id))
    return found[: max(0, limit)]
