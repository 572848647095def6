"""Which cases raise an alarm at a post, and which do not: no answer needed, no alarm (ISA-18.2); plain.

An alarm stands while the situation says its cause does, and the rules say that this post may do something about it. A
new kind is a row of WATCHES.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from desktop.alarms.kinds import AlarmFact, AlarmKind, Priority
from governance.attempt import Attempt, pending_approval
from governance.candidates import SAID_NO
from governance.commands import COMMANDS
from governance.incident import ActorKind, AssignmentState, Case, LeadRole, Severity, State, TimerKind, TimerState, Urgency
from governance.lifecycle import may
from governance.people import Officer
from governance.places import Level, at_level
from governance.roles import AT_QUEUE, Party, Reach, level_of_post, why_not
from governance.rules import Rules
from governance.urging import URGE, must_act, unanswered_report

INTAKE = frozenset({State.REPORTED, State.VERIFYING})
GRAVE = frozenset({Severity.I, Severity.II, Severity.III})
WEIGHT_OF_SEVERITY = {Severity.I: 90, Severity.II: 80, Severity.III: 60}
LINK_WEIGHT = 100
"""Losing the connection outweighs all: what the screen shows is old from then on."""
ORDER_CLOCKS = frozenset({TimerKind.T4_ACK, TimerKind.T5_ACCEPT})
INTAKE_CLOCKS = frozenset({TimerKind.T1_INTAKE, TimerKind.T2_VERIFY})
OWN_KIND = ORDER_CLOCKS | {TimerKind.T10_SUPERVISION, TimerKind.T13_APPROVAL}
"""Clocks whose ringing is no alarm of its own: what they are about is one already."""
UNANSWERED = frozenset({AssignmentState.SENT, AssignmentState.DELIVERED, AssignmentState.ACKED})
GIVEN_BACK = frozenset({"E22", "E61"})
"""Rows by which an order comes back that nobody took: it ran out, or who was sent cannot go."""
SENDING = frozenset({"dispatch", "reassign", "direct_order", "add_assist"})
RED = 3
AT_THEIR_LEVEL = Party(AT_QUEUE.roles, Reach.AREA)
"""Who works the queues, over all that lies in the area of the post."""


@dataclass(frozen=True, slots=True)
class Post:
    """Who sits here, by which rules, and whose queues are covered (代管) besides the own."""

    officer: Officer
    rules: Rules
    covered: frozenset[str] = frozenset()
    """Codes of the areas whose queue has no open shift and is this post's meanwhile."""


@dataclass(frozen=True, slots=True)
class Found:
    """A cause within a case."""

    at: datetime
    priority: Priority
    weight: int = 0
    turn: str = ""


@dataclass(frozen=True, slots=True)
class Watch:
    """One kind of alarm a case can raise: how its cause is found, and who has to answer it.

    `answered_by` are words of the transition table (governance.commands.COMMANDS): whoever may give one of them now is
    to answer. `of_the_queue`: only at the post whose queue it is in, at the one the oversight went up to, and with who
    sent the order; `minded_by` are to answer there whatever they may order, for a call to whoever is late is an answer.
    """

    kind: AlarmKind
    finds: Callable[[Case], Found | None]
    answered_by: tuple[str, ...] = ()
    of_the_queue: bool = False
    minded_by: tuple[Party, ...] = ()
    at: Callable[[Case, Post], bool] | None = None
    """Only at these posts, where it is neither a matter of the queue nor of what one may order."""
    unless: AlarmKind | None = None
    """Not beside an alarm of this kind about the same incident (an earlier row): one answer ends both."""


def _urgent_report(case: Case) -> Found | None:
    """Nobody took it in yet, and it is 特急 or Ⅰ-Ⅲ; another turn when its intake clock rings."""
    incident = case.incident
    if incident.state not in INTAKE:
        return None
    if incident.urgency is not Urgency.IMMEDIATE and incident.severity not in GRAVE:
        return None
    weight = WEIGHT_OF_SEVERITY.get(incident.severity, 50)
    rings = sum(timer.fired for timer in case.timers if timer.kind in INTAKE_CLOCKS)
    return Found(incident.reported_at, Priority.CRITICAL, weight, f"{incident.handling_level}:{rings}")


