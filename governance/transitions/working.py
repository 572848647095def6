"""Rows of the work itself: arrived, progress, help, another lead, done, overdue."""

from __future__ import annotations

from governance import asking, clocks, demands, effects, guards, orders_out, supervising
from governance.incident import AssignmentState as A
from governance.incident import State, SupervisionGrade
from governance.incident import TimerKind as T
from governance.roles import ASSIGNEES, COORDINATORS, DISPATCHERS, DUTY_OFFICERS, SYSTEM
from governance.transitions.row import ORDER_CLOCKS, STOP_ORDER_CLOCKS, WORKING, Row, c, from_

S = State

HANDLING = (
    Row(
        "E23", c.Arrive, from_(S.HANDLING), None, (ASSIGNEES,), (orders_out.arrived, clocks.stopped(T.T6_ARRIVE)),
        when=(guards.mine_leads,), guards=(guards.mine_is(frozenset({A.ACCEPTED, A.EN_ROUTE})),),
        demands=(demands.near_or_reason,),
    ),
    Row(
        "E23", c.Arrive, from_(S.DISPATCHED, S.HANDLING), None, (ASSIGNEES,), (orders_out.arrived,),
        when=(guards.mine_assists,), guards=(guards.mine_is(frozenset({A.ACCEPTED, A.EN_ROUTE})),),
        demands=(demands.near_or_reason,),
    ),
    Row(
        "E24", c.Progress, from_(S.HANDLING), None, (ASSIGNEES,), (orders_out.photos_kept,),
        guards=(WORKING,), demands=(demands.text_given,), tells=("text",),
    ),
    Row(
        "E24", c.AddAssist, from_(S.HANDLING), None, (DISPATCHERS, DUTY_OFFICERS), (orders_out.assist_sent,),
        demands=(demands.new_lead,), tells=("assist", "order_text"),
    ),
    Row(
        "E72", c.ReleaseAssist, from_(S.DISPATCHED, S.HANDLING), None, (DISPATCHERS, DUTY_OFFICERS),
        (orders_out.assist_released,),
        guards=(guards.somebody_assists,), demands=(demands.reason_given, demands.goes_along), tells=("assist",),
    ),
    Row(
        "E25", c.Reassign, from_(S.HANDLING), S.DISPATCHED, (DISPATCHERS, COORDINATORS),
        (orders_out.lead_ends(A.RECALLED), STOP_ORDER_CLOCKS, orders_out.dispatched, *ORDER_CLOCKS),
        guards=(asking.none_pending, guards.lead_after_reworks),
        demands=(demands.reason_given, demands.new_lead, demands.recipients_fit), tells=("lead", "order_text"),
    ),
    Row(
        "E26", c.TimerFired, from_(S.HANDLING), None, (SYSTEM,),
        (supervising.supervised(SupervisionGrade.NOTICE, "T6"), clocks.once),
        guards=(guards.timer_due,), timer=T.T6_ARRIVE,
    ),
    Row(
        "E27", c.Complete, from_(S.HANDLING), S.RESOLVED, (ASSIGNEES,),
        (
            orders_out.done, orders_out.assists_end(A.RELEASED), effects.completed, clocks.stopped(T.T6_ARRIVE),
            clocks.resolve_clock_paused, clocks.started(T.T8_CHECK),
        ),
        when=(guards.mine_leads,), guards=(WORKING, guards.assists_done, asking.none_pending),
        demands=(demands.evidence_given, demands.parts_closed), tells=("text",),
    ),
    Row(
        "E27", c.Complete, from_(S.DISPATCHED, S.HANDLING), None, (ASSIGNEES,), (orders_out.done,),
        when=(guards.mine_assists,), guards=(WORKING,), demands=(demands.text_of_completion,), tells=("text",),
    ),
    Row(
        "E38", c.TimerFired, from_(S.FILED, S.DISPATCHED, S.HANDLING), None, (SYSTEM,),
        (
            effects.marked_overdue, effects.oversight_raised("T7"), supervising.supervised(SupervisionGrade.RED, "overdue"),
            clocks.again(clocks.OVERDUE_REPEATS),
        ),
        guards=(guards.timer_due,), timer=T.T7_RESOLVE,
    ),
)  # fmt: skip
