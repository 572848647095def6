"""Orders that hold several incidents: who may, which version, in which order all is locked, and a repeat does nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import numpy as np
import psycopg
import pytest

from governance import commands as c
from governance.effects import first_report
from governance.incident import Attachment, Severity, State, SupervisionGrade, Urgency
from governance.people import Officer, Worker
from governance.refusal import Refused
from server import clock
from server.audit.verify import verify
from server.intake.tasks import status_of
from server.ledger.entry import Entered
from server.positions.tracks import write_newest
from tests.server.conftest import District, middle
from tests.server.test_whole_life import STALL, WHY, case_of, filed, onward, reported, shift_lead
from wire.publications import POSITION


@pytest.fixture(autouse=True)
def the_log_adds_up(district: District) -> Iterator[None]:
    """After every test the whole ledger is what its log says."""
    yield
    assert verify(district.ledger).findings == []


def merged(district: District, master: Entered, *sources: c.Source, by: str = "duty1") -> Entered:
    """The sources become part of the master."""
    return onward(district, master, c.Merge(sources), by)


@pytest.mark.parametrize("version", [0, -1])
def test_a_source_is_merged_only_at_a_version_that_was_looked_at(district: District, version: int) -> None:
    master, source = filed(district), reported(district)
    onward(district, source, c.Edit("title", case_of(district, source).incident.title, "新标题"), "duty1")
    with pytest.raises(Refused, match="version_needed"):
        merged(district, master, c.Source(source.incident, version))
    assert case_of(district, source).incident.state is State.REPORTED


def test_who_sees_no_incidents_learns_nothing_from_a_source_that_moved_on(district: District) -> None:
    master, source = filed(district), reported(district)
    with pytest.raises(Refused) as refused:
        merged(district, master, c.Source(source.incident, 9), by="admin1")
    assert (refused.value.code, refused.value.details) == ("not_your_role", {})
    with pytest.raises(Refused, match="stale_version"):
        merged(district, master, c.Source(source.incident, 9))


def test_an_emergency_goes_along_with_its_order_comes_back_with_it_and_goes_again(district: District) -> None:
    master, source = filed(district), filed(district)
    onward(district, source, c.SetSeverity(Severity.II, WHY), "duty1")
    onward(district, source, c.Supervise(SupervisionGrade.RED, WHY), shift_lead(district))
    for _ in range(2):
        before = case_of(district, source)
        merged(district, master, c.Source(source.incident, before.incident.version), by="lead1")
        taken, gone = case_of(district, master), case_of(district, source)
        assert (taken.incident.severity, taken.incident.urgency) == (Severity.II, Urgency.IMMEDIATE)
        assert [(order.grade, order.state) for order in taken.supervision] == [(3, "issued")]
        assert [order.state for order in gone.supervision] == ["closed"]
        onward(district, source, c.Unmerge(WHY), shift_lead(district))
        kept, back = case_of(district, master), case_of(district, source)
        assert (kept.incident.severity, [order.state for order in kept.supervision]) == (Severity.NONE, ["closed"])
        assert (back.incident.severity, [order.state for order in back.supervision]) == (Severity.II, ["issued"])


def test_a_nought_below_nought_is_kept_as_nought(district: District) -> None:
    entered = district.order(c.MakeReport("路边有人摆摊", middle(0), accuracy_m=-0.0), "duty1")
    onward(district, entered, c.AttachReport(c.MakeReport("又一位", middle(0), accuracy_m=-0.0)), "duty1")
    assert [str(report.accuracy_m) for report in case_of(district, entered).reports] == ["0.0", "0.0"]


@contextmanager
def waiting(district: District, held: psycopg.Connection, act: Callable[[], object]) -> Iterator[None]:
    """Something waits for what a connection holds; when that lets go, it is done."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except BaseException as problem:
            failed.append(problem)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        with psycopg.connect(**district.settings.connect_arguments(), autocommit=True) as looking:
            until = time.monotonic() + 10
            while not looking.execute(
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            ).fetchone():
                assert time.monotonic() < until, f"it never waited: {failed}"
                time.sleep(0.01)
        yield
    finally:
        held.rollback()
        thread.join(10)
    assert failed == []


