"""The rules in force: one frozen value that the ledger holds by version and the snapshot brings to the desk."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from uuid import UUID

from governance.categories import Category, Limit
from governance.places import Level


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

    hours: tuple[tuple[time, time], ...] = ((time(8, 30), time(12, 0)), (time(13, 30), time(17, 30)))
    rest_days: frozenset[date] = frozenset()
    makeup_days: frozenset[date] = frozenset()


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
