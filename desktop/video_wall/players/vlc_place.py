"""How far a recording was played by libVLC, which tells it four times a second, and of one that stands not at all. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

JUST_S = 2.0
"""No farther behind it is the place it was sent to."""
UNTOLD_S = 0.6
"""A place is carried on for no longer than this where libVLC tells nothing: it may have run dry."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a recording at a moment of the monotonic clock, in seconds; made anew for whatever happens."""

    at_s: float = 0.0
    since: float | None = None
    """When it was there; None while it stands, or nothing was told yet."""
    stands: bool = False
    times: float = 1.0
    sent_s: float | None = None
    """Where it was sent, or went on, until it has gone on from there."""
    told_s: float = 0.0
    """What libVLC said last: while it says the same it has said nothing new."""

    @property
    def is_unknown(self) -> bool:
        """Whether nothing was told of it yet."""
        return self.since is None and not self.stands

    @property
    def has_gone_on(self) -> bool:
        """Whether libVLC has told a place a little after the one it was sent to."""
        return self.sent_s is None

    def at(self, now: float) -> float:
        """Where it is now; until it has gone on from where it was sent it runs as it was."""
        times = self.times if self.has_gone_on else 1.0
        return self.at_s + (min(now - self.since, UNTOLD_S) * times if self.since is not None else 0.0)

    def told(self, told_s: float, now: float) -> Place:
        """libVLC says where it is; of a recording that stands that is old."""
        if told_s == self.told_s or self.stands:
            return replace(self, told_s=told_s)
        is_past = self.sent_s is not None and self.sent_s < told_s <= self.sent_s + JUST_S
        return replace(self, at_s=max(0.0, told_s), since=now, told_s=told_s, sent_s=None if is_past else self.sent_s)

    def standing(self, at_s: float) -> Place:
        """It stands."""
        return replace(self, at_s=at_s, since=None, stands=True)

    def going(self, now: float) -> Place:
        """It goes on from where it stood."""
        return replace(self, since=now, stands=False, sent_s=self.at_s)

    def running(self, times: float, now: float) -> Place:
        """It goes on so many times as fast."""
        return replace(self, at_s=self.at(now), since=None if self.stands else now, times=times)

    def gone_on(self) -> Place:
        """It has gone on, or has had the time to."""
        return replace(self, sent_s=None)

    def jumped(self, at_s: float, now: float) -> Place:
        """It was sent to another place; it stands there where it stood."""
        return replace(self, at_s=at_s, since=None if self.stands else now, sent_s=at_s)
