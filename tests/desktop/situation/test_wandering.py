"""A case that goes from stream to stream: whoever hears which, in whatever order, has in the end what a snapshot shows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.situation.situation import EMPTY_TOWN, Situation
from governance.changes import CaseChanged, CaseGone, Change, Fact
from governance.incident import Case, Step
from governance.lifecycle import after
from tests.governance.field import DO, GRID, NOON, RULES, named, report
from wire.requests import Snapshot

STREAMS = ("330104005/0", "330104005/2", "330104006/0")
EPOCH = named("epoch")


class Wanderers:
    """A few cases, the stream each is in, and what every stream was told."""

    def __init__(self, chance: Random) -> None:
        """Nobody has wandered yet."""
        self.chance = chance
        self.cases: dict[UUID, tuple[str, Case]] = {}
        self.log: dict[str, list[Change]] = defaultdict(list)

    def live(self) -> None:
        """A case begins, moves on, or moves on into another stream."""
        if len(self.cases) < 3 and self.chance.random() < 0.3:
            begun = _begun(len(self.cases) + 1)
            self._put(self.chance.choice(STREAMS), begun, CaseChanged.between(None, begun))
        elif self.cases:
            stream, before = self.chance.choice(list(self.cases.values()))
            moved, into = _onward(before), self.chance.choice((stream, *STREAMS))
            if into == stream:
                self._put(stream, moved, CaseChanged.between(before, moved))
            else:
                self._put(into, moved, CaseChanged.between(None, moved))
                self._tell(stream, CaseGone(moved.incident.id, moved.incident.version))

    def snapshot(self, heard: frozenset[str]) -> Snapshot:
        """What a desk is given that hears these streams."""
        cases = tuple(case for stream, case in self.cases.values() if stream in heard)
        numbers = {stream: len(self.log[stream]) for stream in heard}
        return Snapshot(1, EPOCH, numbers, NOON, cases, (), (), (), RULES, EMPTY_TOWN, b"")

    def _put(self, stream: str, case: Case, fact: Fact) -> None:
        self.cases[case.incident.id] = stream, case
        self._tell(stream, fact)

    def _tell(self, stream: str, fact: Fact) -> None:
        self.log[stream].append(Change(stream, len(self.log[stream]) + 1, NOON, None, fact))


def _begun(number: int) -> Case:
    """A case at its first step."""
    return after(None, report(number, GRID), DO, RULES, NOON)


def _onward(case: Case) -> Case:
    """The case one step later."""
    last = case.steps[-1]
    step: Step = replace(last, seq=last.seq + 1, reason=str(last.seq))
    return replace(case, incident=replace(case.incident, version=case.incident.version + 1), steps=(*case.steps, step))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 20), st.integers(0, 40), st.sets(st.sampled_from(STREAMS), min_size=1))
def test_in_whatever_order_streams_come_a_desk_ends_with_what_a_snapshot_shows(
    seed: int, before: int, after_it: int, names: set[str]
) -> None:
    chance, heard = Random(seed), frozenset(names)
    town, replica, fresh = Wanderers(chance), Situation(), Situation()
    for _ in range(before):
        town.live()
    replica.start_from(town.snapshot(heard))
    waiting = {stream: len(town.log[stream]) for stream in heard}
    for _ in range(after_it):
        town.live()
    while behind := sorted(stream for stream in heard if waiting[stream] < len(town.log[stream])):
        stream = chance.choice(behind)
        replica.apply(town.log[stream][waiting[stream]])
        waiting[stream] += 1
    fresh.start_from(town.snapshot(heard))
    assert (replica.cases, replica.numbers) == (fresh.cases, fresh.numbers)
    assert replica.queues() == fresh.queues()


@pytest.mark.parametrize("late", [0, 1])
def test_what_comes_late_of_a_case_that_left_is_past(late: int) -> None:
    first = _begun(1)
    second = _onward(first)
    third = _onward(second)
    facts = (CaseChanged.between(None, first), CaseChanged.between(first, second))
    replica = Situation()
    replica.apply(Change(STREAMS[1], 1, NOON, None, CaseGone(third.incident.id, third.incident.version)))
    touched = replica.apply(Change(STREAMS[0], 1, NOON, None, facts[late]))
    assert (replica.cases, touched.cases) == ({}, frozenset())
