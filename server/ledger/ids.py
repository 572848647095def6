"""Identifiers: UUIDv7 for new rows, so that their index grows at one end; derived ones where a repeat must meet itself."""

from __future__ import annotations

import secrets
import time
from uuid import UUID, uuid5

_ORDERS = UUID("5e0c7ad6-2d5c-5a3b-9b3c-0f4f3b6b7a11")


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562) of this moment."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80 | secrets.randbits(80)
    value &= ~(0xF << 76) & ~(0x3 << 62)
    return UUID(int=value | 0x7 << 76 | 0x2 << 62)


def order_id_of(*parts: object) -> UUID:
    """The order id of something that must be carried out once, however often it is tried: of a timer's firing, say."""
    return uuid5(_ORDERS, "|".join(str(part) for part in parts))
