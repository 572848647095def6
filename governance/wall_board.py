"""What a wall tells of a district: open incidents and figures, nothing that anybody wrote and nobody's name (class 0 and 1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from governance.kinds import Severity, State, Urgency
from governance.people import Role
from governance.places import LonLat


@dataclass(frozen=True, slots=True)
class WallIncident:
    """An open incident as a wall may show it: where, what kind, how grave, who handles it by level, and until when."""

    grid: str
    category: str
    urgency: Urgency
    severity: Severity
    state: State
    level: int
    place: LonLat
    reported_at: datetime
    deadline: datetime | None
    """When the resolve limit runs out, before it runs the next limit that does; None while all stand."""
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class PostsOnDuty:
    """How many people sit in a kind of post now."""

    role: Role
    count: int


@dataclass(frozen=True, slots=True)
class DayCount:
    """What came in and was closed on one local day."""

    day: date
    reported: int
    closed: int


@dataclass(frozen=True, slots=True)
class WallFigures:
    """The figures of the scene 晴雨表."""

    reported: int = 0
    """Reports of today."""
    closed: int = 0
    """Incidents closed today."""
    overdue: int = 0
    """Open and past their limit."""
    immediate: int = 0
    """Open and 特急."""
    open: int = 0
    workers_on_duty: int = 0
    workers: int = 0
    cameras_online: int = 0
    cameras: int = 0
    posts: tuple[PostsOnDuty, ...] = ()
    trend: tuple[DayCount, ...] = ()
    """Seven days, today last."""
