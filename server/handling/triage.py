"""Reports come in, are filed or rejected: everything before somebody is sent."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid5

from governance.commands import File, MakeReport, Reject
from governance.refusal import Refused
from server.ledger.entry import Entry
from server.ledger.ids import new_id
from server.ledger.local_day import local_day
from server.ledger.people import is_staff, staff_name
from server.ledger.reporters import Reporter

DEFAULT_SHORT_CODE = "QX"


def make_report(entry: Entry, command: MakeReport) -> None:
    """A new incident: its grid by the place, its number by the day. Refused('outside_district') for a place elsewhere."""
    grid = entry.grids.grid_of(command.place)
    if not grid:
        raise Refused("outside_district", "place")
    if command.reporter_worker and not is_staff(entry.connection, command.reporter_worker):
        raise Refused("no_such_worker", "reporter_worker")
    if command.confidential and command.reporter_worker and entry.reporter is None:
        entry.reporter = Reporter(staff_name(entry.connection, command.reporter_worker))  # the case does not name him
    if command.occurred_at is not None and command.occurred_at.tzinfo is None:
        raise Refused("no_time_zone", "occurred_at")
    incident = new_id()
    report = uuid5(incident, "report1")
    entry.apply(replace(command, incident=incident, number=_next_number(entry), grid=grid, report=report, queue_unit=None))


def file(entry: Entry, command: File) -> None:
    """受理."""
    entry.apply(command)


def reject(entry: Entry, command: Reject) -> None:
    """不予受理."""
    entry.apply(command)


def _next_number(entry: Entry) -> str:
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
