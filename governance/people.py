"""People of the field: workers, officers, roles, units and who is on duty."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a post may do (domain model, part D.1)."""

    DUTY_OFFICER = "DO"
    SHIFT_LEAD = "SL"
    DISPATCHER = "DP"
    OPERATOR = "OP"
    COORDINATOR = "CR"
    GIS_STAFF = "GS"
    AUDITOR = "AU"
    ADMINISTRATOR = "AD"
    CHECKER = "CK"
    HANDLER = "DH"
    NIGHT_WATCH = "NW"
    """夜间值守: duty officer and dispatcher in one, at night (governance.roles.BUNDLES)."""
    GRID_LEADER = "GL"
    GRID_WORKER = "GW"
    LEADER = "LD"
    WALL = "VW"
    OUTSIDE = "EXT"
    SYSTEM = "SYS"


class Duty(StrEnum):
    """What a worker is doing now."""

    ON_DUTY = "on_duty"
    ON_TASK = "on_task"
    OFF = "off"
    LOST = "lost"
    """On duty, but three position reports were missed."""
    ON_CALL = "on_call"
    """备勤: on stand-by and reachable, sent where nobody on duty fits; OFF is not sent at all."""


@dataclass(frozen=True, slots=True)
class Unit:
    """An organisation that handles incidents: centre, street centre, department, community office, team."""

    id: UUID
    code: str
    name: str
    kind: str
    level: int
    area: str
    is_backstop: bool = False


@dataclass(frozen=True, slots=True)
class Worker:
    """A grid worker or another person who can be sent; no phone number, no identity number."""

    id: UUID
    number: int
    """Small and stable: the row key of position frames."""
    name: str
    grid: str
    unit: UUID
    role: Role = Role.GRID_WORKER
    skills: tuple[str, ...] = ()
    duty: Duty = Duty.ON_DUTY
    live_tasks: int = 0
    declined_today: int = 0

    @property
    def is_in_field(self) -> bool:
        """Whether he walks a grid; a handler sits in a department."""
        return self.role is not Role.HANDLER


@dataclass(frozen=True, slots=True)
class Officer:
    """Who acts: one account in one post during one shift. Permissions hang on the post."""

    staff: UUID
    name: str
    post: UUID
    role: Role
    scope: str
    """Code of the area the post covers."""
    clearance: int
    shift: UUID | None
    unit: UUID | None = None
    account: UUID | None = None
    """None where the ledger or the system acts by itself, and for phones, which sign on by their device."""
    teams: frozenset[UUID] = frozenset()
    """The units under his own; only a handler's are known."""

    @property
    def units(self) -> frozenset[UUID]:
        """His own unit and those under it."""
        return self.teams if self.unit is None else self.teams | {self.unit}
