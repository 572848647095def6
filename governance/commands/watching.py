"""Who looks on and who is told: severity, supervision, other services, reports to those above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.incident import Severity, SupervisionGrade


@dataclass(frozen=True, slots=True)
class SetSeverity:
    """E50 定级; lowering is a shift lead's."""

    severity: Severity
    reason: str


@dataclass(frozen=True, slots=True)
class Supervise:
    """E54 督办: an order to look after it, or a graver one."""

    grade: SupervisionGrade
    reason: str


@dataclass(frozen=True, slots=True)
class ReplySupervision:
    """E55 答复督办."""

    text: str


@dataclass(frozen=True, slots=True)
class RejectReply:
    """E55 答复退回: the answer is not enough."""

    reason: str


@dataclass(frozen=True, slots=True)
class CloseSupervision:
    """E55 结束督办."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class NotifyOut:
    """E58 联动通报: 119, 120, gas, water were told; our own handling goes on."""

    target: str
    person: str
    """Who took the call."""
    receipt: str = ""
    note: str = ""
    told_at: datetime | None = None
    """When; None: now."""


@dataclass(frozen=True, slots=True)
class EmergencyReport:
    """E62 首报, 续报, 终报: what those above are told of an emergency (T14)."""

    kind: str
    """first, written, followup, final."""
    text: str


@dataclass(frozen=True, slots=True)
class Urge:
    """E68 催办: whoever has to act now is reminded; no order to answer, unlike Supervise."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class ReportLeader:
    """E69 报告带班领导: nothing is left to raise it to, so the leader on duty is told."""

    text: str
    person: str = ""
    """Who took the call, where it was told by telephone."""
    receipt: str = ""
    leaders: str = ""
    """The leaders signed on at their desks, who are told there: filled in by the server."""


@dataclass(frozen=True, slots=True)
class AnswerReport:
    """E70 领导批示: the leader has seen the report; the words may stay away."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Dial:
    """E71 拨号: somebody is rung up, by whoever sees no number."""

    target: str
    """worker, caller or unit."""
    who: UUID
    """The worker, the report whose caller it is, or the unit."""
    name: str = ""
    """What he or it is called: filled in by the server; of a caller empty."""


@dataclass(frozen=True, slots=True)
class MarkFeedback:
    """E44: what became of an echo that was sent: read or failed."""

    feedback: UUID
    state: str
    reason: str = ""
