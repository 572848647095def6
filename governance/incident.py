"""An incident (事件) and everything that belongs to it: reports, assignments, timers, checks, feedback, steps.

`Case` is the whole of one incident: what the rules change, the ledger stores and the desk shows. All values are
frozen; all times are aware UTC datetimes. Nothing here is of a class above 1 (domain model D.2): who reported, and how
to call them, is asked for separately.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from governance.kinds import (
    CLOCK_RUNS,
    DISCOVERY_OF,
    LIVE_ASSIGNMENT,
    TERMINAL,
    ActorKind,
    AssignmentState,
    Channel,
    CloseType,
    Discovery,
    FeedbackState,
    LeadRole,
    Magnitude,
    Nature,
    Severity,
    State,
    SupervisionGrade,
    TimerKind,
    TimerState,
    Urgency,
)
from governance.places import Level, LonLat

__all__ = [
    "CLOCK_RUNS",
    "DISCOVERY_OF",
    "LIVE_ASSIGNMENT",
    "TERMINAL",
    "ActorKind",
    "Assignment",
    "AssignmentState",
    "Attachment",
    "Case",
    "Channel",
    "CheckTask",
    "CloseType",
    "Discovery",
    "Escalation",
    "Feedback",
    "FeedbackState",
    "Incident",
    "LeadRole",
    "Magnitude",
    "Nature",
    "Report",
    "Severity",
    "State",
    "Step",
    "Supervision",
    "SupervisionGrade",
    "Timer",
    "TimerKind",
    "TimerState",
    "Urgency",
]


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
    """pass, fail, unable; empty while open."""
    note: str = ""
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Feedback:
    """An echo owed to a reporter or to the worker of the grid."""

    id: UUID
    cycle: int
    target: str
    """reporter or worker."""
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


@dataclass(frozen=True, slots=True)
class Incident:
    """The incident itself; its children hang on the Case."""

    id: UUID
    number: str
    """JG-20261122-0147: short code of the district, local date, running number of the day."""
    state: State
    title: str
    text: str
    place: LonLat
    place_text: str
    grid: str
    """Code of the grid it happened in; community, street and district are its prefixes."""
    category: str
    """Code of the category; empty until filed where the report named none."""
    reported_at: datetime
    urgency: Urgency = Urgency.NORMAL
    severity: Severity = Severity.NONE
    magnitude: Magnitude = Magnitude.MINOR
    nature: Nature = Nature.SERVICE
    discovery: Discovery = Discovery.PASSIVE
    mode: str = "normal"
    """normal or direct."""
    floor: str = ""
    confidentiality: int = 0
    handling_level: Level = Level.COMMUNITY
    oversight_level: Level = Level.COMMUNITY
    queue_unit: UUID | None = None
    first_unit: UUID | None = None
    cycle: int = 1
    filed_at: datetime | None = None
    due_at: datetime | None = None
    """When the resolve clock (T7) runs out; None where it does not run."""
    limit_s: float = 0.0
    used_s: float = 0.0
    clock_since: datetime | None = None
    """Since when `used_s` grows; None where the clock stands."""
    overdue: bool = False
    rework_count: int = 0
    return_count: int = 0
    recall_count: int = 0
    reopen_count: int = 0
    suspend_count: int = 0
    decline_count: int = 0
    supervised: bool = False
    close_type: CloseType | None = None
    closed_at: datetime | None = None
    version: int = 1

    @property
    def street(self) -> str:
        """Nine-digit code of the street."""
        return self.grid[:9]


@dataclass(frozen=True, slots=True)
class Case:
    """One incident with everything that belongs to it."""

    incident: Incident
    reports: tuple[Report, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    timers: tuple[Timer, ...] = ()
    checks: tuple[CheckTask, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    supervision: tuple[Supervision, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def lead(self) -> Assignment | None:
        """The live leading assignment, if any."""
        return next((a for a in self.assignments if a.role is LeadRole.LEAD and a.is_live), None)
