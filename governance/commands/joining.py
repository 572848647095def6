"""Several reports, one matter: attached, merged, parted again, split."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.commands.life import MakeReport
from governance.places import LonLat


@dataclass(frozen=True, slots=True)
class AttachReport:
    """E02 并入: one more report of an incident that is open already; its reporter is owed an echo too."""

    report: MakeReport


@dataclass(frozen=True, slots=True)
class Source:
    """An incident that is to be merged into another, at the version it was looked at."""

    incident: UUID
    version: int


@dataclass(frozen=True, slots=True)
class Merge:
    """E51 并案, ordered of the master: one or many incidents become part of it, in one act."""

    sources: tuple[Source, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MergedInto:
    """What a merge does to each source. Never ordered by itself."""

    master: UUID
    number: str


@dataclass(frozen=True, slots=True)
class Unmerge:
    """E52 取消合并, ordered of an incident that was merged: its reports come back."""

    reason: str
    sources: tuple[Source, ...] = ()
    """The others that the same order merged and that come back with it, all or none."""


@dataclass(frozen=True, slots=True)
class PartedFrom:
    """What taking a merge back does to the master, for all that come back together. Never ordered by itself."""

    source: UUID
    """The first of them."""
    number: str
    """The numbers of all."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the incidents another is split into."""

    category: str
    title: str
    text: str = ""
    place: LonLat | None = None
    """None: where the whole is."""
    place_text: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """E53 拆分: two or more parts, each filed; the whole waits for them."""

    parts: tuple[Part, ...]
    reason: str = ""
    numbers: tuple[str, ...] = ()
    """Numbers of the parts; the server gives them."""


@dataclass(frozen=True, slots=True)
class SplitOff:
    """What a split makes of one part. Never ordered by itself."""

    part: Part
    incident: UUID
    number: str
    grid: str
    category: str
    origin_worker: UUID | None = None
    origin_worker_name: str = ""


@dataclass(frozen=True, slots=True)
class Correct:
    """E59 更正: of the place or the category; routing is asked again, the limit stays."""

    reason: str
    category: str = ""
    place: LonLat | None = None
    place_text: str = ""
    grid: str = ""
    """Of the new place; the server finds it."""
    origin_worker: UUID | None = None
    origin_worker_name: str = ""


@dataclass(frozen=True, slots=True)
class Rehome:
    """E73 区划调整: the boundaries are others, and what happened lies in another grid now; where and when it was stays."""

    grid: str
    document: str
    """Number of the paper that ordered the change, or its title."""


@dataclass(frozen=True, slots=True)
class Edit:
    """E64 修改: a descriptive field, from what stood there to what is to stand there; needs no version."""

    field: str
    """title, place_text, floor."""
    base: str
    value: str


@dataclass(frozen=True, slots=True)
class Backfill:
    """E63 补录: what a direct order left out."""

    category: str
    title: str = ""
    occurred_at: datetime | None = None
