"""The server's time on this machine: deadlines and ages are told by it, not by a clock that may be wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class ServerTime:
    """This machine's clock corrected by what the heartbeats say. Main thread only."""

    def __init__(self) -> None:
        """Not corrected yet."""
        self.offset = timedelta()

    def correct(self, offset_s: float) -> None:
        """The server is so many seconds ahead of this machine."""
        self.offset = timedelta(seconds=offset_s)

    def now(self) -> datetime:
        """Aware UTC."""
        return datetime.now(UTC) + self.offset