def dispatched(district: District, worker: Worker) -> c.Source:
    """An incident a worker was sent to, as a merge names it."""
    entered = onward(district, filed(district), c.Dispatch(c.Recipient(worker.id), reason=WHY), "duty1")
    return c.Source(entered.incident, entered.version)


def test_workers_of_several_incidents_are_locked_in_one_order(district: District) -> None:
    first, last = sorted(district.workers[:2], key=lambda worker: worker.id)
    master, sources = filed(district), (dispatched(district, last), dispatched(district, first))
    with psycopg.connect(**district.settings.connect_arguments()) as other:
        other.execute("SELECT 1 FROM worker_live WHERE worker = %s FOR UPDATE", (first.id,))
        with waiting(district, other, lambda: merged(district, master, *sources)):
            other.execute("SELECT 1 FROM worker_live WHERE worker = %s FOR UPDATE NOWAIT", (last.id,))
    assert len(case_of(district, master).reports) == 3


@pytest.mark.parametrize("turned", [False, True])
def test_positions_lock_workers_in_the_order_that_orders_do(district: District, turned: bool) -> None:
    first, last = sorted(district.workers[:2], key=lambda worker: worker.id)
    fixes = np.zeros(2, POSITION)
    fixes["worker"] = (first.number, last.number) if turned else (last.number, first.number)
    fixes["at"] = int(time.time())
    arguments = district.settings.connect_arguments()
    with psycopg.connect(**arguments) as other, psycopg.connect(**arguments, autocommit=True) as writing:
        other.execute("SELECT 1 FROM worker_live WHERE worker = %s FOR UPDATE", (first.id,))
        with waiting(district, other, lambda: write_newest(writing, fixes)):
            other.execute("SELECT 1 FROM worker_live WHERE worker = %s FOR UPDATE NOWAIT", (last.id,))
        row = writing.execute("SELECT count(*) FROM worker_live WHERE fix_at IS NOT NULL").fetchone()
        assert row == (2,)


def test_a_split_that_waits_for_numbers_keeps_nobody_from_naming_its_incident(district: District) -> None:
    entered = filed(district)
    parts = (c.Part(STALL, "摊位"), c.Part("03.01", "垃圾"))
    with psycopg.connect(**district.settings.connect_arguments()) as other:
        other.execute("UPDATE day_counter SET number = number")
        with waiting(district, other, lambda: onward(district, entered, c.Split(parts), shift_lead(district))):
            other.execute("SELECT 1 FROM incident WHERE id = %s FOR KEY SHARE NOWAIT", (entered.incident,))
    assert case_of(district, entered).steps[-1].row == "E53"


def test_a_repeated_merge_split_or_attachment_gets_its_answer_and_does_nothing(district: District) -> None:
    master, source = filed(district), reported(district)
    commands: list[tuple[Entered, c.Command, str]] = [
        (master, c.Merge((c.Source(source.incident, source.version),)), "duty1"),
        (master, c.AttachReport(c.MakeReport("又一位", middle(0))), "duty1"),
        (source, c.Unmerge(WHY), "duty1"),
        (master, c.Split((c.Part(STALL, "摊位"), c.Part("03.01", "垃圾"))), shift_lead(district)),
    ]
    answers: list[tuple[UUID, Entered, c.Command, str, Entered]] = []
    for about, command, by in commands:
        order_id = uuid4()
        seen = replace(about, version=case_of(district, about).incident.version)
        answers.append((order_id, seen, command, by, district.order(command, by, seen, order_id=order_id)))
    counted = "SELECT (SELECT count(*) FROM incident), (SELECT count(*) FROM report), (SELECT count(*) FROM change_log)"
    with district.ledger.transaction() as connection:
        before = connection.execute(counted).fetchone()
    for order_id, seen, command, by, answer in answers:
        assert district.order(command, by, seen, order_id=order_id) == replace(answer, case=None)
    with district.ledger.transaction() as connection:
        assert connection.execute(counted).fetchone() == before


