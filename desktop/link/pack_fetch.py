"""Fetching packs, pure: which slice to ask for next, what came, and whether the whole is what its hash says."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

SLICE = 4_194_304
ANSWER_S = 10.0
TRIES = 5
SIZE_LIMIT = 1_073_741_824
"""A pack larger than a gigabyte is none of ours."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One layer still to be fetched, or (layer empty) a photo."""

    layer: str
    sha256: str
    size: int


@dataclass(slots=True)
class PackFetch:
    """One pack after the other, slice by slice."""

    _queue: deque[Wanted] = field(default_factory=deque)
    _data: bytearray = field(default_factory=bytearray)
    _asked_s: float | None = None
    _tries: int = 0

    def want(self, wanted: Wanted, soon: bool = False) -> None:
        """Queue a pack; `soon` puts it right behind what is being fetched."""
        if wanted not in self._queue:
            self._queue.insert(1 if soon else len(self._queue), wanted)

    def clear(self) -> None:
        """Want nothing any more."""
        self._queue.clear()
        self._restart()

    def waiting(self) -> tuple[Wanted, ...]:
        """Everything still to be fetched, in order."""
        return tuple(self._queue)

    @property
    def current(self) -> Wanted | None:
        """The pack that is being fetched."""
        return self._queue[0] if self._queue else None

    def ask(self, now_s: float) -> tuple[str, int, int] | None:
        """Hash, offset and length to ask for now; None where nothing is wanted or an answer may still come."""
        current = self.current
        if current is None or (self._asked_s is not None and now_s - self._asked_s < ANSWER_S):
            return None
        self._asked_s = now_s
        self._tries += 1
        return current.sha256, len(self._data), SLICE

    def has_given_up(self) -> bool:
        """Whether the pack was asked for too often without an answer: `drop` it."""
        return self._tries > TRIES

    def drop(self) -> None:
        """Leave the current pack, done or given up."""
        if self._queue:
            self._queue.popleft()
        self._restart()

    def came(self, sha256: str, offset: int, total: int, data: bytes) -> bytes | None:
        """Take a slice; the whole pack where it was the last. A slice nobody asked for is left aside.

        The size that counts is the manifest's; a total that differs makes the pack worthless, so it starts over.
        """
        current = self.current
        if current is None or sha256 != current.sha256 or offset != len(self._data):
            return None
        self._asked_s = None
        if total != current.size or current.size > SIZE_LIMIT or not data or offset + len(data) > total:
            self._data.clear()
            self._asked_s = float("inf")
            self._tries = TRIES + 1
            return None
        self._tries = 0
        self._data += data
        return bytes(self._data) if len(self._data) == current.size else None

    def _restart(self) -> None:
        """Forget what was fetched of the current pack."""
        self._data = bytearray()
        self._asked_s, self._tries = None, 0
