"""What the server publishes: changes and heartbeats on the feed, positions on the lane.

Each session has a feed topic and a lane topic of its own: 16 random bytes that nobody else is told. A publication is two
frames: the topic, then the body (protocol byte + MessagePack, or packed positions on the lane).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
import numpy as np
import numpy.typing as npt

POSITION = np.dtype(
    [
        ("worker", "<u4"),
        ("at", "<u4"),  # seconds since 1970, UTC
        ("lon", "<i4"),  # degrees x 1e7
        ("lat", "<i4"),
        ("speed", "<u2"),  # cm/s
        ("heading", "<u2"),  # degrees x 100
        ("accuracy", "<u2"),  # decimetres
        ("battery", "u1"),  # percent
        ("flags", "u1"),
    ]
)
"""One fix, 24 bytes; also what enrolled senders push to the intake."""

Positions = npt.NDArray[np.void]


class Numbered(msgspec.Struct, frozen=True):
    """A change on the wire; `kind` is a word of governance.changes.FACTS, `fact` its body."""

    stream: str
    number: int
    at: datetime
    order_id: UUID | None
    kind: str
    fact: msgspec.Raw


class Changes(msgspec.Struct, frozen=True, tag="changes", tag_field="type"):
    """Committed changes in order, batched by tick."""

    changes: tuple[Numbered, ...]


class Heartbeat(msgspec.Struct, frozen=True, tag="heartbeat", tag_field="type"):
    """The server is alive: its time and the newest number of each stream the session may see; once a second."""

    epoch: UUID
    server_time: datetime
    numbers: dict[str, int]


class Ended(msgspec.Struct, frozen=True, tag="ended", tag_field="type"):
    """The session is over (signed off, expired, role changed): the last thing its topic carries."""

    reason: str


Publication = Changes | Heartbeat | Ended
