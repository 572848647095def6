"""Work is done, checked, closed, told and archived."""

from __future__ import annotations

from dataclasses import replace

from governance.commands import Archive, CheckFail, CheckPass, Complete, SendCheck, SendFeedback
from governance.refusal import Refused
from server.ledger.entry import Entry
from server.ledger.people import checker_scope


def send_check(entry: Entry, command: SendCheck) -> None:
    """发核查: to somebody whose post checks there and may see it, or to any checker."""
    assert entry.case is not None, "the order book opened it"
    scope = checker_scope(entry.connection, command.checker, entry.case.incident, entry.now) if command.checker else ""
    if scope is None:
        raise Refused("no_such_checker", "checker")
    entry.apply(replace(command, checker_scope=scope))


def finish(entry: Entry, command: Complete | CheckPass | CheckFail | SendFeedback | Archive) -> None:
    """处置完成, 办结, 返工, 反馈, 归档: the rules need nothing beside the case."""
    entry.apply(command)
