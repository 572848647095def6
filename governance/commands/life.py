"""The main way of an incident: reported, filed, dispatched, handled, checked, told, archived."""

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
    origin_worker: UUID | None = None
    origin_worker_name: str = ""
    repeat_of: UUID | None = None


@dataclass(frozen=True, slots=True)
class File:
    """E06 受理/立案."""

    category: str
    urgency: Urgency = Urgency.NORMAL
    title: str = ""
    severity: Severity = Severity.NONE
    reason: str = ""
    """Why it is filed without the verification that its category asks for."""


@dataclass(frozen=True, slots=True)
class SendVerify:
    """E03 发核实: somebody is asked to look before it is filed; the server chooses the nearest on duty where none is named."""

    worker: Recipient | None = None
    order_text: str = ""


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """E04 核实结果."""

    result: str
    """exist, not_exist, unable."""
    reason: str = ""
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class SelfHandle:
    """E07 自办: a worker files and finishes a minor matter of his own grid in one step, with pictures before and after."""

    text: str
    category: str = ""
    attachments: tuple[Attachment, ...] = ()
    worker_name: str = ""
    """Filled in by the server."""


@dataclass(frozen=True, slots=True)
class Reconsider:
    """E09 复核: a rejected report is looked at again."""

    reason: str


@dataclass(frozen=True, slots=True)
class TransferOut:
    """E10 移交: given to 110, 119, 120, 122 or another platform, with its receipt."""

    target: str
    reason: str
    receipt: str = ""
    """Number of the receipt; by telephone the name of who took it."""


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
class AutoDispatch:
    """E13: the system sends the only worker whom the duty matrix names and who is on duty."""

    lead: Recipient


@dataclass(frozen=True, slots=True)
class Claim:
    """E60 认领: what lies with the back-stop is taken by a unit, which names who goes."""

    lead: Recipient
    order_text: str = ""


@dataclass(frozen=True, slots=True)
class LowerLevel:
    """E15 下派."""

    reason: str


@dataclass(frozen=True, slots=True)
class Arbitrate:
    """E16 指定承办: after two returns a shift lead says who has to take it."""

    lead: Recipient
    reason: str
    order_text: str = ""


@dataclass(frozen=True, slots=True)
class DirectOrder:
    """E48 指令直达: one who leads on the spot and others beside him, at once and past the levels between."""

    lead: Recipient
    assists: tuple[Recipient, ...] = ()
    order_text: str = ""


@dataclass(frozen=True, slots=True)
class TakeLead:
    """E57 接替主办: somebody else who got the direct order takes the lead; an officer may name him."""

    worker: UUID | None = None
    """None: who acts."""


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
class ReleaseAssist:
    """E72 解除协办: one who goes along is let go and told to stop; the server fills in the name."""

    assist: Recipient
    reason: str


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
    parts_open: int = 0
    """How many incidents split from this one are still open; the server counts them."""


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
class AutoClose:
    """E40 抽查免核: a minor matter that the sample left out is closed unchecked."""


@dataclass(frozen=True, slots=True)
class Reopen:
    """E47 重办; of what is archived a shift lead and an auditor both."""

    reason: str


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
    wider: tuple[Recipient, ...] = ()
    """Who is asked too where nobody takes up a direct order (E49): the server names the next nearest."""
