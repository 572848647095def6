"""Which sound is played now: never two at a time, none again without a reason, none long after its cause; plain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from desktop.alarms.kinds import AlarmFact, Sound

PAUSE = timedelta(milliseconds=300)
"""Between two sounds, so that they are heard as two."""
PATIENCE = timedelta(seconds=8)
"""A sound that could not be played for so long is dropped: its alarm stands on the screen, and by then it would mislead."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    since: datetime
    grave: tuple[int, int]


class Ringer:
    """Puts sounds in a row, the gravest first; of each sound one waits at most."""

    def __init__(self, lengths_s: Mapping[Sound, float]) -> None:
        """`lengths_s` says how long each sound lasts, in seconds."""
        self._lengths = {sound: timedelta(seconds=length) for sound, length in lengths_s.items()}
        self._waiting: dict[Sound, _Waiting] = {}
        self._busy_until: datetime | None = None

    def ask(self, fact: AlarmFact, now: datetime) -> None:
        """An alarm wants to be heard."""
        grave = (int(fact.priority), fact.weight)
        before = self._waiting.get(fact.sound)
        self._waiting[fact.sound] = _Waiting(now, max(grave, before.grave) if before else grave)

    def next(self, now: datetime, is_muted: bool = False) -> Sound | None:
        """The sound to play now; None while one plays or none is wanted.

        Muted, nothing is heard but the loss of the connection: without it no other alarm would come any more.
        """
        self._waiting = {sound: each for sound, each in self._waiting.items() if now - each.since <= PATIENCE}
        if is_muted:
            self._waiting = {sound: each for sound, each in self._waiting.items() if sound is Sound.LINK}
        if not self._waiting or (self._busy_until is not None and now < self._busy_until):
            return None
        sound = max(self._waiting, key=lambda each: self._waiting[each].grave)
        del self._waiting[sound]
        self._busy_until = now + self._lengths[sound] + PAUSE
        return sound

    def hush(self) -> None:
        """Nothing plays and nothing waits any more."""
        self._waiting.clear()
        self._busy_until = None
