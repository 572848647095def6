"""Planning the shift that comes next, and who leads the one in force: pure rules, now is an argument.

A plan is the unit's own, or that of the level above. A planned shift is replaced whole: what was planned stays on record.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from governance.people import Officer
from governance.refusal import Refused
from governance.shifts import LEADERS, LEADING, NORMAL, Shift, ShiftState, UnitShifts, planned, require_lead

LONGEST = timedelta(hours=24)
FURTHEST = timedelta(days=62)
"""A shift further off is a slip of the pen."""
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class LeadOffer:
    """Somebody whose post may lead a shift of a unit."""

    staff: UUID
    name: str
    title: str = ""


def require_planner(officer: Officer, unit: UUID, is_above: bool) -> None:
    """Refused where somebody may not plan the shifts of a unit. `is_above`: the area of the post holds the unit's."""
    if officer.unit != unit and is_above:
        if officer.role not in LEADING | LEADERS:
            raise Refused("not_your_role", role=officer.role.value)
        return
    if officer.role in LEADERS and officer.unit == unit:
        return
    require_lead(officer, unit)


def newly_planned(standing: UnitShifts, shift: Shift, now: datetime, ends_current: bool = False) -> UnitShifts:
    """The shift comes next. Refused beside its field where it makes no sense, is past, or overlaps the one in force.

    With `ends_current` the one in force is to end when this one begins, where it would end later.
    """
    if not shift.name.strip():
        raise Refused("text_needed", "name")
    if len(shift.name) > LONGEST_NAME:
        raise Refused("too_long", "name", most=str(LONGEST_NAME))
    if shift.ends_at <= now:
        raise Refused("shift_is_past", "ends_at")
    if shift.starts_at < now - NORMAL:
        raise Refused("shift_is_past", "starts_at")
    current = standing.current
    if shift.starts_at > max(now, current.ends_at if current else now) + FURTHEST:
        raise Refused("shift_far", "starts_at")
    if shift.ends_at - shift.starts_at > LONGEST:
        raise Refused("shift_too_long", "ends_at", hours=str(LONGEST // timedelta(hours=1)))
    if ends_current and current is not None and now < shift.starts_at < current.ends_at:
        standing = replace(standing, current=replace(current, ends_at=shift.starts_at))
    return planned(standing, shift)


def cancelled(standing: UnitShifts, shift: UUID, now: datetime) -> tuple[UnitShifts, Shift]:
    """Nothing is planned any more; with the shift that falls away. Refused where none is planned, or it is handed over to."""
    coming = standing.coming
    if coming is None or coming.id != shift:
        raise Refused("not_planned", "shift")
    if standing.handover is not None:
        raise Refused("handover_runs", by=standing.handover.began_by)
    return replace(standing, coming=None), replace(coming, state=ShiftState.CLOSED, closed_at=now)


def lead_changed(standing: UnitShifts, shift: UUID, officer: Officer, lead: LeadOffer, is_above: bool) -> UnitShifts:
    """Somebody else leads the shift in force: handed on by its lead, or by the level above."""
    current = standing.current
    if current is None or current.id != shift:
        raise Refused("no_such_shift", "shift")
    if standing.handover is not None and standing.handover.signed_out is not None:
        raise Refused("handover_signed", "handover", by=standing.handover.signed_out.name)
    may = officer.staff == current.lead or (is_above and officer.role in LEADING | LEADERS) or officer.role in LEADERS
    if not may:
        raise Refused("not_the_lead", lead=current.lead_name)
    if lead.staff == current.lead:
        raise Refused("same_lead", "lead", name=lead.name)
    return replace(standing, current=replace(current, lead=lead.staff, lead_name=lead.name))
