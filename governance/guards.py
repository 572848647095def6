"""Guards: small named questions a row of the transition table asks; each says no with a reason, or None.

These look at the case, the officer and the clock only, so that a desk can grey a key with them; those about the
parameters of a command are in governance.demands.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from governance.attempt import Attempt, Guard, handlers_of, live_assists, open_supervision
from governance.categories import CheckMode
from governance.incident import (
    AssignmentState,
    Case,
    FeedbackState,
    Incident,
    LeadRole,
    Magnitude,
    Severity,
    SupervisionGrade,
    TimerState,
    Urgency,
)
from governance.people import Role
from governance.refusal import Refused
from governance.roles import level_of_post
from governance.routing import below, is_unowned, next_up

RECALLS_PER_CYCLE = 3
REWORKS_BY_SAME_HANDLER = 3
RETURNS_AT_MOST = 2
SAMPLE_OF = 10_000
GRAVE = frozenset({Severity.I, Severity.II, Severity.III})
NOT_ACCEPTED = frozenset({AssignmentState.SENT, AssignmentState.DELIVERED, AssignmentState.ACKED})
AT_WORK = frozenset({AssignmentState.ACCEPTED, AssignmentState.EN_ROUTE, AssignmentState.ARRIVED})


# ---- the case and who acts ----------------------------------------------------------------------------------------


def mine_leads(attempt: Attempt) -> Refused | None:
    """The officer's own live assignment is the leading one."""
    return None if attempt.mine and attempt.mine.role is LeadRole.LEAD else _not_now(attempt)


def mine_assists(attempt: Attempt) -> Refused | None:
    """The officer's own live assignment is an assisting one."""
    return None if attempt.mine and attempt.mine.role is LeadRole.ASSIST else _not_now(attempt)


def _not_now(attempt: Attempt) -> Refused:
    """Lead and assist may do a thing in different states; this one not in this."""
    return Refused("not_in_state", state=attempt.incident.state.value, action=attempt.action)


def mine_is(states: frozenset[AssignmentState]) -> Guard:
    """The officer's own assignment stands in one of the states."""

    def guard(attempt: Attempt) -> Refused | None:
        """Compare the state."""
        mine = attempt.mine
        if mine is None:
            return Refused("not_assigned")
        return None if mine.state in states else Refused("assignment_not_in_state", state=mine.state.value)

    return guard


def level_below_top(attempt: Attempt) -> Refused | None:
    """There is a level to raise to."""
    level = attempt.incident.handling_level
    return Refused("top_level") if next_up(attempt.rules, level) is level else None


def level_at_top(attempt: Attempt) -> Refused | None:
    """There is no level left to raise to."""
    return None if level_below_top(attempt) else Refused("not_top_level")


def level_above_bottom(attempt: Attempt) -> Refused | None:
    """There is a level to hand it down to."""
    level = attempt.incident.handling_level
    return Refused("bottom_level") if below(attempt.rules, level) is level else None


def returns_left(attempt: Attempt) -> Refused | None:
    """It came back or down less than twice; then somebody says who takes it (E16)."""
    return None if attempt.incident.return_count < RETURNS_AT_MOST else Refused("return_cap", count=str(RETURNS_AT_MOST))


def returned_twice(attempt: Attempt) -> Refused | None:
    """It came back twice: it is time to say who has to take it."""
    return Refused("not_returned_twice") if returns_left(attempt) is None else None


def lies_with_backstop(attempt: Attempt) -> Refused | None:
    """The duty matrix names nobody for it: any unit may take it (E60)."""
    incident = attempt.incident
    return None if is_unowned(attempt.rules, incident.category, incident.grid) else Refused("has_an_owner")


def auto_dispatched(attempt: Attempt) -> Refused | None:
    """The rules let the system send somebody for this category (E13)."""
    category = attempt.rules.categories.get(attempt.incident.category)
    return None if category and category.auto_dispatch else Refused("not_automatic")


