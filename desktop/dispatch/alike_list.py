"""Open incidents that may be the same matter as the one on the card: each is one click away, or its number by F2."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.phrases import ago, distance, title_of
from desktop.seat import Seat
from desktop.style.as_written import tip_as_written
from governance.duplicates import MOST, Alike, alike
from governance.incident import Case, State


class AlikeList(QWidget):
    """Up to three lines under a heading while an incident waits to be filed; nothing where there are none."""

    chosen = Signal(object)
    """UUID of an incident to look at."""

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        """An empty list, hidden."""
        super().__init__(parent)
        self._seat = seat
        self._listed: tuple[Alike, ...] = ()
        self.heading = QLabel()
        self.heading.setProperty("look", "urgent")
        self.lines = [self._line(number) for number in range(MOST)]
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 4, 16, 4)
        column.setSpacing(2)
        column.addWidget(self.heading)
        for line in self.lines:
            column.addWidget(line)
        self.hide()

    def _line(self, number: int) -> QPushButton:
        line = QPushButton()
        line.setProperty("look", "line")
        line.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        line.clicked.connect(lambda: self.chosen.emit(self._listed[number].incident))
        return line

    @property
    def listed(self) -> tuple[UUID, ...]:
        """The incidents listed now, the likeliest first."""
        return tuple(each.incident for each in self._listed)

    def show_case(self, case: Case | None) -> None:
        """List what may be the same as a case that waits for its filing."""
        seat, waits = self._seat, case is not None and case.incident.state is State.REPORTED
        cases = seat.situation.cases
        self._listed = alike(case.incident, cases.values(), seat.situation.rules) if case is not None and waits else ()
        self.setVisible(bool(self._listed))
        self.heading.setText(seat.words("card.alike", count=len(self._listed)))
        for number, line in enumerate(self.lines):
            line.setVisible(number < len(self._listed))
            if number < len(self._listed):
                self._tell(line, self._listed[number], cases[self._listed[number].incident])

    def _tell(self, line: QPushButton, found: Alike, case: Case) -> None:
        words, seat = self._seat.words, self._seat
        since = ago(words, case.incident.reported_at, seat.now())
        title = title_of(words, seat.situation.rules, case)
        number = case.incident.number
        whole = words("sep").join((number.rpartition("-")[2], title, distance(words, found.distance_m), since))
        line.setToolTip(tip_as_written(words("card.alike.tip", number=number, title=title)))
        room = max(line.width() - 12, 120)
        line.setText(line.fontMetrics().elidedText(whole, Qt.TextElideMode.ElideRight, room))
