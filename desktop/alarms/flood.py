"""Whether alarms come faster than a person can answer them one by one: a flood by ISA-18.2; plain."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

SPAN = timedelta(minutes=10)
BEGINS_ABOVE = 10
"""More alarms than this within SPAN are a flood."""
ENDS_BELOW = 5
"""A flood is over once fewer came within SPAN; in between it goes on, so that it does not end and begin by turns."""


class FloodGauge:
    """How many alarms came within the last ten minutes. `now` never goes back."""

    def __init__(self) -> None:
        """Nothing came yet."""
        self._came: deque[datetime] = deque()
        self.since: datetime | None = None
        """When the flood began; None while there is none."""

    def note(self, now: datetime, count: int = 1) -> None:
        """So many alarms came."""
        self._came.extend([now] * count)
        self.pass_time(now)

    def pass_time(self, now: datetime) -> None:
        """Forget what is older than the span, and see whether it is a flood."""
        while self._came and self._came[0] <= now - SPAN:
            self._came.popleft()
        if self.since is None and len(self._came) > BEGINS_ABOVE:
            self.since = now
        elif self.since is not None and len(self._came) < ENDS_BELOW:
            self.since = None

    @property
    def is_on(self) -> bool:
        """Whether it is a flood, as of the last moment told."""
        return self.since is not None
