"""What one shift tells the next (交接内容): a paper of items, and what differs from the paper before; pure, now is an argument.

In it stand, by section: urgent incidents, open supervision, what is late, what waits for approval, promised call-backs, drafts
and shelved alarms of the desks, leaders' instructions (domain model A.2, B.8). How many went in and out of each state since
the last hand-over stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from governance.attempt import open_supervision
from governance.deadline import is_late, late_since
from governance.incident import TERMINAL, ApprovalState, Case, FeedbackState, Severity, Urgency
from governance.rules import Calendar

TITLE_LENGTH = 80
GRAVE = frozenset({Severity.I, Severity.II, Severity.III})


class Section(StrEnum):
    """A section of the paper, in the order it is read."""

    URGENT = "urgent"
    SUPERVISED = "supervised"
    LATE = "late"
    APPROVALS = "approvals"
    CALLBACKS = "callbacks"
    DRAFTS = "drafts"
    SHELVED = "shelved"
    INSTRUCTIONS = "instructions"


class Mark(StrEnum):
    """How an item stands beside the last paper."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class HandoverItem:
    """One line of the paper. `key` is the same in the next paper; `stands` says how it is, in code words for the desk."""

    section: Section
    key: str
    title: str
    stands: str = ""
    at: datetime | None = None
    """Since when, or until when; what the section says."""
    who: str = ""
    incident: UUID | None = None
    number: str = ""
    grid: str = ""
    confidentiality: int = 0
    mark: Mark = Mark.NEW
    came_late: bool = False
    """It came or changed after the outgoing lead had signed."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What only a desk knows: a draft somebody did not finish, or an alarm he shelved."""

    section: Section
    key: str
    title: str
    stands: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line of the duty log that is still to be done: an instruction or a promised call-back."""

    number: int
    kind: str
    text: str
    at: datetime
    who: str = ""
    incident: UUID | None = None
    number_of_incident: str = ""
    grid: str = ""
    confidentiality: int = 0


@dataclass(frozen=True, slots=True)
class Flow:
    """How many incidents came into a state since the last hand-over, how many left it, how many lie there now."""

    state: str
    came: int
    went: int
    lie: int = 0


@dataclass(frozen=True, slots=True)
class DeskItems:
    """What the desk of one officer handed in."""

    who: str
    items: tuple[Carried, ...]


SECTION_OF_KIND = {"instruction": Section.INSTRUCTIONS, "callback": Section.CALLBACKS}
"""Kinds of duty-log lines that stay open until another line says that they are done."""


def items_of(
    cases: Iterable[Case], lines: Iterable[OpenLine], desks: Iterable[DeskItems], calendar: Calendar, now: datetime
) -> tuple[HandoverItem, ...]:
    """Every line of the paper, by section, within one by number and time; all marked NEW."""
    found: list[HandoverItem] = []
    for case in cases:
        found += _of_case(case, calendar, now)
    for line in lines:
        key, title = f"line {line.number}", line.text[:TITLE_LENGTH]
        about = (line.incident, line.number_of_incident, line.grid, line.confidentiality)
        found.append(HandoverItem(SECTION_OF_KIND[line.kind], key, title, "", line.at, line.who, *about))
    for desk in desks:
        for each in desk.items:
            key = f"{desk.who} {each.key}"
            found.append(HandoverItem(each.section, key, each.title[:TITLE_LENGTH], each.stands, each.at, desk.who))
    order = {section: place for place, section in enumerate(Section)}
    return tuple(sorted(found, key=lambda item: (order[item.section], item.number, item.key)))


def compared(now: Iterable[HandoverItem], before: Iterable[HandoverItem]) -> tuple[HandoverItem, ...]:
    """The items, each marked by how it stands beside the last paper; then those that are gone, marked so."""
    last = {(item.section, item.key): item for item in before if item.mark is not Mark.GONE}
    marked: list[HandoverItem] = []
    for item in now:
        earlier = last.pop((item.section, item.key), None)
        same = earlier is not None and (earlier.stands, earlier.title) == (item.stands, item.title)
        marked.append(replace(item, mark=Mark.NEW if earlier is None else Mark.SAME if same else Mark.CHANGED))
    return (*marked, *(replace(item, mark=Mark.GONE, came_late=False) for item in last.values()))


def since_signed(now: Iterable[HandoverItem], signed: Iterable[HandoverItem]) -> tuple[HandoverItem, ...]:
    """The items, those marked that came or changed after the outgoing lead signed."""
    known = {(item.section, item.key, item.stands, item.title, item.mark) for item in signed}
    return tuple(
        replace(item, came_late=(item.section, item.key, item.stands, item.title, item.mark) not in known) for item in now
    )


def _of_case(case: Case, calendar: Calendar, now: datetime) -> list[HandoverItem]:
    """The lines an incident makes: one in each section it belongs to."""
    incident = case.incident
    about = HandoverItem(
        Section.URGENT,
        str(incident.id),
        (incident.title or incident.text)[:TITLE_LENGTH],
        incident.state.value,
        incident.reported_at,
        case.lead.worker_name if case.lead else "",
        incident.id,
        incident.number,
        incident.grid,
        incident.confidentiality,
    )
    found: list[HandoverItem] = []
    is_open = incident.state not in TERMINAL
    if is_open and (incident.urgency is Urgency.IMMEDIATE or incident.severity in GRAVE):
        found.append(about)
    order = open_supervision(case)
    if order is not None:
        stands, due = f"{int(order.grade)} {order.state}", order.reply_due or order.issued_at
        found.append(replace(about, section=Section.SUPERVISED, stands=stands, at=due, who=order.issued_by))
    if is_open and is_late(case, now):
        found.append(replace(about, section=Section.LATE, at=late_since(case, now, calendar)))
    asked = next((each for each in case.approvals if each.state is ApprovalState.PENDING), None)
    if asked is not None:
        kind = asked.kind.value
        found.append(
            replace(about, section=Section.APPROVALS, stands=kind, at=asked.until or asked.asked_at, who=asked.asked_name)
        )
    owed = [each for each in case.feedback if each.state is FeedbackState.PENDING]
    if owed:
        dues = [each.due_at for each in owed if each.due_at is not None]
        found.append(replace(about, section=Section.CALLBACKS, stands=f"owed {len(owed)}", at=min(dues, default=None), who=""))
    return found
