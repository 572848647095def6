"""What an officer saw in the picture of a camera: the picture, when, and where about that is; plain."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from governance.camera import Camera
from governance.places import LonLat

SHARE_OF_RANGE = 0.5
"""Of what a camera reaches, where something in its picture is taken to be as long as nothing stands in between."""
NEAREST_M, BEFORE_WALL_M = 3.0, 2.0
DEGREE_M = 111_195.0
"""Metres of a degree of latitude on the sphere of governance.places."""

WallAt = Callable[[LonLat, LonLat], float | None]
"""Metres from one place towards another to the first building in between; None where there is none."""


@dataclass(frozen=True, slots=True)
class SeenMark:
    """By which camera something was seen."""

    camera: str
    """Its id."""
    name: str
    at: datetime
    """When the picture was taken, aware UTC, by the server's time."""
    accuracy_m: float
    """How far off the place may be that was taken from the picture."""

    def fields(self) -> list[str | float]:
        """As a draft keeps it."""
        return [self.camera, self.name, self.at.isoformat(), self.accuracy_m]


def mark_kept(kept: object) -> SeenMark | None:
    """As a draft kept it; None where it says nothing, or nothing that makes sense."""
    if not isinstance(kept, list) or list(map(type, kept)) != [str, str, str, float]:
        return None
    try:
        at = datetime.fromisoformat(kept[2])
    except ValueError:
        return None
    return SeenMark(kept[0], kept[1], at, kept[3]) if at.tzinfo is not None else None


@dataclass(frozen=True, slots=True)
class SeenByCamera:
    """A picture out of a camera's stream, and what goes with it into a report."""

    mark: SeenMark
    place: LonLat
    picture: bytes = field(repr=False)
    """A JPEG or PNG file with its watermark."""


def place_seen(camera: Camera, across: float, wall_at: WallAt = lambda _start, _end: None) -> tuple[LonLat, float]:
    """Where about lies what is seen at a share (0 left, 1 right) of the picture's width, and how far off that may be in metres.

    A picture tells the bearing well and the distance badly: the place lies in the middle of what the camera reaches that
    way, or before the first building. A camera that looks all around tells no bearing: then it is the camera's own place.
    """
    if camera.field_of_view_deg >= 360.0:
        return camera.place, camera.range_m
    bearing = camera.heading_deg + (min(1.0, max(0.0, across)) - 0.5) * camera.field_of_view_deg
    farthest = towards(camera.place, bearing, camera.range_m)
    wall_m = wall_at(camera.place, farthest)
    reach_m = camera.range_m if wall_m is None else max(NEAREST_M, min(camera.range_m, wall_m - BEFORE_WALL_M))
    return towards(camera.place, bearing, reach_m * SHARE_OF_RANGE), max(5.0, reach_m * SHARE_OF_RANGE)


def towards(start: LonLat, bearing_deg: float, metres: float) -> LonLat:
    """The place so far from another in a direction, clockwise from north; for distances within a town."""
    turn = math.radians(bearing_deg)
    lat = start.lat + math.cos(turn) * metres / DEGREE_M
    lon = start.lon + math.sin(turn) * metres / (DEGREE_M * math.cos(math.radians(start.lat)))
    return LonLat(lon, lat)
