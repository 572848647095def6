"""An officer's hands on a desk: keys, letters, lines."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from governance.incident import Case
from governance.people import Duty
from tests.fakes.desks import FakeDesk

KEY = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier


def press(qtbot: QtBot, desk: FakeDesk, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    """A key press of the officer: it goes to whatever has the focus."""
    qtbot.keyClick(desk.window.focusWidget() or desk.window, key, modifier)
    qtbot.waitUntil(lambda: not desk.window.keyboard.is_waiting)


def type_text(desk: FakeDesk, text: str) -> None:
    """Letters as the input method gives them, one after the other."""
    for letter in text:
        QApplication.sendEvent(desk.top.command, QKeyEvent(QEvent.Type.KeyPress, 0, NONE, letter))


def enter(qtbot: QtBot, desk: FakeDesk, line: str) -> None:
    """F2, a line, Enter."""
    press(qtbot, desk, KEY.Key_F2)
    desk.top.command.clear()
    type_text(desk, line)
    press(qtbot, desk, KEY.Key_Return)


def number(case: Case) -> str:
    """The running number of a case."""
    return case.incident.number[-4:]


def free_names(desk: FakeDesk, _case: Case, count: int = 2) -> list[str]:
    """Workers on duty whose names nobody else has."""
    people = desk.situation.workers.people()
    names = [worker.name for worker in people]
    found = [worker.name for worker in people if worker.duty is Duty.ON_DUTY and names.count(worker.name) == 1]
    return found[:count]
