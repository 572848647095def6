"""Coordinates as people write them: degrees, degrees-minutes-seconds, or projected CGCS2000, in one of three datums; plain.

Axes are told by their names (N, 东经), else by what the numbers can be; a pair that may be read either way is given
back with both readings. Projected numbers are those of the 3-degree zones (EPSG:4534 to 4554 without the number of the
zone before the easting, EPSG:4513 to 4533 with it).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pyproj import Transformer

from gis_data.datum import Datum, to_wgs84
from governance.places import LonLat

MERIDIAN_DEG = 120
"""The central meridian an easting without the number of its zone is measured from: EPSG:4549."""
LONGEST = 120
_DATUMS = (
    (Datum.WGS84, r"wgs[\s_-]*(?:19)?84(?:坐标系?)?"),
    (Datum.CGCS2000, r"cgcs[\s_-]*2000(?:坐标系?)?|国家\s*2000(?:大地)?(?:坐标系?)?|2000\s*国家大地坐标系?"),
    (Datum.GCJ02, r"gcj[\s_-]*0?2(?:坐标系?)?|火星(?:坐标系?)?|高德(?:地图|坐标)?|腾讯(?:地图|坐标)?"),
)
_OTHER_DATUMS = re.compile(r"bd[\s_-]*09|百度|北京\s*(?:19)?54|西安\s*(?:19)?80", re.I)
_SIDES = (
    ("E", r"东经|经度|longitude|lon\b|lng\b"), ("W", r"西经"), ("N", r"北纬|纬度|latitude|lat\b"), ("S", r"南纬"),
)  # fmt: skip
_NUMBER = r"(?<![\d.])\d{1,9}(?!\d)(?:\.\d{1,20})?(?!\d)"
_VALUE = (
    rf"(?P<sign>[+-]?)(?P<deg>{_NUMBER})"
    rf"(?:\s*[°d:]\s*(?:(?P<min>{_NUMBER})(?:\s*(?:['m]|:(?=\s*\d))\s*(?:(?P<sec>{_NUMBER})\s*[\"s]?)?)?)?)?"
)
_LED = re.compile(rf"(?P<side>[NSEW]?)\s*[:=]?\s*{_VALUE}")
_FOLLOWED = re.compile(rf"{_VALUE}\s*(?P<side>[NSEW](?![a-z]))?")
_PLAIN = str.maketrans({"度": "°", "º": "°", "分": "'", "′": "'", "’": "'", "‘": "'", "″": '"', "”": '"', "“": '"', "秒": '"',
                        "，": ",", "、": ",", "；": ",", ";": ",", "：": ":", "−": "-", "–": "-"})  # fmt: skip
_PARTS = re.compile(rf"\s*(?:{_NUMBER}[\s,]+){{3,5}}{_NUMBER}\s*")
_EASTING, _PREFIXED, _NORTHING = (250_000.0, 750_000.0), (25_000_000.0, 46_000_000.0), (300_000.0, 6_200_000.0)
_PREFIX_M = 1_000_000


class BadCoordinates(ValueError):
    """Why a text is no place; `reason` is one of REASONS, `said` the part of the text that is no good."""

    def __init__(self, reason: str, said: str = "") -> None:
        """One reason for one text."""
        super().__init__(f"{reason}: {said}")
        self.reason, self.said = reason, said


REASONS = (
    "no_numbers", "one_number", "too_many", "not_numbers", "no_latitude", "off_earth", "sixty", "fraction", "same_axis",
    "sign_and_side", "two_sides", "two_datums", "other_datum", "projected_datum", "projected_range",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a text. `place` is WGS 84; `written` says the same place so that it can be read in one way only."""

    place: LonLat
    datum: Datum
    is_projected: bool
    written: str


@dataclass(frozen=True, slots=True)
class _Angle:
    value: float
    side: str
    """N, S, E, W; empty where it was not said."""
    is_angle: bool
    said: str


