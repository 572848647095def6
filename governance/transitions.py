"""The transition table of an incident's life as data (domain model B.2 with the amendments of B.8).

A row applies where the command is of its kind, the state is one of its sources, one of its parties admits the officer and
every question of `when` is answered; the first such row is taken. Then all of `guards` and `demands` must agree. A new rule
is a further row here, never a branch in the interpreter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from governance import clocks, demands, effects, guards, orders_out
from governance import commands as c
from governance.attempt import Attempt, Effect, Guard
from governance.incident import AssignmentState as A
from governance.incident import Case, State, SupervisionGrade
from governance.incident import TimerKind as T
from governance.roles import (
    ASSIGNEES,
    AT_QUEUE,
    CHECKERS,
    COORDINATORS,
    DISPATCHERS,
    DUTY_OFFICERS,
    FIELD_REPORTERS,
    OFFICE_REPORTERS,
    SHIFT_LEADS,
    SYSTEM,
    Party,
)

S = State


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what leads where, who may, what must hold, what follows."""

    id: str
    action: type
    sources: frozenset[State]
    """Empty where no incident exists yet."""
    target: State | None
    """None: the state stays."""
    who: tuple[Party, ...]
    effects: tuple[Effect, ...] = ()
    when: tuple[Guard, ...] = ()
    """Chooses between rows of one action."""
    guards: tuple[Guard, ...] = ()
    """About case, officer and clock."""
    demands: tuple[Guard, ...] = ()
    """About the command's parameters."""
    opens: Callable[[Attempt], Case] | None = None
    timer: T | None = None
    """The clock whose firing this is."""
    tells: tuple[str, ...] = ()
    """Fields of the command that the step keeps."""
    hides: Callable[[Attempt], bool] | None = None
    """When the step does not tell who acted: the ledger keeps that sealed."""
    automatic: Callable[[Case], c.Command] | None = None
    """The command the system tries unasked after every step; it must lead to where the row applies no more."""


def _from(*states: State) -> frozenset[State]:
    """Source states."""
    return frozenset(states)


ORDER_CLOCKS = (clocks.started(T.T4_ACK), clocks.started(T.T5_ACCEPT))
STOP_ORDER_CLOCKS = clocks.stopped(T.T4_ACK, T.T5_ACCEPT, T.T6_ARRIVE)
BACK_TO_QUEUE = (STOP_ORDER_CLOCKS, orders_out.assists_end(A.RELEASED), clocks.started(T.T3_DISPATCH))
LEAD_ACCEPTS = (orders_out.accepted, clocks.stopped(T.T4_ACK, T.T5_ACCEPT), clocks.started(T.T6_ARRIVE))
ECHO_OWED = (effects.echo_owed, effects.when(lambda case: not effects.all_told(case), clocks.started(T.T9_FEEDBACK)))
CHECK_PASSED = (
    effects.closed,
    clocks.resolve_clock_ended,
    clocks.stopped(T.T8_CHECK),
    effects.supervision_ended,
    *ECHO_OWED,
)
MAY_CHECK = (guards.not_a_handler, guards.not_below_handling)
CHECKER_FITS = (demands.checker_is_no_handler, demands.checker_not_below_handling)
UNANSWERED = guards.mine_is(guards.NOT_ACCEPTED)
WORKING = guards.mine_is(guards.AT_WORK)

