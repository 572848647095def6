"""Photos that a desk hands in: slice by slice on the bulk socket, before the order that names them."""

from __future__ import annotations

from wire.message import Message


class BringPhoto(Message, frozen=True, tag="bring_photo"):
    """A slice of a photo by the hash of the whole; sent on the bulk socket only, from the offset the last answer named."""

    sha256: str
    offset: int
    total: int
    data: bytes


class PhotoBrought(Message, frozen=True, tag="photo_brought"):
    """So many bytes of it are here: go on from there; the whole has come where that is its length."""

    sha256: str
    offset: int