def looks_like_coordinates(text: str) -> bool:
    """Whether a text that may be anything is meant as coordinates: two numbers and a sign that they are degrees or metres."""
    rest, datums = _without_datums(text)
    plain = _with_sides(rest)
    numbers = re.findall(_NUMBER, plain)
    if _OTHER_DATUMS.search(rest) and len(numbers) >= 2:
        return True
    if len(numbers) < 2 or re.sub(rf"{_NUMBER}|[NSEW°'\"dms:=,\s+-]", "", plain):
        return False
    has_marks = bool(datums) or any(mark in plain for mark in "°NSEW")
    are_degrees = sum("." in number for number in numbers) >= 2 or (len(numbers) == 2 and any("." in each for each in numbers))
    are_metres = len(numbers) == 2 and all(len(number.partition(".")[0]) >= 6 for number in numbers) and "-" not in plain
    return has_marks or are_degrees or are_metres


def read_coordinates(text: str, meridian_deg: int = MERIDIAN_DEG) -> tuple[Reading, ...]:
    """The ways to read a text, one or, of a pair whose axes nothing tells apart, two; raises BadCoordinates."""
    if (other := _OTHER_DATUMS.search(text)) is not None:
        raise BadCoordinates("other_datum", other[0])
    rest, datums = _without_datums(text[: LONGEST + 1])
    if len(text) > LONGEST:
        raise BadCoordinates("too_many", text[:20])
    if len(set(datums)) > 1:
        raise BadCoordinates("two_datums")
    first, second = _pair(_with_sides(rest))
    if not (first.is_angle or second.is_angle) and max(abs(first.value), abs(second.value)) >= 10_000:
        if datums and datums[0] is not Datum.CGCS2000:
            raise BadCoordinates("projected_datum")
        return (_projected(first, second, meridian_deg),)
    datum = datums[0] if datums else Datum.WGS84
    return tuple(_reading(lon, lat, datum) for lon, lat in _axes(first, second))


def _without_datums(text: str) -> tuple[str, list[Datum]]:
    """The text without the names of datums, and those; full-width letters and digits count as plain ones."""
    rest = "".join(chr(ord(letter) - 0xFEE0) if 0xFF01 <= ord(letter) <= 0xFF5E else letter for letter in text)
    found = []
    for datum, pattern in _DATUMS:
        rest, count = re.subn(pattern, " ", rest, flags=re.I)
        found += [datum] * bool(count)
    return rest, found


def _with_sides(text: str) -> str:
    """The text with the names of axes and the marks of angles each in one form."""
    for side, pattern in _SIDES:
        text = re.sub(pattern, side, text, flags=re.I)
    text = re.sub(r"(?<![a-z])[nsew](?![a-z])", lambda found: found[0].upper(), text)
    return text.translate(_PLAIN).replace("''", '"').strip(" ()（）[],")


def _pair(plain: str) -> tuple[_Angle, _Angle]:
    plain = _marked(plain)
    found, rest, at = list[_Angle](), list[str](), 0
    for match in (_LED if plain[:1] in "NSEW" else _FOLLOWED).finditer(plain):
        found.append(_angle(match))
        rest.append(plain[at : match.start()])
        at = match.end()
    left = "".join((*rest, plain[at:])).replace(",", " ").strip()
    if left:
        raise BadCoordinates("two_sides" if found and left in "NSEW" else "not_numbers", left[:20])
    if len(found) != 2:
        raise BadCoordinates(
            ("no_numbers", "one_number")[len(found)] if len(found) < 2 else "too_many", found[-1].said if found else ""
        )
    return found[0], found[1]


def _marked(plain: str) -> str:
    """Degrees, minutes and seconds that only spaces part get their marks: 120 12 44.3 30 16 26.8, or N30 16.4 E120 12.7."""
    numbers = re.findall(_NUMBER, plain)
    halves = re.findall(r"[NSEW][^NSEW]+" if plain[:1] in "NSEW" else r"[^NSEW]+[NSEW]", plain)
    if _PARTS.fullmatch(plain) and len(numbers) in (4, 6):
        half = len(numbers) // 2
        halves = [" ".join(numbers[:half]), " ".join(numbers[half:])]
    if len(halves) != 2 or len(numbers) not in (4, 6) or any(mark in plain for mark in "°':\""):
        return plain
    spaced = (iter("°'\""), iter("°'\""))
    return " ".join(re.sub(_NUMBER, lambda each, marks=marks: each[0] + next(marks, ""), half)  # type: ignore[misc]
                    for half, marks in zip(halves, spaced, strict=True))  # fmt: skip


