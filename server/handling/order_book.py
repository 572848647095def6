"""Command type to the one function that carries it out: the table of everything that can be ordered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from governance import commands as c
from governance.commands import Command, MakeReport
from governance.incident import Assignment, Report
from governance.people import Officer
from governance.refusal import Refused
from server.handling import assignment, closing, escalation, supervision, triage
from server.ledger.entry import Entered, Entry, answer_of, is_repeat
from server.ledger.ledger import Connection, Ledger
from server.ledger.reporters import Reporter

ORDER_BOOK: dict[type, Callable[[Entry, Any], None]] = {
    c.MakeReport: triage.make_report,
    c.File: triage.file,
    c.Reject: triage.reject,
    c.Dispatch: assignment.dispatch,
    c.Reassign: assignment.reassign,
    c.AddAssist: assignment.add_assist,
    c.RaiseLevel: escalation.raise_level,
    c.Acknowledge: assignment.work,
    c.Accept: assignment.work,
    c.Decline: assignment.work,
    c.Recall: assignment.work,
    c.Arrive: assignment.work,
    c.Progress: assignment.work,
    c.Complete: closing.finish,
    c.SendCheck: closing.send_check,
    c.CheckPass: closing.finish,
    c.CheckFail: closing.finish,
    c.SendFeedback: closing.finish,
    c.Archive: closing.finish,
    c.TimerFired: supervision.fire_timer,
}

BAD_VALUE = (psycopg.DataError, psycopg.errors.CheckViolation, psycopg.errors.ForeignKeyViolation)
"""What the ledger does not take: a NUL in a text, a number out of range, a name of nobody."""


def carry_out(
    ledger: Ledger,
    order_id: UUID,
    incident: UUID | None,
    version: int,
    command: Command,
    officer: Officer,
    now: datetime,
    client_at: datetime | None = None,
    reporter: Reporter | None = None,
    permit: Callable[[Connection], None] | None = None,
    digest: str | None = None,
) -> Entered:
    """The order is a fact: committed, numbered, and remembered under its id. Refused where a rule says no.

    The same order id again gets the same answer and does nothing. `incident` is None for MakeReport only; `version` 0
    means whatever version there is. `reporter` goes with MakeReport. `permit` may raise Refused inside the transaction.
    `digest`: of what is ordered; the same id with another is Refused('key_reused'). Any thread.
    """
    try:
        with ledger.transaction() as connection:
            if permit is not None:
                permit(connection)
            return enter(ledger, connection, order_id, incident, version, command, officer, now, client_at, reporter, digest)
    except BAD_VALUE as problem:
        raise Refused("bad_value", problem.diag.constraint_name or problem.diag.column_name or "") from problem
    except psycopg.errors.UniqueViolation as problem:
        if not is_repeat(problem):
            raise
    with ledger.transaction() as connection:
        answered = answer_of(connection, order_id, officer, digest)
    assert answered is not None, "its answer was just met"
    return answered


def enter(
    ledger: Ledger,
    connection: Connection,
    order_id: UUID,
    incident: UUID | None,
    version: int,
    command: Command,
    officer: Officer,
    now: datetime,
    client_at: datetime | None = None,
    reporter: Reporter | None = None,
    digest: str | None = None,
) -> Entered:
    """The same inside a transaction of the caller's, who commits."""
    if client_at is not None and client_at.tzinfo is None:
        raise Refused("no_time_zone", "client_at")
    if (incident is None) != isinstance(command, MakeReport):
        raise Refused("incident_needed" if incident is None else "incident_not_wanted", "incident")
    entry = Entry(ledger, connection, order_id, officer, now, client_at, digest)
    if incident is None:
        answered = answer_of(connection, order_id, officer, digest)
    else:
        answered = entry.open(incident, version)
    if answered is not None:
        return answered
    _require_new_attachments(entry, command)
    entry.reporter = reporter
    ORDER_BOOK[type(command)](entry, command)
    return entry.close()


def _require_new_attachments(entry: Entry, command: Command) -> None:
    """Refused where an attachment comes twice: its id names one thing in an incident."""
    named = [each.id for each in getattr(command, "attachments", ())]
    if not named:
        return
    case = entry.case
    owners: tuple[Report | Assignment, ...] = (*case.reports, *case.assignments) if case else ()
    known = {each.id for owner in owners for each in owner.attachments}
    if len(set(named)) != len(named) or not known.isdisjoint(named):
        raise Refused("attached_twice", "attachments")
