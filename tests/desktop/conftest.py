"""A desk of one officer for every test that asks for one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.style.sheet import sheet
from tests.fakes.desks import FakeDesk


@pytest.fixture
def new_desk(qtbot: QtBot, tmp_path: Path) -> Callable[..., FakeDesk]:
    """Makes desks, shown at a size; all of them share one home."""

    def make(width: int = 1920, height: int = 1080, **how: object) -> FakeDesk:
        desk = FakeDesk(tmp_path, **how)  # type: ignore[arg-type]
        desk.window.setStyleSheet(sheet(desk.seat.palette))
        qtbot.addWidget(desk.window)
        desk.window.resize(width, height)
        desk.window.show()
        qtbot.waitExposed(desk.window)
        desk.window.activateWindow()
        desk.window.give_keys_back()
        qtbot.waitUntil(desk.board.view.hasFocus)
        return desk

    return make


@pytest.fixture
def desk(new_desk: Callable[..., FakeDesk]) -> FakeDesk:
    """A duty officer's desk at 1920x1080, in Chinese, at night."""
    return new_desk()