INTAKE = (
    Row(
        "E01", c.MakeReport, _from(), S.REPORTED, (OFFICE_REPORTERS, FIELD_REPORTERS),
        (clocks.started(T.T1_INTAKE),), demands=(demands.identified,), opens=effects.opened, tells=("channel",),
        hides=effects.by_a_confidential_reporter,
    ),
    Row(
        "E06", c.File, _from(S.REPORTED), S.FILED, (AT_QUEUE,),
        (effects.filed, clocks.stopped(T.T1_INTAKE), clocks.started(T.T3_DISPATCH), clocks.resolve_clock_started),
        guards=(demands.grid_known,), demands=(demands.category_is_leaf,), tells=("category", "urgency", "severity"),
    ),
    Row(
        "E08", c.Reject, _from(S.REPORTED), S.REJECTED, (AT_QUEUE, DUTY_OFFICERS, SHIFT_LEADS),
        (clocks.all_clocks_stopped, effects.supervision_ended, *ECHO_OWED),
        guards=(guards.not_immediate,), demands=(demands.reason_words_given,), tells=("reason_code",),
    ),
    Row(
        "E11", c.TimerFired, _from(S.REPORTED), None, (SYSTEM,),
        (effects.handling_raised("T1"), clocks.again()),
        when=(guards.level_below_top,), guards=(guards.timer_due,), timer=T.T1_INTAKE,
    ),
    Row(
        "E11", c.TimerFired, _from(S.REPORTED), None, (SYSTEM,),
        (effects.supervised(SupervisionGrade.RED, "T1"), clocks.again()),
        when=(guards.level_at_top,), guards=(guards.timer_due,), timer=T.T1_INTAKE,
    ),
)  # fmt: skip

DISPATCH = (
    Row(
        "E12", c.Dispatch, _from(S.FILED), S.DISPATCHED, (DISPATCHERS, AT_QUEUE),
        (clocks.stopped(T.T3_DISPATCH), orders_out.dispatched, *ORDER_CLOCKS),
        guards=(guards.lead_after_reworks,), demands=(demands.recipients_fit,), tells=("lead", "assists", "order_text"),
    ),
    Row(
        "E14", c.RaiseLevel, _from(S.FILED), None, (AT_QUEUE,),
        (effects.handling_raised(), clocks.started(T.T3_DISPATCH)),
        guards=(guards.level_below_top,), demands=(demands.reason_given,),
    ),
    Row(
        "E17", c.TimerFired, _from(S.FILED), None, (SYSTEM,),
        (effects.handling_raised("T3"), clocks.again()),
        when=(guards.level_below_top,), guards=(guards.timer_due,), timer=T.T3_DISPATCH,
    ),
    Row(
        "E17", c.TimerFired, _from(S.FILED), None, (SYSTEM,),
        (effects.supervised(SupervisionGrade.YELLOW, "T3"), clocks.again()),
        when=(guards.level_at_top,), guards=(guards.timer_due,), timer=T.T3_DISPATCH,
    ),
    Row(
        "E18", c.Acknowledge, _from(S.DISPATCHED), None, (ASSIGNEES,),
        (orders_out.acknowledged, clocks.stopped(T.T4_ACK)),
        when=(guards.mine_leads,), guards=(guards.mine_is(frozenset({A.SENT, A.DELIVERED})),),
    ),
    Row(
        "E18", c.Acknowledge, _from(S.DISPATCHED, S.HANDLING), None, (ASSIGNEES,), (orders_out.acknowledged,),
        when=(guards.mine_assists,), guards=(guards.mine_is(frozenset({A.SENT, A.DELIVERED})),),
    ),
    Row(
        "E19", c.Accept, _from(S.DISPATCHED), S.HANDLING, (ASSIGNEES,), LEAD_ACCEPTS,
        when=(guards.mine_leads,), guards=(UNANSWERED,),
    ),
    Row(
        "E19", c.Accept, _from(S.DISPATCHED, S.HANDLING), None, (ASSIGNEES,), (orders_out.accepted,),
        when=(guards.mine_assists,), guards=(UNANSWERED,),
    ),
    Row(
        "E20", c.Recall, _from(S.DISPATCHED), S.FILED, (DISPATCHERS, AT_QUEUE),
        (orders_out.lead_ends(A.RECALLED), orders_out.assists_end(A.RECALLED), *BACK_TO_QUEUE, effects.counted("recall_count")),
        guards=(guards.not_direct, guards.recalls_left), demands=(demands.reason_given,),
    ),
    Row(
        "E61", c.Decline, _from(S.DISPATCHED), S.FILED, (ASSIGNEES,),
        (orders_out.declined, *BACK_TO_QUEUE),
        when=(guards.mine_leads,), guards=(UNANSWERED,), demands=(demands.reason_code_given,), tells=("reason_code",),
    ),
    Row(
        "E61", c.Decline, _from(S.DISPATCHED, S.HANDLING), None, (ASSIGNEES,), (orders_out.declined,),
        when=(guards.mine_assists,), guards=(UNANSWERED,), demands=(demands.reason_code_given,), tells=("reason_code",),
    ),
    *(
        row
        for kind in (T.T4_ACK, T.T5_ACCEPT)
        for row in (
            Row(
                "E21", c.TimerFired, _from(S.DISPATCHED), None, (SYSTEM,), (orders_out.reminded, clocks.again()),
                when=(guards.fires_first,), guards=(guards.timer_due, guards.not_direct), timer=kind,
            ),
            Row(
                "E22", c.TimerFired, _from(S.DISPATCHED), S.FILED, (SYSTEM,),
                (
                    clocks.once, orders_out.lead_ends(A.EXPIRED), STOP_ORDER_CLOCKS, orders_out.assists_end(A.RELEASED),
                    effects.handling_raised(kind.value), clocks.started(T.T3_DISPATCH),
                ),
                when=(guards.fires_again,), guards=(guards.timer_due, guards.not_direct), timer=kind,
            ),
        )
    ),
)  # fmt: skip

