"""Who guessed passwords lately: a lock holds for a login and the address it was tried from, so nobody locks out others."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

TRIES = 5
LOCKED_FOR = timedelta(minutes=5)
REMEMBERED = 10_000


class LoginLocks:
    """Failures in a row of each login from each address, whether there is such an account or not. Any thread.

    They live as long as the process: the record of failures is the duty log.
    """

    def __init__(self) -> None:
        """Nobody failed yet."""
        self._lock = Lock()
        self._failures: OrderedDict[tuple[str, str], tuple[int, datetime | None]] = OrderedDict()

    def locked_until(self, login: str, address: str, now: datetime) -> datetime | None:
        """Until when no password is taken for a login from an address; None where one is taken."""
        with self._lock:
            _, until = self._failures.get((login, address), (0, None))
        return until if until is not None and until > now else None

    def failed(self, login: str, address: str, now: datetime) -> int:
        """How many failures in a row there are now; at every fifth no password is taken for a while."""
        with self._lock:
            tries, until = self._failures.pop((login, address), (0, None))
            tries += 1
            self._failures[login, address] = (tries, now + LOCKED_FOR if tries % TRIES == 0 else until)
            while len(self._failures) > REMEMBERED:
                self._failures.popitem(last=False)
            return tries

    def succeeded(self, login: str, address: str) -> None:
        """The next failure is the first again."""
        with self._lock:
            self._failures.pop((login, address), None)
