"""Citizens and hostile callers over real HTTPS: what is taken once, what is refused in words, and what is left in the logs."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from server.private_postgis import PrivatePostgis
from tests.fakes.small_town import corner
from tests.server.intake_world import World, body, new_key, world

JPEG = b"\xff\xd8\xff\xe0" + bytes(2000)
HERE = corner(0.5, 0.5)
REPORT = {"text": "小区门口垃圾堆了两天", "lon": HERE.lon, "lat": HERE.lat}


@pytest.fixture(scope="module")
def field(postgis: PrivatePostgis, migrated_template: str) -> Iterator[World]:
    with world(postgis, migrated_template) as made:
        made.start("intake")
        yield made


@pytest.fixture
def citizen(field: World) -> Iterator[httpx.Client]:
    with field.client() as client:
        yield client


def report(citizen: httpx.Client, key: dict[str, str] | None = None, **changed: Any) -> httpx.Response:
    return citizen.post("/v1/citizen/reports", json={**REPORT, **changed}, headers=key or {})


def reports_in(field: World) -> int:
    count = field.one("SELECT count(*) FROM report")
    assert isinstance(count, int)
    return count


def test_a_report_gets_a_number_and_a_ticket_that_tells_how_it_stands(field: World, citizen: httpx.Client) -> None:
    made = report(citizen)
    assert made.status_code == 201
    assert body(made)["number"].startswith("JG-")
    status = body(citizen.get(f"/v1/citizen/reports/{body(made)['ticket']}"))
    assert status["number"] == body(made)["number"]
    assert status["status"] == "received"
    assert status["status_zh"] == "已收到"
    row = field.all("SELECT grid, discovery, state FROM incident WHERE number = %s", body(made)["number"])
    assert row == [("330104001001001", "passive", "reported")]


def test_a_ticket_cannot_be_guessed(field: World, citizen: httpx.Client) -> None:
    ticket = body(report(citizen))["ticket"]
    for wrong in ("x", "A" * 43, ticket[:-1], ticket[:-1] + ("A" if ticket[-1] != "A" else "E"), ticket[::-1], ticket + "AA"):
        answer = citizen.get(f"/v1/citizen/reports/{wrong}")
        assert (answer.status_code, body(answer)["code"]) == (404, "no_such_report")


def test_the_same_report_sent_twice_is_one(field: World, citizen: httpx.Client) -> None:
    before = reports_in(field)
    key = new_key()
    first, second = report(citizen, key), report(citizen, key)
    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert reports_in(field) == before + 1


def test_the_same_report_sent_at_the_same_moment_ten_times_is_one(field: World, citizen: httpx.Client) -> None:
    before = reports_in(field)
    key = new_key()
    with ThreadPoolExecutor(10) as many:
        answers = list(many.map(lambda _: report(citizen, key).content, range(10)))
    assert len(set(answers)) == 1
    assert reports_in(field) == before + 1


def test_the_same_photo_report_is_one_though_its_form_is_cut_differently(field: World, citizen: httpx.Client) -> None:
    key = new_key()
    fields = {name: str(value) for name, value in REPORT.items()}
    answers = [
        citizen.post("/v1/citizen/reports", data=fields, files={"photo": ("a.jpg", JPEG, "image/jpeg")}, headers=key)
        for _ in range(2)
    ]
    assert answers[0].status_code == 201, answers[0].text
    assert answers[0].content == answers[1].content


def test_a_key_used_for_something_else_is_refused(citizen: httpx.Client) -> None:
    key = new_key()
    assert report(citizen, key).status_code == 201
    answer = report(citizen, key, text="别的事情")
    assert (answer.status_code, body(answer)["code"]) == (422, "key_reused")


@pytest.fixture
def elsewhere(field: World) -> Iterator[httpx.Client]:
    """A citizen at another address."""
    line = httpx.HTTPTransport(verify=ssl.create_default_context(cafile=field.certificate), local_address="127.0.0.9")
    with httpx.Client(base_url=field.url, transport=line, timeout=20) as client:
        yield client


def test_the_same_report_sent_again_from_another_address_is_one(
    field: World, citizen: httpx.Client, elsewhere: httpx.Client
) -> None:
    for key in (new_key(), {"Idempotency-Key": "R" * 22}):
        before = reports_in(field)
        first, second = report(citizen, key), report(elsewhere, key)
        assert first.status_code == second.status_code == 201
        assert first.content == second.content
        assert reports_in(field) == before + 1


def test_a_short_key_may_be_chosen_by_two_citizens(field: World, citizen: httpx.Client, elsewhere: httpx.Client) -> None:
    key, before = {"Idempotency-Key": "report-1"}, reports_in(field)
    first, second = report(citizen, key), report(elsewhere, key)
    assert first.status_code == second.status_code == 201
    assert body(first)["ticket"] != body(second)["ticket"]
    assert reports_in(field) == before + 2


def test_who_guesses_a_key_learns_nothing_and_changes_nothing(
    field: World, citizen: httpx.Client, elsewhere: httpx.Client
) -> None:
    key = new_key()
    first = report(citizen, key)
    before = reports_in(field)
    guessed = report(elsewhere, key, text="别的事情")
    assert (guessed.status_code, body(guessed)["code"]) == (422, "key_reused")
    assert body(first)["ticket"] not in guessed.text
    assert body(first)["number"] not in guessed.text
    assert reports_in(field) == before
    assert report(citizen, key).content == first.content


@pytest.mark.parametrize("kind", ["multipart/form-data", "Multipart/Form-Data", "MULTIPART/FORM-DATA"])
def test_a_form_with_a_large_photo_is_taken_however_its_kind_is_written(citizen: httpx.Client, kind: str) -> None:
    fields = {name: str(value) for name, value in REPORT.items()}
    files = {"photo": ("a.jpg", JPEG + bytes(1_500_000), "image/jpeg")}
    made = citizen.build_request("POST", "/v1/citizen/reports", data=fields, files=files)
    made.headers["Content-Type"] = made.headers["Content-Type"].replace("multipart/form-data", kind)
    answer = citizen.send(made)
    assert answer.status_code == 201, answer.text


def test_a_restart_forgets_no_key_and_no_token(field: World, citizen: httpx.Client) -> None:
    key = new_key()
    device = field.seeded.devices[0]
    first = report(citizen, key)
    token = body(citizen.post("/v1/worker/log-on", json={"device": str(device.device), "secret": device.secret}))["token"]
    field.processes["intake"].kill()
    field.processes.pop("intake").communicate()
    field.start("intake")
    with field.client() as afterwards:
        assert report(afterwards, key).content == first.content
        other = report(afterwards, key, text="别的事情")
        assert (other.status_code, body(other)["code"]) == (422, "key_reused")
        assert afterwards.get("/v1/worker/tasks", headers={"Authorization": f"Bearer {token}"}).status_code == 200
        assert citizen.get(f"/v1/citizen/reports/{body(first)['ticket']}").status_code == 200


def test_who_reported_is_sealed_and_an_anonymous_reporter_is_not_kept(field: World, citizen: httpx.Client) -> None:
    named = body(report(citizen, phone="13812345678", name="王大明"))["number"]
    nameless = body(report(citizen, phone="13887654321", name="李小红", anonymous=True))["number"]
    kept = (
        "SELECT p.phone, p.name FROM report_person p JOIN report r ON r.id = p.report JOIN incident i ON i.id = r.incident "
        "WHERE i.number = %s"
    )
    ((phone, name),) = field.all(kept, named)
    assert b"13812345678" not in bytes(phone)
    assert "王大明".encode() not in bytes(name)
    assert field.all(kept, nameless) == []
    everything = field.all("SELECT row_to_json(r)::text FROM report r") + field.all(
        "SELECT encode(body, 'escape') FROM change_log"
    )
    assert not any("13812345678" in row[0] or "13887654321" in row[0] for row in everything)


@pytest.mark.parametrize(
    ("request_", "status", "code"),
    [
        ({"content": b"{"}, 400, "bad_json"),
        ({"json": {"text": "x"}}, 400, "missing"),
        ({"json": {**REPORT, "lat": 95}}, 400, "bad_place"),
        ({"json": {**REPORT, "text": "好" * 2_001}}, 413, "text_too_long"),
        ({"json": {**REPORT, "lon": 121.9}}, 422, "outside_district"),
        ({"json": {**REPORT, "category": "99.99"}}, 409, "category_unknown"),
        ({"content": b'"' + b"x" * 1_000_001 + b'"'}, 413, "too_large"),
        ({"data": REPORT, "files": {"photo": ("a.jpg", b"GIF89a" + bytes(99), "image/jpeg")}}, 415, "bad_photo"),
        ({"data": REPORT, "files": {"photo": ("a.jpg", JPEG + bytes(10_000_001), "image/jpeg")}}, 413, "too_large"),
        (
            {"data": REPORT, "files": [("photo", (f"{n}.jpg", JPEG + bytes(n), "image/jpeg")) for n in range(4)]},
            400,
            "bad_form",
        ),
        ({"content": b"--x\r\nrubbish", "headers": {"Content-Type": "multipart/form-data; boundary=x"}}, 400, None),
        ({"content": b"rubbish", "headers": {"Content-Type": "multipart/form-data"}}, 400, "bad_form"),
        ({"json": REPORT, "headers": {"Idempotency-Key": "k" * 201}}, 400, "bad_value"),
    ],
)
def test_what_is_wrong_is_said_in_words_and_leaves_nothing(
    field: World, citizen: httpx.Client, request_: dict[str, Any], status: int, code: str | None
) -> None:
    before = reports_in(field)
    answer = citizen.post("/v1/citizen/reports", **request_)
    assert answer.status_code == status, answer.text
    said = body(answer)
    assert said["code"] == code or code is None
    assert said["zh"]
    assert said["en"]
    assert reports_in(field) == before


def test_who_has_not_proven_who_he_is_may_say_little(citizen: httpx.Client) -> None:
    long = b'{"device": "' + b"x" * 20_000 + b'", "secret": "x"}'
    for path in ("/v1/worker/log-on", "/v1/gateway/log-on", "/v1/osmand"):
        answer = citizen.post(path, content=long, headers={"Content-Type": "application/json"})
        assert (answer.status_code, body(answer)["code"]) == (413, "too_large")
        form = citizen.post(path, data={"device": "x"}, files={"photo": ("a.jpg", JPEG, "image/jpeg")})
        assert (form.status_code, body(form)["code"]) == (400, "bad_form")


def test_a_body_that_never_says_how_long_it_is_ends_at_the_limit(field: World, citizen: httpx.Client) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(400):
            yield b"x" * 10_000

    answer = citizen.post("/v1/citizen/reports", content=endless(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/", 404, "not_found"),
        ("GET", "/v1/citizen/reports", 405, "method_not_allowed"),
        ("DELETE", "/v1/worker/tasks", 405, "method_not_allowed"),
        ("POST", "/v1/worker/tasks/not-an-id/accept", 404, "not_found"),
        ("GET", "/v1/osmand?id=phone-1&secret=guess&lat=30.25&lon=120.2", 401, "wrong_secret"),
        ("GET", "/v1/osmand?id=phone-1&lat=30.25&lon=120.2", 400, "missing"),
        ("GET", "/v1/gateway/notices", 401, "not_logged_on"),
        ("POST", "/v1/sender-key", 401, "not_logged_on"),
    ],
)
def test_what_is_not_there_or_not_allowed_is_said_in_words(
    citizen: httpx.Client, method: str, path: str, status: int, code: str
) -> None:
    answer = citizen.request(method, path)
    assert (answer.status_code, body(answer)["code"]) == (status, code)
    assert body(answer)["zh"]


def test_the_interface_describes_itself(citizen: httpx.Client) -> None:
    described = body(citizen.get("/v1/openapi.json"))
    assert described["openapi"].startswith("3.1")
    assert "/v1/citizen/reports" in described["paths"]


def test_bytes_that_are_no_tls_or_no_http_harm_nobody(field: World, citizen: httpx.Client) -> None:
    address = (field.settings.intake_http_host, field.settings.intake_http_port)
    with socket.create_connection(address, 5) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
        plain.settimeout(5)
        assert b"HTTP/1.1 200" not in plain.recv(1000)
    trusting = ssl.create_default_context(cafile=field.certificate)
    for rubbish in (b"\x00" * 1000, b"GET / HTTP/1.1\r\nA: " + b"b" * 100_000):
        with socket.create_connection(address, 5) as raw, trusting.wrap_socket(raw, server_hostname="127.0.0.1") as channel:
            channel.sendall(rubbish)
            channel.settimeout(5)
            assert b" 200 " not in channel.recv(1000)
    assert report(citizen).status_code == 201


def test_a_flood_from_one_address_is_told_to_wait(field: World, citizen: httpx.Client) -> None:
    answers = [citizen.get("/v1/citizen/reports/x") for _ in range(90)]
    turned_away = [answer for answer in answers if answer.status_code == 429]
    assert turned_away
    assert int(turned_away[0].headers["Retry-After"]) >= 1
    assert body(turned_away[0])["code"] == "too_often"


def test_the_log_tells_of_nobody(field: World, citizen: httpx.Client) -> None:
    """Runs last: it ends the process and reads what it wrote."""
    device = field.seeded.devices[1]
    citizen.post("/v1/worker/log-on", json={"device": str(device.device), "secret": device.secret})
    report(citizen, phone="13812345678", name="王大明")
    citizen.get("/v1/osmand", params={"id": str(device.device), "secret": device.secret, "lat": 30.25, "lon": 120.2})
    written = field.stop("intake")
    for secret in (device.secret, "13812345678", "王大明", REPORT["text"]):
        assert str(secret) not in written
    assert json.dumps(written)
