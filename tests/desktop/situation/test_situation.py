"""The replica: an old snapshot plus the changes after it equals a new snapshot."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.situation.incidents import QUEUES, queues_of
from desktop.situation.situation import OutOfStep, Situation
from desktop.situation.touched import NOTHING, Touched
from governance.camera import Camera, CameraState
from governance.changes import CameraChanged, CaseChanged, Change, EditionChanged, RulesChanged, WorkerChanged, stream_of
from governance.commands import Reject, SendFeedback
from governance.deadline import has_missed
from governance.echoes import all_told
from governance.incident import TERMINAL, Case
from governance.lifecycle import after
from governance.people import Duty, Worker
from governance.refusal import Refused
from tests.governance.chance import attempt
from tests.governance.field import DO, GRID, NOON, PLACE, RULES, TO_FILED, UNITS, named, report, reported, walk
from wire.publications import POSITION
from wire.requests import Snapshot, TownManifest

OTHER_GRID = "330104006001001"
TOWN = TownManifest("town", "330104", "", 120.0, 30.0, {})
EPOCH = named("epoch")


class Ledger:
    """Everything there is, and the change log: what a server would hold."""

    def __init__(self) -> None:
        self.cases: dict[UUID, Case] = {}
        self.workers = [Worker(named(f"w{n}"), n + 5, f"w{n}", GRID, UNITS["community"]) for n in range(4)]
        self.cameras = [Camera(f"c{n}", f"c{n}", PLACE, GRID, "公安", 0, 90, 100) for n in range(3)]
        self.numbers: dict[str, int] = {}
        self.log: list[Change] = []
        self.now = NOON

    def commit(self, stream: str, fact: object, order_id: UUID | None = None) -> None:
        self.numbers[stream] = self.numbers.get(stream, 0) + 1
        self.log.append(Change(stream, self.numbers[stream], self.now, order_id, fact))  # type: ignore[arg-type]

    def snapshot(self) -> Snapshot:
        positions = np.zeros(0, POSITION).tobytes()
        cases, workers, cameras = tuple(self.cases.values()), tuple(self.workers), tuple(self.cameras)
        return Snapshot(1, EPOCH, dict(self.numbers), self.now, cases, workers, (), cameras, RULES, TOWN, positions)

    def live(self, chance: Random) -> None:
        """One random thing happens."""
        self.now += timedelta(seconds=chance.choice((1, 60, 7200)))
        kind = chance.random()
        if kind < 0.1:
            row = chance.randrange(len(self.workers))
            fact = WorkerChanged(self.workers[row].id, chance.choice(list(Duty)), chance.randrange(3), chance.randrange(3))
            self.workers[row] = replace(
                self.workers[row], duty=fact.duty, live_tasks=fact.live_tasks, declined_today=fact.declined_today
            )
            self.commit(stream_of(GRID, 1), fact)
        elif kind < 0.15:
            self._camera(chance)
        else:
            self._order(chance)

    def _camera(self, chance: Random) -> None:
        """A camera stands otherwise, is described anew, retired or new."""
        row, kind = chance.randrange(len(self.cameras)), chance.random()
        camera = self.cameras[row]
        if kind < 0.5:
            self.cameras[row] = camera = replace(camera, state=chance.choice(list(CameraState)))
            self.commit("district/1", CameraChanged(camera.id, camera.state, camera.version))
        elif kind < 0.7:
            self.cameras[row] = camera = replace(camera, range_m=chance.choice((50, 200)), version=camera.version + 1)
            self.commit("district/1", CameraChanged(camera.id, camera.state, camera.version, camera))
        elif kind < 0.85 and len(self.cameras) > 1:
            del self.cameras[row]
            self.commit("district/1", CameraChanged(camera.id, camera.state, camera.version + 1, is_gone=True))
        else:
            made = replace(camera, id=f"n{len(self.log)}", version=1)
            self.cameras = sorted([*self.cameras, made], key=lambda each: each.id)
            self.commit("district/1", CameraChanged(made.id, made.state, 1, made))

    def _order(self, chance: Random) -> None:
        case = chance.choice([None, *self.cases.values()])
        try:
            if case is None:
                grid = chance.choice((GRID, OTHER_GRID))
                made = after(None, report(len(self.cases) + 1, grid), DO, RULES, self.now)
            else:
                command, who = attempt(chance, case)
                made = after(case, command, who, RULES, self.now)
        except Refused:
            return
        self.cases[made.incident.id] = made
        fact, order = CaseChanged.between(case, made), UUID(int=chance.getrandbits(128))
        self.commit(stream_of(made.incident.grid, 1), fact, order)
        if chance.random() < 0.2:  # what concerns two streams is numbered in both
            self.commit("district/1", fact, order)


def pictured(situation: Situation) -> tuple[object, ...]:
    """Everything of a situation that two of them are compared by."""
    load = tuple(tuple(counts.tolist()) for counts in situation.load.of((GRID, OTHER_GRID)))
    people, cameras = list(situation.workers.people()), list(situation.cameras.all())
    duty = situation.workers.duty.tolist()
    return (situation.cases, people, duty, cameras, situation.numbers, load, situation.queues(), situation.rules)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 80), st.integers(0, 80))
def test_an_old_snapshot_plus_changes_equals_a_new_snapshot(seed: int, before: int, after_it: int) -> None:
    ledger, chance = Ledger(), Random(seed)
    for _ in range(before):
        ledger.live(chance)
    replica, fresh = Situation(), Situation()
    replica.start_from(ledger.snapshot())
    seen = len(ledger.log)
    for _ in range(after_it):
        ledger.live(chance)
    replica.apply_all(ledger.log[seen:])
    fresh.start_from(ledger.snapshot())
    assert pictured(replica) == pictured(fresh)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_changes_seen_twice_or_already_contained_change_nothing(seed: int) -> None:
    ledger, chance = Ledger(), Random(seed)
    for _ in range(60):
        ledger.live(chance)
    replica = Situation()
    replica.start_from(ledger.snapshot())
    as_it_was = pictured(replica)
    assert replica.apply_all(ledger.log) == NOTHING
    assert pictured(replica) == as_it_was


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 10_000))
def test_a_hole_in_a_stream_is_never_stepped_over(seed: int, lost: int) -> None:
    ledger, chance = Ledger(), Random(seed)
    while len(ledger.log) < 30:
        ledger.live(chance)
    gone = ledger.log.pop(lost % 29)
    replica = Situation()
    followed = any(change.stream == gone.stream and change.number > gone.number for change in ledger.log)
    if followed:
        with pytest.raises(OutOfStep):
            replica.apply_all(ledger.log)
    else:
        replica.apply_all(ledger.log)


def test_a_case_that_comes_into_view_in_the_middle_of_its_life_asks_for_a_snapshot() -> None:
    old = reported()
    change = Change("330104005/1", 1, NOON, None, CaseChanged.between(old, walk(old, *TO_FILED)))
    with pytest.raises(OutOfStep):
        Situation().apply(change)


def test_what_was_touched_is_told_with_the_order_that_did_it() -> None:
    replica, order = Situation(), named("order")
    case = reported()
    touched = replica.apply(Change("330104005/1", 1, NOON, order, CaseChanged.between(None, case)))
    assert touched == Touched(cases=frozenset({case.incident.id}), orders=((order, case.incident.id),))
    assert replica.apply(Change("district/1", 1, NOON, None, RulesChanged(9))).rules
    assert replica.apply(Change("district/1", 2, NOON, None, EditionChanged("00"))).edition
    assert replica.apply(Change("district/1", 3, NOON, None, WorkerChanged(named("?"), Duty.OFF, 0, 0))) == NOTHING
    assert bool(touched)
    assert not NOTHING


def test_a_rejected_case_waits_for_feedback_until_its_reporter_was_told() -> None:
    rejected = walk(reported(), (Reject("not_ours", "words"), DO))
    assert queues_of(rejected) == ("feedback", "all")
    assert queues_of(walk(rejected, (SendFeedback("the railway's"), DO))) == ()


def test_every_open_case_lies_in_one_queue_of_its_state_and_in_all() -> None:
    ledger, chance = Ledger(), Random(4)
    for _ in range(1500):
        ledger.live(chance)
    replica = Situation()
    replica.start_from(ledger.snapshot())
    queues = replica.queues()
    assert tuple(queues) == QUEUES
    over = {i for i, case in ledger.cases.items() if case.incident.state in TERMINAL and all_told(case)}
    open_cases = ledger.cases.keys() - over
    assert set(queues["all"]) == open_cases
    by_state = [case for queue in QUEUES[:6] for case in queues[queue]]
    assert sorted(by_state, key=str) == sorted(open_cases, key=str)
    assert {i for i in open_cases if has_missed(ledger.cases[i])} == set(queues["overdue"])
    urgencies = [ledger.cases[i].incident.urgency for i in queues["all"]]
    assert urgencies == sorted(urgencies, reverse=True)
    assert sum(replica.load.within("330104")) == len(open_cases) + len(queues["overdue"])
