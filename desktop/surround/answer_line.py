"""What became of the last line or order: under way, carried out, refused and why; it stays until the next one."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop.style.as_written import show_as_written, tip_as_written

SIGNS = {"dim": "…", "live": "✓", "refused": "×", "warn": "!", "ask": "?"}
"""Said by a sign as well as by colour."""


class AnswerLine(QLabel):
    """One line, as wide as there is room; the whole of it stands in the tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Nothing to say."""
        super().__init__(parent)
        self.said = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setProperty("size", "small")
        show_as_written(self)
        self.hide()

    def say(self, text: str, look: str) -> None:
        """Say something: dim under way, live carried out, refused, warn, ask what will be sent."""
        self.said = f"{SIGNS[look]} {text}"
        shown = "name" if look == "ask" else look
        if self.property("look") != shown:
            self.setProperty("look", shown)
            self.style().unpolish(self)
            self.style().polish(self)
        self.setToolTip(tip_as_written(text))
        self._elide()
        self.show()

    def minimumSizeHint(self) -> QSize:
        """As narrow as need be."""
        return QSize(40, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Elide to the width."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        self.setText(self.fontMetrics().elidedText(self.said, Qt.TextElideMode.ElideRight, self.width()))
