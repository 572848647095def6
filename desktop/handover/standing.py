"""How the officer's unit stands and what he may do about it now, by the rules; plain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from governance import shifts as rules
from governance.people import Officer
from governance.places import Level
from governance.refusal import Refused
from governance.roles import level_of_post
from governance.shifts import NORMAL, Shift, ShiftState, UnitShifts

NOBODY = UUID(int=0)


def own(shifts: Mapping[UUID, UnitShifts], officer: Officer, before: UUID | None) -> UnitShifts | None:
    """How the unit stands whose shift the officer sits in: that of his shift, else his own, else the one known before."""
    for standing in shifts.values():
        if standing.current is not None and standing.current.id == officer.shift:
            return standing
    for unit in (before, officer.unit):
        if unit is not None and unit in shifts:
            return shifts[unit]
    return None


def why_not_begin(standing: UnitShifts, officer: Officer, now: datetime) -> Refused | None:
    """Why the officer may not begin the hand-over; None where he may."""
    coming = standing.coming or Shift(NOBODY, standing.unit, "", now, now + timedelta(hours=8), ShiftState.PLANNED)
    return _refusal(lambda: rules.begun(standing, officer, NOBODY, coming, now))


def why_not_sign_out(standing: UnitShifts, officer: Officer, now: datetime) -> Refused | None:
    """Why the officer may not sign as the one who goes."""
    return _refusal(lambda: rules.signed_out(standing, officer, now))


def why_not_take_back(standing: UnitShifts, officer: Officer, now: datetime) -> Refused | None:
    """Why the officer may not call the hand-over off."""
    return _refusal(lambda: rules.taken_back(standing, officer, now))


def why_not_sign_in(standing: UnitShifts, officer: Officer, now: datetime) -> Refused | None:
    """Why the officer may not sign as the one who comes."""
    return _refusal(lambda: rules.signed_in(standing, officer, now))


def why_not_open(shifts: Mapping[UUID, UnitShifts], officer: Officer, now: datetime) -> Refused | None:
    """Why the officer may not open a shift of his own unit: most often because it has one."""
    if officer.unit is None:
        return Refused("not_your_unit")
    standing = shifts.get(officer.unit, UnitShifts(officer.unit))
    coming = standing.coming or Shift(NOBODY, officer.unit, "", now, now + timedelta(hours=8), ShiftState.PLANNED)
    return _refusal(lambda: rules.opened(standing, coming, officer, now))


def why_not_close(standing: UnitShifts, officer: Officer, now: datetime) -> Refused | None:
    """Why the officer may not end the shift without another; whether somebody covers it then the server knows."""
    cover = NOBODY if level_of_post(officer) < Level.DISTRICT else None
    return _refusal(lambda: rules.closed(standing, officer, cover, now))


@dataclass(frozen=True, slots=True)
class Lateness:
    """How long a hand-over runs or is missed, in whole minutes, and whether that is longer than is normal."""

    minutes: int
    runs: bool
    is_late: bool


def lateness(standing: UnitShifts | None, now: datetime) -> Lateness | None:
    """How the hand-over stands in time; None where none runs and none is missed."""
    if standing is None or standing.current is None:
        return None
    since = rules.late_since(standing)
    assert since is not None, "there is a shift"
    if standing.handover is not None:
        running = now - standing.handover.began_at
        return Lateness(max(int(running / timedelta(minutes=1)), 0), True, running >= NORMAL)
    if now < since:
        return None
    due = since - rules.AWAITED
    return Lateness(int((now - due) / timedelta(minutes=1)), False, True)


def _refusal(attempt: Callable[[], object]) -> Refused | None:
    try:
        attempt()
    except Refused as no:
        return no
    return None
