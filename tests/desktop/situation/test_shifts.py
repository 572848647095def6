"""How units stand is replaced by a snapshot and by facts, whole; a unit without shifts is not kept."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from msgspec import structs

from desktop.situation.situation import Situation
from governance.changes import Change, ShiftChanged
from governance.shifts import Shift, ShiftState, UnitShifts
from tests.fakes import situations

UNIT = situations.CENTRE_UNIT.id
SHIFT = Shift(
    UUID(int=1), UNIT, "早班", situations.NOW, situations.NOW + timedelta(hours=8), ShiftState.OPEN, UUID(int=2), "许岚"
)
STANDS = UnitShifts(UNIT, SHIFT)


def change(number: int, standing: UnitShifts) -> Change:
    """A fact of the district's stream."""
    return Change("district/1", number, situations.NOW, None, ShiftChanged(standing))


def test_a_snapshot_brings_the_shifts_and_a_fact_replaces_how_a_unit_stands() -> None:
    situation = Situation()
    taken = situations.snapshot(3)
    situation.start_from(structs.replace(taken, shifts=(STANDS,)))
    assert situation.shifts == {UNIT: STANDS}
    coming = UnitShifts(UNIT, SHIFT, SHIFT)
    touched = situation.apply(change(2, coming))
    assert touched.shifts == {UNIT}
    assert situation.shifts == {UNIT: coming}
    situation.apply(change(3, UnitShifts(UNIT)))
    assert situation.shifts == {}
    assert situation.numbers["district/1"] == 3
