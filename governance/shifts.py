"""Shifts (班次) of a unit and how one hands over to the next (交接班): pure rules, now is an argument.

The outgoing shift keeps all its powers until the second signature (domain model B.8). So one unit never has two shifts in
force, and between the first shift and the last no moment without one, unless the level above covers it (代管).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from governance.people import Officer, Role
from governance.places import Level
from governance.refusal import Refused
from governance.roles import level_of_post

NORMAL = timedelta(minutes=30)
"""A hand-over takes so long at most; planned shifts may overlap by so much (A.2)."""
AWAITED = timedelta(minutes=60)
"""So long after its time a shift that nobody began to hand over is told of."""
AGAIN = timedelta(minutes=30)
"""The leader on duty is not told oftener."""

LEADING = frozenset({Role.SHIFT_LEAD, Role.NIGHT_WATCH})
"""Posts that may lead a shift; below the district an operator may too, for there is nobody else."""
LEADERS = frozenset({Role.LEADER})
"""带班领导: signs out for a shift lead who cannot."""


class ShiftState(StrEnum):
    """Where a shift stands."""

    PLANNED = "planned"
    OPEN = "open"
    HANDING_OVER = "handing_over"
    CLOSED = "closed"


IN_FORCE = frozenset({ShiftState.OPEN, ShiftState.HANDING_OVER})
"""Whoever sits in such a shift may do what his post may do."""


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift of one unit; `starts_at` and `ends_at` as planned, `opened_at` and `closed_at` as it was."""

    id: UUID
    unit: UUID
    name: str
    starts_at: datetime
    ends_at: datetime
    state: ShiftState
    lead: UUID | None = None
    lead_name: str = ""
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    told_at: datetime | None = None
    """When the leader on duty was last told that its end is overdue."""

    @property
    def is_in_force(self) -> bool:
        """Whether it has its powers."""
        return self.state in IN_FORCE


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, and when; `instead_of` names the lead for whom a leader on duty signed."""

    staff: UUID
    name: str
    at: datetime
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class Handover:
    """One hand-over: begun, signed by who goes, signed by who comes. What it tells of stands in its paper."""

    id: UUID
    unit: UUID
    out_shift: UUID
    in_shift: UUID
    began_at: datetime
    began_by: str
    signed_out: Signature | None = None
    signed_in: Signature | None = None


@dataclass(frozen=True, slots=True)
class UnitShifts:
    """How a unit stands: the shift in force, the one that comes next, and the hand-over between them while it runs."""

    unit: UUID
    current: Shift | None = None
    coming: Shift | None = None
    handover: Handover | None = None


@dataclass(frozen=True, slots=True)
class Handed:
    """What the second signature made: the unit as it stands now, the shift that went, the hand-over that is done."""

    standing: UnitShifts
    closed: Shift
    handover: Handover


def require_lead(officer: Officer, unit: UUID) -> None:
    """Refused where somebody's post may not lead a shift of a unit."""
    is_operator = officer.role is Role.OPERATOR and level_of_post(officer) < Level.DISTRICT
    if officer.role not in LEADING and not is_operator:
        raise Refused("not_your_role", role=officer.role.value)
    if officer.unit != unit:
        raise Refused("not_your_unit")


def planned(standing: UnitShifts, shift: Shift) -> UnitShifts:
    """A shift comes next. Refused where one is planned already, or it begins long before the one in force ends."""
    if standing.coming is not None:
        raise Refused("shift_planned_already", "starts_at", name=standing.coming.name)
    _require_sense(shift)
    if standing.current is not None and standing.current.ends_at - shift.starts_at > NORMAL:
        raise Refused("shifts_overlap", "starts_at", until=standing.current.ends_at.isoformat())
    return replace(standing, coming=replace(shift, state=ShiftState.PLANNED))


def opened(standing: UnitShifts, shift: Shift, lead: Officer, now: datetime) -> UnitShifts:
    """A unit without a shift has one again, led by who opened it; what covered it ends.

    `shift` is the one that was planned where there is one. Refused where a shift is in force: it is handed over instead.
    """
    if standing.current is not None:
        raise Refused("shift_open_already", name=standing.current.name)
    require_lead(lead, standing.unit)
    _require_sense(shift)
    if shift.ends_at <= now:
        raise Refused("shift_is_past", "ends_at")
    begun = replace(shift, state=ShiftState.OPEN, lead=lead.staff, lead_name=lead.name, opened_at=now)
    return replace(standing, current=begun, coming=None if standing.coming == shift else standing.coming)


def begun(standing: UnitShifts, officer: Officer, handover: UUID, coming: Shift, now: datetime) -> UnitShifts:
    """The hand-over runs: the shift in force hands over to the coming one, and keeps its powers.

    `coming` is the planned shift, or one made for it that starts now. Whoever may lead a shift of the unit may begin it, and
    the leader on duty: nothing is lost by beginning.
    """
    current = _current(standing)
    if standing.handover is not None:
        raise Refused("handover_runs", by=standing.handover.began_by)
    if officer.role not in LEADERS:
        require_lead(officer, standing.unit)
    going = replace(current, state=ShiftState.HANDING_OVER)
    begins = Handover(handover, standing.unit, current.id, coming.id, now, officer.name)
    return replace(standing, current=going, coming=replace(coming, state=ShiftState.PLANNED), handover=begins)


