"""Unpacking what was compressed, to no more than may be: a small file cannot fill the memory."""

from __future__ import annotations

import zlib

from gis_data.basemap.source import MOST_TILE_BYTES, Unreadable, Wrong


def is_gzip(data: bytes) -> bool:
    """Whether bytes begin as gzip does."""
    return data[:2] == b"\x1f\x8b"


def gunzipped(data: bytes, most_bytes: int = MOST_TILE_BYTES, said: str = "") -> bytes:
    """The bytes as they were before gzip or zlib; raises Unreadable, which says whose, where damaged or too many."""
    unpacking = zlib.decompressobj(wbits=47)
    try:
        plain = unpacking.decompress(data, most_bytes)
    except zlib.error:
        raise Unreadable(Wrong.DAMAGED, said) from None
    if unpacking.unconsumed_tail:
        raise Unreadable(Wrong.TOO_LARGE, said)
    if not unpacking.eof:
        raise Unreadable(Wrong.DAMAGED, said)
    return plain
