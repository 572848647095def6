"""Severity, reports to those above, other services that are told, what became of echoes (E44, E50, E54, E55, E58, E62)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from governance import clocks
from governance.attempt import Attempt, open_supervision
from governance.categories import Stage
from governance.commands import (
    EmergencyReport,
    MarkFeedback,
    NotifyOut,
    ReplySupervision,
    SetSeverity,
    Supervise,
    TransferOut,
)
from governance.deadline import elapsed_s, later, limit_of_stage
from governance.effects import oversight_at_top
from governance.guards import GRAVE
from governance.incident import Case, FeedbackState, Severity, State, TimerKind, TimerState, Urgency
from governance.people import Role
from governance.refusal import Refused
from governance.roles import roles_of
from governance.timers import hastened, running, stopped, timer_of, with_timer

AHEAD = timedelta(minutes=1)
"""So far a moment that is told may lie ahead: clocks differ."""
HURRIED = (
    TimerKind.T1_INTAKE,
    TimerKind.T2_VERIFY,
    TimerKind.T3_DISPATCH,
    TimerKind.T4_ACK,
    TimerKind.T5_ACCEPT,
    TimerKind.T6_ARRIVE,
    TimerKind.T8_CHECK,
    TimerKind.T9_FEEDBACK,
)
STAGE_AFTER = {"first": Stage.REPORT_WRITTEN, "written": Stage.REPORT_FOLLOWUP, "followup": Stage.REPORT_FOLLOWUP}
"""What is owed next to those above; after the final report nothing is."""
REPORT_KINDS = ("first", "written", "followup", "final")
OFFICE = frozenset({Role.DUTY_OFFICER, Role.SYSTEM})
OVERSEERS = frozenset({Role.SHIFT_LEAD, Role.AUDITOR, Role.LEADER})
SOLVED = frozenset({State.RESOLVED, State.CHECKING, State.CLOSED, State.REJECTED, State.TRANSFERRED, State.VOIDED})


def gravity(severity: Severity) -> int:
    """How grave: 0 none, 1 for IV, to 4 for I."""
    return 0 if severity is Severity.NONE else 5 - int(severity)


# ---- may it be ------------------------------------------------------------------------------------------------------


def graver(attempt: Attempt) -> Refused | None:
    """It becomes graver; asked without a severity, it may."""
    change = attempt.command
    if not isinstance(change, SetSeverity):
        return None
    old, new = gravity(attempt.incident.severity), gravity(change.severity)
    if new == old:
        return Refused("same_severity", "severity")
    return None if new > old else Refused("shift_lead_needed", "severity", because="lower_severity")


def less_grave(attempt: Attempt) -> Refused | None:
    """It becomes less grave."""
    no = graver(attempt)
    return None if no is not None and no.code == "shift_lead_needed" else no or Refused("same_severity", "severity")


def grade_rises(attempt: Attempt) -> Refused | None:
    """No order is open, or this one is graver."""
    order, supervise = (open_supervision(attempt.case) if attempt.case else None), attempt.command
    assert isinstance(supervise, Supervise)
    return (
        Refused("grade_must_rise", "grade", grade=str(int(order.grade))) if order and supervise.grade <= order.grade else None
    )


def under_supervision(attempt: Attempt) -> Refused | None:
    """An order is open."""
    return None if attempt.case and open_supervision(attempt.case) else Refused("not_supervised")


def answer_given(attempt: Attempt) -> Refused | None:
    """The order is answered, and nobody has said yet that the answer will not do."""
    order = open_supervision(attempt.case) if attempt.case else None
    return None if order and order.state == "replied" else Refused("not_replied")


def answer_owed(attempt: Attempt) -> Refused | None:
    """An answer is owed."""
    order = open_supervision(attempt.case) if attempt.case else None
    return None if order and order.state != "replied" else Refused("already_replied")


def settled_or_answered(attempt: Attempt) -> Refused | None:
    """What was supervised is done, or the answer will do."""
    return None if attempt.incident.state in SOLVED else answer_given(attempt)


def issuer_or_overseer(attempt: Attempt) -> Refused | None:
    """Who issued the order ends it, or a shift lead, an auditor or a leader; never who answered it."""
    order, officer = (open_supervision(attempt.case) if attempt.case else None), attempt.officer
    answers = [s.actor_staff for s in attempt.case.steps if s.action == "reply_supervision"] if attempt.case else []
    if answers and answers[-1] == officer.staff:
        return Refused("own_reply")
    may = order is not None and (order.issued_by_staff == officer.staff or officer.role in OVERSEERS)
    return None if may else Refused("not_your_supervision")


def words_given(attempt: Attempt) -> Refused | None:
    """There are words."""
    said = attempt.command
    assert isinstance(said, ReplySupervision | EmergencyReport)
    return None if said.text.strip() else Refused("text_needed", "text")


def target_and_receipt(attempt: Attempt) -> Refused | None:
    """To whom it was given, and the number or the name that proves it (E10)."""
    given = attempt.command
    assert isinstance(given, TransferOut)
    if not given.target.strip():
        return Refused("target_needed", "target")
    return None if given.receipt.strip() else Refused("receipt_needed", "receipt")


def target_and_person(attempt: Attempt) -> Refused | None:
    """Who outside was told, who took it, and not in the future (E58)."""
    told = attempt.command
    assert isinstance(told, NotifyOut)
    if not told.target.strip():
        return Refused("target_needed", "target")
    if not (told.person.strip() or told.receipt.strip()):
        return Refused("person_needed", "person")
    return Refused("in_the_future", "told_at") if told.told_at and told.told_at > attempt.now + AHEAD else None


def report_in_turn(attempt: Attempt) -> Refused | None:
    """An emergency is reported in its order: by phone, then written, then as it goes on, and nothing after the final one."""
    report = attempt.command
    assert isinstance(report, EmergencyReport)
    if report.kind not in REPORT_KINDS:
        return Refused("bad_value", "kind")
    done = reports_made(attempt.case)
    if "final" in done:
        return Refused("final_report_made", "kind")
    if report.kind == "first":
        return Refused("first_report_made", "kind") if done else None
    if not done:
        return Refused("first_report_owed", "kind")
    if report.kind == "written":
        return Refused("written_report_made", "kind") if "written" in done else None
    return None if "written" in done else Refused("written_report_owed", "kind")


def reports_made(case: Case | None) -> list[str]:
    """The kinds of reports made to those above in this cycle, in order."""
    if case is None:
        return []
    begun = max((step.seq for step in case.steps if step.row in ("E09", "E47")), default=0)
    return [step.detail.get("kind", "") for step in case.steps if step.row == "E62" and step.seq > begun]


def kind_due(case: Case) -> str:
    """The kind of report that comes next: the first, the written one, then follow-ups, and the final one once it is settled."""
    made = reports_made(case)
    if not made:
        return "first"
    if case.incident.state in SOLVED:
        return "final"
    return "written" if made[-1] == "first" else "followup"


def is_emergency(attempt: Attempt) -> Refused | None:
    """It is of severity I to III, or was in this cycle: those above are owed reports."""
    grave = attempt.incident.severity in GRAVE or bool(reports_made(attempt.case))
    return None if grave else Refused("no_emergency")


def echo_was_sent(attempt: Attempt) -> Refused | None:
    """The echo named was sent."""
    mark = attempt.command
    assert isinstance(mark, MarkFeedback)
    if mark.state not in ("read", "failed"):
        return Refused("bad_value", "state")
    sent = {f.id for f in attempt.case.feedback if f.state is FeedbackState.SENT} if attempt.case else set()
    return None if mark.feedback in sent else Refused("no_such_feedback", "feedback")


def own_echo(attempt: Attempt) -> Refused | None:
    """A worker says of nobody's echo but his own that it was read."""
    mark = attempt.command
    assert isinstance(mark, MarkFeedback)
    if roles_of(attempt.officer.role) & OFFICE:
        return None
    own = {f.id for f in attempt.case.feedback if f.worker == attempt.officer.staff} if attempt.case else set()
    return None if mark.feedback in own else Refused("no_such_feedback", "feedback")


