"""The table of indicators: code and name, value, what it was counted from, target, and whether it is met by shape and word."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop.indicators.figures import SHAPES, FigureRow, Standing
from desktop.seat import Seat

COLUMNS = ("name", "value", "counted", "target", "standing")
ROW_PX = 26
Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole


class FigureModel(QAbstractTableModel):
    """Rows of one area; read only."""

    def __init__(self, seat: Seat) -> None:
        """Nothing yet."""
        super().__init__()
        self._seat = seat
        self.rows: tuple[FigureRow, ...] = ()

    def show_rows(self, rows: tuple[FigureRow, ...]) -> None:
        """These from now on."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many indicators."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """The names of the columns."""
        if orientation is Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return self._seat.words(f"indicators.column.{COLUMNS[section]}")
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """A cell."""
        row, column = self.rows[index.row()], COLUMNS[index.column()]
        if role == Role.DisplayRole:
            return self._text(row, column)
        if role == Role.ToolTipRole:
            return row.tip
        if role == Role.ForegroundRole and column == "standing":
            palette = self._seat.palette
            return QColor(palette.live if row.standing is Standing.MET else palette.urgent)
        if role == Role.TextAlignmentRole and column in ("value", "counted", "target"):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _text(self, row: FigureRow, column: str) -> str:
        """What stands in a cell."""
        if column == "name":
            return f"{row.code}  {row.name}"
        if column == "standing":
            if row.standing is Standing.OPEN:
                return ""
            return f"{SHAPES[row.standing]} {self._seat.words(f'indicators.standing.{row.standing.value}')}"
        return str(getattr(row, column))


class FigureTable(QTableView):
    """Chooses one indicator: `chosen` with its code."""

    chosen = Signal(str)

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        """An empty table."""
        super().__init__(parent)
        self.rows_shown = FigureModel(seat)
        self.setModel(self.rows_shown)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentRowChanged.connect(self._moved)

    def show_rows(self, rows: tuple[FigureRow, ...], code: str) -> None:
        """These rows, the one of a code chosen."""
        self.rows_shown.show_rows(rows)
        number = next((n for n, row in enumerate(rows) if row.code == code), 0)
        if rows:
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().setCurrentIndex(self.rows_shown.index(number, 0), flags)

    def _moved(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            self.chosen.emit(self.rows_shown.rows[now.row()].code)
