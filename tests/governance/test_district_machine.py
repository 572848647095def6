"""A small district as a machine hypothesis drives: any actor, any moment, clocks late or twice, floods merged and parted.

Every step is checked by District itself (B.6); what fails is shrunk to the fewest moves that show it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from governance.attempt import Command, Officer, Refused, TimerFired
from governance.commands import Accept, Acknowledge, Arrive, Complete, Decline, Merge, Part, Progress, Source, Split, Unmerge
from governance.incident import State, TimerState
from governance.lifecycle import SYSTEM_OFFICER, Role, may
from tests.governance.chance import EVERYBODY, IN_ROLE, attempt, grid_of_report, reporting
from tests.governance.district import District
from tests.governance.field import GAS, LEAF, WHOLE, recipient, report
from tests.governance.likely import MOODS

SEEDS = st.integers(0, 2**32)
JUMPS_S = st.sampled_from((0, 1, 60, 899, 900, 901, 3600, 20_000, 86_400, 5 * 86_400, 31 * 86_400))


class LivingDistrict(RuleBasedStateMachine):
    """Up to a dozen incidents; moves are refused as often as not, and then nothing has changed."""

    def __init__(self) -> None:
        """Nothing was reported yet."""
        super().__init__()
        self.district = District(WHOLE, name="machine")
        self.fired: list[tuple[UUID, TimerFired]] = []
        self.tapped: list[tuple[UUID, Command, Officer, datetime]] = []

    def _one(self, seed: int) -> UUID:
        return Random(seed).choice(list(self.district.cases))

    def _tried(self, move: Callable[[], object]) -> bool:
        """Whether a move was let; where not, everything stands as it did."""
        before = dict(self.district.cases)
        try:
            move()
        except Refused:
            assert self.district.cases == before
            return False
        return True

    @initialize(seed=SEEDS)
    def somebody_reports(self, seed: int) -> None:
        self.report(seed)

    @precondition(lambda self: len(self.district.cases) < 12)
    @rule(seed=SEEDS)
    def report(self, seed: int) -> None:
        chance = Random(seed)
        made = report(1, grid_of_report(chance), **reporting(chance))
        self._tried(lambda: self.district.report(made, chance.choice(EVERYBODY)))
        if not self.district.cases:
            self.district.report(made, SYSTEM_OFFICER)

    @rule(seconds=JUMPS_S)
    def time_passes(self, seconds: int) -> None:
        self.district.now += timedelta(seconds=seconds)

    @rule(seed=SEEDS, mood=st.sampled_from(MOODS))
    def somebody_acts(self, seed: int, mood: frozenset[str]) -> None:
        chance, about = Random(seed), self._one(seed)
        for _ in range(4):
            command, who = attempt(chance, self.district.cases[about], mood)
            if self._tried(lambda command=command, who=who: self.district.order(about, command, who)):
                break

    @rule(seed=SEEDS)
    def the_clocks_are_looked_at(self, seed: int) -> None:
        about = self._one(seed)
        for timer in self.district.cases[about].timers:
            if timer.state is TimerState.RUNNING and timer.due_at and timer.due_at <= self.district.now:
                self.fired.append((about, TimerFired(timer.id, timer.kind, timer.fired)))
        self.district.fire_due(about, (recipient("chen"),))

    @rule(seed=SEEDS)
    def a_clock_is_looked_at_in_its_very_moment(self, seed: int) -> None:
        about = self._one(seed)
        due = [t.due_at for t in self.district.cases[about].timers if t.state is TimerState.RUNNING and t.due_at]
        self.district.now = max([self.district.now, *sorted(due)[:1]])

    @precondition(lambda self: self.fired)
    @rule(seed=SEEDS)
    def a_clock_is_fired_twice(self, seed: int) -> None:
        about, fired = Random(seed).choice(self.fired)
        before = self.district.cases[about]
        if any(t.id == fired.timer and t.fired > fired.fired for t in before.timers):
            assert not self._tried(lambda: self.district.order(about, fired, SYSTEM_OFFICER)), "15 fired once"

    @rule(seed=SEEDS)
    def a_flood_is_merged(self, seed: int) -> None:
        chance, about = Random(seed), self._one(seed)
        others = [number for number in self.district.cases if number != about][: chance.randint(1, 6)]
        command = Merge(tuple(Source(number, 0) for number in others))
        self._tried(lambda: self.district.order(about, command, chance.choice(MERGERS)))

    @rule(seed=SEEDS)
    def a_merge_is_taken_back(self, seed: int) -> None:
        merged = [case.incident.id for case in self.district.cases.values() if case.incident.state is State.MERGED]
        if merged:
            chance = Random(seed)
            about = chance.choice(merged)
            self._tried(lambda: self.district.order(about, Unmerge("two matters"), chance.choice(MERGERS)))

    @rule(seed=SEEDS)
    def it_is_split(self, seed: int) -> None:
        about = self._one(seed)
        command = Split((Part(LEAF, "one half"), Part(GAS, "the other half")))
        self._tried(lambda: self.district.order(about, command, Random(seed).choice(MERGERS)))

    @rule(seed=SEEDS)
    def a_phone_without_a_net_takes_a_tap(self, seed: int) -> None:
        chance, about = Random(seed), self._one(seed)
        command, who = attempt(chance, self.district.cases[about])
        if isinstance(command, Acknowledge | Accept | Arrive | Progress | Complete | Decline):
            self.tapped.append((about, command, who, self.district.now))

    @precondition(lambda self: self.tapped)
    @rule()
    def the_phone_is_back(self) -> None:
        about, command, who, at = self.tapped.pop(0)
        case = self.district.cases[about]
        greyed = may(case, type(command), who, WHOLE, self.district.now)
        let = self._tried(lambda: self.district.order(about, command, who, at))
        assert not (let and greyed), "22 refused where its guard no longer holds"
        if let:
            step = self.district.cases[about].steps[len(case.steps)]
            assert (step.client_at, step.at, step.seq) == (at, self.district.now, len(case.steps) + 1), "22"

    @invariant()
    def it_holds_together(self) -> None:
        self.district.holds_together()


LivingDistrict.TestCase.settings = settings(max_examples=80, stateful_step_count=60, deadline=None)
TestLivingDistrict = LivingDistrict.TestCase
TestLivingDistrict.pytestmark = [pytest.mark.timeout(300)]
MERGERS = (*IN_ROLE[Role.SHIFT_LEAD], *IN_ROLE[Role.DUTY_OFFICER], *IN_ROLE[Role.OPERATOR])
