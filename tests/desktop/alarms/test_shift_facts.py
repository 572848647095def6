"""Hand-overs that wait for a signature, and queues that are covered: told to whom they ask something, and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from desktop.alarms.facts import Post, answers_for
from desktop.alarms.kinds import AlarmKind, Priority, Sound
from desktop.alarms.rows import rows_of
from desktop.alarms.shift_facts import covered_areas, handover_facts
from governance.incident import State, Urgency
from governance.people import Officer, Role, Unit
from governance.places import Level
from governance.shifts import Handover, Shift, ShiftState, Signature, UnitShifts
from tests.fakes import situations
from tests.fakes.desks import FakeDesk
from tests.fakes.situations import CENTRE_UNIT, NOW, OFFICER, SHIFT_LEAD, named

STREET = Unit(named("street desk"), "JD-005", "四季青街道指挥室", "street_centre", 3, "330104005")
OTHER = Unit(named("other desk"), "JD-008", "九堡街道指挥室", "street_centre", 3, "330104008")
TEAM = situations.TEAM_UNIT
UNITS = {unit.id: unit for unit in (CENTRE_UNIT, STREET, OTHER, TEAM)}
GOING = replace(SHIFT_LEAD, staff=named("going"))
COMING = replace(SHIFT_LEAD, staff=named("coming"))
LEADER = replace(SHIFT_LEAD, staff=named("leader"), role=Role.LEADER)
SIGNED = Signature(GOING.staff, "许岚", NOW)


def shift(unit: UUID, state: ShiftState = ShiftState.OPEN, lead: UUID | None = None, is_told: bool = False) -> Shift:
    times = (NOW - timedelta(hours=8), NOW)
    told = NOW + timedelta(minutes=30) if is_told else None
    return Shift(named(f"shift {unit} {state}"), unit, "早班", *times, state, lead, told_at=told)


def standing(signed_out: Signature | None = None, runs: bool = True, is_told: bool = False) -> UnitShifts:
    """The centre's shift, led by who goes."""
    unit = CENTRE_UNIT.id
    current = shift(unit, ShiftState.HANDING_OVER if runs else ShiftState.OPEN, GOING.staff, is_told)
    coming = shift(unit, ShiftState.PLANNED)
    handover = Handover(named("handover"), unit, current.id, coming.id, NOW, "许岚", signed_out)
    return UnitShifts(unit, current, coming, handover if runs else None)


@pytest.mark.parametrize(
    ("stands", "told"),
    [
        (standing(), {"going"}),
        (standing(SIGNED), {"coming"}),
        (standing(runs=False), set()),
        (standing(runs=False, is_told=True), {"going", "leader"}),
        (standing(SIGNED, is_told=True), {"coming", "leader"}),
        (UnitShifts(CENTRE_UNIT.id), set()),
        (None, set()),
    ],
)
def test_a_hand_over_asks_who_has_to_sign_and_overrun_the_leader_too(stands: UnitShifts | None, told: set[str]) -> None:
    people: dict[str, Officer] = {"going": GOING, "coming": COMING, "leader": LEADER, "duty": OFFICER}
    assert {name for name, officer in people.items() if tuple(handover_facts(officer, stands))} == told


def test_an_overrun_hand_over_is_graver_and_another_turn() -> None:
    (waits,), (overrun,) = handover_facts(COMING, standing(SIGNED)), handover_facts(COMING, standing(SIGNED, is_told=True))
    assert (waits.priority, overrun.priority) == (Priority.LOW, Priority.HIGH)
    assert waits.key == overrun.key
    assert waits.turn != overrun.turn


@pytest.mark.parametrize(
    ("open_units", "covered"),
    [
        ((CENTRE_UNIT,), {"330104005", "330104008"}),
        ((CENTRE_UNIT, STREET), {"330104008"}),
        ((CENTRE_UNIT, STREET, OTHER), set()),
        ((STREET,), set()),
        ((), set()),
    ],
)
def test_a_queue_without_a_shift_is_covered_by_the_desk_above(open_units: tuple[Unit, ...], covered: set[str]) -> None:
    shifts = {unit.id: UnitShifts(unit.id, shift(unit.id)) for unit in open_units}
    assert covered_areas(OFFICER, UNITS, shifts) == covered
    assert covered_areas(replace(OFFICER, unit=TEAM.id), UNITS, shifts) == frozenset()


