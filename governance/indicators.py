"""Indicators (指标) of a month: what they are, the month they are of, and what may be shown of them; no arithmetic.

The numbers come from the ledger, which computes them; nothing here adds anything up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from governance.deadline import CHINA
from governance.people import Officer, Role
from governance.places import CODE_DIGITS, Level
from governance.refusal import Refused
from governance.roles import level_of_post

FEW_PERSONS = 5
"""Where fewer are counted nothing is shown (domain model D.2, rule 11)."""
EXPORT_ROWS = 1_000
"""So many rows an export may have that nobody else consents to (D.1)."""
UNLIMITED_ROWS = 50_000
"""So many an auditor may write: as many as one reply carries."""


class Boundaries(StrEnum):
    """Which boundaries count: those in force when it was filed, or those in force now. Never both in one figure."""

    FILING = "filing"
    CURRENT = "current"


class Direction(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


class Missing(StrEnum):
    """Why there is no value."""

    NOTHING = "nothing"
    """0/0: nothing of the kind happened."""
    FEW = "few"
    """Fewer than five persons."""


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month of Asia/Shanghai."""

    first: date

    @staticmethod
    def of(text: str) -> Month:
        """The month of a text like 2026-10; Refused where it is none."""
        try:
            year, month = text.split("-")
            if len(year) != 4 or len(month) != 2:
                raise ValueError(text)
            found = Month(date(int(year), int(month), 1))
        except ValueError:
            raise Refused("no_such_month", "month", month=text[:20]) from None
        if not 2000 <= found.first.year <= 2999:
            raise Refused("no_such_month", "month", month=text[:20])
        return found

    @staticmethod
    def at(moment: datetime) -> Month:
        """The month a moment lies in."""
        return Month(moment.astimezone(CHINA).date().replace(day=1))

    def __str__(self) -> str:
        """2026-10."""
        return f"{self.first:%Y-%m}"

    @property
    def start(self) -> datetime:
        """Its first moment."""
        return datetime(self.first.year, self.first.month, 1, tzinfo=CHINA)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return self.next.start

    @property
    def next(self) -> Month:
        """The month after it."""
        return Month((self.first + timedelta(days=31)).replace(day=1))

    @property
    def previous(self) -> Month:
        """The month before it."""
        return Month((self.first - timedelta(days=1)).replace(day=1))


@dataclass(frozen=True, slots=True)
class Indicator:
    """What a code means in a month: the version in force on its first day."""

    code: str
    formula: str
    unit: str
    """count, percent, hours, minutes, times, per_100."""
    direction: Direction
    weight: str
    """Decimal numbers as text: exact."""
    target: str | None = None
    name_zh: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator of one area or unit in one month; numbers as decimal text, None where there is none."""

    subject: str
    """Code of an area, or the id of a unit."""
    code: str
    num: str | None = None
    den: str | None = None
    raw: str | None = None
    """The denominator before anything was deducted, where something may be."""
    value: str | None = None
    missing: Missing | None = None


VIEWERS = frozenset(
    {
        Role.DUTY_OFFICER,
        Role.SHIFT_LEAD,
        Role.DISPATCHER,
        Role.NIGHT_WATCH,
        Role.OPERATOR,
        Role.COORDINATOR,
        Role.AUDITOR,
        Role.LEADER,
    }
)
"""Who sees indicators, each of the area of his post; no content is in them, but an administrator has no area to see."""
EXPORTERS = frozenset({Role.DUTY_OFFICER, Role.SHIFT_LEAD, Role.NIGHT_WATCH, Role.OPERATOR, Role.AUDITOR, Role.LEADER})


SEES_WORKERS = frozenset({Role.AUDITOR, Role.LEADER})
"""Who may see what one person comes to (domain model D.1, Scores)."""


def require_viewer(officer: Officer, area: str) -> None:
    """Refused where an officer may not see the indicators of an area."""
    if officer.role not in VIEWERS:
        raise Refused("not_your_role", role=officer.role.value)
    if len(area) not in CODE_DIGITS.values() or not area.isdigit():
        raise Refused("no_such_area", "area", area=area[:20])
    if not area.startswith(officer.scope):
        raise Refused("not_your_area", "area", area=area, scope=officer.scope)


def require_exporter(officer: Officer, rows: int) -> None:
    """Refused where an officer may not write so many rows to a file (D.1, Export)."""
    if officer.role not in EXPORTERS or (officer.role is Role.OPERATOR and level_of_post(officer) < Level.STREET):
        raise Refused("may_not_export", role=officer.role.value)
    most = UNLIMITED_ROWS if officer.role is Role.AUDITOR else EXPORT_ROWS
    if rows > most:
        raise Refused("export_too_large", rows=str(rows), most=str(most))


def require_freezer(officer: Officer) -> None:
    """Refused where an officer may not freeze or publish a month (D.1, Scores)."""
    if officer.role is not Role.AUDITOR:
        raise Refused("not_your_role", role=officer.role.value)
    if level_of_post(officer) < Level.DISTRICT:  # a month is frozen for the whole district
        raise Refused("below_level", level=str(int(Level.DISTRICT)))
