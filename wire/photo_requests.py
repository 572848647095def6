"""Photos that a desk hands in: slice by slice on the bulk socket, before the order that names them."""

from __future__ import annotations

from wire.message import Message


def kind_of(data: bytes) -> str:
    """The kind of picture by its first bytes; empty where it is none that is taken."""
    if data.startswith(b"\xff\xd8\xff") and len(data) > 100:
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR":
        return "image/png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return ""


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
