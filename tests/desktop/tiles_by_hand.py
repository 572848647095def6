"""The tiles of a desk, filled and read as an officer would."""

from __future__ import annotations

from desktop.video_panel import VideoPanel
from tests.fakes.desks import FakeDesk


def tiles(desk: FakeDesk) -> VideoPanel:
    """The tiles of a desk."""
    assert desk.window.video is not None
    return desk.window.video


def ids(desk: FakeDesk, count: int) -> list[str]:
    """The first cameras of the district."""
    return [camera.id for camera in desk.situation.cameras.all()[:count]]


def fill(desk: FakeDesk, count: int = 4) -> list[str]:
    """Show so many cameras."""
    cameras = ids(desk, count)
    for camera in cameras:
        tiles(desk).add(camera)
    return cameras


def shown(desk: FakeDesk) -> list[str]:
    """The cameras of all slots that have room, in reading order; empty where none is shown."""
    board = tiles(desk).board
    return [board.tiles.slots[at].camera for at in board.tiles.seen()]
