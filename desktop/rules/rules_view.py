"""Ctrl+6: the rules over the panels: versions at the left, one part as a table, beside it what differs or is wrong."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout

from desktop.rules.cell_table import CellTable
from desktop.rules.cell_view import CellView
from desktop.rules.saying import Names, mistake_text
from desktop.rules.side_panel import SidePanel
from desktop.rules.tables import PARTS
from desktop.seat import Seat
from desktop.sheet import SheetView

WIDE_FROM_PX = 1600
LEFT_PX, SIDE_PX = (200, 250), (320, 420)
"""Of the versions and of what is beside the table, on a narrow and on a wide screen."""
DRAFT = 0
"""Stands for the draft among the numbers of versions."""
NUMBER = Qt.ItemDataRole.UserRole


class RulesView(SheetView):
    """Hidden until asked for. Wishes: `version_wanted` (0: the draft), `part_wanted`, add, drop, import and export."""

    version_wanted = Signal(int)
    part_wanted = Signal(str)
    add_wanted = Signal()
    drop_wanted = Signal()
    import_wanted = Signal()
    export_wanted = Signal()

    def __init__(self, seat: Seat) -> None:
        """Nothing read yet."""
        super().__init__()
        self._seat = seat
        self.names = Names()
        self.title, self.state, self.hint, self.note, self.empty = QLabel(), QLabel(), QLabel(), QLabel(), QLabel()
        self.count, self.versions_label = QLabel(), QLabel()
        self.versions = QListWidget()
        self.tabs = {part: QPushButton() for part in PARTS}
        self.filter = QLineEdit()
        self.add, self.drop, self.bring, self.export = QPushButton(), QPushButton(), QPushButton(), QPushButton()
        self.table = CellTable(seat, self.names)
        self.cells = CellView(seat, self.names, self.table)
        self.side = SidePanel(seat)
        self._lay_out()
        self._connect()
        self.hide()

    def _lay_out(self) -> None:
        self.title.setProperty("look", "title")
        for label in (self.state, self.hint, self.empty, self.count):
            label.setProperty("look", "dim")
        self.versions_label.setProperty("look", "field")
        self.note.setProperty("look", "refused")
        self.note.setWordWrap(True)
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.versions.setProperty("look", "lines")
        self.versions.setWordWrap(True)
        head = QHBoxLayout()
        head.setSpacing(12)
        for part in (self.title, self.state):
            head.addWidget(part)
        head.addStretch(1)
        for part in (self.bring, self.export, self.hint):
            head.addWidget(part)
        tools = QHBoxLayout()
        tools.setSpacing(4)
        for button in self.tabs.values():
            button.setProperty("look", "choice")
            button.setCheckable(True)
            tools.addWidget(button)
        tools.addSpacing(8)
        tools.addWidget(self.filter, 1)
        for part in (self.count, self.add, self.drop):
            tools.addWidget(part)
        left, middle, body, column = QVBoxLayout(), QVBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        for part, stretch in ((self.versions_label, 0), (self.versions, 1)):
            left.addWidget(part, stretch)
        middle.setSpacing(6)
        middle.addLayout(tools)
        for part, stretch in ((self.cells, 1), (self.empty, 1), (self.note, 0)):
            middle.addWidget(part, stretch)
        body.setSpacing(14)
        body.addLayout(left)
        body.addLayout(middle, 1)
        body.addWidget(self.side)
        column.setContentsMargins(18, 12, 18, 14)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(body, 1)

    def _connect(self) -> None:
        for part, button in self.tabs.items():
            button.clicked.connect(lambda _on=False, wanted=part: self.part_wanted.emit(wanted))
        for button in (*self.tabs.values(), self.add, self.drop, self.bring, self.export):
            button.setAutoDefault(False)
        self.versions.currentItemChanged.connect(self._version_chosen)
        self.filter.textChanged.connect(self._filtered)
        self.add.clicked.connect(self.add_wanted)
        self.drop.clicked.connect(self.drop_wanted)
        self.bring.clicked.connect(self.import_wanted)
        self.export.clicked.connect(self.export_wanted)
        self.cells.add_wanted.connect(self.add_wanted)
        self.cells.drop_wanted.connect(self.drop_wanted)
        self.cells.selectionModel().currentChanged.connect(lambda *_cells: self.tell_cell())
        self.table.modelReset.connect(self.tell_cell)

    # ---- coming and going ----------------------------------------------------------------------------------------

    def place(self) -> None:
        """Stand over the panels, between the bars."""
        room = self.room()
        self.setGeometry(room)
        is_wide = room.width() >= WIDE_FROM_PX
        self.versions.setFixedWidth(LEFT_PX[is_wide])
        self.side.setFixedWidth(SIDE_PX[is_wide])

    def begin(self) -> None:
        """Come, with the keys in the table."""
        self.place()
        self.show()
        self.raise_()
        QTimer.singleShot(0, self.place)  # the bars may only just have found their places
        self.cells.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- what is shown -------------------------------------------------------------------------------------------

    def show_versions(self, rows: list[tuple[int, str]], chosen: int) -> None:
        """The versions there are, the newest first, and the draft above them; one is chosen."""
        self.versions.blockSignals(True)
        self.versions.clear()
        for number, text in rows:
            item = QListWidgetItem(text)
            item.setData(NUMBER, number)
            item.setToolTip(text)
            self.versions.addItem(item)
            if number == chosen:
                self.versions.setCurrentItem(item)
        self.versions.blockSignals(False)

    def tell_tabs(self, part: str, shown: frozenset[str], wrong: dict[str, int], changed: frozenset[str]) -> None:
        """Which part is shown, which there are, how much is wrong in each, and which a draft has changed."""
        words = self._seat.words
        for name, button in self.tabs.items():
            button.setVisible(name in shown)
            button.setChecked(name == part)
            mark = f" ✕{wrong[name]}" if wrong.get(name) else " •" if name in changed else ""
            button.setText(words(f"rules.tab.{name}") + mark)

    def tell_count(self) -> None:
        """How many rows are shown, and what it means where there are none."""
        words, table = self._seat.words, self.table
        shown = len(table.rows)
        self.count.setText(words("rules.rows", shown=shown, count=table.count))
        self.cells.setVisible(shown > 0)
        self.empty.setVisible(not shown)
        key = "rules.empty.filter" if table.count else "rules.empty.calendar" if table.part == "calendar" else "rules.nothing"
        self.empty.setText(words(key))

    def tell_cell(self) -> None:
        """What is wrong in the cell that is chosen, in a line under the table."""
        index = self.cells.currentIndex()
        found = self.table.wrong_at(index) if index.isValid() and index.row() < len(self.table.rows) else []
        self.note.setText("\n".join(mistake_text(self._seat.words, each) for each in found))
        self.note.setVisible(bool(found))

    def retell(self) -> None:
        """Say everything that never changes again, in the language of now."""
        words = self._seat.words
        self.title.setText(words("rules.title"))
        self.versions_label.setText(words("rules.versions"))
        self.filter.setPlaceholderText(words("rules.filter"))
        for button, key in ((self.add, "add"), (self.drop, "drop"), (self.bring, "import"), (self.export, "export")):
            button.setText(words(f"rules.{key}"))
            button.setToolTip(words(f"rules.{key}.tip"))

    def _filtered(self, text: str) -> None:
        self.table.filter(text)
        self.tell_count()

    def _version_chosen(self, item: QListWidgetItem | None, _before: QListWidgetItem | None) -> None:
        if item is not None:
            self.version_wanted.emit(int(item.data(NUMBER)))
