"""The bench's count of clocks finds one that never rang, one that rang again too soon, and a step no firing counts for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from bench.rung import due_clocks, never, too_often
from governance.commands import MakeReport
from server.clock import fire_due
from server.ledger import timers
from server.private_postgis import OWNER_ROLE

from .conftest import District, middle

REPORTS = 4
ALL_DUE = "UPDATE timer SET due_at = now() - interval '1 second' WHERE state = 'running'"


@pytest.fixture
def ledger(district: District) -> Iterator[psycopg.Connection[Any]]:
    """The ledger of four reports whose clocks are all due."""
    for n in range(REPORTS):
        district.order(MakeReport("井盖丢失", middle(n)), "duty1")
    district.owner_executes(ALL_DUE)
    with psycopg.connect(**district.settings.connect_arguments(OWNER_ROLE), autocommit=True) as connection:
        yield connection


def test_clocks_that_rang_once_are_in_order(district: District, ledger: psycopg.Connection[Any]) -> None:
    due = due_clocks(ledger)
    assert len(due) == never(ledger, due) == REPORTS
    fire_due(district.ledger, datetime.now(UTC))
    assert (never(ledger, due), too_often(ledger, due), too_often(ledger)) == (0, 0, 0)


def test_a_clock_that_never_rang_is_a_figure(district: District, ledger: psycopg.Connection[Any]) -> None:
    due = due_clocks(ledger)
    with district.ledger.transaction() as connection:
        claimed = timers.claim(connection, datetime.now(UTC))
    assert claimed
    fire_due(district.ledger, datetime.now(UTC), {claimed.standing: datetime.now(UTC) + timedelta(days=1)})
    assert (never(ledger, due), too_often(ledger, due)) == (1, 0)


def test_a_clock_that_rang_twice_for_one_period_is_found(district: District, ledger: psycopg.Connection[Any]) -> None:
    due = due_clocks(ledger)
    fire_due(district.ledger, datetime.now(UTC))
    district.owner_executes(ALL_DUE + " AND id = %s", next(iter(due)))  # as if its firing had not put it off
    fire_due(district.ledger, datetime.now(UTC))
    assert (never(ledger, due), too_often(ledger, due)) == (0, 1)


def test_a_clock_rings_again_after_a_further_period(district: District, ledger: psycopg.Connection[Any]) -> None:
    due = due_clocks(ledger)
    for hours in (0, 2):
        fire_due(district.ledger, datetime.now(UTC) + timedelta(hours=hours))
    ((least,),) = ledger.execute("SELECT min(fired) FROM timer WHERE id = ANY(%s)", (list(due),)).fetchall()
    assert least == 2
    assert too_often(ledger, due) == 0


def test_a_step_that_no_firing_counts_for_is_found(district: District, ledger: psycopg.Connection[Any]) -> None:
    due = due_clocks(ledger)
    fire_due(district.ledger, datetime.now(UTC))
    district.owner_executes("UPDATE timer SET fired = 0 WHERE id = %s", next(iter(due)))
    assert too_often(ledger) == 1
