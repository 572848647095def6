"""Keeps one worker in the middle of the map; no Qt."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import numpy as np
import numpy.typing as npt

from desktop.seat import Seat
from governance.people import Worker
from governance.places import LonLat


class Following:
    """Whom the map follows, until somebody says otherwise. Main thread only."""

    def __init__(self, seat: Seat, bring_in: Callable[[LonLat], None], changed: Callable[[], None]) -> None:
        """Nobody yet; `bring_in` puts a place in the middle, `changed` hears that it is another worker or nobody."""
        self._seat, self._bring_in, self._changed = seat, bring_in, changed
        self.worker: UUID | None = None

    @property
    def name(self) -> str:
        """The name of the worker followed; empty where nobody is."""
        person = self._person()
        return person.name if person else ""

    @property
    def numbers(self) -> tuple[str, ...]:
        """The number of the worker followed, as the map knows them; none where nobody is."""
        person = self._person()
        return (str(person.number),) if person else ()

    def _person(self) -> Worker | None:
        return self._seat.situation.workers.person(self.worker) if self.worker else None

    def begin(self, worker: UUID) -> None:
        """Follow this worker; nothing where nobody knows where they are."""
        place = self._seat.situation.workers.place(worker)
        if place is not None:
            self.worker = worker
            self._changed()
            self._bring_in(place)

    def end(self) -> bool:
        """Follow nobody; False where nobody was followed."""
        if self.worker is None:
            return False
        self.worker = None
        self._changed()
        return True

    def moved(self, rows: npt.NDArray[np.int32]) -> None:
        """Fixes of the workers in rows int32[k] came."""
        workers = self._seat.situation.workers
        row = workers.row_of.get(self.worker) if self.worker else None
        if self.worker is None or row is None or row not in rows:
            return
        place = workers.place(self.worker)
        if place is not None:
            self._bring_in(place)

    def chosen(self, thing: object) -> None:
        """Something was selected: whoever is followed stays so only where it is them."""
        if thing is not None and thing != self.worker:
            self.end()
