"""Which backend plays what: by the settings, by what an address begins with, and by whether it is live or recorded.

Live RTSP is PyAV's. Recordings, archives and gateways (HTTP-TS, HTTP-FLV) are libVLC's where it is installed; where it is
not, PyAV plays those too, and that is said once. The settings may give everything to either one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from desktop.video_wall.players import Feed
from desktop.video_wall.players.choosing_feed import ChoosingFeed
from desktop.video_wall.players.hardware import OFF, known_devices
from desktop.video_wall.players.pyav import PyavPlayer
from desktop.video_wall.players.recorded import RecordedFeed
from desktop.video_wall.players.vlc import VlcPlayer
from desktop.video_wall.players.vlc_library import VlcLibrary
from desktop.video_wall.stream_address import AddressOf, Answer, StreamAddress
from desktop.video_wall.watchdog import Patience

GATEWAYS = frozenset({"http", "https"})


class Backend(StrEnum):
    """What plays."""

    AUTO = "auto"
    """By what it is."""
    PYAV = "pyav"
    VLC = "vlc"


@dataclass(frozen=True, slots=True)
class VideoSettings:
    """How this workstation plays video."""

    player: Backend = Backend.AUTO
    hardware: str = OFF
    """off, auto, or a kind of device FFmpeg knows."""

    @staticmethod
    def read(fields: Mapping[str, Any]) -> VideoSettings:
        """The settings out of the desk's file; what is not one of the words is as if it were not there."""
        found = fields.get("video")
        given = found if isinstance(found, dict) else {}
        player, hardware = given.get("player"), given.get("hardware")
        return VideoSettings(
            Backend(player) if player in tuple(Backend) else Backend.AUTO, hardware if hardware in known_devices() else OFF
        )


def backend_for(wanted: Backend, scheme: str, is_recorded: bool, has_vlc: bool | None, vlc_opens_rtsp: bool) -> Backend | None:
    """Who plays an address; None while it is not known whether libVLC is here and that makes a difference."""
    is_vlcs = wanted is Backend.VLC or (wanted is Backend.AUTO and (is_recorded or scheme in GATEWAYS))
    if not is_vlcs:
        return Backend.PYAV
    if has_vlc is None:
        return None
    can = has_vlc and (scheme != "rtsp" or vlc_opens_rtsp)
    return Backend.VLC if can else Backend.PYAV


class ChosenPlayer:
    """The player of a desk: gives every camera to the backend that is chosen for it. Main thread only."""

    def __init__(
        self, settings: VideoSettings | None = None, utc_now: Callable[[], datetime] = lambda: datetime.now(UTC),
        missing: Callable[[str], None] = lambda _key: None, library: VlcLibrary | None = None,
        patience: Patience | None = None,
    ) -> None:  # fmt: skip
        """libVLC is not looked for before something is opened that is its own.

        `missing` is told once, with the key of the words, that libVLC is not there or cannot do what is wanted of it.
        """
        self.settings = settings or VideoSettings()
        self.library = library or VlcLibrary()
        self._missing = missing
        self.live = PyavPlayer(patience, utc_now=utc_now, hardware=self.settings.hardware)
        self._vlc_live = VlcPlayer(self.library, False, patience, utc_now=utc_now)
        self._vlc_recorded = VlcPlayer(self.library, True, patience, utc_now=utc_now)
        self._recorded: list[RecordedFeed] = []
        self._told: set[str] = set()

    def open(self, camera_id: str, address_of: AddressOf, width: int, height: int) -> Feed:
        """A feed of a camera for a tile of this size in device pixels; cameras already open are not opened again."""
        for player in (self.live, self._vlc_live):
            if player.is_open(camera_id):
                return player.open(camera_id, address_of, width, height)
        if self.settings.player is Backend.PYAV:
            return self.live.open(camera_id, address_of, width, height)
        return ChoosingFeed(self.opened, camera_id, address_of, (width, height), is_recorded=False)

    def open_recorded(self, name: str, address_of: AddressOf, width: int, height: int) -> ChoosingFeed:
        """A feed of a recording: a file, or an archive's address. It ends, and is a playback, never live."""
        return ChoosingFeed(self.opened, name, address_of, (width, height), is_recorded=True)

    def close(self, wait_s: float = 0.0) -> None:
        """End every stream; waits up to wait_s for the threads."""
        deadline = time.monotonic() + wait_s
        for feed in self._recorded:
            feed.close()
        for player in (self.live, self._vlc_live, self._vlc_recorded):
            player.close(max(0.0, deadline - time.monotonic()))
        for feed in self._recorded:
            feed.join(max(0.0, deadline - time.monotonic()))
        self.library.join(max(0.0, deadline - time.monotonic()))

    def turn(self) -> None:
        """What has to be done once a second though no tile is seen."""
        self.live.turn()

    @property
    def decoding(self) -> int:
        """How many threads play, those that are ending included."""
        self._recorded = [feed for feed in self._recorded if feed.is_running]
        return self.live.decoding + self._vlc_live.decoding + self._vlc_recorded.decoding + len(self._recorded)

    def opened(self, name: str, answer: Answer, address_of: AddressOf, size: tuple[int, int], is_recorded: bool) -> Feed | None:
        """A feed of who plays this address; None while libVLC is being looked for. Says once where it is missed."""
        ask = (self.settings.player, _scheme(answer, is_recorded), is_recorded)
        chosen = backend_for(*ask, self.library.is_here, self.library.opens_rtsp)
        if chosen is None:
            self.library.look()
            return None
        if chosen is Backend.VLC:
            return (self._vlc_recorded if is_recorded else self._vlc_live).open(name, address_of, *size)
        if backend_for(*ask, True, True) is Backend.VLC:
            self._tell("video.vlc_no_rtsp" if self.library.is_here else "video.vlc_missing")
        if is_recorded and isinstance(answer, StreamAddress):
            feed = RecordedFeed(name, answer.url, size)
            self._recorded = [*(each for each in self._recorded if each.is_running), feed]
            return feed
        return self.live.open(name, address_of, *size)

    def _tell(self, key: str) -> None:
        if key not in self._told:
            self._told.add(key)
            self._missing(key)


def _scheme(answer: Answer, is_recorded: bool) -> str:
    """What an address begins with; that of a camera where the server gave none."""
    if not isinstance(answer, StreamAddress):
        return "rtsp"
    try:
        return urlsplit(answer.url).scheme.lower() or ("file" if is_recorded else "")
    except ValueError:
        return "rtsp"
