"""An incident (事件) and everything that belongs to it: reports, assignments, timers, checks, feedback, steps.

`Case` is the whole of one incident: what the rules change, the ledger stores and the desk shows. All values are
frozen; all times are aware UTC datetimes. Nothing here is of a class above 1 (domain model D.2): who reported, and how
to call them, is asked for separately.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.belongings import (
    Approval,
    Assignment,
    Attachment,
    CheckTask,
    Cycle,
    Escalation,
    Feedback,
    Report,
    Step,
    Supervision,
    Timer,
)
from governance.kinds import (
    CLOCK_RUNS,
    DISCOVERY_OF,
    LIVE_ASSIGNMENT,
    TERMINAL,
    ActorKind,
    ApprovalKind,
    ApprovalState,
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
    "Approval",
    "ApprovalKind",
    "ApprovalState",
    "Assignment",
    "AssignmentState",
    "Attachment",
    "Case",
    "Channel",
    "CheckTask",
    "CloseType",
    "Cycle",
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
    origin_worker: UUID | None = None
    """The worker of the grid it happened in, who is told what came of it."""
    origin_worker_name: str = ""
    cycle: int = 1
    filed_at: datetime | None = None
    due_at: datetime | None = None
    """When the resolve clock (T7) runs out; None where it does not run."""
    deadline: datetime | None = None
    """When it was last due, kept where the clock stands or is over."""
    completed_at: datetime | None = None
    """When it was last said to be done in this cycle."""
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
    extended: int = 0
    merged_count: int = 0
    """How many incidents are merged into this one now."""
    highest_level: Level = Level.GRID
    """The highest level that handled it in this cycle."""
    no_return: bool = False
    """Decided by arbitration (E16): whoever has it may not return it."""
    backfill_owed: bool = False
    """Sent by direct order before it was filed: category and title are to be filled in (T12)."""
    suspended_from: State | None = None
    suspended_until: datetime | None = None
    suspended_kind: str = ""
    """suspend_defer (缓办) or suspend_list (挂账), while suspended."""
    merged_into: UUID | None = None
    merged_at: datetime | None = None
    merged_by: UUID | None = None
    split_from: UUID | None = None
    repeat_of: UUID | None = None
    """The archived incident that this one repeats within thirty days."""
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
    approvals: tuple[Approval, ...] = ()
    cycles: tuple[Cycle, ...] = ()

    @property
    def lead(self) -> Assignment | None:
        """The live leading assignment, if any."""
        return next((a for a in self.assignments if a.role is LeadRole.LEAD and a.is_live), None)
