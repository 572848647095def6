"""A recording played by PyAV: a clip of ours, a file, or what an archive serves. For desks without libVLC."""

from __future__ import annotations

import av
from av.container import InputContainer

from desktop.video_wall.players.past import Coded, Form
from desktop.video_wall.players.playback import NoDecoder, NoPictures, Playing
from desktop.video_wall.players.taping import Unwrapping
from governance.camera import StreamKind

OPEN_S = 8.0
LEAD_S = 1.0
"""The first picture of a recording is at this time of its clock: nothing is at none."""


class FileReader:
    """Reads a file or address from its first picture on; times are seconds from its beginning. One thread."""

    def __init__(self, url: str) -> None:
        """Nothing is opened before the first picture is asked for."""
        self._url = url
        self._container: InputContainer | None = None
        self._unwrapping: Unwrapping | None = None
        self._first_s: float | None = None
        self._seek_s: float | None = None
        self.length_s = 0.0

    def seek(self, at: float) -> bool:
        """Go on with the key picture before a time."""
        self._seek_s = at if at > 0.0 or self._container is not None else None
        return True

    def next(self) -> tuple[Form, Coded] | None:
        """The next picture; EOFError after the last. FFmpeg's errors go through."""
        container = self._container or self._opened()
        assert self._unwrapping is not None
        if self._seek_s is not None:
            container.seek(round((self._seek_s + (self._first_s or 0.0)) * av.time_base))
            self._seek_s = None
        for packet in container.demux(container.streams.video[0]):
            if packet.size == 0:
                break
            stamp = packet.pts if packet.dts is None else packet.dts
            if stamp is None:
                continue
            stamp_s = float(stamp * packet.time_base)
            self._first_s = stamp_s if self._first_s is None else self._first_s
            at = stamp_s - self._first_s
            data = self._unwrapping.data_of(packet)
            return self._unwrapping.form, Coded(data, packet.is_keyframe, at, at + LEAD_S)
        raise EOFError

    def close(self) -> None:
        """Close the file."""
        if self._container is not None:
            self._container.close()

    def _opened(self) -> InputContainer:
        container = av.open(self._url, timeout=(OPEN_S, OPEN_S), options={"rtsp_transport": "tcp"})
        if not container.streams.video:
            container.close()
            raise NoPictures
        if container.streams.video[0].codec_context is None:
            container.close()
            raise NoDecoder
        self._container, self._unwrapping = container, Unwrapping(container.streams.video[0], StreamKind.MAIN)
        self.length_s = (container.duration or 0) / av.time_base
        return container


class RecordedFeed(Playing):
    """A recording in a tile."""

    def __init__(self, name: str, url: str, size: tuple[int, int]) -> None:
        """Begin at its beginning."""
        self._file = FileReader(url)
        super().__init__(name, self._file, 0.0, size)

    @property
    def position_s(self) -> float:
        """How far it was played."""
        return max(0.0, self._shown_clock_s - LEAD_S)

    @property
    def length_s(self) -> float:
        """How long it is; 0 while that is not known."""
        return self._file.length_s

    def seek(self, at_s: float) -> None:
        """Go on so many seconds from its beginning."""
        self.go_to(max(0.0, at_s))

    def to_live(self) -> None:
        """A recording has no now: it goes on."""

    def retry(self) -> None:
        """Play it again, from its beginning."""
        self.seek(0.0)
