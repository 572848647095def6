"""Ringing somebody up: on record first, then where to, for the telephone program and no eye."""

from __future__ import annotations

from uuid import UUID

from wire.message import Message


class AskDial(Message, frozen=True, tag="ask_dial"):
    """Dial a worker, the caller of a report, or a unit; the same order id is put on record once."""

    order_id: UUID
    incident: UUID
    target: str
    """worker, caller or unit."""
    who: UUID
    """The worker, the report whose caller it is, or the unit."""


class DialIs(Message, frozen=True, tag="dial_is"):
    """Where to, for the workstation's telephone program: sip: at the district's exchange, or tel:. Never shown or kept."""

    order_id: UUID
    uri: str