def severity_before(attempt: Attempt) -> dict[str, str]:
    """How grave it was, for the log."""
    return {"severity_before": attempt.incident.severity.name.lower()}


# ---- what follows ---------------------------------------------------------------------------------------------------


def severity_set(attempt: Attempt, case: Case) -> Case:
    """An emergency hurries every clock, is watched from the top, and is reported to those above (T14)."""
    change = attempt.command
    assert isinstance(change, SetSeverity)
    case = replace(case, incident=replace(case.incident, severity=change.severity))
    return emergency_begun(attempt, case) if change.severity in GRAVE else stopped(TimerKind.T14_REPORT)(attempt, case)


def emergency_begun(attempt: Attempt, case: Case) -> Case:
    """What is of severity I to III is urgent at once, watched from the top and reported; nothing of other incidents."""
    if case.incident.severity not in GRAVE:
        return case
    case = replace(case, incident=replace(case.incident, urgency=Urgency.IMMEDIATE))
    case = oversight_at_top("severity")(attempt, case)
    case = clocks.resolve_clock_hastened(attempt, hastened(*HURRIED)(attempt, case))
    if any(t.kind is TimerKind.T14_REPORT and t.state is TimerState.RUNNING for t in case.timers):
        return case
    made = reports_made(case)
    return _report_owed(attempt, case, STAGE_AFTER.get(made[-1]) if made else Stage.REPORT_FIRST, attempt.now)


def reported_above(attempt: Attempt, case: Case) -> Case:
    """The next report is owed in its time; after the final one none.

    The written report is owed so long after the emergency began, not after the first one; what goes on, after the one before.
    """
    report, clock = attempt.command, timer_of(case, TimerKind.T14_REPORT)
    assert isinstance(report, EmergencyReport)
    begun = clock.started_at if clock is not None and report.kind == "first" else attempt.now
    return _report_owed(attempt, case, STAGE_AFTER.get(report.kind), begun)


def _report_owed(attempt: Attempt, case: Case, stage: Stage | None, since: datetime) -> Case:
    """The clock of the report that is owed next, counted from a moment that may be past; none where none is owed."""
    limit = limit_of_stage(case.incident, stage, attempt.rules) if stage else None
    if limit is None:
        return stopped(TimerKind.T14_REPORT)(attempt, case)
    limit_s, working = limit
    used_s = elapsed_s(since, attempt.now, working, attempt.rules.calendar)
    due = later(attempt.now, max(limit_s - used_s, 0.0), working, attempt.rules.calendar)
    case = running(attempt, case, TimerKind.T14_REPORT, limit_s, working, due)
    return with_timer(case, replace(case.timers[-1], consumed_s=used_s))
