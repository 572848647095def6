"""Catching up (the Clone pattern), pure: what arrives goes in, what to deliver and what to ask for comes out.

Subscribe first and hold what arrives; a snapshot comes; drop what it contains; deliver the rest in order. A hole asks for
a replay, an incomplete replay or another epoch for a fresh snapshot, silence too. Nothing is delivered twice or out of
order within a stream; nothing is skipped. Numbers that went back bring a fresh snapshot as another epoch does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from governance.changes import Change, EditionChanged, RulesChanged
from wire.requests import Snapshot

HEARTBEAT_S = 1.0
SILENCE_S = 3 * HEARTBEAT_S
ASK_AGAIN_S = 5.0
"""An answer that has not come after this is asked for again; a snapshot of a province takes a second."""
HELD_LIMIT = 50_000
"""Changes kept while waiting; with more, what is kept is dropped and a snapshot asked for anew."""


@dataclass(frozen=True, slots=True)
class Step:
    """What to do now: deliver the snapshot first, then the changes, then ask."""

    snapshot: Snapshot | None = None
    changes: tuple[Change, ...] = ()
    ask_snapshot: bool = False
    ask_replays: tuple[tuple[str, int], ...] = ()
    """Stream and the number after which its changes are missing."""


@dataclass(slots=True)
class CatchUp:
    """The memory of one session: what was delivered, what is held, what was asked. Times are seconds of any steady clock."""

    epoch: UUID | None = None
    numbers: dict[str, int] = field(default_factory=dict)
    """Newest number delivered of each stream."""
    is_live: bool = False
    """Whether a snapshot was delivered and is still good."""
    _held: dict[str, dict[int, Change]] = field(default_factory=dict)
    _snapshot_asked_s: float | None = None
    _replay_asked_s: dict[str, float] = field(default_factory=dict)
    _heard_s: float = 0.0
    _announced: dict[str, int] = field(default_factory=dict)
    """Numbers of the last heartbeat."""
    _unannounced: dict[str, int] = field(default_factory=dict)
    """Newest numbers delivered that were beyond those of the last heartbeat."""

    def start(self, now_s: float) -> Step:
        """Begin a session: the feed is subscribed already."""
        self._forget()
        self.epoch = None
        self._heard_s = now_s
        return self.resync(now_s)

    def resync(self, now_s: float) -> Step:
        """Ask for a fresh snapshot, unless one is on its way."""
        if self._snapshot_asked_s is not None and now_s - self._snapshot_asked_s < ASK_AGAIN_S:
            return Step()
        self._snapshot_asked_s = now_s
        return Step(ask_snapshot=True)

    def changes(self, arrived: Iterable[Change], now_s: float) -> Step:
        """Take changes of the feed or of a replay; those that follow are delivered, others held."""
        self._heard_s = now_s
        wanted: dict[str, int] = {}
        for change in arrived:
            if change.number > self.numbers.get(change.stream, 0):
                self._held.setdefault(change.stream, {})[change.number] = change
                wanted[change.stream] = max(change.number, wanted.get(change.stream, 0))
        if sum(map(len, self._held.values())) > HELD_LIMIT:
            self._forget()
            return self.resync(now_s)
        return self._delivered(wanted, now_s) if self.is_live else Step()

    def snapshot(self, snapshot: Snapshot, now_s: float) -> Step:
        """Take the snapshot asked for: it replaces everything, and what is held beyond it follows.

        One that nobody waits for any more (asked for twice) is older than what was delivered since, and left aside.
        """
        self._heard_s = now_s
        if self._snapshot_asked_s is None:
            return Step()
        self._snapshot_asked_s = None
        self._replay_asked_s.clear()
        self._unannounced = {}
        self.epoch, self.numbers, self.is_live = snapshot.epoch, dict(snapshot.numbers), True
        follows = self._delivered({stream: max(held, default=0) for stream, held in self._held.items()}, now_s)
        return Step(snapshot, follows.changes, follows.ask_snapshot, follows.ask_replays)

    def replay(self, stream: str, changes: Iterable[Change], complete: bool, now_s: float) -> Step:
        """Take the answer to a replay that was asked for."""
        self._replay_asked_s.pop(stream, None)
        before = self.numbers.get(stream, 0)
        step = self.changes(changes, now_s)
        if not complete:
            return _also(step, self.resync(now_s))
        if self.numbers.get(stream, 0) == before:
            return step  # it brought nothing: the next heartbeat asks again
        more = self._delivered({stream: self._announced.get(stream, 0)}, now_s)
        return replace(step, ask_replays=step.ask_replays + more.ask_replays)

    def heartbeat(self, epoch: UUID, numbers: Mapping[str, int], now_s: float) -> Step:
        """Take the server's word for where its streams stand: a number not seen was lost on the way."""
        self._heard_s = now_s
        is_other = self.epoch is not None and epoch != self.epoch
        self.epoch = epoch
        if is_other or self._went_back(numbers):
            self._forget()
            return self.resync(now_s)
        self._announced = dict(numbers)
        if not self.is_live:
            return self._asked_again(now_s)
        return _also(self._delivered(numbers, now_s), self._asked_again(now_s))

    def tick(self, now_s: float) -> Step:
        """Look at the clock: silence and answers that never came."""
        if self.is_live and now_s - self._heard_s > SILENCE_S:
            return self.resync(now_s)
        return self._asked_again(now_s)

    def is_silent(self, now_s: float) -> bool:
        """Whether nothing was heard for three heartbeats."""
        return now_s - self._heard_s > SILENCE_S

    def _went_back(self, numbers: Mapping[str, int]) -> bool:
        """Whether two heartbeats in a row know less than was delivered: the ledger is an older one, numbered anew.

        One alone may be a moment behind a snapshot or a replay, for what is committed is in them before it is published.
        """
        is_older = any(numbers.get(stream, 0) < number for stream, number in self._unannounced.items())
        self._unannounced = {stream: n for stream, n in self.numbers.items() if n > numbers.get(stream, 0)}
        return is_older

    def _asked_again(self, now_s: float) -> Step:
        """The snapshot asked for long ago and never got is asked for again."""
        return Step() if self._snapshot_asked_s is None and self.is_live else self.resync(now_s)

    def _delivered(self, wanted: Mapping[str, int], now_s: float) -> Step:
        """What follows of some streams; where it does not reach the number wanted a replay is asked for."""
        out: list[Change] = []
        asks: list[tuple[str, int]] = []
        for stream, last in wanted.items():
            held, number = self._held.get(stream, {}), self.numbers.get(stream, 0)
            while number + 1 in held:
                number += 1
                out.append(held[number])
            self.numbers[stream] = number
            if self._snapshot_asked_s is None:  # one on its way may be older than what was delivered: then all is kept
                self._held[stream] = {n: change for n, change in held.items() if n > number}
            asked_s = self._replay_asked_s.get(stream)
            if number < last and (asked_s is None or now_s - asked_s >= ASK_AGAIN_S):
                self._replay_asked_s[stream] = now_s
                asks.append((stream, number))
        renewed = any(isinstance(change.fact, RulesChanged | EditionChanged) for change in out)
        ask_snapshot = renewed and self.resync(now_s).ask_snapshot
        return Step(None, tuple(out), ask_snapshot, tuple(asks))

    def _forget(self) -> None:
        """Nothing held or delivered counts any more."""
        self.numbers, self.is_live, self._held = {}, False, {}
        self._snapshot_asked_s = None
        self._replay_asked_s.clear()
        self._announced, self._unannounced = {}, {}


def _also(step: Step, asks: Step) -> Step:
    """A step that asks for a snapshot too, where the other does."""
    return replace(step, ask_snapshot=step.ask_snapshot or asks.ask_snapshot)
