"""Cameras: where they stand, where they look, whose they are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from governance.places import LonLat


class CameraState(StrEnum):
    """Whether a camera can be watched now."""

    ONLINE = "online"
    OFFLINE = "offline"
    FAULT = "fault"


class StreamKind(StrEnum):
    """Which stream (码流) of a camera: each offers two."""

    SUB = "sub"
    """辅码流: small and cheap, for tiles."""
    MAIN = "main"
    """主码流: the full size."""


class GroupKind(StrEnum):
    """What a camera group (分组) gathers by; a camera is in as many as it belongs to."""

    DEPARTMENT = "department"
    PLACE = "place"
    ROUTE = "route"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Camera:
    """One camera as a desk may know it; its stream address is never part of it."""

    id: str
    """GB/T 28181 code: 20 digits, digits 11-13 the type (132 = IP camera)."""
    name: str
    place: LonLat
    grid: str
    owner: str
    """The source system: 公安, 城管, 食药监, 社会."""
    heading_deg: float
    """Clockwise from north; where the middle of the picture looks."""
    field_of_view_deg: float
    range_m: float
    share_level: int = 0
    state: CameraState = CameraState.ONLINE
    is_ptz: bool = False
    """Whether it can be turned and zoomed (云台)."""
    height_m: float | None = None
    """Over the ground; None where nobody measured it."""
    is_sensitive: bool = False
    """Its pictures show what is only looked at for a reason in words, whatever its share level."""
    unit: UUID | None = None
    """The unit it belongs to; None where that is none of the district's."""
    coverage: tuple[LonLat, ...] = ()
    """The ring of what it sees, drawn by hand where that is not the sector of heading, view and range; not closed."""
    version: int = 1
    """Rises with every change but that of its state."""

    @property
    def reach_m(self) -> float:
        """How far from it the farthest place lies that it may see."""
        return max((self.place.distance_m(corner) for corner in self.coverage), default=self.range_m)

    def sees(self, place: LonLat) -> bool:
        """Whether a place lies in what the camera covers (walls are not considered)."""
        if self.coverage:
            return is_in_ring(place, self.coverage)
        reach_m = self.place.distance_m(place)
        if reach_m > self.range_m:
            return False
        if reach_m < 1.0 or self.field_of_view_deg >= 360.0:
            return True
        turn = (bearing_deg(self.place, place) - self.heading_deg + 180.0) % 360.0 - 180.0
        return abs(turn) <= self.field_of_view_deg / 2


def bearing_deg(start: LonLat, end: LonLat) -> float:
    """Initial great-circle bearing, clockwise from north, 0 <= bearing < 360."""
    lat_1, lat_2 = math.radians(start.lat), math.radians(end.lat)
    turn = math.radians(end.lon - start.lon)
    east = math.sin(turn) * math.cos(lat_2)
    north = math.cos(lat_1) * math.sin(lat_2) - math.sin(lat_1) * math.cos(lat_2) * math.cos(turn)
    return math.degrees(math.atan2(east, north)) % 360.0


def is_in_ring(place: LonLat, ring: tuple[LonLat, ...]) -> bool:
    """Whether a place lies inside a ring of a few hundred metres, by the number of edges east of it."""
    inside = False
    for here, there in zip(ring, (*ring[1:], *ring[:1]), strict=True):
        if (here.lat > place.lat) == (there.lat > place.lat):
            continue
        crossing = here.lon + (place.lat - here.lat) / (there.lat - here.lat) * (there.lon - here.lon)
        inside ^= place.lon < crossing
    return inside
