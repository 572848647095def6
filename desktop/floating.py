"""Panels in windows of their own, on another screen where there is one; they come back when closed, or their screen is gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QRect, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

FLOATABLE = ("board", "card", "video")
LEAST_SEEN_PX = 80
"""So much of a window must lie on a screen, else nobody could take hold of it."""


class PanelWindow(QWidget):
    """One panel outside the splitter. A tool window: the keys of the window it belongs to work in it too."""

    closing = Signal()

    def __init__(self, owner: QWidget, panel: QWidget) -> None:
        """A window around a panel, not shown yet."""
        super().__init__(owner, Qt.WindowType.Tool)
        self._owner = owner
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(panel)
        panel.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What the panel did not want is the owner's."""
        self._owner.keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing brings the panel back; it is never lost."""
        event.ignore()
        self.closing.emit()


class Floating(QObject):
    """Which panels of a splitter stand in windows of their own. Main thread only."""

    changed = Signal()

    def __init__(self, owner: QWidget, splitter: QSplitter, panels: Mapping[str, QWidget], title: Callable[[str], str]) -> None:
        """Every panel in its place; `title` names one in the language of now."""
        super().__init__(owner)
        self._owner, self._splitter, self._panels, self._title = owner, splitter, panels, title
        self._sizes: list[int] = []
        """Of the splitter, when the last panel was still in it."""
        self.windows: dict[str, PanelWindow] = {}

    def switch(self, name: str) -> None:
        """Take a panel out of the window, or put it back."""
        if name in self.windows:
            self.put_back(name)
        else:
            panel = self._panels[name]
            corner, size = panel.mapToGlobal(panel.rect().topLeft()), panel.size()
            self._take_out(name, self._elsewhere(QRect(corner.x() + 40, corner.y() + 40, size.width(), size.height())))
        self.changed.emit()

    def put_back(self, name: str) -> None:
        """A panel is in its place again."""
        window = self.windows.pop(name)
        here = [each for each in self._panels if each not in self.windows]
        self._splitter.insertWidget(here.index(name), self._panels[name])
        self._panels[name].show()
        window.hide()
        window.deleteLater()
        if not self.windows:
            self._splitter.setSizes(self._sizes)
        self.changed.emit()

    def sizes(self) -> list[int]:
        """The widths of all panels, as they are or were with every one in its place."""
        return self._sizes if self.windows else self._splitter.sizes()

    def places(self) -> dict[str, list[int]]:
        """Panel -> left, top, width and height of its window on the screens."""
        found = {name: window.geometry() for name, window in self.windows.items()}
        return {name: [box.x(), box.y(), box.width(), box.height()] for name, box in found.items()}

    def restore(self, places: Mapping[str, list[int]]) -> None:
        """Take out what was out; a window whose screen is missing stays in."""
        for name, (left, top, width, height) in places.items():
            box = QRect(left, top, width, height)
            if name in FLOATABLE and name in self._panels and name not in self.windows and is_seen(box):
                self._take_out(name, box)

    def show(self, is_shown: bool) -> None:
        """The windows are there exactly while their owner is."""
        for window in self.windows.values():
            window.setVisible(is_shown)

    def retell(self) -> None:
        """Say the titles again, in the language of now."""
        for name, window in self.windows.items():
            window.setWindowTitle(self._title(name))

    def _take_out(self, name: str, box: QRect) -> None:
        if not self.windows:
            self._sizes = self._splitter.sizes()
        window = PanelWindow(self._owner, self._panels[name])
        window.closing.connect(lambda: self.put_back(name))
        self.windows[name] = window
        self.retell()
        window.setGeometry(box)
        window.setVisible(self._owner.isVisible())

    def _elsewhere(self, box: QRect) -> QRect:
        """The same size on a screen the owner is not on; where there is none, a little aside."""
        for screen in QGuiApplication.screens():
            if screen is not self._owner.screen():
                free = screen.availableGeometry()
                return QRect(free.x(), free.y(), min(box.width(), free.width()), min(box.height(), free.height()))
        return box


def is_seen(box: QRect) -> bool:
    """Whether enough of a window would lie on some screen."""
    parts = [screen.availableGeometry().intersected(box) for screen in QGuiApplication.screens()]
    return any(part.width() >= LEAST_SEEN_PX and part.height() >= LEAST_SEEN_PX for part in parts)
