"""The board's rows as a read-only Qt model (an editable one would switch the input method on)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from desktop.dispatch.approval_list import may_decide
from desktop.dispatch.board_rows import BoardRows, Matches
from desktop.dispatch.row_texts import row_texts
from desktop.phrases import category_name, title_of
from desktop.seat import Seat
from governance.incident import Case

CASE = Qt.ItemDataRole.UserRole + 1
SECTION = Qt.ItemDataRole.UserRole + 2
GONE = Qt.ItemDataRole.UserRole + 3
FLOOD = Qt.ItemDataRole.UserRole + 4
"""Of a flood's heading: what it says, and whether it is unfolded."""
Index = QModelIndex | QPersistentModelIndex


class BoardModel(QAbstractListModel):
    """The rows of the board; data is looked up in the situation when it is painted."""

    looks_changed = Signal(int)
    """A row looks different. Not dataChanged: QListView would lay out all rows anew (measured: 0.15 s for 10,000)."""

    def __init__(self, seat: Seat, parent: object | None = None) -> None:
        """An empty board over the seat's situation."""
        super().__init__(parent)  # type: ignore[arg-type]
        self._seat = seat
        self.rows = BoardRows()
        self.rows.is_ours = lambda case: self.rows.queue != "approval" or may_decide(seat, case)

    def fill(self, queue: str | None = None, matches: Matches | None = None) -> None:
        """Build the list anew."""
        self.beginResetModel()
        self.rows.fill(self._seat.situation.cases, queue, matches)
        self.endResetModel()

    def touch(self, touched: Iterable[UUID], selected: UUID | None) -> None:
        """Take in changed cases; see BoardRows.touch."""
        before = list(self.rows.rows)
        moved = self.rows.touch(self._seat.situation.cases, touched, selected)
        if moved.taken_out:
            after, self.rows.rows = self.rows.rows, before
            for row in moved.taken_out:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self.rows.rows[row]
                self.endRemoveRows()
            self.rows.rows = after
        for row in moved.repainted:
            if not moved.taken_out or row < min(moved.taken_out):
                self.looks_changed.emit(row)

    def fold(self, first: UUID, is_unfolded: bool) -> None:
        """Unfold a flood, or fold it; see BoardRows.fold."""
        self.beginResetModel()
        self.rows.fold(first, is_unfolded)
        self.endResetModel()

    def repaint(self, incident: UUID) -> None:
        """Say that a row looks different."""
        row = self.rows.row_of(incident)
        if row >= 0:
            self.looks_changed.emit(row)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """How many rows there are, headings included."""
        return 0 if parent.isValid() else len(self.rows.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The case, its section, or a line of text for tooltips and screen readers."""
        if not 0 <= index.row() < len(self.rows.rows):
            return None
        row = self.rows.rows[index.row()]
        if role == CASE:
            return self._seat.situation.cases.get(row.case) if row.case is not None else None
        if role == SECTION:
            return row.section
        if role == FLOOD:
            return None if row.flood is None else (self._flood_line(row.flood), self.rows.is_unfolded(row.flood))
        if role == GONE:
            return row.case in self.rows.gone
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self._flood_line(row.flood) if row.flood is not None else self._line(row.case, row.section)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Cases can be selected, headings cannot, those of floods can be pressed; nothing can be edited."""
        if 0 <= index.row() < len(self.rows.rows) and self.rows.rows[index.row()].case is not None:
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        if 0 <= index.row() < len(self.rows.rows) and self.rows.rows[index.row()].flood is not None:
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
        return Qt.ItemFlag.ItemNeverHasChildren

    def _flood_line(self, first: UUID) -> str:
        """Place, kind and count of a flood."""
        seat, members = self._seat, self.rows.flood(first)
        case = next((case for member in (*members, first) if (case := seat.situation.cases.get(member))), None)
        if case is None:
            return ""
        category = seat.situation.rules.categories.get(case.incident.category)
        kind = category_name(seat.words, seat.situation.rules, (category.parent if category else "") or case.incident.category)
        place = seat.area_names.get(case.incident.grid[:12], "") or case.incident.place_text
        return seat.words("board.flood", place=place, kind=kind, count=len(members))

    def _line(self, incident: UUID | None, section: str) -> str:
        words = self._seat.words
        if incident is None:
            return words(f"queue.{section}")
        case: Case | None = self._seat.situation.cases.get(incident)
        if case is None:
            return ""
        what = title_of(words, self._seat.situation.rules, case)
        where = self._seat.place_line(case.incident.grid, case.incident.place_text)
        urgency = words(f"urgency.{int(case.incident.urgency)}")
        rest, _, said = row_texts(self._seat, case, section)
        return "\n".join((f"{case.incident.number} · {urgency} · {what}", where, f"{said} · {rest}"))
