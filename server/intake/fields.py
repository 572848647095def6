"""Reads the fields of a request strictly: the right type and size, or Malformed with the field's name."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from gis_data.datum import Datum, Degrees, to_wgs84
from governance.places import LonLat
from wire.frames import Malformed

TEXT_LIMIT = 2_000
"""Characters of a report or of what a worker says of his task."""

Fields = Mapping[str, Any]
DATUMS = {datum.name: datum for datum in Datum}
"""WGS84, CGCS2000, GCJ02: what `src_crs` may say."""

FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters, halves of characters, and what turns the direction of writing: a text could be read as another."""
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)
AHEAD = timedelta(days=1)
"""How far ahead of ours a sender's clock may be."""
CLOCKS_DIFFER = timedelta(minutes=5)
"""How far ahead of ours the clock may be by which somebody says when a thing happened."""


def json_fields(body: bytes) -> Fields:
    """The JSON object in a body; Malformed where it is none."""
    try:
        read = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Malformed("bad_json") from None
    if not isinstance(read, dict):
        raise Malformed("bad_json")
    return read


def text(fields: Fields, name: str, limit: int = TEXT_LIMIT, needed: bool = True) -> str:
    """A text without control characters but line breaks and tabs; empty where it is absent and not needed."""
    value = fields.get(name, "")
    if not isinstance(value, str):
        raise Malformed("bad_value", name)
    value = value.strip()
    if len(value) > limit:
        raise Malformed("text_too_long", name)
    if FORBIDDEN.search(value):
        raise Malformed("bad_value", name)
    if needed and not any(_is_seen(letter) for letter in value):
        raise Malformed("missing", name)
    return value


def _is_seen(letter: str) -> bool:
    """Whether a character leaves anything on paper."""
    return unicodedata.category(letter)[0] not in "ZC"


def number(fields: Fields, name: str, low: float, high: float, default: float | None = None) -> float:
    """A finite number within bounds, also where it is written as a text (forms, query strings)."""
    value = fields.get(name)
    if value is None or value == "":
        if default is None:
            raise Malformed("missing", name)
        return default
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Malformed("bad_value", name)
    try:
        read = float(value)
    except (ValueError, OverflowError):
        raise Malformed("bad_value", name) from None
    if not math.isfinite(read) or not low <= read <= high:
        raise Malformed("bad_value", name)
    return read


def flag(fields: Fields, name: str) -> bool:
    """A yes or no; no where it is absent."""
    value = fields.get(name, False)
    if value in (True, "true", "1"):
        return True
    if value in (False, "false", "0", ""):
        return False
    raise Malformed("bad_value", name)


def moment(fields: Fields, name: str, now: datetime | None = None) -> datetime | None:
    """A time: seconds or milliseconds since 1970, or ISO 8601 with its zone; None where it is absent.

    Malformed before the year 2000 and more than a day after `now`, which is the clock's where it is not given.
    """
    value = fields.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, str) and not value.replace(".", "", 1).isdigit():
        try:
            read = datetime.fromisoformat(value.replace("Z", "+00:00"))
        except ValueError:
            raise Malformed("bad_value", name) from None
        if read.tzinfo is None:
            raise Malformed("bad_value", name)
    else:
        since_1970 = number(fields, name, 0, 4_102_444_800_000)
        read = datetime.fromtimestamp(since_1970 / 1000 if since_1970 > 100_000_000_000 else since_1970, UTC)
    if not EARLIEST <= read <= (now or datetime.now(UTC)) + AHEAD:
        raise Malformed("bad_value", name)
    return read.astimezone(UTC)


def happened(fields: Fields, name: str) -> datetime | None:
    """When something happened; Malformed where that is still to come, as for a desk (server/service_window)."""
    read = moment(fields, name, LATEST)
    if read is not None and read > datetime.now(UTC) + CLOCKS_DIFFER:
        raise Malformed("in_the_future", name)
    return read


def place(fields: Fields, needed: bool = True) -> LonLat | None:
    """`lon`, `lat` in the datum `src_crs` (WGS84 where absent) as WGS 84; None where absent and not needed."""
    if not needed and fields.get("lon") in (None, "") and fields.get("lat") in (None, ""):
        return None
    lon, lat = places([fields]).tolist()[0]
    return LonLat(lon, lat)


def places(each: Sequence[Fields]) -> Degrees:
    """The place of each as WGS 84, float64[n, 2] of longitude and latitude; one conversion for all that share a datum."""
    given = [_given(fields) for fields in each]
    degrees = np.array([(lon, lat) for lon, lat, _ in given], np.float64).reshape(-1, 2)
    for datum in {datum for _, _, datum in given}:
        mine = [row for row, one in enumerate(given) if one[2] is datum]
        degrees[mine] = to_wgs84(degrees[mine], datum)
    return degrees


def _given(fields: Fields) -> tuple[float, float, Datum]:
    """Longitude, latitude and datum as they were sent."""
    crs = fields.get("src_crs") or Datum.WGS84.name
    if not isinstance(crs, str) or crs not in DATUMS:
        raise Malformed("bad_datum", "src_crs")
    try:
        lon, lat = number(fields, "lon", -180, 180), number(fields, "lat", -90, 90)
    except Malformed as wrong:
        raise wrong if wrong.reason == "missing" else Malformed("bad_place", wrong.detail) from None
    if lon == lat == 0.0:
        raise Malformed("bad_place", "lon")
    return lon, lat, DATUMS[crs]
