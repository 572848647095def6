"""What an officer may do with a case: the key, its word, the commands behind it; greyed by the rules themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from governance.commands import (
    AddAssist,
    Archive,
    CheckFail,
    CheckPass,
    Dispatch,
    File,
    MakeReport,
    RaiseLevel,
    Reassign,
    Recall,
    Reject,
    SendCheck,
    SendFeedback,
)
from governance.incident import Case
from governance.lifecycle import may
from governance.people import Officer
from governance.refusal import Refused
from governance.rules import Rules
from governance.transitions import TABLE


@dataclass(frozen=True, slots=True)
class Action:
    """A key that opens a form; it is on while the rules allow at least one of its commands."""

    name: str
    key: str
    commands: tuple[type, ...]
    needs_case: bool = True


ACTIONS: tuple[Action, ...] = (
    Action("file", "F", (File, Reject)),
    Action("assign", "A", (Dispatch, Reassign, AddAssist)),
    Action("raise", "E", (RaiseLevel,)),
    Action("recall", "R", (Recall,)),
    Action("check", "C", (SendCheck, CheckPass, CheckFail, SendFeedback, Archive)),
    Action("new", "N", (MakeReport,), needs_case=False),
)
BY_NAME = {action.name: action for action in ACTIONS}


def allowed(action: Action, case: Case | None, officer: Officer, rules: Rules, now: datetime) -> tuple[type, ...]:
    """The commands of an action the rules allow now, in its order: what its form may offer."""
    if action.needs_case and case is None:
        return ()
    about = case if action.needs_case else None
    return tuple(kind for kind in action.commands if may(about, kind, officer, rules, now) is None)


def is_read_only(officer: Officer) -> bool:
    """Whether the rules give the officer's post no action at all, whatever the incident."""
    wanted = {kind for action in ACTIONS for kind in action.commands}
    return not any(officer.role in party.roles for row in TABLE if row.action in wanted for party in row.who)


def why_not(action: Action, case: Case | None, officer: Officer, rules: Rules, now: datetime) -> Refused | None:
    """Why an action is greyed, in the sense of its nearest miss; None where it is on."""
    if action.needs_case and case is None:
        return Refused("no_incident")
    about = case if action.needs_case else None
    refusals = [may(about, kind, officer, rules, now) for kind in action.commands]
    if any(refused is None for refused in refusals):
        return None
    said = [refused for refused in refusals if refused is not None]
    return next((refused for refused in said if refused.code != "not_in_state"), said[0])