def _overdue(case: Case) -> Found | None:
    """The resolve limit was missed, or a clock rang that still runs."""
    incident = case.incident
    rang = [t for t in case.timers if t.fired and t.state is TimerState.RUNNING and t.kind not in OWN_KIND]
    if not rang and not (incident.overdue and incident.state in (State.FILED, State.DISPATCHED, State.HANDLING)):
        return None
    turn = ",".join(f"{timer.kind}:{timer.fired}" for timer in rang)
    priority = Priority.LOW if incident.urgency is Urgency.NORMAL else Priority.HIGH
    return Found(_rang_at(case), priority, int(incident.urgency) * 10, turn)


def _unanswered(case: Case) -> Found | None:
    """An order that was not acknowledged or not accepted in time, or one given back that nobody has had since.

    In direct mode people wait at the other end.
    """
    if case.incident.state is State.FILED:
        return _given_back(case)
    open_orders = {order.id for order in case.assignments if order.state in UNANSWERED}
    rang = [t for t in case.timers if t.fired and t.state is TimerState.RUNNING and t.kind in ORDER_CLOCKS]
    rang = [timer for timer in rang if timer.assignment is None or timer.assignment in open_orders]
    if not rang or not open_orders:
        return None
    is_direct = case.incident.mode == "direct"
    turn = ",".join(f"{timer.id}:{timer.fired}" for timer in rang)
    return Found(_rang_at(case), Priority.CRITICAL if is_direct else Priority.HIGH, 55 if is_direct else 20, turn)


def _given_back(case: Case) -> Found | None:
    """The last one who was sent cannot go, or never answered: another has to be found."""
    leads = [a for a in case.assignments if a.cycle == case.incident.cycle and a.role is LeadRole.LEAD]
    back = next((step for step in reversed(case.steps) if step.row in GIVEN_BACK), None)
    if not leads or leads[-1].state not in SAID_NO or back is None:
        return None
    priority = Priority.LOW if case.incident.urgency is Urgency.NORMAL else Priority.HIGH
    return Found(back.at, priority, 20, f"{leads[-1].id}:{leads[-1].state}")


def _approval(case: Case) -> Found | None:
    """Somebody asked, and nobody has decided; asked anew of the level above (E35) it is another turn."""
    pending = pending_approval(case)
    if pending is None:
        return None
    priority = Priority.LOW if case.incident.urgency is Urgency.NORMAL else Priority.HIGH
    return Found(pending.asked_at, priority, 5, f"{pending.id}:{int(pending.level)}")


def _supervision(case: Case) -> Found | None:
    """A supervision order that was not answered, or whose answer was sent back."""
    order = next((each for each in case.supervision if each.state in ("issued", "rejected")), None)
    if order is None:
        return None
    priority = Priority.HIGH if order.grade >= RED else Priority.LOW
    return Found(order.issued_at, priority, int(order.grade), f"{order.id}:{int(order.grade)}:{order.state}")


def _urged(case: Case) -> Found | None:
    """Somebody urged whoever has to act, and nobody else has done anything about it since."""
    urging = next((step for step in reversed(case.steps) if step.row == URGE), None)
    if urging is None or case.incident.state is not urging.to_state:
        return None
    acted = any(s.seq > urging.seq and s.actor_kind is ActorKind.USER and s.actor_post != urging.actor_post for s in case.steps)
    return None if acted else Found(urging.at, Priority.HIGH, 12, str(urging.seq))


def _is_urged(case: Case, post: Post) -> bool:
    """Whether it is this desk that has to act: the person named, else the queue's own desk; never the one who urged."""
    urging, whom, officer = next(step for step in reversed(case.steps) if step.row == URGE), must_act(case), post.officer
    if urging.actor_post == officer.post:
        return False
    if not whom.is_queue:
        return officer.staff == whom.worker
    level = case.incident.handling_level
    is_theirs = level_of_post(officer) == level or at_level(case.incident.grid, level) in post.covered
    return is_theirs and why_not((AT_THEIR_LEVEL,), Attempt(case, None, officer, post.rules, urging.at)) is None


