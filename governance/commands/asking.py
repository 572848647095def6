"""申请与审批: what is asked for, granted and denied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.incident import ApprovalKind


@dataclass(frozen=True, slots=True)
class Ask:
    """E28 申请: 退回, 缓办, 挂账, 延期, 特殊结案, 作废; the clock runs on until somebody has decided."""

    kind: ApprovalKind
    reason: str
    until: datetime | None = None
    """Until when it is to be suspended; aware."""
    extend_s: float = 0.0
    """Seconds, in the kind of time of its limit, that it is to be longer."""


@dataclass(frozen=True, slots=True)
class Approve:
    """E30-E34 同意."""

    approval: UUID
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Deny:
    """E29 驳回."""

    approval: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Resume:
    """E36 恢复: before its date."""

    reason: str = ""
