"""The duty log of the shift: its lines, the newest at the bottom, and a line to write."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout

from desktop.phrases import moment_text, refusal_sentence
from desktop.seat import Seat
from governance.handover_paper import SECTION_OF_KIND
from governance.refusal import Refused
from governance.shift_log import INSTRUCTS, WRITERS, LogLine

NAMES_A_SHIFT = frozenset({"handover_began", "signed_in", "shift_opened"})
LINE_ROLE = Qt.ItemDataRole.UserRole


class LogPanel(QFrame):
    """Wishes: `written` with a kind and a text, `finished` with the number of a line that is done; `typed` on a change."""

    written = Signal(str, str)
    finished = Signal(object)
    """int."""
    typed = Signal()

    def __init__(self, seat: Seat) -> None:
        """An empty log."""
        super().__init__()
        self._seat = seat
        self._lines: tuple[LogLine, ...] = ()
        self._refused: Refused | None = None
        self.title, self.list, self.said = QLabel(), QListWidget(), QLabel()
        self.title.setProperty("look", "name")
        self.said.setProperty("look", "refused")
        self.said.setWordWrap(True)
        self.said.hide()
        self.list.setProperty("look", "lines")
        self.list.setWordWrap(True)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.kind, self.line = QComboBox(), QLineEdit()
        kinds = ("note", "callback", "instruction") if seat.officer.role in INSTRUCTS else ("note", "callback")
        for each in kinds:
            self.kind.addItem("", each)
        write = QHBoxLayout()
        write.setSpacing(6)
        write.addWidget(self.kind)
        write.addWidget(self.line, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.title)
        column.addWidget(self.list, 1)
        column.addLayout(write)
        column.addWidget(self.said)
        self.line.returnPressed.connect(self._write)
        self.line.textChanged.connect(self.typed)
        self.list.itemActivated.connect(self._finish)
        for part in (self.kind, self.line):
            part.setEnabled(seat.officer.role in WRITERS)
        self.retell()

    def show_lines(self, lines: Sequence[LogLine]) -> None:
        """Show these, the newest in sight unless somebody reads further up."""
        if tuple(lines) == self._lines and self.list.count():
            return
        bar = self.list.verticalScrollBar()
        at_end, was_at = bar.value() >= bar.maximum() - 4, bar.value()
        chosen = self.list.currentRow()
        self._lines = tuple(lines)
        self.retell()
        if at_end:
            self.list.scrollToBottom()
        else:
            bar.setValue(was_at)
        self.list.setCurrentRow(chosen)

    def taken(self) -> None:
        """The line is in the log."""
        self._refused = None
        self.line.clear()
        self.said.hide()

    def refuse(self, refused: Refused) -> None:
        """Say why not, beside the line; what was typed stays."""
        self._refused = refused
        self.said.setText(refusal_sentence(self._seat.words, refused))
        self.said.show()

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        words, now = self._seat.words, self._seat.now()
        self.title.setText(words("log.title"))
        self.line.setPlaceholderText(words("log.hint"))
        for number in range(self.kind.count()):
            self.kind.setItemText(number, words(f"log.kind.{self.kind.itemData(number)}"))
        if self._refused is not None:
            self.refuse(self._refused)
        self.list.clear()
        for line in self._lines:
            item = QListWidgetItem(f"{moment_text(line.at, now)}  {self.sentence(line)}")
            item.setData(LINE_ROLE, line)
            is_open = line.kind in SECTION_OF_KIND and not line.is_done
            item.setForeground(QColor(self._seat.palette.urgent if is_open else self._seat.palette.text))
            if is_open:
                item.setToolTip(words("log.done.tip"))
            self.list.addItem(item)
        if not self._lines:
            empty = QListWidgetItem(words("log.empty"))
            empty.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(empty)

    def sentence(self, line: LogLine) -> str:
        """One line in words: what, about which incident, who."""
        words = self._seat.words
        key = f"log.{line.kind}" if words.has(f"log.{line.kind}") else "log.other"
        text = line.text
        if line.kind in NAMES_A_SHIFT and words.has(f"shift.{text}"):
            text = words(f"shift.{text}")
        said = words(key, text=text, post=line.post, kind=line.kind).strip()
        done = words("log.done.mark") if line.is_done else ""
        return words("sep").join(filter(None, (said, line.incident_number.rpartition("-")[2], line.who, done)))

    def _write(self) -> None:
        self.written.emit(self.kind.currentData(), self.line.text())

    def _finish(self, item: QListWidgetItem) -> None:
        line = item.data(LINE_ROLE)
        if isinstance(line, LogLine) and line.kind in SECTION_OF_KIND and not line.is_done:
            self.finished.emit(line.number)
