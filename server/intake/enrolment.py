"""Who may speak: enrolled devices with their secret, and the bearer token a log-on gives them."""

from __future__ import annotations

import base64
import hmac
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from governance.people import Worker
from server.ledger.ledger import Connection, Ledger
from server.ledger.people import worker as worker_by_id
from server.ledger.people import worker_of_device

TOKEN_S = 12 * 3600
ASKED_AGAIN_S = 5.0
"""How long a device counts as open after it was found so: a device that is closed is out after that."""
ROOM = 20_000


@dataclass(frozen=True, slots=True)
class Bearer:
    """An enrolled device that proved itself; `worker` is None for a gateway."""

    device: UUID
    name: str
    kind: str
    worker: Worker | None


def derived_key(data_key: bytes, purpose: str) -> bytes:
    """32 bytes for one purpose, always the same for the same server."""
    return HKDF(SHA256(), 32, None, f"gridwarden {purpose}".encode()).derive(data_key)


class Tokens:
    """Signs and reads bearer tokens: device and expiry under a MAC, so that a restart logs nobody off."""

    def __init__(self, key: bytes) -> None:
        """`key`: 32 bytes."""
        self._key = key

    def issue(self, device: UUID, now: float) -> tuple[str, float]:
        """A token of a device and when it ends (seconds since 1970 UTC)."""
        expiry = int(now) + TOKEN_S
        body = device.bytes + expiry.to_bytes(8, "big")
        return _text(body + self._mac(body)), expiry

    def read(self, token: str, now: float) -> UUID | None:
        """The device a token belongs to; None where it is forged, garbled or over."""
        raw = _bytes(token)
        if len(raw) != 56 or not hmac.compare_digest(self._mac(raw[:24]), raw[24:]):
            return None
        return UUID(bytes=raw[:16]) if int.from_bytes(raw[16:24], "big") > now else None

    def digest(self, what: str) -> str:
        """What tells two orders apart; without our key nobody can find out from it what a citizen wrote."""
        return self._mac(b"order" + what.encode()).hex()

    def ticket(self, incident: UUID) -> str:
        """The unguessable ticket under which a citizen asks after a report."""
        return _text(incident.bytes + self._mac(b"ticket" + incident.bytes)[:16])

    def incident_of(self, ticket: str) -> UUID | None:
        """The incident of a ticket; None where it is forged or garbled."""
        raw = _bytes(ticket)
        if len(raw) != 32 or not hmac.compare_digest(self._mac(b"ticket" + raw[:16])[:16], raw[16:]):
            return None
        return UUID(bytes=raw[:16])

    def _mac(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")


class Enrolment:
    """Asks the ledger which device a secret or token belongs to; remembers the answer for a few seconds.

    Every method may be called from any thread and may wait for the database.
    """

    def __init__(self, ledger: Ledger, tokens: Tokens) -> None:
        """Nobody is known yet."""
        self._ledger = ledger
        self.tokens = tokens
        self._lock = threading.Lock()
        self._known: OrderedDict[str | UUID, tuple[float, Bearer]] = OrderedDict()

    def by_secret(self, name: str, secret: str) -> Bearer | None:
        """The device of this name or id, if that is its secret."""
        bearer = self._remembered(f"{name}\n{secret}")
        if bearer is None:
            with self._ledger.transaction() as connection:
                device = worker_of_device(connection, secret, datetime.now(UTC)) if secret else None
            if device is None or name not in (device.name, str(device.id)):
                return None
            bearer = Bearer(device.id, device.name, device.kind, device.worker)
            self._remember(f"{name}\n{secret}", bearer)
        return bearer

    def by_token(self, token: str) -> Bearer | None:
        """The device a bearer token belongs to, if it is still open."""
        device = self.tokens.read(token, time.time())
        if device is None:
            return None
        bearer = self._remembered(device)
        if bearer is None:
            with self._ledger.transaction() as connection:
                bearer = _open_device(connection, device)
            if bearer is not None:
                self._remember(device, bearer)
        return bearer

    def _remembered(self, key: str | UUID) -> Bearer | None:
        with self._lock:
            found = self._known.get(key)
        return found[1] if found and found[0] > time.monotonic() else None

    def _remember(self, key: str | UUID, bearer: Bearer) -> None:
        with self._lock:
            self._known[key] = (time.monotonic() + ASKED_AGAIN_S, bearer)
            self._known.move_to_end(key)
            if len(self._known) > ROOM:
                self._known.popitem(last=False)


def _open_device(connection: Connection, device: UUID) -> Bearer | None:
    """The device of this id with its worker, if it is open."""
    row = connection.execute("SELECT name, kind, staff FROM device WHERE id = %s AND is_open", (device,)).fetchone()
    if row is None:
        return None
    return Bearer(device, row[0], row[1], worker_by_id(connection, row[2], datetime.now(UTC)) if row[2] else None)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    """The bytes of a token; empty where it is garbled."""
    if len(text) > 200:
        return b""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return b""
