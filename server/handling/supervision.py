"""Clocks that ran out remind, raise and supervise."""

from __future__ import annotations

from governance.commands import TimerFired
from server.ledger.entry import Entry


def fire_timer(entry: Entry, command: TimerFired) -> None:
    """The rules say what follows from the clock; Refused where it was fired before."""
    entry.apply(command)
