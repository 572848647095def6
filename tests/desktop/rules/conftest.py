"""Desks on which the rules are open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from desktop.style.sheet import sheet
from governance.people import Officer
from tests.desktop.rules import made_up
from tests.desktop.rules.desks import ADMIN, answer
from tests.fakes.desks import FakeDesk
from wire.rules_requests import ReadRules


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Callable[..., FakeDesk]:
    """Makes desks on which the rules are open and read; all of them share one home."""

    def make(officer: Officer = ADMIN, width: int = 1366, height: int = 768, is_read: bool = True, **how: Any) -> FakeDesk:
        desk = FakeDesk(tmp_path, officer=officer, **how)
        desk.window.setStyleSheet(sheet(desk.seat.palette))
        qtbot.addWidget(desk.window)
        desk.window.resize(width, height)
        desk.window.show()
        qtbot.waitExposed(desk.window)
        desk.window.activateWindow()
        qtbot.waitUntil(desk.window.isActiveWindow)
        if officer is not ADMIN:
            desk.window.act("rules")
        if is_read:
            answer(desk, ReadRules, made_up.read(may_change=officer is ADMIN))
            desk.window.rules.take_keys()
        return desk

    return make
