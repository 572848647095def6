"""Reading a past period from the server, page by page, and tracks slice by slice. Main thread only."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from desktop.map.tracks import Track
from desktop.phrases import refusal_sentence
from desktop.seat import Seat
from desktop.timeline.past import Past
from governance.people import Worker
from governance.refusal import Refused
from wire.frames import Malformed
from wire.past_requests import AskTrack, PastIs, ReadPast, ReadTrack, TrackIs
from wire.publications import POSITION, Positions

log = logging.getLogger(__name__)

AGAIN_MS = 700
TRIES = 12
"""So often the same page is asked for again where the server is busy or did not answer."""
PASSING = frozenset({"busy", "no_answer", "ledger_unreachable"})
SLICE_S = 0.012
"""A page is taken in for so long at a time."""
MOST_BYTES = 160_000_000
"""What is sent of one period is kept in memory; a period of more is read up to here and refused."""


class Reading(QObject):
    """Asks for one thing after the other, and again where the server was busy; what comes late of another wish is dropped."""

    failed = Signal(str)
    """Why nothing more comes, in the officer's language."""

    def __init__(self, seat: Seat, parent: QObject) -> None:
        """Nothing is asked for."""
        super().__init__(parent)
        self.seat = seat
        self._wish = 0
        self._tries = 0
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(lambda: self._request())
        self._request: Callable[[], None] = lambda: None

    @property
    def is_reading(self) -> bool:
        """Whether something is still to come."""
        return self._wish % 2 == 1

    def stop(self) -> None:
        """Nothing more is wanted of what was asked for."""
        self._again.stop()
        self._wish += self._wish % 2

    def begin(self) -> None:
        """Another wish; nothing of one before counts any more."""
        self.stop()
        self._wish += 1
        self._tries = 0

    def ask(self, request: Any, came: Callable[[Any], None]) -> None:
        """Ask, again while the server is busy; `came` gets the reply."""
        wish = self._wish

        def answered(reply: Any, refused: Refused | None) -> None:
            if wish != self._wish:
                return
            if refused is not None and refused.code in PASSING and self._tries < TRIES:
                self._tries += 1
                self._again.start()
            elif refused is not None:
                self.refuse(refused)
            else:
                self._tries = 0
                came(reply)

        def request_now() -> None:
            if self.seat.ask is None:
                self.refuse(Refused("no_answer"))
            else:
                self.seat.ask(request, answered)

        self._request = request_now
        request_now()

    def refuse(self, refused: Refused) -> None:
        """Say why nothing more comes."""
        self.stop()
        self.failed.emit(refusal_sentence(self.seat.words, refused))


class PastReading(Reading):
    """One period."""

    progress = Signal(int, int)
    """Incidents that are here, and how many there are."""
    came = Signal(object)
    """Past, whole and settled."""

    def __init__(self, seat: Seat, parent: QObject) -> None:
        """Nothing is asked for."""
        super().__init__(seat, parent)
        self._slice = QTimer(self)
        self._slice.setSingleShot(True)
        self._slice.timeout.connect(self._take_some)

    def read(self, since: datetime, until: datetime) -> None:
        """Read a period from the beginning."""
        self.begin()
        self._past, self._bytes = Past(since, until), 0
        self.ask(ReadPast(0, since, until), self._page)

    def stop(self) -> None:
        """Nothing more is wanted; what is half taken in is dropped."""
        super().stop()
        self._slice.stop()

    def _page(self, reply: PastIs) -> None:
        """Take it in bit by bit, so that the window does not stand still."""
        self._reply, self._left = reply, self._past.taking(reply)
        self._take_some()

    def _take_some(self) -> None:
        until_s = time.perf_counter() + SLICE_S
        try:
            for _ in self._left:
                if time.perf_counter() > until_s:
                    self._slice.start()
                    return
        except Malformed as problem:
            log.warning("a past period could not be read: %s %s", problem.reason, problem.detail)
            self.refuse(Refused("past_unreadable"))
            return
        self._taken(self._reply)

    def _taken(self, reply: PastIs) -> None:
        past = self._past
        self._bytes += sum(len(sent.fact) for sent in reply.changes)
        if self._bytes > MOST_BYTES:
            self.refuse(Refused("past_too_much", "since"))
        elif reply.after is not None:
            self.progress.emit(len(past.ids), max(past.total, len(past.ids)))
            self.ask(ReadPast(0, past.since, past.until, reply.after), self._page)
        else:
            self.stop()
            past.settle()
            self.came.emit(past)


class TrackReading(Reading):
    """One worker's track."""

    progress = Signal(int, int)
    came = Signal(object)
    """Track; of no fix where there is none in the period."""

    def read(self, worker: Worker, since: datetime, until: datetime, reason: str) -> None:
        """Put on record that it is looked at, and read it."""
        self.begin()
        self._worker = worker
        self._slices: list[Positions] = []
        self.ask(AskTrack(0, worker.id, since, until, reason), self._slice)

    @property
    def whose(self) -> UUID | None:
        """Whose track is being read."""
        return self._worker.id if self.is_reading else None

    def _slice(self, reply: TrackIs) -> None:
        fixes = np.frombuffer(reply.positions, POSITION)
        self._slices.append(fixes)
        if reply.more and len(fixes):
            self.progress.emit(sum(map(len, self._slices)), reply.total)
            self.ask(ReadTrack(0, reply.access, int(fixes["at"][-1])), self._slice)
            return
        self.stop()
        whole = np.concatenate(self._slices)
        lon, lat = whole["lon"] / 1e7, whole["lat"] / 1e7
        number, name = str(self._worker.number), self._worker.name
        self.came.emit(Track.of(number, lon, lat, whole["at"].astype(np.float64), name=name))
