"""Datums a position may come in, and the way to WGS 84 from each, with the error it costs.

| from | to WGS 84 | error |
|---|---|---|
| WGS 84 | itself | none |
| CGCS2000 | itself | under 1 m: plate motion since epoch 2000.0, about 3 cm a year in China, is not undone |
| GCJ-02 | the published formula, inverted by iteration | inversion under 1 mm, the formula itself about 1 m |

GCJ-02 exists within a box around China only; outside it, it is WGS 84.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from governance.places import LonLat

# Krasovsky 1940, on which the shift is computed.
_SEMI_MAJOR_M = 6_378_245.0
_ECCENTRICITY_SQUARED = 0.006_693_421_622_965_943
_WEST, _SOUTH, _EAST, _NORTH = 72.004, 0.8293, 137.8347, 55.8271
_INVERSE_TOLERANCE_DEG = 1e-9
_MOST_ITERATIONS = 12
_BD09_WAVE = np.pi * 3000.0 / 180.0

GCJ02_FORMULA_ERROR_M = 1.0
GCJ02_INVERSE_ERROR_M = 0.001
CGCS2000_ERROR_M = 1.0

Degrees = npt.NDArray[np.float64]


class Datum(StrEnum):
    """What the numbers of a position refer to."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"


ERROR_M = {Datum.WGS84: 0.0, Datum.CGCS2000: CGCS2000_ERROR_M, Datum.GCJ02: GCJ02_FORMULA_ERROR_M + GCJ02_INVERSE_ERROR_M}
"""How far a place may lie from the truth after to_wgs84, in metres."""


class BadDegrees(ValueError):
    """Numbers that are no place on earth, or a place with its axes swapped."""


def to_wgs84(degrees: npt.ArrayLike, datum: Datum) -> Degrees:
    """WGS 84 longitude and latitude as float64[n, 2] for places of a datum; raises BadDegrees as check_degrees does."""
    places = check_degrees(degrees)
    return wgs84_from_gcj02(places) if datum is Datum.GCJ02 else places


def check_degrees(degrees: npt.ArrayLike, around: LonLat | None = None, within_deg: float = 5.0) -> Degrees:
    """The places as float64[n, 2] of longitude and latitude.

    Raises BadDegrees for numbers that are not finite or out of range (a latitude beyond 90 whose longitude would be a
    latitude is called swapped) and, where a place nearby is given, for places that are near it only with their axes
    swapped.
    """
    places = np.array(degrees, dtype=np.float64).reshape(-1, 2)
    if not np.isfinite(places).all():
        raise BadDegrees("a coordinate that is not a number")
    if (swapped := (np.abs(places[:, 1]) > 90) & (np.abs(places[:, 0]) <= 90) & (np.abs(places[:, 1]) <= 180)).any():
        raise BadDegrees(f"latitude before longitude: {places[swapped][0].tolist()}")
    if (out := (np.abs(places) > (180.0, 90.0)).any(axis=1)).any():
        raise BadDegrees(f"not on earth: {places[out][0].tolist()}")
    if around is not None:
        here = np.array([around.lon, around.lat])
        far = (np.abs(places - here) > within_deg).any(axis=1)
        near_swapped = (np.abs(places[:, ::-1] - here) <= within_deg).all(axis=1)
        if (swapped := far & near_swapped).any():
            raise BadDegrees(f"latitude before longitude: {places[swapped][0].tolist()}")
    return places


def gcj02_from_wgs84(degrees: npt.ArrayLike) -> Degrees:
    """GCJ-02 places as float64[n, 2] for WGS 84 ones; unchanged outside the box around China."""
    places = np.array(degrees, dtype=np.float64).reshape(-1, 2)
    inside = (places >= (_WEST, _SOUTH)).all(axis=1) & (places <= (_EAST, _NORTH)).all(axis=1)
    places[inside] += _shift(places[inside])
    return places


def wgs84_from_gcj02(degrees: npt.ArrayLike) -> Degrees:
    """WGS 84 places as float64[n, 2] for GCJ-02 ones, found by iteration to GCJ02_INVERSE_ERROR_M.

    Within a kilometre of the box's edge, where the shift begins abruptly, a place may have no or two originals; it is
    then left within the shift itself (about 0.6 km).
    """
    return _original(np.array(degrees, dtype=np.float64).reshape(-1, 2), gcj02_from_wgs84)


def bd09_from_gcj02(degrees: npt.ArrayLike) -> Degrees:
    """BD-09 places as float64[n, 2] for GCJ-02 ones."""
    x, y = np.array(degrees, dtype=np.float64).reshape(-1, 2).T
    far = np.hypot(x, y) + 2e-5 * np.sin(y * _BD09_WAVE)
    turn = np.arctan2(y, x) + 3e-6 * np.cos(x * _BD09_WAVE)
    return np.column_stack([far * np.cos(turn) + 0.0065, far * np.sin(turn) + 0.006])


def gcj02_from_bd09(degrees: npt.ArrayLike) -> Degrees:
    """GCJ-02 places as float64[n, 2] for BD-09 ones, found by iteration to GCJ02_INVERSE_ERROR_M."""
    return _original(np.array(degrees, dtype=np.float64).reshape(-1, 2), bd09_from_gcj02)


def _original(shifted: Degrees, shift: Callable[[Degrees], Degrees]) -> Degrees:
    """The places that a shift brings to given ones."""
    places = shifted.copy()
    for _ in range(_MOST_ITERATIONS):
        miss = shift(places) - shifted
        places -= miss
        if np.abs(miss).max(initial=0.0) < _INVERSE_TOLERANCE_DEG:
            break
    return places


def _shift(places: Degrees) -> Degrees:
    """The published GCJ-02 offset in degrees."""
    x, y = places[:, 0] - 105.0, places[:, 1] - 35.0
    wave = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + wave
    north += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + wave
    east += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    lat = np.radians(places[:, 1])
    magic = 1.0 - _ECCENTRICITY_SQUARED * np.sin(lat) ** 2
    meridian = _SEMI_MAJOR_M * (1.0 - _ECCENTRICITY_SQUARED) / magic**1.5
    parallel = _SEMI_MAJOR_M / np.sqrt(magic) * np.cos(lat)
    return np.column_stack([np.degrees(east / parallel), np.degrees(north / meridian)])
