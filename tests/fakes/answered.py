"""A server of a desk that answers when the test says so, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from governance.refusal import Refused
from tests.fakes.desks import FakeDesk

Came = Callable[[Any, Refused | None], None]


class AnsweredByHand:
    """What a desk asks waits here for its answer, the oldest first."""

    def __init__(self, desk: FakeDesk) -> None:
        self.asked: list[Any] = []
        self.waiting: list[Came] = []
        desk.seat.ask = self._ask

    def _ask(self, request: Any, came: Came) -> None:
        self.asked.append(request)
        self.waiting.append(came)

    def answer(self, reply: Any = None, refused: Refused | None = None) -> None:
        """Answer the oldest question."""
        self.waiting.pop(0)(reply, refused)

    def told(self) -> list[Any]:
        """What was asked since this was looked at last."""
        found, self.asked = self.asked, []
        return found
