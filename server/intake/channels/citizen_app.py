"""The citizens' app and the web form behind it: a report in, a ticket out. Pure; POST /v1/citizen/reports."""

from __future__ import annotations

import re

from governance.incident import Channel
from server.evidence import Photo
from server.intake.fields import Fields, flag, happened, number, place, text
from server.intake.report import Report
from server.ledger.reporters import Reporter
from wire.frames import Malformed

PHONE = re.compile(r"\+?[0-9][0-9 -]{4,18}[0-9]")


def decode(fields: Fields, photos: tuple[Photo, ...]) -> Report:
    """A report by anybody; an anonymous one forgets name, phone and address before anything is kept."""
    where = place(fields)
    assert where is not None
    phone = text(fields, "phone", 24, needed=False)
    if phone and not PHONE.fullmatch(phone):
        raise Malformed("bad_value", "phone")
    anonymous = flag(fields, "anonymous")
    reporter = Reporter(text(fields, "name", 40, needed=False), phone, text(fields, "address", 200, needed=False))
    return Report(
        Channel.CITIZEN_APP,
        text(fields, "text"),
        where,
        place_text=text(fields, "place_text", 200, needed=False),
        category=text(fields, "category", 20, needed=False),
        floor=text(fields, "floor", 40, needed=False),
        occurred_at=happened(fields, "occurred_at"),
        accuracy_m=number(fields, "accuracy", 0, 10_000, 0),
        anonymous=anonymous,
        confidential=flag(fields, "confidential"),
        reporter=Reporter() if anonymous else reporter,
        photos=photos,
    )
