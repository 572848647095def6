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
CHILDREN = ("assignments", "timers", "checks", "feedback", "supervision", "escalations", "approvals", "cycles")

_encoder = msgspec.json.Encoder(order="deterministic")


def digest(last: bytes, incident: UUID, step: Step, became: Mapping[str, str], whole: bytes) -> bytes:
    """SHA-256 over the hash before, the incident, the step with UTC times, what it changed and what stood after it."""
    in_utc = replace(step, at=step.at.astimezone(UTC), client_at=step.client_at.astimezone(UTC) if step.client_at else None)
    return hashlib.sha256(last + incident.bytes + _encoder.encode((in_utc, became)) + whole).digest()


def whole_of(case: Case) -> bytes:
    """SHA-256 over everything that belongs to a case, as JSON with sorted keys; its times have to be UTC."""
    return hashlib.sha256(_encoder.encode((case.reports, *(getattr(case, name) for name in CHILDREN)))).digest()


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
