"""Rows of who looks on: severity, supervision, other services, reports to those above, what is put right."""

from __future__ import annotations

from governance import amending, clocks, demands, effects, guards, looking, supervising, urging, watching
from governance.attempt import Attempt
from governance.incident import State, SupervisionGrade
from governance.incident import TimerKind as T
from governance.refusal import Refused
from governance.roles import (
    ASSIGNEES,
    AT_QUEUE,
    AUDITORS,
    CENTRES,
    COORDINATORS,
    DISPATCHERS,
    DUTY_OFFICERS,
    HOLDERS,
    LEADERS,
    SHIFT_LEADS,
    STREET_OPERATORS,
    SYSTEM,
)
from governance.transitions.row import OPEN, TOLD_AFTER, UNDER_SUPERVISION, Row, c, from_

S = State
OVERSEERS = (SHIFT_LEADS, AUDITORS, LEADERS, COORDINATORS, STREET_OPERATORS)
DESCRIBES = (DUTY_OFFICERS, SHIFT_LEADS, AT_QUEUE)
URGERS = (DUTY_OFFICERS, SHIFT_LEADS, DISPATCHERS, COORDINATORS, CENTRES)
TO_BE_DONE = from_(S.REPORTED, S.VERIFYING, S.FILED, S.DISPATCHED, S.HANDLING, S.RESOLVED, S.CHECKING)
"""Where somebody has to act now: not while it is suspended, nor once only its echo is owed."""


def _may_end(attempt: Attempt) -> Refused | None:
    """What was supervised is done, the answer will do, or whoever has just ordered it thinks better of it."""
    return None if supervising.may_be_taken_back(attempt) else watching.settled_or_answered(attempt)


OVERSEEING = (
    Row(
        "E50", c.SetSeverity, OPEN, None, (DUTY_OFFICERS, SHIFT_LEADS, COORDINATORS),
        (watching.severity_set,), when=(watching.graver,), demands=(demands.reason_given,), tells=("severity",),
        adds=watching.severity_before,
    ),
    Row(
        "E50", c.SetSeverity, OPEN, None, (SHIFT_LEADS,), (watching.severity_set,),
        when=(watching.less_grave,), demands=(demands.reason_given,), tells=("severity",), adds=watching.severity_before,
    ),
    Row(
        "E54", c.Supervise, from_(S.FILED, S.DISPATCHED, S.HANDLING, S.SUSPENDED, S.RESOLVED, S.CHECKING), None, OVERSEERS,
        (supervising.ordered,), demands=(demands.reason_given, watching.grade_rises), tells=("grade",),
    ),
    Row(
        "E55", c.ReplySupervision, UNDER_SUPERVISION, None, (HOLDERS, ASSIGNEES, AT_QUEUE), (supervising.answered,),
        guards=(watching.under_supervision, watching.answer_owed), demands=(watching.words_given,), tells=("text",),
    ),
    Row(
        "E55", c.RejectReply, UNDER_SUPERVISION, None, OVERSEERS, (supervising.answer_rejected,),
        guards=(watching.answer_given, watching.issuer_or_overseer), demands=(demands.reason_given,),
    ),
    Row(
        "E55", c.CloseSupervision, UNDER_SUPERVISION, None, OVERSEERS, (supervising.supervision_ended,),
        guards=(watching.under_supervision, _may_end, watching.issuer_or_overseer),
    ),
    Row(
        "E56", c.TimerFired, TOLD_AFTER, None, (SYSTEM,), (clocks.once, supervising.supervision_ended),
        when=(watching.answer_given,), guards=(guards.timer_due,), timer=T.T10_SUPERVISION,
    ),
    Row(
        "E56", c.TimerFired, UNDER_SUPERVISION, None, (SYSTEM,),
        (clocks.once, supervising.risen, effects.when(supervising.is_leaders, effects.oversight_at_top("T10"))),
        guards=(guards.timer_due,), timer=T.T10_SUPERVISION,
    ),
    Row(
        "E58", c.NotifyOut, OPEN, None, DESCRIBES, (),
        demands=(watching.target_and_person,), tells=("target", "person", "receipt", "note", "told_at"),
    ),
    Row(
        "E59", c.Correct, OPEN, None, DESCRIBES, (amending.corrected,),
        demands=(amending.something_corrected, looking.others_told_first, demands.reason_given, demands.place_fits),
        tells=("category", "place_text", "grid"),
        adds=amending.what_stood_before,
    ),
    Row(
        "E73", c.Rehome, OPEN, None, (SYSTEM,), (amending.rehomed,), tells=("grid", "document"), adds=amending.grid_before,
    ),
    Row(
        "E62", c.EmergencyReport, OPEN, None, (DUTY_OFFICERS, SHIFT_LEADS, COORDINATORS), (watching.reported_above,),
        guards=(watching.is_emergency,), demands=(watching.report_in_turn, watching.words_given), tells=("kind", "text"),
    ),
    Row(
        "E63", c.Backfill, OPEN, None, DESCRIBES, (amending.filled_in,),
        guards=(amending.backfill_owed,), demands=(amending.leaf_given, demands.title_fits, looking.others_told_first),
        tells=("category", "title"),
    ),
    Row(
        "E64", c.Edit, OPEN, None, (*DESCRIBES, DISPATCHERS), (amending.edited,),
        demands=(amending.field_stands,), tells=("field", "base", "value"),
    ),
    Row(
        "E66", c.TimerFired, OPEN, None, (SYSTEM,), (supervising.supervised(SupervisionGrade.RED, "T12"), clocks.again()),
        guards=(guards.timer_due,), timer=T.T12_BACKFILL,
    ),
    Row(
        "E67", c.TimerFired, OPEN, None, (SYSTEM,), (supervising.supervised(SupervisionGrade.RED, "T14"), clocks.again()),
        guards=(guards.timer_due,), timer=T.T14_REPORT,
    ),
    Row(
        "E68", c.Urge, TO_BE_DONE, None, URGERS, (urging.urged,),
        guards=(urging.not_urged_lately,), tells=("text",), adds=urging.whom_it_urged,
    ),
    Row(
        "E69", c.ReportLeader, OPEN, None, (DUTY_OFFICERS, SHIFT_LEADS, DISPATCHERS, COORDINATORS), (),
        guards=(urging.at_top,), demands=(urging.leader_reached,), tells=("leaders", "person", "receipt", "text"),
    ),
    Row(
        "E70", c.AnswerReport, OPEN, None, (LEADERS,), (),
        guards=(urging.leader_waits,), tells=("text",),
    ),
)  # fmt: skip
