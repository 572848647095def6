"""Effects on everything but clocks and orders: the small vocabulary rows of the transition table are made of.

State, version and step are set by the interpreter. Ids of what effects make are derived from the incident's id, the kind
and its ordinal, so that the same command gives the same case everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from governance.attempt import Attempt, Effect
from governance.commands import CheckFail, CheckPass, File, MakeReport, SendCheck
from governance.headline import headline
from governance.incident import (
    DISCOVERY_OF,
    Case,
    CheckTask,
    CloseType,
    Escalation,
    Incident,
    Report,
    Severity,
    State,
)
from governance.places import Level
from governance.routing import below, next_up, on_ladder, queue_unit_of

SENSITIVE = 2
"""Confidentiality of what falls under a sensitive category."""


def confidential_as(incident: Incident, least: int) -> Incident:
    """The incident, at least so confidential; it is never less than it was."""
    return replace(incident, confidentiality=max(incident.confidentiality, least))


def first_report(incident: UUID) -> UUID:
    """The id of the report an incident was opened with, wherever that report belongs now."""
    return uuid5(incident, "report1")


def report_of(made: MakeReport, number: UUID, origin: UUID, now: datetime) -> Report:
    """The report that was made; who asked for confidence is not named in it."""
    return Report(
        number,
        made.channel,
        DISCOVERY_OF[made.channel],
        now,
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
        origin,
    )


def opened(attempt: Attempt) -> Case:
    """A new incident out of one report."""
    made, rules = attempt.command, attempt.rules
    assert isinstance(made, MakeReport)
    assert made.incident is not None
    report = report_of(made, made.report or first_report(made.incident), made.incident, attempt.now)
    category = rules.categories.get(made.category)
    level = on_ladder(rules, category.first_level if category else Level.COMMUNITY)
    queue = made.queue_unit or queue_unit_of(rules, made.grid, level)
    incident = Incident(
        made.incident,
        made.number,
        State.REPORTED,
        made.title or (category.name_zh if category else headline(made.text)),
        made.text,
        made.place,
        made.place_text,
        made.grid,
        made.category,
        attempt.now,
        urgency=made.urgency,
        discovery=report.discovery,
        floor=made.floor,
        handling_level=level,
        oversight_level=level,
        highest_level=level,
        queue_unit=queue,
        first_unit=attempt.officer.unit or queue,
        origin_worker=made.origin_worker,
        origin_worker_name=made.origin_worker_name,
        repeat_of=made.repeat_of,
        version=0,
    )
    if category:
        incident = replace(incident, nature=category.nature, magnitude=category.magnitude)
    return Case(incident, reports=(report,))


def by_a_confidential_reporter(attempt: Attempt) -> bool:
    """Whether who acts is the reporter himself, who asked for confidence (domain model D.2, rule 6)."""
    made = attempt.command
    return isinstance(made, MakeReport) and made.confidential and made.reporter_worker == attempt.officer.staff


def gravest(*severities: Severity) -> Severity:
    """The gravest of them; NONE where none is set."""
    return min((each for each in severities if each is not Severity.NONE), default=Severity.NONE)


def what_filing_kept(attempt: Attempt) -> dict[str, str]:
    """The severity that stands after filing, and the urgency that it took the place of, for the log."""
    file, before = attempt.command, attempt.incident
    assert isinstance(file, File)
    lowered = {"urgency_before": before.urgency.name.lower()} if file.urgency < before.urgency else {}
    return {"severity": gravest(before.severity, file.severity).name.lower(), **lowered}


def filed(attempt: Attempt, case: Case) -> Case:
    """Category and urgency are set, severity only raised; the routing rule says at which level it is handled."""
    file = attempt.command
    assert isinstance(file, File)
    category = attempt.rules.categories[file.category]
    before = case.incident
    severity = gravest(before.severity, file.severity)
    raised = any(e.kind == "handling" for e in case.escalations)
    first = on_ladder(attempt.rules, category.first_level)
    level = max(first, before.handling_level) if raised else first
    incident = replace(
        before,
        category=file.category,
        nature=category.nature,
        magnitude=category.magnitude,
        urgency=file.urgency,
        severity=severity,
        title=file.title or before.title,
        filed_at=attempt.now,
        handling_level=level,
        oversight_level=max(level, before.oversight_level),
        highest_level=max(level, before.highest_level),
        queue_unit=queue_unit_of(attempt.rules, before.grid, level),
    )
    return replace(case, incident=confidential_as(incident, SENSITIVE if category.sensitive else 0))


def handling_raised(cause: str = "manual") -> Effect:
    """The next level up handles it from now on; who watches is never below who works."""

    def effect(attempt: Attempt, case: Case) -> Case:
        """Raise by one rung; nothing at the top."""
        level = next_up(attempt.rules, case.incident.handling_level)
        return case if level is case.incident.handling_level else _handled_at(attempt, case, level, cause)

    return effect


def handling_lowered(attempt: Attempt, case: Case) -> Case:
    """The level below handles it again (E15); who watches stays."""
    level = below(attempt.rules, case.incident.handling_level)
    queue = queue_unit_of(attempt.rules, case.incident.grid, level)
    return replace(case, incident=replace(case.incident, handling_level=level, queue_unit=queue))


def _handled_at(attempt: Attempt, case: Case, level: Level, cause: str) -> Case:
    """The case at a higher level, with the row that says so."""
    before = case.incident
    incident = replace(
        before,
        handling_level=level,
        oversight_level=max(level, before.oversight_level),
        highest_level=max(level, before.highest_level),
        queue_unit=queue_unit_of(attempt.rules, before.grid, level),
    )
    row = Escalation("handling", before.handling_level, level, cause, attempt.now)
    return replace(case, incident=incident, escalations=(*case.escalations, row))


def oversight_raised(cause: str) -> Effect:
    """One level more watches it; who works stays."""

    def effect(attempt: Attempt, case: Case) -> Case:
        """Raise by one rung; nothing at the top."""
        before = case.incident.oversight_level
        level = next_up(attempt.rules, before)
        return case if level is before else _watched_at(attempt, case, level, cause)

    return effect


def oversight_at_top(cause: str) -> Effect:
    """The district watches it at once: an emergency skips the levels between."""

    def effect(attempt: Attempt, case: Case) -> Case:
        """Jump to the top; nothing where it is there."""
        at_top = case.incident.oversight_level is Level.DISTRICT
        return case if at_top else _watched_at(attempt, case, Level.DISTRICT, cause)

    return effect


def watched_at_least(level: Level, cause: str) -> Effect:
    """It is watched from this level or higher."""

    def effect(attempt: Attempt, case: Case) -> Case:
        """Jump there; nothing where it is watched from as high."""
        return case if case.incident.oversight_level >= level else _watched_at(attempt, case, level, cause)

    return effect


def _watched_at(attempt: Attempt, case: Case, level: Level, cause: str) -> Case:
    """The case watched from a higher level, with the row that says so."""
    row = Escalation("oversight", case.incident.oversight_level, level, cause, attempt.now)
    incident = replace(case.incident, oversight_level=level)
    return replace(case, incident=incident, escalations=(*case.escalations, row))


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


def closed_specially(attempt: Attempt, case: Case) -> Case:
    """特殊结案: closed without being solved; no indicator counts it as solved."""
    return replace(case, incident=replace(case.incident, close_type=CloseType.SPECIAL, closed_at=attempt.now))


def completed(attempt: Attempt, case: Case) -> Case:
    """It was said to be done now."""
    return replace(case, incident=replace(case.incident, completed_at=attempt.now))


def said_no_return(_attempt: Attempt, case: Case) -> Case:
    """Whoever has it now keeps it (E16)."""
    return replace(case, incident=replace(case.incident, no_return=True))


def run_normally(_attempt: Attempt, case: Case) -> Case:
    """No direct order stands any more: it is asked for, returned and recalled like any other."""
    return replace(case, incident=replace(case.incident, mode="normal"))


def when(holds: Callable[[Case], bool], *effects: Effect) -> Effect:
    """The effects, where the case they meet is such a one."""

    def effect(attempt: Attempt, case: Case) -> Case:
        """Apply them or leave it."""
        if holds(case):
            for each in effects:
                case = each(attempt, case)
        return case

    return effect
