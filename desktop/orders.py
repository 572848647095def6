"""Sending commands: pending until the change with the order's id comes on the feed, or refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from PySide6.QtCore import QObject, Signal

from governance.commands import WORD_OF, Command
from governance.refusal import Refused
from wire.requests import Caller


@dataclass(frozen=True, slots=True)
class Pending:
    """A command that was sent and is not yet a fact."""

    order_id: UUID
    command: Command
    incident: UUID | None
    version: int
    sent_at: datetime
    reporter: Caller | None = None
    """Who reported, with a report only; never shown again."""

    @property
    def word(self) -> str:
        """The command's word on the wire, under which its name stands in the translations."""
        return WORD_OF[type(self.command)]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an order ended: a fact, or refused with a reason."""

    order: Pending
    refused: Refused | None
    incident: UUID | None
    """The incident it concerned, also where the order made it."""


Submit = Callable[[Pending], None]


class Orders(QObject):
    """The officer's commands on their way. Nothing is shown as done before it came back on the feed. Main thread only."""

    sent = Signal(object)
    """Pending: a command went out."""
    pending_changed = Signal(object)
    """UUID of the incident concerned, or None for a new one."""
    ended = Signal(object)
    """Outcome."""
    answered = Signal(object, object)
    """UUID of an order and Refused or None, for every order the server answered: also one sent before this start."""

    def __init__(self, submit: Submit, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        """Commands go out through `submit`, which must not block; `now` is the server's time."""
        super().__init__(parent)
        self._submit = submit
        self._now = now
        self._pending: dict[UUID, Pending] = {}
        self._made: dict[UUID, UUID] = {}

    def send(self, command: Command, incident: UUID | None = None, version: int = 0, reporter: Caller | None = None) -> UUID:
        """Send a command and return its order id; it is pending from now on."""
        order = Pending(uuid4(), command, incident, version, self._now(), reporter)
        self._pending[order.order_id] = order
        self._submit(order)
        self.sent.emit(order)
        self.pending_changed.emit(incident)
        return order.order_id

    def pending_of(self, incident: UUID) -> tuple[Pending, ...]:
        """The orders on their way that concern an incident."""
        return tuple(order for order in self._pending.values() if self._concerns(order) == incident)

    def is_pending(self, incident: UUID) -> bool:
        """Whether anything is on its way for an incident."""
        return any(self._concerns(order) == incident for order in self._pending.values())

    def pending_incidents(self) -> frozenset[UUID]:
        """Every incident with something on its way."""
        return frozenset(of for order in self._pending.values() if (of := self._concerns(order)) is not None)

    def count(self) -> int:
        """How many orders are on their way."""
        return len(self._pending)

    def knows(self, order_id: UUID) -> bool:
        """Whether an order is still pending."""
        return order_id in self._pending

    def accept(self, order_id: UUID, incident: UUID) -> None:
        """The server committed it; it stays pending until the feed brings the change itself."""
        if order_id in self._pending:
            self._made[order_id] = incident
        self.answered.emit(order_id, None)

    def refuse(self, order_id: UUID, refused: Refused) -> None:
        """A rule said no: the order is over."""
        self.answered.emit(order_id, refused)
        self._end(order_id, refused, None)

    def arrived(self, order_id: UUID, incident: UUID | None) -> None:
        """The change the order caused is in the situation: the order is over."""
        self._end(order_id, None, incident)

    def settle(self, applied: Callable[[UUID], int]) -> None:
        """After a fresh snapshot: end the committed orders whose incident it already holds.

        `applied` tells the version of an incident in the situation (0: not there).
        """
        for order_id, incident in list(self._made.items()):
            order = self._pending.get(order_id)
            if order is not None and applied(incident) > order.version:
                self._end(order_id, None, incident)

    def _concerns(self, order: Pending) -> UUID | None:
        return order.incident or self._made.get(order.order_id)

    def _end(self, order_id: UUID, refused: Refused | None, incident: UUID | None) -> None:
        order = self._pending.pop(order_id, None)
        made = self._made.pop(order_id, None)
        if order is None:
            return
        concerned = incident or order.incident or made
        self.pending_changed.emit(concerned)
        self.ended.emit(Outcome(order, refused, concerned))
