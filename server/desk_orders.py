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
    known = _seen(command.attachments, session, ledger, folder)
    kept: list[Attachment] = []
    for each, seen in zip(command.attachments, known, strict=True):
        found = seen or brought.find(session.officer.staff, each.sha256)
        if found is None:
            raise Refused("no_such_bytes", "attachments")
        kept.append(replace(each, mime=found[0], size=found[1]))
    return replace(command, attachments=tuple(kept))


def pictures_of(command: Command) -> tuple[Attachment, ...]:
    """The pictures a command brings."""
    made = command.report if isinstance(command, AttachReport) else command
    return made.attachments if isinstance(made, MAY_SHOW) else ()


def _seen(named: tuple[Attachment, ...], session: Session, ledger: Ledger, folder: Path) -> list[tuple[str, int] | None]:
    """Kind and size of each that hangs on an incident the officer sees and is there."""
    with ledger.transaction() as connection:
        rules = ledger.rules(connection, datetime.now(UTC))
        known = [attachments.visible(connection, each.sha256, session.officer, rules) for each in named]
    return [found if found and (folder / each.sha256).is_file() else None for each, found in zip(named, known, strict=True)]
