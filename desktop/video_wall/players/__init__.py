"""The seam between tiles and what plays a stream: a backend opens feeds, a feed shows its newest picture.

A feed has a want (its size, and whether it is selected) and the backend chooses the stream: main for at most four cameras
that are wide or selected, sub for all others (wants.py). `Feed.watch().stream` says which one is seen. While another stream
is being opened the old one is shown, until the new one has a picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtGui import QImage

from desktop.video_wall.stream_address import AddressOf
from desktop.video_wall.watchdog import Watch

if TYPE_CHECKING:
    from desktop.video_wall.players.clip import Recording
    from desktop.video_wall.players.playback import PlaybackFeed


@dataclass(frozen=True, slots=True)
class Picture:
    """One decoded picture at the size a tile wants it."""

    image: QImage
    memory: object
    """Owns the pixels of the image: a QImage laid over a decoder's plane does not. Keep both together."""
    number: int
    """A new number is a new picture; no two pictures of a process have the same."""
    at: float
    """When it was decoded, on the monotonic clock."""


class Feed(Protocol):
    """One tile's hold on a camera. Main thread only."""

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

    def still(self) -> Picture | None:
        """The newest picture as large as it came, for a snapshot; takes some milliseconds."""
        ...

    def resize(self, width: int, height: int) -> None:
        """Say how large the picture is shown, in device pixels."""
        ...

    def select(self, is_selected: bool) -> None:
        """Say whether the officer looks at this tile before all others."""
        ...

    def to_live(self) -> None:
        """Show the newest picture, whatever waits to be shown before it."""
        ...

    def retry(self) -> None:
        """Try again at once, with a new address."""
        ...

    def close(self) -> None:
        """Let go of the camera; the last feed of a camera ends its decoding. Returns at once."""
        ...


class RememberingFeed(Feed, Protocol):
    """A feed whose last minutes are kept in memory."""

    def remembered_s(self) -> float:
        """How far back its camera can be played, in seconds."""
        ...

    def record(self, path: Path, past_s: float, marks: dict[str, str]) -> Recording | None:
        """Write what comes from now on, and up to so many seconds before, to a file (.mp4 or .mkv) without encoding.

        marks go into the file's metadata (title, artist, comment). The recording runs until it is stopped; None where what
        plays here cannot be written as it came.
        """
        ...

    def play_back(self, ago_s: float, width: int, height: int) -> PlaybackFeed | None:
        """A feed of its own that plays what was so many seconds ago; None where nothing is remembered."""
        ...


class RecordedPlay(Feed, Protocol):
    """A recording that is being played. Main thread only."""

    @property
    def is_paused(self) -> bool:
        """Whether the picture stands."""
        ...

    @property
    def position_s(self) -> float:
        """How far it was played, in seconds from its beginning."""
        ...

    @property
    def length_s(self) -> float:
        """How long it is; 0 while that is not known."""
        ...

    def pause(self) -> None:
        """Let the picture stand."""
        ...

    def resume(self) -> None:
        """Go on where the picture stands."""
        ...

    def seek(self, at_s: float) -> None:
        """Go on so many seconds from its beginning."""
        ...

    def step(self, is_forward: bool) -> None:
        """Show the picture after this one, or the one before, and let it stand."""
        ...

    def set_speed(self, times: float) -> None:
        """Play it so many times as fast as it was."""
        ...


class RecordedHold(Feed, Protocol):
    """A hold on a recording, before it is known what plays it."""

    @property
    def recorded(self) -> RecordedPlay | None:
        """What plays it; None while that is being looked for."""
        ...


class PlayerBackend(Protocol):
    """Plays streams. Main thread only."""

    def open(self, camera_id: str, address_of: AddressOf, width: int, height: int) -> Feed:
        """A feed of a camera for a tile of this size in device pixels; cameras already open are not opened again."""
        ...

    def close(self, wait_s: float = 0.0) -> None:
        """End every stream; waits up to wait_s for the decoding threads."""
        ...

    def turn(self) -> None:
        """What has to be done once a second though no tile is seen: recordings need addresses too, and end."""
        ...
