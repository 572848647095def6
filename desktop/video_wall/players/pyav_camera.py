"""One watched camera: the stream of it that is shown, and, while the other one is wanted, that one until it has a picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from desktop.video_wall.players.pyav_stream import CameraStream
from desktop.video_wall.watchdog import Watch
from governance.camera import StreamKind

MAIN_AGAIN_S = 30.0
"""A main stream that could not be had is tried again after this time; until then the sub stream is shown."""


class WatchedCamera:
    """Main thread only; turn() it as often as it is looked at."""

    def __init__(
        self, camera_id: str, kind: StreamKind, make: Callable[[str, StreamKind], CameraStream],
        retire: Callable[[CameraStream], None],
    ) -> None:  # fmt: skip
        """Begin with a stream; `make` makes further ones, not started, `retire` takes those that are not needed any more."""
        self.camera_id = camera_id
        self._make, self._retire = make, retire
        self._wanted = kind
        self._size = (2, 2)
        self._main_from = 0.0
        self.coming: CameraStream | None = None
        self.shown = make(camera_id, kind)
        self.shown.tape.is_on = True

    def start(self) -> None:
        """Ask for the address of the first stream and open it."""
        self.shown.start()

    @property
    def streams(self) -> tuple[CameraStream, ...]:
        """What is decoded of this camera now."""
        return (self.shown,) if self.coming is None else (self.shown, self.coming)

    @property
    def is_main(self) -> bool:
        """Whether the main stream is seen."""
        return self.shown.kind is StreamKind.MAIN

    def watch(self) -> Watch:
        """What is known about what is shown."""
        return replace(self.shown.watch, thrift=self.shown.thrift)

    def want(self, kind: StreamKind) -> None:
        """Say which stream is to be seen; the other one goes on until this one has a picture."""
        self._wanted = kind

    def fit(self, size: tuple[int, int]) -> None:
        """Scale to a size."""
        self._size = size
        for stream in self.streams:
            stream.size = size

    def turn(self, now: float) -> None:
        """Open, take over or give up the other stream; ask for addresses that are needed."""
        self._judge(now)
        aim = self._aim(now)
        if self.coming is not None and (aim is self.shown.kind or aim is not self.coming.kind):
            self._give_up()
        if aim is not self.shown.kind and self.coming is None:
            self.coming = self._make(self.camera_id, aim)
            self.coming.size = self._size
            self.coming.start()
        for stream in self.streams:
            stream.ask_if_needed()

    def close(self) -> None:
        """End everything of this camera."""
        for stream in self.streams:
            self._retire(stream)
        self.coming = None

    def _judge(self, now: float) -> None:
        """Whether the other stream has come, or will not."""
        coming = self.coming
        if coming is None:
            return
        if coming.watch.failure is None and coming.picture is not None:
            self._retire(self.shown)
            coming.tape.is_on = True
            self.shown, self.coming = coming, None
        elif coming.watch.failure is not None and coming.kind is StreamKind.MAIN:
            self._main_from = now + MAIN_AGAIN_S
            self._give_up()

    def _aim(self, now: float) -> StreamKind:
        """The stream that is to be shown: not a main stream that fails, while there is a sub stream to try."""
        is_down = now < self._main_from or (self.is_main and self.shown.watch.failure is not None)
        return StreamKind.SUB if is_down else self._wanted

    def _give_up(self) -> None:
        if self.coming is not None:
            self._retire(self.coming)
            self.coming = None
