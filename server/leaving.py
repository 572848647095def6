"""What leaves a desk as a file or a table is on record before it does: who, what, when, of which confidential incidents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from unicodedata import category
from uuid import uuid4

from governance.indicators import require_exporter
from governance.refusal import Refused
from server import sessions
from server.indicators import exports
from server.ledger import sight
from server.ledger.ledger import Ledger
from server.sessions import Session
from wire.leaving_requests import WHAT, LeavingRecorded, RecordLeaving

MOST_CONFIDENTIAL, MOST_SAID, LONGEST = 1_000, 12, 200
"""Incidents that are named, words of how it was chosen, letters of each."""

OWN_WORD = "confidential"
"""What the server itself writes down beside what a desk says."""


class LeavingCounter:
    """The part of the service window where exports of the map are told of."""

    def __init__(self, ledger: Ledger, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """`now` tells the time, aware, UTC."""
        self._ledger, self._now = ledger, now
        self.table: dict[type, Callable[[Session, Any], LeavingRecorded]] = {RecordLeaving: self._record}

    def _record(self, session: Session, request: RecordLeaving) -> LeavingRecorded:
        """It stands in the log of exports; Refused where the post may not export, or names what it may not see."""
        if request.what not in WHAT:
            raise Refused("bad_value", "what")
        if request.rows < 0 or len(request.confidential) > min(request.rows, MOST_CONFIDENTIAL):
            raise Refused("bad_value", "rows")
        if len(request.chosen) > MOST_SAID or any(max(len(key), len(said)) > LONGEST for key, said in request.chosen.items()):
            raise Refused("bad_value", "chosen")
        if OWN_WORD in request.chosen or any(_has_control(text) for said in request.chosen.items() for text in said):
            raise Refused("bad_value", "chosen")
        officer, number, now = session.officer, uuid4(), self._now()
        require_exporter(officer, request.rows)
        named = list(dict.fromkeys(request.confidential))
        told = dict(request.chosen)
        if named:
            told[OWN_WORD] = " ".join(map(str, named))
        with self._ledger.transaction() as connection:
            sessions.require_live(connection, session.id, now)
            if named and set(named) - sight.seen(connection, officer, self._ledger.rules(connection, now), named):
                raise Refused("no_such_incident", "confidential")
            exports.record(connection, number, now, officer, "", request.rows, told, request.what)
        return LeavingRecorded(request.n, number)


def _has_control(text: str) -> bool:
    """Whether a text holds what could break the line it is written in."""
    return any(category(letter) in {"Cc", "Zl", "Zp"} for letter in text)
