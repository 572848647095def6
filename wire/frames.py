"""What frames are made of: protocol version, size limits, and what is malformed."""

from __future__ import annotations

PROTOCOL = 1
"""Raised with every change that an older peer would misread; the first byte of every body."""

REQUEST_LIMIT = 1_048_576
"""Bytes; a larger request is refused unread."""

PHOTO_LIMIT = 10_000_000
"""Bytes of one photo, from a phone or a desk."""

PHOTO_SLICE = 524_288
"""Bytes of a photo that a desk hands in at once."""

REPLY_LIMIT = 67_108_864
PUBLICATION_LIMIT = 16_777_216
TEXT_LIMIT = 10_000
"""Characters in any one text an officer or a reporter sends."""

ITEMS_LIMIT = 100
"""Things in any one list of a command: attachments, those who assist."""

LONGER_LISTS = {"sources": 500, "drawn": 200, "undrawn": 1000, "staffing": 1000, "take": 1000, "let_go": 1000}
"""Lists that hold more: a flood is merged in one act, a district is drawn anew in slices."""

TOPIC_BYTES = 16


ABOUT_A_FIELD = frozenset({"text_too_long", "not_a_number", "time_without_zone", "time_out_of_range", "too_many"})


class Malformed(ValueError):
    """Bytes from outside that are not what the protocol says; counted, answered with a reason, never raised further."""

    def __init__(self, reason: str, detail: str = "") -> None:
        """Keep the reason code and what a log line may add."""
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail

    @property
    def field(self) -> str:
        """The field of a command that is wrong, where the detail names one."""
        return self.detail if self.reason in ABOUT_A_FIELD else ""


def opened(frame: bytes, limit: int) -> memoryview:
    """The body of a frame whose size and protocol version are right; Malformed otherwise."""
    if len(frame) > limit:
        raise Malformed("too_large", f"{len(frame)} > {limit}")
    if not frame:
        raise Malformed("empty")
    if frame[0] != PROTOCOL:
        raise Malformed("wrong_version", str(frame[0]))
    return memoryview(frame)[1:]


def closed(body: bytes) -> bytes:
    """A frame: the protocol version, then the body."""
    return bytes((PROTOCOL,)) + body
