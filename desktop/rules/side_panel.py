"""Beside the table: what a version made different; of a draft what is wrong, its day, and the one button to load it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout

from desktop.seat import Seat

GOES_TO = Qt.ItemDataRole.UserRole


class SidePanel(QFrame):
    """Wishes: `load_wanted`, `discard_wanted`, `day_typed`, and `going` with what a chosen line is about."""

    load_wanted = Signal()
    discard_wanted = Signal()
    day_typed = Signal(str)
    going = Signal(object)

    def __init__(self, seat: Seat) -> None:
        """Nothing to say yet."""
        super().__init__()
        self._seat = seat
        self.setProperty("look", "form")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title, self.about, self.day_label, self.said, self.state = QLabel(), QLabel(), QLabel(), QLabel(), QLabel()
        self.title.setProperty("look", "name")
        self.about.setProperty("look", "dim")
        self.day_label.setProperty("look", "field")
        for label in (self.about, self.said, self.state):
            label.setWordWrap(True)
        self.day = QLineEdit()
        self.day.setMaxLength(20)
        self.lines = QListWidget()
        self.lines.setProperty("look", "lines")
        self.lines.setWordWrap(True)
        self.lines.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.lines.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.load, self.discard = QPushButton(), QPushButton()
        self.load.setProperty("look", "go")
        for button in (self.load, self.discard):
            button.setAutoDefault(False)
        self._lay_out()
        self.load.clicked.connect(self.load_wanted)
        self.discard.clicked.connect(self.discard_wanted)
        self.day.textEdited.connect(self.day_typed)
        self.lines.itemClicked.connect(self._go)
        self.lines.itemActivated.connect(self._go)

    def _lay_out(self) -> None:
        day = QHBoxLayout()
        day.addWidget(self.day_label)
        day.addWidget(self.day, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.load, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        for part in (self.title, self.about):
            column.addWidget(part)
        column.addLayout(day)
        for part, stretch in ((self.said, 0), (self.state, 0), (self.lines, 100)):
            column.addWidget(part, stretch)
        column.addStretch(1)
        column.addLayout(buttons)
        column.addWidget(self.discard, 0, Qt.AlignmentFlag.AlignRight)

    def head(self, title: str, about: str) -> None:
        """What this is, and a line about it."""
        self.title.setText(title)
        self.about.setText(about)
        self.about.setVisible(bool(about))

    def show_draft(self, is_one: bool) -> None:
        """Whether it is a draft: one has a day and can be loaded."""
        words = self._seat.words
        for part in (self.day, self.day_label, self.load, self.discard):
            part.setVisible(is_one)
        self.day_label.setText(words("rules.day"))
        self.day.setPlaceholderText(words("rules.day.hint"))

    def tell_state(self, sentence: str, look: str) -> None:
        """How it stands."""
        _look(self.state, look)
        self.state.setText(sentence)
        self.state.setVisible(bool(sentence))

    def tell(self, sentence: str, look: str = "dim") -> None:
        """What was refused or done, beside the day; nothing where the sentence is empty."""
        _look(self.said, look)
        self.said.setText(sentence)
        self.said.setVisible(bool(sentence))

    def refuse_day(self, is_refused: bool) -> None:
        """Whether the day is what is wrong."""
        if bool(self.day.property("refused")) != is_refused:
            self.day.setProperty("refused", is_refused)
            self.day.style().unpolish(self.day)
            self.day.style().polish(self.day)

    def show_lines(self, lines: Sequence[tuple[str, object]]) -> None:
        """Lines to read; one that is about a cell leads there."""
        self.lines.clear()
        self.lines.setVisible(bool(lines))
        for text, about in lines:
            item = QListWidgetItem(text)
            item.setData(GOES_TO, about)
            item.setToolTip(text)
            self.lines.addItem(item)

    def _go(self, item: QListWidgetItem) -> None:
        about = item.data(GOES_TO)
        if about is not None:
            self.going.emit(about)


def _look(label: QLabel, look: str) -> None:
    if label.property("look") != look:
        label.setProperty("look", look)
        label.style().unpolish(label)
        label.style().polish(label)
