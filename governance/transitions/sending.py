"""Rows of who is sent: dispatched, claimed, raised and lowered, recalled, declined, ordered directly."""

from __future__ import annotations

from governance import asking, clocks, demands, direct, effects, guards, orders_out, supervising, watching
from governance.incident import AssignmentState as A
from governance.incident import State, SupervisionGrade
from governance.incident import TimerKind as T
from governance.roles import (
    ANY_OPERATORS,
    ASSIGNEES,
    AT_QUEUE,
    COORDINATORS,
    DISPATCHERS,
    DUTY_OFFICERS,
    HANDLERS,
    SHIFT_LEADS,
    STREET_OPERATORS,
    SYSTEM,
)
from governance.transitions.row import (
    BACK_TO_QUEUE,
    LEAD_ACCEPTS,
    ON_THE_WAY,
    ORDER_CLOCKS,
    STOP_ORDER_CLOCKS,
    UNANSWERED,
    Row,
    c,
    from_,
)

S = State
DIRECTORS = (DUTY_OFFICERS, SHIFT_LEADS, COORDINATORS, STREET_OPERATORS)
"""Who gives direct orders, and calls his own off."""

DISPATCH = (
    Row(
        "E12", c.Dispatch, from_(S.FILED), S.DISPATCHED, (DISPATCHERS, AT_QUEUE),
        (clocks.stopped(T.T3_DISPATCH), orders_out.dispatched, *ORDER_CLOCKS),
        guards=(asking.none_pending, guards.lead_after_reworks), demands=(demands.recipients_fit,),
        tells=("lead", "assists", "order_text"),
    ),
    Row(
        "E13", c.AutoDispatch, from_(S.FILED), S.DISPATCHED, (SYSTEM,),
        (clocks.stopped(T.T3_DISPATCH), orders_out.dispatched, *ORDER_CLOCKS),
        guards=(guards.auto_dispatched, asking.none_pending), tells=("lead",),
    ),
    Row(
        "E60", c.Claim, from_(S.FILED), S.DISPATCHED, (HANDLERS, ANY_OPERATORS),
        (clocks.stopped(T.T3_DISPATCH), orders_out.dispatched, *ORDER_CLOCKS),
        guards=(guards.lies_with_backstop, asking.none_pending, guards.lead_after_reworks),
        demands=(demands.of_own_unit,), tells=("lead", "order_text"),
    ),
    Row(
        "E14", c.RaiseLevel, from_(S.FILED), None, (AT_QUEUE,),
        (effects.handling_raised(), clocks.started(T.T3_DISPATCH)),
        guards=(guards.level_below_top,), demands=(demands.reason_given,),
    ),
    Row(
        "E15", c.LowerLevel, from_(S.FILED), None, (AT_QUEUE,),
        (effects.handling_lowered, effects.counted("return_count"), clocks.started(T.T3_DISPATCH)),
        guards=(guards.level_above_bottom, guards.returns_left), demands=(demands.reason_given,),
    ),
    Row(
        "E16", c.Arbitrate, from_(S.FILED), S.DISPATCHED, (SHIFT_LEADS, COORDINATORS),
        (clocks.stopped(T.T3_DISPATCH), orders_out.dispatched, effects.said_no_return, *ORDER_CLOCKS),
        guards=(guards.returned_twice, asking.none_pending, guards.lead_after_reworks), demands=(demands.reason_given,),
        tells=("lead", "order_text"),
    ),
    Row(
        "E17", c.TimerFired, from_(S.FILED), None, (SYSTEM,),
        (effects.handling_raised("T3"), clocks.again()),
        when=(guards.level_below_top,), guards=(guards.timer_due,), timer=T.T3_DISPATCH,
    ),
    Row(
        "E17", c.TimerFired, from_(S.FILED), None, (SYSTEM,),
        (supervising.supervised(SupervisionGrade.YELLOW, "T3"), clocks.again()),
        when=(guards.level_at_top,), guards=(guards.timer_due,), timer=T.T3_DISPATCH,
    ),
    Row(
        "E18", c.Acknowledge, from_(S.DISPATCHED), None, (ASSIGNEES,),
        (orders_out.acknowledged, clocks.stopped(T.T4_ACK)),
        when=(guards.mine_leads,), guards=(guards.mine_is(frozenset({A.SENT, A.DELIVERED})),),
    ),
    Row(
        "E18", c.Acknowledge, from_(S.DISPATCHED, S.HANDLING), None, (ASSIGNEES,), (orders_out.acknowledged,),
        when=(guards.mine_assists,), guards=(guards.mine_is(frozenset({A.SENT, A.DELIVERED})),),
    ),
    Row(
        "E19", c.Accept, from_(S.DISPATCHED), S.HANDLING, (ASSIGNEES,), LEAD_ACCEPTS,
        when=(guards.mine_leads,), guards=(UNANSWERED, guards.judged_nothing, asking.none_pending),
    ),
    Row(
        "E19", c.Accept, from_(S.DISPATCHED, S.HANDLING), None, (ASSIGNEES,), (orders_out.accepted,),
        when=(guards.mine_assists,), guards=(UNANSWERED, guards.judged_nothing),
    ),
    Row(
        "E20'", c.Recall, from_(S.DISPATCHED), S.FILED, DIRECTORS,
        (orders_out.lead_ends(A.RECALLED), orders_out.assists_end(A.RECALLED), *BACK_TO_QUEUE, effects.counted("recall_count")),
        when=(direct.is_direct,), guards=(direct.issuer_or_shift_lead,), demands=(demands.reason_given,),
    ),
    Row(
        "E20", c.Recall, from_(S.DISPATCHED), S.FILED, (DISPATCHERS, AT_QUEUE),
        (orders_out.lead_ends(A.RECALLED), orders_out.assists_end(A.RECALLED), *BACK_TO_QUEUE, effects.counted("recall_count")),
        when=(guards.not_direct,), guards=(guards.recalls_left,), demands=(demands.reason_given,),
    ),
    Row(
        "E61", c.Decline, from_(S.DISPATCHED), S.HANDLING, (ASSIGNEES,),
        (asking.dropped, orders_out.declined, direct.lead_follows, STOP_ORDER_CLOCKS, ON_THE_WAY),
        when=(guards.mine_leads, direct.is_direct, direct.follower_stands(guards.AT_WORK)), guards=(UNANSWERED,),
        demands=(demands.reason_code_given,), tells=("reason_code",),
    ),
    Row(
        "E61", c.Decline, from_(S.DISPATCHED), None, (ASSIGNEES,),
        (asking.dropped, orders_out.declined, direct.lead_follows, STOP_ORDER_CLOCKS, *ORDER_CLOCKS),
        when=(guards.mine_leads, direct.is_direct, direct.follower_stands(guards.NOT_ACCEPTED)), guards=(UNANSWERED,),
        demands=(demands.reason_code_given,), tells=("reason_code",),
    ),
    Row(
        "E61", c.Decline, from_(S.DISPATCHED), S.FILED, (ASSIGNEES,),
        (orders_out.declined, *BACK_TO_QUEUE),
        when=(guards.mine_leads,), guards=(UNANSWERED,), demands=(demands.reason_code_given,), tells=("reason_code",),
    ),
    Row(
        "E61", c.Decline, from_(S.DISPATCHED, S.HANDLING), None, (ASSIGNEES,), (orders_out.declined,),
        when=(guards.mine_assists,), guards=(UNANSWERED,), demands=(demands.reason_code_given,), tells=("reason_code",),
    ),
    *(
        row
        for kind in (T.T4_ACK, T.T5_ACCEPT)
        for row in (
            Row(
                "E21", c.TimerFired, from_(S.DISPATCHED), None, (SYSTEM,), (orders_out.reminded, clocks.again()),
                when=(guards.not_direct, guards.fires_first), guards=(guards.timer_due,), timer=kind,
            ),
            Row(
                "E22", c.TimerFired, from_(S.DISPATCHED), S.FILED, (SYSTEM,),
                (
                    clocks.once, asking.dropped, orders_out.lead_ends(A.EXPIRED), STOP_ORDER_CLOCKS,
                    orders_out.assists_end(A.RELEASED), effects.handling_raised(kind.value), clocks.started(T.T3_DISPATCH),
                ),
                when=(guards.not_direct, guards.fires_again), guards=(guards.timer_due,), timer=kind,
            ),
            Row(
                "E49", c.TimerFired, from_(S.DISPATCHED), None, (SYSTEM,),
                (
                    orders_out.reminded, direct.widened, clocks.again(),
                    supervising.supervised(SupervisionGrade.YELLOW, kind.value),
                ),
                when=(direct.is_direct,), guards=(guards.timer_due,), timer=kind, tells=("wider",),
            ),
        )
    ),
    Row(
        "E48", c.DirectOrder, from_(S.REPORTED, S.FILED), S.DISPATCHED, DIRECTORS,
        (
            asking.dropped, clocks.stopped(T.T1_INTAKE, T.T3_DISPATCH), direct.sent_directly,
            effects.oversight_at_top("direct"), *ORDER_CLOCKS, watching.emergency_begun,
        ),
        guards=(demands.grid_known, direct.urgent_enough), demands=(direct.named_fit,), tells=("lead", "assists", "order_text"),
    ),
    Row(
        "E57", c.TakeLead, from_(S.DISPATCHED), S.HANDLING, (ASSIGNEES,),
        (direct.lead_taken, direct.taken_up, STOP_ORDER_CLOCKS, ON_THE_WAY),
        when=(direct.is_direct, guards.mine_assists), guards=(direct.nobody_answered, guards.judged_nothing),
        demands=(direct.takes_himself,),
    ),
    Row(
        "E57", c.TakeLead, from_(S.DISPATCHED), S.HANDLING, (DUTY_OFFICERS, SHIFT_LEADS),
        (direct.lead_taken, STOP_ORDER_CLOCKS, ON_THE_WAY),
        when=(direct.is_direct, direct.HAS_ACCEPTED), guards=(direct.nobody_answered,), adds=direct.who_leads,
    ),
    Row(
        "E57", c.TakeLead, from_(S.DISPATCHED), None, (DUTY_OFFICERS, SHIFT_LEADS),
        (direct.lead_taken, STOP_ORDER_CLOCKS, *ORDER_CLOCKS),
        when=(direct.is_direct, direct.HAS_NOT_ACCEPTED), guards=(direct.nobody_answered,), adds=direct.who_leads,
    ),
)  # fmt: skip
