"""What every request and reply has."""

from __future__ import annotations

import msgspec


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type"):
    """The sender's number of a request, which comes back in the reply."""

    n: int
