"""What an alarm is: a fact that needs an answer, of a kind, with a priority and one of four sounds; plain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from uuid import UUID


class Sound(StrEnum):
    """The four sounds (desk.md, Sounds)."""

    URGENT = "urgent"
    OVERDUE = "overdue"
    ANSWER = "answer"
    LINK = "link"


class AlarmKind(StrEnum):
    """What happened; each kind is one row of facts.WATCHES, or is told by another part of the desk."""

    URGENT = "urgent"
    """特急 or Ⅰ-Ⅲ in a queue the officer takes in from."""
    OVERDUE = "overdue"
    """A clock of an incident ran out that this post answers for."""
    UNANSWERED = "unanswered"
    """An order nobody acknowledged or accepted in time."""
    APPROVAL = "approval"
    SUPERVISION = "supervision"
    URGED = "urged"
    """Somebody urges this desk to act (催办)."""
    LEADER = "leader"
    """What was reported to the leader on duty, who sits here."""
    UNSTAFFED = "unstaffed"
    """Grids that have neither worker nor leader."""
    HANDOVER = "handover"
    LINK = "link"


SOUND_OF: dict[AlarmKind, Sound] = {
    AlarmKind.URGENT: Sound.URGENT,
    AlarmKind.OVERDUE: Sound.OVERDUE,
    AlarmKind.UNANSWERED: Sound.ANSWER,
    AlarmKind.APPROVAL: Sound.ANSWER,
    AlarmKind.SUPERVISION: Sound.ANSWER,
    AlarmKind.URGED: Sound.ANSWER,
    AlarmKind.LEADER: Sound.ANSWER,
    AlarmKind.UNSTAFFED: Sound.ANSWER,
    AlarmKind.HANDOVER: Sound.ANSWER,
    AlarmKind.LINK: Sound.LINK,
}


class Priority(IntEnum):
    """一般, 重要, 危急."""

    LOW = 1
    HIGH = 2
    CRITICAL = 3


Key = tuple[AlarmKind, UUID | None]
"""The thing an alarm is about: of one thing there is one alarm, however often it is raised."""
Group = tuple[AlarmKind, str, str]
"""Kind, place and category group: what lies together in a flood."""


@dataclass(frozen=True, slots=True)
class AlarmFact:
    """One thing that needs an answer now, as the situation says it."""

    kind: AlarmKind
    incident: UUID | None
    place: str
    """Code of the community; empty where it is about no place."""
    category: str
    """Code of the category's root; empty where it is about none."""
    at: datetime
    """Since when, aware UTC."""
    priority: Priority
    weight: int = 0
    """How grave it is beside others of its priority; the gravest stay critical (day_count.DayCount)."""
    turn: str = ""
    """Which time this is: another turn of the same thing raises it anew."""

    @property
    def key(self) -> Key:
        """What it is about."""
        return self.kind, self.incident

    @property
    def group(self) -> Group | None:
        """What it lies together with in a flood; None where it never does."""
        return (self.kind, self.place, self.category) if self.place else None

    @property
    def sound(self) -> Sound:
        """How it sounds."""
        return SOUND_OF[self.kind]
