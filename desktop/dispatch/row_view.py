"""The list of the board: shows the selected row, holds it where it is, counts down the rows one can see."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import QItemSelectionModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QListView

from desktop.dispatch.board_model import BoardModel
from desktop.dispatch.case_view import time_said
from desktop.dispatch.row_painter import RowPainter
from desktop.seat import Seat

DASH_STEP_MS = 160
DASHES_PX = 70.0


class RowView(QListView):
    """Keys move the selection of the seat, not a cursor of its own. Timers run only while somebody can see it."""

    resized = Signal()

    def __init__(self, seat: Seat, model: BoardModel) -> None:
        """The rows of a model."""
        super().__init__()
        self._seat, self._rows = seat, model
        self._told: dict[int, str] = {}
        self.painter = RowPainter(seat, self)
        self.setItemDelegate(self.painter)
        self.setModel(model)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self._second, self.dashes = QTimer(self), QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._pass_second)
        self.dashes.setInterval(DASH_STEP_MS)
        self.dashes.timeout.connect(self._walk_dashes)
        model.looks_changed.connect(lambda row: self.update(model.index(row)))
        model.modelReset.connect(self._told.clear)
        seat.orders.pending_changed.connect(self._pending_changed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell whoever lies on it."""
        super().resizeEvent(event)
        self.resized.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave every key to the window; type-ahead search would swallow letters."""
        event.ignore()

    def showEvent(self, event: QShowEvent) -> None:
        """Count seconds only while somebody can see them."""
        super().showEvent(event)
        self._second.start()

    def hideEvent(self, event: object) -> None:
        """Stop counting while hidden."""
        super().hideEvent(event)  # type: ignore[arg-type]
        self._second.stop()
        self.dashes.stop()

    def show_selected(self, incident: UUID | None) -> None:
        """Mark the row of a case and bring it into sight; no row is marked where it has none."""
        row, chosen = self._rows.rows.row_of(incident), self.selectionModel()
        if row < 0:
            chosen.clear()
            return
        index = self._rows.index(row)
        if chosen.currentIndex() != index or not chosen.isSelected(index):
            chosen.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if self.isVisible():
            self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)

    def height_of_selected(self) -> int | None:
        """Where the selected row stands, pixels below the top of the view; None where it has none."""
        row = self._rows.rows.row_of(self._seat.selection.incident)
        return None if row < 0 else self.visualRect(self._rows.index(row)).top()

    def hold_selected_at(self, before: int | None) -> None:
        """Scroll so that the selected row stands where it stood, if it stood in sight."""
        after = self.height_of_selected()
        if before is not None and after is not None and after != before and 0 <= before < self.height():
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + after - before)

    def rows_in_sight(self) -> range:
        """The rows somebody can see now."""
        first = self.indexAt(self.viewport().rect().topLeft()).row()
        last = self.indexAt(self.viewport().rect().bottomLeft()).row()
        return range(max(first, 0), (last + 1) if last >= 0 else len(self._rows.rows.rows))

    # ---- within ------------------------------------------------------------------------------------------------

    def _pass_second(self) -> None:
        """Repaint the rows in sight whose words changed; most seconds that is none."""
        seat, now = self._seat, self._seat.now()
        for row in self.rows_in_sight():
            incident = self._rows.rows.rows[row].case
            case = seat.situation.cases.get(incident) if incident is not None else None
            if case is None:
                continue
            told = time_said(seat.words, case, now, seat.situation.rules.calendar)
            if self._told.get(row) != told:
                self._told[row] = told
                self.update(self._rows.index(row))

    def _pending_changed(self, incident: UUID | None) -> None:
        if incident is not None:
            self._rows.repaint(incident)
        if self._seat.orders.pending_incidents() and self.isVisible():
            self.dashes.start()
        else:
            self.dashes.stop()

    def _walk_dashes(self) -> None:
        self.painter.phase = (self.painter.phase + 2.0) % DASHES_PX
        for incident in self._seat.orders.pending_incidents():
            self._rows.repaint(incident)
