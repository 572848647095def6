"""An attempt: one command by one officer on one case at one moment, before the rules have spoken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.commands import Command, TimerFired
from governance.incident import Approval, ApprovalState, Assignment, Case, Incident, LeadRole, Supervision, Timer
from governance.people import Officer
from governance.refusal import Refused
from governance.rules import Rules


@dataclass(frozen=True, slots=True)
class Attempt:
    """What guards look at and effects start from. `command` is None where only the action is asked about."""

    case: Case | None
    command: Command | None
    officer: Officer
    rules: Rules
    now: datetime
    client_at: datetime | None = None
    action: str = ""
    """The word of the command (governance.commands.COMMANDS)."""
    beside: tuple[Case, ...] = ()
    """The cases it is merged with or parted from."""

    @property
    def incident(self) -> Incident:
        """The incident; ValueError where none exists yet."""
        if self.case is None:
            raise ValueError("no incident yet")
        return self.case.incident

    @property
    def mine(self) -> Assignment | None:
        """The live assignment of the officer who acts, the leading one first."""
        return live_assignment_of(self.case, self.officer)

    @property
    def timer(self) -> Timer | None:
        """The timer that fired."""
        if self.case is None or not isinstance(self.command, TimerFired):
            return None
        return next((t for t in self.case.timers if t.id == self.command.timer), None)


Guard = Callable[[Attempt], Refused | None]
"""Says no, or None."""

Effect = Callable[[Attempt, Case], Case]
"""The case with one thing changed; pure."""


def live_assignment_of(case: Case | None, officer: Officer) -> Assignment | None:
    """The live assignment of an officer in a case, the leading one first."""
    if case is None:
        return None
    live = [a for a in case.assignments if a.is_live and a.worker == officer.staff]
    live.sort(key=lambda a: a.role is not LeadRole.LEAD)
    return live[0] if live else None


def live_assists(case: Case) -> tuple[Assignment, ...]:
    """The orders of those who go along and have neither finished nor ended."""
    return tuple(a for a in case.assignments if a.is_live and a.role is LeadRole.ASSIST)


def handlers_of(case: Case) -> frozenset[UUID]:
    """Everyone who was sent and took it up in this cycle: they may not check it."""
    cycle = case.incident.cycle
    return frozenset(a.worker for a in case.assignments if a.cycle == cycle and a.accepted_at is not None)


def open_supervision(case: Case) -> Supervision | None:
    """The supervision order that is not closed; there is at most one."""
    return next((s for s in case.supervision if s.state != "closed"), None)


def pending_approval(case: Case | None) -> Approval | None:
    """The request that waits for a decision; there is at most one."""
    return next((a for a in case.approvals if a.state is ApprovalState.PENDING), None) if case else None
