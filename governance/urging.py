"""Who has to act now, and is urged to (催办, E68); the leader on duty, who is told and answers (报告带班领导, E69 and E70)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from governance import orders_out
from governance.attempt import Attempt
from governance.commands import ReportLeader
from governance.incident import Case, State, Step
from governance.places import Level
from governance.refusal import Refused

URGE_PAUSE = timedelta(minutes=10)
"""So long nobody is urged again about the same incident: a phone that rings all the time is put away."""
ORDERED = frozenset({State.DISPATCHED, State.HANDLING})
URGE, TOLD_LEADER, LEADER_ANSWERED = "E68", "E69", "E70"


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who has to act now: a person who was sent or asked, else the desk of the queue."""

    to: str
    """lead, verifier, checker, or queue_ with the number of its level."""
    worker: UUID | None = None
    name: str = ""

    @property
    def is_queue(self) -> bool:
        """Whether nobody was named yet: the queue's own desk has to act."""
        return self.worker is None


def must_act(case: Case) -> Addressee:
    """Who has to act now: the lead, whoever is to look or to check, else the unit of the queue."""
    state = case.incident.state
    if state in ORDERED and case.lead is not None:
        return Addressee("lead", case.lead.worker, case.lead.worker_name)
    look = next((check for check in reversed(case.checks) if not check.done_at and check.checker is not None), None)
    if look is not None and state in (State.VERIFYING, State.CHECKING):
        return Addressee("verifier" if state is State.VERIFYING else "checker", look.checker, look.checker_name)
    return Addressee(f"queue_{int(case.incident.handling_level)}")


def last_urged(case: Case, whom: Addressee) -> Step | None:
    """When this addressee was last urged about it; None where nobody did."""
    worker = str(whom.worker) if whom.worker else ""
    return next(
        (
            step
            for step in reversed(case.steps)
            if step.row == URGE and step.detail.get("to") == whom.to and step.detail.get("lead_worker", "") == worker
        ),
        None,
    )


def unanswered_report(case: Case) -> Step | None:
    """The report to the leader on duty that the leader has not answered; None where there is none."""
    told = next((step for step in reversed(case.steps) if step.row in (TOLD_LEADER, LEADER_ANSWERED)), None)
    return told if told is not None and told.row == TOLD_LEADER else None


# ---- may it be ------------------------------------------------------------------------------------------------------


def not_urged_lately(attempt: Attempt) -> Refused | None:
    """Whoever has to act was not urged about it within ten minutes."""
    assert attempt.case is not None, "only an open incident is urged"
    last = last_urged(attempt.case, must_act(attempt.case))
    left = (last.at + URGE_PAUSE - attempt.now).total_seconds() if last is not None else 0.0
    if last is None or left <= 0:
        return None
    return Refused("urged_lately", who=last.actor_name, minutes=str(max(1, round(left / 60 + 0.499))))


def at_top(attempt: Attempt) -> Refused | None:
    """The district looks at it already; below that it is raised instead."""
    return None if attempt.incident.oversight_level is Level.DISTRICT else Refused("not_top_level")


def leader_reached(attempt: Attempt) -> Refused | None:
    """There are words, and a leader is signed on, or somebody took the call."""
    told = attempt.command
    assert isinstance(told, ReportLeader)
    if not told.text.strip():
        return Refused("text_needed", "text")
    return None if told.leaders or told.person.strip() else Refused("no_leader_signed_on", "person")


def leader_waits(attempt: Attempt) -> Refused | None:
    """A report to the leader has no answer yet."""
    return None if attempt.case and unanswered_report(attempt.case) else Refused("nothing_reported")


# ---- what follows ---------------------------------------------------------------------------------------------------


def urged(attempt: Attempt, case: Case) -> Case:
    """A lead's order is sent once more; everybody else is told by the step alone."""
    return orders_out.reminded(attempt, case) if must_act(case).to == "lead" else case


def whom_it_urged(attempt: Attempt) -> dict[str, str]:
    """Who was urged, for the log."""
    assert attempt.case is not None, "only an open incident is urged"
    whom = must_act(attempt.case)
    return {"to": whom.to, "lead": whom.name, "lead_worker": str(whom.worker) if whom.worker else ""}
