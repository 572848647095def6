"""A desk that is nothing but its link, and what it was told."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from desktop.link import from_server as told
from desktop.link.sockets import ServerAddress
from desktop.link.thread import Link
from desktop.link.to_server import LogOn
from governance.camera import CameraState
from governance.changes import CameraChanged, Change
from tests.fakes.scripted_server import PASSWORD, ScriptedServer

T = TypeVar("T")
PATIENCE_S = 15.0


class Desk:
    """A link and everything it has said so far."""

    def __init__(self, server: ScriptedServer, folder: Path) -> None:
        self.link = Link(ServerAddress(server.endpoints[0], server.public), folder)
        self.link.start()
        self.said: list[told.FromServer] = []

    def log_on(self, password: str = PASSWORD, **more: Any) -> None:
        self.link.submit(LogOn("wang", password, **more))

    def hear(self, kind: type[T], fits: Callable[[T], bool] = lambda _: True, after: int = 0) -> T:
        """The first such thing said after a place in what was said; waits for it."""
        give_up_at = time.monotonic() + PATIENCE_S
        while True:
            for each in self.said[after:]:
                if isinstance(each, kind) and fits(each):
                    return each
            try:
                self.said.append(self.link.arrived.get(timeout=0.05))
            except queue.Empty:
                assert time.monotonic() < give_up_at, f"no {kind.__name__} among {[type(s).__name__ for s in self.said]}"

    def numbers(self) -> list[int]:
        """The numbers of all changes delivered so far."""
        return [change.number for batch in self.said if isinstance(batch, told.ChangesCame) for change in batch.changes]


def change(number: int, stream: str = "s/1") -> Change:
    return Change(stream, number, datetime.now(UTC), None, CameraChanged(f"c{number}", CameraState.FAULT))


def until(holds: Callable[[], bool]) -> None:
    """Wait for a condition."""
    give_up_at = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < give_up_at
        time.sleep(0.01)
