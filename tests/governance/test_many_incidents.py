"""Thousands of incidents under random hands: every invariant holds after every step, and nobody is forgotten."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.clocks import due_timers
from governance.commands import Archive, TimerFired
from governance.incident import ActorKind, Case, State, Timer, TimerState
from governance.lifecycle import SYSTEM_OFFICER, after, may, settled
from governance.places import Level
from governance.refusal import Refused
from governance.roles import SYSTEM
from governance.rules import Rules
from governance.transitions import TABLE
from tests.governance.chance import attempt
from tests.governance.district import District
from tests.governance.field import WHOLE
from tests.governance.likely import MOODS

TIMES = int(os.environ.get("GRIDWARDEN_TIMES", "1"))
"""./gridwarden bench many-lives asks for ten times as much, of other seeds."""
INCIDENTS, TOGETHER, MOVES = 10_000 * TIMES, 10, 230
FIRST_SEED = 0 if TIMES == 1 else 10_000
THREE_LEVELS = {
    "no grids": replace(WHOLE, ladder=(Level.COMMUNITY, Level.STREET, Level.DISTRICT)),
    "no communities": replace(WHOLE, ladder=(Level.GRID, Level.STREET, Level.DISTRICT)),
}


def lived(seed: int, rules: Rules = WHOLE, moves: int = MOVES, incidents: int = TOGETHER) -> District:
    """A district after so many random moves, each step checked."""
    district = District(rules, name=f"district {seed}")
    district.live(Random(seed), moves, incidents)
    return district


@pytest.mark.timeout(900 * TIMES)
def test_ten_thousand_incidents_under_random_hands_break_no_invariant() -> None:
    rows: set[int] = set()
    states: Counter[State] = Counter()
    cases = 0
    for seed in range(FIRST_SEED, FIRST_SEED + INCIDENTS // TOGETHER):
        district = lived(seed)
        rows |= district.rows.keys()
        states.update(district.states)
        cases += len(district.cases)
    assert cases >= INCIDENTS
    never = [f"{row.id} {row.action.__name__} {row.timer} {row.target} {row.when}" for row in TABLE if id(row) not in rows]
    assert never == [], "rows of the table that nobody took"
    assert set(State) == set(states)
    assert states[State.ARCHIVED] > INCIDENTS // 50
    assert states[State.MERGED] > INCIDENTS // 50
    _tell(cases)


def _tell(cases: int) -> None:
    """How many lived, where the bench wants to know."""
    told = os.environ.get("GRIDWARDEN_FIGURES")
    if told:
        Path(told).write_text(json.dumps({"incidents": cases}), encoding="utf-8")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("rules", THREE_LEVELS.values(), ids=THREE_LEVELS)
def test_a_ladder_of_three_levels_is_climbed_by_the_same_rules(rules: Rules) -> None:
    districts = [lived(seed, rules) for seed in range(5_000, 5_100)]
    cases = [case for district in districts for case in district.cases.values()]
    levels = {level for case in cases for level in (case.incident.handling_level, case.incident.oversight_level)}
    assert levels == set(rules.ladder)
    assert {e.to_level for case in cases for e in case.escalations} <= set(rules.ladder)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**30))
def test_any_seed_breaks_no_invariant(seed: int) -> None:
    lived(seed, moves=120, incidents=4)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**30))
def test_the_same_commands_at_the_same_moments_give_the_same_cases(seed: int) -> None:
    assert lived(seed, moves=60, incidents=3).cases == lived(seed, moves=60, incidents=3).cases


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**30))
def test_what_may_refuses_after_refuses_too(seed: int) -> None:
    chance, district = Random(seed), lived(seed, moves=60, incidents=4)
    refused = 0
    for case in district.cases.values():
        for _ in range(30):
            command, who = attempt(chance, case, chance.choice(MOODS))
            if isinstance(command, TimerFired) or may(case, type(command), who, WHOLE, district.now) is None:
                continue
            with pytest.raises(Refused):
                after(case, command, who, WHOLE, district.now)
            refused += 1
    assert refused


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**30))
def test_firing_the_same_timer_twice_changes_nothing(seed: int) -> None:
    district = lived(seed, moves=60, incidents=4)
    now = district.now + timedelta(days=60)
    for case in district.cases.values():
        for timer in _due(case, now):
            fire = TimerFired(timer.id, timer.kind, timer.fired)
            once = after(case, fire, SYSTEM_OFFICER, WHOLE, now)
            with pytest.raises(Refused):
                after(once, fire, SYSTEM_OFFICER, WHOLE, now + timedelta(days=1))


def _due(case: Case, now: datetime) -> list[Timer]:
    return [t for t in case.timers if t.id in due_timers(case, now) and t.state is TimerState.RUNNING]


def test_what_is_automatic_follows_wherever_it_applies_and_ends() -> None:
    followed = set()
    for seed in range(60):
        district = lived(seed, moves=100, incidents=4)
        now = district.now + timedelta(days=99)
        for case in district.cases.values():
            end = settled(case, WHOLE, now)
            assert end == case, "an order leaves nothing behind that the system would do unasked"
            is_told = may(case, Archive, SYSTEM_OFFICER, WHOLE, now) is None
            assert not is_told
            followed |= {step.row for step in case.steps if step.actor_kind is ActorKind.RULE}
    assert followed >= {"E05", "E36", "E40", "E46"}


def test_only_the_system_does_what_is_automatic() -> None:
    assert all(SYSTEM in row.who for row in TABLE if row.automatic)
    assert sorted(row.id for row in TABLE if row.automatic) == ["E05", "E36", "E36", "E40", "E46"]
