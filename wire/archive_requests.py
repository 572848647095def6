"""What ended more than a day ago and stands in no snapshot: found, opened."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from governance.incident import Case
from wire.message import Message

HITS = 12
"""So many are told at most."""


class FindEnded(Message, frozen=True, tag="find_ended"):
    """Incidents that ended more than a day ago, by number, words, place, or who dealt with them."""

    text: str


class OpenEnded(Message, frozen=True, tag="open_ended"):
    """One of them whole; on record before it is sent where it is confidential."""

    incident: UUID


ArchiveRequest = FindEnded | OpenEnded


class EndedHit(msgspec.Struct, frozen=True):
    """One that was found. Of a confidential one no words: whoever wants them opens it."""

    incident: UUID
    number: str
    state: str
    category: str
    grid: str
    title: str
    place_text: str
    ended_at: datetime


class EndedAre(Message, frozen=True, tag="ended_are"):
    """The newest of those that fit every word, and whether there are more."""

    hits: tuple[EndedHit, ...]
    more: bool = False


class EndedIs(Message, frozen=True, tag="ended_is"):
    """The incident asked for, as it stands."""

    case: Case


ArchiveReply = EndedAre | EndedIs