HANDLING = (
    Row(
        "E23", c.Arrive, _from(S.HANDLING), None, (ASSIGNEES,), (orders_out.arrived, clocks.stopped(T.T6_ARRIVE)),
        when=(guards.mine_leads,), guards=(guards.mine_is(frozenset({A.ACCEPTED, A.EN_ROUTE})),),
        demands=(demands.near_or_reason,),
    ),
    Row(
        "E23", c.Arrive, _from(S.DISPATCHED, S.HANDLING), None, (ASSIGNEES,), (orders_out.arrived,),
        when=(guards.mine_assists,), guards=(guards.mine_is(frozenset({A.ACCEPTED, A.EN_ROUTE})),),
        demands=(demands.near_or_reason,),
    ),
    Row(
        "E24", c.Progress, _from(S.HANDLING), None, (ASSIGNEES,), (orders_out.photos_kept,),
        guards=(WORKING,), demands=(demands.text_given,), tells=("text",),
    ),
    Row(
        "E24", c.AddAssist, _from(S.HANDLING), None, (DISPATCHERS, DUTY_OFFICERS), (orders_out.assist_sent,),
        demands=(demands.new_lead,), tells=("assist", "order_text"),
    ),
    Row(
        "E25", c.Reassign, _from(S.HANDLING), S.DISPATCHED, (DISPATCHERS, COORDINATORS),
        (orders_out.lead_ends(A.RECALLED), STOP_ORDER_CLOCKS, orders_out.dispatched, *ORDER_CLOCKS),
        demands=(demands.reason_given, demands.new_lead, demands.recipients_fit), tells=("lead", "order_text"),
    ),
    Row(
        "E26", c.TimerFired, _from(S.HANDLING), None, (SYSTEM,),
        (effects.supervised(SupervisionGrade.NOTICE, "T6"), clocks.once),
        guards=(guards.timer_due,), timer=T.T6_ARRIVE,
    ),
    Row(
        "E27", c.Complete, _from(S.HANDLING), S.RESOLVED, (ASSIGNEES,),
        (orders_out.done, clocks.stopped(T.T6_ARRIVE), clocks.resolve_clock_paused, clocks.started(T.T8_CHECK)),
        when=(guards.mine_leads,), guards=(WORKING, guards.assists_done), demands=(demands.evidence_given,), tells=("text",),
    ),
    Row(
        "E27", c.Complete, _from(S.DISPATCHED, S.HANDLING), None, (ASSIGNEES,), (orders_out.done,),
        when=(guards.mine_assists,), guards=(WORKING,), demands=(demands.text_of_completion,), tells=("text",),
    ),
    Row(
        "E38", c.TimerFired, _from(S.FILED, S.DISPATCHED, S.HANDLING), None, (SYSTEM,),
        (
            effects.marked_overdue, effects.oversight_raised("T7"), effects.supervised(SupervisionGrade.RED, "overdue"),
            clocks.again(clocks.OVERDUE_REPEATS),
        ),
        guards=(guards.timer_due,), timer=T.T7_RESOLVE,
    ),
)  # fmt: skip

