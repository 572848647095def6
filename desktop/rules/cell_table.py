"""One part of the rules as a table: cells to read, or to write where it is a draft; what is wrong stands in its cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFont

from desktop.rules.saying import Names, cell_text, column_name, mistake_text, row_name
from desktop.rules.tables import TABLES, Column, Path, row_of_mistake, rows_of, takes, text_at
from desktop.seat import Seat
from wire.rules_requests import Wrong

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
WRITTEN = Qt.ItemDataRole.EditRole
WRONG_MARK, NEW_MARK = "✕ ", "• "
"""Shapes before what is wrong and what is new: said by more than colour."""


class CellTable(QAbstractTableModel):
    """The rows of a part that fit a filter. Wish: `written` with path, column and text. Main thread only."""

    written = Signal(object, object, str)
    """Path, Column, text."""

    def __init__(self, seat: Seat, names: Names) -> None:
        """Nothing to show yet."""
        super().__init__()
        self._seat, self._names = seat, names
        self.part = "limits"
        self.parts: dict[str, Any] = {}
        self.is_written = False
        """Whether cells can be written."""
        self.before: Callable[[Path, Column], str | None] | None = None
        """What a cell said in the version the draft was begun from; None where nothing is a draft."""
        self.rows: list[Path] = []
        self._all: list[Path] = []
        self._filter = ""
        self._wrong: dict[tuple[Path, str], list[Wrong]] = {}

    # ---- what is shown ---------------------------------------------------------------------------------------------

    def show_part(self, part: str, parts: dict[str, Any]) -> None:
        """Show a part of these rules."""
        self.beginResetModel()
        self.part, self.parts = part, parts
        self._all = rows_of(part, parts)
        self._choose()
        self.endResetModel()

    def filter(self, text: str) -> None:
        """Only rows in which every word of a text stands."""
        self.beginResetModel()
        self._filter = text
        self._choose()
        self.endResetModel()

    def tell_wrong(self, found: list[Wrong]) -> None:
        """What is wrong in this part."""
        self._wrong = {}
        for each in found:
            row, column = row_of_mistake(self.part, self.parts, each.path)
            if row >= 0:
                self._wrong.setdefault((self._all[row], column), []).append(each)
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, self.columnCount() - 1))
            self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, len(self.rows) - 1)

    def place_of(self, wrong: Wrong) -> tuple[int, str]:
        """The line (from 1) and the column of a mistake; 0 where it is of no line."""
        row, column = row_of_mistake(self.part, self.parts, wrong.path)
        return row + 1, column

    def index_of(self, path: Path, column: str) -> QModelIndex:
        """Where a cell stands; nowhere where the filter hides it."""
        if path not in self.rows:
            return QModelIndex()
        keys = [each.key for each in self.columns]
        at = keys.index(column) + self._shift if column in keys else 0
        return self.index(self.rows.index(path), at)

    @property
    def count(self) -> int:
        """How many rows there are, whatever the filter shows."""
        return len(self._all)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the part that can be written."""
        return TABLES[self.part]

    @property
    def _shift(self) -> int:
        """Columns before those: the name of a setting."""
        return 1 if self.part == "settings" else 0

    def column_at(self, index: Index) -> Column | None:
        """The column of a cell; None where it only names the row."""
        at = index.column() - self._shift
        return self.columns[at] if at >= 0 else None

    def _choose(self) -> None:
        wanted = self._filter.casefold().split()
        self.rows = [path for path in self._all if all(word in self._line(path) for word in wanted)] if wanted else self._all

    def _line(self, path: Path) -> str:
        """All that can be read in a row."""
        cells = [self._said(path, column) for column in self.columns]
        return " ".join([row_name(self._seat.words, path) if self._shift else "", *cells]).casefold()

    def _said(self, path: Path, column: Column) -> str:
        text = text_at(self.parts, path, column)
        return cell_text(self._seat.words, self._names, column, text) if takes(path, column) else ""

    # ---- Qt --------------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Rows that fit the filter."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Columns of the part."""
        return 0 if parent.isValid() else len(self.columns) + self._shift

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Chosen by all; written where it is a draft and the cell can be."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        column = self.column_at(index)
        if self.is_written and column is not None and takes(self.rows[index.row()], column):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What columns are called, and the number of a row."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation is Qt.Orientation.Vertical:
            return str(self._all.index(self.rows[section]) + 1)
        if section < self._shift:
            return column_name(self._seat.words, "setting")
        return column_name(self._seat.words, self.columns[section - self._shift].key)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell: what it says, what is wrong or new about it."""
        path, column = self.rows[index.row()], self.column_at(index)
        if role == Qt.ItemDataRole.DisplayRole:
            if column is None:
                return row_name(self._seat.words, path)
            mark = WRONG_MARK if self.wrong_at(index) else NEW_MARK if self._is_new(path, column) else ""
            return mark + self._said(path, column)
        if column is None:
            return None
        if role == WRITTEN:
            return text_at(self.parts, path, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(index, path, column)
        if role == Qt.ItemDataRole.FontRole and path[0] == "root" and len(path) == 2:
            font = QFont()
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._ink(index, path, column)
        return None

    def setData(self, index: Index, value: Any, role: int = WRITTEN) -> bool:
        """A cell is to say something else: whoever holds the draft does it."""
        path, column = self.rows[index.row()], self.column_at(index)
        if role != WRITTEN or column is None or str(value) == text_at(self.parts, path, column):
            return False
        self.written.emit(path, column, str(value))
        return True

    def wrong_at(self, index: Index) -> list[Wrong]:
        """What is wrong in a cell; what is wrong with a whole row stands in its first cell."""
        path, column = self.rows[index.row()], self.column_at(index)
        if column is None:
            return []
        known = {each.key for each in self.columns}
        own = self._wrong.get((path, column.key), [])
        if index.column() == self._shift:
            rows = [each for (at, key), found in self._wrong.items() if at == path and key not in known for each in found]
            own = [*own, *rows]
        return own

    def _is_new(self, path: Path, column: Column) -> bool:
        return (
            self.before is not None and takes(path, column) and self.before(path, column) != text_at(self.parts, path, column)
        )

    def _tip(self, index: Index, path: Path, column: Column) -> str:
        words = self._seat.words
        lines = [mistake_text(words, each) for each in self.wrong_at(index)]
        if self.before is not None and self._is_new(path, column):
            old = self.before(path, column)
            said = cell_text(words, self._names, column, old or "")
            lines.append(
                words("rules.was.new") if old is None else words("rules.was", old=said) if old else words("rules.was.empty")
            )
        return "\n".join(lines or [self._said(path, column)])

    def _ink(self, index: Index, path: Path, column: Column) -> QBrush:
        palette = self._seat.palette
        if self.wrong_at(index):
            return QBrush(QColor(palette.immediate))
        if self._is_new(path, column):
            return QBrush(QColor(palette.focus))
        is_any = column.key in ("category", "area") and not text_at(self.parts, path, column)
        return QBrush(QColor(palette.dim if is_any else palette.text))