def test_a_community_without_a_shift_is_covered_by_its_street_or_else_by_the_centre() -> None:
    office = Unit(named("office"), "SQ-051", "景芳社区", "community_office", 2, "330104005051")
    units = UNITS | {office.id: office}
    shifts = {unit.id: UnitShifts(unit.id, shift(unit.id)) for unit in (CENTRE_UNIT, STREET)}
    at_street = replace(OFFICER, unit=STREET.id, scope=STREET.area)
    assert covered_areas(at_street, units, shifts) == {office.area}
    assert covered_areas(OFFICER, units, shifts) == {OTHER.area}
    assert office.area in covered_areas(OFFICER, units, {CENTRE_UNIT.id: shifts[CENTRE_UNIT.id]})
    shifts[office.id] = UnitShifts(office.id, shift(office.id))
    assert covered_areas(at_street, units, shifts) == frozenset()


@pytest.mark.parametrize(
    ("handling", "oversight", "own", "covered", "answers"),
    [
        (Level.COMMUNITY, Level.STREET, "330104", "330104005", True),  # the level it went up to has no shift: who covers that
        (Level.COMMUNITY, Level.COMMUNITY, "330104", "330104005", False),
        (Level.COMMUNITY, Level.COMMUNITY, "330104", "330104005051", True),
        (Level.COMMUNITY, Level.DISTRICT, "330104005", "", True),  # the level that was passed hears too
        (Level.COMMUNITY, Level.STREET, "330104", "330104008", False),
        (Level.GRID, Level.GRID, "330104", "330104005", False),
        (Level.STREET, Level.COMMUNITY, "330104", "330104005", True),
    ],
)
def test_every_level_from_handling_to_oversight_is_somebodys_to_answer_for(
    handling: Level, oversight: Level, own: str, covered: str, answers: bool
) -> None:
    case = situations.case(5, State.HANDLING)
    places = {"handling_level": handling, "oversight_level": oversight, "grid": "330104005051001"}
    case = replace(case, incident=replace(case.incident, **places), steps=())
    post = Post(replace(OFFICER, scope=own), situations.rules(), frozenset(filter(None, (covered,))))
    assert answers_for(case, post) is answers


def test_a_hand_over_rings_on_the_desk_and_goes_when_it_is_signed(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(officer=COMING)
    desk.situation.shifts[CENTRE_UNIT.id] = standing(SIGNED)
    desk.alarms.touch_shifts()
    assert [sound for sound, _ in desk.sound.played] == [Sound.ANSWER]
    assert [row.fact.kind for row in rows_of(desk.alarms.standing, NOW)] == [AlarmKind.HANDOVER]
    with qtbot.waitSignal(desk.alarms.signing):
        desk.alarms.strip.chips[0].click()
    del desk.situation.shifts[CENTRE_UNIT.id]
    desk.alarms.touch_shifts()
    assert desk.alarms.rows == ()


def test_what_becomes_covered_is_answered_for_at_once(desk: FakeDesk) -> None:
    case = situations.case(5, State.HANDLING)
    late = replace(
        case.incident,
        overdue=True,
        grid="330104005051001",
        urgency=Urgency.NORMAL,
        handling_level=Level.STREET,
        oversight_level=Level.STREET,
        version=99,
    )
    desk.change(desk.situation.cases[late.id], replace(case, incident=late))
    assert desk.alarms.rows == ()

    def told() -> set[UUID | None]:
        return {incident for row in desk.alarms.rows for _, incident in row.keys}

    desk.situation.units |= UNITS
    desk.situation.shifts[CENTRE_UNIT.id] = UnitShifts(CENTRE_UNIT.id, shift(CENTRE_UNIT.id))
    desk.alarms.touch_shifts()
    assert late.id in told()
    assert len(desk.sound.played) == 1, "what a queue brings along is announced once"
    desk.situation.shifts[STREET.id] = UnitShifts(STREET.id, shift(STREET.id))
    desk.alarms.touch_shifts()
    assert late.id not in told()
