"""Categories of incidents: ten roots fixed by the field, leaves as data, each with its nature, checks, card and limits."""

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
    BACKFILL = "backfill"
    APPROVAL = "approval"
    REPORT_FIRST = "report_first"
    REPORT_WRITTEN = "report_written"
    REPORT_FOLLOWUP = "report_followup"


class TimeUnit(StrEnum):
    """紧急工作时, 工作时, 工作日, natural days, minutes, seconds."""

    URGENT_HOUR = "urgent_hour"
    WORK_HOUR = "work_hour"
    WORK_DAY = "work_day"
    NATURAL_DAY = "natural_day"
    MINUTE = "minute"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody a card says to call: a name in both languages and a number, empty where the district has to fill it in."""

    name_zh: str
    name_en: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class ResponseCard:
    """处置卡: what to ask, what to tell people for their safety, whom to call; in both languages, line by line."""

    questions_zh: tuple[str, ...] = ()
    questions_en: tuple[str, ...] = ()
    safety_zh: tuple[str, ...] = ()
    safety_en: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()


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
    verify: bool = False
    """Whether somebody is sent to look before it is filed (发核实)."""
    outside: tuple[str, ...] = ()
    """Bodies it belongs to, and which are told before we file it as ours: 110, 119, 120, 122."""
    tell: tuple[str, ...] = ()
    """Bodies usually told beside our own handling (联动通报): 110, 119, 120, 122, gas, water, power."""
    auto_dispatch: bool = False
    merge_group: str = ""
    """Categories of one group may be the same matter; where it is empty, see `group`."""
    filing_condition: str = ""
    filing_condition_en: str = ""
    closing_condition: str = ""
    closing_condition_en: str = ""
    card: ResponseCard | None = None

    @property
    def group(self) -> str:
        """The group its duplicates are looked for in: its own code unless the rules name one."""
        return self.merge_group or self.code

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