def test_whose_report_was_merged_is_told_how_that_stands_and_what_was_said_to_him_alone(district: District) -> None:
    worker = district.workers[0]
    field, photo = district.field_officer(worker), Attachment(uuid4(), "a" * 64, "image/jpeg", 3, "after")
    master, source = filed(district), reported(district)
    merged(district, master, c.Source(source.incident, source.version))
    steps: list[tuple[c.Command, Officer | str]] = [
        (c.Dispatch(c.Recipient(worker.id), reason=WHY), "duty1"),
        (c.Accept(), field),
        (c.Complete("办好了", (photo,)), field),
        (c.SendCheck(), "duty1"),
        (c.CheckPass("好", condition_met=True), "check1"),
    ]
    for command, by in steps:
        onward(district, master, command, by)
    received = {report.id: report.received_at.isoformat() for report in case_of(district, master).reports}
    for entered in (master, source):
        mine = first_report(entered.incident)
        (owed,) = [f for f in case_of(district, master).feedback if f.report == mine]
        onward(district, master, c.SendFeedback(f"告知 {mine}", feedback=owed.id), "duty1")
    for entered in (master, source):
        mine = first_report(entered.incident)
        told = status_of(district.ledger, entered.incident)
        assert told is not None
        assert (told["status"], told["answer"], told["received_at"]) == ("closed", f"告知 {mine}", received[mine])
        assert told["number"] == case_of(district, entered).incident.number


BLOCKS, MEN, ROUNDS = 6, 4, 12


def test_merges_of_overlapping_sets_and_clocks_at_once_lose_no_report(district: District) -> None:
    """Four desks merge, part, split, attach and send over the same few incidents while clocks run out."""
    entered = [filed(district, n % 3) for n in range(BLOCKS)]
    trouble: list[BaseException] = []
    attached = [0] * MEN
    over = threading.Event()

    def work(man: int) -> None:
        chance = Random(man)
        for _ in range(ROUNDS):
            about, *others = chance.sample(entered, 4)
            versions = {each.incident: case_of(district, each).incident.version for each in (about, *others)}
            worker = chance.choice(district.workers)
            sources = tuple(c.Source(each.incident, versions[each.incident]) for each in others[: chance.randint(1, 3)])
            for command in (
                c.Merge(sources),
                c.AttachReport(c.MakeReport("又一位", middle(0))),
                c.Unmerge(WHY),
                c.Dispatch(c.Recipient(worker.id), reason=WHY),
                c.File(STALL),
                c.Split((c.Part(STALL, "摊位"), c.Part("03.01", "垃圾", place=middle(7)))),
            ):
                try:
                    district.order(command, shift_lead(district), replace(about, version=versions[about.incident]))
                except Refused:
                    continue
                except BaseException as problem:
                    trouble.append(problem)
                    return
                attached[man] += isinstance(command, c.AttachReport)
                versions[about.incident] = case_of(district, about).incident.version

    def fire() -> None:
        ahead = datetime.now(UTC) + timedelta(hours=1)
        while not over.is_set():
            try:
                clock.fire_due(district.ledger, ahead, {})
            except BaseException as problem:
                trouble.append(problem)
                return
            over.wait(0.02)

    threads = [threading.Thread(target=work, args=(man,)) for man in range(MEN)]
    firing = threading.Thread(target=fire)
    for thread in (*threads, firing):
        thread.start()
    for thread in threads:
        thread.join()
    over.set()
    firing.join()
    assert trouble == []
    with district.ledger.transaction() as connection:
        (reports,) = connection.execute("SELECT count(*) FROM report").fetchone() or (0,)
        (running,) = connection.execute(
            "SELECT count(*) FROM timer t JOIN incident i ON i.id = t.incident WHERE i.state = 'merged' AND t.state = 'running'"
        ).fetchone() or (0,)
        (alive,) = connection.execute(
            "SELECT sum(live_tasks) - (SELECT count(*) FROM assignment WHERE state IN "
            "('sent', 'delivered', 'acked', 'accepted', 'en_route', 'arrived')) FROM worker_live"
        ).fetchone() or (0,)
    assert (reports, running, alive) == (BLOCKS + sum(attached), 0, 0)
    assert sum(attached) > 0
    with district.ledger.transaction() as connection:
        rows = connection.execute("SELECT row FROM incident_transition WHERE row IN ('E51', 'E52', 'E53')").fetchall()
    assert {row for (row,) in rows} == {"E51", "E52", "E53"}
