"""One watched stream of one simulated camera: encoded while somebody watches, handed to everybody who does."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Protocol

from server.drill.camera_encoder import AccessUnit, Encoder, Stream
from server.drill.camera_faults import Fault
from server.drill.camera_picture import CameraPicture
from server.drill.camera_strip import frame_at

log = logging.getLogger(__name__)


class Viewer(Protocol):
    """Whoever takes the encoded pictures."""

    def take(self, unit: AccessUnit, due_s: float) -> bool:
        """Send one access unit; False where the viewer is too slow and needs a key picture to go on."""
        ...

    def drop(self) -> None:
        """Break the connection at once."""
        ...


class Source:
    """Paces and encodes one stream; lives in the event loop, draws and encodes in the executor."""

    def __init__(
        self, camera: str, name: str, stream: Stream, executor: Executor, fault_now: Callable[[], Fault | None]
    ) -> None:
        self.camera = camera
        self.stream = stream
        self._name = name
        self._executor = executor
        self._fault_now = fault_now
        self._viewers: set[Viewer] = set()
        self._waiting: set[Viewer] = set()
        """Viewers that get nothing before the next key picture."""
        self._last_key: AccessUnit | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def viewers(self) -> int:
        """How many watch it now."""
        return len(self._viewers)

    def join(self, viewer: Viewer) -> None:
        """Hand this viewer every picture from the next one on, which will be a key picture."""
        self._viewers.add(viewer)
        self._waiting.add(viewer)
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name=f"source {self.camera}/{self.stream.name}")
            self._task.add_done_callback(self._ended)

    def leave(self, viewer: Viewer) -> None:
        """Stop handing pictures to a viewer; the last one to leave stops the encoder."""
        self._viewers.discard(viewer)
        self._waiting.discard(viewer)
        if not self._viewers and self._task is not None:
            self._task.cancel()
            self._task = None

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A source that broke drops its viewers, who will try again, and says why."""
        if task.cancelled() or task.exception() is None:
            return
        log.error("a camera's source broke", exc_info=task.exception())
        for viewer in tuple(self._viewers):
            viewer.drop()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        stream = self.stream
        picture = await loop.run_in_executor(
            self._executor, CameraPicture, self.camera, self._name, stream.width, stream.height
        )
        encoder = Encoder(stream)
        count = int(time.time() * stream.fps) + 1
        while True:
            await asyncio.sleep(max(0.0, count / stream.fps - time.time()))
            due_s = count / stream.fps
            fault = self._fault_now()
            if fault is Fault.DEAD:
                for viewer in tuple(self._viewers):
                    viewer.drop()
            elif fault is Fault.FREEZE and self._last_key is not None:
                self._hand_out(self._last_key, due_s)
            elif fault is None or fault is Fault.FREEZE:
                force_key = bool(self._waiting)
                unit = await loop.run_in_executor(
                    self._executor, _drawn_and_encoded, picture, encoder, due_s, stream.fps, force_key
                )
                if unit.is_key:
                    self._last_key = unit
                self._hand_out(unit, due_s)
            count = max(count + 1, int(time.time() * stream.fps))

    def _hand_out(self, unit: AccessUnit, due_s: float) -> None:
        if unit.is_key:
            self._waiting.clear()
        for viewer in self._viewers - self._waiting:
            if not viewer.take(unit, due_s):
                self._waiting.add(viewer)


def _drawn_and_encoded(picture: CameraPicture, encoder: Encoder, due_s: float, fps: int, force_key: bool) -> AccessUnit:
    return encoder.encode(picture.at(due_s, frame_at(due_s + 1e-6, fps)), force_key)
