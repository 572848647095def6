"""A command as a desk may give it: its own channels and reporters, and only pictures its officer has."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from governance.commands import (
    AttachReport,
    CheckFail,
    Command,
    Complete,
    MakeReport,
    Progress,
    SelfHandle,
    VerifyResult,
)
from governance.incident import Attachment, Channel
from governance.refusal import Refused
from server.brought_photos import BroughtPhotos
from server.ledger import attachments
from server.ledger.ledger import Ledger
from server.sessions import Session

DESK_CHANNELS = frozenset({Channel.DESK, Channel.HOTLINE, Channel.CAMERA})
DESK_REPORTERS = frozenset({"officer", "citizen"})
MAY_SHOW = MakeReport | Progress | Complete | CheckFail | SelfHandle | VerifyResult
"""Commands that bring pictures."""


def as_given(command: Command, session: Session, ledger: Ledger, folder: Path, brought: BroughtPhotos) -> Command:
    """The command, its pictures with the kind and size they really have; Refused where a desk may not say so.

    A picture may be shown that hangs on an incident the officer sees, or that he handed in.
    """
    if isinstance(command, AttachReport):
        report = as_given(command.report, session, ledger, folder, brought)
        assert isinstance(report, MakeReport)
        return AttachReport(report)
    if isinstance(command, MakeReport):
        if command.channel not in DESK_CHANNELS:
            raise Refused("not_your_channel", "channel")
        if command.reporter_kind not in DESK_REPORTERS:
            raise Refused("bad_value", "reporter_kind")
        command = replace(command, reporter_worker=None)
    if not isinstance(command, MAY_SHOW) or not command.attachments:
        return command
    named = tuple(dict.fromkeys(each.sha256 for each in command.attachments))  # a photo named a hundred times is read once
    known = _seen(named, session, ledger, folder)
    for sha256 in named:
        known[sha256] = known[sha256] or brought.find(session.officer.staff, sha256)
    kept: list[Attachment] = []
    for each in command.attachments:
        found = known[each.sha256]
        if found is None:
            raise Refused("no_such_bytes", "attachments")
        kept.append(replace(each, mime=found[0], size=found[1]))
    return replace(command, attachments=tuple(kept))


def pictures_of(command: Command) -> tuple[Attachment, ...]:
    """The pictures a command brings."""
    made = command.report if isinstance(command, AttachReport) else command
    return made.attachments if isinstance(made, MAY_SHOW) else ()


def _seen(named: tuple[str, ...], session: Session, ledger: Ledger, folder: Path) -> dict[str, tuple[str, int] | None]:
    """Kind and size of each that hangs on an incident the officer sees and is there."""
    with ledger.transaction() as connection:
        rules = ledger.rules(connection, datetime.now(UTC))
        known = {sha256: attachments.visible(connection, sha256, session.officer, rules) for sha256 in named}
    return {sha256: found if found and (folder / sha256).is_file() else None for sha256, found in known.items()}
