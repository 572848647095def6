"""Requests on the desk's socket and the replies they wait for: each answered once or given up. The link's thread only."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import zmq

from desktop.link import from_server as told
from desktop.link import to_server as asked
from desktop.link.sockets import Sockets
from governance.refusal import Refused
from wire import indicator_requests as indicators
from wire import requests as wire
from wire import rules_requests as rules
from wire.codec import encode, measure_request
from wire.frames import Malformed
from wire.message import Message

log = logging.getLogger("desktop.link")

ANSWER_S, RECKONED_S = 10.0, 60.0
"""An answer is waited for so long; one that is reckoned over a month longer."""


@dataclass(frozen=True, slots=True)
class InFlight:
    """A request that waits for its reply."""

    request: Any
    sent_s: float
    sent_at: datetime

    def is_late(self, now_s: float) -> bool:
        """Whether nobody expects the reply any more."""
        is_slow = isinstance(self.request, indicators.IndicatorRequest | rules.RulesRequest)
        return now_s - self.sent_s > (RECKONED_S if is_slow else ANSWER_S)


class Questions:
    """What was asked and has no reply yet. `put` takes what the desk is told; times are seconds of a steady clock."""

    def __init__(self, sockets: Sockets, put: Callable[[told.FromServer], None]) -> None:
        """Nothing was asked."""
        self._sockets, self._put = sockets, put
        self._in_flight: dict[int, InFlight] = {}
        self._enquiries: dict[int, UUID] = {}
        self._number = 0

    def next(self) -> int:
        """A number no other request has."""
        self._number += 1
        return self._number

    def ask(self, request: Any, now_s: float) -> None:
        """Send a request whose reply is waited for."""
        self._in_flight[request.n] = InFlight(request, now_s, datetime.now(UTC))
        self.send(request)

    def send(self, request: Any) -> None:
        """Send a request; where the queue is full it counts as lost and is sent again later."""
        if self._sockets.desk is not None:
            try:
                self._sockets.desk.send(encode(request), zmq.NOBLOCK)
            except zmq.Again:
                log.info("the queue to the server is full")

    def enquire(self, wish: asked.Enquire, now_s: float) -> None:
        """Ask once; where no answer comes whoever asked is told, and asks again under the same order id."""
        n = self.next()
        fields = {name: getattr(wish.request, name) for name in wish.request.__struct_fields__}
        request = type(wish.request)(**(fields | {"n": n}))
        try:
            measure_request(request)
        except Malformed as problem:
            self._put(told.Enquired(wish.key, refused=Refused(problem.reason, problem.field)))
            return
        self._enquiries[n] = wish.key
        self.ask(request, now_s)

    def answered(self, n: int) -> InFlight | None:
        """What a reply answers: it waits no more; None where nothing did."""
        return self._in_flight.pop(n, None)

    def late(self, now_s: float) -> tuple[InFlight, ...]:
        """What was waited for too long: it is not waited for any more."""
        late = {n: waiting for n, waiting in self._in_flight.items() if waiting.is_late(now_s)}
        for n in late:
            del self._in_flight[n]
        return tuple(late.values())

    def drop(self, refused: Refused) -> None:
        """No answer is waited for any more."""
        waiting = [each.request for each in self._in_flight.values()]
        self._in_flight.clear()
        for request in waiting:
            self.refuse(request, refused)

    def is_enquiry(self, n: int) -> bool:
        """Whether a request was an enquiry that nobody has answered."""
        return n in self._enquiries

    def tell(self, reply: Any) -> None:
        """Whoever enquired hears the reply."""
        self._put(told.Enquired(self._enquiries.pop(reply.n), None if isinstance(reply, wire.Done) else reply))

    def refuse(self, request: Any, refused: Refused) -> None:
        """Whoever waits for one thing only hears that it does not come; what else was asked for is asked for again."""
        match request:
            case wire.OpenCamera(camera=camera, stream=stream):
                self._put(told.CameraAddress(camera, refused=refused, stream=stream))
            case wire.Reveal(report=report, field=name):
                self._put(told.Uncovered(report, name, refused=refused))
            case wire.FindCaller(phone=phone):
                self._put(told.CallerTold(phone, refused=refused))
            case Message(n=n) if n in self._enquiries:
                self._put(told.Enquired(self._enquiries.pop(n), refused=refused))
