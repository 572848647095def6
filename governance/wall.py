"""Display walls (大屏): what a wall is, what its slots show, and who controls it.

A layout names cameras by their ids and never where their pictures come from. Cells are counted from the top left corner.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from governance.people import Officer, Role
from governance.places import LonLat, is_inside
from governance.refusal import Refused

LONGEST_TITLE = 40
"""Letters of what a wall is called."""
LEASE_OUTLIVES = timedelta(seconds=60)
"""So long a lease stands after the desk of its holder is gone."""
SILENT_AFTER = timedelta(seconds=4)
"""A display that said nothing for so long shows nobody knows what: it reports once a second."""
CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


class Content(StrEnum):
    """What a slot shows."""

    EMPTY = "empty"
    CAMERA = "camera"
    MAP = "map"
    BOARD = "board"
    """The open incidents, without a word that anybody wrote about them."""
    INDICATORS = "indicators"
    CLOCK = "clock"
    RESERVED = "reserved"
    """Nothing, until an incident pops up there."""


class Stream(StrEnum):
    """Which stream of a camera a slot shows."""

    AUTO = "auto"
    """By the size of the slot."""
    SUB = "sub"
    MAIN = "main"


@dataclass(frozen=True, slots=True)
class View:
    """Where a map slot looks."""

    place: LonLat
    across_m: float
    """How many metres its width shows, where it is 16 wide and 9 high; all of that is seen in a slot of any shape."""
    turn_deg: float = 0.0
    tilt_deg: float = 0.0


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of a wall, in cells of its layout, and what it shows; slots are numbered 1, 2, 3, ... as they are listed."""

    left: int
    top: int
    width: int
    height: int
    content: Content = Content.EMPTY
    camera: str = ""
    stream: Stream = Stream.AUTO
    view: View | None = None
    """Of a map slot; None shows the whole area of the wall."""
    locked: bool = False
    """Nothing is pushed into it and nothing pops up over it."""

    def touches(self, other: Slot) -> bool:
        """Whether two slots share a cell."""
        beside = self.left + self.width <= other.left or other.left + other.width <= self.left
        above = self.top + self.height <= other.top or other.top + other.height <= self.top
        return not (beside or above)


@dataclass(frozen=True, slots=True)
class Layout:
    """What a wall shows, slot by slot. Two layouts of a wall with the same `rev` are the same."""

    columns: int
    rows: int
    slots: tuple[Slot, ...]
    scene: str = ""
    """The saved scene it came from; empty once something else was pushed."""
    rev: int = 0


@dataclass(frozen=True, slots=True)
class Wall:
    """One display wall."""

    code: str
    title: str
    area: str
    """The area it tells of; whoever controls it has a post over that area."""


@dataclass(frozen=True, slots=True)
class Lease:
    """Who alone may change a wall now: an officer in a post, told by the title of the post."""

    staff: UUID
    post: UUID
    title: str
    since: datetime


@dataclass(frozen=True, slots=True)
class PopUp:
    """A camera in a reserved slot for a time, because it sees an incident."""

    slot: int
    camera: str
    incident: UUID
    category: str
    grid: str
    until: datetime


@dataclass(frozen=True, slots=True)
class WallStanding:
    """How a wall stands: all that its displays and the desks that may control it have to know."""

    wall: Wall
    layout: Layout
    lease: Lease | None = None
    pop_ups: tuple[PopUp, ...] = ()

    @property
    def stream(self) -> str:
        """The stream that tells of it."""
        return wall_stream(self.wall.code)


@dataclass(frozen=True, slots=True)
class SlotShown:
    """What a display says a slot truly shows."""

    slot: int
    content: Content
    camera: str = ""
    sight: str = ""
    """State of the picture (live, stale, frozen, ...); empty where it is none."""
    age_s: float | None = None
    """Age of the last picture, or of the figures; None where there is none yet."""


def wall_stream(code: str) -> str:
    """The stream of what becomes of a wall."""
    return f"wall/{code}"


# ---- who may --------------------------------------------------------------------------------------------------------

CONTROLLERS = frozenset({Role.SHIFT_LEAD, Role.NIGHT_WATCH, Role.COORDINATOR, Role.OPERATOR})
"""Video-wall scene control of the matrix D.1; a night watch pushes too (B.8). Operators only where a street has its wall."""
ARRANGERS = CONTROLLERS | {Role.ADMINISTRATOR}
"""Who may keep scenes."""


def may_look(officer: Officer, wall: Wall) -> bool:
    """Whether a post hears what becomes of a wall: those who may control it or keep its scenes. A wall's own display aside."""
    return officer.role in ARRANGERS and is_inside(wall.area, officer.scope)


def require_controller(officer: Officer, wall: Wall) -> None:
    """Refused where the post may not change what a wall shows, or not now."""
    if officer.role not in CONTROLLERS:
        raise Refused("not_your_role", role=officer.role.value)
    if not is_inside(wall.area, officer.scope):
        raise Refused("not_your_area", area=wall.area, scope=officer.scope)
    if officer.shift is None:
        raise Refused("off_shift")


def require_arranger(officer: Officer, wall: Wall) -> None:
    """Refused where the post may not keep scenes of a wall."""
    if officer.role is Role.ADMINISTRATOR and is_inside(wall.area, officer.scope):
        return
    require_controller(officer, wall)


def taken(standing: WallStanding, officer: Officer, title: str, over: bool, now: datetime) -> Lease:
    """The lease of an officer; Refused where another has it, whom only a shift lead may take it from (`over`)."""
    require_controller(officer, standing.wall)
    held = standing.lease
    if held is not None and held.staff == officer.staff:
        return replace(held, post=officer.post, title=title)
    if held is not None and not over:
        raise Refused("wall_held", "wall", by=held.title)
    if held is not None and officer.role is not Role.SHIFT_LEAD:
        raise Refused("wall_only_lead_takes", "wall", by=held.title)
    return Lease(officer.staff, officer.post, title, now)


def require_lease(standing: WallStanding, officer: Officer) -> None:
    """Refused where the officer does not hold the wall."""
    require_controller(officer, standing.wall)
    if standing.lease is None:
        raise Refused("wall_not_taken", "wall")
    if standing.lease.staff != officer.staff:
        raise Refused("wall_held", "wall", by=standing.lease.title)


def has_lapsed(gone_for: timedelta) -> bool:
    """Whether a lease is over whose holder's desk was last heard so long ago."""
    return gone_for >= LEASE_OUTLIVES
