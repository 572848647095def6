"""The server's clock as seen from here, pure: offset by the quickest of the last pings, lag of the feed by heartbeats."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

KEPT = 12


@dataclass(slots=True)
class ServerClock:
    """What was learned of the server's clock."""

    _samples: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=KEPT))
    lag_s: float = 0.0

    def answered(self, sent: datetime, server: datetime, received: datetime) -> None:
        """One question and its answer: the server's time lies in the middle of the way."""
        round_trip_s = max((received - sent).total_seconds(), 0.0)
        offset_s = (server - received).total_seconds() + round_trip_s / 2
        self._samples.append((round_trip_s, offset_s))

    def beat(self, server: datetime, received: datetime) -> None:
        """One heartbeat: how long it took to get here."""
        self.lag_s = max((received - server).total_seconds() + self.offset_s, 0.0)

    @property
    def offset_s(self) -> float:
        """Seconds to add to this machine's clock; right within half the round trip."""
        return min(self._samples)[1] if self._samples else 0.0

    @property
    def round_trip_s(self) -> float:
        """Seconds of the last question and answer."""
        return self._samples[-1][0] if self._samples else 0.0
