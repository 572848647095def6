"""Threads that make pictures of tiles, so that the window never waits for one."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis_data.basemap.source import Unreadable, Wrong
from gis_data.basemap.squares import Square

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

THREADS = 2

log = logging.getLogger("desktop.basemap")


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """What became of one square."""

    square: Square
    image: QImage | None
    why: Wrong | None = None
    """Why there is no picture."""
    fetched_s: float = 0.0
    """When its tile was fetched, seconds since 1970; 0 for a tile out of a file."""
    is_old: bool = False
    """Whether the service might have another one by now."""
    theme: int = 0
    """Number of the theme in whose colours it was asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """One picture to be made, by a call that may take its time; it raises Unreadable."""

    square: Square
    make: Callable[[], QImage | None]
    fetched_s: float = 0.0
    is_old: bool = False
    theme: int = 0


class Workshop:
    """Makes pictures, the first asked first. Every method may be called from any thread."""

    def __init__(self, has_made: Callable[[], None]) -> None:
        """Threads that wait. `has_made` is called in one of them when `taken` has something after it had nothing."""
        self._has_made = has_made
        self._waiting: deque[Job] = deque()
        self._under_way: set[Square] = set()
        self._made: list[Made] = []
        self._is_open = True
        self._turn = threading.Condition()
        self._threads = [threading.Thread(target=self._run, name=f"basemap {number}") for number in range(THREADS)]
        for thread in self._threads:
            thread.start()

    def replace(self, jobs: Sequence[Job]) -> None:
        """Make these and no others; what is being made is made."""
        with self._turn:
            self._waiting = deque(job for job in jobs if job.square not in self._under_way)
            self._turn.notify_all()

    def add(self, job: Job) -> None:
        """One more, after the others."""
        with self._turn:
            self._waiting.append(job)
            self._turn.notify()

    def taken(self) -> list[Made]:
        """What was made since this was last asked."""
        with self._turn:
            made, self._made = self._made, []
            return made

    def close(self) -> None:
        """Make no more, and wait until the threads have ended: as long as one picture takes."""
        with self._turn:
            self._is_open = False
            self._waiting.clear()
            self._turn.notify_all()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while (job := self._next()) is not None:
            made = self._done(job)
            with self._turn:
                self._under_way.discard(job.square)
                is_first = not self._made
                self._made.append(made)
                tells = is_first and self._is_open
            if tells:
                self._has_made()

    def _next(self) -> Job | None:
        with self._turn:
            while self._is_open and not self._waiting:
                self._turn.wait()
            if not self._is_open:
                return None
            job = self._waiting.popleft()
            self._under_way.add(job.square)
            return job

    @staticmethod
    def _done(job: Job) -> Made:
        rest = (job.fetched_s, job.is_old, job.theme)
        try:
            image = job.make()
        except Unreadable as problem:
            return Made(job.square, None, problem.why, *rest)
        except Exception:
            log.exception("no picture of tile %s", job.square)
            return Made(job.square, None, Wrong.NOT_A_TILE, *rest)
        return Made(job.square, image, None if image is not None else Wrong.MISSING, *rest)
