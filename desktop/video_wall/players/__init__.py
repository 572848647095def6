"""The seam between tiles and what plays a stream: a backend opens feeds, a feed shows its newest picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtGui import QImage

from desktop.video_wall.stream_address import AddressOf
from desktop.video_wall.watchdog import Watch


@dataclass(frozen=True, slots=True)
class Picture:
    """One decoded picture at the size a tile wants it."""

    image: QImage
    memory: object
    """Owns the pixels of the image: a QImage laid over a decoder's plane does not. Keep both together."""
    number: int
    """Counts the decoded pictures of the stream; a new number is a new picture."""
    at: float
    """When it was decoded, on the monotonic clock."""


class Feed(Protocol):
    """One tile's hold on a camera's stream. Main thread only."""

    @property
    def camera_id(self) -> str:
        """The camera it shows."""
        ...

    def watch(self) -> Watch:
        """What is known about the stream now; also asks for a new address where the stream needs one."""
        ...

    def picture(self) -> Picture | None:
        """The newest picture, None before the first."""
        ...

    def resize(self, width: int, height: int) -> None:
        """Say how large the picture is shown, in device pixels."""
        ...

    def retry(self) -> None:
        """Try again at once, with a new address."""
        ...

    def close(self) -> None:
        """Let go of the stream; the last feed of a camera ends its decoding. Returns at once."""
        ...


class PlayerBackend(Protocol):
    """Plays streams. Main thread only."""

    def open(self, camera_id: str, address_of: AddressOf, width: int, height: int) -> Feed:
        """A feed of a camera for a tile of this size in device pixels; cameras already open are not opened again."""
        ...

    def close(self, wait_s: float = 0.0) -> None:
        """End every stream; waits up to wait_s for the decoding threads."""
        ...
