"""The folder of the photos: a photo stands there while a report or an order of the ledger names it, and room is left."""

from __future__ import annotations

import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from server.evidence import Photo, keep
from server.intake.answers import TurnedAway
from server.ledger import attachments
from server.ledger.ledger import Ledger

FREE_FLOOR = 2_000_000_000
"""Bytes that stay free on the disk whatever comes in: the ledger writes to it too, and stops where it is full."""
UNREACHABLE = (psycopg.OperationalError, OperationalError, PoolTimeout)


class PhotoStore:
    """Keeps photos by their hash. Every method may be called from any thread and may wait for disk and database."""

    def __init__(self, ledger: Ledger, folder: Path, free_floor: int = FREE_FLOOR) -> None:
        """`folder` is made with the first photo; `free_floor`: bytes of the disk no photo may touch."""
        self.folder = folder
        self._is_named: Callable[[str], bool] = lambda sha256: _is_named(ledger, sha256)
        self._free_floor = free_floor
        self._lock = threading.Lock()
        self._held: Counter[str] = Counter()
        self._settled: set[str] = set()
        """Held photos that somebody's report or order already names."""

    @contextmanager
    def holding(self, photos: tuple[Photo, ...]) -> Iterator[None]:
        """The photos stand on disk inside; where that ends with an error, those that nothing names are gone afterwards.

        TurnedAway('no_room') where they would leave too little of the disk free.
        """
        names = {photo.sha256: photo for photo in photos}
        self._need_room(sum(len(photo.data) for photo in names.values()))
        with self._lock:
            self._held.update(names.keys())
        try:
            for photo in names.values():
                keep(photo, self.folder)
            yield
        except BaseException:
            self._let_go(names, {name for name in names if self._may_be_named(name)})
            raise
        self._let_go(names, set(names))

    def _need_room(self, size: int) -> None:
        """So many bytes fit without touching the floor."""
        if not size:
            return
        standing = next(path for path in (self.folder, *self.folder.parents) if path.exists())
        if shutil.disk_usage(standing).free - size < self._free_floor:
            raise TurnedAway("no_room", "photo", retry_after_s=600)

    def _may_be_named(self, sha256: str) -> bool:
        """Whether the ledger names a photo, or cannot be asked."""
        try:
            return self._is_named(sha256)
        except UNREACHABLE:
            return True

    def _let_go(self, names: dict[str, Photo], named: set[str]) -> None:
        """One holder less of each; what nobody holds any more and nothing names is deleted."""
        with self._lock:
            self._settled |= named
            for name in names:
                self._held[name] -= 1
                if self._held[name] > 0:
                    continue
                del self._held[name]
                if name not in self._settled:
                    (self.folder / name).unlink(missing_ok=True)
                self._settled.discard(name)


def _is_named(ledger: Ledger, sha256: str) -> bool:
    with ledger.transaction() as connection:
        return attachments.is_named(connection, sha256)
