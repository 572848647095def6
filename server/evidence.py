"""Photos: known by their first bytes, named by their hash, written once and never overwritten."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid5

from governance.incident import Attachment
from wire.frames import PHOTO_LIMIT, Malformed
from wire.photo_requests import kind_of


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture somebody handed in."""

    data: bytes
    mime: str
    sha256: str

    def attached_to(self, order_id: UUID, stage: str, taken_at: datetime | None = None) -> Attachment:
        """As an attachment of what the order does; the same order always makes the same attachment."""
        return Attachment(uuid5(order_id, self.sha256), self.sha256, self.mime, len(self.data), stage, taken_at)


def decode(data: bytes) -> Photo:
    """The picture in these bytes, whatever its sender called it; Malformed where it is none we take."""
    if len(data) > PHOTO_LIMIT:
        raise Malformed("too_large", "photo")
    mime = kind_of(data)
    if not mime:
        raise Malformed("bad_photo", "photo")
    return Photo(data, mime, hashlib.sha256(data).hexdigest())


def keep(photo: Photo, folder: Path) -> None:
    """The picture stands in the folder under its hash, whole or not at all."""
    path = folder / photo.sha256
    if path.exists():
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = folder / f"{photo.sha256}.{secrets.token_hex(8)}.new"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(photo.data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
