"""Categories of incidents: ten roots fixed by the field, leaves as data, each with its nature, checks and limits."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from governance.incident import Magnitude, Nature, Urgency
from governance.places import Level


class CheckMode(StrEnum):
    """How what was done is checked."""

    ONSITE = "onsite"
    PHOTO = "photo"
    SAMPLE = "sample"
    PHONE = "phone"


class Stage(StrEnum):
    """The part of the way a limit belongs to."""

    INTAKE = "intake"
    VERIFY = "verify"
    DISPATCH = "dispatch"
    ACK = "ack"
    ACCEPT = "accept"
    ARRIVE = "arrive"
    RESOLVE = "resolve"
    CHECK = "check"
    FEEDBACK = "feedback"


class TimeUnit(StrEnum):
    """紧急工作时, 工作时, 工作日, natural days, minutes, seconds."""

    URGENT_HOUR = "urgent_hour"
    WORK_HOUR = "work_hour"
    WORK_DAY = "work_day"
    NATURAL_DAY = "natural_day"
    MINUTE = "minute"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class Category:
    """One category; a leaf where `parent` is not empty."""

    code: str
    """RR for a root, RR.LL for a leaf."""
    name_zh: str
    name_en: str
    parent: str
    nature: Nature
    icon: str
    """Name of an SVG in desktop/style/icons."""
    platform: str = ""
    """综治, 监管, 执法, 便民."""
    magnitude: Magnitude = Magnitude.MINOR
    first_level: Level = Level.COMMUNITY
    check_mode: CheckMode = CheckMode.PHOTO
    skills: tuple[str, ...] = ()
    evidence: bool = True
    """Whether a photo is needed to complete."""
    sensitive: bool = False
    merge_radius_m: float = 30.0
    merge_window_h: float = 24.0

    @property
    def root(self) -> str:
        """Code of the root: 01 to 10."""
        return self.code[:2]

    @property
    def is_leaf(self) -> bool:
        """Whether an incident can be filed under it."""
        return bool(self.parent)


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit: the first that fits of leaf+area, leaf, root, global (category and area empty)."""

    category: str
    area: str
    urgency: Urgency
    stage: Stage
    amount: float
    unit: TimeUnit
