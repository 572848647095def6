"""Where the replay stands and how fast it goes on; no Qt, no clock of its own."""

from __future__ import annotations

SPEEDS = (1, 2, 5, 10, 30, 60, 120, 300, 600)
"""How many seconds of the past pass in a second."""


class Play:
    """A moment of a period that goes on or stands. Main thread only."""

    def __init__(self, since_s: float, until_s: float, speed: int = 60) -> None:
        """At the beginning, standing."""
        self.since_s, self.until_s = since_s, until_s
        self.at_s = since_s
        self.speed = speed
        self.is_going = False

    def go(self) -> None:
        """Go on, from the beginning where it stands at the end."""
        if self.at_s >= self.until_s:
            self.at_s = self.since_s
        self.is_going = True

    def stop(self) -> None:
        """Stand."""
        self.is_going = False

    def jump(self, moment_s: float) -> None:
        """Stand or go on from another moment of the period."""
        self.at_s = min(max(moment_s, self.since_s), self.until_s)

    def pass_s(self, seconds: float) -> None:
        """So many seconds passed here; at the end of the period it stands."""
        if not self.is_going:
            return
        self.jump(self.at_s + seconds * self.speed)
        if self.at_s >= self.until_s:
            self.is_going = False

    def change_speed(self, steps: int) -> None:
        """Faster or slower by so many of SPEEDS."""
        at = min(range(len(SPEEDS)), key=lambda n: abs(SPEEDS[n] - self.speed))
        self.speed = SPEEDS[min(max(at + steps, 0), len(SPEEDS) - 1)]
