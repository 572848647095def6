"""Who looks on: severity, supervision, who else was told; and clocks that ran out remind, raise and supervise."""

from __future__ import annotations

from dataclasses import replace

from governance.commands import (
    AnswerReport,
    CloseSupervision,
    EmergencyReport,
    NotifyOut,
    RejectReply,
    ReplySupervision,
    ReportLeader,
    SetSeverity,
    Supervise,
    TimerFired,
    Urge,
)
from governance.incident import TimerKind
from server.handling import nearest
from server.ledger import leaders
from server.ledger.entry import Entry

Told = NotifyOut | EmergencyReport | Urge | AnswerReport
Looking = SetSeverity | Supervise | ReplySupervision | RejectReply | CloseSupervision | Told
WIDENING = frozenset({TimerKind.T4_ACK, TimerKind.T5_ACCEPT})


def look_after(entry: Entry, command: Looking) -> None:
    """定级, 督办, 答复, 联动通报, 首报, 催办: the rules need nothing beside the case."""
    entry.apply(command)


def report_to_leader(entry: Entry, command: ReportLeader) -> None:
    """The leaders at their desks are told there; who is signed on the ledger knows, never the desk that reports."""
    case = entry.case
    incident = case.incident if case is not None else None
    on = leaders.signed_on(entry.connection, incident.grid, entry.now, incident.confidentiality) if incident else []
    entry.apply(replace(command, leaders="、".join(on)))


def fire_timer(entry: Entry, command: TimerFired) -> None:
    """The rules say what follows from the clock; Refused where it was fired before.

    A direct order that nobody takes up goes to the next nearest too (E49).
    """
    case = entry.case
    if case is not None and case.incident.mode == "direct" and command.kind in WIDENING:
        room = entry.rules.widen_most - sum(a.is_live for a in case.assignments)
        asked = {a.worker for a in case.assignments if a.cycle == case.incident.cycle}
        wider = nearest.on_duty(entry.connection, case.incident, entry.now, min(entry.rules.widen_step, room), asked)
        command = replace(command, wider=tuple(wider))
    entry.apply(command)
