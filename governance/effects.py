"""Effects on everything but clocks and orders: the small vocabulary rows of the transition table are made of.

State, version and step are set by the interpreter. Ids of what effects make are derived from the incident's id, the kind
and its ordinal, so that the same command gives the same case everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid5

from governance.attempt import Attempt, Effect, open_supervision
from governance.commands import CheckFail, CheckPass, File, MakeReport, SendCheck, SendFeedback
from governance.deadline import limit_of
from governance.guards import GRAVE
from governance.headline import headline
from governance.incident import (
    DISCOVERY_OF,
    Case,
    CheckTask,
    CloseType,
    Escalation,
    Feedback,
    FeedbackState,
    Incident,
    Report,
    State,
    Supervision,
    SupervisionGrade,
    TimerKind,
)
from governance.places import Level, at_level
from governance.rules import Rules

REPLY_H = {
    SupervisionGrade.NOTICE: 24,
    SupervisionGrade.YELLOW: 8,
    SupervisionGrade.RED: 4,
    SupervisionGrade.LEADER: 2,
}
"""Hours to answer a supervision order (T10)."""


def queue_unit_of(rules: Rules, grid: str, level: Level) -> UUID | None:
    """The unit in whose queue an incident of a grid lies at a level, or of the next level that has one."""
    units = (rules.queue_units.get(at_level(grid, Level(rung))) for rung in range(level, Level.DISTRICT + 1))
    return next((unit for unit in units if unit), None)


def opened(attempt: Attempt) -> Case:
    """A new incident out of one report."""
    made = attempt.command
    assert isinstance(made, MakeReport)
    assert made.incident is not None
    discovery = DISCOVERY_OF[made.channel]
    report = Report(
        made.report or uuid5(made.incident, "report1"),
        made.channel,
        discovery,
        attempt.now,
        made.text,
        made.place,
        made.place_text,
        made.occurred_at,
        made.accuracy_m,
        made.reporter_kind,
        None if made.confidential else made.reporter_worker,
        made.anonymous,
        made.confidential,
        made.camera,
        made.attachments,
    )
    category = attempt.rules.categories.get(made.category)
    level = category.first_level if category else Level.COMMUNITY
    title = made.title or (category.name_zh if category else headline(made.text))
    incident = Incident(
        made.incident,
        made.number,
        State.REPORTED,
        title,
        made.text,
        made.place,
        made.place_text,
        made.grid,
        made.category,
        attempt.now,
        urgency=made.urgency,
        discovery=discovery,
        floor=made.floor,
        handling_level=level,
        oversight_level=level,
        queue_unit=made.queue_unit or queue_unit_of(attempt.rules, made.grid, level),
        first_unit=attempt.officer.unit or made.queue_unit or queue_unit_of(attempt.rules, made.grid, level),
        version=0,
    )
    if category:
        incident = replace(incident, nature=category.nature, magnitude=category.magnitude)
    return Case(incident, reports=(report,))


def by_a_confidential_reporter(attempt: Attempt) -> bool:
    """Whether who acts is the reporter himself, who asked for confidence (domain model D.2, rule 6)."""
    made = attempt.command
    return isinstance(made, MakeReport) and made.confidential and made.reporter_worker == attempt.officer.staff


def filed(attempt: Attempt, case: Case) -> Case:
    """Category, urgency and severity are set; the routing rule says at which level it is handled."""
    file = attempt.command
    assert isinstance(file, File)
    category = attempt.rules.categories[file.category]
    before = case.incident
    raised = any(e.kind == "handling" for e in case.escalations)
    level = max(category.first_level, before.handling_level) if raised else category.first_level
    watched = Level.DISTRICT if file.severity in GRAVE else max(level, before.oversight_level)
    incident = replace(
        before,
        category=file.category,
        nature=category.nature,
        magnitude=category.magnitude,
        urgency=file.urgency,
        severity=file.severity,
        title=file.title or before.title,
        filed_at=attempt.now,
        handling_level=level,
        oversight_level=watched,
        queue_unit=queue_unit_of(attempt.rules, before.grid, level),
    )
    return replace(case, incident=incident)


def handling_raised(cause: str = "manual") -> Effect:
    """The next level up handles it from now on; who watches is never below who works."""

    def effect(attempt: Attempt, case: Case) -> Case:
        """Raise by one; nothing at the top."""
        before = case.incident
        level = before.handling_level.next_up
        if level is before.handling_level:
            return case
        incident = replace(
            before,
            handling_level=level,
            oversight_level=max(level, before.oversight_level),
            queue_unit=queue_unit_of(attempt.rules, before.grid, level),
        )
        row = Escalation("handling", before.handling_level, level, cause, attempt.now)
        return replace(case, incident=incident, escalations=(*case.escalations, row))

    return effect


def oversight_raised(cause: str) -> Effect:
    """One level more watches it; who works stays."""

    def effect(attempt: Attempt, case: Case) -> Case:
        """Raise by one; nothing at the top."""
        before = case.incident.oversight_level
        if before is Level.DISTRICT:
            return case
        row = Escalation("oversight", before, before.next_up, cause, attempt.now)
        incident = replace(case.incident, oversight_level=before.next_up)
        return replace(case, incident=incident, escalations=(*case.escalations, row))

    return effect


def supervised(grade: SupervisionGrade, cause: str) -> Effect:
    """A supervision order stands; one already open is only ever raised."""

    def effect(attempt: Attempt, case: Case) -> Case:
        """Issue or raise."""
        order = open_supervision(case)
        if order is not None and order.grade >= grade:
            return case
        due = attempt.now + timedelta(hours=REPLY_H[grade])
        if order is not None:
            risen = replace(order, grade=grade, cause=cause, state="issued", reply_due=due)
            orders = tuple(risen if s.id == order.id else s for s in case.supervision)
        else:
            ordinal = len(case.supervision) + 1
            name = attempt.officer.name
            new = Supervision(uuid5(case.incident.id, f"supervision{ordinal}"), grade, cause, "issued", attempt.now, due, name)
            orders = (*case.supervision, new)
        return replace(case, supervision=orders, incident=replace(case.incident, supervised=True))

    return effect


def supervision_ended(_attempt: Attempt, case: Case) -> Case:
    """What was supervised is settled: the open order is closed."""
    return replace(case, supervision=tuple(replace(s, state="closed") for s in case.supervision))


def marked_overdue(_attempt: Attempt, case: Case) -> Case:
    """Overdue, for good within this cycle."""
    return replace(case, incident=replace(case.incident, overdue=True))


def counted(name: str) -> Effect:
    """A counter of the incident goes up by one."""

    def effect(_attempt: Attempt, case: Case) -> Case:
        """Add one."""
        changed = {name: getattr(case.incident, name) + 1}
        return replace(case, incident=replace(case.incident, **changed))

    return effect


def check_asked(attempt: Attempt, case: Case) -> Case:
    """Somebody independent is asked to look; a check that is open already is given to him."""
    send = attempt.command
    assert isinstance(send, SendCheck)
    if case.checks and not case.checks[-1].done_at:
        given = replace(case.checks[-1], checker=send.checker, assigned_at=attempt.now)
        return replace(case, checks=(*case.checks[:-1], given))
    task_id = uuid5(case.incident.id, f"check{len(case.checks) + 1}")
    task = CheckTask(task_id, case.incident.cycle, "check", attempt.now, send.checker)
    return replace(case, checks=(*case.checks, task))


def check_answered(result: str) -> Effect:
    """The open check has its result, and who gave it."""

    def effect(attempt: Attempt, case: Case) -> Case:
        """Answer the newest task."""
        answer = attempt.command
        note = answer.note if isinstance(answer, CheckPass) else answer.reason if isinstance(answer, CheckFail) else ""
        task = replace(case.checks[-1], checker=attempt.officer.staff, result=result, note=note, done_at=attempt.now)
        return replace(case, checks=(*case.checks[:-1], task))

    return effect


def closed(attempt: Attempt, case: Case) -> Case:
    """Closed in time or overdue."""
    kind = CloseType.OVERDUE if case.incident.overdue else CloseType.NORMAL
    return replace(case, incident=replace(case.incident, close_type=kind, closed_at=attempt.now))


def echo_owed(attempt: Attempt, case: Case) -> Case:
    """Every report is owed an echo in this cycle; where nobody can be told it is waived with the reason."""
    limit = limit_of(case.incident, TimerKind.T9_FEEDBACK, attempt.rules)
    due = attempt.now + timedelta(seconds=limit[0]) if limit else None
    owed = list(case.feedback)
    for report in case.reports:
        waived = "anonymous" if report.anonymous else "no_reporter" if report.reporter_kind in ("camera", "rule") else ""
        owed.append(
            Feedback(
                uuid5(case.incident.id, f"feedback{len(owed) + 1}"),
                case.incident.cycle,
                "worker" if report.reporter_worker else "reporter",
                FeedbackState.WAIVED if waived else FeedbackState.PENDING,
                report.id,
                report.reporter_worker,
                due,
                waived_reason=waived,
            )
        )
    return replace(case, feedback=tuple(owed))


def echo_given(attempt: Attempt, case: Case) -> Case:
    """One echo, or all that are owed, are given or waived with a reason."""
    echo = attempt.command
    assert isinstance(echo, SendFeedback)

    def given(owed: Feedback) -> Feedback:
        """The echo after it was given, where it was meant."""
        if owed.state is not FeedbackState.PENDING or (echo.feedback and echo.feedback != owed.id):
            return owed
        if echo.waive_reason:
            return replace(owed, state=FeedbackState.WAIVED, waived_reason=echo.waive_reason)
        return replace(owed, state=FeedbackState.SENT, sent_at=attempt.now, text=echo.text, satisfaction=echo.satisfaction)

    return replace(case, feedback=tuple(given(owed) for owed in case.feedback))


def when(holds: Callable[[Case], bool], *effects: Effect) -> Effect:
    """The effects, where the case they meet is such a one."""

    def effect(attempt: Attempt, case: Case) -> Case:
        """Apply them or leave it."""
        if holds(case):
            for each in effects:
                case = each(attempt, case)
        return case

    return effect


def all_told(case: Case) -> bool:
    """Whether no echo is owed any more."""
    return all(f.state is not FeedbackState.PENDING for f in case.feedback)
