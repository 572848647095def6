"""Several reports, one matter: what attaching, merging, parting and splitting ask and do (E02, E51-E53, B.7, B.8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from governance import clocks
from governance.asking import dropped
from governance.attempt import Attempt
from governance.commands import AttachReport, Merge, MergedInto, Split, SplitOff, Unmerge
from governance.deadline import clock_of, used_s
from governance.echoes import all_told
from governance.effects import SENSITIVE, confidential_as, report_of
from governance.headline import TITLE_LONGEST
from governance.incident import (
    TERMINAL,
    AssignmentState,
    Case,
    FeedbackState,
    Incident,
    Report,
    State,
    TimerKind,
)
from governance.inherited import left_again, more_urgent, taken_back
from governance.orders_out import assists_end, lead_ends
from governance.people import Role
from governance.refusal import Refused
from governance.roles import Reach, why_outside
from governance.routing import on_ladder, queue_unit_of
from governance.supervising import OVER, clocks_order_ended, supervision_ended
from governance.timers import started, stopped

OPEN_MASTER = frozenset(State) - TERMINAL - {State.CLOSED}
"""Where an incident takes others in: what is closed owes its echoes already."""
MERGEABLE = frozenset({State.REPORTED, State.FILED, State.DISPATCHED, State.HANDLING})
PARTS_AT_LEAST, PARTS_AT_MOST = 2, 10
SOURCES_AT_MOST = 500


# ---- may it be ------------------------------------------------------------------------------------------------------


def has_report(attempt: Attempt) -> Refused | None:
    """The report to be attached says something and is identified."""
    attach = attempt.command
    assert isinstance(attach, AttachReport)
    made = attach.report
    if made.report is None:
        return Refused("not_identified", "report")
    known = {report.id for report in attempt.case.reports} if attempt.case else set()
    if made.report in known:
        return Refused("attached_twice", "report")
    return None if made.text.strip() or made.attachments else Refused("text_needed", "text")


def sources_fit(attempt: Attempt) -> Refused | None:
    """Every incident to be merged is named once, is another, may be merged from where it stands, and by this officer."""
    merge, beside = attempt.command, {case.incident.id: case for case in attempt.beside}
    assert isinstance(merge, Merge)
    named = [source.incident for source in merge.sources]
    if not named:
        return Refused("source_needed", "sources")
    if len(named) > SOURCES_AT_MOST:
        return Refused("too_many", "sources", most=str(SOURCES_AT_MOST))
    if len(set(named)) != len(named) or attempt.incident.id in named:
        return Refused("named_twice", "sources")
    if set(named) != beside.keys():
        return Refused("no_such_incident", "sources")
    return next((no for case in beside.values() if (no := source_fits(attempt, case))), None)


def source_fits(attempt: Attempt, source: Case) -> Refused | None:
    """One incident may become part of another."""
    incident = source.incident
    if incident.state not in MERGEABLE:
        return Refused("not_in_state", "sources", state=incident.state.value, action="merge", number=incident.number)
    if incident.merged_count:
        return Refused("has_merged", "sources", number=incident.number)
    if incident.state is State.HANDLING and attempt.officer.role is not Role.SHIFT_LEAD:
        return Refused("shift_lead_needed", "sources", because="handling", number=incident.number)
    return why_outside(Reach.QUEUE, replace(attempt, case=source))


def master_open(attempt: Attempt) -> Refused | None:
    """What it goes into is beside it, and takes others in. Asked of every source, so that nobody orders it by itself."""
    into = attempt.command
    master = attempt.beside[0].incident if attempt.beside else None
    if not isinstance(into, MergedInto) or master is None or master.id != into.master:
        return Refused("not_by_itself", action=attempt.action)
    if master.id == attempt.incident.id:
        return Refused("named_twice", "sources")
    return None if master.state in OPEN_MASTER else Refused("not_in_state", state=master.state.value, action="merge")


def may_be_undone(attempt: Attempt) -> Refused | None:
    """Its author within minutes, a shift lead within a day, and while the master is not archived."""
    incident, rules = attempt.incident, attempt.rules
    merged_at = incident.merged_at or attempt.now
    if any(case.incident.state is State.ARCHIVED for case in attempt.beside):
        return Refused("master_archived")
    minutes, hours = rules.undo_merge_minutes, rules.unmerge_hours
    if attempt.officer.staff == incident.merged_by and attempt.now <= merged_at + timedelta(minutes=minutes):
        return None
    if attempt.officer.role is not Role.SHIFT_LEAD:
        return Refused("undo_too_late", minutes=f"{minutes:g}")
    return None if attempt.now <= merged_at + timedelta(hours=hours) else Refused("unmerge_too_late", hours=f"{hours:g}")


def master_beside(attempt: Attempt) -> Refused | None:
    """The incident it was merged into is there to give its reports back; whether it is, is not asked before the command."""
    if attempt.command is None:
        return None
    found = attempt.beside and attempt.beside[0].incident.id == attempt.incident.merged_into
    return None if found else Refused("not_by_itself", action=attempt.action)


def of_one_merge(attempt: Attempt) -> Refused | None:
    """What comes back with it was merged by the same order: into the same incident, at the same moment, by the same person."""
    back, own = attempt.command, attempt.incident
    assert isinstance(back, Unmerge)
    named = [source.incident for source in back.sources]
    if len(named) > SOURCES_AT_MOST:
        return Refused("too_many", "sources", most=str(SOURCES_AT_MOST))
    if len(set(named)) != len(named) or own.id in named:
        return Refused("named_twice", "sources")
    others = {case.incident.id: case.incident for case in attempt.beside if case.incident.id != own.merged_into}
    if set(named) != others.keys():
        return Refused("no_such_incident", "sources")
    act = (own.merged_into, own.merged_at, own.merged_by)
    strange = (each for each in others.values() if (each.merged_into, each.merged_at, each.merged_by) != act)
    return next((Refused("not_of_that_merge", "sources", number=each.number) for each in strange), None)


def source_beside(attempt: Attempt) -> Refused | None:
    """What is parted was merged into this one."""
    found = attempt.beside and all(case.incident.merged_into == attempt.incident.id for case in attempt.beside)
    return None if found else Refused("not_by_itself", action=attempt.action)


def parts_fit(attempt: Attempt) -> Refused | None:
    """Two parts or more, each of a category that can be filed, each with a title."""
    split = attempt.command
    assert isinstance(split, Split)
    if not PARTS_AT_LEAST <= len(split.parts) <= PARTS_AT_MOST:
        return Refused("parts_needed", "parts", least=str(PARTS_AT_LEAST), most=str(PARTS_AT_MOST))
    for number, part in enumerate(split.parts, 1):
        category = attempt.rules.categories.get(part.category)
        if category is None or not category.is_leaf:
            return Refused("category_unknown" if category is None else "category_not_leaf", "parts", category=part.category)
        if not part.title.strip():
            return Refused("title_needed", "parts")
        if len(part.title) > TITLE_LONGEST:
            return Refused("part_title_too_long", "parts", number=str(number), most=str(TITLE_LONGEST))
    return None


def whole_beside(attempt: Attempt) -> Refused | None:
    """The incident a part comes from is there. A part is never made by itself."""
    return None if attempt.beside else Refused("not_by_itself", action=attempt.action)


def what_was_attached(attempt: Attempt) -> dict[str, str]:
    """By which channel the report came, and how urgent it is where it is more than the incident was; for the log."""
    attach = attempt.command
    assert isinstance(attach, AttachReport)
    urgency = attach.report.urgency
    return {"channel": attach.report.channel.value} | (
        {"urgency": urgency.name.lower()} if urgency > attempt.incident.urgency else {}
    )


# ---- what follows ---------------------------------------------------------------------------------------------------


def report_attached(attempt: Attempt, case: Case) -> Case:
    """One report more, whose reporter is owed an echo as well."""
    attach = attempt.command
    assert isinstance(attach, AttachReport)
    assert attach.report.report is not None, "demanded"
    report = report_of(attach.report, attach.report.report, case.incident.id, attempt.now)
    return more_urgent(attempt, _of_earliest(replace(case, reports=(*case.reports, report))), attach.report.urgency)


def taken_in(attempt: Attempt, case: Case) -> Case:
    """The reports of the others are its own; it is as old as the earliest and as confidential as any."""
    reports = tuple(report for source in attempt.beside for report in source.reports)
    secret = max((source.incident.confidentiality for source in attempt.beside), default=0)
    incident = replace(case.incident, merged_count=case.incident.merged_count + len(attempt.beside))
    return _of_earliest(replace(case, incident=confidential_as(incident, secret), reports=(*case.reports, *reports)))


def merged_into(attempt: Attempt, case: Case) -> Case:
    """Its reports and orders are gone; what it had counted stays counted."""
    into = attempt.command
    assert isinstance(into, MergedInto)
    case = dropped(attempt, case)
    case = assists_end(AssignmentState.RECALLED)(attempt, lead_ends(AssignmentState.RECALLED)(attempt, case))
    case = supervision_ended(attempt, clocks.all_clocks_stopped(attempt, case))
    incident = replace(
        case.incident, merged_into=into.master, merged_at=attempt.now, merged_by=attempt.officer.staff, backfill_owed=False
    )
    return replace(case, incident=incident, reports=())


def came_back(attempt: Attempt, case: Case) -> Case:
    """The reports it came with are its own again, and wait to be filed; so is the order it was under."""
    mine = tuple(r for master in attempt.beside for r in master.reports if r.origin == case.incident.id)
    incident = replace(case.incident, mode="normal", filed_at=None, merged_into=None, merged_at=None, merged_by=None)
    case = _of_earliest(replace(case, incident=incident, reports=mine))
    return taken_back(attempt, started(TimerKind.T1_INTAKE)(attempt, case))


def given_back(attempt: Attempt, case: Case) -> Case:
    """The reports that came with the others are gone, and no echo is owed here for them any more."""
    sources = {source.incident.id for source in attempt.beside}
    gone = {report.id for report in case.reports if report.origin in sources}
    feedback = tuple(
        replace(f, state=FeedbackState.WAIVED, waived_reason="unmerged")
        if f.report in gone and f.state is FeedbackState.PENDING
        else f
        for f in case.feedback
    )
    incident = replace(case.incident, merged_count=max(case.incident.merged_count - len(sources), 0))
    kept = tuple(report for report in case.reports if report.id not in gone)
    case = left_again(attempt, _of_earliest(replace(case, incident=incident, reports=kept, feedback=feedback)))
    if case.incident.state not in OVER or not all_told(case):
        return case
    return clocks_order_ended(attempt, stopped(TimerKind.T9_FEEDBACK)(attempt, case))


def _of_earliest(case: Case) -> Case:
    """An incident is as old as its earliest report, and became known as that did; a part as its whole was."""
    earliest: Report | None = min(case.reports, key=lambda report: (report.received_at, str(report.id)), default=None)
    if earliest is None or case.incident.split_from is not None:
        return case
    incident = replace(case.incident, reported_at=earliest.received_at, discovery=earliest.discovery)
    return replace(case, incident=incident)


def split_off(attempt: Attempt) -> Case:
    """A part as an incident of its own: filed where the whole is handled, with what is left of its time."""
    made, whole = attempt.command, attempt.beside[0].incident
    assert isinstance(made, SplitOff)
    part, rules = made.part, attempt.rules
    category = rules.categories[part.category]
    level = on_ladder(rules, max(category.first_level, whole.handling_level))
    incident = Incident(
        made.incident,
        made.number,
        State.FILED,
        part.title,
        part.text or whole.text,
        part.place or whole.place,
        part.place_text or whole.place_text,
        made.grid,
        part.category,
        whole.reported_at,
        urgency=whole.urgency,
        severity=whole.severity,
        magnitude=category.magnitude,
        nature=category.nature,
        discovery=whole.discovery,
        confidentiality=max(whole.confidentiality, SENSITIVE if category.sensitive else 0),
        handling_level=level,
        oversight_level=max(level, whole.oversight_level),
        highest_level=level,
        queue_unit=queue_unit_of(rules, made.grid, level),
        first_unit=whole.first_unit,
        origin_worker=made.origin_worker,
        origin_worker_name=made.origin_worker_name,
        filed_at=attempt.now,
        used_s=whole.used_s,
        overdue=whole.overdue,
        split_from=whole.id,
        version=0,
    )
    return Case(incident)


def shares_the_clock(attempt: Attempt, case: Case) -> Case:
    """A part has the limit of the whole and what is left of it: it is due when the whole is."""
    clock = clock_of(attempt.beside[0])
    if clock is None:
        return clocks.resolve_clock_started(attempt, case)
    used = used_s(clock, attempt.now, attempt.rules.calendar)
    case = replace(case, incident=replace(case.incident, used_s=used))
    return clocks.resolve_clock_under(attempt, case, clock.limit_s, clock.working)
