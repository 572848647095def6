"""Reports come in, are looked into, filed, rejected or handed on: everything before somebody is sent."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from governance.commands import (
    AutoDispatch,
    Backfill,
    File,
    MakeReport,
    Reconsider,
    Reject,
    SelfHandle,
    SendVerify,
    TransferOut,
    VerifyResult,
)
from governance.effects import first_report
from governance.refusal import Refused
from server.handling import nearest, repeats
from server.ledger.entry import Entry
from server.ledger.ids import new_id
from server.ledger.local_day import local_day
from server.ledger.people import grid_worker as worker_of_grid
from server.ledger.people import is_staff, recipient, staff_name
from server.ledger.reporters import Reporter

DEFAULT_SHORT_CODE = "QX"


def make_report(entry: Entry, command: MakeReport) -> None:
    """A new incident: its grid by the place, its number by the day. Refused('outside_district') for a place elsewhere."""
    command = completed(entry, command)
    require_reporter(entry, command)
    incident = new_id()
    report, before = first_report(incident), repeats.repeated(entry, command)
    named = replace(command, incident=incident, report=report, queue_unit=None, repeat_of=before)
    entry.apply(replace(named, number=next_number(entry)))


def completed(entry: Entry, command: MakeReport) -> MakeReport:
    """A report with the grid of its place and who works there."""
    grid = entry.grids.grid_of(command.place)
    if not grid:
        raise Refused("outside_district", "place")
    worker, name = grid_worker(entry, grid)
    return replace(command, grid=grid, origin_worker=worker, origin_worker_name=name)


def require_reporter(entry: Entry, command: MakeReport) -> None:
    """Refused where the worker who reports is none; who asked for confidence is kept sealed."""
    if command.reporter_worker and not is_staff(entry.connection, command.reporter_worker):
        raise Refused("no_such_worker", "reporter_worker")
    if command.confidential and command.reporter_worker and entry.reporter is None:
        entry.reporter = Reporter(staff_name(entry.connection, command.reporter_worker))  # the case does not name him
    if command.occurred_at is not None and command.occurred_at.tzinfo is None:
        raise Refused("no_time_zone", "occurred_at")


def file(entry: Entry, command: File) -> None:
    """受理; where the rules let the system send somebody at once, it does (E13)."""
    entry.apply(command)
    category = entry.rules.categories.get(command.category)
    if category is not None and category.auto_dispatch and entry.case is not None:
        only = nearest.only_lead(entry.connection, entry.rules, entry.case.incident)
        if only is not None:
            entry.follow(AutoDispatch(only))


def send_verify(entry: Entry, command: SendVerify) -> None:
    """发核实: to whom the officer named, or to the nearest on duty."""
    assert entry.case is not None, "the order book opened it"
    if command.worker is not None:
        entry.apply(replace(command, worker=recipient(entry.connection, command.worker.worker)))
        return
    found = nearest.on_duty(entry.connection, entry.case.incident, entry.now, 1)
    if not found:
        raise Refused("nobody_on_duty", "worker")
    entry.apply(replace(command, worker=found[0]))


def self_handle(entry: Entry, command: SelfHandle) -> None:
    """自办: the worker is named as the ledger knows him."""
    entry.apply(replace(command, worker_name=staff_name(entry.connection, entry.officer.staff)))


def look_into(entry: Entry, command: Reject | Reconsider | TransferOut | VerifyResult | Backfill) -> None:
    """不予受理, 复核, 移交, 核实结果: the rules need nothing beside the case."""
    entry.apply(command)


def grid_worker(entry: Entry, grid: str) -> tuple[UUID | None, str]:
    """Who works in a grid today and is told what came of what happens there."""
    found = worker_of_grid(entry.connection, grid, local_day(entry.now))
    return found or (None, "")


def next_number(entry: Entry) -> str:
    """JG-20261122-0147: the next running number of the local day; holds the day's counter until the commit."""
    day = local_day(entry.now).strftime("%Y%m%d")
    row = entry.connection.execute(
        "INSERT INTO day_counter AS c (day, number) VALUES (%s, 1) "
        "ON CONFLICT (day) DO UPDATE SET number = c.number + 1 RETURNING number",
        (day,),
    ).fetchone()
    assert row is not None
    named = entry.connection.execute("SELECT value #>> '{}' FROM setting WHERE name = 'short_code'").fetchone()
    return f"{named[0] if named else DEFAULT_SHORT_CODE}-{day}-{row[0]:04d}"
