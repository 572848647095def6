"""A sheet over the panels: comes by its action, lies between the bars, and is put away by Esc or what would work behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget

from governance.refusal import Refused

STAYS = frozenset({"back", "keys", "language", "theme", "seen", "mute", "send"})
"""Actions that leave a sheet where it is, beside its own."""
Answer = Callable[[Any, Refused | None], None]
Ask = Callable[[Any, Answer], None]
"""Puts a question to the server; it is answered once, on the main thread."""


class SheetView(QFrame):
    """The widget of a sheet: hidden until asked for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """It covers nothing yet."""
        super().__init__(parent)
        self.room: Callable[[], QRect] = QRect
        """The part of the window that sheets may cover: between the bars."""
        self.setProperty("look", "overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def place(self) -> None:
        """Stand over the panels, between the bars."""
        raise NotImplementedError

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window has another size: the sheet too, now and when its parts have found their places."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.place()
            QTimer.singleShot(0, self, self.place)
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """No key that a field of the sheet left alone works behind it."""
        event.accept()


class Sheet(QObject):
    """What the action of a sheet opens. A kind of sheet says what it does when it comes, and what a step within it is."""

    closed = Signal()
    """The sheet was closed: the keys go back."""
    is_home = False
    """Whether it is all there is on this desk, and stays."""
    stays: frozenset[str] = frozenset()
    """Actions that leave this kind of sheet where it is, for it stands beside what they are about."""

    def __init__(self, action: str, view: SheetView) -> None:
        """Hidden; `action` of the key table opens it."""
        super().__init__()
        self._action, self._view = action, view

    # ---- what a kind of sheet says ---------------------------------------------------------------------------------

    def come(self) -> None:
        """Show the sheet and read what there is now."""
        raise NotImplementedError

    def step_within(self) -> bool:
        """One step out of something on the sheet, as of what is to be confirmed; whether there was one."""
        return False

    def put_away(self) -> None:
        """The desk closes, or the sheet does: keep what has to be kept."""

    # ---- what every sheet does -------------------------------------------------------------------------------------

    def live_in(self, window: QWidget, room: Callable[[], QRect]) -> None:
        """The sheet lies over this window, within the room between its bars."""
        self.setParent(window)
        self._view.room = room
        self._view.setParent(window)
        self._view.hide()
        window.installEventFilter(self._view)

    def switch(self) -> None:
        """Show the sheet, or put it away; what stays is only read anew."""
        if not self.step_out():
            self.come()

    def step_out(self) -> bool:
        """One step out: within the sheet, or of it; whether there was one."""
        if not self._view.isVisible():
            return False
        if not self.step_within() and not self.is_home:
            self._close()
        return True

    def leave_for(self, name: str) -> None:
        """Another action is done: one that would work behind the sheet puts it away."""
        if name not in STAYS | self.stays and name != self._action and self._view.isVisible() and not self.is_home:
            self._close()

    def _close(self) -> None:
        self.put_away()
        self._view.hide()
        self.closed.emit()
