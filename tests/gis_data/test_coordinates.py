"""Coordinates as people write them: read one way, asked back where there are two, refused with one reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from gis_data.coordinates import REASONS, BadCoordinates, Reading, looks_like_coordinates, read_coordinates
from gis_data.datum import Datum, gcj02_from_wgs84
from governance.places import LonLat

GEOD = Geod(ellps="WGS84")
HERE = LonLat(120.2123, 30.2741)
SHIFTED = gcj02_from_wgs84([[HERE.lon, HERE.lat]])[0].tolist()
EAST, NORTH = Transformer.from_crs("EPSG:4490", "EPSG:4549", always_xy=True).transform(HERE.lon, HERE.lat)


def metres(one: LonLat, other: LonLat) -> float:
    return float(GEOD.inv(one.lon, one.lat, other.lon, other.lat)[2])


def only(text: str) -> Reading:
    (reading,) = read_coordinates(text)
    return reading


@pytest.mark.parametrize(
    "text",
    [
        "120.2123 30.2741",
        "30.2741,120.2123",
        "30.2741，120.2123",
        "１２０.２１２３　３０.２７４１",
        "(120.2123, 30.2741)",
        "WGS84 120.2123 30.2741",
        "120.2123 30.2741 cgcs2000",
        "国家2000 30.2741、120.2123",
        "120.2123E 30.2741N",
        "N30.2741 E120.2123",
        "lat 30.2741 lon 120.2123",
        "纬度：30.2741 经度：120.2123",
        "120.2123°E, 30.2741°N",
        "N30°16'26.76\" E120°12'44.28\"",
        "北纬30度16分26.76秒 东经120度12分44.28秒",
        "120°12′44.28″E，30°16′26.76″N",
        "120 12 44.28 30 16 26.76",
        "120:12:44.28 30:16:26.76",
        "n30 16.446 e120 12.738",
        "30 16.446N 120 12.738E",
        f"{SHIFTED[0]} {SHIFTED[1]} GCJ02",
        f"高德 {SHIFTED[1]},{SHIFTED[0]}",
        f"火星坐标 {SHIFTED[0]},{SHIFTED[1]}",
        f"腾讯 {SHIFTED[1]:.7f} {SHIFTED[0]:.7f}",
        f"{EAST:.2f} {NORTH:.2f}",
        f"{NORTH:.2f},{EAST:.2f}",
        f"CGCS2000 {NORTH:.2f} {EAST + 40_000_000:.2f}",
    ],
)
def test_one_place_is_read_however_it_is_written(text: str) -> None:
    assert looks_like_coordinates(text)
    assert metres(only(text).place, HERE) < 0.15


@pytest.mark.parametrize(
    ("text", "datum"),
    [("高德 120.2 30.2", Datum.GCJ02), ("120.2 30.2", Datum.WGS84), ("国家2000 120.2 30.2", Datum.CGCS2000)],
)
def test_the_datum_that_was_said_is_kept(text: str, datum: Datum) -> None:
    assert only(text).datum is datum


def test_the_number_of_a_zone_decides_the_meridian() -> None:
    east, north = Transformer.from_crs("EPSG:4490", "EPSG:4527", always_xy=True).transform(117.2, 31.8)  # zone 39
    assert 39_000_000 < east < 40_000_000
    assert metres(only(f"{east} {north}").place, LonLat(117.2, 31.8)) < 0.01
    assert metres(read_coordinates(f"{east - 39e6} {north}", 117)[0].place, LonLat(117.2, 31.8)) < 0.01


@pytest.mark.parametrize("text", ["43.73N 7.42", "43.73 7.42E", "7.42E 43.73", "7.42 43.73N", "E7.42 N43.73", "北纬43.73 7.42"])
def test_one_name_of_an_axis_tells_both(text: str) -> None:
    assert only(text).place == LonLat(7.42, 43.73)


@pytest.mark.parametrize("text", ["7.42 43.73", "43.73,7.42", "-33.9 18.4"])
def test_a_pair_that_may_be_either_way_round_is_given_both_ways(text: str) -> None:
    first, second = read_coordinates(text)
    assert (first.place.lon, first.place.lat) == pytest.approx((second.place.lat, second.place.lon))
    for each in (first, second):
        assert read_coordinates(each.written) == (each,)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no_numbers"),
        ("WGS84", "no_numbers"),
        ("120.2123", "one_number"),
        ("120.2 30.2 5", "too_many"),
        ("1 " * 200, "too_many"),
        ("120.2 abc 30.2", "not_numbers"),
        ("99.1 99.2", "no_latitude"),
        ("190.1 30.2", "off_earth"),
        ("N95 E120.2", "off_earth"),
        ("120.2 30°75'", "sixty"),
        ("120°10'75\" 30°", "sixty"),
        ("120.5°16' 30°", "fraction"),
        ("30N 31N", "same_axis"),
        ("-30.2N 120E", "sign_and_side"),
        ("N30.2 120.2E", "two_sides"),
        ("WGS84 GCJ02 120.2 30.1", "two_datums"),
        ("百度 120.2 30.2", "other_datum"),
        ("北京54 520431 3350612", "other_datum"),
        ("高德 520431.5 3350612.4", "projected_datum"),
        ("520431.5 550612.4", "projected_range"),
        ("120000 30.2", "projected_range"),
        ("99520431 3350612", "projected_range"),
    ],
)
def test_what_is_no_place_is_refused_with_one_reason(text: str, reason: str) -> None:
    assert reason in REASONS
    with pytest.raises(BadCoordinates) as refused:
        read_coordinates(text)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0014",
        "1122-0014",
        "JG-20261122-0014",
        "#12",
        "景芳二区 7",
        "ljg",
        "14 15",
        "120 30",
        "凯旋路 30.5",
        "330104005051007",
    ],
)
def test_what_is_looked_for_otherwise_does_not_look_like_coordinates(text: str) -> None:
    assert not looks_like_coordinates(text)


@given(st.text(alphabet="0123456789.,-+ °'\"NSEW东经北纬度分秒高德x", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    looks_like_coordinates(text)
    found: tuple[Reading, ...] = ()
    reason = ""
    try:
        found = read_coordinates(text)
    except BadCoordinates as no:
        reason = no.reason
    assert len(found) in (1, 2) if not reason else reason in REASONS


@given(st.floats(73.5, 135.0), st.floats(4.0, 53.0), st.sampled_from(list(Datum)))
def test_what_is_written_of_a_place_is_read_as_that_place(lon: float, lat: float, datum: Datum) -> None:
    for reading in read_coordinates(f"{lon:.6f} {lat:.6f} {datum}"):
        (again,) = read_coordinates(reading.written)
        assert metres(again.place, reading.place) < 0.2
