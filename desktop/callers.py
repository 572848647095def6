"""Numbers that called before: asked of the server when one is typed, told to whoever waits; nothing is kept."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from desktop.link.from_server import CallerTold
from desktop.link.to_server import AskCaller


class Callers(QObject):
    """Main thread only."""

    came = Signal(object)
    """CallerTold."""

    def __init__(self, submit: Callable[[AskCaller], object], parent: QObject | None = None) -> None:
        """`submit` must not block."""
        super().__init__(parent)
        self._submit = submit

    def ask(self, phone: str) -> None:
        """Ask where a number called from last."""
        self._submit(AskCaller(phone))

    def answer(self, message: CallerTold) -> None:
        """Tell whoever waits."""
        self.came.emit(message)
