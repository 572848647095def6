"""What belongs to an incident: reports, orders, clocks, checks, echoes, supervision, approvals, cycles, steps; all frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from governance.kinds import (
    LIVE_ASSIGNMENT,
    ActorKind,
    ApprovalKind,
    ApprovalState,
    AssignmentState,
    Channel,
    CloseType,
    Discovery,
    FeedbackState,
    LeadRole,
    State,
    SupervisionGrade,
    TimerKind,
    TimerState,
)
from governance.places import Level, LonLat


@dataclass(frozen=True, slots=True)
class Attachment:
    """A photo or document by its content's hash; the bytes are fetched from the bulk socket."""

    id: UUID
    sha256: str
    mime: str
    size: int
    stage: str
    """report, before, during, after, check."""
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What one channel handed in; its text never changes."""

    id: UUID
    channel: Channel
    discovery: Discovery
    received_at: datetime
    text: str
    place: LonLat | None
    place_text: str = ""
    occurred_at: datetime | None = None
    accuracy_m: float = 0.0
    reporter_kind: str = "citizen"
    """citizen, worker, officer, camera, rule."""
    reporter_worker: UUID | None = None
    anonymous: bool = False
    confidential: bool = False
    camera: str = ""
    attachments: tuple[Attachment, ...] = ()
    origin: UUID | None = None
    """The incident it came in with: where it goes back to when a merge is undone."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """An order to one worker within one cycle of an incident."""

    id: UUID
    cycle: int
    role: LeadRole
    worker: UUID
    worker_name: str
    unit: UUID | None
    state: AssignmentState
    order_text: str
    sent_at: datetime
    off_rule_reason: str = ""
    delivered_at: datetime | None = None
    acked_at: datetime | None = None
    accepted_at: datetime | None = None
    arrived_at: datetime | None = None
    done_at: datetime | None = None
    ended_reason: str = ""
    result_text: str = ""
    reminders: int = 0
    arrived_place: LonLat | None = None
    attachments: tuple[Attachment, ...] = ()

    @property
    def is_live(self) -> bool:
        """Whether the order still stands."""
        return self.state in LIVE_ASSIGNMENT


@dataclass(frozen=True, slots=True)
class Timer:
    """One running, paused or ended clock of an incident."""

    id: UUID
    kind: TimerKind
    state: TimerState
    started_at: datetime
    due_at: datetime | None
    """None while paused."""
    limit_s: float
    consumed_s: float = 0.0
    fired: int = 0
    assignment: UUID | None = None
    working: bool = False
    """Whether it counts working hours only; otherwise every second."""


@dataclass(frozen=True, slots=True)
class CheckTask:
    """核查: an independent look at what was done."""

    id: UUID
    cycle: int
    kind: str
    """verify or check."""
    assigned_at: datetime
    checker: UUID | None = None
    result: str = ""
    """Of a check pass, fail, unable; of a verification exist, not_exist, unable; empty while open."""
    note: str = ""
    done_at: datetime | None = None
    checker_name: str = ""
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Feedback:
    """An echo owed to a reporter or to the worker of the grid."""

    id: UUID
    cycle: int
    target: str
    """reporter, worker (who reported it), or grid_worker (of the grid it happened in, who is told too)."""
    state: FeedbackState
    report: UUID | None = None
    worker: UUID | None = None
    due_at: datetime | None = None
    sent_at: datetime | None = None
    text: str = ""
    satisfaction: int | None = None
    waived_reason: str = ""


@dataclass(frozen=True, slots=True)
class Supervision:
    """督办: an order to look after what is late."""

    id: UUID
    grade: SupervisionGrade
    cause: str
    state: str
    """issued, replied, rejected, closed."""
    issued_at: datetime
    reply_due: datetime | None = None
    issued_by: str = ""
    issued_by_staff: UUID | None = None
    reason: str = ""
    reply: str = ""
    replied_by: str = ""
    replied_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Approval:
    """申请与审批: something asked for that another has to consent to; the clock runs on meanwhile."""

    id: UUID
    cycle: int
    kind: ApprovalKind
    state: ApprovalState
    asked_by: UUID
    asked_name: str
    asked_at: datetime
    reason: str
    level: Level
    """Who decides stands at least so high; rises when nobody does (E35)."""
    until: datetime | None = None
    """Until when it is asked to be suspended."""
    extend_s: float = 0.0
    """By how much the limit is asked to be longer."""
    first_by: UUID | None = None
    """Where two have to sign: who has signed first, and in which role."""
    first_name: str = ""
    first_role: str = ""
    decided_by: UUID | None = None
    decided_name: str = ""
    decided_at: datetime | None = None
    decision: str = ""
    """The words of who decided."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """The numbers of a cycle that is over because the incident was opened again: frozen."""

    cycle: int
    category: str
    handling_level: Level
    """The highest it came to."""
    filed_at: datetime | None
    deadline: datetime | None
    completed_at: datetime | None
    closed_at: datetime | None
    ended_at: datetime
    close_type: CloseType | None
    limit_s: float
    used_s: float
    overdue: bool
    rework_count: int
    return_count: int
    recall_count: int
    extended: int
    lead_unit: UUID | None = None


@dataclass(frozen=True, slots=True)
class Escalation:
    """A level gone up, of the handling or of the oversight."""

    kind: str
    """handling or oversight."""
    from_level: Level
    to_level: Level
    cause: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the append-only transition log: who did what, when, why."""

    seq: int
    """1, 2, 3, ... without holes."""
    row: str
    """The row of the transition table: E06, E12, ..."""
    action: str
    from_state: State | None
    to_state: State
    actor_kind: ActorKind
    at: datetime
    actor_name: str = ""
    actor_staff: UUID | None = None
    actor_post: UUID | None = None
    actor_account: UUID | None = None
    actor_shift: UUID | None = None
    client_at: datetime | None = None
    reason: str = ""
    level_before: Level | None = None
    level_after: Level | None = None
    detail: dict[str, str] = field(default_factory=dict)
