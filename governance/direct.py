"""指令直达: an order past the levels between, widened until somebody takes it up (E48, E49, E57, E20, E61)."""

from __future__ import annotations

from dataclasses import replace

from governance import clocks
from governance.attempt import Attempt, Guard
from governance.commands import DirectOrder, Recipient, TakeLead, TimerFired
from governance.guards import AT_WORK, GRAVE, NOT_ACCEPTED
from governance.incident import Assignment, AssignmentState, Case, LeadRole, TimerKind, Urgency
from governance.orders_out import order_to, with_order
from governance.people import Role
from governance.places import is_inside
from governance.refusal import Refused

# ---- may it be ------------------------------------------------------------------------------------------------------


def is_direct(attempt: Attempt) -> Refused | None:
    """The incident is run by direct order."""
    return None if attempt.incident.mode == "direct" else Refused("not_direct_mode")


def urgent_enough(attempt: Attempt) -> Refused | None:
    """特急, an emergency, or inside the area of an active plan (E48)."""
    incident = attempt.incident
    in_plan = any(is_inside(incident.grid, area) for area in attempt.rules.plan_areas)
    enough = incident.urgency is Urgency.IMMEDIATE or incident.severity in GRAVE or in_plan
    return None if enough else Refused("not_urgent_enough")


def issuer_or_shift_lead(attempt: Attempt) -> Refused | None:
    """A direct order is called off by who gave it, or by a shift lead."""
    if attempt.officer.role is Role.SHIFT_LEAD:
        return None
    gave = [step.actor_staff for step in attempt.case.steps if step.row == "E48"] if attempt.case else []
    return None if gave and gave[-1] == attempt.officer.staff else Refused("not_your_order")


def nobody_answered(attempt: Attempt) -> Refused | None:
    """The lead has had his minute, and has not acknowledged."""
    lead = attempt.case.lead if attempt.case else None
    if lead is None or lead.state not in (AssignmentState.SENT, AssignmentState.DELIVERED):
        return Refused("lead_answered")
    rang = (
        any(t.kind is TimerKind.T4_ACK and t.fired and t.assignment == lead.id for t in attempt.case.timers)
        if attempt.case
        else False
    )
    return None if rang else Refused("lead_has_time")


def taker(attempt: Attempt) -> Assignment | None:
    """The order of whoever takes the lead over: who acts, or who is named."""
    take = attempt.command
    worker = (take.worker if isinstance(take, TakeLead) else None) or attempt.officer.staff
    live = [a for a in attempt.case.assignments if a.is_live and a.role is LeadRole.ASSIST] if attempt.case else []
    return next((a for a in live if a.worker == worker), None)


def taker_stands(states: frozenset[AssignmentState]) -> Guard:
    """Who takes over has the order too, and it stands in one of the states."""

    def guard(attempt: Attempt) -> Refused | None:
        """Look for his order."""
        if attempt.command is None:
            return None
        order = taker(attempt)
        if order is None:
            return Refused("not_assigned", "worker")
        return None if order.state in states else Refused("assignment_not_in_state", "worker", state=order.state.value)

    return guard


HAS_ACCEPTED, HAS_NOT_ACCEPTED = taker_stands(AT_WORK), taker_stands(NOT_ACCEPTED)


def takes_himself(attempt: Attempt) -> Refused | None:
    """Who got the order takes the lead for himself; only an officer names another."""
    take = attempt.command
    assert isinstance(take, TakeLead)
    return None if take.worker in (None, attempt.officer.staff) else Refused("not_your_role", "worker")


def who_leads(attempt: Attempt) -> dict[str, str]:
    """Who takes the lead, for the log."""
    order = taker(attempt)
    return {"lead": order.worker_name, "lead_worker": str(order.worker)} if order else {}


def next_in_line(case: Case | None) -> Assignment | None:
    """Who takes the place of a lead who cannot go: of those who assist the one who has come furthest."""
    live = [a for a in case.assignments if a.is_live and a.role is LeadRole.ASSIST] if case else []
    order = list(AssignmentState)
    return max(live, key=lambda a: (order.index(a.state), -live.index(a)), default=None)


def follower_stands(states: frozenset[AssignmentState]) -> Guard:
    """There is somebody to take the place of a lead who declines, and his order stands in one of the states."""

    def guard(attempt: Attempt) -> Refused | None:
        """Look who is next."""
        following = next_in_line(attempt.case)
        return None if following and following.state in states else Refused("nobody_left")

    return guard


# ---- what follows ---------------------------------------------------------------------------------------------------


def sent_directly(attempt: Attempt, case: Case) -> Case:
    """Orders go out at once; what was not filed yet is to be filled in within a day (T12)."""
    order = attempt.command
    assert isinstance(order, DirectOrder)
    category = attempt.rules.categories.get(case.incident.category)
    unfiled = case.incident.filed_at is None
    owed = case.incident.backfill_owed or category is None or not category.is_leaf or unfiled
    incident = replace(
        case.incident,
        mode="direct",
        urgency=Urgency.IMMEDIATE,
        filed_at=case.incident.filed_at or attempt.now,
        backfill_owed=owed,
    )
    case = replace(case, incident=incident)
    case = order_to(attempt, case, order.lead, LeadRole.LEAD, order.order_text)
    for recipient in order.assists:
        case = order_to(attempt, case, recipient, LeadRole.ASSIST, order.order_text)
    if owed:
        case = clocks.started(TimerKind.T12_BACKFILL)(attempt, case)
    return clocks.resolve_clock_hastened(attempt, case) if not unfiled else clocks.resolve_clock_started(attempt, case)


def widened(attempt: Attempt, case: Case) -> Case:
    """The next nearest are asked too (E49)."""
    fired = attempt.command
    assert isinstance(fired, TimerFired)
    text = case.lead.order_text if case.lead else ""
    known = {a.worker for a in case.assignments if a.is_live}
    for recipient in fired.wider:
        if recipient.worker not in known:
            case = order_to(attempt, case, recipient, LeadRole.ASSIST, text)
    return case


def lead_taken(attempt: Attempt, case: Case) -> Case:
    """Another leads; who led and did not answer assists, if he comes yet."""
    order = taker(attempt)
    assert order is not None, "asked before"
    return _lead_goes_to(case, order)


def lead_follows(_attempt: Attempt, case: Case) -> Case:
    """The lead has declined: the next in line leads."""
    following = next_in_line(case)
    return _lead_goes_to(case, following) if following else case


def taken_up(attempt: Attempt, case: Case) -> Case:
    """Who takes the lead himself takes the order up with it."""
    lead, now = case.lead, attempt.now
    if lead is None or lead.state in AT_WORK:
        return case
    took = replace(
        lead,
        state=AssignmentState.ACCEPTED,
        delivered_at=lead.delivered_at or now,
        acked_at=lead.acked_at or now,
        accepted_at=now,
    )
    return with_order(case, took)


def _lead_goes_to(case: Case, order: Assignment) -> Case:
    """The case with the lead at another order."""
    if case.lead is not None:
        case = with_order(case, replace(case.lead, role=LeadRole.ASSIST))
    return with_order(case, replace(order, role=LeadRole.LEAD))


def named_fit(attempt: Attempt) -> Refused | None:
    """Nobody is named twice in a direct order; whoever is sent needs no reason."""
    order = attempt.command
    assert isinstance(order, DirectOrder)
    named: list[Recipient] = [order.lead, *order.assists]
    return Refused("named_twice", "assists") if len({each.worker for each in named}) != len(named) else None
