"""The duty log of a shift (值班日志) and who sits in it: values, and who may read and write them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.people import Officer, Role
from governance.refusal import Refused
from governance.shifts import LEADERS, LEADING

WRITERS = frozenset(
    {
        Role.DUTY_OFFICER,
        Role.SHIFT_LEAD,
        Role.DISPATCHER,
        Role.NIGHT_WATCH,
        Role.OPERATOR,
        Role.COORDINATOR,
        Role.CHECKER,
        Role.LEADER,
    }
)
READERS = WRITERS | {Role.AUDITOR}
"""The auditor reads and changes nothing; the administrator sees no content (domain model D.1)."""
INSTRUCTS = LEADING | LEADERS
"""A leader's instruction is written down by himself or by who leads the shift."""

WRITTEN_KINDS = ("note", "instruction", "callback", "done")
"""What an officer may write: a remark, a leader's instruction, a promised call-back, and that one of these is done."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the log. Where `kind` is none that officers write, `text` names who or what the line is about."""

    number: int
    at: datetime
    kind: str
    text: str
    who: str = ""
    post: str = ""
    incident: UUID | None = None
    incident_number: str = ""
    closes: int | None = None
    is_done: bool = False
    """Whether a later line says so."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who sits, or sat, in a shift."""

    staff: UUID
    name: str
    role: Role
    title: str
    seat: str
    on_at: datetime
    off_at: datetime | None = None


def require_reader(officer: Officer) -> None:
    """Refused where a post may not read the log or the paper of a hand-over."""
    if officer.role not in READERS:
        raise Refused("not_your_role", role=officer.role.value)


def require_writer(officer: Officer, kind: str, text: str, closes: int | None) -> None:
    """Refused where a post may not write such a line, or the line says nothing."""
    if officer.role not in WRITERS:
        raise Refused("not_your_role", role=officer.role.value)
    if kind not in WRITTEN_KINDS:
        raise Refused("bad_value", "kind")
    if kind == "instruction" and officer.role not in INSTRUCTS:
        raise Refused("not_your_role", "kind", role=officer.role.value)
    if (kind == "done") != (closes is not None):
        raise Refused("line_needed" if kind == "done" else "bad_value", "closes")
    if not text.strip() and kind != "done":
        raise Refused("text_needed", "text")
