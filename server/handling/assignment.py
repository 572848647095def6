"""Somebody is sent, takes it up, arrives, cannot go, is called back: every name in an order comes from the ledger."""

from __future__ import annotations

from dataclasses import replace

from governance.commands import (
    Accept,
    Acknowledge,
    AddAssist,
    Arrive,
    Decline,
    Dispatch,
    Progress,
    Reassign,
    Recall,
)
from server.ledger.entry import Entry
from server.ledger.people import recipient


def dispatch(entry: Entry, command: Dispatch) -> None:
    """派单: lead and assists as the ledger knows them."""
    lead = recipient(entry.connection, command.lead.worker)
    assists = tuple(recipient(entry.connection, assist.worker) for assist in command.assists)
    entry.apply(replace(command, lead=lead, assists=assists))


def reassign(entry: Entry, command: Reassign) -> None:
    """改派: the new lead as the ledger knows him."""
    entry.apply(replace(command, lead=recipient(entry.connection, command.lead.worker)))


def add_assist(entry: Entry, command: AddAssist) -> None:
    """增派协办: the assist as the ledger knows him."""
    entry.apply(replace(command, assist=recipient(entry.connection, command.assist.worker)))


def work(entry: Entry, command: Acknowledge | Accept | Arrive | Progress | Decline | Recall) -> None:
    """签收, 接单, 到场, 进展, 无法前往, 撤回: the rules need nothing beside the case."""
    entry.apply(command)
