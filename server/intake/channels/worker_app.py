"""The workers' phone app: what its requests mean.

`decode_*` are pure. POST /v1/worker/log-on gives a token for the other addresses: GET /v1/worker/tasks, POST
/v1/worker/tasks/{assignment}/{action}, POST /v1/worker/checks/{check}, POST /v1/worker/reports, POST
/v1/worker/reports/{incident}/self-handle, POST /v1/worker/visits, POST /v1/worker/echoes/{echo}/read.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from zmq.utils import z85

from governance.commands import (
    Accept,
    Acknowledge,
    Arrive,
    Ask,
    Command,
    Complete,
    Decline,
    Progress,
    SelfHandle,
    TakeLead,
    VerifyResult,
)
from governance.incident import ApprovalKind, Channel, Urgency
from governance.looking import RESULTS
from governance.visits import Visit, VisitKind
from server.evidence import Photo
from server.intake.fields import Fields, flag, happened, moment, number, place, text
from server.intake.report import Report
from wire.frames import Malformed

DECLINE_REASONS = ("far", "busy", "sick", "no_tool", "off_shift", "other")
"""Why a worker cannot go; each has words on the desk."""
ACTIONS = ("ack", "accept", "decline", "arrive", "progress", "complete", "take_lead", "request")
"""What a worker may press on an order."""
REQUESTS = tuple(kind.value for kind in ApprovalKind if kind is not ApprovalKind.REOPEN)
FURTHEST = timedelta(days=366)
"""So far ahead a suspension may be asked for."""
LONGEST_EXTENSION_S = 366 * 86_400.0


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
    """What was pressed (ACTIONS) with its fields; Malformed for anything else."""
    at = moment(fields, "at")
    if action == "ack":
        return Ordered(Acknowledge(), at=at)
    if action == "take_lead":
        return Ordered(TakeLead(), at=at)
    if action == "request":
        return Ordered(_request(fields), at=at)
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


def _request(fields: Fields) -> Ask:
    """What is asked for: 退回, 缓办, 挂账, 延期, 特殊结案, 作废."""
    kind = text(fields, "kind", 40)
    if kind not in REQUESTS:
        raise Malformed("bad_value", "kind")
    until = moment(fields, "until", datetime.now(UTC) + FURTHEST)
    extend_s = number(fields, "extend_s", 0, LONGEST_EXTENSION_S, 0)
    return Ask(ApprovalKind(kind), text(fields, "reason", 500), until, extend_s)


def decode_check(fields: Fields, photos: tuple[Photo, ...]) -> Ordered:
    """{result, reason}: what a worker found who was asked to look."""
    result = text(fields, "result", 20)
    if result not in RESULTS:
        raise Malformed("bad_value", "result")
    reason = text(fields, "reason", 500, needed=not photos)
    return Ordered(VerifyResult(result, reason), photos, moment(fields, "at"))


def decode_self_handle(fields: Fields, photos: tuple[Photo, ...]) -> Ordered:
    """{text, category}: what a worker settled himself, with pictures of how it is now."""
    category = text(fields, "category", 20, needed=False)
    return Ordered(SelfHandle(text(fields, "text"), category), photos, moment(fields, "at"))


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
        occurred_at=happened(fields, "occurred_at"),
        accuracy_m=number(fields, "accuracy", 0, 10_000, 0),
        confidential=flag(fields, "confidential"),
        photos=photos,
    )


def decode_visit(fields: Fields) -> Visit:
    """{kind, began_at, ended_at, lon, lat, src_crs, household, reason}: a visit or a round that is over."""
    kind = text(fields, "kind", 20)
    if kind not in {each.value for each in VisitKind}:
        raise Malformed("bad_value", "kind")
    began_at, ended_at, where = moment(fields, "began_at"), moment(fields, "ended_at"), place(fields)
    if began_at is None or ended_at is None:
        raise Malformed("missing", "began_at" if began_at is None else "ended_at")
    assert where is not None
    return Visit(
        VisitKind(kind),
        began_at,
        ended_at,
        where,
        household=text(fields, "household", 200, needed=False),
        reason=text(fields, "reason", 500, needed=False),
    )