def taken_back(standing: UnitShifts, officer: Officer, now: datetime) -> tuple[UnitShifts, Shift | None]:
    """The hand-over is called off before anybody signed; the shift goes on. With the shift made for it, which falls away."""
    current, handover = _running(standing)
    if handover.signed_out is not None:
        raise Refused("handover_signed", "handover", by=handover.signed_out.name)
    if officer.staff != current.lead and officer.role not in LEADERS:
        raise Refused("not_the_lead", lead=current.lead_name)
    coming = standing.coming
    goes_on = replace(standing, current=replace(current, state=ShiftState.OPEN), handover=None)
    if coming is None or coming.starts_at != handover.began_at:
        return goes_on, None
    return replace(goes_on, coming=None), replace(coming, state=ShiftState.CLOSED, closed_at=now)


def signed_out(standing: UnitShifts, officer: Officer, now: datetime) -> UnitShifts:
    """The lead who goes has signed, or the leader on duty for him; the shift still has its powers."""
    current, handover = _running(standing)
    if handover.signed_out is not None:
        raise Refused("handover_signed", "handover", by=handover.signed_out.name)
    if officer.staff == current.lead:
        signature = Signature(officer.staff, officer.name, now)
    elif officer.role in LEADERS:
        signature = Signature(officer.staff, officer.name, now, current.lead_name)
    else:
        raise Refused("not_the_lead", lead=current.lead_name)
    return replace(standing, handover=replace(handover, signed_out=signature))


def signed_in(standing: UnitShifts, officer: Officer, now: datetime) -> Handed:
    """The second signature: the lead who comes has signed, and at this moment one shift closes and the next is open.

    Refused before the first signature, and where it is the same person, or the lead who goes.
    """
    current, handover = _running(standing)
    if handover.signed_out is None:
        raise Refused("sign_out_first", "handover", lead=current.lead_name)
    require_lead(officer, standing.unit)
    if officer.staff in (handover.signed_out.staff, current.lead):
        raise Refused("same_person", "login", name=officer.name)
    assert standing.coming is not None, "a hand-over has a shift it leads to"
    opens = replace(standing.coming, state=ShiftState.OPEN, lead=officer.staff, lead_name=officer.name, opened_at=now)
    return Handed(
        UnitShifts(standing.unit, opens),
        replace(current, state=ShiftState.CLOSED, closed_at=now),
        replace(handover, signed_in=Signature(officer.staff, officer.name, now)),
    )


def closed(standing: UnitShifts, officer: Officer, covering: UUID | None, now: datetime) -> tuple[UnitShifts, Shift]:
    """The shift ends without another, and the unit that covers it takes its queues (代管); with the shift that closed.

    Refused where nobody above has a shift: then it can only be handed over.
    """
    current = _current(standing)
    if standing.handover is not None:
        raise Refused("handover_runs", by=standing.handover.began_by)
    if officer.staff != current.lead:
        raise Refused("not_the_lead", lead=current.lead_name)
    if covering is None:
        raise Refused("nobody_covers")
    return replace(standing, current=None), replace(current, state=ShiftState.CLOSED, closed_at=now)


def covering(unit: UUID, above: Mapping[UUID, UUID | None], in_force: Collection[UUID]) -> UUID | None:
    """The nearest unit above that has a shift in force; None where there is none. `above`: unit -> the one above it."""
    seen = {unit}
    upper = above.get(unit)
    while upper is not None and upper not in seen:
        if upper in in_force:
            return upper
        seen.add(upper)
        upper = above.get(upper)
    return None


def late_since(standing: UnitShifts) -> datetime | None:
    """From when on the hand-over takes longer than is normal, or is missed where none was begun; None without a shift."""
    current = standing.current
    if current is None:
        return None
    if standing.handover is not None:
        return standing.handover.began_at + NORMAL
    due = current.ends_at if standing.coming is None else min(current.ends_at, standing.coming.starts_at)
    return due + AWAITED


def must_tell(standing: UnitShifts, now: datetime) -> bool:
    """Whether the leader on duty has to be told now that a hand-over is overdue, for the first time or once more."""
    current, since = standing.current, late_since(standing)
    if current is None or since is None or now < since:
        return False
    return current.told_at is None or current.told_at + AGAIN <= now


def told(standing: UnitShifts, now: datetime) -> UnitShifts:
    """The leader on duty was told."""
    return replace(standing, current=replace(_current(standing), told_at=now))


def _require_sense(shift: Shift) -> None:
    if shift.ends_at <= shift.starts_at:
        raise Refused("ends_before_it_starts", "ends_at")


def _current(standing: UnitShifts) -> Shift:
    if standing.current is None:
        raise Refused("no_shift")
    return standing.current


def _running(standing: UnitShifts) -> tuple[Shift, Handover]:
    if standing.current is None or standing.handover is None:
        raise Refused("no_handover")
    return standing.current, standing.handover
