"""Orders not yet answered, pure: resent under the same order id with growing pauses, and never lost.

The caller keeps `kept()` on disk and gives it back at the next start; the server carries an order id out once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

import msgspec
from msgspec import structs

from wire.requests import Order

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 15.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order with when it goes out next."""

    order: Order
    next_s: float
    tries: int = 0


class Backlog:
    """The orders of one officer, oldest first. Times are seconds of any steady clock."""

    def __init__(self, kept: bytes = b"") -> None:
        """Take back what was kept; ValueError where the bytes are none of ours. Everything in it is due at once."""
        self._waiting: dict[UUID, Waiting] = {}
        if kept:
            try:
                orders = _decoder.decode(kept)
            except (msgspec.DecodeError, msgspec.ValidationError) as problem:
                raise ValueError(f"no backlog: {problem}") from problem
            self._waiting = {order.order_id: Waiting(order, float("-inf")) for order in orders}

    def __len__(self) -> int:
        """How many orders wait."""
        return len(self._waiting)

    def __iter__(self) -> Iterator[Order]:
        """The orders that wait, oldest first."""
        return (waiting.order for waiting in self._waiting.values())

    def add(self, order: Order, now_s: float) -> None:
        """Take an order in, due at once; one already there stays as it is."""
        self._waiting.setdefault(order.order_id, Waiting(order, now_s))

    def due(self, now_s: float) -> tuple[Order, ...]:
        """The orders to send now, oldest first; each is due again after a pause that doubles."""
        sent = []
        for order_id, waiting in self._waiting.items():
            if waiting.next_s <= now_s:
                pause_s = min(FIRST_PAUSE_S * 2**waiting.tries, LONGEST_PAUSE_S)
                self._waiting[order_id] = replace(waiting, next_s=now_s + pause_s, tries=min(waiting.tries + 1, 10))
                sent.append(waiting.order)
        return tuple(sent)

    def next_s(self) -> float:
        """When the next order is due; infinite where none waits."""
        return min((waiting.next_s for waiting in self._waiting.values()), default=float("inf"))

    def hurry(self) -> None:
        """The server is there again: everything is due at once."""
        self._waiting = {key: replace(waiting, next_s=float("-inf"), tries=0) for key, waiting in self._waiting.items()}

    def answered(self, order_id: UUID) -> bool:
        """Take an order out, for good; whether it was waiting."""
        return self._waiting.pop(order_id, None) is not None

    def kept(self) -> bytes:
        """All that waits, for the disk; without who reported: nothing of class 3 is kept there (domain model D.2, rule 12)."""
        return _encoder.encode(tuple(structs.replace(order, reporter=None) for order in self))


_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[tuple[Order, ...]] = msgspec.msgpack.Decoder(tuple[Order, ...])
