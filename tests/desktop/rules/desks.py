"""An administrator's desk with the rules open, and what is done on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.link.from_server import Enquired
from desktop.link.to_server import Enquire
from desktop.rules.rules_desk import RulesDesk
from governance.people import Officer, Role
from governance.refusal import Refused
from tests.fakes import situations
from tests.fakes.desks import FakeDesk
from wire.rules_requests import CheckRules, Wrong

Opened = Callable[..., FakeDesk]
ADMIN: Officer = replace(situations.OFFICER, role=Role.ADMINISTRATOR, name="吴蓉")
AUDITOR: Officer = replace(situations.OFFICER, role=Role.AUDITOR, shift=None)


def asked(desk: FakeDesk, kind: type) -> list[Enquire]:
    return [wish for wish in desk.wishes if isinstance(wish, Enquire) and isinstance(wish.request, kind)]


def answer(desk: FakeDesk, kind: type, reply: Any, refused: Refused | None = None) -> None:
    desk.shifts.talk.came(Enquired(asked(desk, kind)[-1].key, reply, refused))


def rules(desk: FakeDesk) -> RulesDesk:
    return desk.window.rules


def write(qtbot: QtBot, desk: FakeDesk, row: int, column: int, text: str) -> None:
    """A cell is written by keys."""
    cells, before = rules(desk).view.cells, rules(desk).loading._asked
    cells.setFocus()
    cells.setCurrentIndex(cells.model().index(row, column))
    qtbot.keyClick(cells, Qt.Key.Key_Return)
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.setText(text)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: rules(desk).loading._asked > before)


def check(qtbot: QtBot, desk: FakeDesk, reply: Any, count: int = 1) -> CheckRules:
    """The draft is checked, and the server says this."""
    qtbot.waitUntil(lambda: len(asked(desk, CheckRules)) >= count, timeout=5000)
    answer(desk, CheckRules, reply)
    request = asked(desk, CheckRules)[-1].request
    assert isinstance(request, CheckRules)
    return request


def wrong(path: tuple[str | int, ...], code: str, file: str = "limits.csv", **params: str) -> Wrong:
    return Wrong(file, 2, 1, path, code, params)
