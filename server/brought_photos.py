"""Photos that officers handed in at their desks and that no order names yet: kept a day, seen by nobody else.

A desk has to hand in every byte, also of a photo that stands in the ledger already: a hash alone proves nothing.
"""

from __future__ import annotations

import os
import re
import shutil
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from governance.incident import Attachment
from governance.refusal import Refused
from server.evidence import Photo, decode, keep
from wire.frames import PHOTO_LIMIT, PHOTO_SLICE, Malformed

KEPT_S = 86_400.0
WAITING_LIMIT = 100_000_000
"""Bytes that one officer may hand in and not use."""
FREE_FLOOR = 2_000_000_000
"""Bytes that stay free on the disk whatever comes in: the ledger writes to it too, and stops where it is full."""
COMING_AT_MOST = 16
"""Photos that are half here, of all officers. Of who has most the one that came first is begun again by its desk."""
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(slots=True)
class Coming:
    """A photo that is half here."""

    total: int
    data: bytearray = field(default_factory=bytearray)


class BroughtPhotos:
    """The folder of one server. Every method may be called from any thread and may wait for the disk."""

    def __init__(self, folder: Path, attachments: Path, free_floor: int = FREE_FLOOR) -> None:
        """What waits in `folder` goes to `attachments` with the order that names it."""
        self._folder, self._attachments, self._free_floor = folder, attachments, free_floor
        self._coming: OrderedDict[tuple[UUID, str], Coming] = OrderedDict()
        self._lock = threading.Lock()
        self._held: Counter[str] = Counter()
        """By how many orders that are being carried out each photo is named."""
        self._added: set[str] = set()
        self._orders_lock = threading.Lock()

    def take(self, staff: UUID, sha256: str, offset: int, total: int, data: bytes) -> int:
        """How many bytes of a photo are here after this slice; Refused where it will not be taken."""
        if not 0 < total <= PHOTO_LIMIT:
            raise Refused("photo_too_large", "attachments", most=str(PHOTO_LIMIT // 1_000_000))
        if len(data) > PHOTO_SLICE:
            raise Refused("bad_slice", "attachments")
        if self._path(staff, sha256).is_file():
            return total
        with self._lock:
            coming = self._coming.get((staff, sha256))
            if coming is None or coming.total != total:
                coming = self._coming[staff, sha256] = Coming(total)
                if len(self._coming) > COMING_AT_MOST:
                    ((most, _),) = Counter(officer for officer, _ in self._coming).most_common(1)
                    del self._coming[next(each for each in self._coming if each[0] == most)]
            if offset != len(coming.data):
                return len(coming.data)
            coming.data += data[: total - offset]
            if len(coming.data) < total:
                return len(coming.data)
            del self._coming[staff, sha256]
        self._keep(staff, sha256, bytes(coming.data))
        return total

    def find(self, staff: UUID, sha256: str) -> tuple[str, int] | None:
        """Kind and size of a photo this officer handed in; None where he did not, or too long ago."""
        try:
            photo = decode(self._path(staff, sha256).read_bytes())
        except (FileNotFoundError, Malformed):
            return None
        return photo.mime, len(photo.data)

    @contextmanager
    def standing(self, staff: UUID, named: Sequence[Attachment], is_named: Callable[[str], bool]) -> Iterator[None]:
        """The photos an order names stand among the attachments inside; those that no order comes to name go again."""
        brought = list(dict.fromkeys(each.sha256 for each in named if self._path(staff, each.sha256).is_file()))
        with self._orders_lock:
            self._held.update(brought)
        try:
            for sha256 in brought:
                self._stand(staff, sha256)
            yield
            with self._orders_lock:
                self._added.difference_update(brought)
        finally:
            self._let_go(brought, is_named)
        for sha256 in brought:
            self._path(staff, sha256).unlink(missing_ok=True)

    def _stand(self, staff: UUID, sha256: str) -> None:
        """A photo stands among the attachments."""
        with self._orders_lock:
            if (self._attachments / sha256).exists():
                return
            self._added.add(sha256)
            keep(decode(self._path(staff, sha256).read_bytes()), self._attachments)

    def _let_go(self, brought: Sequence[str], is_named: Callable[[str], bool]) -> None:
        """One order less names them; what we put there goes with the last, where none was carried out."""
        with self._orders_lock:
            for sha256 in brought:
                self._held[sha256] -= 1
                if self._held[sha256] > 0:
                    continue
                del self._held[sha256]
                if sha256 in self._added and not is_named(sha256):
                    (self._attachments / sha256).unlink(missing_ok=True)
                self._added.discard(sha256)

    def _keep(self, staff: UUID, sha256: str, data: bytes) -> None:
        try:
            photo = decode(data)
        except Malformed:
            raise Refused("photo_bad", "attachments") from None
        if photo.sha256 != sha256:
            raise Refused("wrong_hash", "attachments")
        waiting = self._sweep(staff)
        standing = next(path for path in (self._folder, *self._folder.parents) if path.exists())
        is_full = shutil.disk_usage(standing).free - len(data) < self._free_floor
        if is_full or waiting + len(data) > WAITING_LIMIT:
            raise Refused("photo_no_room", "attachments")
        keep(Photo(data, photo.mime, self._path(staff, sha256).name), self._folder)

    def _sweep(self, staff: UUID) -> int:
        """Bytes of an officer's that wait; what waited for more than a day is gone."""
        waiting, oldest = 0, time.time() - KEPT_S
        for entry in os.scandir(self._folder) if self._folder.is_dir() else ():
            try:
                seen = entry.stat()
            except FileNotFoundError:
                continue
            if seen.st_mtime < oldest:
                Path(entry.path).unlink(missing_ok=True)
            elif entry.name.endswith(f".{staff}"):
                waiting += seen.st_size
        return waiting

    def _path(self, staff: UUID, sha256: str) -> Path:
        if not _HASH.fullmatch(sha256):
            raise Refused("no_such_bytes", "attachments")
        return self._folder / f"{sha256}.{staff}"
