"""Pictures out of libVLC by its memory callbacks. They come on libVLC's threads, which call nothing of libVLC's from here."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
from ctypes import POINTER, c_uint, c_void_p
from dataclasses import dataclass
from typing import Any

from desktop.video_wall.players.scaling import next_number

CHROMA = b"RV32"
"""Blue, green, red and one byte of nothing: Qt's RGB32 on the machines we run on."""
MOST_PX = 1920
BUFFERS = 3

SETUP = ctypes.CFUNCTYPE(
    c_uint, POINTER(c_void_p), c_void_p, POINTER(c_uint), POINTER(c_uint), POINTER(c_uint), POINTER(c_uint)
)
CLEANUP = ctypes.CFUNCTYPE(None, c_void_p)
LOCK = ctypes.CFUNCTYPE(c_void_p, c_void_p, POINTER(c_void_p))
UNLOCK = ctypes.CFUNCTYPE(None, c_void_p, c_void_p, POINTER(c_void_p))
DISPLAY = ctypes.CFUNCTYPE(None, c_void_p, c_void_p)


@dataclass(frozen=True, slots=True)
class Raw:
    """One picture as libVLC gave it."""

    data: bytes
    width: int
    height: int
    pitch: int
    number: int
    at: float


class Surface:
    """What libVLC draws into; lives as long as the player it is given to, for the callbacks are its own objects."""

    def __init__(self, came: Callable[[Raw], None]) -> None:
        """`came` is told every picture, on a thread of libVLC's."""
        self._came = came
        self._buffers: list[ctypes.Array[ctypes.c_char]] = []
        self._next = 0
        self._shape = (0, 0, 0)
        self._callbacks = (
            LOCK(self._lock), UNLOCK(self._unlock), DISPLAY(self._display), SETUP(self._setup), CLEANUP(self._cleanup),
        )  # fmt: skip

    def give_to(self, library: Any, player: Any) -> None:
        """Have a media player of libVLC draw here; before it plays."""
        lock, unlock, display, setup, cleanup = (ctypes.cast(each, c_void_p) for each in self._callbacks)
        for name, arguments in (
            ("libvlc_video_set_callbacks", (lock, unlock, display, None)),
            ("libvlc_video_set_format_callbacks", (setup, cleanup)),
        ):
            function = getattr(library.dll, name)
            function.restype, function.argtypes = None, [c_void_p] * (len(arguments) + 1)
            function(player, *arguments)

    def _setup(self, _: Any, chroma: int, width: Any, height: Any, pitches: Any, lines: Any) -> int:
        """Take the size the pictures come in, made smaller where it is more than full HD."""
        share = min(1.0, MOST_PX / max(width[0], height[0], 1))
        wide, high = max(2, int(width[0] * share) // 2 * 2), max(2, int(height[0] * share) // 2 * 2)
        pitch, rows = (wide * 4 + 31) // 32 * 32, (high + 31) // 32 * 32
        ctypes.memmove(chroma, CHROMA, len(CHROMA))
        width[0], height[0], pitches[0], lines[0] = wide, high, pitch, rows
        self._shape = (wide, high, pitch)
        self._buffers = [ctypes.create_string_buffer(pitch * rows + 64) for _ in range(BUFFERS)]
        return BUFFERS

    def _cleanup(self, _: Any) -> None:
        """The buffers stay until the next format: libVLC may still show one."""

    def _lock(self, _: Any, planes: Any) -> int:
        self._next = (self._next + 1) % BUFFERS
        address = ctypes.addressof(self._buffers[self._next])
        planes[0] = (address + 31) // 32 * 32
        return self._next + 1

    def _unlock(self, _: Any, picture: int, planes: Any) -> None:
        """Nothing: the picture is copied when it is due."""

    def _display(self, _: Any, picture: int) -> None:
        buffer = self._buffers[(picture or 1) - 1]
        wide, high, pitch = self._shape
        data = ctypes.string_at((ctypes.addressof(buffer) + 31) // 32 * 32, pitch * high)
        self._came(Raw(data, wide, high, pitch, next_number(), time.monotonic()))
