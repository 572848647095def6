"""Rows of what happens before somebody is sent: reported, looked into, filed, rejected, given to others."""

from __future__ import annotations

from governance import clocks, cycles, demands, effects, guards, joining, looking, supervising, watching
from governance.incident import State, SupervisionGrade
from governance.incident import TimerKind as T
from governance.roles import (
    AT_QUEUE,
    AUDITORS,
    DUTY_OFFICERS,
    FIELD_REPORTERS,
    OFFICE_REPORTERS,
    OWN_GRID,
    SHIFT_LEADS,
    SYSTEM,
    VERIFIERS,
)
from governance.transitions.row import OVER, Row, c, from_

S = State

INTAKE = (
    Row(
        "E01", c.MakeReport, from_(), S.REPORTED, (OFFICE_REPORTERS, FIELD_REPORTERS),
        (clocks.started(T.T1_INTAKE),), demands=(demands.identified, demands.title_fits, demands.place_fits),
        opens=effects.opened, tells=("channel",),
        hides=effects.by_a_confidential_reporter,
    ),
    Row(
        "E02", c.AttachReport, joining.OPEN_MASTER, None, (OFFICE_REPORTERS, FIELD_REPORTERS),
        (joining.report_attached,), demands=(joining.has_report, demands.title_fits, demands.place_fits),
        adds=joining.what_was_attached,
    ),
    Row(
        "E03", c.SendVerify, from_(S.REPORTED), S.VERIFYING, (AT_QUEUE, DUTY_OFFICERS),
        (looking.verification_asked, clocks.stopped(T.T1_INTAKE), clocks.started(T.T2_VERIFY)),
        guards=(guards.not_immediate, looking.somebody_reported, looking.not_verified_yet),
        demands=(looking.verifier_named,), tells=("worker", "order_text"),
    ),
    Row(
        "E04", c.VerifyResult, from_(S.VERIFYING), S.REPORTED, (VERIFIERS,),
        (looking.verification_answered, clocks.stopped(T.T2_VERIFY), clocks.started(T.T1_INTAKE)),
        demands=(looking.result_said,), tells=("result",),
    ),
    Row(
        "E05", c.TimerFired, from_(S.VERIFYING), S.REPORTED, (SYSTEM,),
        (
            clocks.once, looking.verification_lapsed, clocks.started(T.T1_INTAKE),
            supervising.supervised(SupervisionGrade.NOTICE, "T2"),
        ),
        guards=(guards.timer_due,), timer=T.T2_VERIFY,
    ),
    Row(
        "E05", c.VerifyResult, from_(S.VERIFYING), S.REPORTED, (SYSTEM,),
        (looking.verification_overtaken, clocks.stopped(T.T2_VERIFY), clocks.started(T.T1_INTAKE)),
        guards=(guards.immediate,), automatic=lambda _: c.VerifyResult("unable"), adds=lambda _: {"overtaken": "immediate"},
    ),
    Row(
        "E06", c.File, from_(S.REPORTED), S.FILED, (AT_QUEUE,),
        (
            effects.filed, clocks.stopped(T.T1_INTAKE), clocks.started(T.T3_DISPATCH), clocks.resolve_clock_started,
            watching.emergency_begun,
        ),
        guards=(demands.grid_known,),
        demands=(
            demands.category_is_leaf, demands.title_fits, looking.others_told_first, looking.verified_or_reason,
            looking.less_urgent_why,
        ),
        tells=("category", "urgency", "severity"), adds=effects.what_filing_kept,
    ),
    Row(
        "E07", c.SelfHandle, from_(S.REPORTED), S.RESOLVED, (OWN_GRID,),
        (
            clocks.stopped(T.T1_INTAKE), looking.handled_by_himself, clocks.resolve_clock_started, clocks.resolve_clock_paused,
            clocks.started(T.T8_CHECK),
        ),
        guards=(looking.minor_and_calm, guards.judged_nothing),
        demands=(looking.before_and_after, looking.others_told_first), tells=("text", "category"),
    ),
    Row(
        "E08", c.Reject, from_(S.REPORTED), S.REJECTED, (AT_QUEUE, DUTY_OFFICERS, SHIFT_LEADS),
        OVER,
        guards=(guards.not_immediate,), demands=(demands.reason_words_given,), tells=("reason_code",),
    ),
    Row(
        "E09", c.Reconsider, from_(S.REJECTED), S.REPORTED, (SHIFT_LEADS, AUDITORS),
        (clocks.stopped(T.T9_FEEDBACK), supervising.supervision_ended, cycles.looked_at_again, clocks.started(T.T1_INTAKE)),
        guards=(guards.soon_and_first,), demands=(demands.reason_given,),
    ),
    Row(
        "E10", c.TransferOut, from_(S.REPORTED, S.FILED), S.TRANSFERRED, (SHIFT_LEADS, DUTY_OFFICERS),
        OVER, demands=(demands.reason_given, watching.target_and_receipt), tells=("target", "receipt"),
    ),
    Row(
        "E11", c.TimerFired, from_(S.REPORTED), None, (SYSTEM,),
        (effects.handling_raised("T1"), clocks.again()),
        when=(guards.level_below_top,), guards=(guards.timer_due,), timer=T.T1_INTAKE,
    ),
    Row(
        "E11", c.TimerFired, from_(S.REPORTED), None, (SYSTEM,),
        (supervising.supervised(SupervisionGrade.RED, "T1"), clocks.again()),
        when=(guards.level_at_top,), guards=(guards.timer_due,), timer=T.T1_INTAKE,
    ),
)  # fmt: skip
