"""What the channels make of bytes: tables of what they must become, and hostile ones. No server."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.routing import Route

from gis_data.datum import gcj02_from_wgs84
from governance.commands import Accept, Arrive, Complete, Decline, Progress
from governance.incident import Channel, Urgency
from governance.places import LonLat
from server.evidence import decode as photo
from server.intake import open_routes, worker_routes
from server.intake.answers import WORDS
from server.intake.channels import citizen_app, phone_positions, worker_app
from server.intake.description import PATHS
from server.intake.enrolment import Tokens
from server.intake.fields import json_fields
from wire.frames import Malformed

NOW = datetime(2027, 1, 15, 8, 0, tzinfo=UTC)
PLACE = {"lon": 120.2, "lat": 30.25}
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40)
JPEG = b"\xff\xd8\xff\xe0" + bytes(200)


def why(function: Any, *arguments: Any) -> tuple[str, str]:
    with pytest.raises(Malformed) as stopped:
        function(*arguments)
    return stopped.value.reason, stopped.value.detail


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"1", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 20_000])
def test_what_is_no_json_object_is_malformed(body: bytes) -> None:
    assert why(json_fields, body)[0] == "bad_json"


@pytest.mark.parametrize(
    ("fields", "reason", "detail"),
    [
        ({}, "missing", "lon"),
        ({"text": "x"}, "missing", "lon"),
        ({**PLACE}, "missing", "text"),
        ({**PLACE, "text": "   "}, "missing", "text"),
        ({**PLACE, "text": 7}, "bad_value", "text"),
        ({**PLACE, "text": "好" * 2_001}, "text_too_long", "text"),
        ({**PLACE, "text": "a\x00b"}, "bad_value", "text"),
        ({**PLACE, "text": "a\u202eb"}, "bad_value", "text"),
        ({**PLACE, "text": "a\u2067b"}, "bad_value", "text"),
        ({**PLACE, "text": "a\u200fb"}, "bad_value", "text"),
        ({**PLACE, "text": "a\x1bb"}, "bad_value", "text"),
        ({**PLACE, "text": "a\x85b"}, "bad_value", "text"),
        ({**PLACE, "text": "a\ud800b"}, "bad_value", "text"),
        ({**PLACE, "text": "\u200d\u3000\u200b"}, "missing", "text"),
        ({"text": "x", "lon": 181, "lat": 30}, "bad_place", "lon"),
        ({"text": "x", "lon": 120, "lat": 91}, "bad_place", "lat"),
        ({"text": "x", "lon": 0, "lat": 0}, "bad_place", "lon"),
        ({"text": "x", "lon": "nan", "lat": 30}, "bad_place", "lon"),
        ({"text": "x", "lon": True, "lat": 30}, "bad_place", "lon"),
        ({"text": "x", "lon": [1], "lat": 30}, "bad_place", "lon"),
        ({"text": "x", "lon": 10**400, "lat": 30}, "bad_place", "lon"),
        ({**PLACE, "text": "x", "src_crs": "BD09"}, "bad_datum", "src_crs"),
        ({**PLACE, "text": "x", "src_crs": ["WGS84"]}, "bad_datum", "src_crs"),
        ({**PLACE, "text": "x", "phone": "call me"}, "bad_value", "phone"),
        ({**PLACE, "text": "x", "anonymous": "perhaps"}, "bad_value", "anonymous"),
        ({**PLACE, "text": "x", "occurred_at": "yesterday"}, "bad_value", "occurred_at"),
        ({**PLACE, "text": "x", "occurred_at": "2027-01-15T08:00:00"}, "bad_value", "occurred_at"),
        ({**PLACE, "text": "x", "occurred_at": 1e300}, "bad_value", "occurred_at"),
        ({**PLACE, "text": "x", "occurred_at": "0001-01-01T00:00:00+14:00"}, "bad_value", "occurred_at"),
        ({**PLACE, "text": "x", "occurred_at": "9999-12-31T23:59:59-14:00"}, "bad_value", "occurred_at"),
        ({**PLACE, "text": "x", "occurred_at": "1999-12-31T23:59:59Z"}, "bad_value", "occurred_at"),
        ({**PLACE, "text": "x", "occurred_at": timedelta(seconds=90_000)}, "in_the_future", "occurred_at"),
        ({**PLACE, "text": "x", "occurred_at": timedelta(seconds=360)}, "in_the_future", "occurred_at"),
        ({**PLACE, "text": "x", "place_text": "y" * 201}, "text_too_long", "place_text"),
    ],
)
def test_a_bad_report_names_its_field(fields: dict[str, Any], reason: str, detail: str) -> None:
    now_s = time.time()  # of the test: hours may have passed since its rows were read
    said = {name: now_s + value.total_seconds() if isinstance(value, timedelta) else value for name, value in fields.items()}
    assert why(citizen_app.decode, said, ()) == (reason, detail)


def test_a_citizen_report_is_read_as_written() -> None:
    fields = {
        **PLACE,
        "text": " 井盖缺失\n请来看 ",
        "phone": "138 0000 0000",
        "name": "王",
        "floor": "3楼",
        "confidential": True,
    }
    report = citizen_app.decode(fields, (photo(PNG),))
    assert report.channel is Channel.CITIZEN_APP
    assert report.text == "井盖缺失\n请来看"
    assert report.place == LonLat(120.2, 30.25)
    assert (report.reporter.phone, report.reporter.name, report.floor) == ("138 0000 0000", "王", "3楼")
    assert report.confidential
    assert report.photos[0].mime == "image/png"


@pytest.mark.parametrize(
    "text",
    [
        "第一段\u3000第二段",
        "路灯\u00a0不亮",
        "一家人👨\u200d👩\u200d👧走失",
        "零宽\u200b空格",
        "一\n二\r\n三\t四",
        "𠮷野家门口",
    ],
)
def test_what_people_write_is_taken_as_they_write_it(text: str) -> None:
    assert citizen_app.decode({**PLACE, "text": text}, ()).text == text


@pytest.mark.parametrize(
    ("at", "taken"),
    [
        ("2000-01-01T00:00:00Z", True),
        (946_684_799, False),
        ("2027-01-16T16:00:00+08:00", True),
        ("2027-01-16T16:00:01+08:00", False),
        ("0001-01-01T00:00:00+14:00", False),
    ],
)
def test_a_time_lies_between_the_year_2000_and_tomorrow(at: Any, taken: bool) -> None:
    batch = {"fixes": [{**PLACE, "at": at}]}
    if taken:
        assert len(phone_positions.decode_batch(1, batch, NOW)) == 1
    else:
        assert why(phone_positions.decode_batch, 1, batch, NOW) == ("bad_value", "at")


def test_an_anonymous_report_forgets_who_reported() -> None:
    report = citizen_app.decode({**PLACE, "text": "x", "phone": "13800000000", "name": "王", "anonymous": "true"}, ())
    assert report.anonymous
    assert (report.reporter.phone, report.reporter.name, report.reporter.address) == ("", "", "")


def test_a_place_in_the_datum_of_phone_maps_is_put_right() -> None:
    ((lon, lat),) = gcj02_from_wgs84([(120.2, 30.25)]).tolist()
    assert LonLat(lon, lat).distance_m(LonLat(120.2, 30.25)) > 300
    report = citizen_app.decode({"text": "x", "lon": lon, "lat": lat, "src_crs": "GCJ02"}, ())
    assert report.place.distance_m(LonLat(120.2, 30.25)) < 0.01
    assert citizen_app.decode({**PLACE, "text": "x", "src_crs": "CGCS2000"}, ()).place == LonLat(120.2, 30.25)


def test_a_worker_may_say_how_urgent_it_is_and_a_citizen_may_not() -> None:
    fields = {**PLACE, "text": "x", "urgency": 2}
    assert worker_app.decode_report(fields, ()).urgency is Urgency.IMMEDIATE
    assert citizen_app.decode(fields, ()).urgency is Urgency.NORMAL
    assert why(worker_app.decode_report, {**fields, "urgency": 3}, ())[1] == "urgency"


@pytest.mark.parametrize(
    ("action", "fields", "command"),
    [
        ("accept", {}, Accept()),
        ("decline", {"reason_code": "sick"}, Decline("sick", "")),
        ("decline", {"reason_code": "other", "reason": "堵车"}, Decline("other", "堵车")),
        ("arrive", PLACE, Arrive(LonLat(120.2, 30.25), "")),
        ("arrive", {"reason": "围挡"}, Arrive(None, "围挡")),
        ("progress", {"text": "正在处理"}, Progress("正在处理")),
        ("complete", {"text": "好了"}, Complete("好了")),
    ],
)
def test_what_a_worker_presses_is_a_command(action: str, fields: dict[str, Any], command: object) -> None:
    assert worker_app.decode_order(action, fields, ()).command == command


@pytest.mark.parametrize(
    ("action", "fields", "detail"),
    [
        ("archive", {}, "action"),
        ("timer", {}, "action"),
        ("decline", {}, "reason_code"),
        ("decline", {"reason_code": "other"}, "reason"),
        ("progress", {}, "text"),
        ("complete", {}, "text"),
        ("arrive", {"lon": 120}, "lat"),
        ("accept", {"at": "soon"}, "at"),
    ],
)
def test_what_no_button_sends_is_malformed(action: str, fields: dict[str, Any], detail: str) -> None:
    assert why(worker_app.decode_order, action, fields, ())[1] == detail


def test_a_batch_of_fixes_becomes_packed_records() -> None:
    fixes = [
        {**PLACE, "at": "2027-01-15T16:00:00+08:00", "speed": 1.234, "bearing": 359.99, "accuracy": 4.5, "battery": 77},
        {**PLACE, "at": 1_800_000_000_000, "speed": -1, "bearing": -1, "accuracy": 99_999},
        {**PLACE},
    ]
    records = phone_positions.decode_batch(42, {"fixes": fixes}, NOW)
    assert records.tolist() == [
        (42, int(NOW.timestamp()), 1_202_000_000, 302_500_000, 123, 35_999, 45, 77, 0),
        (42, 1_800_000_000, 1_202_000_000, 302_500_000, 0, 0, 65_535, 100, 0),
        (42, int(NOW.timestamp()), 1_202_000_000, 302_500_000, 0, 0, 100, 100, 0),
    ]


def test_a_batch_of_several_datums_is_converted_as_its_fixes_are_and_at_once() -> None:
    fixes = [
        {"lon": 120.2 + n / 1e4, "lat": 30.25 - n / 1e4, "src_crs": ("GCJ02", "GCJ02", "WGS84", "CGCS2000")[n % 4], "at": 1.8e9}
        for n in range(phone_positions.MOST_FIXES)
    ]
    began_s = time.process_time()
    together = phone_positions.decode_batch(7, {"fixes": fixes}, NOW)
    assert time.process_time() - began_s < 0.1
    singly = [phone_positions.decode_batch(7, {"fixes": [one]}, NOW)[0] for one in fixes]
    for name in ("lon", "lat"):
        assert max(abs(int(a[name]) - int(b[name])) for a, b in zip(together, singly, strict=True)) <= 1
    assert together["at"].tolist() == [1_800_000_000] * len(fixes)


@pytest.mark.parametrize(
    ("fixes", "reason"),
    [
        (None, "missing"),
        ([], "missing"),
        ({}, "missing"),
        (["x"], "bad_value"),
        ([[1, 2]], "bad_value"),
        ([PLACE] * 501, "too_many"),
        ([{"lon": 1}], "missing"),
        ([{**PLACE, "speed": 601}], "bad_value"),
    ],
)
def test_a_bad_batch_is_malformed(fixes: Any, reason: str) -> None:
    assert why(phone_positions.decode_batch, 1, {"fixes": fixes}, NOW)[0] == reason


def test_what_osmand_sends_is_read() -> None:
    query = "id=phone-7&secret=s&lat=30.25&lon=120.2&timestamp=1800000000&speed=1.5&bearing=90&altitude=8&accuracy=6&batt=55"
    fields = dict(part.split("=") for part in query.split("&"))
    sighting = phone_positions.decode_osmand(fields, NOW)
    assert (sighting.device, sighting.secret) == ("phone-7", "s")
    assert sighting.fix == (0, 1_800_000_000, 1_202_000_000, 302_500_000, 150, 9_000, 60, 55, 0)
    assert why(phone_positions.decode_osmand, {**fields, "id": ""}, NOW) == ("missing", "deviceid")


@pytest.mark.parametrize(
    ("said", "decimetres"),
    [
        ({"hdop": "1.2"}, 60),
        ({"hdop": "1.2", "accuracy": "8"}, 80),
        ({"hdop": "1.2", "accuracy": ""}, 60),
        ({"hdop": "-1"}, 100),
        ({}, 100),
    ],
)
def test_hdop_stands_in_for_an_accuracy_that_is_not_sent(said: dict[str, str], decimetres: int) -> None:
    fields = {"id": "phone-7", "secret": "s", "lat": "30.25", "lon": "120.2", "timestamp": "1800000000", **said}
    assert phone_positions.decode_osmand(fields, NOW).fix[6] == decimetres


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), lambda inner: st.lists(inner)))
def test_no_value_whatever_breaks_a_channel(value: Any) -> None:
    names = ("text", "lon", "lat", "src_crs", "accuracy", "occurred_at", "phone", "anonymous", "speed", "bearing", "at")
    for name in names:
        fields = {**PLACE, "text": "x", name: value}
        for decode in (
            lambda f: citizen_app.decode(f, ()),
            lambda f: worker_app.decode_report(f, ()),
            lambda f: worker_app.decode_order("arrive", f, ()),
            lambda f: phone_positions.decode_batch(1, {"fixes": [f]}, NOW),
        ):
            reason = ""
            try:
                decode(fields)
            except Malformed as wrong:
                reason = wrong.reason
            assert reason in ("", *WORDS)


NO_PICTURES = (b"", b"GIF89a" + bytes(99), b"%PDF-1.7", b"<svg xmlns=", b"MZ" + bytes(99), b"\xff\xd8\xff", b"RIFF0000WAVE")


@pytest.mark.parametrize("data", [*NO_PICTURES, b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_not_taken_whatever_it_is_called(data: bytes) -> None:
    assert why(photo, data)[0] == "bad_photo"


def test_a_photo_of_ten_megabytes_is_taken_and_one_byte_more_is_not() -> None:
    assert len(photo(JPEG + bytes(10_000_000 - len(JPEG))).data) == 10_000_000
    assert why(photo, JPEG + bytes(10_000_001 - len(JPEG)))[0] == "too_large"


@given(st.binary(max_size=80), st.text(max_size=120))
def test_only_a_token_we_signed_is_one(forged: bytes, garbage: str) -> None:
    import base64

    tokens = Tokens(b"k" * 32)
    for text in (base64.urlsafe_b64encode(forged).decode(), garbage):
        assert tokens.read(text, 0) is None
        assert tokens.incident_of(text) is None


def test_a_token_ends_and_another_server_does_not_know_it() -> None:
    from uuid import uuid4

    tokens, device = Tokens(b"k" * 32), uuid4()
    token, expires = tokens.issue(device, 1000.0)
    assert tokens.read(token, expires - 1) == device
    assert tokens.read(token, expires) is None
    assert Tokens(b"x" * 32).read(token, 1000.0) is None
    assert tokens.incident_of(tokens.ticket(device)) == device
    assert tokens.read(tokens.ticket(device), 0) is None


def test_the_description_names_every_route_and_no_other() -> None:
    routes = [route for route in (*worker_routes.ROUTES, *open_routes.ROUTES) if isinstance(route, Route)]
    offered = {
        (route.path.replace(":uuid}", "}"), method.lower())
        for route in routes
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert offered == {(path, method) for path, methods in PATHS.items() for method in methods}
    json.dumps(PATHS)


def test_every_problem_has_words_in_both_languages() -> None:
    for status, zh, en in WORDS.values():
        assert 400 <= status < 600
        assert zh
        assert en
        assert en.isascii()
