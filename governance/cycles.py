"""Effects that end a cycle and begin the next: numbers are frozen, counters start from nothing (E09, E47)."""

from __future__ import annotations

from dataclasses import replace

from governance.attempt import Attempt
from governance.echoes import echoes_waived
from governance.incident import Case, Cycle, LeadRole


def cycle_ended(attempt: Attempt, case: Case) -> Case:
    """The numbers of the cycle are frozen, and the next one begins with none (E47)."""
    old = case.incident
    lead = next((a for a in reversed(case.assignments) if a.cycle == old.cycle and a.role is LeadRole.LEAD), None)
    frozen = Cycle(
        old.cycle,
        old.category,
        old.highest_level,
        old.filed_at,
        old.deadline,
        old.completed_at,
        old.closed_at,
        attempt.now,
        old.close_type,
        old.limit_s,
        old.used_s,
        old.overdue,
        old.rework_count,
        old.return_count,
        old.recall_count,
        old.extended,
        lead.unit if lead else None,
    )
    return _begun_again(replace(case, cycles=(*case.cycles, frozen)))


def _begun_again(case: Case) -> Case:
    """The case at the start of its next cycle."""
    old = case.incident
    incident = replace(
        old,
        cycle=old.cycle + 1,
        mode="normal",
        deadline=None,
        completed_at=None,
        closed_at=None,
        close_type=None,
        limit_s=0.0,
        used_s=0.0,
        overdue=False,
        rework_count=0,
        return_count=0,
        recall_count=0,
        extended=0,
        no_return=False,
        highest_level=old.handling_level,
        oversight_level=max(old.oversight_level, old.handling_level),
    )
    return replace(case, incident=incident)


def looked_at_again(attempt: Attempt, case: Case) -> Case:
    """A rejected report waits to be filed once more, in a cycle of its own (E09)."""
    return _begun_again(echoes_waived("reconsidered")(attempt, case))


def opened_again(attempt: Attempt, case: Case) -> Case:
    """It waits to be dispatched again; what was still to be told is told at the next end (E47)."""
    case = cycle_ended(attempt, echoes_waived("reopened")(attempt, case))
    incident = replace(case.incident, filed_at=attempt.now, reopen_count=case.incident.reopen_count + 1)
    return replace(case, incident=incident)
