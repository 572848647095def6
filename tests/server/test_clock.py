"""Clocks that ran out are fired, each once, however many look and whoever is killed."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from governance.commands import Dispatch, File, MakeReport, Recipient
from governance.incident import State
from governance.places import Level
from server.clock import LaidAside, fire_due
from server.ledger import incidents, timers

from .conftest import District, middle

LEAF = "03.01"


def test_a_timer_is_not_fired_before_its_time(district: District) -> None:
    district.order(MakeReport("井盖丢失", middle(0)), "duty1")
    assert fire_due(district.ledger, datetime.now(UTC)) == 0


def test_an_unanswered_dispatch_is_reminded_then_expires_one_level_up(district: District) -> None:
    filed = district.order(File(LEAF), "duty1", district.order(MakeReport("井盖丢失", middle(0)), "duty1"))
    sent = district.order(Dispatch(Recipient(district.workers[0].id)), "duty1", filed)
    assert sent.case
    level = sent.case.incident.handling_level
    now = datetime.now(UTC)
    for _ in range(200):
        with district.ledger.transaction() as connection:
            case = incidents.load(connection, sent.incident)
            due = timers.next_due(connection)
        if case.incident.state is State.FILED or due is None:
            break
        now = max(now, due + timedelta(seconds=1))
        assert fire_due(district.ledger, now) >= 1
    assert [step.row for step in case.steps][:5].count("E21") >= 1
    assert case.steps[-1].row == "E22"
    assert case.incident.handling_level == Level(level + 1)
    assert case.escalations[-1].cause in ("T4", "T5")
    assert case.lead is None


def test_several_clocks_fire_each_timer_once(district: District) -> None:
    for n in range(20):
        district.order(MakeReport("井盖丢失", middle(n % 8)), "duty1")
    later = datetime.now(UTC) + timedelta(hours=1)
    with ThreadPoolExecutor(4) as pool:
        fired = sum(pool.map(lambda _: fire_due(district.ledger, later), range(4)))
    with district.ledger.transaction() as connection:
        steps = connection.execute(
            "SELECT count(*), count(DISTINCT incident) FROM incident_transition WHERE actor_kind = 'timer'"
        ).fetchone()
    assert steps
    assert steps[1] == 20
    assert steps[0] == fired


def _number_of_steps(district: District, incident: UUID) -> int:
    with district.ledger.transaction() as connection:
        return len(incidents.load(connection, incident).steps)


def test_a_timer_laid_aside_is_fired_again_once_it_is_due_anew(district: District) -> None:
    made = district.order(MakeReport("井盖丢失", middle(0)), "duty1")
    later = datetime.now(UTC) + timedelta(hours=1)
    with district.ledger.transaction() as connection:
        due = timers.claim(connection, later)
    assert due
    aside = {due.standing: later + timedelta(days=1)}
    assert fire_due(district.ledger, later, aside) == 0
    district.owner_executes("UPDATE timer SET due_at = due_at + interval '1 second' WHERE id = %s", due.timer)
    assert fire_due(district.ledger, later, aside) >= 1
    assert _number_of_steps(district, made.incident) >= 2


def test_a_timer_that_failed_unexpectedly_is_tried_again_after_a_minute(district: District) -> None:
    made = district.order(MakeReport("井盖丢失", middle(0)), "duty1")
    district.owner_executes("ALTER TABLE incident ADD CONSTRAINT bug CHECK (version < 2)")
    later = datetime.now(UTC) + timedelta(hours=1)
    aside: LaidAside = {}
    assert fire_due(district.ledger, later, aside) == 0
    assert len(aside) == 1
    district.owner_executes("ALTER TABLE incident DROP CONSTRAINT bug")
    assert fire_due(district.ledger, later + timedelta(seconds=59), aside) == 0
    assert fire_due(district.ledger, later + timedelta(seconds=61), aside) >= 1
    assert _number_of_steps(district, made.incident) >= 2
    assert not aside


@pytest.mark.parametrize("kills", [3])
def test_the_clock_process_fires_what_came_due_while_it_was_dead_and_nothing_twice(district: District, kills: int) -> None:
    cases = [district.order(MakeReport("井盖丢失", middle(n % 8)), "duty1") for n in range(12)]
    clock = district.start("clock")
    district.owner_executes("UPDATE timer SET due_at = now() - interval '1 second'")
    for _ in range(kills):
        clock.kill()
        clock.wait()
        clock = district.start("clock")
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        with district.ledger.transaction() as connection:
            fired = [len([s for s in incidents.load(connection, c.incident).steps if s.row == "E11"]) for c in cases]
        if all(fired):
            break
        time.sleep(0.05)
    assert fired == [1] * 12
