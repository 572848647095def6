"""Everything that can be ordered, on a real ledger: several cases in one transaction, and a log that adds up after each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from governance import commands as c
from governance.changes import CaseChanged, CaseGone
from governance.incident import (
    ApprovalKind,
    ApprovalState,
    Attachment,
    Case,
    Channel,
    FeedbackState,
    Severity,
    State,
    SupervisionGrade,
    TimerKind,
    TimerState,
    Urgency,
)
from governance.people import Officer, Role, Worker
from governance.refusal import Refused
from server import clock
from server.audit.verify import verify
from server.ledger import incidents
from server.ledger.entry import Entered
from tests.server.conftest import District, middle
from wire.codec import decode_change
from wire.publications import Numbered

STALL, GAS, FAMILY = "03.02", "09.01", "08.01"
WHY = "情况说明"


@pytest.fixture(autouse=True)
def the_log_adds_up(district: District) -> object:
    """After every test the whole ledger is what its log says."""
    yield
    assert verify(district.ledger).findings == []


def case_of(district: District, entered: Entered) -> Case:
    """The incident as the ledger has it now."""
    with district.ledger.transaction() as connection:
        return incidents.load(connection, entered.incident)


def onward(district: District, entered: Entered, command: c.Command, by: Officer | str) -> Entered:
    """The next order on whatever version the case has."""
    stands = case_of(district, entered).incident
    return district.order(command, by, replace(entered, version=stands.version))


def reported(district: District, grid: int = 0, **more: object) -> Entered:
    """A report of a stall."""
    return district.order(c.MakeReport("路边有人摆摊", middle(grid), **more), "duty1")  # type: ignore[arg-type]


def filed(district: District, grid: int = 0, urgency: Urgency = Urgency.NORMAL) -> Entered:
    """The same, filed."""
    return onward(district, reported(district, grid), c.File(STALL, urgency), "duty1")


def lead_of(district: District, grid: int = 0) -> Worker:
    """A worker of the grid."""
    code = sorted({worker.grid for worker in district.workers})[grid]
    return next(worker for worker in district.workers if worker.grid == code)


def sent(district: District, grid: int = 0, urgency: Urgency = Urgency.NORMAL) -> tuple[Entered, Officer]:
    """The same, somebody sent: the case and who was."""
    worker = lead_of(district, grid)
    entered = onward(district, filed(district, grid, urgency), c.Dispatch(c.Recipient(worker.id), reason=WHY), "duty1")
    return entered, district.field_officer(worker)


def handled(district: District) -> tuple[Entered, Officer]:
    """The same, taken up."""
    entered, officer = sent(district)
    return onward(district, entered, c.Accept(), officer), officer


def later(district: District, entered: Entered, kind: TimerKind, after: timedelta = timedelta(0)) -> datetime:
    """The moment a clock of the case runs out, and a little more."""
    timer = next(t for t in case_of(district, entered).timers if t.kind is kind and t.state is TimerState.RUNNING)
    assert timer.due_at is not None
    return timer.due_at + after + timedelta(seconds=1)


def shift_lead(district: District) -> str:
    """The login of the seeded shift lead."""
    return next(login for login, officer in district.officers.items() if officer.role is Role.SHIFT_LEAD)


def auditor(district: District) -> Officer:
    """Somebody else, as an auditor of the whole district."""
    lead = district.officers["duty1"]
    return replace(district.officers["check1"], role=Role.AUDITOR, scope=lead.scope, clearance=3, shift=None)


def test_a_merge_moves_reports_and_recalls_and_taking_it_back_returns_them(district: District) -> None:
    master = filed(district)
    source, officer = sent(district)
    stands = case_of(district, source).incident.version
    merged = onward(district, master, c.Merge((c.Source(source.incident, stands),)), "duty1")
    inside, gone = case_of(district, merged), case_of(district, source)
    assert (len(inside.reports), len(gone.reports)) == (2, 0)
    assert (gone.incident.state, gone.incident.merged_into) == (State.MERGED, master.incident)
    assert not any(a.is_live for a in gone.assignments)
    assert inside.incident.reported_at == min(r.received_at for r in inside.reports)
    onward(district, source, c.Unmerge(WHY), "duty1")
    assert (len(case_of(district, master).reports), len(case_of(district, source).reports)) == (1, 1)
    assert case_of(district, source).incident.state is State.REPORTED
    assert officer.staff


def test_a_merge_of_many_is_all_or_nothing(district: District) -> None:
    master, fine = filed(district), reported(district)
    gone = onward(district, reported(district), c.Reject("not_ours", WHY), "duty1")
    sources = (c.Source(fine.incident, fine.version), c.Source(gone.incident, gone.version))
    with pytest.raises(Refused) as refused:
        onward(district, master, c.Merge(sources), "duty1")
    assert refused.value.code == "not_in_state"
    assert case_of(district, fine).incident.state is State.REPORTED
    stale = (c.Source(fine.incident, fine.version), c.Source(reported(district).incident, 9))
    with pytest.raises(Refused, match="stale_version"):
        onward(district, master, c.Merge(stale), "duty1")
    assert case_of(district, fine).incident.state is State.REPORTED


def test_a_report_attached_counts_and_its_reporter_is_told(district: District) -> None:
    entered, officer = handled(district)
    attached = onward(district, entered, c.AttachReport(c.MakeReport("又有人打电话来", middle(0))), "duty1")
    assert len(case_of(district, attached).reports) == 2
    photo = Attachment(uuid4(), "a" * 64, "image/jpeg", 3, "after")
    onward(district, entered, c.Complete("办好了", (photo,)), officer)
    onward(district, entered, c.SendCheck(), "duty1")
    closed = onward(district, entered, c.CheckPass("好", condition_met=True), "check1")
    owed = [f for f in case_of(district, closed).feedback if f.target != "grid_worker"]
    assert len(owed) == 2


def test_a_split_makes_parts_that_share_the_clock_and_the_whole_waits(district: District) -> None:
    entered, officer = handled(district)
    lead = shift_lead(district)
    onward(district, entered, c.Split((c.Part(STALL, "摊位"), c.Part("03.01", "垃圾", place=middle(3)))), lead)
    with district.ledger.transaction() as connection:
        parts = connection.execute("SELECT id FROM incident WHERE split_from = %s", (entered.incident,)).fetchall()
        whole = incidents.load(connection, entered.incident)
        cases = [incidents.load(connection, part) for (part,) in parts]
    assert [case.incident.state for case in cases] == [State.FILED, State.FILED]
    assert all(abs((case.incident.due_at - whole.incident.due_at).total_seconds()) < 1 for case in cases)  # type: ignore[operator]
    photo = Attachment(uuid4(), "b" * 64, "image/jpeg", 3, "after")
    with pytest.raises(Refused, match="parts_open"):
        onward(district, entered, c.Complete("好了", (photo,)), officer)


def streams_told(district: District, incident: UUID) -> list[tuple[str, type]]:
    """Which streams were told what of an incident, in order of their numbers."""
    with district.ledger.transaction() as connection:
        rows = connection.execute(
            "SELECT stream, number, at, order_id, kind, body FROM change_log ORDER BY at, stream"
        ).fetchall()
    facts = [(row[0], decode_change(Numbered(*row[:5], row[5])).fact) for row in rows]  # type: ignore[arg-type]
    return [
        (stream, type(fact))
        for stream, fact in facts
        if (isinstance(fact, CaseChanged) and fact.incident.id == incident)
        or (isinstance(fact, CaseGone) and fact.incident == incident)
    ]


def test_a_place_put_right_in_another_street_moves_the_case_between_streams(district: District) -> None:
    entered = filed(district, 0)
    old = case_of(district, entered).incident
    onward(district, entered, c.Correct(WHY, place=middle(7)), "duty1")
    new = case_of(district, entered).incident
    assert new.street != old.street
    assert (new.limit_s, new.due_at) == (old.limit_s, old.due_at)
    assert new.queue_unit != old.queue_unit
    told = streams_told(district, entered.incident)
    assert (f"{old.street}/0", CaseGone) in told
    assert (f"{new.street}/0", CaseChanged) in told
    step = case_of(district, entered).steps[-1]
    assert step.detail["grid_before"] == old.grid


def test_edits_do_not_compete_with_transitions_and_tell_who_was_faster_on_one_field(district: District) -> None:
    entered = filed(district)
    base = case_of(district, entered).incident.title
    onward(district, entered, c.Edit("title", base, "菜场门口占道"), "duty1")
    raised = district.order(c.RaiseLevel(WHY), "duty1", entered)  # on the version before the edit
    assert case_of(district, raised).incident.title == "菜场门口占道"
    with pytest.raises(Refused) as refused:
        onward(district, entered, c.Edit("title", base, "别的"), "duty1")
    assert (refused.value.code, refused.value.details["value"]) == ("field_changed", "菜场门口占道")
    with pytest.raises(Refused, match="stale_version"):
        district.order(c.RaiseLevel(WHY), "duty1", entered)


def test_somebody_near_is_asked_to_look_and_his_answer_is_kept(district: District) -> None:
    entered = onward(district, reported(district), c.SendVerify(), "duty1")
    task = case_of(district, entered).checks[-1]
    asked = next(worker for worker in district.workers if worker.id == task.checker)
    assert asked.grid[:9] == case_of(district, entered).incident.street
    photo = Attachment(uuid4(), "c" * 64, "image/jpeg", 3, "check")
    onward(district, entered, c.VerifyResult("exist", "", (photo,)), district.field_officer(asked))
    case = case_of(district, entered)
    assert (case.incident.state, case.checks[-1].result, case.checks[-1].attachments) == (State.REPORTED, "exist", (photo,))


def test_a_direct_order_nobody_answers_is_widened_every_minute_up_to_a_limit(district: District) -> None:
    entered = reported(district, urgency=Urgency.IMMEDIATE)
    worker = lead_of(district)
    onward(district, entered, c.DirectOrder(c.Recipient(worker.id), order_text="立即到场"), "duty1")
    counted = [1]
    for _ in range(6):
        clock.fire_due(district.ledger, later(district, entered, TimerKind.T4_ACK))
        counted.append(sum(a.is_live for a in case_of(district, entered).assignments))
    case = case_of(district, entered)
    with district.ledger.transaction() as connection:
        rules = district.ledger.rules(connection)
    assert counted[1] == 1 + rules.widen_step
    assert counted[-1] <= rules.widen_most
    assert counted == sorted(counted)
    assert case.incident.oversight_level == 4
    assert len({a.worker for a in case.assignments}) == len(case.assignments)
    taker = next(a for a in case.assignments if a.worker != worker.id)
    officer = district.field_officer(next(w for w in district.workers if w.id == taker.worker))
    onward(district, entered, c.TakeLead(), officer)
    taken = case_of(district, entered)
    assert (taken.incident.state, taken.lead.worker if taken.lead else None) == (State.HANDLING, taker.worker)
    assert taken.incident.backfill_owed
    onward(district, entered, c.Backfill(STALL, "占道"), "duty1")
    assert not case_of(district, entered).incident.backfill_owed


def test_what_is_asked_for_waits_for_another_and_what_is_granted_stops_the_clock(district: District) -> None:
    entered, officer = handled(district)
    until = datetime.now(UTC) + timedelta(days=3)
    onward(district, entered, c.Ask(ApprovalKind.SUSPEND_DEFER, WHY, until), officer)
    pending = case_of(district, entered).approvals[-1]
    with pytest.raises(Refused):
        onward(district, entered, c.Approve(pending.id), "duty1")
    onward(district, entered, c.Approve(pending.id, "同意"), shift_lead(district))
    case = case_of(district, entered)
    assert (case.incident.state, case.incident.due_at) == (State.SUSPENDED, None)
    clock.fire_due(district.ledger, until + timedelta(seconds=1))
    resumed = case_of(district, entered)
    assert (resumed.incident.state, resumed.incident.due_at is not None) == (State.HANDLING, True)
    assert [a.state for a in resumed.approvals] == [ApprovalState.GRANTED]


def test_two_people_of_two_roles_void_an_incident_and_its_reporter_is_told(district: District) -> None:
    entered, officer = sent(district)
    onward(district, entered, c.Ask(ApprovalKind.VOID, WHY), officer)
    pending = case_of(district, entered).approvals[-1]
    onward(district, entered, c.Approve(pending.id), shift_lead(district))
    with pytest.raises(Refused, match="signed_already"):
        onward(district, entered, c.Approve(pending.id), shift_lead(district))
    onward(district, entered, c.Approve(pending.id), auditor(district))
    case = case_of(district, entered)
    assert case.incident.state is State.VOIDED
    assert any(f.state is FeedbackState.PENDING for f in case.feedback)


def test_severity_hurries_supervision_rises_and_reports_above_are_owed(district: District) -> None:
    entered, officer = handled(district)
    slow = case_of(district, entered).incident.due_at
    onward(district, entered, c.SetSeverity(Severity.II, WHY), "duty1")
    case = case_of(district, entered)
    assert case.incident.due_at is not None
    assert slow is not None
    assert case.incident.due_at < slow
    assert case.incident.oversight_level == 4
    clock.fire_due(district.ledger, later(district, entered, TimerKind.T14_REPORT))
    case = case_of(district, entered)
    assert [s.grade for s in case.supervision if s.state != "closed"] == [SupervisionGrade.RED]
    onward(district, entered, c.EmergencyReport("first", "首报"), "duty1")
    onward(district, entered, c.NotifyOut("119", "值班员老赵", "20261122-7"), "duty1")
    onward(district, entered, c.ReplySupervision("正在处置"), officer)
    onward(district, entered, c.CloseSupervision("知悉"), shift_lead(district))
    assert all(s.state == "closed" for s in case_of(district, entered).supervision)


def test_what_was_closed_is_opened_again_with_a_new_limit_and_old_numbers_frozen(district: District) -> None:
    entered, officer = handled(district)
    photo = Attachment(uuid4(), "d" * 64, "image/jpeg", 3, "after")
    onward(district, entered, c.Complete("办好了", (photo,)), officer)
    onward(district, entered, c.SendCheck(), "duty1")
    onward(district, entered, c.CheckPass("好", condition_met=True), "check1")
    onward(district, entered, c.Reopen(WHY), shift_lead(district))
    case = case_of(district, entered)
    assert (case.incident.state, case.incident.cycle, case.incident.used_s) == (State.FILED, 2, 0.0)
    assert [(cycle.cycle, cycle.close_type, cycle.lead_unit is not None) for cycle in case.cycles] == [(1, "normal", True)]
    assert all(f.state is not FeedbackState.PENDING for f in case.feedback)


def test_what_falls_under_a_sensitive_category_is_hidden_from_whom_it_does_not_concern(district: District) -> None:
    with district.ledger.transaction() as connection:
        rules = district.ledger.rules(connection)
    sensitive = next(code for code, category in rules.categories.items() if category.sensitive)
    told = onward(district, reported(district), c.NotifyOut("110", "接警员"), "duty1")
    entered = onward(district, told, c.File(sensitive), "duty1")
    assert case_of(district, entered).incident.confidentiality == 2
    street = case_of(district, entered).incident.street
    heard = streams_told(district, entered.incident)
    assert (f"{street}/0", CaseGone) in heard
    assert (f"{street}/2", CaseChanged) in heard


def test_a_worker_settles_a_minor_matter_of_his_own_grid_at_once(district: District) -> None:
    worker = lead_of(district)
    officer = district.field_officer(worker)
    photos = tuple(Attachment(uuid4(), stage[0] * 64, "image/jpeg", 3, stage) for stage in ("before", "after"))
    made = c.MakeReport("墙上小广告", middle(0), channel=Channel.WORKER_APP)
    entered = district.order(replace(made, reporter_kind="worker", reporter_worker=worker.id), officer)
    onward(district, entered, c.SelfHandle("当场清理", "03.01", photos), officer)
    case = case_of(district, entered)
    assert (case.incident.state, case.incident.handling_level, case.assignments[-1].worker) == (State.RESOLVED, 1, worker.id)


@pytest.mark.parametrize("accuracy_m", [0, 12, -0.0, 0.1])
def test_a_number_is_kept_as_it_is_given_back(district: District, accuracy_m: float) -> None:
    entered = reported(district, accuracy_m=accuracy_m)  # verified afterwards, as after every test here
    assert case_of(district, entered).reports[0].accuracy_m == accuracy_m


ALONE: list[Callable[[Case], c.Command]] = [
    lambda case: c.MergedInto(case.incident.id, "x"),
    lambda case: c.PartedFrom(case.incident.id, "x"),
    lambda _: c.AutoClose(),
    lambda _: c.AutoDispatch(c.Recipient(uuid4())),
    lambda case: c.SplitOff(c.Part(STALL, "x"), uuid4(), "x", case.incident.grid, STALL),
]


@pytest.mark.parametrize("command", ALONE)
def test_what_only_follows_is_not_ordered(district: District, command: Callable[[Case], c.Command]) -> None:
    entered = filed(district)
    with pytest.raises(Refused, match="not_by_itself"):
        onward(district, entered, command(case_of(district, entered)), "duty1")
