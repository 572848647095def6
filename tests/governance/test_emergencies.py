"""Direct orders, severity and the reports to those above; who leads where the first does not come."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from governance.attempt import Case, Command, LeadRole, Officer
from governance.commands import (
    Accept,
    Acknowledge,
    Arrive,
    Ask,
    AutoClose,
    Backfill,
    CheckFail,
    CheckPass,
    Complete,
    Decline,
    DirectOrder,
    EmergencyReport,
    File,
    Reassign,
    Recall,
    SendCheck,
    SendFeedback,
    SendVerify,
    SetSeverity,
    TakeLead,
    TimerFired,
)
from governance.deadline import Limit, Stage, TimeUnit, used_s
from governance.incident import ApprovalKind as K
from governance.incident import Level, Severity, State, TimerKind, TimerState, Urgency
from governance.lifecycle import SYSTEM_OFFICER, Role, after, may, settled
from tests.governance.field import (
    CK,
    DO,
    ELSEWHERE,
    LEAF,
    NOON,
    PLACE,
    SL,
    STREET,
    TO_DISPATCHED,
    WHOLE,
    named,
    officer,
    recipient,
    reported,
    walk,
)
from tests.governance.taken import ASSISTED, NO_SAMPLE, WANG_COMES
from tests.governance.ways import (
    AT_WORK,
    AU,
    CLOSED,
    DEFERRED,
    DIRECT,
    DONE,
    DP,
    FILED,
    LATER,
    LD,
    LI,
    ORDER,
    REWORKED_THRICE,
    RUNG,
    SEND,
    SENT,
    TO_RESOLVED,
    URGENT,
    WANG,
    Fire,
    answered,
    asked,
    carried_out,
    refusal_of,
)

TOO = officer(Role.DUTY_OFFICER, "another")


def running(case: Case) -> set[str]:
    """The clocks that run."""
    return {t.kind.value for t in case.timers if t.state is TimerState.RUNNING}


def test_a_direct_order_before_filing_owes_what_was_left_out() -> None:
    incident = DIRECT.incident
    assert (incident.mode, incident.urgency, incident.oversight_level) == ("direct", Urgency.IMMEDIATE, Level.DISTRICT)
    assert incident.backfill_owed
    assert incident.filed_at is not None
    assert running(DIRECT) == {"T4", "T5", "T7", "T12"}
    filled = after(DIRECT, Backfill(LEAF, "Stall"), DO, WHOLE, LATER)
    assert (filled.incident.category, filled.incident.title, filled.incident.backfill_owed) == (LEAF, "Stall", False)
    assert running(filled) == {"T4", "T5", "T7"}
    assert filled.incident.limit_s == incident.limit_s


def test_nothing_is_archived_before_it_is_filled_in() -> None:
    closed = walk(DIRECT, (Accept(), LI), (Accept(), WANG), (Complete("helped"), WANG), (DONE, LI), (SendCheck(), DO))
    closed = walk(closed, (CheckPass(condition_met=True), CK), (SendFeedback("safe"), DO))
    assert settled(closed, WHOLE, LATER).incident.state is State.CLOSED
    filled = after(closed, Backfill(LEAF), DO, WHOLE, LATER)
    assert settled(filled, WHOLE, LATER).incident.state is State.ARCHIVED


def test_a_special_closing_still_waits_for_what_a_direct_order_left_out() -> None:
    back = walk(DIRECT, (Recall("false alarm"), DO), *TO_DISPATCHED[1:], (Accept(), LI))
    closed = answered(asked(back, K.CLOSE_SPECIAL), SL, AU)
    told = after(closed, SendFeedback("nothing found"), DO, WHOLE, LATER)
    assert settled(told, WHOLE, LATER).incident.state is State.CLOSED
    assert running(told) == {"T12"}, "somebody is reminded of it"


def test_a_direct_order_that_was_called_off_leaves_an_ordinary_incident() -> None:
    back = walk(DIRECT, (Recall("false alarm"), DO))
    assert refusal_of(lambda: asked(back, K.VOID)) == ""
    sent = walk(back, *TO_DISPATCHED[1:])
    assert may(sent, Recall, DP, WHOLE, NOON) is None
    assert carried_out(sent, Fire(TimerKind.T4_ACK, 2), SYSTEM_OFFICER).incident.state is State.FILED


ARRIVED = walk(WANG_COMES, (Arrive(PLACE), WANG))


@pytest.mark.parametrize(("standing", "t6"), [(WANG_COMES, True), (ARRIVED, False)], ids=["on the way", "at the place"])
def test_who_follows_a_lead_who_cannot_come_is_waited_for_only_while_away(standing: Case, t6: bool) -> None:
    led = after(standing, Decline("ill"), LI, WHOLE, LATER)
    assert led.lead is not None
    assert led.lead.worker == WANG.staff
    assert ("T6" in running(led)) is t6
    silent = carried_out(standing, Fire(TimerKind.T4_ACK), SYSTEM_OFFICER)
    taken = after(silent, TakeLead(WANG.staff), DO, WHOLE, LATER)
    assert ("T6" in running(taken)) is t6
    assert [(a.worker_name, a.role) for a in taken.assignments] == [("li", LeadRole.ASSIST), ("wang", LeadRole.LEAD)]


@pytest.mark.parametrize(
    ("case", "command", "who", "code"),
    [
        (DIRECT, TakeLead(), WANG, "lead_has_time"),
        (RUNG, TakeLead(LI.staff), WANG, "not_your_role"),
        (RUNG, TakeLead(), DO, "not_assigned"),
        (RUNG, TakeLead(named("chen")), DO, "not_assigned"),
        (walk(RUNG, (Acknowledge(), LI)), TakeLead(), WANG, "lead_answered"),
        (SENT, TakeLead(), WANG, "not_direct_mode"),
        (FILED, ORDER, DO, "not_urgent_enough"),
        (URGENT, DirectOrder(recipient("li"), (recipient("li"),)), DO, "named_twice"),
        (URGENT, ORDER, officer(Role.OPERATOR), "below_level"),
        (DIRECT, Ask(K.RETURN, "why me"), LI, "direct_mode"),
    ],
    ids=lambda v: str(v)[:20],
)
def test_a_direct_order_is_refused_what_it_has_no_room_for(case: Case, command: Command, who: Officer, code: str) -> None:
    assert refusal_of(lambda: after(case, command, who, WHOLE, LATER)) == code


def test_an_active_plan_makes_direct_orders_of_everything_in_its_area() -> None:
    planned = replace(WHOLE, plan_areas=(STREET,))
    assert after(FILED, ORDER, DO, planned, LATER).incident.mode == "direct"
    elsewhere = replace(WHOLE, plan_areas=(ELSEWHERE[:9],))
    assert refusal_of(lambda: after(FILED, ORDER, DO, elsewhere, LATER)) == "not_urgent_enough"


def test_severity_at_filing_jumps_the_oversight_and_says_so() -> None:
    grave = walk(reported(), (File(LEAF, severity=Severity.II), DO))
    assert grave.incident.oversight_level is Level.DISTRICT
    assert [(e.kind, e.to_level, e.cause) for e in grave.escalations] == [("oversight", Level.DISTRICT, "severity")]
    assert running(grave) == {"T3", "T7", "T14"}


@pytest.mark.parametrize("filing", [File(LEAF), File(LEAF, severity=Severity.IV), File(LEAF, Urgency.URGENT)], ids=str)
def test_filing_leaves_an_emergency_as_grave_as_it_was(filing: File) -> None:
    filed = walk(reported(), (SetSeverity(Severity.I, "gas"), DO), (filing, DO))
    assert (filed.incident.severity, filed.incident.urgency) == (Severity.I, Urgency.IMMEDIATE)
    assert "T14" in running(filed)
    assert filed.steps[-1].detail["severity"] == "i"
    reporting = walk(filed, (EmergencyReport("first", "gas"), DO))
    assert reporting.steps[-1].row == "E62", "the first report is taken"
    graver = walk(reported(), (SetSeverity(Severity.III, "gas"), DO), (File(LEAF, severity=Severity.II), DO))
    assert graver.incident.severity is Severity.II


def test_what_was_reported_as_more_urgent_is_filed_as_less_only_with_a_reason() -> None:
    urgent = reported(urgency=Urgency.IMMEDIATE)
    assert refusal_of(lambda: walk(urgent, (File(LEAF), DO))) == "reason_needed"
    filed = walk(urgent, (File(LEAF, reason="a stall, not a fire"), DO))
    assert filed.incident.urgency is Urgency.NORMAL
    assert filed.steps[-1].detail["urgency_before"] == "immediate"
    assert "urgency_before" not in walk(reported(), (File(LEAF, Urgency.URGENT), DO)).steps[-1].detail


LOOKED_INTO = walk(reported(), (SendVerify(recipient("li")), DO))
PARKED = answered(asked(FILED, K.SUSPEND_LIST), LD)


@pytest.mark.parametrize(
    ("waiting", "state", "clock", "within"),
    [
        (LOOKED_INTO, State.REPORTED, TimerKind.T1_INTAKE, 60),
        (PARKED, State.FILED, TimerKind.T3_DISPATCH, 120),
        (DEFERRED, State.HANDLING, TimerKind.T6_ARRIVE, 480),
    ],
    ids=["looked into", "parked", "deferred at work"],
)
def test_what_becomes_an_emergency_waits_for_no_look_and_no_date(
    waiting: Case, state: State, clock: TimerKind, within: int
) -> None:
    grave = after(waiting, SetSeverity(Severity.I, "it burns"), DO, WHOLE, LATER)
    at_once = settled(grave, WHOLE, LATER)
    assert (at_once.incident.state, at_once.incident.suspended_until) == (state, None)
    (runs,) = (t for t in at_once.timers if t.kind is clock and t.state is TimerState.RUNNING)
    assert runs.due_at == LATER + timedelta(seconds=within)
    assert not running(at_once) & {"T2", "T11"}
    assert at_once.steps[-1].detail["overtaken"] == "immediate"
    if state in (State.REPORTED, State.FILED):
        assert may(at_once, DirectOrder, DO, WHOLE, LATER) is None
    mild = after(waiting, SetSeverity(Severity.IV, "a little smoke"), DO, WHOLE, LATER)
    assert settled(mild, WHOLE, LATER) == mild


@pytest.mark.parametrize("severity", list(Severity))
def test_an_emergency_hurries_every_clock_and_never_slows_one(severity: Severity) -> None:
    for case in (reported(), FILED, SENT, AT_WORK, walk(reported(), *TO_RESOLVED), CLOSED):
        if severity is Severity.NONE:
            continue
        graver = after(case, SetSeverity(severity, "it spreads"), DO, WHOLE, LATER)
        for old, new in zip(case.timers, graver.timers, strict=False):
            if old.due_at is not None and old.state is TimerState.RUNNING:
                assert new.due_at is not None
                assert new.due_at <= old.due_at or new.due_at == LATER
        is_grave = severity in (Severity.I, Severity.II, Severity.III)
        assert ("T14" in running(graver)) is is_grave
        assert (graver.incident.oversight_level is Level.DISTRICT) is is_grave


def test_what_was_done_before_it_was_an_emergency_is_not_late_by_it() -> None:
    filed_at = AT_WORK.incident.filed_at
    assert filed_at is not None
    late = filed_at + timedelta(days=4)
    done = walk(ASSISTED, (Complete("helped"), WANG), (DONE, LI), at=late)
    grave = after(done, SetSeverity(Severity.II, "a child was hurt"), DO, WHOLE, late + timedelta(hours=1))
    assert grave.incident.used_s <= grave.incident.limit_s
    again = walk(grave, (SendCheck(), DO), (CheckFail("still there"), CK), at=late + timedelta(hours=1))
    assert again.incident.due_at == again.steps[-1].at, "nothing of the shorter limit is left"


def test_reports_to_those_above_come_in_their_order_and_go_on_after_a_relapse() -> None:
    grave = walk(reported(), (File(LEAF, severity=Severity.II), DO))
    assert refusal_of(lambda: after(grave, EmergencyReport("written", "x"), DO, WHOLE, LATER)) == "first_report_owed"
    first = walk(grave, (EmergencyReport("first", "gas"), DO))
    assert refusal_of(lambda: after(first, EmergencyReport("first", "x"), DO, WHOLE, LATER)) == "first_report_made"
    calm = walk(first, (SetSeverity(Severity.IV, "under control"), SL))
    assert "T14" not in running(calm)
    assert calm.incident.oversight_level is Level.DISTRICT
    relapse = walk(calm, (SetSeverity(Severity.I, "it burns again"), DO))
    assert "T14" in running(relapse)
    assert refusal_of(lambda: after(relapse, EmergencyReport("final", "x"), DO, WHOLE, LATER)) == "written_report_owed"
    written = walk(relapse, (EmergencyReport("written", "it burns, two people are out"), DO))
    assert refusal_of(lambda: after(written, EmergencyReport("written", "x"), DO, WHOLE, LATER)) == "written_report_made"
    over = walk(written, (EmergencyReport("final", "it is out"), DO))
    assert "T14" not in running(over)
    assert "T14" not in running(walk(over, (SetSeverity(Severity.IV, "over"), SL), (SetSeverity(Severity.II, "no"), DO)))


@pytest.mark.parametrize(("first_after", "left"), [(1, 39), (19, 21), (45, 0)])
def test_both_reports_are_owed_from_the_moment_the_emergency_began(first_after: int, left: int) -> None:
    grave = walk(reported(), (File(LEAF, severity=Severity.II), DO))
    begun = grave.steps[-1].at
    (first,) = (t for t in grave.timers if t.kind is TimerKind.T14_REPORT)
    assert first.due_at == begun + timedelta(minutes=20)
    at = begun + timedelta(minutes=first_after)
    made = after(grave, EmergencyReport("first", "gas"), DO, WHOLE, at)
    (written,) = (t for t in made.timers if t.kind is TimerKind.T14_REPORT and t.state is TimerState.RUNNING)
    assert written.due_at == at + timedelta(minutes=left)
    assert used_s(written, at, WHOLE.calendar) == first_after * 60
    on = after(made, EmergencyReport("written", "gas in three houses"), DO, WHOLE, at)
    (follows,) = (t for t in on.timers if t.kind is TimerKind.T14_REPORT and t.state is TimerState.RUNNING)
    assert follows.due_at == at + timedelta(minutes=120), "what goes on is told so long after the report before"


@pytest.mark.parametrize("severity", [Severity.NONE, Severity.IV, Severity.III])
def test_an_emergency_is_never_closed_unchecked(severity: Severity) -> None:
    done = replace(NO_SAMPLE, incident=replace(NO_SAMPLE.incident, severity=severity))
    assert (refusal_of(lambda: after(done, AutoClose(), SYSTEM_OFFICER, WHOLE, LATER)) == "") is (severity is not Severity.III)


def test_after_the_third_rework_nobody_but_a_shift_lead_chooses_who_goes_on() -> None:
    again = after(REWORKED_THRICE, CheckFail("no"), CK, WHOLE, LATER)
    working = walk(again, (SEND, SL), (Accept(), LI))
    change = Reassign(recipient("zhao"), "ill")
    assert refusal_of(lambda: after(working, change, DP, WHOLE, LATER)) == "shift_lead_needed"
    assert after(working, change, SL, WHOLE, LATER).incident.state is State.DISPATCHED


def test_the_limit_of_an_emergency_never_takes_the_place_of_a_shorter_one() -> None:
    hour = Limit(LEAF, "", Urgency.NORMAL, Stage.RESOLVE, 1, TimeUnit.URGENT_HOUR)
    rules = replace(WHOLE, limits=(*WHOLE.limits, hour))
    filed = after(reported(), File(LEAF), DO, rules, NOON)
    assert filed.incident.limit_s == 3600.0
    at = NOON + timedelta(minutes=10)
    for move in (SetSeverity(Severity.II, "it spreads"), SetSeverity(Severity.I, "it burns"), ORDER):
        filed = after(filed, move, DO, rules, at)
        assert (filed.incident.limit_s, filed.incident.due_at) == (3600.0, NOON + timedelta(hours=1))


def test_a_clock_that_rang_does_not_ring_again_because_it_is_hurried() -> None:
    case = walk(reported(), (SetSeverity(Severity.III, "多人"), DO))
    (clock,) = (t for t in case.timers if t.kind is TimerKind.T1_INTAKE and t.state is TimerState.RUNNING)
    assert clock.due_at
    rang = after(case, TimerFired(clock.id, clock.kind, 0), SYSTEM_OFFICER, WHOLE, clock.due_at)
    graver = after(rang, SetSeverity(Severity.I, "更重"), DO, WHOLE, clock.due_at + timedelta(seconds=10))
    (before,), (now,) = ([t for t in each.timers if t.id == clock.id] for each in (rang, graver))
    assert now.fired == 1
    assert now.due_at == before.due_at == clock.due_at + timedelta(seconds=clock.limit_s)
