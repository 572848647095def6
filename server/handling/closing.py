"""Work is done, checked, closed, told and archived."""

from __future__ import annotations

from dataclasses import replace

from governance.commands import CheckFail, CheckPass, Complete, MarkFeedback, Reopen, SendCheck, SendFeedback
from governance.refusal import Refused
from governance.roles import CONFIDENTIAL
from server.ledger import incidents
from server.ledger.entry import Entry
from server.ledger.people import checker_scope, free_checker


def send_check(entry: Entry, command: SendCheck) -> None:
    """发核查: to somebody whose post checks there and may see it, or to any checker.

    What is confidential lies in no list that every checker reads: it is given to the one who has least to check.
    """
    assert entry.case is not None, "the order book opened it"
    if command.checker is None and entry.case.incident.confidentiality >= CONFIDENTIAL:
        command = replace(command, checker=free_checker(entry.connection, entry.case, entry.now))
    scope = checker_scope(entry.connection, command.checker, entry.case, entry.rules, entry.now) if command.checker else ""
    if scope is None:
        raise Refused("no_such_checker", "checker")
    entry.apply(replace(command, checker_scope=scope))


def complete(entry: Entry, command: Complete) -> None:
    """处置完成: what was split from it has to be over."""
    assert entry.case is not None, "the order book opened it"
    open_parts = incidents.open_parts(entry.connection, entry.case.incident.id)
    entry.apply(replace(command, parts_open=open_parts))


def finish(entry: Entry, command: CheckPass | CheckFail | SendFeedback | MarkFeedback | Reopen) -> None:
    """办结, 返工, 反馈, 归档, 重办: the rules need nothing beside the case."""
    entry.apply(command)
