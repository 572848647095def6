"""Thousands of incidents under random hands: every invariant holds after every step, and nobody is forgotten."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.clocks import due_timers
from governance.commands import Archive, Reject, TimerFired
from governance.incident import Case, State, TimerState
from governance.lifecycle import SYSTEM_OFFICER, after, may, settled
from governance.places import Level
from governance.refusal import Refused
from governance.roles import SYSTEM
from governance.transitions import TABLE
from tests.governance.chance import attempt
from tests.governance.field import DO, NOON, RULES, TO_DISPATCHED, TO_FILED, TO_HANDLING, report, reported, walk
from tests.governance.invariants import broken

INCIDENTS = 2_000
MOVES = 45


def lived(seed: int, number: int, moves: int = MOVES) -> tuple[Case, Counter[str]]:
    """A case after so many random attempts, checked after each; and how often each row was taken."""
    chance = Random(seed * 100_000 + number)
    now = NOON
    case = after(None, report(number, anonymous=chance.random() < 0.2), DO, RULES, now)
    assert not broken(None, case)
    rows: Counter[str] = Counter()
    for _ in range(moves):
        now += timedelta(seconds=chance.choice((1, 60, 600, 7200, 90_000)))
        command, who = attempt(chance, case)
        try:
            next_case = after(case, command, who, RULES, now)
        except Refused as refusal:
            rows[f"refused {refusal.code}"] += 1
            continue
        wrong = broken(case, next_case)
        assert not wrong, f"{wrong} after {command} by {who.role} on {case}"
        rows[next_case.steps[-1].row] += 1
        case = next_case
    return case, rows


def test_two_thousand_incidents_under_random_hands_break_no_invariant() -> None:
    total: Counter[str] = Counter()
    ends: Counter[State] = Counter()
    for number in range(INCIDENTS):
        case, rows = lived(1, number)
        total += rows
        ends[case.incident.state] += 1
    assert {row.id for row in TABLE} - {"E01"} <= set(total), f"never taken: {sorted({row.id for row in TABLE} - set(total))}"
    assert ends[State.ARCHIVED] > INCIDENTS // 20, ends


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**30), st.integers(0, 9_999))
def test_any_seed_breaks_no_invariant(seed: int, number: int) -> None:
    lived(seed, number, 30)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**30))
def test_the_same_command_on_the_same_case_gives_the_same_case(seed: int) -> None:
    assert lived(seed, 7, 20)[0] == lived(seed, 7, 20)[0]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**30))
def test_what_may_refuses_after_refuses_too(seed: int) -> None:
    chance = Random(seed)
    case, _ = lived(seed, 3, 15)
    now = NOON + timedelta(days=30)
    for _ in range(30):
        command, who = attempt(chance, case)
        if isinstance(command, TimerFired):
            continue
        if may(case, type(command), who, RULES, now) is not None:
            with pytest.raises(Refused):
                after(case, command, who, RULES, now)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**30))
def test_firing_the_same_timer_twice_changes_nothing(seed: int) -> None:
    case, _ = lived(seed, 5, 12)
    now = NOON + timedelta(days=60)
    for timer_id in due_timers(case, now):
        timer = next(t for t in case.timers if t.id == timer_id)
        if timer.state is not TimerState.RUNNING:
            continue
        fire = TimerFired(timer.id, timer.kind, timer.fired)
        once = after(case, fire, SYSTEM_OFFICER, RULES, now)
        with pytest.raises(Refused):
            after(once, fire, SYSTEM_OFFICER, RULES, now + timedelta(days=1))


@pytest.mark.parametrize(
    "moves",
    [(), TO_FILED, TO_DISPATCHED, TO_HANDLING, ((Reject("not_ours", "words"), DO),)],
    ids=["reported", "filed", "dispatched", "handling", "rejected"],
)
def test_whatever_nobody_touches_is_watched_by_the_district_in_the_end(moves: tuple[object, ...]) -> None:
    case = walk(reported(), *moves)  # type: ignore[arg-type]
    now = NOON
    for _ in range(60):
        now += timedelta(hours=12)
        for timer_id in due_timers(case, now):
            timer = next(t for t in case.timers if t.id == timer_id)
            if timer.state is TimerState.RUNNING and timer.due_at and timer.due_at <= now:
                case = after(case, TimerFired(timer.id, timer.kind, timer.fired), SYSTEM_OFFICER, RULES, now)
    assert case.incident.oversight_level is Level.DISTRICT
    assert case.incident.supervised


def test_what_is_automatic_follows_wherever_it_applies_and_ends() -> None:
    archived = 0
    for number in range(200):
        case, _ = lived(2, number)
        now = NOON + timedelta(days=99)
        end = settled(case, RULES, now)
        assert settled(end, RULES, now) == end
        is_told = may(case, Archive, SYSTEM_OFFICER, RULES, now) is None
        assert [step.row for step in end.steps[len(case.steps) :]] == (["E46"] if is_told else [])
        assert all(step.at == now for step in end.steps[len(case.steps) :])
        archived += is_told
    assert archived


def test_only_the_system_does_what_is_automatic() -> None:
    assert all(SYSTEM in row.who for row in TABLE if row.automatic)
    assert [row.id for row in TABLE if row.automatic] == ["E46"]
