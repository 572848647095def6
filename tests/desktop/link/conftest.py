"""A scripted server, and a desk linked to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.link import from_server as told
from tests.desktop.link.linked_desk import Desk
from tests.fakes.scripted_server import ScriptedServer


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    scripted = ScriptedServer()
    scripted.start()
    yield scripted
    scripted.stop()


@pytest.fixture
def desk(server: ScriptedServer, tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(server, tmp_path / "packs")
    yield opened
    opened.link.stop()


@pytest.fixture
def seated(desk: Desk) -> Desk:
    """A desk that is signed on and hears the feed and the lane."""
    desk.log_on()
    desk.hear(told.SnapshotCame)
    desk.hear(told.LinkState, lambda state: state.lag_s > 0)  # a heartbeat came: the feed is heard
    return desk