def _angle(match: re.Match[str]) -> _Angle:
    said, side = match[0].strip(" ,"), match["side"] or ""
    if match["sign"] == "-" and side:
        raise BadCoordinates("sign_and_side", said)
    value = float(match["deg"])
    for part, whole, share in ((match["min"], match["deg"], 60.0), (match["sec"], match["min"], 3600.0)):
        if part is None:
            break
        if "." in whole:
            raise BadCoordinates("fraction", said)
        if float(part) >= 60.0:
            raise BadCoordinates("sixty", said)
        value += float(part) / share
    is_angle = bool(side or match["min"] or "°" in match[0])
    return _Angle(-value if match["sign"] == "-" or side in ("S", "W") else value, side, is_angle, said)


def _axes(first: _Angle, second: _Angle) -> list[tuple[float, float]]:
    """Longitude and latitude, in every way the pair can be read."""
    for each in (first, second):
        if abs(each.value) > 180.0 or (each.side in ("N", "S") and abs(each.value) > 90.0):
            raise BadCoordinates("off_earth", each.said)
    axis_of = {"E": "lon", "W": "lon", "N": "lat", "S": "lat", "": ""}
    one, other = axis_of[first.side], axis_of[second.side]
    if one and one == other:
        raise BadCoordinates("same_axis", f"{first.said} {second.said}")
    ways = [(first.value, second.value)] if one != "lat" and other != "lon" else []
    ways += [(second.value, first.value)] if one != "lon" and other != "lat" else []
    right = [(lon, lat) for lon, lat in ways if abs(lat) <= 90.0]
    if not right:
        raise BadCoordinates("no_latitude", f"{first.said} {second.said}")
    return list(dict.fromkeys(right))


def _reading(lon: float, lat: float, datum: Datum) -> Reading:
    place = to_wgs84([[lon, lat]], datum)[0].tolist()
    name = {Datum.WGS84: "WGS84", Datum.CGCS2000: "CGCS2000", Datum.GCJ02: "GCJ02"}[datum]
    east, north = f"{_short(lon)}{'E' if lon >= 0 else 'W'}", f"{_short(lat)}{'N' if lat >= 0 else 'S'}"
    return Reading(LonLat(*place), datum, False, f"{east} {north} {name}")


def _short(degrees: float) -> str:
    """Six decimals, about 0.1 m, without the zeros at their end."""
    return f"{abs(degrees):.6f}".rstrip("0").rstrip(".")


def _projected(first: _Angle, second: _Angle, meridian_deg: int) -> Reading:
    """An easting and a northing, whichever stands first, told apart by how large they can be."""
    for east, north in ((first.value, second.value), (second.value, first.value)):
        if not _NORTHING[0] <= north <= _NORTHING[1]:
            continue
        if _PREFIXED[0] <= east < _PREFIXED[1] and _EASTING[0] <= east % _PREFIX_M <= _EASTING[1]:
            zone = int(east // _PREFIX_M)
            lon, lat = _from_zone(4488 + zone).transform(east, north)
        elif _EASTING[0] <= east <= _EASTING[1] and not _EASTING[0] <= north <= _EASTING[1]:
            lon, lat = _from_zone(4534 + (meridian_deg - 75) // 3).transform(east, north)
        else:
            continue
        return Reading(LonLat(lon, lat), Datum.CGCS2000, True, f"{east:.10g} {north:.10g} CGCS2000")
    raise BadCoordinates("projected_range", f"{first.said} {second.said}")


@lru_cache(maxsize=8)
def _from_zone(epsg: int) -> Transformer:
    return Transformer.from_crs(f"EPSG:{epsg}", "EPSG:4490", always_xy=True)
