"""How long an incident that nobody touches can go unseen by the district: a bound that follows from the rules alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from governance.categories import Stage
from governance.deadline import is_working_time, later, seconds_of
from governance.incident import Case, FeedbackState, State
from governance.rules import Rules

LONGEST_EXTENSION = 2.0
"""An extension doubles a limit at most (E32)."""
EVERY_RING = 0.5
"""The resolve clock rings at its limit and with every further half of it (E38)."""


def is_seen(case: Case, rules: Rules) -> bool:
    """Whether the top of the ladder watches it, under an order of supervision that is open."""
    return case.incident.oversight_level is max(rules.ladder) and any(s.state != "closed" for s in case.supervision)


def is_owed(case: Case) -> bool:
    """Whether anything is still to be done or to be told."""
    ended = case.incident.state in (State.REJECTED, State.TRANSFERRED, State.VOIDED)
    if ended:
        return any(f.state is FeedbackState.PENDING for f in case.feedback)
    return case.incident.state not in (State.ARCHIVED, State.MERGED)


def seen_by(case: Case, now: datetime, rules: Rules) -> datetime:
    """The latest moment at which the district sees an incident that nobody touches from now on.

    Of n rungs there are n - 1 to climb; whoever stands at the top already is asked once more before the order is issued.
    Where it is suspended, the count begins at its date.
    """
    start = max(case.incident.suspended_until or now, now)
    return seen_from(case.incident.suspended_from or case.incident.state, start, rules)


def seen_from(state: State, now: datetime, rules: Rules) -> datetime:
    """The same for any incident that stands in a state."""
    rungs = len(rules.ladder)
    if state is State.VERIFYING:
        return seen_from(State.REPORTED, _rung(rules, now, Stage.VERIFY), rules)
    if state is State.REPORTED:
        return _rung(rules, now, Stage.INTAKE, rungs)
    if state is State.FILED:
        return _rung(rules, now, Stage.DISPATCH, rungs)
    if state is State.DISPATCHED:
        asked = max(_rung(rules, now, Stage.ACK, 2), _rung(rules, now, Stage.ACCEPT, 2))
        return seen_from(State.FILED, asked, rules)
    if state is State.HANDLING:
        return _rung(rules, now, Stage.RESOLVE, LONGEST_EXTENSION * (1.0 + EVERY_RING * (rungs - 1)))
    if state in (State.RESOLVED, State.CHECKING):
        return _rung(rules, now, Stage.CHECK, rungs)
    risen = now + timedelta(hours=sum(rules.supervision_hours))
    return max(_rung(rules, now, Stage.FEEDBACK, rungs), _rung(rules, now, Stage.BACKFILL), risen)


def _rung(rules: Rules, now: datetime, stage: Stage, times: float = 1.0) -> datetime:
    """When the longest limit of a stage has run out so many times."""
    ends = (
        later(now, times * seconds_of(limit.amount, limit.unit, rules.calendar), is_working_time(limit.unit), rules.calendar)
        for limit in rules.limits
        if limit.stage is stage
    )
    return max(ends, default=now)
