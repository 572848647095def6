"""A shift lead's desk before a wall."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from tests.desktop.on_wall.wall_at_desk import LAID, LEAD, WallAtDesk
from tests.fakes.desks import FakeDesk


@pytest.fixture
def wall(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> WallAtDesk:
    made = WallAtDesk(new_desk(officer=LEAD))
    made.stands(LAID)
    return made
