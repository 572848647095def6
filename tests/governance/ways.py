"""Ways through the transition table that several tests walk."""

from __future__ import annotations

from datetime import timedelta

from governance.commands import (
    Accept,
    CheckFail,
    CheckPass,
    Command,
    Complete,
    Dispatch,
    File,
    RaiseLevel,
    SendCheck,
    TimerFired,
)
from governance.incident import (
    Case,
    Severity,
    TimerKind,
    TimerState,
)
from governance.lifecycle import SYSTEM_OFFICER, after
from governance.people import Officer, Role
from tests.governance.chance import PHOTO
from tests.governance.field import (
    CK,
    DO,
    LEAF,
    NOON,
    RULES,
    TO_HANDLING,
    officer,
    recipient,
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


def carried_out(case: Case | None, command: Command | Fire, who: Officer) -> Case:
    if not isinstance(command, Fire):
        return after(case, command, who, RULES, LATER)
    assert case is not None
    for _ in range(command.times):
        timer = next(t for t in case.timers if t.kind is command.kind and t.state is TimerState.RUNNING)
        assert timer.due_at is not None
        case = after(case, TimerFired(timer.id, timer.kind, timer.fired), who, RULES, timer.due_at)
    return case


def raised(case: Case, times: int = 2) -> Case:
    for _ in range(times):
        case = after(case, RaiseLevel("stuck"), DO, RULES, NOON)
    return case


AT_TOP_REPORTED = carried_out(reported(), Fire(TimerKind.T1_INTAKE, 2), SYSTEM_OFFICER)
REWORK = ((Accept(), LI), (DONE, LI), (SendCheck(), DO), (CheckFail("again"), CK))
REWORKED_TWICE = walk(walk(reported(), *TO_CHECKING, (CheckFail("again"), CK)), *REWORK, *REWORK)
REWORKED_THRICE = walk(REWORKED_TWICE, *REWORK[:-1])
CO_CHECKED = walk(reported(), *GRAVE, (CheckPass(condition_met=True), CK))
