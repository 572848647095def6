"""Merged, parted, split: who may, what moves, what comes back, and what is left where everything else went on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from governance.attempt import Case, Command, Officer, Refused, TimerFired, open_supervision
from governance.clocks import due_timers
from governance.commands import (
    Accept,
    AttachReport,
    Complete,
    File,
    Merge,
    MergedInto,
    Part,
    PartedFrom,
    ReplySupervision,
    SendFeedback,
    SetSeverity,
    Source,
    Split,
    SplitOff,
    Supervise,
    Unmerge,
)
from governance.incident import (
    ApprovalKind,
    AssignmentState,
    Channel,
    Level,
    Severity,
    State,
    SupervisionGrade,
    TimerKind,
    TimerState,
    Urgency,
)
from governance.lifecycle import SYSTEM_OFFICER, Role, after, settled
from tests.governance.field import DO, GRID, LOW, NOON, PLAIN, SL, TO_FILED, WHOLE, named, officer, report, walk
from tests.governance.ways import (
    AT_WORK,
    AU,
    CLOSED,
    DEFERRED,
    DONE,
    DP,
    FILED,
    LATER,
    LD,
    LI,
    MASTER,
    MERGED,
    ORDER,
    OTHER,
    TO_CLOSED,
    URGENT,
    WANG,
    Fire,
    answered,
    asked,
    carried_out,
    raised,
    refusal_of,
)

PART = Part(PLAIN, "the other half")
OFF = SplitOff(PART, named("part"), "JG-20261123-0901", GRID, PLAIN)
PARTED = PartedFrom(OTHER.incident.id, OTHER.incident.number)
MERGED_AT = LATER


def with_severity(case: Case, severity: Severity) -> Case:
    return after(case, SetSeverity(severity, "it spreads"), DO, WHOLE, NOON)


def merged(master: Case, source: Case, who: Officer = SL) -> tuple[Case, Case]:
    """Both after a merge."""
    into = MergedInto(master.incident.id, master.incident.number)
    taken = after(master, Merge((Source(source.incident.id, 0),)), who, WHOLE, LATER, beside=(source,))
    return taken, after(source, into, who, WHOLE, LATER, beside=(master,))


def parted(master: Case, source: Case, who: Officer = SL, at: datetime = LATER) -> tuple[Case, Case]:
    """Both after the merge was undone."""
    back = after(source, Unmerge("two stalls"), who, WHOLE, at, beside=(master,))
    return after(master, PARTED, who, WHOLE, at, beside=(source,)), back


@pytest.mark.parametrize(
    ("who", "minutes", "code"),
    [
        (DO, 5, ""),
        (DO, 6, "undo_too_late"),
        (DP, 1, "undo_too_late"),
        (SL, 24 * 60, ""),
        (SL, 24 * 60 + 1, "unmerge_too_late"),
        (LI, 1, "not_your_role"),
    ],
)
def test_its_author_takes_a_merge_back_at_once_and_a_shift_lead_within_a_day(who: Officer, minutes: int, code: str) -> None:
    master, source = merged(FILED, OTHER, DO)
    at = MERGED_AT + timedelta(minutes=minutes)
    assert refusal_of(lambda: parted(master, source, who, at)) == code
    if not code:
        kept, back = parted(master, source, who, at)
        assert (kept.reports, back.reports) == (FILED.reports, OTHER.reports)
        assert (kept.incident.merged_count, back.incident.state) == (0, State.REPORTED)


def of_three(who: Officer = DO) -> tuple[Case, list[Case]]:
    """A master that three were merged into by one order, and these."""
    sources = [OTHER, *(after(None, report(n), DO, WHOLE, NOON) for n in (4, 5))]
    named = tuple(Source(each.incident.id, 0) for each in sources)
    master = after(FILED, Merge(named), who, WHOLE, LATER, beside=tuple(sources))
    into = MergedInto(FILED.incident.id, FILED.incident.number)
    return master, [after(each, into, who, WHOLE, LATER, beside=(master,)) for each in sources]


def back_together(*others: Case) -> Unmerge:
    return Unmerge("three matters", tuple(Source(each.incident.id, each.incident.version) for each in others))


def test_what_one_order_merged_comes_back_by_one() -> None:
    master, (first, *others) = of_three()
    at = MERGED_AT + timedelta(minutes=4)
    back = after(first, back_together(*others), DO, WHOLE, at, beside=(master, *others))
    assert (back.incident.state, back.reports) == (State.REPORTED, OTHER.reports)
    kept = after(master, PartedFrom(first.incident.id, "all"), DO, WHOLE, at, beside=(first, *others))
    assert (kept.incident.merged_count, kept.reports) == (0, FILED.reports)


def test_only_what_that_order_merged_comes_back_with_it() -> None:
    master, (first, second, third) = of_three()
    elsewhere = replace(second, incident=replace(second.incident, merged_into=third.incident.id))
    later = replace(second, incident=replace(second.incident, merged_at=LATER + timedelta(minutes=1)))
    by_another = replace(second, incident=replace(second.incident, merged_by=SL.staff))
    at = MERGED_AT + timedelta(minutes=4)
    for together, beside, code in (
        ((second,), (elsewhere,), "not_of_that_merge"),
        ((second,), (later,), "not_of_that_merge"),
        ((second,), (by_another,), "not_of_that_merge"),
        ((second, second), (second,), "named_twice"),
        ((first,), (), "named_twice"),
        ((second,), (third,), "no_such_incident"),
        ((second,), (), "no_such_incident"),
        ((), (third,), "no_such_incident"),
    ):
        assert refusal_of(lambda: after(first, back_together(*together), DO, WHOLE, at, beside=(master, *beside))) == code  # noqa: B023
    with pytest.raises(Refused, match="not_by_itself"):
        after(master, PartedFrom(first.incident.id, "x"), DO, WHOLE, at, beside=(first, OTHER))


def test_taking_a_merge_back_needs_a_reason() -> None:
    with pytest.raises(Refused, match="reason_needed"):
        after(MERGED, Unmerge(" "), DO, WHOLE, LATER, beside=(MASTER,))


@pytest.mark.parametrize("command", [MergedInto(FILED.incident.id, "x"), PARTED, OFF, Unmerge("why")], ids=str)
def test_what_follows_a_merge_is_never_ordered_by_itself(command: Command) -> None:
    third = after(None, report(3), DO, WHOLE, NOON)
    case = {Unmerge: MERGED, SplitOff: None, MergedInto: OTHER}.get(type(command), FILED)
    with pytest.raises(Refused, match="not_by_itself"):
        after(case, command, SL, WHOLE, LATER)
    with pytest.raises(Refused, match="not_by_itself"):
        after(case, command, SL, WHOLE, LATER, beside=(third,) if case else ())


@pytest.mark.parametrize(
    ("source", "who", "code"),
    [
        (AT_WORK, DO, "shift_lead_needed"),
        (AT_WORK, SL, ""),
        (MASTER, SL, "has_merged"),
        (CLOSED, SL, "not_in_state"),
        (DEFERRED, SL, "not_in_state"),
        (raised(FILED), officer(Role.OPERATOR), "not_your_queue"),
    ],
)
def test_what_may_become_part_of_another(source: Case, who: Officer, code: str) -> None:
    master = walk(after(None, report(3), DO, WHOLE, NOON), *TO_FILED)
    assert refusal_of(lambda: merged(master, source, who)) == code


def test_a_merge_keeps_the_earliest_report_and_the_gravest_severity() -> None:
    late = after(None, report(3, channel=Channel.CAMERA), DO, WHOLE, NOON + timedelta(hours=2))
    master = walk(late, *TO_FILED, at=NOON + timedelta(hours=2))
    taken, gone = merged(master, with_severity(OTHER, Severity.II))
    now = taken.incident
    assert (now.reported_at, now.discovery) == (OTHER.incident.reported_at, OTHER.incident.discovery)
    assert (now.severity, now.urgency, now.oversight_level) == (Severity.II, Urgency.IMMEDIATE, Level.DISTRICT)
    assert any(t.kind is TimerKind.T14_REPORT and t.state is TimerState.RUNNING for t in taken.timers)
    assert gone.reports == ()
    kept, _ = parted(taken, gone)
    assert (kept.incident.reported_at, kept.incident.discovery) == (master.incident.reported_at, master.incident.discovery)


def test_a_direct_order_after_a_merge_was_undone_runs_like_any_other() -> None:
    master, source = merged(FILED, walk(OTHER, (SetSeverity(Severity.II, "gas"), DO), (ORDER, DO)))
    assert {a.state for a in source.assignments} == {AssignmentState.RECALLED}
    _, back = parted(master, source)
    assert (back.incident.mode, back.incident.filed_at) == ("normal", None)
    again = after(back, ORDER, DO, WHOLE, LATER)
    assert again.incident.due_at is not None
    assert again.incident.backfill_owed


def test_parting_from_a_closed_incident_takes_its_echo_along() -> None:
    master, source = merged(FILED, OTHER)
    closed = walk(master, *TO_CLOSED[1:], at=LATER)
    watched = carried_out(closed, Fire(TimerKind.T9_FEEDBACK), SYSTEM_OFFICER)
    own = next(f for f in watched.feedback if f.report == FILED.reports[0].id)
    told = after(watched, SendFeedback("solved", own.id), DO, WHOLE, LATER + timedelta(hours=2))
    kept, back = parted(told, source, at=LATER + timedelta(hours=23))
    assert [f.waived_reason for f in kept.feedback if f.report == OTHER.reports[0].id] == ["unmerged"]
    assert not any(t.state is TimerState.RUNNING for t in kept.timers)
    assert settled(kept, WHOLE, LATER + timedelta(hours=23)).incident.state is State.ARCHIVED
    assert back.reports == OTHER.reports


def test_what_is_archived_gives_nothing_back() -> None:
    master, source = merged(FILED, OTHER)
    told = walk(walk(master, *TO_CLOSED[1:], at=LATER), (SendFeedback("solved"), DO), at=LATER)
    archived = settled(told, WHOLE, LATER)
    with pytest.raises(Refused, match="master_archived"):
        parted(archived, source)


def test_a_void_incident_still_gives_back_what_was_merged_into_it() -> None:
    master, source = merged(FILED, OTHER)
    void = answered(asked(master, ApprovalKind.VOID, at=LATER), SL, AU)
    kept, back = parted(void, source)
    assert (kept.incident.state, back.incident.state) == (State.VOIDED, State.REPORTED)
    assert (kept.reports, back.reports) == (FILED.reports, OTHER.reports)


@pytest.mark.parametrize("hours", [1, 100, 130, 400])
def test_a_part_is_due_when_the_whole_is_and_overdue_with_it(hours: int) -> None:
    at = NOON + timedelta(hours=hours)
    whole = AT_WORK
    while (due := due_timers(whole, at)) and whole.incident.state is State.HANDLING:
        timer = next(t for t in whole.timers if t.id == due[0])
        whole = after(whole, TimerFired(timer.id, timer.kind, timer.fired), SYSTEM_OFFICER, WHOLE, at)
    part = after(None, OFF, DP, WHOLE, at, beside=(whole,))
    assert part.incident.due_at == whole.incident.due_at
    assert (part.incident.limit_s, part.incident.overdue) == (whole.incident.limit_s, whole.incident.overdue)
    assert part.reports == ()
    clock = next(t for t in part.timers if t.kind is TimerKind.T7_RESOLVE)
    assert clock.due_at is not None
    assert clock.due_at >= at
    if part.incident.overdue:
        assert clock.due_at == at, "it rings at once, and is looked after like its whole"


def test_the_whole_is_not_done_before_its_parts() -> None:
    case = walk(AT_WORK, (Split((PART, PART)), DP), (Accept(), WANG), (Complete("helped"), WANG))
    with pytest.raises(Refused, match="parts_open"):
        after(case, replace(DONE, parts_open=1), LI, WHOLE, LATER)
    assert after(case, DONE, LI, WHOLE, LATER).incident.state is State.RESOLVED


def test_a_part_stands_on_a_rung_its_district_has() -> None:
    rules = replace(WHOLE, ladder=(Level.GRID, Level.STREET, Level.DISTRICT))
    whole = after(after(None, report(), DO, rules, NOON), File(LOW), SL, rules, NOON)
    assert whole.incident.handling_level is Level.GRID
    part = after(None, OFF, DP, rules, LATER, beside=(whole,))
    assert part.incident.handling_level is Level.STREET


def test_a_part_is_as_old_as_its_whole_whatever_is_merged_into_it() -> None:
    part = after(None, OFF, DP, WHOLE, LATER, beside=(AT_WORK,))
    taken, gone = merged(part, OTHER)
    kept, _ = parted(taken, gone)
    for case in (part, taken, kept):
        assert (case.incident.reported_at, case.incident.discovery) == (
            AT_WORK.incident.reported_at,
            AT_WORK.incident.discovery,
        )


def t14(case: Case) -> bool:
    """Whether a report to those above is owed."""
    return any(t.kind is TimerKind.T14_REPORT and t.state is TimerState.RUNNING for t in case.timers)


def test_an_emergency_joins_with_its_urgency_its_oversight_and_its_order() -> None:
    red = walk(with_severity(OTHER, Severity.I), (Supervise(SupervisionGrade.RED, "hurry"), LD))
    master, source = merged(FILED, red)
    now, order = master.incident, open_supervision(master)
    assert (now.severity, now.urgency, now.oversight_level) == (Severity.I, Urgency.IMMEDIATE, Level.DISTRICT)
    assert t14(master)
    assert order is not None
    assert (order.grade, order.issued_by_staff, order.reply_due) == (3, LD.staff, red.supervision[-1].reply_due)
    assert (open_supervision(source), t14(source)) == (None, False)
    kept, back = parted(master, source)
    assert (kept.incident.severity, kept.incident.urgency) == (Severity.NONE, Urgency.NORMAL)
    assert (open_supervision(kept), t14(kept)) == (None, False)
    again = open_supervision(back)
    assert (back.incident.severity, back.incident.urgency, t14(back)) == (Severity.I, Urgency.IMMEDIATE, True)
    assert again is not None
    assert (again.id, again.grade, again.issued_by_staff) == (red.supervision[-1].id, 3, LD.staff)
    assert any(t.kind is TimerKind.T10_SUPERVISION and t.state is TimerState.RUNNING for t in back.timers)


def attached(urgency: Urgency) -> AttachReport:
    """A report more of something that is known."""
    return AttachReport(report(9, report=named("second"), urgency=urgency))


def test_what_is_merely_urgent_hurries_what_it_joins() -> None:
    urgent = after(None, report(2, urgency=Urgency.IMMEDIATE), DO, WHOLE, NOON)
    for joined in (merged(FILED, urgent)[0], after(FILED, attached(Urgency.IMMEDIATE), DO, WHOLE, LATER)):
        assert joined.incident.urgency is Urgency.IMMEDIATE
        assert joined.incident.due_at is not None
        assert FILED.incident.due_at is not None
        assert joined.incident.due_at < FILED.incident.due_at
    calm = after(URGENT, attached(Urgency.NORMAL), DO, WHOLE, LATER)
    assert calm.incident.urgency is Urgency.IMMEDIATE


def test_what_somebody_has_judged_since_stays_when_the_merge_is_undone() -> None:
    master, source = merged(FILED, with_severity(OTHER, Severity.III))
    third = with_severity(after(None, report(3), DO, WHOLE, NOON), Severity.II)
    judged = walk(master, (SetSeverity(Severity.II, "three streets"), DO), at=LATER)
    for since, severity in ((master, Severity.NONE), (judged, Severity.II), (merged(master, third)[0], Severity.II)):
        kept, back = parted(since, source, at=LATER + timedelta(minutes=3))
        assert (kept.incident.severity, back.incident.severity) == (severity, Severity.III)
        assert t14(kept) is (severity is Severity.II)


def test_of_two_emergencies_that_joined_together_the_last_to_go_takes_the_severity_along() -> None:
    graves = [with_severity(each, Severity.II) for each in (OTHER, after(None, report(4), DO, WHOLE, NOON))]
    named = tuple(Source(each.incident.id, 0) for each in graves)
    master = after(FILED, Merge(named), SL, WHOLE, LATER, beside=tuple(graves))
    into = MergedInto(FILED.incident.id, FILED.incident.number)
    first, second = (after(each, into, SL, WHOLE, LATER, beside=(FILED,)) for each in graves)
    one = after(master, PARTED, SL, WHOLE, LATER, beside=(first,))
    assert (one.incident.severity, t14(one)) == (Severity.II, True)
    none = after(one, PartedFrom(second.incident.id, second.incident.number), SL, WHOLE, LATER, beside=(second,))
    assert (none.incident.severity, none.incident.urgency, t14(none)) == (Severity.NONE, Urgency.NORMAL, False)
    both = after(master, PartedFrom(first.incident.id, "both"), SL, WHOLE, LATER, beside=(first, second))
    assert both.incident.severity is Severity.NONE


def test_an_order_comes_back_with_what_became_of_it() -> None:
    red = walk(OTHER, (Supervise(SupervisionGrade.RED, "hurry"), LD))
    master, source = merged(FILED, red)
    replied = walk(master, (ReplySupervision("on the way"), DO), at=LATER)
    _, back = parted(replied, source, at=LATER + timedelta(minutes=3))
    assert (back.supervision[-1].state, back.supervision[-1].reply) == ("replied", "on the way")
    graver = walk(FILED, (Supervise(SupervisionGrade.LEADER, "mine"), LD))
    kept, again = parted(*merged(graver, red))
    assert [(s.grade, s.state) for s in kept.supervision] == [(4, "issued")], "a graver order of its own stays"
    assert [(s.grade, s.state) for s in again.supervision] == [(3, "issued")]
