"""Commands by chance: mostly sensible ones, sometimes wrong ones, from a given source of numbers."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from governance.commands import (
    Accept,
    Acknowledge,
    AddAssist,
    Archive,
    Arrive,
    CheckFail,
    CheckPass,
    Command,
    Complete,
    Decline,
    Dispatch,
    File,
    Progress,
    RaiseLevel,
    Reassign,
    Recall,
    Reject,
    SendCheck,
    SendFeedback,
    TimerFired,
)
from governance.incident import Attachment, Case, Severity, State, Urgency
from governance.people import Officer, Role
from tests.governance.field import LEAF, PLACE, PLAIN, named, officer, recipient, worker

NAMES = ("li", "wang", "zhao", "chen")
PHOTO = Attachment(named("photo"), "0" * 64, "image/jpeg", 3, "after")
OFFICE = tuple(
    officer(role)
    for role in (
        Role.DUTY_OFFICER,
        Role.SHIFT_LEAD,
        Role.DISPATCHER,
        Role.OPERATOR,
        Role.COORDINATOR,
        Role.CHECKER,
        Role.AUDITOR,
        Role.SYSTEM,
    )
)
PHONES = tuple(worker(name) for name in NAMES)
Make = Callable[[Random, Case], Command]


def _recipients(chance: Random, _: Case) -> Command:
    lead, *assists = chance.sample(NAMES, chance.randint(1, 3))
    unit = chance.choice(("community", "street"))
    return Dispatch(recipient(lead, unit), tuple(recipient(a) for a in assists), "go", chance.choice(("", "nearest")))


def _fire(chance: Random, case: Case) -> Command:
    timer = chance.choice(case.timers)
    return TimerFired(timer.id, timer.kind, max(timer.fired - chance.choice((0, 0, 0, 1)), 0))


def _word(chance: Random) -> str:
    return chance.choice(("", "because", "because", "because"))


SEVERITIES = (Severity.NONE,) * 9 + (Severity.II,)
MAKERS: tuple[Make, ...] = (
    lambda r, _: File(
        r.choice((LEAF, PLAIN, LEAF, "99.99")),
        r.choice(tuple(Urgency)),
        severity=r.choice((Severity.NONE,) * 9 + (Severity.II,)),
    ),
    lambda r, _: Reject(r.choice(("", "not_ours")), _word(r)),
    _recipients,
    lambda r, _: RaiseLevel(_word(r)),
    lambda _, __: Acknowledge(),
    lambda _, __: Accept(),
    lambda r, _: Decline(r.choice(("", "ill"))),
    lambda r, _: Recall(_word(r)),
    lambda r, _: Arrive(r.choice((PLACE, None)), _word(r)),
    lambda r, _: Progress(r.choice(("", "half done"))),
    lambda r, _: AddAssist(recipient(r.choice(NAMES))),
    lambda r, _: Reassign(recipient(r.choice(NAMES)), _word(r)),
    lambda r, _: Complete(r.choice(("", "done", "done")), r.choice(((), (PHOTO,)))),
    lambda r, _: SendCheck(r.choice((None, None, named("CK"), named("li")))),
    lambda r, _: CheckPass("ok", r.random() < 0.8),
    lambda r, _: CheckFail(_word(r)),
    lambda r, _: SendFeedback(r.choice(("", "thanks", "thanks")), satisfaction=r.choice((None, 3, 5, 7))),
    lambda _, __: Archive(),
    _fire,
)
LIKELY: dict[State, tuple[int, ...]] = {
    State.REPORTED: (0, 0, 0, 0, 0, 1, 18),
    State.FILED: (2, 2, 2, 2, 3, 18),
    State.DISPATCHED: (5, 5, 5, 4, 6, 7, 18, 8, 12),
    State.HANDLING: (8, 9, 10, 11, 12, 12, 12, 12, 5, 6, 18),
    State.RESOLVED: (13, 13, 18),
    State.CHECKING: (14, 14, 15, 18),
    State.CLOSED: (16, 16, 17, 18),
    State.REJECTED: (16, 18, 18),
}


def attempt(chance: Random, case: Case) -> tuple[Command, Officer]:
    """A command and who gives it: likely for the state, or any at all."""
    likely = LIKELY.get(case.incident.state)
    wild = likely is None or chance.random() < 0.1
    make = chance.choice(MAKERS if wild or likely is None else [MAKERS[n] for n in likely])
    command = make(chance, case)
    if chance.random() < 0.1:
        return command, chance.choice(OFFICE + PHONES)
    return command, _fitting(chance, command, case)


def _fitting(chance: Random, command: Command, case: Case) -> Officer:
    if isinstance(command, TimerFired | Archive):
        return officer(Role.SYSTEM)
    if isinstance(command, Acknowledge | Accept | Decline | Arrive | Progress | Complete):
        live = [a.worker for a in case.assignments if a.is_live]
        return next((p for p in PHONES if live and p.staff == chance.choice(live)), chance.choice(PHONES))
    if isinstance(command, CheckPass | CheckFail):
        return officer(chance.choice((Role.CHECKER, Role.SHIFT_LEAD)))
    if isinstance(command, Reassign):
        return officer(chance.choice((Role.DISPATCHER, Role.SHIFT_LEAD)))
    return officer(chance.choice((Role.DUTY_OFFICER, Role.SHIFT_LEAD, Role.DISPATCHER, Role.OPERATOR)))
