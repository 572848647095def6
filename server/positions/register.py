"""What the positions loop asks the ledger: who works, who may send, who may listen."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import numpy as np
from zmq.utils import z85

from governance.people import Duty, Role
from governance.refusal import Refused
from governance.roles import SIGHT
from server.ledger.ledger import Connection, Ledger
from server.ledger.local_day import local_day
from server.positions.arrivals import MOST_OF_ONE, Sender
from server.positions.lane import LaneSession
from server.positions.latest import LARGEST_NUMBER
from wire.publications import POSITION, Positions

SENDER_KEY = "sender_key"
"""Kind of the duty log's rows that enrol a CURVE key: `DEVICE KEY`, the device's id and the key in Z85."""

_SESSIONS = (
    "SELECT s.lane_topic, s.client_key, s.scope, s.expires_at, s.role FROM desk_session s JOIN account a ON a.id = s.account "
    "JOIN post p ON p.id = s.post LEFT JOIN shift h ON h.id = s.shift "
    "WHERE s.ended_at IS NULL AND s.expires_at > %s AND a.is_open AND p.is_open AND p.valid @> %s "
    "AND (p.role, p.scope, p.clearance) = (s.role, s.scope, s.clearance) "
    "AND EXISTS (SELECT 1 FROM post_assignment x WHERE x.post = s.post AND x.staff = a.staff AND x.valid @> %s) "
    "AND (s.shift IS NULL OR h.state IN ('open', 'handing_over'))"
)
"""A right may end while nobody is there to end its session, so all of it is asked here too."""

_ENROLLED = "SELECT number, text FROM duty_log WHERE number > %s AND kind = %s ORDER BY number"
REACH_BACK = 1_000
"""Rows below the newest that are read again: a row may be committed after one with a later number."""
_ENROLMENT_LOCK = 7_310_001
"""Number of the advisory lock under which keys are enrolled one after the other."""
_OPEN_DEVICES = (
    "SELECT d.id, d.name, d.kind, w.number FROM device d LEFT JOIN worker w ON w.staff = d.staff "
    "WHERE d.is_open AND d.id = ANY(%s)"
)
_WORKERS = (
    "SELECT w.number, w.grid_code, l.duty, w.staff FROM worker w JOIN worker_live l ON l.worker = w.staff "
    "WHERE w.role <> 'DH' AND w.number <= %s"
)
_LAST_KNOWN = (
    "SELECT w.number, extract(epoch FROM l.fix_at)::bigint, round(ST_X(l.place) * 1e7)::int, round(ST_Y(l.place) * 1e7)::int "
    "FROM worker w JOIN worker_live l ON l.worker = w.staff WHERE l.place IS NOT NULL AND l.fix_at IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class Staffing:
    """All workers: number, home grid and duty of each, and who has which number."""

    workers: tuple[tuple[int, str, Duty], ...]
    ids: dict[int, UUID]


class Register:
    """Reads the ledger for the positions loop; every reading is one small query."""

    def __init__(self, ledger: Ledger, own_senders: dict[str, Sender]) -> None:
        """`own_senders`: keys of the server's own processes, in hex; they are always enrolled."""
        self._ledger = ledger
        self._own = own_senders
        self._enrolments: dict[int, tuple[UUID, str]] = {}
        self._keys: dict[str, UUID] = {}
        self._read_up_to = 0
        self.sessions_read_at = -1e9
        """Monotonic time of the last successful reading of the sessions."""

    def sessions(self, now: datetime) -> list[LaneSession]:
        """The live sessions whose post may see workers live."""
        with self._ledger.transaction() as connection:
            rows = connection.execute(_SESSIONS, (now, *[local_day(now)] * 2)).fetchall()
        self.sessions_read_at = time.monotonic()
        return [
            LaneSession(bytes(topic), key_in_hex(key), scope, expires_at)
            for topic, key, scope, expires_at, role in rows
            if SIGHT[Role(role)].positions
        ]

    def senders(self) -> dict[str, Sender]:
        """The keys that may send fixes: our own, and those of open devices, each for its worker or (gateway) for all."""
        with self._ledger.transaction() as connection:
            self._read_enrolments(connection)
            devices = {row[0]: row for row in connection.execute(_OPEN_DEVICES, (list(set(self._keys.values())),))}
        enrolled = {key: _sender(devices[device]) for key, device in self._keys.items() if device in devices}
        return {**enrolled, **self._own}

    def staffing(self) -> Staffing:
        """All workers as they are now."""
        with self._ledger.transaction() as connection:
            rows = connection.execute(_WORKERS, (LARGEST_NUMBER,)).fetchall()
        workers = tuple((number, grid, Duty(duty)) for number, grid, duty, _ in rows)
        return Staffing(workers, {number: staff for number, _, _, staff in rows})

    def last_known(self) -> Positions:
        """The fixes saved last."""
        with self._ledger.transaction() as connection:
            rows = connection.execute(_LAST_KNOWN).fetchall()
        fixes = np.zeros(len(rows), POSITION)
        for name, column in zip(("worker", "at", "lon", "lat"), range(4), strict=True):
            fixes[name] = [row[column] for row in rows]
        return fixes

    def _read_enrolments(self, connection: Connection) -> None:
        """Rows that are new, or were committed after later ones, and who holds which key since."""
        found = _enrolments(connection, self._read_up_to - REACH_BACK)
        if found.keys() <= self._enrolments.keys():
            return
        self._enrolments |= found
        self._read_up_to = max(self._enrolments)
        self._keys = holders(self._enrolments)


