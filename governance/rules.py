"""The rules in force: one frozen value that the ledger holds by version and the snapshot brings to the desk."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from governance.categories import Category, Limit
from governance.places import Level

Spans = tuple[tuple[time, time], ...]
"""Opening and closing times of one day; one that closes no later than it opens closes on the next day."""

SUPERVISION_HOURS = (0.0, 24.0, 8.0, 4.0, 2.0)
"""Hours to answer a supervision order, at the number of its grade, of which there is no 0 (T10, domain model B.4)."""

SUSPEND_DAYS = {"defer": 30.0, "list": 180.0}
"""Days a suspension may last at most: 缓办, 挂账 (E31)."""


@dataclass(frozen=True, slots=True)
class DutyRow:
    """权责清单: which unit leads, assists or checks a category in an area; the longest area code wins."""

    category: str
    """Code of a root or leaf; empty for any."""
    area: str
    unit: UUID
    duty: str
    """lead, assist or check."""
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working hours and the days that differ from Monday to Friday; Asia/Shanghai."""

    hours: Spans = ((time(8, 30), time(12, 0)), (time(13, 30), time(17, 30)))
    rest_days: frozenset[date] = frozenset()
    makeup_days: frozenset[date] = frozenset()
    day_hours: tuple[tuple[date, Spans], ...] = ()
    """Working days with hours of their own, in order."""


@dataclass(frozen=True, slots=True)
class FormerLimits:
    """The limits that were in force until a moment, UTC: what was filed before it keeps them."""

    until: datetime
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything `lifecycle.after` needs to know beside the case, the command, the officer and now."""

    version: int
    categories: dict[str, Category] = field(default_factory=dict)
    limits: tuple[Limit, ...] = ()
    duty_matrix: tuple[DutyRow, ...] = ()
    calendar: Calendar = field(default_factory=Calendar)
    queue_units: dict[str, UUID] = field(default_factory=dict)
    """Area code (community, street, district) -> the unit whose queue it is."""
    backstop_units: dict[str, UUID] = field(default_factory=dict)
    """Street or district code -> the unit that takes what nobody owns."""
    ladder: tuple[Level, ...] = (Level.GRID, Level.COMMUNITY, Level.STREET, Level.DISTRICT)
    reason_codes: dict[str, frozenset[str]] = field(default_factory=dict)
    """Word of an action (reject, decline) -> the codes its reason is chosen from."""
    candidate_weights: dict[str, float] = field(default_factory=dict)
    """How candidates are ranked: skill, free, own_grid, neighbour_grid, road_minutes, load."""
    supervision_hours: tuple[float, ...] = SUPERVISION_HOURS
    sample_percent: float = 100.0
    """Share of the completed minor matters that are checked: everything, until a district lowers it."""
    widen_step: int = 2
    """How many more workers a direct order that nobody acknowledged reaches each time (E49)."""
    widen_most: int = 8
    suspend_days: dict[str, float] = field(default_factory=SUSPEND_DAYS.copy)
    reopen_days: float = 30.0
    reconsider_days: float = 7.0
    unmerge_hours: float = 24.0
    undo_merge_minutes: float = 5.0
    plan_areas: tuple[str, ...] = ()
    """Codes of the areas of plans that are active (重大活动保障)."""
    former_limits: tuple[FormerLimits, ...] = ()
    """Of the versions before, the oldest first; one whose limits are those of the next is left out."""
