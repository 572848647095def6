"""A level goes up or down because somebody says so."""

from __future__ import annotations

from governance.commands import LowerLevel, RaiseLevel
from server.ledger.entry import Entry


def move_level(entry: Entry, command: RaiseLevel | LowerLevel) -> None:
    """提级, 下派."""
    entry.apply(command)
