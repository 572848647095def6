"""The words an incident is described with: states, urgencies, channels, clocks; each a closed list."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class State(StrEnum):
    """Where an incident stands in its life (domain model B.1)."""

    REPORTED = "reported"
    VERIFYING = "verifying"
    FILED = "filed"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    SUSPENDED = "suspended"
    RESOLVED = "resolved"
    CHECKING = "checking"
    CLOSED = "closed"
    ARCHIVED = "archived"
    REJECTED = "rejected"
    TRANSFERRED = "transferred"
    MERGED = "merged"
    VOIDED = "voided"


TERMINAL = frozenset({State.ARCHIVED, State.REJECTED, State.TRANSFERRED, State.MERGED, State.VOIDED})
CLOCK_RUNS = frozenset({State.FILED, State.DISPATCHED, State.HANDLING})


class AssignmentState(StrEnum):
    """Where an order to one worker stands (domain model B.3)."""

    SENT = "sent"
    DELIVERED = "delivered"
    ACKED = "acked"
    ACCEPTED = "accepted"
    EN_ROUTE = "en_route"
    ARRIVED = "arrived"
    DONE = "done"
    RETURNED = "returned"
    RECALLED = "recalled"
    EXPIRED = "expired"
    RELEASED = "released"
    DECLINED = "declined"


LIVE_ASSIGNMENT = frozenset(
    {
        AssignmentState.SENT,
        AssignmentState.DELIVERED,
        AssignmentState.ACKED,
        AssignmentState.ACCEPTED,
        AssignmentState.EN_ROUTE,
        AssignmentState.ARRIVED,
    }
)


class Urgency(IntEnum):
    """一般, 紧急, 特急: chooses the limits."""

    NORMAL = 0
    URGENT = 1
    IMMEDIATE = 2


class Severity(IntEnum):
    """National grades of emergencies; NONE where nobody set one. I is the gravest."""

    NONE = 0
    I = 1  # noqa: E741
    II = 2
    III = 3
    IV = 4


class Magnitude(StrEnum):
    """小事, 大事, 重大: the level an incident should be contained at."""

    MINOR = "minor"
    MAJOR = "major"
    GRAVE = "grave"


class Nature(StrEnum):
    """服务类 or 管制类."""

    SERVICE = "service"
    REGULATION = "regulation"


class Discovery(StrEnum):
    """How it became known; derived from the channel and never changed."""

    PASSIVE = "passive"
    ACTIVE = "active"
    SMART = "smart"


class Channel(StrEnum):
    """The way a report came in."""

    DESK = "desk"
    HOTLINE = "hotline"
    WORKER_APP = "worker_app"
    CITIZEN_APP = "citizen_app"
    CAMERA = "camera"
    RULE = "rule"


DISCOVERY_OF = {
    Channel.DESK: Discovery.PASSIVE,
    Channel.HOTLINE: Discovery.PASSIVE,
    Channel.CITIZEN_APP: Discovery.PASSIVE,
    Channel.WORKER_APP: Discovery.ACTIVE,
    Channel.CAMERA: Discovery.SMART,
    Channel.RULE: Discovery.SMART,
}


class CloseType(StrEnum):
    """How an incident was closed."""

    NORMAL = "normal"
    OVERDUE = "overdue"
    ERROR = "error"
    SPECIAL = "special"


class LeadRole(StrEnum):
    """主办 or 协办."""

    LEAD = "lead"
    ASSIST = "assist"


class TimerKind(StrEnum):
    """The clocks of domain model B.4."""

    T1_INTAKE = "T1"
    T2_VERIFY = "T2"
    T3_DISPATCH = "T3"
    T4_ACK = "T4"
    T5_ACCEPT = "T5"
    T6_ARRIVE = "T6"
    T7_RESOLVE = "T7"
    T8_CHECK = "T8"
    T9_FEEDBACK = "T9"
    T10_SUPERVISION = "T10"
    T11_SUSPENSION = "T11"
    T12_BACKFILL = "T12"
    T13_APPROVAL = "T13"
    T14_REPORT = "T14"


class TimerState(StrEnum):
    """Whether a clock runs."""

    RUNNING = "running"
    PAUSED = "paused"
    FIRED = "fired"
    CANCELLED = "cancelled"


class ActorKind(StrEnum):
    """Who did a step."""

    USER = "user"
    TIMER = "timer"
    RULE = "rule"
    EXTERNAL = "external"


class SupervisionGrade(IntEnum):
    """提示, 黄牌, 红牌, 领导督办: only rises."""

    NOTICE = 1
    YELLOW = 2
    RED = 3
    LEADER = 4


class FeedbackState(StrEnum):
    """Whether the echo owed was given."""

    PENDING = "pending"
    SENT = "sent"
    READ = "read"
    FAILED = "failed"
    WAIVED = "waived"


class ApprovalKind(StrEnum):
    """What needs somebody's consent: 退回, 缓办, 挂账, 延期, 特殊结案, 作废, and the reopening of what is archived."""

    RETURN = "return"
    SUSPEND_DEFER = "suspend_defer"
    SUSPEND_LIST = "suspend_list"
    EXTEND = "extend"
    CLOSE_SPECIAL = "close_special"
    VOID = "void"
    REOPEN = "reopen"


class ApprovalState(StrEnum):
    """Where a request stands."""

    PENDING = "pending"
    GRANTED = "granted"
    DENIED = "denied"
    LAPSED = "lapsed"
    """Nobody decided in time, up to the highest level: denied by default (E35)."""
    DROPPED = "dropped"
    """What was asked about is past: the order was recalled, the incident transferred."""
