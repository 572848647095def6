"""What every channel of the intake stands on: who is there, how often they may knock, where fixes and reports go."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from server.evidence import Photo, decode
from server.intake.acceptance import Named
from server.intake.answers import TurnedAway
from server.intake.dispatch_watch import DispatchWatch
from server.intake.doorway import who_is_at
from server.intake.enrolment import Bearer, Enrolment
from server.intake.fields import Fields, json_fields
from server.intake.forwarding import Forwarding
from server.intake.limits import (
    BODY_LIMIT,
    CITIZEN,
    FIXES,
    GUESSES,
    LOG_ON,
    LOOK_UP,
    ORDERS,
    PHOTO_BYTES,
    UNPROVEN,
    PhotoPlaces,
    Turnstile,
    is_form_with_files,
)
from server.intake.photo_store import PhotoStore
from server.ledger.ids import new_id, order_id_of
from server.ledger.ledger import Ledger
from wire.frames import Malformed

MOST_PHOTOS = 3
MOST_FIELDS = 30
FIELD_BYTES = 65_536
LONGEST_KEY = 200
UNGUESSED_KEY = 22
"""Characters of 128 random bits in Base64; a UUID has more. Nobody comes upon such a key by chance."""

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Read:
    """The body of a request, read: its fields, its photos, and the hash of all of it."""

    fields: Fields
    photos: tuple[Photo, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class PullDoor:
    """Where packed fixes are taken: what an enrolled sender needs to connect."""

    endpoint: str
    server_key: str
    """Z85."""


@dataclass(slots=True)
class Reception:
    """The parts the channels share; made by intake/run.py, used from the event loop."""

    ledger: Ledger
    enrolment: Enrolment
    forwarding: Forwarding
    watch: DispatchWatch
    photos: PhotoStore
    pull_door: PullDoor
    counted: Counter[str] = field(default_factory=Counter)
    """What was taken, by kind."""
    refused: Counter[str] = field(default_factory=Counter)
    """Everything that was not, by reason; counted where the refusal is answered, so that none is missed."""
    turnstiles: dict[str, Turnstile] = field(
        default_factory=lambda: {
            "log_on": Turnstile(LOG_ON),
            "guesses": Turnstile(GUESSES),
            "orders": Turnstile(ORDERS),
            "fixes": Turnstile(FIXES),
            "citizen": Turnstile(CITIZEN),
            "look_up": Turnstile(LOOK_UP),
            "photos": Turnstile(PHOTO_BYTES),
            "unproven": Turnstile(UNPROVEN),
        }
    )
    places: dict[str, PhotoPlaces] = field(default_factory=lambda: {"proven": PhotoPlaces(), "citizens": PhotoPlaces()})
    """For bodies with photos: citizens, who need not say who they are, cannot take the places of the workers."""

    def told(self, turned_away: int) -> dict[str, object]:
        """What was counted since it was asked last, and how many connections found no place; nothing about anybody."""
        if turned_away:
            self.refused["no_place"] += turned_away
        told: dict[str, object] = dict(self.counted)
        if self.refused:
            told["refused"] = dict(self.refused)
        self.counted.clear()
        self.refused.clear()
        return told

    async def bearer(self, request: Request) -> Bearer:
        """The device whose token the request carries; TurnedAway where it carries none that is valid."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        bearer = None
        if scheme.lower() == "bearer" and token:
            bearer = await in_thread(self.enrolment.by_token, token.strip())
        if bearer is None:
            raise TurnedAway("not_logged_on")
        return bearer

    async def proven(self, request: Request, name: str, secret: str) -> Bearer:
        """The device of this name if the secret is its own; whoever guesses is slowed down.

        Failures count against the address with the device, and against the address: nobody locks out a device from afar.
        """
        address = address_of(request)
        gates = ((self.turnstiles["log_on"], f"{address} {name}"), (self.turnstiles["guesses"], address))
        for turnstile, guesser in gates:
            wait_s = turnstile.wait_s(guesser, time.monotonic(), cost=0.0)
            if wait_s:
                raise TurnedAway("too_often", retry_after_s=wait_s)
        bearer = await in_thread(self.enrolment.by_secret, name, secret)
        if bearer is None:
            for turnstile, guesser in gates:
                turnstile.spend(guesser, time.monotonic())
            raise TurnedAway("wrong_secret")
        return bearer

    def pass_turnstile(self, kind: str, who: str, cost: float = 1.0) -> None:
        """Count one request of a sender, or what it costs; TurnedAway where there were too many."""
        wait_s = self.turnstiles[kind].wait_s(who, time.monotonic(), cost)
        if wait_s:
            raise TurnedAway("too_often", retry_after_s=wait_s)

    @asynccontextmanager
    async def body(self, request: Request, who: str, places: str) -> AsyncIterator[Read]:
        """The body of a request that may bring photos; inside, they take one of the `places`.

        Its bytes are counted before any is read: TurnedAway where the sender brought too many lately.
        """
        if not is_form_with_files(request.headers.get("content-type", "")):
            yield await read(request)
            return
        size = int(request.headers.get("content-length", BODY_LIMIT))
        wait_s = self.turnstiles["photos"].wait_s(who, time.monotonic(), max(1, size))
        if wait_s:
            await _discard(request)
            raise TurnedAway("too_many_photos", "photo", retry_after_s=wait_s)
        async with self.places[places].held(who):
            yield await read(request, MOST_PHOTOS)

    def named(self, request: Request, device: str, digest: str) -> Named:
        """What the request orders under its Idempotency-Key: the same sender's same key is the same order, none a new one.

        `device` is empty for a citizen. He is known by his key, for his phone's address changes between two tries; by his
        address as well where the key is so short that somebody else might choose the same.
        """
        key = request.headers.get("idempotency-key", "")
        if not key:
            return Named(new_id())
        if len(key) > LONGEST_KEY:
            raise Malformed("bad_value", "Idempotency-Key")
        sender = device or ("" if len(key) >= UNGUESSED_KEY else f"citizen {address_of(request)}")
        what = self.enrolment.tokens.digest(f"{request.method} {request.url.path} {digest}")
        return Named(order_id_of("intake", sender, key), what)


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What a function that waits for the database or the disk returns, without holding up the others."""
    return await run_in_threadpool(function, *args, **kwargs)


async def read(request: Request, photos: int = 0) -> Read:
    """The body of a request: a JSON object, a form, or a multipart form with at most so many photos."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in ("multipart/form-data", "application/x-www-form-urlencoded"):
        async with request.form(max_files=photos, max_fields=MOST_FIELDS, max_part_size=FIELD_BYTES) as form:
            return await _read_form(form)
    body = await request.body()
    return Read(json_fields(body) if body else {}, (), hashlib.sha256(body).hexdigest())


async def _discard(request: Request) -> None:
    """What is sent is thrown away as it comes: who is cut off while he sends would never read why."""
    async for _ in request.stream():
        pass


def address_of(request: Request) -> str:
    """The address the request came from; of IPv6 the network it lies in."""
    return who_is_at(request.client.host) if request.client else ""


async def _read_form(form: FormData) -> Read:
    """The fields and photos of a form."""
    fields: dict[str, Any] = {}
    photos: list[Photo] = []
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            data = await value.read()
            photos.append(await asyncio.to_thread(decode, data))
        else:
            fields[name] = value
    return Read(fields, tuple(photos), _digest(fields, photos))


def _digest(fields: Mapping[str, str], photos: list[Photo]) -> str:
    """The hash of a form's content; its boundary, which differs each time, is no part of it."""
    parts = [f"{name}={fields[name]}" for name in sorted(fields)] + [photo.sha256 for photo in photos]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
