"""What the shifts ask of this officer: a hand-over to sign, and whose queues are covered meanwhile (代管); plain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from uuid import UUID

from desktop.alarms.facts import handover_waits
from desktop.alarms.kinds import AlarmFact
from governance.people import Officer, Unit
from governance.refusal import Refused
from governance.shifts import LEADERS, UnitShifts, require_lead

QUEUE_KINDS = frozenset({"centre", "street_centre", "community_office"})
"""Units that have a queue: without a shift in force it is covered by the nearest desk above."""


def handover_facts(officer: Officer, standing: UnitShifts | None) -> Iterator[AlarmFact]:
    """The signature that is this officer's to give; overrun, the leader on duty (带班领导) is told as well.

    Who has to sign first is the lead who goes; then whoever may lead the unit's next shift. Overrun is what the server
    told the leader of (Shift.told_at): an hour after its end nobody had begun, or it was not signed in half an hour.
    """
    if standing is None or standing.current is None:
        return
    current, handover = standing.current, standing.handover
    told = current.told_at
    turn = told.isoformat() if told is not None else ""
    if handover is not None and handover.signed_out is not None:
        is_mine = officer.staff not in (handover.signed_out.staff, current.lead) and _may_lead(officer, standing.unit)
        since, step = handover.signed_out.at, f"{handover.id}:in"
    elif handover is not None:
        is_mine, since, step = officer.staff == current.lead, handover.began_at, f"{handover.id}:out"
    elif told is not None:
        is_mine, since, step = officer.staff == current.lead, told, f"{current.id}:begin"
    else:
        return
    if is_mine or (told is not None and officer.role in LEADERS):
        yield handover_waits(since, f"{step}:{turn}", is_overrun=told is not None)


def covered_areas(officer: Officer, units: Mapping[UUID, Unit], shifts: Mapping[UUID, UnitShifts]) -> frozenset[str]:
    """Codes of the areas whose own unit has no shift in force, so that the officer's unit covers their queues."""
    queues = [unit for unit in units.values() if unit.kind in QUEUE_KINDS]
    in_force = {unit for unit, standing in shifts.items() if standing.current is not None}
    found = set()
    for unit in queues:
        if unit.id in in_force:
            continue
        above = [each for each in queues if each.id in in_force and each.area != unit.area and unit.area.startswith(each.area)]
        nearest = max(above, key=lambda each: len(each.area), default=None)
        if nearest is not None and nearest.id == officer.unit:
            found.add(unit.area)
    return frozenset(found)


def _may_lead(officer: Officer, unit: UUID) -> bool:
    try:
        require_lead(officer, unit)
    except Refused:
        return False
    return True
