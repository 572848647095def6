"""A line below the top bar for what went wrong; it stays until it is read."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from desktop.phrases import key_tip
from desktop.style.as_written import show_as_written
from desktop.words import Words


class Banner(QWidget):
    """Hidden until there is something to say."""

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        """An empty banner."""
        super().__init__(parent)
        self._words = words
        self.setProperty("look", "bar")
        self.setProperty("alarm", True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.text, self.button = QLabel(), QPushButton()
        self.text.setWordWrap(True)
        show_as_written(self.text)
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button.clicked.connect(self.hide)
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 4, 14, 4)
        line.addWidget(self.text, 1)
        line.addWidget(self.button)
        self.retell()
        self.hide()

    def say(self, text: str) -> None:
        """Say what went wrong."""
        self.text.setText(text)
        self.show()

    def retell(self) -> None:
        """Say the button again, in the language of now."""
        self.button.setText(self._words("banner.close"))
        self.button.setToolTip(key_tip(self._words, "back"))
