"""What leaves a desk as a file or a table: on record before it does."""

from __future__ import annotations

from uuid import UUID

import msgspec

from wire.message import Message

WHAT = ("map", "briefing", "list", "clip")


class RecordLeaving(Message, frozen=True, tag="record_leaving"):
    """Something is about to leave this desk that holds confidential incidents, or what was selected on the map."""

    what: str
    """map, briefing, list or clip."""
    rows: int
    """How many incidents, workers and cameras it tells of."""
    confidential: tuple[UUID, ...] = ()
    """The confidential incidents that are told of: those the session may see."""
    chosen: dict[str, str] = msgspec.field(default_factory=dict)
    """By what it was chosen, in words: the shape and where it lies, the subject."""


class LeavingRecorded(Message, frozen=True, tag="leaving_recorded"):
    """It is on record: the file may be written."""

    export: UUID


LeavingRequest = RecordLeaving
LeavingReply = LeavingRecorded
