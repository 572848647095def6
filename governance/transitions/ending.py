"""Rows of the end: checked, closed, told, archived, opened again."""

from __future__ import annotations

from governance import amending, asking, clocks, cycles, demands, echoes, effects, guards, orders_out, supervising, watching
from governance.incident import ApprovalKind, ApprovalState, State, SupervisionGrade
from governance.incident import TimerKind as T
from governance.roles import AT_QUEUE, AUDITORS, CHECKERS, DUTY_OFFICERS, SHIFT_LEADS, SYSTEM, TOLD_WORKERS
from governance.transitions.row import CHECK_PASSED, ORDER_CLOCKS, TOLD_AFTER, Row, c, from_

S = State
MAY_CHECK = (guards.not_a_handler, guards.not_an_approver, guards.not_below_handling)
CHECKER_FITS = (demands.checker_is_no_handler, demands.checker_not_below_handling)
REOPENED = (
    clocks.stopped(T.T9_FEEDBACK),
    cycles.opened_again,
    clocks.started(T.T3_DISPATCH),
    clocks.resolve_clock_started,
)

CLOSING = (
    Row(
        "E39", c.SendCheck, from_(S.RESOLVED), S.CHECKING, (SYSTEM, AT_QUEUE),
        (effects.check_asked, clocks.started(T.T8_CHECK)), demands=CHECKER_FITS,
    ),
    Row(
        "E39", c.SendCheck, from_(S.CHECKING), None, (AT_QUEUE,), (effects.check_asked,),
        guards=(guards.not_checked_yet,), demands=CHECKER_FITS,
    ),
    Row(
        "E40", c.AutoClose, from_(S.RESOLVED), S.CLOSED, (SYSTEM,), CHECK_PASSED,
        guards=(guards.needs_no_check, guards.not_direct), automatic=lambda _: c.AutoClose(),
    ),
    Row(
        "E41", c.CheckPass, from_(S.CHECKING), S.CLOSED, (CHECKERS,),
        (effects.check_answered("pass"), *CHECK_PASSED),
        when=(guards.needs_no_second_signature,), guards=MAY_CHECK, demands=(demands.condition_met,),
        tells=("note",),
    ),
    Row(
        "E41", c.CheckPass, from_(S.CHECKING), None, (CHECKERS,), (effects.check_answered("pass"),),
        when=(guards.needs_second_signature, guards.not_checked_yet), guards=MAY_CHECK,
        demands=(demands.condition_met,), tells=("note",),
    ),
    Row(
        "E41", c.CheckPass, from_(S.CHECKING), S.CLOSED, (SHIFT_LEADS,), CHECK_PASSED,
        when=(guards.checked_once,), guards=(guards.not_a_handler, guards.not_an_approver, guards.not_the_checker),
        demands=(demands.condition_met,), tells=("note",),
    ),
    Row(
        "E42", c.CheckFail, from_(S.CHECKING), S.DISPATCHED, (CHECKERS,),
        (
            effects.check_answered("fail"), effects.counted("rework_count"), clocks.stopped(T.T8_CHECK),
            clocks.resolve_clock_resumed, orders_out.same_handler_sent, *ORDER_CLOCKS,
        ),
        when=(guards.rework_by_same_handler,), guards=MAY_CHECK, demands=(demands.reason_or_photo,),
    ),
    Row(
        "E42", c.CheckFail, from_(S.CHECKING), S.FILED, (CHECKERS,),
        (
            effects.check_answered("fail"), effects.counted("rework_count"), clocks.stopped(T.T8_CHECK),
            clocks.resolve_clock_resumed, effects.run_normally, clocks.started(T.T3_DISPATCH),
        ),
        guards=MAY_CHECK, demands=(demands.reason_or_photo,),
    ),
    Row(
        "E43", c.TimerFired, from_(S.RESOLVED, S.CHECKING), None, (SYSTEM,),
        (supervising.supervised(SupervisionGrade.YELLOW, "T8"), effects.oversight_raised("T8"), clocks.again()),
        guards=(guards.timer_due,), timer=T.T8_CHECK,
    ),
    Row(
        "E44", c.SendFeedback, TOLD_AFTER, None, (SYSTEM, DUTY_OFFICERS),
        (echoes.echo_given, effects.when(echoes.all_told, clocks.stopped(T.T9_FEEDBACK), supervising.clocks_order_ended)),
        guards=(guards.feedback_owed,), demands=(demands.text_given, demands.feedback_known), tells=("text", "waive_reason"),
    ),
    Row(
        "E44", c.SendFeedback, from_(S.ARCHIVED), None, (SYSTEM, DUTY_OFFICERS), (echoes.echo_given,),
        guards=(echoes.undelivered,), demands=(demands.text_given, demands.feedback_known), tells=("text", "waive_reason"),
    ),
    Row(
        "E44", c.MarkFeedback, from_(S.ARCHIVED), None, (SYSTEM, DUTY_OFFICERS, TOLD_WORKERS), (echoes.echo_answered,),
        demands=(watching.echo_was_sent, watching.own_echo), tells=("state",),
    ),
    Row(
        "E44", c.MarkFeedback, TOLD_AFTER, None, (SYSTEM, DUTY_OFFICERS, TOLD_WORKERS),
        (echoes.echo_answered, effects.when(lambda case: not echoes.all_told(case), clocks.started(T.T9_FEEDBACK))),
        demands=(watching.echo_was_sent, watching.own_echo), tells=("state",),
    ),
    Row(
        "E45", c.TimerFired, TOLD_AFTER, None, (SYSTEM,),
        (supervising.supervised(SupervisionGrade.YELLOW, "T9"), effects.oversight_raised("T9"), clocks.again()),
        guards=(guards.timer_due,), timer=T.T9_FEEDBACK,
    ),
    Row(
        "E46", c.Archive, from_(S.CLOSED), S.ARCHIVED, (SYSTEM,), (clocks.all_clocks_stopped,),
        guards=(guards.feedback_given, guards.supervision_closed, amending.backfilled), automatic=lambda _: c.Archive(),
    ),
    Row(
        "E47", c.Reopen, from_(S.CLOSED), S.FILED, (SHIFT_LEADS,), REOPENED,
        guards=(asking.within_reopening,), demands=(demands.reason_given,),
    ),
    Row(
        "E47", c.Reopen, from_(S.ARCHIVED), S.FILED, (SHIFT_LEADS, AUDITORS),
        (asking.decided(ApprovalState.GRANTED), *REOPENED),
        when=(asking.pending_is(ApprovalKind.REOPEN),), guards=(asking.within_reopening, asking.signed_once, asking.may_decide),
        demands=(demands.reason_given,),
    ),
    Row(
        "E28", c.Reopen, from_(S.ARCHIVED), None, (SHIFT_LEADS, AUDITORS), (asking.reopening_asked,),
        guards=(asking.within_reopening, asking.none_pending, asking.took_no_part), demands=(demands.reason_given,),
    ),
)  # fmt: skip
