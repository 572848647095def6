"""Memory that was freed and not given back: after a town was read hundreds of megabytes may lie between small objects."""

from __future__ import annotations

import ctypes


def give_back() -> None:
    """Hand what the C library keeps for later back to the machine; nothing happens where it is not glibc. Any thread."""
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        return
    trim(0)
