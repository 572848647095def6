"""How much anybody may send to the intake, and that every refusal is counted. No server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import Any

import pytest

from server.intake.answers import TurnedAway
from server.intake.description import PATHS
from server.intake.limits import BODY_LIMIT, JSON_LIMIT, SHORT_LIMIT, PhotoPlaces, Rate, Turnstile, limit_of
from server.intake.reception import Reception
from server.intake.service import application


def test_a_turnstile_lets_a_burst_through_then_so_many_a_second() -> None:
    turnstile = Turnstile(Rate(burst=3, per_s=0.5))
    assert [turnstile.wait_s("a", 0.0) for _ in range(4)] == [0.0, 0.0, 0.0, 2.0]
    assert turnstile.wait_s("b", 0.0) == 0.0
    assert turnstile.wait_s("a", 1.9) > 0
    assert turnstile.wait_s("a", 2.0) == 0.0


def test_a_turnstile_forgets_the_longest_unseen_rather_than_grow() -> None:
    turnstile = Turnstile(Rate(burst=1, per_s=0.001), room=10)
    for sender in range(50):
        turnstile.wait_s(str(sender), 0.0)
    assert turnstile.wait_s("0", 0.0) == 0.0
    assert turnstile.wait_s("49", 0.0) > 0


def test_photos_may_come_where_the_description_says_so_and_nowhere_else() -> None:
    form = "multipart/form-data; boundary=x"
    for path, methods in PATHS.items():
        for operation in methods.values():
            offered = operation.get("requestBody", {}).get("content", {})
            allowed = limit_of(
                path.format(assignment="0", action="complete", check="0", incident="0", ticket="0", echo="0"), form
            )
            assert (allowed == BODY_LIMIT) == ("multipart/form-data" in offered), path
    assert limit_of("/v1/citizen/reports", "application/json") == JSON_LIMIT
    assert limit_of("/v1/worker/log-on", form) == limit_of("/v1/osmand", "application/json") == SHORT_LIMIT


def test_photos_of_a_few_are_in_the_house_at_once_and_one_sender_has_not_all_places() -> None:
    async def in_turn() -> list[str]:
        places, said = PhotoPlaces(most=3, most_of_one=2, wait_s=0.05), []
        async with places.held("a"), places.held("a"):
            for sender in ("a", "b"):
                async with AsyncExitStack() as stack:
                    with suppress_turned_away(said):
                        await stack.enter_async_context(places.held(sender))
                        said.append(sender)
                        with suppress_turned_away(said):
                            await stack.enter_async_context(places.held("c"))
        async with places.held("a"), places.held("b"), places.held("c"):
            said.append("all free again")
        return said

    assert asyncio.run(in_turn()) == ["too_many_photos", "b", "busy", "all free again"]


@pytest.mark.parametrize("path", ["/v1/worker/log-on", "/v1/gateway/log-on", "/v1/osmand", "/v1/citizen/reports"])
def test_a_flood_of_an_address_is_told_to_wait_before_any_body_is_read(path: str) -> None:
    reception = reception_of_nobody()
    assert asked(reception, "POST", path, may_be_read=False) == 429
    assert reception.refused == {"too_often": 1}


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "reason"),
    [
        ("POST", "/v1/citizen/reports", b"", {"content-length": "99999999"}, "too_large"),
        ("POST", "/v1/worker/log-on", b"x" * 20_000, {}, "too_large"),
        ("GET", "/v1/worker/tasks", b"", {}, "not_logged_on"),
        ("GET", "/v1/nothing", b"", {}, "not_found"),
        ("PUT", "/v1/worker/tasks", b"", {}, "method_not_allowed"),
        ("POST", "/v1/worker/log-on", b"{", {}, "bad_json"),
        ("POST", "/v1/worker/log-on", b"{}", {"content-type": "multipart/form-data"}, "bad_form"),
        ("POST", "/v1/worker/log-on", b'{"device": "x", "secret": "y"}', {}, "too_often"),
    ],
)
def test_every_refusal_is_counted_by_its_reason(
    method: str, path: str, body: bytes, headers: dict[str, str], reason: str
) -> None:
    reception = reception_of_nobody(unproven=Rate(burst=9, per_s=1), citizen=Rate(burst=9, per_s=1))
    assert asked(reception, method, path, body, headers) >= 400
    assert reception.refused == {reason: 1}
    assert reception.told(turned_away=3) == {"refused": {reason: 1, "no_place": 3}}
    assert reception.told(turned_away=0) == {}


def reception_of_nobody(**rates: Rate) -> Reception:
    """A reception with nobody behind it, whose turnstiles are shut but those with a rate."""
    nobody: Any = None
    turnstiles = {
        name: Turnstile(rates.get(name, Rate(burst=0, per_s=1))) for name in ("unproven", "citizen", "log_on", "guesses")
    }
    return Reception(nobody, nobody, nobody, nobody, nobody, nobody, turnstiles=turnstiles)


def asked(
    reception: Reception,
    method: str,
    path: str,
    body: bytes = b"",
    headers: dict[str, str] | None = None,
    may_be_read: bool = True,
) -> int:
    """The status of the answer to a request."""
    said: list[Any] = []

    async def read() -> Any:
        assert may_be_read, "the body was read"
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        said.append(message)

    raw = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    scope = {"type": "http", "method": method, "path": path, "headers": raw, "query_string": b"", "client": ("192.0.2.7", 1)}
    asyncio.run(application(reception)(scope, read, send))
    status = said[0]["status"]
    assert isinstance(status, int)
    return status


@contextmanager
def suppress_turned_away(said: list[str]) -> Iterator[None]:
    """Whoever is turned away inside, the reason is said."""
    try:
        yield
    except TurnedAway as stop:
        said.append(stop.code)