def _leader(case: Case) -> Found | None:
    """The leader on duty was told, and has not answered."""
    told = unanswered_report(case)
    return None if told is None else Found(told.at, Priority.HIGH, 40, str(told.seq))


WATCHES: tuple[Watch, ...] = (
    Watch(AlarmKind.URGENT, _urgent_report, ("file", "reject")),
    Watch(AlarmKind.OVERDUE, _overdue, ("check_pass", "check_fail"), True, (AT_THEIR_LEVEL,), unless=AlarmKind.URGENT),
    Watch(AlarmKind.UNANSWERED, _unanswered, ("recall", "reassign", "dispatch"), True, (AT_THEIR_LEVEL,)),
    Watch(AlarmKind.APPROVAL, _approval, ("approve", "deny")),
    Watch(AlarmKind.SUPERVISION, _supervision, ("reply_supervision",), of_the_queue=True),
    Watch(AlarmKind.URGED, _urged, at=_is_urged),
    Watch(AlarmKind.LEADER, _leader, ("answer_report",)),
)


def facts_of(case: Case, post: Post, now: datetime) -> Iterator[AlarmFact]:
    """What of a case needs an answer of this post now."""
    incident, told = case.incident, set[AlarmKind]()
    for watch in WATCHES:
        found = watch.finds(case) if watch.unless not in told else None
        if found is None or (watch.at is not None and not watch.at(case, post)):
            continue
        if watch.at is None and (
            (watch.of_the_queue and not answers_for(case, post)) or not _may_answer(watch, case, post, now)
        ):
            continue
        told.add(watch.kind)
        community = at_level(incident.grid, Level.COMMUNITY)
        yield AlarmFact(
            watch.kind, incident.id, community, incident.category[:2], found.at, found.priority, found.weight, found.turn
        )


def answers_for(case: Case, post: Post) -> bool:
    """Whether a case is this post's to answer for: in its queue, looked at from its level, or sent by it.

    A queue that it covers is as its own, at whichever level the case is handled or looked at.
    """
    incident, own = case.incident, level_of_post(post.officer)
    top = max(incident.handling_level, incident.oversight_level)
    levels = [level for level in Level if incident.handling_level <= level <= top]
    if any(level == own or at_level(incident.grid, level) in post.covered for level in levels):
        return True
    sent = next((step for step in reversed(case.steps) if step.action in SENDING), None)
    return sent is not None and sent.actor_post is not None and sent.actor_post == post.officer.post


def _may_answer(watch: Watch, case: Case, post: Post, now: datetime) -> bool:
    """Whether the rules give the post one of the commands that answer it, or it has to mind it."""
    attempt = Attempt(case, None, post.officer, post.rules, now)
    if watch.minded_by and why_not(watch.minded_by, attempt) is None:
        return True
    return any(may(case, COMMANDS[word], post.officer, post.rules, now) is None for word in watch.answered_by)


def _rang_at(case: Case) -> datetime:
    """When a clock last rang, by the log; else when the incident came in."""
    rang = next((step.at for step in reversed(case.steps) if step.action == "timer"), None)
    return rang or case.incident.due_at or case.incident.reported_at


def link_lost(since: datetime) -> AlarmFact:
    """The connection to the server is gone."""
    return AlarmFact(AlarmKind.LINK, None, "", "", since, Priority.CRITICAL, LINK_WEIGHT, since.isoformat())


def handover_waits(at: datetime, turn: str, is_overrun: bool = False) -> AlarmFact:
    """A hand-over waits for this officer's signature; overrun, the level above is told as well."""
    return AlarmFact(AlarmKind.HANDOVER, None, "", "", at, Priority.HIGH if is_overrun else Priority.LOW, 15, turn)
