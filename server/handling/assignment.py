"""Somebody is sent, takes it up, arrives, cannot go, is called back: every name in an order comes from the ledger."""

from __future__ import annotations

from dataclasses import replace

from governance.commands import (
    Accept,
    Acknowledge,
    AddAssist,
    Arbitrate,
    Arrive,
    Claim,
    Decline,
    DirectOrder,
    Dispatch,
    Progress,
    Reassign,
    Recall,
    Recipient,
    ReleaseAssist,
    TakeLead,
)
from server.ledger.entry import Entry
from server.ledger.people import recipient


def dispatch(entry: Entry, command: Dispatch | DirectOrder) -> None:
    """派单, 指令直达: lead and assists as the ledger knows them."""
    lead = recipient(entry.connection, command.lead.worker)
    assists = tuple(recipient(entry.connection, assist.worker) for assist in command.assists)
    entry.apply(replace(command, lead=lead, assists=assists))


def named_lead(entry: Entry, command: Reassign | Claim | Arbitrate) -> None:
    """改派, 认领, 指定承办: the new lead as the ledger knows him."""
    entry.apply(replace(command, lead=recipient(entry.connection, command.lead.worker)))


def add_assist(entry: Entry, command: AddAssist) -> None:
    """增派协办: the assist as the ledger knows him."""
    entry.apply(replace(command, assist=recipient(entry.connection, command.assist.worker)))


def release_assist(entry: Entry, command: ReleaseAssist) -> None:
    """解除协办: the name as the order of the case has it, whoever is off duty by now."""
    assert entry.case is not None, "the order book opened it"
    named = next((a.worker_name for a in entry.case.assignments if a.worker == command.assist.worker), "")
    entry.apply(replace(command, assist=Recipient(command.assist.worker, named)))


def work(entry: Entry, command: Acknowledge | Accept | Arrive | Progress | Decline | Recall | TakeLead) -> None:
    """签收, 接单, 到场, 进展, 无法前往, 撤回, 接替主办: the rules need nothing beside the case."""
    entry.apply(command)
