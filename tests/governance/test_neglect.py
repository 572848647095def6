"""Neglect: with nobody acting, every open incident is seen by the district, and in time that follows from the rules (17)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

import governance
from governance.attempt import Rules
from governance.incident import ApprovalKind, Level, State, TimerKind, TimerState
from governance.lifecycle import SYSTEM_OFFICER
from governance.seed_rules import rules_from_toml
from tests.governance.attention import is_owed, is_seen, seen_by, seen_from
from tests.governance.district import District
from tests.governance.field import NOON, WHOLE
from tests.governance.ways import DEFERRED, FILED, LD, Fire, answered, asked, carried_out

DISTRICTS = 260
OPEN = {State.REPORTED, State.VERIFYING, State.FILED, State.DISPATCHED, State.HANDLING, State.SUSPENDED}
OPEN |= {State.RESOLVED, State.CHECKING, State.CLOSED}
SHIPPED_HOURS = {
    "reported": 1.0, "verifying": 1.5, "filed": 2.0, "dispatched": 3.0, "handling": 2520.0, "resolved": 26.0, "checking": 26.0,
    "closed": 96.0,
}  # fmt: skip
"""From a Monday noon. The longest is a job of three weeks whose limit was doubled: an emergency is seen at once."""
THREE = replace(WHOLE, ladder=(Level.COMMUNITY, Level.STREET, Level.DISTRICT))


def neglected(district: District, about: UUID, bound: datetime) -> datetime:
    """When an incident nobody touches comes to be seen, or is past its bound; AssertionError where no clock runs for it."""
    while is_owed(district.cases[about]) and not is_seen(district.cases[about], district.rules) and district.now <= bound:
        moments = [t.due_at for t in district.cases[about].timers if t.state is TimerState.RUNNING and t.due_at]
        assert moments, f"left for ever: {district.cases[about]}"
        district.now = max(district.now, min(moments))
        district.fire_due(about)
    return district.now


@pytest.mark.timeout(400)
@pytest.mark.parametrize("rules", [WHOLE, THREE], ids=["four levels", "three levels"])
def test_whatever_nobody_touches_is_seen_by_the_district_in_bounded_time(rules: Rules) -> None:
    stood: Counter[State] = Counter()
    for seed in range(7_000, 7_000 + DISTRICTS):
        district = District(rules, name=f"neglected {seed}")
        district.live(Random(seed), 100, 8)
        start = district.now
        for about, case in list(district.cases.items()):
            if not is_owed(case):
                continue
            district.now = start
            bound = seen_by(case, start, rules)
            seen_at = neglected(district, about, bound)
            assert seen_at <= bound, f"{case.incident.state}: seen {seen_at - start} later, not {bound - start}: {case}"
            stood[case.incident.state] += 1
    assert sum(stood.values()) > 1_500
    assert set(stood) >= OPEN | {State.REJECTED, State.TRANSFERRED}, stood


def test_what_is_parked_goes_on_at_its_date() -> None:
    for parked in (DEFERRED, answered(asked(FILED, ApprovalKind.SUSPEND_LIST), LD)):
        until = parked.incident.suspended_until
        assert until is not None
        (timer,) = (t for t in parked.timers if t.state is TimerState.RUNNING)
        assert timer.due_at == until
        back = carried_out(parked, Fire(TimerKind.T11_SUSPENSION), SYSTEM_OFFICER)
        assert (back.incident.state, back.steps[-1].at) == (parked.incident.suspended_from, until)


def test_with_the_rules_we_ship_nothing_goes_unseen_for_longer_than_this() -> None:
    text = (Path(governance.__file__).parent / "categories.toml").read_text("utf-8")
    categories, limits = rules_from_toml(text)
    rules = replace(WHOLE, categories=categories, limits=limits)
    within = {state: seen_from(state, NOON, rules) - NOON for state in OPEN - {State.SUSPENDED}}
    hours = {state.value: time / timedelta(hours=1) for state, time in within.items()}
    assert {state: bound for state, bound in hours.items() if bound > SHIPPED_HOURS[state]} == {}
