"""Ways through the transition table that several tests walk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from governance.attempt import Refused, pending_approval
from governance.commands import (
    Accept,
    Approve,
    Archive,
    Ask,
    CheckFail,
    CheckPass,
    Command,
    Complete,
    DirectOrder,
    Dispatch,
    File,
    Merge,
    MergedInto,
    RaiseLevel,
    Reopen,
    SendCheck,
    SendFeedback,
    Source,
    Supervise,
    TimerFired,
)
from governance.incident import (
    ApprovalKind,
    Case,
    Severity,
    SupervisionGrade,
    TimerKind,
    TimerState,
    Urgency,
)
from governance.lifecycle import SYSTEM_OFFICER, after
from governance.people import Officer, Role
from tests.governance.chance import PHOTO
from tests.governance.field import (
    CK,
    DO,
    LEAF,
    NOON,
    SL,
    TO_DISPATCHED,
    TO_FILED,
    TO_HANDLING,
    WHOLE,
    officer,
    recipient,
    report,
    reported,
    walk,
    worker,
)

LI, WANG, DP = worker("li"), worker("wang"), officer(Role.DISPATCHER)
LATER = NOON + timedelta(hours=1)
DONE = Complete("done", (PHOTO,))
SEND = Dispatch(recipient("li"), (recipient("wang"),))
ASSIST_AT_WORK = (*TO_HANDLING, (Accept(), WANG))
TO_RESOLVED = (*ASSIST_AT_WORK, (Complete("helped"), WANG), (DONE, LI))
TO_CHECKING = (*TO_RESOLVED, (SendCheck(), DO))
TO_CLOSED = (*TO_CHECKING, (CheckPass(condition_met=True), CK))
GRAVE = ((File(LEAF, severity=Severity.II), DO), *TO_CHECKING[1:])


class Fire:
    """The clock of a kind runs out, however often it did before."""

    def __init__(self, kind: TimerKind, times: int = 1) -> None:
        self.kind, self.times = kind, times

    def __repr__(self) -> str:
        return f"{self.kind} fires for the {self.times}. time"


@dataclass(frozen=True)
class Beside:
    """A command that joins a case with others."""

    command: Command
    cases: tuple[Case, ...]


Move = Command | Fire | Beside


def carried_out(case: Case | None, move: Move, who: Officer, at: datetime = LATER) -> Case:
    """The case after a move; a clock is fired when it is due."""
    if isinstance(move, Beside):
        return after(case, move.command, who, WHOLE, at, beside=move.cases)
    if not isinstance(move, Fire):
        return after(case, move, who, WHOLE, at)
    assert case is not None
    for _ in range(move.times):
        fired, due_at = fired_next(case, move.kind)
        case = after(case, fired, who, WHOLE, due_at)
    return case


def refusal_of(attempted: Callable[[], object]) -> str:
    """The code of the refusal of what is attempted; empty where there is none."""
    try:
        attempted()
    except Refused as no:
        return no.code
    return ""


def fired_next(case: Case, kind: TimerKind) -> tuple[TimerFired, datetime]:
    """The next firing of the clock of a kind, and when it is."""
    timer = next(t for t in case.timers if t.kind is kind and t.state is TimerState.RUNNING)
    assert timer.due_at is not None
    return TimerFired(timer.id, timer.kind, timer.fired), timer.due_at


def raised(case: Case, times: int = 2) -> Case:
    """The case so many levels higher."""
    for _ in range(times):
        case = after(case, RaiseLevel("stuck"), DO, WHOLE, NOON)
    return case


def asked(case: Case, kind: ApprovalKind, who: Officer = DO, at: datetime = NOON) -> Case:
    """The case with a request that waits."""
    until = at + timedelta(days=3)
    return after(case, Ask(kind, "there is a reason", until, extend_s=3600.0), who, WHOLE, at)


def waiting(case: Case) -> UUID:
    """The request that waits."""
    pending = pending_approval(case)
    assert pending is not None
    return pending.id


def answered(case: Case, *who: Officer, at: datetime = LATER) -> Case:
    """The case after consent of one, or of two."""
    for each in who:
        case = after(case, Approve(waiting(case)), each, WHOLE, at)
    return case


AT_TOP_REPORTED = carried_out(reported(), Fire(TimerKind.T1_INTAKE, 2), SYSTEM_OFFICER)
REWORK = ((Accept(), LI), (DONE, LI), (SendCheck(), DO), (CheckFail("again"), CK))
REWORKED_TWICE = walk(walk(reported(), *TO_CHECKING, (CheckFail("again"), CK)), *REWORK, *REWORK)
REWORKED_THRICE = walk(REWORKED_TWICE, *REWORK[:-1])
CO_CHECKED = walk(reported(), *GRAVE, (CheckPass(condition_met=True), CK))

AU, LD, CR = officer(Role.AUDITOR), officer(Role.LEADER), officer(Role.COORDINATOR)
DH = officer(Role.HANDLER, shift=None)
FILED, SENT = walk(reported(), *TO_FILED), walk(reported(), *TO_DISPATCHED)
AT_WORK = walk(reported(), *TO_HANDLING)
CLOSED = walk(reported(), *TO_CLOSED)
TOLD = walk(CLOSED, (SendFeedback("solved"), DO))
URGENT = walk(reported(), (File(LEAF, Urgency.IMMEDIATE), DO))
ORDER = DirectOrder(recipient("li"), (recipient("wang"),), "at once")
DIRECT = walk(reported(urgency=Urgency.IMMEDIATE), (ORDER, DO))
RUNG = carried_out(DIRECT, Fire(TimerKind.T4_ACK), SYSTEM_OFFICER)
"""A direct order that nobody has acknowledged within its minute."""
DEFERRED = answered(asked(AT_WORK, ApprovalKind.SUSPEND_DEFER), SL)
WATCHED = walk(AT_WORK, (Supervise(SupervisionGrade.NOTICE, "hurry"), SL))
OTHER = walk(after(None, report(2), DO, WHOLE, NOON), *TO_FILED)
MASTER = carried_out(FILED, Beside(Merge((Source(OTHER.incident.id, 0),)), (OTHER,)), DO)
MERGED = carried_out(OTHER, Beside(MergedInto(FILED.incident.id, FILED.incident.number), (FILED,)), DO)
REOPENING = walk(carried_out(TOLD, Archive(), SYSTEM_OFFICER), (Reopen("it is back"), SL))
