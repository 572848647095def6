"""The ledger of what leaves a desk: puts everything on record, or nothing, with the reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from governance.refusal import Refused
from wire.leaving_requests import LeavingRecorded, RecordLeaving


class Records:
    """What a seat asks (Seat.ask) of a server that only keeps such records."""

    def __init__(self, no: Refused | None = None) -> None:
        self.kept: list[RecordLeaving] = []
        self.no, self.number = no, uuid4()

    def __call__(self, request: Any, came: Callable[[Any, Refused | None], None]) -> None:
        self.kept.append(request)
        came(None, self.no) if self.no is not None else came(LeavingRecorded(0, self.number), None)
