"""How long the intake waits for a request to come in: a connection that dawdles is broken off."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds a sender has: for TLS, for a head from its first byte on, and for a body."""

    head_s: float = 10.0
    body_s: float = 60.0
    body_bytes_per_s: float = 100_000.0
    """Every so many bytes of a body give one second more: three photos over a poor line take minutes."""


class Connection(H11Protocol):
    """Uvicorn's connection with a deadline for what comes in. Between two requests its own keep-alive limit counts."""

    patience = Patience()

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """As uvicorn makes it; it waits for nothing yet."""
        super().__init__(*arguments, **named)
        self._awaited = ""
        self._awaited_since = 0.0
        self._came = 0
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The first head is due."""
        super().connection_made(transport)
        self._await("head")

    def data_received(self, data: bytes) -> None:
        """Take what came, and see what is due now."""
        super().data_received(data)
        self._came += len(data)
        self._await(self._due_now())

    def on_response_complete(self) -> None:
        """The next request may have begun while this one was answered."""
        super().on_response_complete()
        self._await(self._due_now())

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is due any more."""
        self._await("")
        super().connection_lost(exc)

    def _due_now(self) -> str:
        """What the sender has begun and not finished: head, body, or nothing."""
        if self.transport.is_closing():
            return ""
        if self.conn.their_state is h11.SEND_BODY:
            return "body"
        begun = self.conn.trailing_data[0] or self.cycle is None
        return "head" if self.conn.their_state is h11.IDLE and begun else ""

    def _await(self, what: str) -> None:
        """From now on this is due; its time runs from when it began."""
        if what == self._awaited:
            return
        self._awaited = what
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        if what:
            self._awaited_since, self._came = self.loop.time(), 0
            self._deadline = self.loop.call_later(self._allowed_s(), self._break_off)

    def _allowed_s(self) -> float:
        """How long what is awaited may take, by what has come of it."""
        if self._awaited == "head":
            return self.patience.head_s
        return self.patience.body_s + self._came / self.patience.body_bytes_per_s

    def _break_off(self) -> None:
        """The time is over, unless enough has come to give it more."""
        left_s = self._awaited_since + self._allowed_s() - self.loop.time()
        if left_s > 0.01:
            self._deadline = self.loop.call_later(left_s, self._break_off)
        else:
            self._deadline = None
            self.transport.abort()
