"""The hash chain of an incident's log: each step's hash covers the step and the hash before it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from governance.incident import Case, Step

if TYPE_CHECKING:
    from server.ledger.ledger import Connection

START = bytes(32)
GROUP_BYTES = 16
CHILDREN = ("reports", "assignments", "timers", "checks", "feedback", "supervision", "escalations", "approvals", "cycles")
WHOLE_BYTES = GROUP_BYTES * len(CHILDREN)

_encoder = msgspec.json.Encoder(order="deterministic")


def digest(last: bytes, incident: UUID, step: Step, became: Mapping[str, str], whole: bytes) -> bytes:
    """SHA-256 over the hash before, the incident, the step with UTC times, what it changed and what stood after it."""
    in_utc = replace(step, at=step.at.astimezone(UTC), client_at=step.client_at.astimezone(UTC) if step.client_at else None)
    return hashlib.sha256(last + incident.bytes + _encoder.encode((in_utc, became)) + whole).digest()


def whole_of(case: Case) -> bytes:
    """Of each group of what belongs to a case (CHILDREN) the first 16 bytes of SHA-256 over its JSON; times have to be UTC."""
    return b"".join(hashlib.sha256(_encoder.encode(getattr(case, name))).digest()[:GROUP_BYTES] for name in CHILDREN)


def groups_apart(one: bytes, other: bytes) -> list[str]:
    """The groups in which two such sums differ; all of them where one has not the right length."""
    if len(one) != WHOLE_BYTES or len(other) != WHOLE_BYTES:
        return list(CHILDREN)
    return [name for n, name in enumerate(CHILDREN) if one[n * 16 : n * 16 + 16] != other[n * 16 : n * 16 + 16]]


def first_broken(connection: Connection, incident: UUID, steps: tuple[Step, ...]) -> int | None:
    """The seq of the first step whose stored hash does not follow from its contents; None where all do."""
    rows = connection.execute(
        "SELECT prev_hash, hash, became, whole FROM incident_transition WHERE incident = %s ORDER BY seq", (incident,)
    ).fetchall()
    last = START
    for step, (previous, stored, became, whole) in zip(steps, rows, strict=True):
        computed = digest(last, incident, step, became, bytes(whole))
        if bytes(previous) != last or bytes(stored) != computed:
            return step.seq
        last = computed
    return None
