"""A direct order goes past the levels between: they hear of it when nobody takes it up (E49)."""

from __future__ import annotations

from desktop.alarms.facts import Post, facts_of
from desktop.alarms.kinds import AlarmKind, Priority
from governance import commands as c
from governance.incident import TimerKind, Urgency
from governance.lifecycle import SYSTEM_OFFICER
from governance.people import Role
from governance.places import Level
from tests.governance.field import DO, NOON, STREET, WHOLE, officer, recipient, reported, walk


def test_the_street_is_rung_when_a_direct_order_past_it_goes_unanswered() -> None:
    sent = walk(reported(urgency=Urgency.IMMEDIATE), (c.DirectOrder(recipient("li"), order_text="速去"), DO))
    assert sent.incident.handling_level < Level.STREET < sent.incident.oversight_level
    street = Post(officer(Role.OPERATOR, "street centre", STREET), WHOLE)
    assert not [fact for fact in facts_of(sent, street, NOON) if fact.kind is AlarmKind.UNANSWERED]
    clock = next(timer for timer in sent.timers if timer.kind is TimerKind.T4_ACK)
    assert clock.due_at is not None
    rung = walk(sent, (c.TimerFired(clock.id, clock.kind, clock.fired), SYSTEM_OFFICER), at=clock.due_at)
    (fact,) = (each for each in facts_of(rung, street, clock.due_at) if each.kind is AlarmKind.UNANSWERED)
    assert fact.priority is Priority.CRITICAL
