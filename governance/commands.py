"""What people and clocks may order: one frozen class per action of the transition table.

The incident, its version and the order id travel beside the command (wire.requests.Order). `COMMANDS` maps the word on
the wire to the class.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.incident import Attachment, Channel, Severity, TimerKind, Urgency
from governance.places import LonLat


@dataclass(frozen=True, slots=True)
class Recipient:
    """A worker an order goes to. The server replaces all but `worker` with what the ledger knows."""

    worker: UUID
    name: str = ""
    unit: UUID | None = None
    unit_code: str = ""
    grid: str = ""
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MakeReport:
    """E01 上报: a new incident out of one report. The server fills id, number, grid and the report's ids."""

    text: str
    place: LonLat
    channel: Channel = Channel.DESK
    place_text: str = ""
    category: str = ""
    urgency: Urgency = Urgency.NORMAL
    title: str = ""
    floor: str = ""
    occurred_at: datetime | None = None
    accuracy_m: float = 0.0
    anonymous: bool = False
    confidential: bool = False
    camera: str = ""
    reporter_kind: str = "citizen"
    reporter_worker: UUID | None = None
    attachments: tuple[Attachment, ...] = ()
    incident: UUID | None = None
    number: str = ""
    grid: str = ""
    report: UUID | None = None
    queue_unit: UUID | None = None


@dataclass(frozen=True, slots=True)
class File:
    """E06 受理/立案."""

    category: str
    urgency: Urgency = Urgency.NORMAL
    title: str = ""
    severity: Severity = Severity.NONE
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reject:
    """E08 不予受理, with a reason code and words."""

    reason_code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Dispatch:
    """E12 派单/派遣: exactly one lead; `reason` where the choice is off the duty matrix."""

    lead: Recipient
    assists: tuple[Recipient, ...] = ()
    order_text: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RaiseLevel:
    """E14 提级."""

    reason: str


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """E18 签收."""


@dataclass(frozen=True, slots=True)
class Accept:
    """E19 接单; from a phone it acknowledges as well."""


@dataclass(frozen=True, slots=True)
class Decline:
    """E61 无法前往, before acceptance; no approval needed."""

    reason_code: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Recall:
    """E20 撤回."""

    reason: str


@dataclass(frozen=True, slots=True)
class Arrive:
    """E23 到场; `reason` where the position is further than 100 m off."""

    place: LonLat | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """E24 进展."""

    text: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class AddAssist:
    """E24 增派协办."""

    assist: Recipient
    order_text: str = ""


@dataclass(frozen=True, slots=True)
class Reassign:
    """E25 改派."""

    lead: Recipient
    reason: str
    order_text: str = ""


@dataclass(frozen=True, slots=True)
class Complete:
    """E27 处置完成, with evidence where the category asks for it."""

    text: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class SendCheck:
    """E39 发核查; `checker` may stay open to any checker of the area."""

    checker: UUID | None = None
    checker_scope: str = ""
    """Area of the checker's post, for the rules; the server fills it in from the ledger."""


@dataclass(frozen=True, slots=True)
class CheckPass:
    """E41 核查通过/办结."""

    note: str = ""
    condition_met: bool = False
    """办结条件: has to be said, never taken for granted."""


@dataclass(frozen=True, slots=True)
class CheckFail:
    """E42 返工."""

    reason: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class SendFeedback:
    """E44 反馈/回访: to one feedback duty, or to all that are pending."""

    text: str
    feedback: UUID | None = None
    satisfaction: int | None = None
    waive_reason: str = ""


@dataclass(frozen=True, slots=True)
class Archive:
    """E46 归档."""


@dataclass(frozen=True, slots=True)
class TimerFired:
    """A clock ran out (E17, E21, E22, E38, ...). Firing the same one twice changes nothing."""

    timer: UUID
    kind: TimerKind
    fired: int
    """How often it had fired before."""


Command = (
    MakeReport
    | File
    | Reject
    | Dispatch
    | RaiseLevel
    | Acknowledge
    | Accept
    | Decline
    | Recall
    | Arrive
    | Progress
    | AddAssist
    | Reassign
    | Complete
    | SendCheck
    | CheckPass
    | CheckFail
    | SendFeedback
    | Archive
    | TimerFired
)

COMMANDS: dict[str, type] = {
    "report": MakeReport,
    "file": File,
    "reject": Reject,
    "dispatch": Dispatch,
    "raise_level": RaiseLevel,
    "ack": Acknowledge,
    "accept": Accept,
    "decline": Decline,
    "recall": Recall,
    "arrive": Arrive,
    "progress": Progress,
    "add_assist": AddAssist,
    "reassign": Reassign,
    "complete": Complete,
    "send_check": SendCheck,
    "check_pass": CheckPass,
    "check_fail": CheckFail,
    "feedback": SendFeedback,
    "archive": Archive,
    "timer": TimerFired,
}

WORD_OF: dict[type, str] = {kind: word for word, kind in COMMANDS.items()}
