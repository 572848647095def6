"""Requests about the indicators of a month and their replies.

Figures are counts and shares: no incident, and no name of a person but those of workers, for who may see what
one of them comes to.

Computed on a thread of its own, kept for a minute, and only of areas inside that of the post.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from governance.indicators import Boundaries, Figure, Indicator
from wire.message import Message


class ReadIndicators(Message, frozen=True, tag="read_indicators"):
    """The indicators of a month (2026-10) in an area, and of what lies one level below it, or of the units that led there,
    or of the workers who reported or walk there."""

    month: str
    area: str = ""
    """Empty: that of the post."""
    boundaries: Boundaries = Boundaries.FILING
    by: str = "area"
    """area, unit, or worker: for who may see what one of them comes to."""


class ExportIndicators(Message, frozen=True, tag="export_indicators"):
    """The same to be written to a file: on record before it is answered, and only for who may export so many rows."""

    month: str
    area: str = ""
    boundaries: Boundaries = Boundaries.FILING
    by: str = "area"


class FreezeIndicators(Message, frozen=True, tag="freeze_indicators"):
    """A month that is over stands for good from now on; by an auditor of the district."""

    month: str


class PublishIndicators(Message, frozen=True, tag="publish_indicators"):
    """A frozen month is published, for good."""

    month: str


IndicatorRequest = ReadIndicators | ExportIndicators | FreezeIndicators | PublishIndicators


class Bar(msgspec.Struct, frozen=True):
    """One bar or point of a chart."""

    key: str
    """A day (2026-10-03), the code of a root category, or how long something is overdue: 1, 3, 7, 30, more (days)."""
    counts: tuple[int, ...]


class Signed(msgspec.Struct, frozen=True):
    """Who froze a month and when, and who published it, where somebody did."""

    frozen_at: datetime
    frozen_by: str
    published_at: datetime | None = None
    published_by: str = ""


class IndicatorsAre(Message, frozen=True, tag="indicators_are"):
    """What was asked for: the area first, then the others by code or name."""

    month: str
    area: str
    boundaries: Boundaries
    by: str
    state: str
    """open, frozen, published."""
    at: datetime
    """As of when it was computed: the moment it was frozen where it is."""
    definitions: tuple[Indicator, ...]
    figures: tuple[Figure, ...]
    names: dict[str, str]
    """Code or id -> name, of every subject, and of every area the post may choose down to the community."""
    trend: tuple[Bar, ...] = ()
    """By day: reported, filed, closed."""
    categories: tuple[Bar, ...] = ()
    """By root category: filed, of them overdue."""
    ageing: tuple[Bar, ...] = ()
    """What is open and overdue at the end, by days."""
    later: tuple[Figure, ...] = ()
    """Of a frozen month: the figures of the area that would be others by today's ledger."""
    export: UUID | None = None
    """The number of the export, where it was asked for."""
    signed: Signed | None = None
    """Of a month that is frozen."""


class PeriodIs(Message, frozen=True, tag="period_is"):
    """It is a fact: the month as it stands now."""

    month: str
    state: str
    signed: Signed


IndicatorReply = IndicatorsAre | PeriodIs