def _enrolments(connection: Connection, above: int) -> dict[int, tuple[UUID, str]]:
    """Device and key (hex) of each enrolment above a number; rows that are none are left out."""
    found: dict[int, tuple[UUID, str]] = {}
    for number, text in connection.execute(_ENROLLED, (above, SENDER_KEY)):
        device, _, key = text.partition(" ")
        try:
            found[number] = UUID(device), key_in_hex(key)
        except ValueError:
            continue
    return found


def holders(enrolments: dict[int, tuple[UUID, str]]) -> dict[str, UUID]:
    """The device that holds each key, by the order of the numbers.

    A device that enrols another key gives up its first; a key that another device holds is never taken over.
    """
    held: dict[UUID, str] = {}
    by_key: dict[str, UUID] = {}
    for number in sorted(enrolments):
        device, key = enrolments[number]
        if by_key.get(key, device) != device:
            continue
        by_key.pop(held.get(device, ""), None)
        held[device], by_key[key] = key, device
    return by_key


def enrol_key(connection: Connection, device: UUID, key: str, staff: UUID | None) -> None:
    """It is on record that a device sends under this key (Z85) from now on, and under no other.

    Refused('key_held') where another device sends under it. A key the device holds already is left as it is.
    """
    wanted = key_in_hex(key)
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (_ENROLMENT_LOCK,))
    holder = holders(_enrolments(connection, 0)).get(wanted)
    if holder == device:
        return
    if holder is not None:
        raise Refused("key_held", "public_key")
    connection.execute(
        "INSERT INTO duty_log (at, kind, staff, text) VALUES (%s, %s, %s, %s)",
        (datetime.now(UTC), SENDER_KEY, staff, f"{device} {key}"),
    )


def key_in_hex(key: str) -> str:
    """A CURVE public key in hex, whether it was written in Z85 or in hex; ValueError where it is neither."""
    if len(key) == 64:
        return bytes.fromhex(key).hex()
    if len(key) != 40:
        raise ValueError("not a CURVE key")
    try:
        return z85.decode(key).hex()
    except Exception as problem:  # pyzmq raises struct.error, KeyError or ValueError on garbage
        raise ValueError("not a CURVE key") from problem


def _sender(device: tuple[Any, ...]) -> Sender:
    """A device as a sender: a gateway for everybody, a phone or terminal for its own worker."""
    _, name, kind, number = device
    if kind == "gateway":
        return Sender(name, None)
    mine = np.zeros((number or 0) + 1, np.bool_)
    if number is not None:
        mine[number] = True
    return Sender(name, mine, MOST_OF_ONE)
