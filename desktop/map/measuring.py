"""How long a way is and how large what it encloses, on the ellipsoid; plain."""

from __future__ import annotations

from collections.abc import Sequence

from pyproj import Geod
from shapely import LinearRing

from governance.places import LonLat

_GEOD = Geod(ellps="WGS84")


def way_m(places: Sequence[LonLat]) -> float:
    """The length of a way from place to place in metres, each leg a geodesic on WGS 84."""
    return float(sum(legs_m(places)))


def legs_m(places: Sequence[LonLat]) -> list[float]:
    """The length of each leg of a way in metres."""
    if len(places) < 2:
        return []
    lon, lat = [place.lon for place in places], [place.lat for place in places]
    return [float(each) for each in _GEOD.line_lengths(lon, lat)]


def enclosed(places: Sequence[LonLat]) -> tuple[float, float]:
    """Square metres a ring of geodesics encloses, whichever way round it runs, and its length in metres, closed."""
    if len(places) < 3:
        return 0.0, way_m([*places, *places[:1]])
    area, length = _GEOD.polygon_area_perimeter([place.lon for place in places], [place.lat for place in places])
    return abs(float(area)), float(length)


def crosses_itself(places: Sequence[LonLat]) -> bool:
    """Whether the ring through some places crosses or touches itself: then it encloses nothing that could be told."""
    if len(places) < 4:
        return False
    return not LinearRing([(place.lon, place.lat) for place in places]).is_simple
