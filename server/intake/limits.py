"""How much anybody may send: bytes of one request, requests of one sender, photos of all at once."""

from __future__ import annotations

import asyncio
import re
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.intake.answers import TurnedAway, problem
from wire.frames import PHOTO_LIMIT

BODY_LIMIT = 3 * PHOTO_LIMIT + 200_000
"""Three photos and the words about them."""
JSON_LIMIT = 1_000_000
SHORT_LIMIT = 16_384
"""A name and a secret, or one fix: bytes that anybody may send unproven are few."""
WITH_PHOTOS = re.compile(
    r"/v1/(citizen/reports|worker/reports(/[^/]+/self-handle)?|worker/checks/[^/]+|worker/tasks/[^/]+/[^/]+)"
)
SHORT = re.compile(r"/v1/(worker/log-on|gateway/log-on|osmand|sender-key)")
"""Addresses where photos may come along, and where hardly anything does."""


class TooLarge(Exception):
    """The body went past the limit while it was read."""


class BodyLimit:
    """ASGI: a body past the limit is refused, by its declared length at once, else as soon as it has come too far."""

    def __init__(self, app: ASGIApp, refused: Counter[str]) -> None:
        """Stand before an application; bodies that are too long by their own word are counted in `refused`."""
        self._app = app
        self._refused = refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, counted."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        limit = limit_of(scope["path"], headers.get(b"content-type", b"").decode("latin-1"))
        declared = headers.get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > limit:
            self._refused["too_large"] += 1
            await problem("too_large", str(limit))(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise TooLarge(str(limit))
            return message

        await self._app(scope, counted, send)


def limit_of(path: str, content_type: str) -> int:
    """Bytes a body of this kind may have at this address."""
    if SHORT.fullmatch(path):
        return SHORT_LIMIT
    return BODY_LIMIT if WITH_PHOTOS.fullmatch(path) and is_form_with_files(content_type) else JSON_LIMIT


def is_form_with_files(content_type: str) -> bool:
    """Whether a body of this type may bring photos."""
    return content_type.strip().lower().startswith("multipart/form-data")


class PhotoPlaces:
    """So many bodies with photos are in the house at once, and of one sender fewer. Belongs to the event loop's thread."""

    def __init__(self, most: int = 8, most_of_one: int = 3, wait_s: float = 10.0) -> None:
        """All places are free; `wait_s`: how long one who finds none waits for one."""
        self._places = asyncio.Semaphore(most)
        self._most_of_one, self._wait_s = most_of_one, wait_s
        self._held: Counter[str] = Counter()

    @asynccontextmanager
    async def held(self, sender: str) -> AsyncIterator[None]:
        """A place is the sender's inside; TurnedAway where he has enough of them, or none became free."""
        if self._held[sender] >= self._most_of_one:
            raise TurnedAway("too_many_photos", "photo", retry_after_s=5)
        self._held[sender] += 1
        try:
            try:
                await asyncio.wait_for(self._places.acquire(), self._wait_s)
            except TimeoutError:
                raise TurnedAway("busy", "photo", retry_after_s=10) from None
            try:
                yield
            finally:
                self._places.release()
        finally:
            self._held[sender] -= 1
            if not self._held[sender]:
                del self._held[sender]


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, refilled at so many a second."""

    burst: float
    per_s: float


LOG_ON = Rate(burst=10, per_s=10 / 60)
"""Wrong secrets for one device from one address; new sender keys of one device."""
GUESSES = Rate(burst=100, per_s=1.0)
"""Wrong secrets from one address, whatever devices they name: many phones may share an address."""
UNPROVEN = Rate(burst=600, per_s=200.0)
"""Requests of one address whose body is read before it is known who is there: many phones may share an address."""
ORDERS = Rate(burst=60, per_s=1.0)
FIXES = Rate(burst=1_000, per_s=2.0)
"""Fixes of one device, however many come in one request: the backlog of some hours at once, then what a phone sends."""
CITIZEN = Rate(burst=60, per_s=1.0)
PHOTO_BYTES = Rate(burst=200e6, per_s=200e6 / 3600)
"""Bytes of photos of one device, or of one address of citizens: about 200 MB an hour."""
LOOK_UP = Rate(burst=60, per_s=2.0)


class Turnstile:
    """Token buckets by sender; remembers at most `room` senders, the longest unseen is forgotten first."""

    def __init__(self, rate: Rate, room: int = 10_000) -> None:
        """Everybody starts with a full bucket."""
        self._rate = rate
        self._room = room
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, sender: str, now: float, cost: float = 1.0) -> float:
        """Seconds until the sender may go through; 0 where it just did. `now` is a monotonic clock.

        With a cost of 0 nothing is taken: whether one request would pass is told.
        """
        left = self._refilled(sender, now)
        needed = cost or 1.0
        passes = left >= needed
        self._keep(sender, left - cost if passes else left, now)
        return 0.0 if passes else (needed - left) / self._rate.per_s

    def spend(self, sender: str, now: float) -> None:
        """Take one from the sender's bucket, as far as there is one."""
        self._keep(sender, max(0.0, self._refilled(sender, now) - 1.0), now)

    def _refilled(self, sender: str, now: float) -> float:
        left, since = self._left.get(sender, (self._rate.burst, now))
        return min(self._rate.burst, left + (now - since) * self._rate.per_s)

    def _keep(self, sender: str, left: float, now: float) -> None:
        self._left[sender] = (left, now)
        self._left.move_to_end(sender)
        if len(self._left) > self._room:
            self._left.popitem(last=False)
