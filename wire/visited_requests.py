"""How each grid was walked: when it was last visited, and how much of it somebody of the field was in lately."""

from __future__ import annotations

from datetime import datetime

from wire.message import Message


class ReadVisited(Message, frozen=True, tag="read_visited"):
    """Last visits and coverage of every grid inside the area of the post; for posts that may see where workers are."""


class VisitedAre(Message, frozen=True, tag="visited_are"):
    """Three columns of the same length, by grid."""

    at: datetime
    """As of when: it is read from the ledger once a minute at most."""
    grids: tuple[str, ...]
    visited: tuple[int, ...]
    """End of the newest visit or round told of there, seconds since 1970; 0 where none ever was."""
    covered: tuple[int, ...]
    """Percent of its squares of 50 m that a worker's phone was in within 24 hours."""


VisitedRequest = ReadVisited
VisitedReply = VisitedAre
