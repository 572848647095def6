"""The past: at every moment it is what the log adds up to until then, wherever the hand came from."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.map_marks import pins_of
from desktop.situation.grids import GridLoad
from desktop.situation.situation import Situation
from desktop.timeline import newest
from desktop.timeline.newest import Newest
from desktop.timeline.past import Past
from governance.camera import CameraState
from governance.changes import CaseChanged, CaseGone, Change
from governance.incident import TERMINAL
from tests.desktop.situation.test_situation import Ledger
from tests.desktop.situation.test_wandering import STREAMS, Wanderers
from tests.governance.field import NOON
from wire.codec import numbered
from wire.past_requests import CameraWas, PastIs


def told(log: list[Change], since: datetime, until: datetime, pages: int = 1) -> Past:
    """The past of a period, from the changes a server would send, in so many pages."""
    past = Past(since, until)
    facts = [change for change in log if isinstance(change.fact, CaseChanged | CaseGone) and change.at <= until]
    ids = sorted({_incident(change) for change in facts})
    for page in range(pages):
        mine = set(ids[page::pages])
        past.take(PastIs(1, tuple(numbered(change) for change in facts if _incident(change) in mine), total=len(ids)))
    past.settle()
    return past


def _incident(change: Change) -> object:
    fact = change.fact
    assert isinstance(fact, CaseChanged | CaseGone)
    return fact.incident.id if isinstance(fact, CaseChanged) else fact.incident


def folded(log: list[Change], moment: datetime) -> Situation:
    """What a desk would have that heard the log up to a moment."""
    replica = Situation()
    replica.apply_all(change for change in log if change.at <= moment)
    return replica


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 120), st.integers(1, 4))
def test_at_every_moment_it_is_the_fold_of_the_log(seed: int, moves: int, pages: int) -> None:
    ledger, chance = Ledger(), Random(seed)
    for _ in range(moves):
        ledger.live(chance)
    span_s = (ledger.now - NOON).total_seconds()
    since = NOON + timedelta(seconds=span_s * chance.random() * 0.5)
    past = told(ledger.log, since, ledger.now, pages)
    for _ in range(6):  # forwards and backwards as it comes
        moment = since + (ledger.now - since) * chance.random()
        past.move_to(moment.timestamp())
        replica = folded(ledger.log, moment)
        assert past.cases() == replica.cases
        shown, wanted = past.pins(), pins_of(replica.cases.values(), ())
        order, theirs = np.argsort(shown.ids), np.argsort(wanted.ids)
        assert [shown.ids[n] for n in order] == [wanted.ids[n] for n in theirs]
        for name in ("lon", "lat", "category", "urgency", "severity", "state", "overdue"):
            assert getattr(shown, name)[order].tolist() == getattr(wanted, name)[theirs].tolist(), name
        assert [shown.floors[n] for n in order] == [wanted.floors[n] for n in theirs]
        load = GridLoad()
        for case in replica.cases.values():
            if case.incident.state not in TERMINAL:
                load.exchange(None, case)
        assert past.load() == tuple({code: n for code, n in counts.items() if n} for counts in (load.open, load.overdue))
    assert past.holes == 0


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 60), st.sets(st.sampled_from(STREAMS), min_size=1))
def test_a_case_that_leaves_the_sight_of_the_post_leaves_the_past_with_it(seed: int, moves: int, heard: set[str]) -> None:
    town = Wanderers(Random(seed))
    log: list[Change] = []
    for second in range(moves):
        before = {stream: len(changes) for stream, changes in town.log.items()}
        town.live()
        new = [(s, c) for s in sorted(town.log) for c in town.log[s][before.get(s, 0) :] if s in heard]
        at = NOON + timedelta(seconds=second)
        log += [Change(stream, change.number, at, None, change.fact) for stream, change in new]
    past = told(log, NOON - timedelta(seconds=1), NOON + timedelta(seconds=moves))
    for second in Random(seed).sample(range(moves), min(5, moves)):
        moment = NOON + timedelta(seconds=second)
        past.move_to(moment.timestamp())
        assert past.cases() == folded(log, moment).cases


def test_a_hole_in_what_was_sent_is_passed_over_and_counted() -> None:
    ledger, chance = Ledger(), Random(4)
    while len(ledger.log) < 60:
        ledger.live(chance)
    versions = [c for c in ledger.log if isinstance(c.fact, CaseChanged)]
    lost = next(c for c in versions if c.fact.incident.version == 2)  # type: ignore[union-attr]
    kept = [c for c in ledger.log if _of(c) != _of(lost) or c.fact.incident.version != 2]  # type: ignore[union-attr]
    past = told(kept, NOON, ledger.now)
    past.move_to(ledger.now.timestamp())
    assert past.holes > 0
    other = {k: v for k, v in folded(ledger.log, ledger.now).cases.items() if k != _of(lost)}
    assert {k: v for k, v in past.cases().items() if k != _of(lost)} == other


def _of(change: Change) -> object:
    return _incident(change) if isinstance(change.fact, CaseChanged | CaseGone) else None


def test_cameras_stand_as_they_stood() -> None:
    past = Past(NOON, NOON + timedelta(hours=2))
    at = [NOON + timedelta(minutes=minute) for minute in (0, 0, 30, 60)]
    log = [("a", at[0], "online"), ("b", at[1], "fault"), ("a", at[2], "offline"), ("a", at[3], "online")]
    past.take(PastIs(1, (), tuple(CameraWas(*each) for each in log)))
    past.settle()
    on, off, fault = CameraState.ONLINE, CameraState.OFFLINE, CameraState.FAULT
    for minute, state in ((0, on), (29, on), (30, off), (59, off), (60, on), (30, off)):
        past.move_to((NOON + timedelta(minutes=minute)).timestamp())
        assert past.camera_states() == {"a": state, "b": fault}


def test_a_period_of_nothing_stands_empty() -> None:
    past = told([], NOON, NOON + timedelta(hours=1))
    past.move_to(past.until_s)
    assert (len(past.pins().ids), past.load(), past.camera_states(), past.hand.next_s(past.since_s)) == (0, ({}, {}), {}, None)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 40), st.integers(1, 5))
def test_the_hand_finds_the_newest_of_each_from_anywhere(seed: int, entries: int, every: int) -> None:
    chance = Random(seed)
    times = sorted(chance.randrange(30) for _ in range(entries))
    things = [chance.randrange(4) for _ in range(entries)]
    kept, newest.FRAME_EVERY = newest.FRAME_EVERY, every
    try:
        hand = Newest(np.array(times, np.float64), np.array(things, np.int32), 4)
        for _ in range(20):
            moment = chance.randrange(-1, 31)
            hand.move_to(moment)
            wanted = [max((n for n in range(entries) if things[n] == t and times[n] <= moment), default=-1) for t in range(4)]
            assert hand.rows.tolist() == wanted
            assert hand.next_s(moment) == next((t for t in times if t > moment), None)
            assert hand.previous_s(moment) == next((t for t in reversed(times) if t < moment), None)
    finally:
        newest.FRAME_EVERY = kept
