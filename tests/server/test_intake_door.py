"""The door of the intake: who dawdles or takes too many places is shown out, and everybody else is served meanwhile."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace

import httpx
import pytest

from server.intake.doorway import who_is_at
from server.private_postgis import PrivatePostgis
from tests.fakes.small_town import corner
from tests.server.intake_world import World, body, until, world

HEAD_S, BODY_S, MOST = 0.6, 1.2, 8
CALL = (
    "import asyncio; from server.intake.patience import Patience; "
    f"asyncio.run(serve(Settings.read(Path(sys.argv[1])), Patience({HEAD_S}, {BODY_S}, 1000.0), {MOST}))"
)
HERE = corner(0.5, 0.5)
REPORT = {"text": "井盖缺失", "lon": HERE.lon, "lat": HERE.lat}
HALF_A_HEAD = b"POST /v1/citizen/reports HTTP/1.1\r\nHost: x\r\n"
HALF_A_BODY = HALF_A_HEAD + b"Content-Type: application/json\r\nContent-Length: 900\r\n\r\n{"
ASKED = b"GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(scope="module")
def field(postgis: PrivatePostgis, migrated_template: str) -> Iterator[World]:
    with world(postgis, migrated_template) as made:
        made.start("intake", CALL)
        yield made


def connected(field: World, until_closed: ExitStack, tls: bool = True) -> socket.socket:
    """A connection that has said nothing yet; OSError where it was not let in."""
    plain = socket.create_connection((field.settings.intake_http_host, field.settings.intake_http_port), timeout=10)
    until_closed.callback(plain.close)
    if not tls:
        return plain
    trusting = ssl.create_default_context(cafile=field.certificate)
    wrapped = trusting.wrap_socket(plain, server_hostname=field.settings.intake_http_host)
    until_closed.callback(wrapped.close)
    return wrapped


def ended_after_s(connection: socket.socket) -> float:
    """How long it takes until the other side has ended it."""
    began = time.monotonic()
    try:
        while connection.recv(4096):
            pass
    except TimeoutError:
        raise
    except OSError:
        pass
    return time.monotonic() - began


def answered(field: World, ask: Callable[[httpx.Client], httpx.Response]) -> int:
    """The status of an answer to somebody else; 0 where he was not let in."""
    try:
        with field.client() as client:
            return ask(client).status_code
    except (OSError, httpx.TransportError):
        return 0


def serves(field: World) -> bool:
    """Whether somebody else is answered."""
    return answered(field, lambda client: client.get("/v1/health")) == 200


@pytest.mark.parametrize(
    ("said", "tls", "limit_s"),
    [
        (b"", False, HEAD_S),
        (b"", True, HEAD_S),
        (HALF_A_HEAD, True, HEAD_S),
        (HALF_A_BODY, True, BODY_S),
        (ASKED + HALF_A_HEAD, True, HEAD_S),
    ],
    ids=["no TLS", "no head", "half a head", "half a body", "half a second head"],
)
def test_who_says_no_more_is_shown_out(field: World, said: bytes, tls: bool, limit_s: float) -> None:
    with ExitStack() as stack:
        connection = connected(field, stack, tls)
        connection.sendall(said)
        assert limit_s * 0.7 < ended_after_s(connection) < limit_s + 3


def test_a_head_that_drips_gains_no_time(field: World) -> None:
    with ExitStack() as stack:
        connection = connected(field, stack)
        began = time.monotonic()
        is_over = False
        for letter in HALF_A_HEAD * 10:
            try:
                connection.sendall(bytes([letter]))
            except OSError:
                is_over = True
                break
            time.sleep(0.02)
        assert is_over
        assert time.monotonic() - began < HEAD_S + 3


def test_a_body_that_comes_slowly_but_comes_is_taken(field: World) -> None:
    text = b'{"text": "' + b"x" * 1900 + f'", "lon": {HERE.lon}, "lat": {HERE.lat}}}'.encode() + b" " * 2500
    head = (
        HALF_A_HEAD
        + b"Content-Type: application/json\r\nConnection: close\r\n"
        + f"Content-Length: {len(text)}\r\n\r\n".encode()
    )
    with ExitStack() as stack:
        connection = connected(field, stack)
        connection.sendall(head)
        began = time.monotonic()
        for start in range(0, len(text), 250):
            connection.sendall(text[start : start + 250])
            time.sleep(0.1)
        assert time.monotonic() - began > BODY_S
        assert b"201 Created" in connection.recv(4096)


def test_one_address_gets_so_many_connections_and_again_when_they_are_gone(field: World) -> None:
    until(lambda: serves(field), "the places of the tests before are free")
    with ExitStack() as stack:

        def has_no_place_left() -> bool:
            for _ in range(MOST):  # anew each time: who says nothing is shown out soon
                connected(field, stack, tls=False)
            return not serves(field)

        until(has_no_place_left, "the address has no place left")
    until(lambda: serves(field), "there is room again")


def test_more_idle_connections_than_there_are_places_stop_nobody(field: World) -> None:
    with ExitStack() as stack:
        for _ in range(5 * MOST):
            connected(field, stack, tls=False)
        until(
            lambda: answered(field, lambda citizen: citizen.post("/v1/citizen/reports", json=REPORT)) == 201,
            "who was idle is shown out, and a report is taken",
            HEAD_S + 10,
        )


def many(field: World, headers: Callable[[int], dict[str, str]]) -> list[int]:
    """Statuses of so many look-ups in a row that one address may not."""
    with field.client() as client:
        return [client.get("/v1/citizen/reports/x", headers=headers(n)).status_code for n in range(120)]


def test_nobody_hides_behind_a_header_unless_it_is_our_own_proxy(field: World) -> None:
    def elsewhere(n: int) -> dict[str, str]:
        return {"X-Forwarded-For": f"203.0.113.{n}"}

    assert 429 in many(field, elsewhere)
    field.stop("intake")
    replace(field.settings, intake_proxies=field.settings.intake_http_host).write()
    field.start("intake", CALL)
    assert set(many(field, elsewhere)) == {404}
    with field.client() as client:
        assert body(client.get("/v1/health"))["up"]
    assert field.stop("intake") == ""


@pytest.mark.parametrize(
    ("host", "who"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("x", "x"),
    ],
)
def test_one_line_of_ipv6_is_one_sender(host: str, who: str) -> None:
    assert who_is_at(host) == who
