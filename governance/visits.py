"""Visits and patrols (走访、巡查) a worker tells of: what one is, and what of it is believed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from governance.places import LonLat
from governance.refusal import Refused

LONGEST = timedelta(hours=12)
TOLD_WITHIN = timedelta(days=7)
"""Later than this nobody's word is taken for what he did (the diary is due after two days)."""
CLOCKS_APART = timedelta(minutes=5)
SEEN_WITHIN_M = 100.0
"""So near a position of the worker has to be, or he says why there is none (domain model A.5)."""


class VisitKind(StrEnum):
    """What somebody was out for."""

    PATROL = "patrol"
    """巡查: a round through the grid, to no household."""
    ROUTINE = "routine"
    """走访."""
    WEDNESDAY_NIGHT = "wednesday_night"
    """周三访谈夜."""
    SATURDAY = "saturday"
    """周六网格日."""
    CAMPAIGN = "campaign"
    """专项行动."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit or round, as the worker tells of it when it is over; moments are aware, UTC."""

    kind: VisitKind
    began_at: datetime
    ended_at: datetime
    place: LonLat
    household: str = ""
    """Whom: the address as it is written on the door. Kept as a mark only that tells households apart."""
    reason: str = ""
    """Why no position of his phone shows him there."""


def require_believable(visit: Visit, now: datetime) -> None:
    """Refused where a visit cannot have been as it is told."""
    if visit.ended_at <= visit.began_at:
        raise Refused("visit_ends_first", "ended_at")
    if visit.ended_at - visit.began_at > LONGEST:
        raise Refused("visit_too_long", "ended_at")
    if visit.ended_at > now + CLOCKS_APART:
        raise Refused("visit_not_over", "ended_at")
    if visit.began_at < now - TOLD_WITHIN:
        raise Refused("visit_too_old", "began_at")
    if visit.kind is VisitKind.PATROL and visit.household:
        raise Refused("patrol_of_household", "household")
    if visit.kind is not VisitKind.PATROL and not visit.household:
        raise Refused("household_needed", "household")


def require_seen(visit: Visit, is_seen: bool) -> None:
    """Refused where neither a position shows the worker there nor he says why."""
    if not is_seen and not visit.reason:
        raise Refused("not_seen_there", "reason")
