"""Shifts: one in force per unit, one lead, powers until the second signature, and nobody who signs twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance import shifts
from governance.people import Officer, Role
from governance.refusal import Refused
from governance.shifts import AGAIN, AWAITED, Shift, ShiftState, UnitShifts

EIGHT = datetime(2026, 11, 22, 0, 0, tzinfo=UTC)
"""08:00 in Shanghai."""
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
UNIT, ABOVE = UUID(int=1), UUID(int=2)
DISTRICT, STREET = "330104", "330104005"


def person(n: int, role: Role = Role.SHIFT_LEAD, unit: UUID = UNIT, scope: str = DISTRICT) -> Officer:
    """Somebody with a number."""
    return Officer(UUID(int=100 + n), f"人{n}", UUID(int=200 + n), role, scope, 2, None, unit)


def shift(n: int, starts: datetime, hours: int = 8, state: ShiftState = ShiftState.PLANNED) -> Shift:
    """A shift with a number."""
    return Shift(UUID(int=300 + n), UNIT, f"班{n}", starts, starts + hours * HOUR, state)


NIGHT = shift(0, EIGHT - 8 * HOUR)
MORNING = shift(1, EIGHT)
GOES, COMES, LEADER = person(1), person(2), person(3, Role.LEADER)
IN_FORCE = shifts.opened(UnitShifts(UNIT), NIGHT, GOES, EIGHT - 8 * HOUR)
RUNS = shifts.begun(IN_FORCE, GOES, UUID(int=9), MORNING, EIGHT)
SIGNED = shifts.signed_out(RUNS, GOES, EIGHT + 5 * MINUTE)


def test_a_hand_over_goes_from_one_lead_to_the_next() -> None:
    assert RUNS.current
    assert RUNS.current.is_in_force
    assert SIGNED.current == RUNS.current, "the first signature takes nothing away"
    handed = shifts.signed_in(SIGNED, COMES, EIGHT + 12 * MINUTE)
    assert handed.standing.current
    assert (handed.standing.current.id, handed.standing.current.lead) == (MORNING.id, COMES.staff)
    assert handed.standing.current.state is ShiftState.OPEN
    assert handed.standing.handover is None
    assert handed.closed.state is ShiftState.CLOSED
    assert handed.closed.closed_at == handed.standing.current.opened_at == EIGHT + 12 * MINUTE
    assert handed.handover.signed_out
    assert handed.handover.signed_in
    assert handed.handover.signed_out.staff != handed.handover.signed_in.staff


REFUSED: list[tuple[str, Callable[[], object]]] = [
    ("shift_open_already", lambda: shifts.opened(IN_FORCE, MORNING, COMES, EIGHT)),
    ("not_your_role", lambda: shifts.opened(UnitShifts(UNIT), NIGHT, person(4, Role.DUTY_OFFICER), EIGHT - HOUR)),
    ("not_your_role", lambda: shifts.opened(UnitShifts(UNIT), NIGHT, person(4, Role.OPERATOR), EIGHT - HOUR)),
    ("not_your_unit", lambda: shifts.opened(UnitShifts(UNIT), NIGHT, person(4, unit=ABOVE), EIGHT - HOUR)),
    ("shift_is_past", lambda: shifts.opened(UnitShifts(UNIT), NIGHT, GOES, EIGHT + HOUR)),
    ("ends_before_it_starts", lambda: shifts.planned(UnitShifts(UNIT), replace(MORNING, ends_at=EIGHT))),
    ("shifts_overlap", lambda: shifts.planned(IN_FORCE, replace(MORNING, starts_at=EIGHT - 31 * MINUTE))),
    ("shift_planned_already", lambda: shifts.planned(shifts.planned(IN_FORCE, MORNING), shift(2, EIGHT + 8 * HOUR))),
    ("no_shift", lambda: shifts.begun(UnitShifts(UNIT), COMES, UUID(int=9), MORNING, EIGHT)),
    ("handover_runs", lambda: shifts.begun(RUNS, COMES, UUID(int=10), MORNING, EIGHT)),
    ("not_your_role", lambda: shifts.begun(IN_FORCE, person(5, Role.DISPATCHER), UUID(int=9), MORNING, EIGHT)),
    ("no_handover", lambda: shifts.signed_out(IN_FORCE, GOES, EIGHT)),
    ("not_the_lead", lambda: shifts.signed_out(RUNS, COMES, EIGHT)),
    ("handover_signed", lambda: shifts.signed_out(SIGNED, GOES, EIGHT)),
    ("sign_out_first", lambda: shifts.signed_in(RUNS, COMES, EIGHT)),
    ("same_person", lambda: shifts.signed_in(SIGNED, GOES, EIGHT)),
    ("not_your_role", lambda: shifts.signed_in(SIGNED, person(6, Role.DUTY_OFFICER), EIGHT)),
    ("not_your_unit", lambda: shifts.signed_in(SIGNED, person(6, unit=ABOVE), EIGHT)),
    ("handover_signed", lambda: shifts.taken_back(SIGNED, GOES, EIGHT)),
    ("not_the_lead", lambda: shifts.taken_back(RUNS, COMES, EIGHT)),
    ("nobody_covers", lambda: shifts.closed(IN_FORCE, GOES, None, EIGHT)),
    ("handover_runs", lambda: shifts.closed(RUNS, GOES, ABOVE, EIGHT)),
    ("not_the_lead", lambda: shifts.closed(IN_FORCE, COMES, ABOVE, EIGHT)),
]


@pytest.mark.parametrize(("code", "act"), REFUSED, ids=[f"{code} {n}" for n, (code, _) in enumerate(REFUSED)])
def test_what_the_rules_refuse(code: str, act: Callable[[], object]) -> None:
    with pytest.raises(Refused) as refused:
        act()
    assert refused.value.code == code


def test_the_leader_on_duty_signs_for_a_lead_who_cannot_and_the_paper_says_so() -> None:
    signed = shifts.signed_out(RUNS, LEADER, EIGHT + HOUR)
    assert signed.handover
    assert signed.handover.signed_out
    assert signed.handover.signed_out.instead_of == GOES.name
    with pytest.raises(Refused, match="same_person"):
        shifts.signed_in(signed, GOES, EIGHT + HOUR)


def test_at_night_and_below_the_district_others_lead_too() -> None:
    night = shifts.opened(UnitShifts(UNIT), NIGHT, person(7, Role.NIGHT_WATCH), EIGHT - 8 * HOUR)
    assert night.current
    street = shifts.opened(UnitShifts(UNIT), NIGHT, person(8, Role.OPERATOR, scope=STREET), EIGHT - 8 * HOUR)
    assert street.current


def test_a_hand_over_called_off_takes_the_shift_with_it_that_was_made_for_it() -> None:
    goes_on, fell_away = shifts.taken_back(RUNS, GOES, EIGHT + MINUTE)
    assert goes_on == IN_FORCE
    assert fell_away
    assert (fell_away.id, fell_away.state) == (MORNING.id, ShiftState.CLOSED)
    planned = shifts.planned(IN_FORCE, MORNING)
    begun = shifts.begun(planned, GOES, UUID(int=9), MORNING, EIGHT - MINUTE)
    assert shifts.taken_back(begun, LEADER, EIGHT) == (planned, None), "what was planned stays planned"


@pytest.mark.parametrize(
    ("standing", "minutes", "told_before", "tells"),
    [
        (IN_FORCE, 59, None, False),
        (IN_FORCE, 60, None, True),
        (IN_FORCE, 89, 60, False),
        (IN_FORCE, 90, 60, True),
        (RUNS, 29, None, False),
        (RUNS, 30, None, True),
        (RUNS, 59, 30, False),
        (RUNS, 60, 30, True),
        (SIGNED, 60, None, True),
        (UnitShifts(UNIT), 600, None, False),
        (shifts.planned(IN_FORCE, replace(MORNING, starts_at=EIGHT - 20 * MINUTE)), 40, None, True),
    ],
)
def test_when_the_leader_on_duty_is_told(standing: UnitShifts, minutes: int, told_before: int | None, tells: bool) -> None:
    if told_before is not None:
        standing = shifts.told(standing, EIGHT + told_before * MINUTE)
    assert shifts.must_tell(standing, EIGHT + minutes * MINUTE) is tells
    assert (AWAITED, AGAIN) == (HOUR, 30 * MINUTE)


@pytest.mark.parametrize(
    ("in_force", "covers"), [({2}, 2), ({3}, 3), ({2, 3}, 2), (set(), None), ({1}, None), ({9}, None)], ids=str
)
def test_the_nearest_level_above_covers(in_force: set[int], covers: int | None) -> None:
    above: dict[UUID, UUID | None] = {UUID(int=1): UUID(int=2), UUID(int=2): UUID(int=3), UUID(int=3): None}
    found = shifts.covering(UUID(int=1), above, {UUID(int=n) for n in in_force})
    assert found == (UUID(int=covers) if covers else None)


def test_units_that_stand_above_each_other_end_the_search() -> None:
    assert shifts.covering(UNIT, {UNIT: ABOVE, ABOVE: UNIT}, set()) is None


ACTORS = (GOES, COMES, LEADER, person(4, Role.NIGHT_WATCH), person(5, Role.DUTY_OFFICER), person(6, unit=ABOVE))


@dataclass
class Duty:
    """A unit through the days, with everything that ever was in force."""

    standing: UnitShifts = field(default_factory=lambda: UnitShifts(UNIT))
    now: datetime = EIGHT
    past: list[Shift] = field(default_factory=list)
    done: list[shifts.Handover] = field(default_factory=list)
    n: int = 10

    def act(self, word: str, who: Officer) -> None:
        """One act; Refused leaves all as it was."""
        self.n += 1
        coming = self.standing.coming or shift(self.n, self.now)
        if word == "open":
            self.standing = shifts.opened(self.standing, coming, who, self.now)
        elif word == "plan":
            self.standing = shifts.planned(self.standing, shift(self.n, self.now + 8 * HOUR))
        elif word == "begin":
            self.standing = shifts.begun(self.standing, who, UUID(int=self.n), coming, self.now)
        elif word == "back":
            self.standing, _ = shifts.taken_back(self.standing, who, self.now)
        elif word == "out":
            self.standing = shifts.signed_out(self.standing, who, self.now)
        elif word == "in":
            handed = shifts.signed_in(self.standing, who, self.now)
            self.standing = handed.standing
            self.past.append(handed.closed)
            self.done.append(handed.handover)
        elif word == "close":
            self.standing, gone = shifts.closed(self.standing, who, None, self.now)
            self.past.append(gone)


acts = st.tuples(
    st.sampled_from(["open", "plan", "begin", "back", "out", "in", "close", "begin", "out", "in"]),
    st.sampled_from(ACTORS),
    st.integers(1, 600),
)


@given(st.lists(acts, max_size=40))
def test_whatever_is_tried_in_whatever_order(script: list[tuple[str, Officer, int]]) -> None:
    duty = Duty()
    ever_open = False
    for word, who, minutes in script:
        duty.now += minutes * MINUTE
        before = duty.standing
        try:
            duty.act(word, who)
        except Refused:
            assert duty.standing == before
        standing = duty.standing
        ever_open = ever_open or standing.current is not None
        if ever_open:  # nobody covers the top: never a moment without powers
            assert standing.current is not None
            assert standing.current.is_in_force
            assert standing.current.lead is not None
        assert (standing.handover is not None) == (
            standing.current is not None and standing.current.state is ShiftState.HANDING_OVER
        )
        if standing.coming is not None:
            assert standing.coming.state is ShiftState.PLANNED
            assert standing.coming.lead is None
    for done in duty.done:
        assert done.signed_out
        assert done.signed_in
        assert done.signed_out.staff != done.signed_in.staff
        assert done.began_at <= done.signed_out.at <= done.signed_in.at
    held = [*duty.past, *([duty.standing.current] if duty.standing.current else [])]
    for earlier, later in pairwise(held):
        assert earlier.closed_at == later.opened_at, "no gap and no overlap of powers"
