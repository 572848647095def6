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
from server.handling import approval, assignment, closing, dialling, escalation, joining, supervision, triage
from server.ledger.entry import Entered, Entry, answer_of, is_repeat
from server.ledger.kept import as_kept
from server.ledger.ledger import Connection, Ledger
from server.ledger.reporters import Reporter

ORDER_BOOK: dict[type, Callable[[Entry, Any], None]] = {
    c.MakeReport: triage.make_report,
    c.AttachReport: joining.attach,
    c.SendVerify: triage.send_verify,
    c.VerifyResult: triage.look_into,
    c.File: triage.file,
    c.SelfHandle: triage.self_handle,
    c.Reject: triage.look_into,
    c.Reconsider: triage.look_into,
    c.TransferOut: triage.look_into,
    c.Dispatch: assignment.dispatch,
    c.Claim: assignment.named_lead,
    c.Arbitrate: assignment.named_lead,
    c.DirectOrder: assignment.dispatch,
    c.TakeLead: assignment.work,
    c.Reassign: assignment.named_lead,
    c.AddAssist: assignment.add_assist,
    c.ReleaseAssist: assignment.release_assist,
    c.RaiseLevel: escalation.move_level,
    c.LowerLevel: escalation.move_level,
    c.Acknowledge: assignment.work,
    c.Accept: assignment.work,
    c.Decline: assignment.work,
    c.Recall: assignment.work,
    c.Arrive: assignment.work,
    c.Progress: assignment.work,
    c.Complete: closing.complete,
    c.Ask: approval.decide,
    c.Approve: approval.decide,
    c.Deny: approval.decide,
    c.Resume: approval.decide,
    c.SendCheck: closing.send_check,
    c.CheckPass: closing.finish,
    c.CheckFail: closing.finish,
    c.SendFeedback: closing.finish,
    c.MarkFeedback: closing.finish,
    c.Reopen: closing.finish,
    c.Merge: joining.merge,
    c.Unmerge: joining.unmerge,
    c.Split: joining.split,
    c.Correct: joining.correct,
    c.Rehome: joining.describe,
    c.Edit: joining.describe,
    c.Backfill: joining.describe,
    c.SetSeverity: supervision.look_after,
    c.Supervise: supervision.look_after,
    c.ReplySupervision: supervision.look_after,
    c.RejectReply: supervision.look_after,
    c.CloseSupervision: supervision.look_after,
    c.NotifyOut: supervision.look_after,
    c.EmergencyReport: supervision.look_after,
    c.Urge: supervision.look_after,
    c.ReportLeader: supervision.report_to_leader,
    c.AnswerReport: supervision.look_after,
    c.Dial: dialling.dial,
    c.TimerFired: supervision.fire_timer,
}
"""What follows from an order (governance.commands.FOLLOWING) is not in it: nobody orders that."""

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
        seen = 0 if isinstance(command, c.Edit) else version  # what is described does not compete (E64)
        answered = entry.open(incident, seen, *joining.beside(connection, incident, command))
    if answered is not None:
        return answered
    _require_new_attachments(entry, command)
    entry.reporter = reporter
    carried_out_by = ORDER_BOOK.get(type(command))
    if carried_out_by is None:
        raise Refused("not_by_itself", action=c.WORD_OF[type(command)])
    carried_out_by(entry, as_kept(command))
    return entry.close()


def _require_new_attachments(entry: Entry, command: Command) -> None:
    """Refused where an attachment comes twice: its id names one thing in an incident."""
    made = command.report if isinstance(command, c.AttachReport) else command
    named = [each.id for each in getattr(made, "attachments", ())]
    if not named:
        return
    case = entry.case
    owners: tuple[Report | Assignment, ...] = (*case.reports, *case.assignments) if case else ()
    known = {each.id for owner in owners for each in owner.attachments}
    if len(set(named)) != len(named) or not known.isdisjoint(named):
        raise Refused("attached_twice", "attachments")