CLOSING = (
    Row(
        "E39", c.SendCheck, _from(S.RESOLVED), S.CHECKING, (SYSTEM, AT_QUEUE),
        (effects.check_asked, clocks.started(T.T8_CHECK)), demands=CHECKER_FITS,
    ),
    Row(
        "E39", c.SendCheck, _from(S.CHECKING), None, (AT_QUEUE,), (effects.check_asked,),
        guards=(guards.not_checked_yet,), demands=CHECKER_FITS,
    ),
    Row(
        "E41", c.CheckPass, _from(S.CHECKING), S.CLOSED, (CHECKERS,),
        (effects.check_answered("pass"), *CHECK_PASSED),
        when=(guards.needs_no_second_signature,), guards=MAY_CHECK, demands=(demands.condition_met,),
        tells=("note",),
    ),
    Row(
        "E41", c.CheckPass, _from(S.CHECKING), None, (CHECKERS,), (effects.check_answered("pass"),),
        when=(guards.needs_second_signature, guards.not_checked_yet), guards=MAY_CHECK,
        demands=(demands.condition_met,), tells=("note",),
    ),
    Row(
        "E41", c.CheckPass, _from(S.CHECKING), S.CLOSED, (SHIFT_LEADS,), CHECK_PASSED,
        when=(guards.checked_once,), guards=(guards.not_a_handler, guards.not_the_checker),
        demands=(demands.condition_met,), tells=("note",),
    ),
    Row(
        "E42", c.CheckFail, _from(S.CHECKING), S.DISPATCHED, (CHECKERS,),
        (
            effects.check_answered("fail"), effects.counted("rework_count"), clocks.stopped(T.T8_CHECK),
            clocks.resolve_clock_resumed, orders_out.same_handler_sent, *ORDER_CLOCKS,
        ),
        when=(guards.rework_by_same_handler,), guards=MAY_CHECK, demands=(demands.reason_or_photo,),
    ),
    Row(
        "E42", c.CheckFail, _from(S.CHECKING), S.FILED, (CHECKERS,),
        (
            effects.check_answered("fail"), effects.counted("rework_count"), clocks.stopped(T.T8_CHECK),
            clocks.resolve_clock_resumed, clocks.started(T.T3_DISPATCH),
        ),
        guards=MAY_CHECK, demands=(demands.reason_or_photo,),
    ),
    Row(
        "E43", c.TimerFired, _from(S.RESOLVED, S.CHECKING), None, (SYSTEM,),
        (effects.supervised(SupervisionGrade.YELLOW, "T8"), effects.oversight_raised("T8"), clocks.again()),
        guards=(guards.timer_due,), timer=T.T8_CHECK,
    ),
    Row(
        "E44", c.SendFeedback, _from(S.CLOSED, S.REJECTED), None, (SYSTEM, DUTY_OFFICERS),
        (effects.echo_given, effects.when(effects.all_told, clocks.stopped(T.T9_FEEDBACK), effects.supervision_ended)),
        guards=(guards.feedback_owed,), demands=(demands.text_given, demands.feedback_known), tells=("text", "waive_reason"),
    ),
    Row(
        "E45", c.TimerFired, _from(S.CLOSED, S.REJECTED), None, (SYSTEM,),
        (effects.supervised(SupervisionGrade.YELLOW, "T9"), effects.oversight_raised("T9"), clocks.again()),
        guards=(guards.timer_due,), timer=T.T9_FEEDBACK,
    ),
    Row(
        "E46", c.Archive, _from(S.CLOSED), S.ARCHIVED, (SYSTEM,), (clocks.all_clocks_stopped,),
        guards=(guards.feedback_given, guards.supervision_closed), automatic=lambda _: c.Archive(),
    ),
)  # fmt: skip

TABLE: tuple[Row, ...] = INTAKE + DISPATCH + HANDLING + CLOSING
