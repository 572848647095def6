"""A real desk in this process: its window, its link to the real server, worked by keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.arguments import DeskArguments
from desktop.desk import Desk
from desktop.desk_window import DeskWindow
from desktop.duty_window import DutyWindow
from desktop.link.sockets import ServerAddress
from desktop.link.thread import Link
from desktop.map.gl_check import gl_is_usable
from desktop.settings import DeskFolder
from desktop.words import Words
from tests.together.at_work import ServerAtWork, until

NOTHING = Qt.KeyboardModifier.NoModifier


class RealDesk:
    """One officer's desk from signing on; keys go where the focus is."""

    def __init__(self, qtbot: QtBot, work: ServerAtWork, login: str, folder: Path) -> None:
        """Signed on, with the situation on the screen."""
        self.qtbot, self.work = qtbot, work
        desk_folder, words = DeskFolder(folder / login), Words("zh")
        address = ServerAddress(work.settings.desk_endpoint, work.server_key)
        self.window = DeskWindow(words, desk_folder, "night", address.desk_endpoint, gl_is_usable()[0])
        self.window.dress()
        arguments = DeskArguments(address.desk_endpoint, work.server_key, login, work.passwords[login])
        self.desk = Desk(arguments, desk_folder, Link(address, folder / login), self.window, words)
        qtbot.addWidget(self.window)
        self.window.resize(1366, 768)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.activateWindow()
        self.desk.start()
        self.until(lambda: self.desk.duty and self.desk.situation.epoch, f"{login} is at work")

    @property
    def duty(self) -> DutyWindow:
        """The window of the officer who sits here."""
        assert self.desk.duty is not None
        return self.desk.duty

    @property
    def who(self) -> str:
        """The name of the officer who sits here."""
        return self.desk.seat.officer.name if self.desk.seat else ""

    def until(self, holds: Callable[[], Any], what: str, patience_s: float = 30.0) -> Any:
        """What a question answers once its answer is true; the desk goes on meanwhile."""
        return until(holds, what, patience_s, lambda: self.qtbot.wait(10))

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NOTHING) -> None:
        """A key where the focus is."""
        self.qtbot.keyClick(QApplication.focusWidget() or self.duty, key, modifier)

    def type(self, text: str) -> None:
        """Letters where the focus is."""
        self.qtbot.keyClicks(QApplication.focusWidget(), text)

    def close(self) -> None:
        """Everything has ended."""
        self.desk.stop()
