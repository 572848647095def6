"""Rows of what is asked for and decided: returned, suspended, extended, closed specially, void."""

from __future__ import annotations

from collections.abc import Iterator

from governance import asking, clocks, demands, effects, guards, orders_out, supervising, suspending
from governance.attempt import Effect, Guard
from governance.incident import ApprovalKind as K
from governance.incident import ApprovalState, State, SupervisionGrade
from governance.incident import AssignmentState as A
from governance.incident import TimerKind as T
from governance.roles import ASSIGNEES, AT_QUEUE, AUDITORS, DISPATCHERS, LEADERS, SHIFT_LEADS, SYSTEM, Party
from governance.transitions.row import BACK_TO_QUEUE, OVER, SOLVED, STOP_ORDER_CLOCKS, Row, c, from_

S = State
IN_QUEUE_OR_WORK = from_(S.FILED, S.DISPATCHED, S.HANDLING)
DECIDES: dict[K, tuple[Party, ...]] = {
    K.RETURN: (DISPATCHERS, AT_QUEUE),
    K.SUSPEND_DEFER: (SHIFT_LEADS, LEADERS),
    K.SUSPEND_LIST: (LEADERS, AUDITORS),
    K.EXTEND: (SHIFT_LEADS, LEADERS),
    K.CLOSE_SPECIAL: (SHIFT_LEADS, AUDITORS),
    K.VOID: (SHIFT_LEADS, AUDITORS),
    K.REOPEN: (SHIFT_LEADS, AUDITORS),
}
"""Who decides what; where two have to sign, one of each."""
NOT_OF_EMERGENCIES: dict[K, tuple[Guard, ...]] = {
    K.VOID: (asking.not_too_grave,),
    K.SUSPEND_DEFER: (guards.not_immediate,),
    K.SUSPEND_LIST: (guards.not_immediate,),
}
NAMED = (asking.named_is_pending,)
ASKED = asking.what_was_asked
GRANTED = asking.decided(ApprovalState.GRANTED)
ORDERS_END = (orders_out.lead_ends(A.RELEASED), orders_out.assists_end(A.RELEASED), STOP_ORDER_CLOCKS)
ORDERS_RECALLED = (orders_out.lead_ends(A.RECALLED), orders_out.assists_end(A.RECALLED), STOP_ORDER_CLOCKS)


def _granted(row: str, kind: K, sources: frozenset[State], target: State | None, *effects: Effect) -> Iterator[Row]:
    """The row of a consent; where two have to sign, the row of the first before it."""
    grave = NOT_OF_EMERGENCIES.get(kind, ())
    who, when = DECIDES[kind], (asking.pending_is(kind),)
    if kind not in asking.TWO_SIGN:
        yield Row(
            row, c.Approve, sources, target, who, (GRANTED, *effects), when, (asking.may_decide, *grave), NAMED, adds=ASKED
        )
        return
    first = (*when, asking.not_signed_yet)
    yield Row(row, c.Approve, sources, None, who, (asking.signed,), first, (asking.may_decide, *grave), NAMED, adds=ASKED)
    both = (asking.may_decide, asking.signed_once, *grave)
    yield Row(row, c.Approve, sources, target, who, (GRANTED, *effects), when, both, NAMED, adds=ASKED)


DECIDING = (
    Row(
        "E28", c.Ask, IN_QUEUE_OR_WORK, None, (ASSIGNEES, AT_QUEUE), (asking.asked,),
        guards=(guards.not_direct, asking.none_pending), demands=(demands.reason_given, asking.may_be_asked),
        tells=("kind", "until", "extend_s"),
    ),
    *(
        Row(
            "E29", c.Deny, IN_QUEUE_OR_WORK if kind is not K.REOPEN else from_(S.ARCHIVED), None, who,
            (asking.decided(ApprovalState.DENIED),), when=(asking.pending_is(kind),), guards=(asking.may_decide,),
            demands=(asking.named_is_pending, demands.reason_given), adds=ASKED,
        )
        for kind, who in DECIDES.items()
    ),
    *_granted(
        "E30", K.RETURN, from_(S.DISPATCHED), S.FILED,
        orders_out.lead_ends(A.RETURNED), *BACK_TO_QUEUE, effects.counted("return_count"),
    ),
    *_granted("E31", K.SUSPEND_DEFER, from_(S.FILED, S.HANDLING), S.SUSPENDED, suspending.suspended),
    *_granted("E31", K.SUSPEND_LIST, from_(S.FILED, S.HANDLING), S.SUSPENDED, suspending.suspended),
    *_granted("E32", K.EXTEND, from_(S.HANDLING), None, suspending.extended),
    *_granted("E33", K.CLOSE_SPECIAL, from_(S.HANDLING), S.CLOSED, *ORDERS_END, effects.closed_specially, *SOLVED),
    *_granted("E34", K.VOID, IN_QUEUE_OR_WORK, S.VOIDED, *ORDERS_RECALLED, *OVER),
    Row(
        "E35", c.TimerFired, IN_QUEUE_OR_WORK, None, (SYSTEM,), (asking.passed_up, clocks.again()),
        when=(asking.below_top,), guards=(guards.timer_due,), timer=T.T13_APPROVAL,
    ),
    Row(
        "E35", c.TimerFired, IN_QUEUE_OR_WORK | {S.ARCHIVED}, None, (SYSTEM,),
        (clocks.once, asking.decided(ApprovalState.LAPSED)),
        when=(asking.at_top,), guards=(guards.timer_due,), timer=T.T13_APPROVAL,
    ),
    *(
        Row(
            "E36", c.Resume, from_(S.SUSPENDED), prior, (DISPATCHERS, ASSIGNEES, AT_QUEUE), (suspending.resumed,),
            when=(suspending.came_from(prior),), guards=(suspending.asked_for_it,),
        )
        for prior in (S.FILED, S.HANDLING)
    ),
    *(
        Row(
            "E36", c.Resume, from_(S.SUSPENDED), prior, (SYSTEM,), (suspending.resumed,),
            when=(suspending.came_from(prior),), guards=(guards.immediate,), automatic=lambda _: c.Resume(),
            adds=lambda _: {"overtaken": "immediate"},
        )
        for prior in (S.FILED, S.HANDLING)
    ),
    *(
        Row(
            "E37", c.TimerFired, from_(S.SUSPENDED), prior, (SYSTEM,),
            (clocks.once, suspending.resumed, supervising.supervised(SupervisionGrade.NOTICE, "T11")),
            when=(suspending.came_from(prior),), guards=(guards.timer_due,), timer=T.T11_SUSPENSION,
        )
        for prior in (S.FILED, S.HANDLING)
    ),
)  # fmt: skip