def soon_and_first(attempt: Attempt) -> Refused | None:
    """It was rejected a few days ago at most, and was never looked at again (E09)."""
    steps, days = attempt.case.steps if attempt.case else (), attempt.rules.reconsider_days
    if any(step.row == "E09" for step in steps):
        return Refused("reconsidered_before")
    rejected_at = next((step.at for step in reversed(steps) if step.row == "E08"), attempt.now)
    return Refused("too_long_ago", days=f"{days:g}") if attempt.now > rejected_at + timedelta(days=days) else None


def needs_no_check(attempt: Attempt) -> Refused | None:
    """A minor matter, done right at once, under nobody's eye, that the sample leaves out (E40)."""
    incident, case = attempt.incident, attempt.case
    category = attempt.rules.categories.get(incident.category)
    if category is None or category.check_mode not in (CheckMode.SAMPLE, CheckMode.PHOTO):
        return Refused("check_needed", because="category")
    if incident.magnitude is not Magnitude.MINOR or incident.severity in GRAVE:
        return Refused("check_needed", because="case")
    if incident.rework_count or (case and open_supervision(case)):
        return Refused("check_needed", because="case")
    return Refused("check_needed", because="sampled") if is_sampled(incident, attempt.rules.sample_percent) else None


def is_sampled(incident: Incident, percent: float) -> bool:
    """Whether the sample takes an incident: by its id, so that nobody can choose."""
    return incident.id.int % SAMPLE_OF < percent / 100.0 * SAMPLE_OF


def not_an_approver(attempt: Attempt) -> Refused | None:
    """Who decided something that was asked for in this cycle cannot check it."""
    cycle, staff = attempt.incident.cycle, attempt.officer.staff
    decided = [a for a in attempt.case.approvals if a.cycle == cycle] if attempt.case else []
    return Refused("approver_is_checker") if any(staff in (a.decided_by, a.first_by) for a in decided) else None


def checkers_of(case: Case) -> frozenset[UUID]:
    """Everyone who checked something in this cycle, and who signed beside the checker."""
    cycle, begun = case.incident.cycle, max((step.seq for step in case.steps if step.row == "E47"), default=0)
    checked = {c.checker for c in case.checks if c.kind == "check" and c.cycle == cycle and c.done_at}
    signed = {step.actor_staff for step in case.steps if step.row == "E41" and step.seq > begun}
    return frozenset(staff for staff in checked | signed if staff is not None)


def judged_nothing(attempt: Attempt) -> Refused | None:
    """Who checked or decided something in this cycle cannot take its work up."""
    case, staff = attempt.case, attempt.officer.staff
    if case is not None and staff in checkers_of(case):
        return Refused("checker_is_handler")
    return Refused("approver_is_handler") if not_an_approver(attempt) else None


def not_direct(attempt: Attempt) -> Refused | None:
    """The incident is not run by direct order."""
    return Refused("direct_mode") if attempt.incident.mode == "direct" else None


def not_immediate(attempt: Attempt) -> Refused | None:
    """The incident is not 特急."""
    return Refused("immediate") if attempt.incident.urgency is Urgency.IMMEDIATE else None


def immediate(attempt: Attempt) -> Refused | None:
    """The incident is 特急: nothing of it waits for a look or for a date (B.4, T2 and T11)."""
    return Refused("not_urgent_enough") if not_immediate(attempt) is None else None


def recalls_left(attempt: Attempt) -> Refused | None:
    """Three recalls a cycle; then the shift lead only."""
    if attempt.officer.role is Role.SHIFT_LEAD or attempt.incident.recall_count < RECALLS_PER_CYCLE:
        return None
    return Refused("recall_cap", count=str(attempt.incident.recall_count))


def rework_by_same_handler(attempt: Attempt) -> Refused | None:
    """The same handler may be sent again: not after the third rework."""
    return None if attempt.incident.rework_count < REWORKS_BY_SAME_HANDLER else Refused("rework_cap")


def lead_after_reworks(attempt: Attempt) -> Refused | None:
    """After the third rework only a shift lead chooses who goes."""
    if attempt.officer.role is Role.SHIFT_LEAD or attempt.incident.rework_count <= REWORKS_BY_SAME_HANDLER:
        return None
    return Refused("shift_lead_needed", because="rework_cap")


