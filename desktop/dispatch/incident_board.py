"""The board of open incidents: tabs, filter, rows. Nothing that arrives moves the selected row."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.dispatch.board_model import BoardModel
from desktop.dispatch.initials import is_found
from desktop.dispatch.queue_tabs import QueueTabs
from desktop.dispatch.row_view import RowView
from desktop.phrases import LANGUAGES, category_path, key_tip, title_of
from desktop.seat import Seat
from desktop.shortcuts import key_of
from desktop.situation.incidents import QUEUES, queues_of
from governance.incident import Case

FILTER_PAUSE_MS = 150


class IncidentBoard(QWidget):
    """What waits for whom. Wishes: `opened` when a case should get the focus of the card."""

    opened = Signal(object)
    wanted = Signal(str)
    """An action of the key table."""

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        """A board over the seat's situation; `fill` shows it."""
        super().__init__(parent)
        self._seat = seat
        self.is_filled = False
        """Whether a snapshot was shown: what comes after it waits."""
        self._queue_before = ""
        """The queue that was shown when a search began: a search looks through all, and going back is one Esc."""
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setProperty("look", "panel")
        self.tabs = QueueTabs(self._seat)
        self.new = QPushButton()
        self.new.setProperty("look", "quiet")
        self.new.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.filter = QLineEdit()
        self.filter.setClearButtonEnabled(True)
        self.arrivals = QPushButton()
        self.arrivals.setProperty("look", "quiet")
        self.arrivals.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.model = BoardModel(self._seat, self)
        self.view = RowView(self._seat, self.model)
        self.empty = QLabel(self.view.viewport())
        self.empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.empty.setWordWrap(True)
        self.empty.setProperty("look", "dim")
        line = QHBoxLayout()
        line.setContentsMargins(12, 4, 12, 8)
        line.setSpacing(8)
        line.addWidget(self.new)
        line.addWidget(self.filter, 1)
        line.addWidget(self.arrivals)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addLayout(line)
        column.addWidget(self.view, 1)

    def _connect(self) -> None:
        self._filter_pause = QTimer(self)
        self._filter_pause.setSingleShot(True)
        self._filter_pause.setInterval(FILTER_PAUSE_MS)
        self._filter_pause.timeout.connect(self._refill)
        self.filter.textChanged.connect(lambda _text: self._filter_pause.start())
        self.filter.returnPressed.connect(self._refill)
        self.tabs.chosen.connect(lambda _queue: self._refill())
        self.arrivals.clicked.connect(self.take_in)
        self.new.clicked.connect(lambda: self.wanted.emit("new"))
        self.view.pressed.connect(self._row_chosen)  # not currentChanged: Qt moves the cursor by itself on focus
        self.view.resized.connect(self._place_empty)
        self.view.doubleClicked.connect(lambda _index: self.opened.emit(self._seat.selection.incident))
        self._seat.selection.incident_changed.connect(self._show_selected)
        self.retell()

    def fill(self) -> None:
        """Show the situation from the beginning: after the first snapshot."""
        self.is_filled = True
        self._refill()

    def touch(self, incidents: Iterable[UUID]) -> None:
        """Take in changed incidents: counts and looks at once, arrivals behind 新 ↑."""
        if not self.is_filled:
            return
        self.tabs.count(self._counts())
        if self._nobody_reads():
            self._refill()
            return
        before = self.view.height_of_selected()
        self.model.touch(incidents, self._seat.selection.incident)
        self.view.hold_selected_at(before)
        self._tell_arrivals()
        self._tell_empty()

    def _nobody_reads(self) -> bool:
        """Whether an arrival moves nothing that anybody looks for: no row stands here, or none is chosen, scrolled or under
        the pointer.
        """
        if not self.model.rows.rows:
            return True
        is_chosen = self._seat.selection.incident is not None
        return not (is_chosen or self.view.verticalScrollBar().value() or self.view.underMouse())

    def shown(self) -> set[UUID]:
        """The cases whose rows somebody can see now."""
        rows = self.model.rows.rows
        return (
            {case for row in self.view.rows_in_sight() if (case := rows[row].case) is not None} if self.isVisible() else set()
        )

    def take_in(self) -> None:
        """Put what waits into the list, in order; the selected row stays where it is on the screen if it can."""
        before = self.view.height_of_selected()
        self._refill()
        self.view.hold_selected_at(before)

    def unfold_selected(self) -> None:
        """Show all of the flood the selected case stands for."""
        flood = self.model.rows.flood_of(self._seat.selection.incident)
        if flood is not None and not self.model.rows.is_unfolded(flood):
            self._fold(flood, True)

    def step(self, rows: int) -> None:
        """Select the case so many rows further."""
        found = self.model.rows.neighbour(self._seat.selection.incident, rows)
        if found is not None:
            self._seat.selection.choose_incident(found)

    def step_queue(self, tabs: int) -> None:
        """Choose the next or previous tab."""
        self.tabs.choose(QUEUES[(QUEUES.index(self.tabs.current) + tabs) % len(QUEUES)])

    def adopt(self, incident: UUID) -> None:
        """Show and select the officer's own new incident at once, in whatever tab holds it."""
        case = self._seat.situation.cases.get(incident)
        if case is not None and not self.model.rows.section_of(case):
            self.tabs.choose("all")
        if self.model.rows.row_of(incident) < 0:
            self.filter.clear()
            self._refill()
        self._seat.selection.choose_incident(incident)

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        words = self._seat.words
        self.filter.setPlaceholderText(words("board.filter"))
        self.filter.setToolTip(key_tip(words, "filter"))
        self.new.setText(f"{key_of('new')} {words('action.new')}")
        self.new.setToolTip(key_tip(words, "new"))
        self.tabs.retell()
        self._tell_arrivals()
        self._tell_empty()
        self.view.viewport().update()

    # ---- within ------------------------------------------------------------------------------------------------

    def _counts(self) -> dict[str, int]:
        counts = dict.fromkeys(QUEUES, 0)
        for case in self._seat.situation.cases.values():
            for queue in queues_of(case):
                counts[queue] += 1
        return counts

    def _refill(self) -> None:
        text = self.filter.text().strip()
        self._filter_pause.stop()
        self._search_everywhere(bool(text))
        self.model.fill(self.tabs.current, (lambda case: self._is_wanted(case, text)) if text else lambda _case: True)
        self.tabs.count(self._counts())
        self._show_selected(self._seat.selection.incident)
        self._tell_arrivals()
        self._tell_empty()

    def _search_everywhere(self, is_searching: bool) -> None:
        """A search begins in all queues; a queue chosen meanwhile narrows it; its end goes back to where it began."""
        before = self._queue_before
        if is_searching and not before:
            self._queue_before = self.tabs.current
            self.tabs.mark("all")
        elif not is_searching and before:
            self._queue_before = ""
            if self.tabs.current == "all":
                self.tabs.mark(before)

    def _is_wanted(self, case: Case, text: str) -> bool:
        seat, incident = self._seat, case.incident
        rules = seat.situation.rules
        lead = case.lead.worker_name if case.lead else ""
        return is_found(
            text,
            incident.number,
            title_of(seat.words, rules, case),
            *(category_path(each, rules, incident.category) for each in LANGUAGES),
            seat.place_line(incident.grid, incident.place_text),
            incident.text,
            lead,
        )

    def _row_chosen(self, index: QModelIndex) -> None:
        rows = self.model.rows.rows
        if not index.isValid() or index.row() >= len(rows):
            return
        row = rows[index.row()]
        if row.flood is not None:
            self._fold(row.flood, not self.model.rows.is_unfolded(row.flood))
        elif row.case is not None:
            self._seat.selection.choose_incident(row.case)

    def _fold(self, flood: UUID, is_unfolded: bool) -> None:
        """Unfold a flood, or fold it; the selected row stays where it is on the screen if it can."""
        before, selected = self.view.height_of_selected(), self._seat.selection.incident
        self.model.fold(flood, is_unfolded)
        if not is_unfolded and self.model.rows.flood_of(selected) == flood and self.model.rows.row_of(selected) < 0:
            self._seat.selection.choose_incident(self.model.rows.flood(flood)[0])
        self.view.show_selected(self._seat.selection.incident)
        self.view.hold_selected_at(before)

    def _show_selected(self, incident: UUID | None) -> None:
        flood = self.model.rows.flood_of(incident)
        if flood is not None and self.model.rows.row_of(incident) < 0:  # chosen on the map, or by its number
            self._fold(flood, True)
            return
        self.view.show_selected(incident)

    def _tell_arrivals(self) -> None:
        words, waiting = self._seat.words, len(self.model.rows.waiting)
        self.arrivals.setText(words("board.new", count=waiting) if waiting else words("board.new.none"))
        self.arrivals.setEnabled(bool(waiting or self.model.rows.gone))
        self.arrivals.setToolTip(words("tip.key", what=words("board.new.tip"), key=key_of("arrivals")))

    def _tell_empty(self) -> None:
        words, queue = self._seat.words, self.model.rows.queue
        text = self.filter.text().strip()
        is_empty = self.model.rows.is_empty_of(queue) if queue != "all" else not self.model.rows.rows
        if not self.is_filled:
            said = words("board.loading")
        elif text:
            said = words("board.empty.filter", text=text)
        else:
            said = words(f"board.empty.{queue}")
        self.empty.setText(said)
        self.empty.setVisible(is_empty and not self.model.rows.rows)

    def _place_empty(self) -> None:
        self.empty.setGeometry(24, 40, max(self.view.viewport().width() - 48, 0), 140)
