"""What leaves the desk and is confidential, or was selected on the map, is on record at the server first. Main thread only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from unicodedata import category
from uuid import UUID

from desktop.phrases import dated_text
from desktop.seat import Seat
from governance.refusal import Refused
from wire.leaving_requests import LeavingRecorded, RecordLeaving

LONGEST = 200
BREAKS = frozenset({"Cc", "Zl", "Zp"})
UNREACHED = frozenset({"no_answer", "no_session", "busy", "ledger_unreachable", "not_here"})
"""Nobody knows whether it stands on record: it does not leave, and may be asked for again."""
Then = Callable[[UUID | None, Refused | None], None]
"""The number of the record, or why it may not leave; once."""


def as_it_was(seat: Seat) -> dict[str, str]:
    """What is put down beside what leaves the desk where it tells of the past: of which moment; nothing in the present."""
    return {"then": dated_text(seat.then)} if seat.then is not None else {}


def one_line(text: str) -> str:
    """A text as a log takes it: whatever could break its line is a gap, for a title is what a reporter wrote."""
    return " ".join("".join(" " if category(letter) in BREAKS else letter for letter in text).split())


def put_on_record(seat: Seat, what: str, rows: int, secret: tuple[UUID, ...], chosen: Mapping[str, str], then: Then) -> None:
    """Have the server put it on record; without the server it may not leave."""

    def came(reply: Any, refused: Refused | None) -> None:
        if isinstance(reply, LeavingRecorded):
            then(reply.export, None)
        else:
            then(None, refused if refused is not None and refused.code not in UNREACHED else Refused("not_on_record"))

    if seat.ask is None:
        then(None, Refused("not_on_record"))
        return
    told = {key: one_line(said)[:LONGEST] for key, said in chosen.items()}
    seat.ask(RecordLeaving(0, what, max(rows, len(secret)), secret, told), came)
