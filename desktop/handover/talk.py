"""Asking the server about shifts: each question gets one answer; one that got none is asked again under its order id."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from desktop.link.from_server import Enquired
from desktop.link.to_server import Enquire, ToServer
from governance.refusal import Refused
from wire.shift_requests import ShiftReply

Answer = Callable[[ShiftReply | None, Refused | None], None]
UNKNOWN = frozenset({"no_answer", "busy", "ledger_unreachable", "no_session"})
"""Refusals after which nobody knows whether it was done: the next try is the same order."""


class ShiftTalk:
    """Turns questions into wishes to the link, and its answers back. Main thread only."""

    def __init__(self, submit: Callable[[ToServer], object]) -> None:
        """`submit` must not block."""
        self._submit = submit
        self._waiting: dict[UUID, Answer] = {}
        self._orders: dict[str, UUID] = {}

    def ask(self, request: Any, answer: Answer) -> None:
        """Ask; `answer` gets the reply, or why not, once."""
        key = uuid4()
        self._waiting[key] = answer
        self._submit(Enquire(key, request))

    def order(self, act: str, make: Callable[[UUID], Any], answer: Answer) -> None:
        """Ask for something that is done once: `make` gets the order id, the same as long as its fate is unknown."""
        order_id = self._orders.setdefault(act, uuid4())

        def answered(reply: ShiftReply | None, refused: Refused | None) -> None:
            if refused is None or refused.code not in UNKNOWN:
                self._orders.pop(act, None)
            answer(reply, refused)

        self.ask(make(order_id), answered)

    def came(self, message: Enquired) -> None:
        """The link answered."""
        answer = self._waiting.pop(message.key, None)
        if answer is not None:
            answer(message.reply, message.refused)
