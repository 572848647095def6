"""Orders that hold several incidents: who may, which version, in which order all is locked, and a repeat does nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest

from governance import commands as c
from governance.incident import State
from governance.people import Worker
from governance.refusal import Refused
from server.audit.verify import verify
from server.ledger.entry import Entered
from tests.server.conftest import District, middle
from tests.server.test_whole_life import WHY, case_of, filed, onward, reported


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
