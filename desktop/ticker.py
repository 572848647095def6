"""Twenty times a second: drain the link, apply what came, say once what was touched."""

from __future__ import annotations

import logging
from collections.abc import Callable
from queue import Empty, SimpleQueue

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.link.from_server import (
    ChangesCame,
    FromServer,
    LinkState,
    Moved,
    OrderAnswered,
    SnapshotCame,
)
from desktop.link.to_server import Resync, ToServer
from desktop.orders import Orders
from desktop.server_time import ServerTime
from desktop.situation.situation import OutOfStep, Situation
from desktop.situation.touched import NOTHING, Touched

TICK_MS = 50
MOST_A_TICK = 400
"""Messages taken in one tick; what is left waits for the next, so that a flood never freezes the window."""

log = logging.getLogger(__name__)


class Ticker(QObject):
    """The only place where what the server said enters the situation. Main thread only."""

    touched = Signal(object)
    """Touched, at most once a tick."""
    came = Signal(object)
    """Anything else the link said: log-on, addresses, packs, the state of the link."""

    def __init__(
        self,
        queue: SimpleQueue[FromServer],
        situation: Situation,
        orders: Orders,
        time: ServerTime,
        submit: Callable[[ToServer], object],
        parent: QObject | None = None,
    ) -> None:
        """A ticker that stands still until `start`."""
        super().__init__(parent)
        self._queue, self._situation, self._orders = queue, situation, orders
        self._time, self._submit = time, submit
        self.fixes = 0
        """How many fixes came in so far."""
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)

    def serve(self, situation: Situation, orders: Orders) -> None:
        """From now on what the server says is another officer's: it goes into these."""
        self._situation, self._orders = situation, orders

    def start(self) -> None:
        """Begin."""
        self._timer.start()

    def stop(self) -> None:
        """Stand still."""
        self._timer.stop()

    def tick(self) -> None:
        """Take what is there. A mistake in one message is logged and stops neither the others nor the desk."""
        touched = NOTHING
        for _ in range(MOST_A_TICK):
            try:
                message = self._queue.get_nowait()
            except Empty:
                break
            try:
                touched |= self._take(message)
            except OutOfStep as problem:
                self._submit(Resync(str(problem)))
            except Exception:
                log.exception("a message of the link could not be taken in: %s", type(message).__name__)
        if not touched:
            return
        for order_id, incident in touched.orders:
            self._orders.arrived(order_id, incident)
        if touched.everything:
            self._orders.settle(self._version_of)
        self.touched.emit(touched)

    def _take(self, message: FromServer) -> Touched:
        """Apply one message, or pass it on."""
        if isinstance(message, Moved):
            self.fixes += len(message.records)
            return self._situation.move(message.records)
        if isinstance(message, ChangesCame):
            return self._situation.apply_all(message.changes)
        if isinstance(message, SnapshotCame):
            return self._situation.start_from(message.snapshot)
        if isinstance(message, OrderAnswered):
            self._answered(message)
            return NOTHING
        if isinstance(message, LinkState):
            self._time.correct(message.offset_s)
        self.came.emit(message)
        return NOTHING

    def _answered(self, answer: OrderAnswered) -> None:
        if answer.refused is not None:
            self._orders.refuse(answer.order_id, answer.refused)
        elif answer.incident is not None:
            self._orders.accept(answer.order_id, answer.incident)
            if self._version_of(answer.incident) >= answer.version > 0:
                self._orders.arrived(answer.order_id, answer.incident)

    def _version_of(self, incident: object) -> int:
        case = self._situation.cases.get(incident)  # type: ignore[call-overload]
        return case.incident.version if case is not None else 0
