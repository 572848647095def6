"""The workers' phone app: what its requests mean.

`decode_*` are pure. POST /v1/worker/log-on gives a token for the other addresses: GET /v1/worker/tasks, POST
/v1/worker/tasks/{assignment}/{accept|decline|arrive|progress|complete}, POST /v1/worker/reports.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import datetime

from zmq.utils import z85

from governance.commands import Accept, Arrive, Command, Complete, Decline, Progress
from governance.incident import Channel, Urgency
from server.intake.evidence import Photo
from server.intake.fields import Fields, flag, moment, number, place, text
from server.intake.report import Report
from wire.frames import Malformed

DECLINE_REASONS = ("far", "busy", "sick", "no_tool", "off_shift", "other")
"""Why a worker cannot go; each has words on the desk."""


@dataclass(frozen=True, slots=True)
class LogOn:
    """A device says who it is."""

    device: str
    secret: str


@dataclass(frozen=True, slots=True)
class Ordered:
    """What the worker pressed: a command without its attachments, and the photos that belong to it."""

    command: Command
    photos: tuple[Photo, ...] = ()
    at: datetime | None = None


def decode_log_on(fields: Fields) -> LogOn:
    """{device, secret}."""
    return LogOn(text(fields, "device", 80), text(fields, "secret", 200))


def decode_sender_key(fields: Fields) -> str:
    """{public_key}: a CURVE public key in Z85."""
    key = text(fields, "public_key", 40)
    try:
        if len(z85.decode(key)) != 32:
            raise Malformed("bad_value", "public_key")
    except (ValueError, KeyError, struct.error):
        raise Malformed("bad_value", "public_key") from None
    return key


def decode_order(action: str, fields: Fields, photos: tuple[Photo, ...]) -> Ordered:
    """accept | decline | arrive | progress | complete with its fields; Malformed for anything else."""
    at = moment(fields, "at")
    if action == "accept":
        return Ordered(Accept(), at=at)
    if action == "decline":
        reason_code = text(fields, "reason_code", 40)
        if reason_code not in DECLINE_REASONS:
            raise Malformed("bad_value", "reason_code")
        return Ordered(Decline(reason_code, text(fields, "reason", 500, needed=reason_code == "other")), at=at)
    if action == "arrive":
        return Ordered(Arrive(place(fields, needed=False), text(fields, "reason", 500, needed=False)), at=at)
    if action == "progress":
        return Ordered(Progress(text(fields, "text")), photos, at)
    if action == "complete":
        return Ordered(Complete(text(fields, "text")), photos, at)
    raise Malformed("bad_value", "action")


def decode_report(fields: Fields, photos: tuple[Photo, ...]) -> Report:
    """A report a worker makes where he stands."""
    where = place(fields)
    assert where is not None
    return Report(
        Channel.WORKER_APP,
        text(fields, "text"),
        where,
        place_text=text(fields, "place_text", 200, needed=False),
        category=text(fields, "category", 20, needed=False),
        urgency=Urgency(int(number(fields, "urgency", 0, 2, 0))),
        floor=text(fields, "floor", 40, needed=False),
        occurred_at=moment(fields, "occurred_at"),
        accuracy_m=number(fields, "accuracy", 0, 10_000, 0),
        confidential=flag(fields, "confidential"),
        photos=photos,
    )
