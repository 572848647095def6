"""Questions to the ledger, asked in threads of their own: the loop goes on, and takes the answers when it comes by."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

import psycopg
import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

UNREACHABLE = (psycopg.OperationalError, OperationalError, PoolTimeout)

T = TypeVar("T")

log = structlog.get_logger()


class Questions:
    """One question of a name at a time. Belongs to the loop's thread, in which every answer is taken."""

    def __init__(self, at_once: int = 2) -> None:
        """Nothing is asked yet; `at_once`: threads that may wait for an answer."""
        self._threads = ThreadPoolExecutor(at_once, "questions")
        self._open: dict[str, tuple[Callable[[float], bool], Callable[[], None]]] = {}

    def ask(self, name: str, question: Callable[[], T], take: Callable[[T], None]) -> None:
        """Ask, unless the last question of this name still waits; `take` gets the answer in `fetch` or `settle`."""
        if name in self._open:
            return
        self._open[name] = _hand_over_of(self._threads.submit(question), take)

    def fetch(self) -> None:
        """Take the answers that have come."""
        for name in tuple(self._open):
            self.settle(name, time.monotonic())

    def settle(self, name: str, until_s: float) -> bool:
        """Wait until a monotonic time for the answer to this name and take it; False where none came.

        A ledger out of reach is told and is no answer; whatever else went wrong is raised.
        """
        if name not in self._open:
            return True
        is_answered, hand_over = self._open[name]
        if not is_answered(max(0.0, until_s - time.monotonic())):
            return False
        del self._open[name]
        try:
            hand_over()
        except UNREACHABLE as problem:
            log.info("positions_ledger_unreachable", problem=type(problem).__name__)
            return False
        return True

    def close(self) -> None:
        """Ask nothing more; a question under way is waited for."""
        self._threads.shutdown(cancel_futures=True)


def _hand_over_of(asked: Future[T], take: Callable[[T], None]) -> tuple[Callable[[float], bool], Callable[[], None]]:
    """What tells within so many seconds whether the answer has come, and what takes it."""

    def is_answered(within_s: float) -> bool:
        return bool(wait([asked], within_s).done)

    def hand_over() -> None:
        take(asked.result())

    return is_answered, hand_over
