"""What an officer may do about a hand-over, by the rules; and whose shift he sits in."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from desktop.handover import standing as part
from desktop.handover.standing import Lateness
from governance.people import Officer, Role
from governance.shifts import UnitShifts
from tests.desktop.handover.shift_scene import COMES, LEAD, MINUTE, NOW, OPEN, RUNS, SIGNED, UNIT
from tests.fakes import situations

LEADER = replace(LEAD, staff=UUID(int=5), role=Role.LEADER)


@pytest.mark.parametrize(
    ("standing", "officer", "may"),
    [
        (OPEN, LEAD, "begin"),
        (OPEN, COMES, "begin"),
        (OPEN, situations.OFFICER, ""),
        (RUNS, LEAD, "out back"),
        (RUNS, LEADER, "out back"),
        (RUNS, COMES, ""),
        (SIGNED, COMES, "in"),
        (SIGNED, LEAD, ""),
        (SIGNED, LEADER, ""),
    ],
)
def test_what_an_officer_may_do(standing: UnitShifts, officer: Officer, may: str) -> None:
    asks = {
        "begin": part.why_not_begin,
        "out": part.why_not_sign_out,
        "back": part.why_not_take_back,
        "in": part.why_not_sign_in,
    }
    assert {word for word, ask in asks.items() if ask(standing, officer, NOW) is None} == set(may.split())


@pytest.mark.parametrize(
    ("standing", "minutes", "found"),
    [
        (None, 0, None),
        (OPEN, 0, None),
        (OPEN, 60, Lateness(60, False, True)),
        (RUNS, 12, Lateness(12, True, False)),
        (SIGNED, 30, Lateness(30, True, True)),
    ],
)
def test_how_long_a_hand_over_runs(standing: UnitShifts | None, minutes: int, found: Lateness | None) -> None:
    assert part.lateness(standing, NOW + minutes * MINUTE) == found


def test_whose_shift_an_officer_sits_in() -> None:
    street = replace(situations.OFFICER, unit=UUID(int=4))
    assert part.own({UNIT: OPEN}, street, None) == OPEN, "the shift that covers him"
    assert part.own({UNIT: OPEN}, replace(street, shift=UUID(int=3)), UNIT) == OPEN, "the next shift of the same unit"
    own = UnitShifts(UUID(int=4), OPEN.current)
    assert part.own({UUID(int=4): own}, replace(street, shift=None), None) == own
    assert part.own({}, street, None) is None
