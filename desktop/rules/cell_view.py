"""The table on the screen: written cell by cell by keys, a choice where only some words are taken."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QCompleter,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop.rules.cell_table import CellTable
from desktop.rules.saying import Names, cell_text
from desktop.seat import Seat

Index = QModelIndex | QPersistentModelIndex
ROW_PX = 30
NARROW_PX, WIDE_PX, WIDEST_PX = 76, 150, 340
CELLS = "QTableView::item { padding: 0 5px; } QHeaderView::section:vertical { border: 0; }"
"""Cells begin where their headings do."""
WIDE = frozenset({"category", "area", "unit", "name_zh", "name_en"})


def within(wanted: Sequence[int], room: int) -> list[int]:
    """Widths of columns: where they are together too wide, those of long names give, and the last stays whole."""
    over, given = sum(wanted) - room, []
    for wide in wanted:
        gives = min(max(over, 0), max(wide - WIDE_PX, 0))
        over -= gives
        given.append(wide - gives)
    return given


class CellWriter(QStyledItemDelegate):
    """Opens a field or a choice in a cell."""

    def __init__(self, seat: Seat, names: Names, parent: QWidget) -> None:
        """`names` are what codes are called."""
        super().__init__(parent)
        self._seat, self._names = seat, names

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A choice where only some words are taken, else a line; codes are found by their names."""
        model = index.model()
        assert isinstance(model, CellTable)
        column = model.column_at(index)
        if column is not None and column.choices:
            choice = QComboBox(parent)
            for code in column.choices:
                choice.addItem(cell_text(self._seat.words, self._names, column, code), code)
            choice.activated.connect(lambda _at: self._taken(choice))
            return choice
        line = QLineEdit(parent)
        known = {"category": self._names.categories, "area": self._names.areas, "unit": self._names.units}
        named = known.get(column.key if column else "")
        if named is not None:
            finder = QCompleter([f"{code} {name}" for code, name in named.items()], line)
            finder.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            finder.setFilterMode(Qt.MatchFlag.MatchContains)
            line.setCompleter(finder)
        return line

    def _taken(self, choice: QComboBox) -> None:
        self.commitData.emit(choice)
        self.closeEditor.emit(choice, QStyledItemDelegate.EndEditHint.NoHint)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """What stands there now."""
        text = str(index.data(Qt.ItemDataRole.EditRole))
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(max(editor.findData(text), 0))
            editor.showPopup()
        elif isinstance(editor, QLineEdit):
            editor.setText(text)
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """What was typed or chosen; of a code with its name only the code."""
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentData())
        elif isinstance(editor, QLineEdit):
            text = editor.text().strip()
            finder = editor.completer()
            code = text.split(" ")[0]
            model.setData(index, code if finder is not None and code else text)


class CellView(QTableView):
    """Wishes: `add_wanted` and `drop_wanted` by Insert and Delete."""

    add_wanted = Signal()
    drop_wanted = Signal()

    def __init__(self, seat: Seat, names: Names, table: CellTable) -> None:
        """A view of a table."""
        super().__init__()
        self._table = table
        self.setModel(table)
        self.setItemDelegate(CellWriter(seat, names, self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.AnyKeyPressed)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().setHighlightSections(False)
        self.setStyleSheet(CELLS)
        self.verticalHeader().setHighlightSections(False)

    def fit(self) -> None:
        """Columns as wide as what stands in them, within reason."""
        header = self.horizontalHeader()
        header.setStretchLastSection(self._table.part in ("settings", "duties", "limits", "calendar"))
        wanted = []
        for number in range(self._table.columnCount()):
            least = NARROW_PX
            column = self._table.column_at(self._table.index(0, number)) if self._table.rowCount() else None
            if column is not None and column.key in WIDE:
                least = WIDE_PX
            most = max(self.sizeHintForColumn(number) + 16, header.sectionSizeHint(number) + 8, least)
            wanted.append(min(most, WIDEST_PX))
        for number, wide in enumerate(within(wanted, self.viewport().width())):
            self.setColumnWidth(number, wide)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the cell, Insert and Delete are for lines; what means nothing here works nowhere else."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if self.state() is not QAbstractItemView.State.EditingState and self.currentIndex().isValid():
                self.edit(self.currentIndex())
        elif key == Qt.Key.Key_Insert:
            self.add_wanted.emit()
        elif key == Qt.Key.Key_Delete:
            self.drop_wanted.emit()
        else:
            super().keyPressEvent(event)
            event.accept()
