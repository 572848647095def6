"""Catching up: whatever is lost, doubled, late or out of order, the desk ends equal to a fresh snapshot."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.link.catch_up import ASK_AGAIN_S, HELD_LIMIT, SILENCE_S, CatchUp, Step
from desktop.situation.situation import OutOfStep, Situation
from governance.camera import CameraState
from governance.changes import CameraChanged, Change, EditionChanged, RulesChanged
from tests.desktop.situation.test_situation import Ledger, pictured
from tests.governance.field import NOON, named
from wire.requests import Snapshot

EPOCH = named("epoch")


class Wire:
    """A ledger, a lossy feed, a slow desk socket, and a desk that follows it all."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.ledger, self.catch_up, self.situation = Ledger(), CatchUp(), Situation()
        self.on_the_way: list[Change] = []
        self.replies: list[Snapshot | tuple[str, tuple[Change, ...], bool]] = []
        self.published = 0
        self.now_s = 0.0
        self.carry_out(self.catch_up.start(self.now_s))

    def carry_out(self, step: Step) -> None:
        """What the link would do: deliver to the situation, ask the server (which answers with what is true now)."""
        if step.snapshot is not None:
            self.situation.start_from(step.snapshot)
        try:
            self.situation.apply_all(step.changes)
        except OutOfStep:  # a case in two streams, one of which has a hole: the desk asks for a snapshot
            self.carry_out(self.catch_up.resync(self.now_s))
        if step.ask_snapshot:
            self.replies.append(self.ledger.snapshot())
        for stream, after in step.ask_replays:
            found = tuple(c for c in self.ledger.log if c.stream == stream and c.number > after)
            complete = self.chance.random() < 0.8
            self.replies.append((stream, found if complete else (), complete))

    def live(self) -> None:
        """One thing happens, in the world or on the wire."""
        self.now_s += self.chance.choice((0.01, 0.3, 2.0))
        kind = self.chance.randrange(8)
        if kind < 3:
            self.ledger.live(self.chance)
            self.on_the_way += self.ledger.log[self.published :]
            self.published = len(self.ledger.log)
        elif kind < 6 and self.on_the_way:
            self.deliver()
        elif kind == 6:
            self.carry_out(self.catch_up.heartbeat(EPOCH, self.ledger.numbers, self.now_s))
        elif self.replies:
            self.reply(lost=self.chance.random() < 0.3)
        self.carry_out(self.catch_up.tick(self.now_s))

    def deliver(self) -> None:
        """A batch arrives; sometimes it is lost, doubled, or overtaken by what came after it."""
        size = self.chance.randint(1, 4)
        batch, self.on_the_way = self.on_the_way[:size], self.on_the_way[size:]
        fate = self.chance.random()
        if fate < 0.2:
            return
        if fate < 0.4:
            batch = [*batch, *batch]
        if fate > 0.8:
            self.chance.shuffle(batch)
        self.carry_out(self.catch_up.changes(batch, self.now_s))

    def reply(self, lost: bool = False) -> None:
        """The oldest answer arrives, or is lost."""
        answer = self.replies.pop(0)
        if lost:
            return
        if isinstance(answer, Snapshot):
            self.carry_out(self.catch_up.snapshot(answer, self.now_s))
        else:
            self.carry_out(self.catch_up.replay(*answer, self.now_s))

    def settle(self) -> None:
        """The wire is good again: heartbeats come and every answer arrives."""
        for _ in range(60):
            self.now_s += 1.0
            self.carry_out(self.catch_up.heartbeat(EPOCH, self.ledger.numbers, self.now_s))
            while self.replies:
                self.reply()
            if self.catch_up.is_live and self.situation.numbers == self.ledger.numbers:
                return


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 150))
def test_whatever_happens_on_the_wire_the_desk_ends_equal_to_a_fresh_snapshot(seed: int, happenings: int) -> None:
    wire = Wire(seed)
    for _ in range(happenings):
        wire.live()
    wire.settle()
    fresh = Situation()
    fresh.start_from(wire.ledger.snapshot())
    assert pictured(wire.situation) == pictured(fresh)


def change(number: int, stream: str = "s/1", fact: object = None) -> Change:
    return Change(stream, number, NOON, None, fact or CameraChanged("c", CameraState.ONLINE))  # type: ignore[arg-type]


def live(numbers: dict[str, int] | None = None) -> CatchUp:
    """A desk that has its snapshot."""
    catch_up, ledger = CatchUp(), Ledger()
    ledger.numbers = numbers or {"s/1": 5}
    assert catch_up.start(0.0).ask_snapshot
    assert catch_up.snapshot(ledger.snapshot(), 0.1).snapshot is not None
    return catch_up


def test_what_comes_before_the_snapshot_is_held_and_what_it_contains_is_dropped() -> None:
    catch_up, ledger = CatchUp(), Ledger()
    catch_up.start(0.0)
    assert catch_up.changes([change(n) for n in (4, 5, 6, 7)], 0.0) == Step()
    ledger.numbers = {"s/1": 5}
    assert [c.number for c in catch_up.snapshot(ledger.snapshot(), 0.1).changes] == [6, 7]


def test_a_hole_asks_for_a_replay_once_and_holds_what_comes_after() -> None:
    catch_up = live()
    assert catch_up.changes([change(8)], 1.0) == Step(ask_replays=(("s/1", 5),))
    assert catch_up.changes([change(9)], 1.1) == Step()
    step = catch_up.replay("s/1", [change(6), change(7), change(8)], True, 1.2)
    assert [c.number for c in step.changes] == [6, 7, 8, 9]
    assert catch_up.numbers == {"s/1": 9}


