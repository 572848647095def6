"""Where a camera's stream can be had, and until when; nothing of it that opens the stream is ever shown or logged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from governance.camera import StreamKind

MARGIN = timedelta(seconds=2)
"""An address this close to its end is not used any more: opening takes a moment too."""


@dataclass(frozen=True, slots=True)
class StreamAddress:
    """One address of one stream, as the server's OpenCamera gave it."""

    url: str = field(repr=False)
    expires_at: datetime
    """UTC; the server's time."""

    def is_good(self, now: datetime) -> bool:
        """Whether a stream may still be opened with it."""
        return now < self.expires_at - MARGIN

    @property
    def spoken(self) -> str:
        """The address without user, password and token: fit for a log or a tooltip."""
        return spoken_of(self.url)

    def __str__(self) -> str:
        """The address as it may be shown."""
        return self.spoken


@dataclass(frozen=True, slots=True)
class NoAddress:
    """The server gave no address, and why: words for the officer."""

    reason: str


Answer = StreamAddress | NoAddress
AddressOf = Callable[[str, StreamKind, Callable[[Answer], None]], None]
"""Asks for the address of a stream of a camera id; the last argument takes the answer, once, on any thread, at any time."""
Held = Callable[[str], str]
"""Why the address of a camera is not even asked for yet, in words for the officer; empty where it is."""


def spoken_of(url: str) -> str:
    """An address without user, password and token; of one that cannot be taken apart, or not surely, nothing but a mark.

    A password with a slash in it looks like a path: where an @ is left over, nothing before it is certain.
    """
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "?"
    if "@" in (rest := parts.path + parts.query + parts.fragment) or "%40" in rest:
        return f"{parts.scheme}://…"
    return f"{parts.scheme}://{parts.hostname or ''}{port}{parts.path}"
