"""A place given by its coordinates: read, asked back where it may be two, refused with a reason; plain."""

from __future__ import annotations

from dataclasses import dataclass

from pyproj import Geod

from desktop.phrases import distance
from desktop.seat import Seat
from gis_data.coordinates import MERIDIAN_DEG, BadCoordinates, Reading, looks_like_coordinates, read_coordinates
from governance.places import LonLat

FARTHEST_M = 200_000.0
"""A place farther from the middle of the district is not on its map."""
_GEOD = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class PlaceTyped:
    """What a text says of a place: the ways to read it, or the one reason it is none, in the officer's language."""

    readings: tuple[Reading, ...] = ()
    problem: str = ""


def place_typed(seat: Seat, text: str, is_meant: bool = False) -> PlaceTyped | None:
    """What a text says of a place; None where it is about something else, unless a place is meant."""
    if not is_meant and not looks_like_coordinates(text):
        return None
    try:
        readings = read_coordinates(text, _meridian(seat))
    except BadCoordinates as no:
        return PlaceTyped(problem=seat.words(f"coordinates.{no.reason}", said=no.said))
    away = {reading: _away_m(seat, reading.place) for reading in readings}
    near = tuple(reading for reading in readings if away[reading] <= FARTHEST_M)
    if not near and len(readings) == 1:
        far = distance(seat.words, away[readings[0]])
        return PlaceTyped(problem=seat.words("coordinates.far", said=readings[0].written, far=far))
    return PlaceTyped(near or readings)


def _away_m(seat: Seat, place: LonLat) -> float:
    town = seat.situation.town
    if not town.packs:
        return 0.0
    return float(_GEOD.inv(town.origin_lon, town.origin_lat, place.lon, place.lat)[2])


def _meridian(seat: Seat) -> int:
    """The central meridian an easting without the number of its zone is measured from: that of the district's zone."""
    town = seat.situation.town
    nearest = round(town.origin_lon / 3) * 3
    return nearest if town.packs and 75 <= nearest <= 135 else MERIDIAN_DEG
