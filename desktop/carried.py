"""What only this desk knows and the next shift must: unfinished drafts and alarms put aside."""

from __future__ import annotations

import re

from desktop.alarms.standing import StandingAlarms
from desktop.dispatch.drafts import Drafts
from desktop.seat import Seat
from governance.handover_paper import Carried, Section

MOST, TITLE_LENGTH = 40, 24
DIGITS = re.compile(r"\d{5,}")
"""A telephone or identity number: nothing of class 3 leaves the desk."""


def carried(seat: Seat, drafts: Drafts, alarms: StandingAlarms) -> tuple[Carried, ...]:
    """Drafts by their first words, and shelved alarms with the moment they come back."""
    found = [Carried(Section.DRAFTS, name, _title(drafts.fields(name) or {}, name)) for name in drafts.names()]
    for alarm, until in alarms.shelved():
        case = seat.situation.cases.get(alarm.fact.incident) if alarm.fact.incident else None
        kind = f"alarm.kind.{alarm.fact.kind}"
        title = seat.words(kind) if seat.words.has(kind) else str(alarm.fact.kind)
        number = case.incident.number if case else ""
        found.append(
            Carried(Section.SHELVED, f"{alarm.fact.kind} {alarm.fact.incident}", f"{title} {number}".strip(), "", until)
        )
    return tuple(found[:MOST])


def _title(fields: dict[str, object], name: str) -> str:
    """The beginning of what was typed, else what kind of form it is; long numbers are left out."""
    texts = [text for text in fields.values() if isinstance(text, str) and len(text.strip()) > 1]
    said = max(texts, key=len, default="").strip().replace("\n", " ")
    return DIGITS.sub("***", said)[:TITLE_LENGTH] or name.split()[0]
