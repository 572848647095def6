"""Something is asked for, granted or denied; what was suspended goes on."""

from __future__ import annotations

from governance.commands import Approve, Ask, Deny, Resume
from server.ledger.entry import Entry


def decide(entry: Entry, command: Ask | Approve | Deny | Resume) -> None:
    """申请, 同意, 驳回, 恢复: the rules need nothing beside the case."""
    entry.apply(command)
