"""A past period: how incidents and cameras stood and what changed, and where one worker walked. Read, never ordered from."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from wire.message import Message
from wire.publications import Numbered

INCIDENTS_AT_ONCE = 100
"""Incidents told of in one reply at most; fewer where they are many bytes."""
FIXES_AT_ONCE = 40_000
"""Fixes of a track in one reply: 0.96 MB."""
MOST_FIXES = 200_000
"""Fixes of one replay of a track; a shorter period is asked for where there are more."""


class ReadPast(Message, frozen=True, tag="read_past"):
    """What incidents of a period went through, page by page: `after` is what the reply before named."""

    since: datetime
    until: datetime
    after: UUID | None = None


class AskTrack(Message, frozen=True, tag="ask_track"):
    """Where a worker walked; of another person with a reason, and on record before the first fix is sent."""

    worker: UUID
    since: datetime
    until: datetime
    reason: str = ""


class ReadTrack(Message, frozen=True, tag="read_track"):
    """The next slice of a track that was put on record lately, behind a fix."""

    access: UUID
    after: int
    """`at` of the last fix that is here: seconds since 1970, UTC."""


PastRequest = ReadPast | AskTrack | ReadTrack


class CameraWas(msgspec.Struct, frozen=True):
    """A camera stood so from this moment on; the first of each is how it stood when the period began."""

    camera: str
    at: datetime
    state: str


class PastIs(Message, frozen=True, tag="past_is"):
    """Of some incidents every change up to the end of the period, in the order each went through them.

    Also those before the period: together they are how the incident stood when it began.
    """

    changes: tuple[Numbered, ...]
    cameras: tuple[CameraWas, ...] = ()
    """With the first page only."""
    total: int = 0
    """How many incidents there are in all; with the first page only."""
    after: UUID | None = None
    """What to ask on with; None where this was the last page."""
    cut: tuple[UUID, ...] = ()
    """Incidents too large to be told whole: only the first of what they went through is here."""
    confidential: tuple[UUID, ...] = ()
    """Those that are confidential today, whatever they were when the period ended."""


class TrackIs(Message, frozen=True, tag="track_is"):
    """A slice of a track, the oldest fix first, packed as in publications.POSITION."""

    access: UUID
    """What was put on record: slices are asked for by it."""
    worker: UUID
    total: int
    """Fixes of the whole track."""
    positions: bytes
    more: bool = False


PastReply = PastIs | TrackIs
