"""What a camera covers, as an officer says it: where it stands, heading, field of view, range, height, or a ring by hand."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from governance.camera import Camera
from governance.places import LonLat
from governance.refusal import Refused

LEAST_VIEW_DEG, LEAST_RANGE_M, MOST_RANGE_M, MOST_HEIGHT_M = 1.0, 1.0, 2_000.0, 300.0
MOST_MOVED_M = 1_000.0
"""Farther than that it is another camera, or a slip of the hand: a table moves it."""
FEWEST_CORNERS, MOST_CORNERS = 3, 64


@dataclass(frozen=True, slots=True)
class Sector:
    """What a camera covers."""

    heading_deg: float
    field_of_view_deg: float
    range_m: float
    height_m: float | None = None
    coverage: tuple[LonLat, ...] = ()
    """Drawn by hand where it is not the sector; not closed."""
    place: LonLat | None = None
    """Where the camera stands, if that is said anew."""

    @staticmethod
    def of(camera: Camera) -> Sector:
        """What a camera covers now."""
        return Sector(camera.heading_deg, camera.field_of_view_deg, camera.range_m, camera.height_m, camera.coverage)

    def on(self, camera: Camera) -> Camera:
        """The camera with this sector, one version on."""
        return replace(
            camera,
            heading_deg=self.heading_deg % 360.0,
            field_of_view_deg=self.field_of_view_deg,
            range_m=self.range_m,
            height_m=self.height_m,
            coverage=self.coverage,
            place=self.place or camera.place,
            version=camera.version + 1,
        )


def what_is_wrong(sector: Sector, camera: Camera) -> Refused | None:
    """The first thing that cannot be so, with the field it concerns; None where all can."""
    for name, least, most in (
        ("heading_deg", 0.0, 360.0),
        ("field_of_view_deg", LEAST_VIEW_DEG, 360.0),
        ("range_m", LEAST_RANGE_M, MOST_RANGE_M),
        ("height_m", 0.0, MOST_HEIGHT_M),
    ):
        value = getattr(sector, name)
        if value is not None and not (math.isfinite(value) and least <= value <= most):
            return Refused("out_of_range", name, least=f"{least:g}", most=f"{most:g}")
    if sector.place is not None and camera.place.distance_m(sector.place) > MOST_MOVED_M:
        return Refused("moved_too_far", "place", most=f"{MOST_MOVED_M:g}")
    return _wrong_ring(sector.coverage, sector.on(camera)) if sector.coverage else None


def _wrong_ring(ring: tuple[LonLat, ...], camera: Camera) -> Refused | None:
    """What is wrong with a ring drawn by hand."""
    if not FEWEST_CORNERS <= len(ring) <= MOST_CORNERS:
        return Refused("corners_wrong", "coverage", least=str(FEWEST_CORNERS), most=str(MOST_CORNERS))
    if any(camera.place.distance_m(corner) > MOST_RANGE_M for corner in ring):
        return Refused("ring_too_far", "coverage", most=f"{MOST_RANGE_M:g}")
    if _crosses_itself(ring):
        return Refused("ring_crosses", "coverage")
    return None


def _crosses_itself(ring: tuple[LonLat, ...]) -> bool:
    """Whether two edges meet elsewhere than at their common corner, or the ring encloses nothing."""
    edges = [*zip(ring, (*ring[1:], *ring[:1]), strict=True)]
    for n, (a, b) in enumerate(edges):
        for m in range(n + 1, len(edges)):
            c, d = edges[m]
            if {a, b} & {c, d}:
                if a == b or c == d or {a, b} == {c, d}:
                    return True
                continue
            if _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0:
                return True
            if any(_lies_on(corner, *edge) for edge, corner in ((edges[n], c), (edges[n], d), (edges[m], a), (edges[m], b))):
                return True
    origin = ring[0]
    return abs(sum(_turn(origin, a, b) for a, b in edges)) < 1e-13


def _lies_on(place: LonLat, start: LonLat, end: LonLat) -> bool:
    """Whether a place lies on an edge, its ends included."""
    between = min(start.lon, end.lon) <= place.lon <= max(start.lon, end.lon)
    between = between and min(start.lat, end.lat) <= place.lat <= max(start.lat, end.lat)
    return between and _turn(start, end, place) == 0.0


def _turn(start: LonLat, end: LonLat, place: LonLat) -> float:
    """Twice the area of the triangle, in square degrees: positive where the place lies left of the way."""
    return (end.lon - start.lon) * (place.lat - start.lat) - (end.lat - start.lat) * (place.lon - start.lon)
