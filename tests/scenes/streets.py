"""The workers out in the streets: each stands somewhere, and his phone says so again and again, as phones do."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from governance.places import LonLat
from tests.together.at_work import ServerAtWork, spot
from tests.together.phones import Gateway

AGAIN_S = 4.0
"""Less than the thirty seconds after which one who is silent is lost."""


class Streets:
    """Says where the workers stand until it is closed. A thread of its own pushes; `silence` may be called from any."""

    def __init__(self, work: ServerAtWork) -> None:
        """All stand at places of their own, each in another part of the town."""
        self._work = work
        self._places: dict[int, LonLat] = {}
        for at, phone in enumerate(work.phones):
            self._places[int(phone["number"])] = spot(0.15 + 0.2 * (at % 4), 0.2 + 0.25 * (at // 4))
        self._silent: frozenset[int] = frozenset()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._walk, name="streets")
        self._thread.start()

    def silence(self, numbers: Iterable[int]) -> None:
        """From now on nothing is heard of these, and of all others it is."""
        self._silent = frozenset(numbers)

    def close(self) -> None:
        """Nothing more is said."""
        self._over.set()
        self._thread.join(10)

    def _walk(self) -> None:
        gateway = Gateway(self._work)
        try:
            while True:
                for number, place in self._places.items():
                    if number not in self._silent:
                        gateway.push(number, place)
                if self._over.wait(AGAIN_S):
                    return
        finally:
            gateway.close()