def assists_done(attempt: Attempt) -> Refused | None:
    """Nobody who assists is still at it; who was asked and never took it up holds nobody back."""
    orders = attempt.case.assignments if attempt.case else ()
    at_it = [a.worker_name for a in orders if a.state in AT_WORK and a.role is LeadRole.ASSIST]
    return Refused("assist_open", name="、".join(at_it)) if at_it else None


def somebody_assists(attempt: Attempt) -> Refused | None:
    """There is one who goes along."""
    return None if attempt.case and live_assists(attempt.case) else Refused("no_assist", "assist")


def not_a_handler(attempt: Attempt) -> Refused | None:
    """Who handled something in this cycle cannot check it."""
    if attempt.case and attempt.officer.staff in handlers_of(attempt.case):
        return Refused("handler_is_checker")
    return None


def not_below_handling(attempt: Attempt) -> Refused | None:
    """Who checks stands no lower than who handles (E39)."""
    wanted = attempt.incident.handling_level
    return Refused("below_handling_level", level=str(int(wanted))) if level_of_post(attempt.officer) < wanted else None


def needs_second_signature(attempt: Attempt) -> Refused | None:
    """Severity I-III or a red order: a shift lead signs beside the checker."""
    order = open_supervision(attempt.case) if attempt.case else None
    red = order is not None and order.grade >= SupervisionGrade.RED
    return None if red or attempt.incident.severity in GRAVE else Refused("no_second_signature_needed")


def needs_no_second_signature(attempt: Attempt) -> Refused | None:
    """The checker alone decides."""
    return Refused("shift_lead_needed", because="severity_or_red") if needs_second_signature(attempt) is None else None


def checked_once(attempt: Attempt) -> Refused | None:
    """A checker has passed it already and a shift lead has still to sign."""
    task = attempt.case.checks[-1] if attempt.case and attempt.case.checks else None
    return None if task and task.result == "pass" else Refused("not_checked_yet")


def not_checked_yet(attempt: Attempt) -> Refused | None:
    """No checker has passed it yet."""
    return Refused("already_checked") if checked_once(attempt) is None else None


def not_the_checker(attempt: Attempt) -> Refused | None:
    """The second signature is not that of the first."""
    task = attempt.case.checks[-1] if attempt.case and attempt.case.checks else None
    return Refused("checker_is_signer") if task and task.checker == attempt.officer.staff else None


def feedback_given(attempt: Attempt) -> Refused | None:
    """No echo is owed any more."""
    owed = [f for f in attempt.case.feedback if f.state is FeedbackState.PENDING] if attempt.case else []
    return Refused("feedback_pending", count=str(len(owed))) if owed else None


def feedback_owed(attempt: Attempt) -> Refused | None:
    """An echo is owed still."""
    return Refused("no_feedback_owed") if feedback_given(attempt) is None else None


def supervision_closed(attempt: Attempt) -> Refused | None:
    """No supervision order is open."""
    return Refused("supervision_open") if attempt.case and open_supervision(attempt.case) else None


# ---- timers ---------------------------------------------------------------------------------------------------------


def timer_due(attempt: Attempt) -> Refused | None:
    """The timer exists, runs, has run out, and this firing of it was not seen before."""
    timer = attempt.timer
    if timer is None:
        return Refused("no_such_timer")
    if timer.fired != getattr(attempt.command, "fired", -1):
        return Refused("already_fired", count=str(timer.fired))
    if timer.state is not TimerState.RUNNING or timer.due_at is None:
        return Refused("timer_not_running", state=timer.state.value)
    if attempt.now < timer.due_at:
        return Refused("not_due_yet", due_at=timer.due_at.isoformat())
    return None


def fires_first(attempt: Attempt) -> Refused | None:
    """The timer never fired before."""
    return None if attempt.timer and attempt.timer.fired == 0 else Refused("fired_before")


def fires_again(attempt: Attempt) -> Refused | None:
    """The timer fired before."""
    return None if attempt.timer and attempt.timer.fired > 0 else Refused("never_fired")
