"""A level goes up because somebody says so."""

from __future__ import annotations

from governance.commands import RaiseLevel
from server.ledger.entry import Entry


def raise_level(entry: Entry, command: RaiseLevel) -> None:
    """提级."""
    entry.apply(command)