def test_a_lost_answer_is_asked_for_again() -> None:
    catch_up = live()
    catch_up.changes([change(8)], 1.0)
    assert catch_up.heartbeat(EPOCH, {"s/1": 8}, 2.0) == Step()
    assert catch_up.heartbeat(EPOCH, {"s/1": 8}, 1.0 + ASK_AGAIN_S) == Step(ask_replays=(("s/1", 5),))


def test_a_loss_at_the_end_shows_in_the_next_heartbeat() -> None:
    assert live().heartbeat(EPOCH, {"s/1": 6, "new/1": 2}, 1.0).ask_replays == (("s/1", 5), ("new/1", 0))


def test_a_replay_that_stops_on_the_way_is_asked_on_from_there_at_once() -> None:
    catch_up = live()
    assert catch_up.heartbeat(EPOCH, {"s/1": 9}, 1.0).ask_replays == (("s/1", 5),)
    step = catch_up.replay("s/1", [change(6), change(7)], True, 1.1)
    assert ([c.number for c in step.changes], step.ask_replays) == ([6, 7], (("s/1", 7),))
    assert catch_up.replay("s/1", [], True, 1.2) == Step()  # nothing came: not asked for again and again
    assert catch_up.heartbeat(EPOCH, {"s/1": 9}, 2.0).ask_replays == (("s/1", 7),)
    assert catch_up.replay("s/1", [change(8), change(9)], True, 2.1).ask_replays == ()


def test_a_heartbeat_a_moment_behind_the_snapshot_is_no_older_ledger() -> None:
    catch_up = live()
    assert catch_up.heartbeat(EPOCH, {"s/1": 4}, 1.0) == Step()
    assert catch_up.heartbeat(EPOCH, {"s/1": 5}, 2.0) == Step()
    catch_up.changes([change(6)], 2.1)
    assert catch_up.heartbeat(EPOCH, {"s/1": 6}, 3.0) == Step()


def test_numbers_that_went_back_bring_a_fresh_snapshot_and_what_follows_it() -> None:
    catch_up, restored = live(), Ledger()
    assert catch_up.heartbeat(EPOCH, {"s/1": 2}, 1.0) == Step()
    assert catch_up.heartbeat(EPOCH, {"s/1": 3}, 2.0) == Step(ask_snapshot=True)
    assert catch_up.changes([change(4)], 2.1).changes == ()
    restored.numbers = {"s/1": 3}
    assert [c.number for c in catch_up.snapshot(restored.snapshot(), 2.2).changes] == [4]
    assert catch_up.heartbeat(EPOCH, {"s/1": 4}, 3.0) == Step()
    assert catch_up.heartbeat(EPOCH, {"s/1": 4}, 4.0) == Step()


def test_an_incomplete_replay_asks_for_a_snapshot() -> None:
    catch_up = live()
    catch_up.changes([change(900)], 1.0)
    assert catch_up.replay("s/1", [], False, 1.1).ask_snapshot


def test_another_epoch_asks_for_a_snapshot_and_delivers_nothing_meanwhile() -> None:
    catch_up = live()
    assert catch_up.heartbeat(named("restored"), {"s/1": 2}, 1.0) == Step(ask_snapshot=True)
    assert catch_up.changes([change(3)], 1.1).changes == ()
    assert not catch_up.is_live


@pytest.mark.parametrize("fact", [RulesChanged(2), EditionChanged("00")])
def test_new_rules_or_a_new_town_ask_for_a_snapshot(fact: object) -> None:
    assert live().changes([change(6, fact=fact)], 1.0).ask_snapshot


def test_silence_asks_for_a_snapshot_and_heartbeats_do_not() -> None:
    catch_up = live()
    assert catch_up.tick(0.1 + SILENCE_S) == Step()
    assert not catch_up.is_silent(SILENCE_S)
    assert catch_up.tick(0.2 + SILENCE_S).ask_snapshot
    assert catch_up.is_silent(0.2 + SILENCE_S)
    assert catch_up.tick(0.3 + SILENCE_S) == Step()
    assert catch_up.tick(0.3 + SILENCE_S + ASK_AGAIN_S).ask_snapshot


def test_a_snapshot_older_than_what_was_delivered_meanwhile_loses_nothing() -> None:
    catch_up, ledger = live(), Ledger()
    ledger.numbers = {"s/1": 5}
    late = ledger.snapshot()
    assert catch_up.resync(1.0).ask_snapshot
    assert [c.number for c in catch_up.changes([change(6), change(7)], 1.1).changes] == [6, 7]
    step = catch_up.snapshot(late, 1.2)
    assert step.snapshot is late
    assert [c.number for c in step.changes] == [6, 7]


def test_a_snapshot_nobody_waits_for_is_left_aside() -> None:
    assert live().snapshot(Ledger().snapshot(), 1.0) == Step()


def test_more_than_can_be_held_is_given_up_for_a_fresh_snapshot() -> None:
    catch_up = live()
    catch_up.changes((change(n) for n in range(7, HELD_LIMIT + 7)), 1.0)
    step = catch_up.changes([change(HELD_LIMIT + 8)], 1.1)
    assert step.ask_snapshot
    assert not catch_up.is_live
