"""撤销: what takes back the last order of this desk, or what can be done instead; plain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desktop.command.verbs import BY_ACTION
from desktop.dispatch.filling import Filling
from desktop.orders import Outcome
from governance.commands import COMMANDS, WORD_OF, Command, Merge
from governance.incident import Case, State
from governance.lifecycle import may, supposed
from governance.people import Officer
from governance.refusal import Refused
from governance.rules import Rules

INSTEAD = {
    "file": "request", "reject": "reconsider", "recall": "dispatch", "raise_level": "lower_level", "lower_level": "raise_level",
    "check_pass": "reopen", "check_fail": "reassign", "unmerge": "merge", "close_supervision": "supervise",
    "set_severity": "set_severity", "correct": "correct", "edit": "edit", "add_assist": "reassign", "resume": "request",
    "take_lead": "reassign", "arbitrate": "reassign",
}  # fmt: skip
"""What cannot be taken back -> what an officer can do about it."""
TOO_LATE = {"recall": "reassign"}
"""What takes an order back -> what is left once that is not allowed: who accepted is not recalled but replaced."""
SUSPENDING = ("request", "approve")


def goes_back(command: Command, back: str, case: Case | None, officer: Officer, rules: Rules, now: datetime) -> bool:
    """Whether the rules would let an officer take a command back once it is carried out; a merge of one its author may undo."""
    if isinstance(command, Merge):
        return len(command.sources) == 1
    if case is None or back not in COMMANDS:
        return False
    try:
        made = supposed(case, command, officer, rules, now)
    except Refused:
        return False
    return may(made, COMMANDS[back], officer, rules, now) is None


@dataclass(frozen=True, slots=True)
class Own:
    """An order of this desk that was carried out."""

    word: str
    command: Command
    incident: UUID | None


@dataclass(frozen=True, slots=True)
class NotBack:
    """Why the last order is not taken back: the action, and the one that can be done instead; both empty: there is none."""

    word: str = ""
    instead: str = ""


class OwnOrders:
    """The orders this desk gave in this session and that were carried out. Main thread only."""

    def __init__(self) -> None:
        """None yet."""
        self._orders: list[Own] = []

    def ended(self, outcome: Outcome) -> None:
        """An order came to its end; a refused one did nothing that could be taken back."""
        if outcome.refused is None:
            command = outcome.order.command
            self._orders.append(Own(WORD_OF[type(command)], command, outcome.incident))

    def take_back(self, cases: dict[UUID, Case], reason: str) -> Filling | NotBack:
        """What takes the last order back, filled in as far as it is known; whether it is allowed, the rules say."""
        if not self._orders:
            return NotBack()
        last = self._orders[-1]
        case = cases.get(last.incident) if last.incident is not None else None
        back = BY_ACTION[last.word].back if last.word in BY_ACTION else ""
        about = last.incident
        if last.word in SUSPENDING and case is not None and case.incident.state is State.SUSPENDED:
            back = "resume"
        if last.word == "merge":
            merged = [source.incident for source in getattr(last.command, "sources", ())]
            about = merged[0] if len(merged) == 1 else None
        if not back or about is None:
            return NotBack(last.word, INSTEAD.get(last.word, ""))
        return Filling(back, about, reason=reason)
